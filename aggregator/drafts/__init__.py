"""content/ -> Posts of the account "local", with findings for staff.

    list_drafts | read bytes | hash, stop if known | decode | read_header | build_post | settle duplicate 编号

For rules, a draft is what staff typed (`DraftSource`): read_source | Lookup.find_lost.

Staff's files are read and never written.
"""

from aggregator.drafts.header import Header, read_header
from aggregator.drafts.lookup import KnowsStory, Lookup
from aggregator.drafts.numbers import Numbers
from aggregator.drafts.office import OfficeFiles
from aggregator.drafts.places import Places, list_drafts
from aggregator.drafts.post import DATES_AHEAD, choose_title
from aggregator.drafts.read import RENDER_VERSION, read_drafts, read_source

__all__ = [
    "DATES_AHEAD",
    "RENDER_VERSION",
    "Header",
    "KnowsStory",
    "Lookup",
    "Numbers",
    "OfficeFiles",
    "Places",
    "choose_title",
    "list_drafts",
    "read_drafts",
    "read_header",
    "read_source",
]
