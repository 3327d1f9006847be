"""content/ -> Posts of the account "local", with findings for staff.

    list_drafts | read bytes | hash, stop if it and the files it names are known | decode | read_header | build_post
    Word and PDF files that no draft names | word.folder: hash, stop if known | word.text, in a worker | build_post
        | settle duplicate 编号 | find_orphans

For rules, a draft is what staff typed (`DraftSource`): read_source | Lookup.find_lost.

Staff's files are read and never rewritten; `new` makes one that isn't there yet.
"""

from aggregator.drafts.header import Header, read_header
from aggregator.drafts.keys import BRIEF_KEYS
from aggregator.drafts.lookup import KnowsStory, Lookup
from aggregator.drafts.marked import read_marked
from aggregator.drafts.numbers import Numbers
from aggregator.drafts.office import OfficeFiles
from aggregator.drafts.places import Places, list_drafts
from aggregator.drafts.post import DATES_AHEAD, choose_title
from aggregator.drafts.read import RENDER_VERSION, find_header_line, read_drafts, read_source
from aggregator.drafts.reproaches import WORDLESS, describe_refusal

__all__ = [
    "BRIEF_KEYS",
    "DATES_AHEAD",
    "RENDER_VERSION",
    "WORDLESS",
    "Header",
    "KnowsStory",
    "Lookup",
    "Numbers",
    "OfficeFiles",
    "Places",
    "choose_title",
    "describe_refusal",
    "find_header_line",
    "list_drafts",
    "read_drafts",
    "read_header",
    "read_marked",
    "read_source",
]
