"""Whether a story is public: the moments at which it appears, expires, is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

StateName = Literal["scheduled", "published", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A story is taken back; its page tells so."""

    at: datetime | None = None
    """None: from the moment on at which we first read of it."""
    reason: str = ""
    replacement: str = ""
    """What to read in its place, as staff wrote it: an address, a 编号 or a title."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is said of the time in which a story is public."""

    appears: datetime | None = None
    expires: datetime | None = None
    """From then on it is in no list; its page stays and says so."""
    withdrawal: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What a story is at a moment."""

    name: StateName
    since: datetime | None = None
    """When it expired or was withdrawn; None where nobody said so."""
    due: datetime | None = None
    """The next moment at which time alone changes it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands at the address of a story that was withdrawn or purged."""

    story: str
    at: datetime
    reason: str = ""
    replacement: str = ""
    """As written; "" for none."""
    target: str = ""
    """Id of the story that `replacement` means; "" where none was found (yet), or it is a page elsewhere."""
    origin: str = ""
    """Key of the entry of `editorial.toml` that says so; "" for the header of a draft."""
    purged: bool = False
    """All of the story is gone for good, its title too."""
