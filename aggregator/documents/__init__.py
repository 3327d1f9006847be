"""Official documents as texts speak of them: by which names one is found, and in which form it is explained.

find_citations(text), read_reference(value) -> names of others; name_document(title, number) -> its own
read_form(header) | recognise_form(title, text, pictures, files) -> 图解, 问答 …
"""

from aggregator.documents.citations import Name, find_citations, name_document, read_reference, spell_number
from aggregator.documents.forms import FORMS, is_film, is_sound, read_form, recognise_form

__all__ = [
    "FORMS",
    "Name",
    "find_citations",
    "is_film",
    "is_sound",
    "name_document",
    "read_form",
    "read_reference",
    "recognise_form",
    "spell_number",
]
