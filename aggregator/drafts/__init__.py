"""content/ -> Posts of the account "local", with findings for staff.

    list_drafts | read bytes | hash, stop if it and the files it names are known | decode | read_header | build_post
        | settle duplicate 编号 | find_orphans

Staff's files are read and never rewritten; `new` makes one that isn't there yet.
"""

from aggregator.drafts.header import Header, read_header
from aggregator.drafts.post import DATES_AHEAD, choose_title
from aggregator.drafts.read import RENDER_VERSION, find_header_line, read_drafts
from aggregator.drafts.reproaches import describe_refusal

__all__ = [
    "DATES_AHEAD",
    "RENDER_VERSION",
    "Header",
    "choose_title",
    "describe_refusal",
    "find_header_line",
    "read_drafts",
    "read_header",
]
