"""content/ -> Posts of the account "local", with findings for staff.

    list_drafts | read bytes | hash, stop if known | decode | read_header | build_post | settle duplicate 编号

Staff's files are read and never rewritten; `new` makes one that isn't there yet.
"""

from aggregator.drafts.header import Header, read_header
from aggregator.drafts.post import DATES_AHEAD, choose_title
from aggregator.drafts.read import RENDER_VERSION, find_header_line, read_drafts

__all__ = ["DATES_AHEAD", "RENDER_VERSION", "Header", "choose_title", "find_header_line", "read_drafts", "read_header"]
