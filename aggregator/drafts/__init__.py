"""content/ -> Posts of the account "local", with findings for staff.

    list_drafts | read bytes | hash, stop if known | decode | read_header | build_post | settle duplicate 编号
    Word and PDF files that no draft names | word.folder: hash, stop if known | word.text, in a worker | build_post

Staff's files are read and never written.
"""

from aggregator.drafts.header import Header, read_header
from aggregator.drafts.post import DATES_AHEAD, choose_title
from aggregator.drafts.read import RENDER_VERSION, read_drafts

__all__ = ["DATES_AHEAD", "RENDER_VERSION", "Header", "choose_title", "read_drafts", "read_header"]
