"""What staff see before they publish: their drafts with what becomes of each, and pages as they would be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model.post import Finding

DraftState = Literal[
    "new", "changed", "published", "scheduled", "held", "expired", "withdrawn", "aside", "waiting", "review"
]
"""Of a draft's file as it is now, beside what is published; "aside" is left out for its name, "waiting" stands for a
post of the inbox, "review" for a draft that three people have not passed yet."""

STATE_NAMES: dict[DraftState, str] = {
    "new": "未发布",
    "changed": "有改动，未发布",
    "published": "已发布",
    "scheduled": "定时",
    "held": "有错，不发布",
    "expired": "已下线",
    "withdrawn": "已撤回",
    "aside": "不发布",
    "waiting": "待处理",
    "review": "待审核",
}


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """What the store holds of one draft, as it was last read."""

    content_hash: str
    title: str
    post: int
    """Id in the store."""
    story: str
    """"" for a draft that is in none."""
    is_placed: bool
    """Whether its story is in the channel."""
    appears: datetime | None = None
    expired: datetime | None = None


@dataclass(frozen=True, slots=True)
class DraftCard:
    """One file of staff in a list."""

    path: str
    """POSIX, relative to `content/`."""
    title: str
    state: DraftState
    changed: datetime
    """When the file was last written."""
    note: str = ""
    """What its state does not say: when it appears, how much is to be repaired."""


@dataclass(frozen=True, slots=True)
class DraftShelf:
    """The drafts that a list shows, those written last first."""

    cards: tuple[DraftCard, ...]
    total: int
    """How many there are that match, shown or not."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A page as the site would show it."""

    page: bytes
    """HTML, with addresses relative to a folder of the site; b"" where nothing could be rendered."""
    title: str
    state: DraftState
    note: str = ""
    findings: tuple[Finding, ...] = ()
