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
class CacheHints:
    """What an answer says about the next one."""

    max_age: int | None = None
    """Seconds for which the server calls its answer fresh (Cache-Control, else Expires); None if it does not say."""
    retry_after: int | None = None
    """Seconds that a server which answered 429 or 503 wants to be left alone."""
    slow_host: str = ""
    """Host that `retry_after` is of: the last one of a chain of redirects."""
    moved_to: str = ""
    """Where a chain of only permanent redirects (301, 308) ended."""
    gone: bool = False
    """410, said of the feed's own address: it is closed for good."""


NO_HINTS = CacheHints()


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
    hints: CacheHints = NO_HINTS


@dataclass(frozen=True, slots=True)
class NotModified:
    """The feed has not changed since the validators were taken."""

    account: str
    url: str
    hints: CacheHints = NO_HINTS


@dataclass(frozen=True, slots=True)
class FeedError:
    """An expected failure of one feed: a value, never raised."""

    account: str
    url: str
    reason: str
    """A Chinese sentence that staff can act on."""
    status: int | None = None
    """HTTP status, where there was an answer."""
    hints: CacheHints = NO_HINTS


@dataclass(frozen=True, slots=True)
class HandedMemory:
    """What is remembered of a handed file whose posts are stored."""

    name: str
    tag: str
    """Not the file's own where something in it is to be mended: it is read again."""
    digest: str
    """Of its bytes and the version of what we make of them; "" where something is to be mended."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The posts of one feed document, in its order."""

    account: str
    url: str
    posts: tuple[Post, ...]
    title: str = ""
    warnings: tuple[str, ...] = ()
    ttl: int | None = None
    """Minutes for which the feed calls itself fresh (RSS `ttl`)."""
    deleted: tuple[str, ...] = ()
    """Keys of posts that the source takes back (RFC 6721, or an item marked as withdrawn). None of `posts`."""
    next_row: int = 0
    """Of a long table, the row at which the next part begins; 0 where this was all."""
    files: tuple[HandedMemory, ...] = ()
    """Files of a handed folder that are to be remembered once these posts are stored."""


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """What is remembered of one feed from run to run, apart from its history."""

    account: str
    url: str
    """As the registry states it."""
    validators: Validators = Validators()
    next_at: datetime | None = None
    """Not asked before; None is due at each run."""
    failures: int = 0
    """In a row; 0 after a success."""
    ttl: int | None = None
    """Minutes, from the last document: an answer "not modified" does not repeat it."""
    address: str = ""
    """Where the feed is asked for since a permanent redirect was adopted; "" for `url`."""
    moved_to: str = ""
    """Where a permanent redirect leads that is not adopted, or not yet."""
    moved_since: datetime | None = None
    closed_at: datetime | None = None
    """When the server said that the feed is gone for good."""
    held_host: str = ""
    """Host that asked to be left alone when it was last asked for this feed, until `held_until`."""
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """When one feed last answered, for `matrix status`."""

    memory: FeedMemory
    outcome: Outcome
    last_attempt: datetime
    last_success: datetime | None
    error: str = ""
