"""What staff look at before they publish: a server on this machine alone, with their drafts as pages.

serve | guard: who may ask | routes: what there is | desk: where it comes from | hub: pages that follow each save

It knows the site only through a `Desk`, which the command line gives it.
"""

from aggregator.preview.desk import Action, Answer, Desk, InboxRow, InboxShelf
from aggregator.preview.server import serve
from aggregator.preview.session import hold_session

__all__ = ["Action", "Answer", "Desk", "InboxRow", "InboxShelf", "hold_session", "serve"]
