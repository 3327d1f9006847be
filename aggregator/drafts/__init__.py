"""content/ -> Posts of the account "local", with findings for staff.

    list_drafts | read bytes | hash, stop if it and the files it names are known | make_draft: decode | read_header
        | build_post; many of them in workers
    Word and PDF files that no draft names | word.folder: hash, stop if known | word.text, in a worker | build_post
        | settle duplicate 编号 | find_orphans

For rules, a draft is what staff typed (`DraftSource`): read_source or read_office_sources | Lookup.find_lost.

Staff's files are read and never rewritten; `new` makes one that isn't there yet.
"""

from aggregator.drafts.contents import find_header_line
from aggregator.drafts.glance import Glances
from aggregator.drafts.header import Header, read_header
from aggregator.drafts.keys import BRIEF_KEYS
from aggregator.drafts.lookup import KnowsStory, Lookup
from aggregator.drafts.memory import RENDER_VERSION, Memory, hash_content
from aggregator.drafts.nearby import NearbyFiles
from aggregator.drafts.numbers import Numbers
from aggregator.drafts.office import OfficeFiles
from aggregator.drafts.places import (
    OFFICE,
    Places,
    find_below,
    is_beside,
    is_draft,
    is_word,
    list_drafts,
    list_set_aside,
    look_at,
)
from aggregator.drafts.post import DATES_AHEAD, choose_title
from aggregator.drafts.read import read_draft, read_drafts, read_source
from aggregator.drafts.reproaches import WORDLESS, describe_refusal
from aggregator.drafts.word.folder import OfficeSources, read_office_sources

__all__ = [
    "BRIEF_KEYS",
    "DATES_AHEAD",
    "OFFICE",
    "RENDER_VERSION",
    "WORDLESS",
    "Glances",
    "Header",
    "KnowsStory",
    "Lookup",
    "Memory",
    "NearbyFiles",
    "Numbers",
    "OfficeFiles",
    "OfficeSources",
    "Places",
    "choose_title",
    "describe_refusal",
    "find_below",
    "find_header_line",
    "hash_content",
    "is_beside",
    "is_draft",
    "is_word",
    "list_drafts",
    "list_set_aside",
    "look_at",
    "read_draft",
    "read_drafts",
    "read_header",
    "read_office_sources",
    "read_source",
]
