"""content/ -> Posts of the account "local", with findings for staff.

    list_drafts | read bytes | hash, stop if it and the files it names are known | decode | read_header | build_post
    Word and PDF files that no draft names | word.folder: hash, stop if known | word.text, in a worker | build_post
        | settle duplicate 编号 | find_orphans

For rules, a draft is what staff typed (`DraftSource`): read_source | Lookup.find_lost.

Staff's files are read and never rewritten; `new` makes one that isn't there yet.
"""

from aggregator.drafts.glance import Glances
from aggregator.drafts.header import Header, read_header
from aggregator.drafts.lookup import KnowsStory, Lookup
from aggregator.drafts.numbers import Numbers
from aggregator.drafts.office import OfficeFiles
from aggregator.drafts.places import Places, is_beside, is_draft, is_word, list_drafts, list_set_aside
from aggregator.drafts.post import DATES_AHEAD, choose_title
from aggregator.drafts.read import RENDER_VERSION, find_header_line, hash_content, read_draft, read_drafts, read_source
from aggregator.drafts.reproaches import WORDLESS, describe_refusal

__all__ = [
    "DATES_AHEAD",
    "RENDER_VERSION",
    "WORDLESS",
    "Glances",
    "Header",
    "KnowsStory",
    "Lookup",
    "Numbers",
    "OfficeFiles",
    "Places",
    "choose_title",
    "describe_refusal",
    "find_header_line",
    "hash_content",
    "is_beside",
    "is_draft",
    "is_word",
    "list_drafts",
    "list_set_aside",
    "read_draft",
    "read_drafts",
    "read_header",
    "read_source",
]
