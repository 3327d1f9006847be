"""Facts that tell one notice from another written on the same template: dates, times, amounts, numbers, names.

Two notices of water outages share nine words of ten; they are two stories because road and date differ.
"""

from aggregator.facts.alternatives import find_alternatives
from aggregator.facts.citations import Name, find_citations, name_document, read_reference, spell_number
from aggregator.facts.content import Content, read_content
from aggregator.facts.differ import (
    MIN_SLIPS,
    Conflict,
    count_slips,
    find_conflicts,
    find_other_names,
    find_other_version,
    find_own_subjects,
    find_replaced_names,
    is_culled,
    is_road,
)
from aggregator.facts.find import Fact, find_facts, states
from aggregator.facts.forms import FORMS, is_film, is_sound, read_form, recognise_form

__all__ = [
    "FORMS",
    "MIN_SLIPS",
    "Conflict",
    "Content",
    "Fact",
    "Name",
    "count_slips",
    "find_alternatives",
    "find_citations",
    "find_conflicts",
    "find_facts",
    "find_other_names",
    "find_other_version",
    "find_own_subjects",
    "find_replaced_names",
    "is_culled",
    "is_film",
    "is_road",
    "is_sound",
    "name_document",
    "read_content",
    "read_form",
    "read_reference",
    "recognise_form",
    "spell_number",
    "states",
]
