"""One feed of an account: what was asked, what came, what is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model.post import Post

Outcome = Literal["updated", "unchanged", "failed", "skipped", "held"]


@dataclass(frozen=True, slots=True)
class Validators:
    """What the store remembers of a feed so that an unchanged one is not sent again."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    """blake2b of the last body that was parsed; the same bytes need no second parse."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The bytes of one feed as they arrived."""

    account: str
    url: str
    body: bytes
    content_type: str = ""
    base_url: str = ""
    """Address after redirects, against which relative links are resolved; "" for a local file."""
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class NotModified:
    """The feed has not changed since the validators were taken."""

    account: str
    url: str


@dataclass(frozen=True, slots=True)
class FeedError:
    """An expected failure of one feed: a value, never raised."""

    account: str
    url: str
    reason: str
    """A Chinese sentence that staff can act on."""
    status: int | None = None
    """HTTP status, where there was an answer."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The posts of one feed document, in its order."""

    account: str
    url: str
    posts: tuple[Post, ...]
    title: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedState:
    """When one feed last answered, for `matrix status`."""

    account: str
    url: str
    outcome: Outcome
    last_attempt: datetime
    last_success: datetime | None
    failures: int
    """Failures in a row; 0 after a success."""
    error: str = ""
