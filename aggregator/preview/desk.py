"""What the preview asks of the rest of the program.

All of it is called in one thread, one call after another. What staff can do beside looking is a list of actions: a
button that leads nowhere is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from aggregator.model import DraftShelf, Finding, Proof


@dataclass(frozen=True, slots=True)
class Action:
    """A button beside a draft, or beside a post that waits."""

    name: str
    """Of the address behind it: letters."""
    label: str
    """On the button."""
    beside: Literal["draft", "waiting"]
    asks: str = ""
    """Label of a field that goes with it, such as that of a reason; "" for none."""
    opens: bool = False
    """It changes nothing and shows a page, in a window of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an action."""

    message: str
    """For staff, in Chinese."""
    html: str = ""
    """To be copied to the clipboard; of an action that opens, the page."""
    text: str = ""
    """The same for where no formatted text can be pasted."""
    is_done: bool = True
    """False where it was refused, as `message` says."""
    next: tuple[str, str] | None = None
    """Address and label of what to look at next, where what the page shows is there no longer."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A post of the inbox in a list."""

    code: str
    """Of this version: one that changed has another."""
    title: str
    source: str
    """Its account as staff know it."""
    date: datetime
    url: str
    reasons: tuple[str, ...]
    merits: tuple[str, ...] = ()
    """Why it stands where it stands."""


@dataclass(frozen=True, slots=True)
class InboxShelf:
    """The posts that wait, as far as a list shows them."""

    rows: tuple[InboxRow, ...]
    total: int


class Desk(Protocol):
    """Of one site. Each call may raise MatrixError, whose message and remedy are shown."""

    @property
    def name(self) -> str:
        """The site's."""
        ...

    @property
    def actions(self) -> tuple[Action, ...]: ...

    def warm_up(self) -> None:
        """Load what the first page would have to wait for."""
        ...

    def list_drafts(self, query: str) -> DraftShelf:
        """Those with all words of `query` in title or path; all of them for ""."""
        ...

    def list_waiting(self) -> InboxShelf: ...

    def make_proof(self, path: str) -> Proof | None:
        """A draft by its path under content/; None where none lies."""
        ...

    def make_waiting_proof(self, code: str) -> Proof | None: ...

    def list_findings(self, path: str) -> tuple[Finding, ...]:
        """What check says of a draft that could not be rendered."""
        ...

    def read_page(self, path: str) -> bytes | None:
        """A file of the published site by its path there."""
        ...

    def read_beside(self, path: str) -> bytes | None:
        """A picture or an attachment by its path under content/."""
        ...

    def act(self, action: str, target: str, words: str) -> Answer:
        """Do what a button says. `target` is a draft's path, or the code of a post that waits; `words`
        stand in the field of the action."""
        ...
