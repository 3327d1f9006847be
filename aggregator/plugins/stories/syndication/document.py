"""A feed as every form tells it, whatever its syntax."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from aggregator.plugins.stories.syndication.entries import Entry

LANGUAGE = "zh-CN"

TTL = 60
"""Minutes for which a reader need not ask again."""

EMPTY_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Update time of a feed without entries: a fixed one, so that an empty site is the same bytes twice."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What an entry was, once it is withdrawn, purged or merged: nothing of what it said."""

    id: str
    url: str
    """Its page tells why, or leads to where it went."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """One feed or archive document; all addresses are absolute."""

    id: str
    title: str
    description: str
    publisher: str
    page: str
    url: str
    current: str = ""
    """Of an archive document: the feed that it belongs to."""
    older: str = ""
    """The archive document before this one; of a feed the newest one."""
    newer: str = ""
    hub: str = ""
    """Tells subscribers at once what is new (WebSub)."""
    entries: tuple[Entry, ...] = field(default=())
    removed: tuple[Removed, ...] = ()

    @property
    def updated(self) -> datetime:
        return max((*(one.updated for one in self.entries), *(one.at for one in self.removed)), default=EMPTY_SINCE)
