"""When a feed is asked again, and where: decided from what is remembered and what it answered. No I/O, no chance.

is_due(memory, now, held) -> fetch -> plan_next(memory, answer, now, jitter) -> FeedMemory
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from aggregator.model import CacheHints, FeedDocument, FeedError, FeedMemory, FolderDocument, NotModified
from aggregator.urls import find_site

LONGEST_FRESH = timedelta(hours=24)
"""A feed that calls itself fresh for longer is asked all the same: static servers give a month to every file."""

LONGEST_RETRY = timedelta(hours=24)
"""Of backoff and of Retry-After: a feed that is back is read within a day, and nobody has to do anything."""

FIRST_BACKOFF = timedelta(minutes=30)
"""After the second failure in a row; it doubles with each one more. After the first, the next run tries again."""

JITTER = 0.25
"""Share of a backoff that is left out at most, so that feeds which failed together don't come back together."""

NO_REFRESH = timedelta()

_HOURS = {"m": 1 / 60, "h": 1, "d": 24}

MOVE_HOLDS = timedelta(days=7)
"""A permanent redirect that has held for so long is believed; hijackers and mistakes are mended sooner."""

DISTRUST_AFTER = 3
"""Failures in a row after which an adopted address is dropped for the one in the registry."""


def find_host(address: str) -> str:
    """The host of a feed's address; "" for files, and for addresses that will be refused."""
    if is_local(address):
        return ""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def is_local(address: str) -> bool:
    return "://" not in address


def is_due(memory: FeedMemory, now: datetime, held_hosts: Iterable[str] = ()) -> bool:
    """Whether a feed is to be asked in this run. Files always are."""
    if is_local(memory.url):
        return True
    if memory.closed_at is not None or find_host(memory.address or memory.url) in held_hosts:
        return False
    return not _is_ahead(memory.next_at, now)


def find_held_hosts(memories: Iterable[FeedMemory], now: datetime) -> frozenset[str]:
    """Hosts that asked, in answer to any feed, to be left alone until after `now`."""
    return frozenset(memory.held_host for memory in memories if _is_ahead(memory.held_until, now))


def _is_ahead(moment: datetime | None, now: datetime) -> bool:
    # Nothing is planned further ahead than a day: such a moment was written while the clock was wrong.
    return moment is not None and now < moment <= now + max(LONGEST_FRESH, LONGEST_RETRY)


def find_jitter(account: str, url: str) -> float:
    """0 to 1, the same for a feed at all times: a run can be repeated."""
    digest = hashlib.blake2b(f"{account}\0{url}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 0xFFFFFFFF


def read_refresh(text: str) -> timedelta:
    """An account's `refresh`, "6h"; none where it is empty. The registry has checked its form."""
    return timedelta(hours=int(text[:-1]) * _HOURS[text[-1]]) if text else NO_REFRESH


def plan_next(
    memory: FeedMemory,
    answer: FeedDocument | FolderDocument | NotModified | FeedError,
    now: datetime,
    jitter: float,
    refresh: timedelta = NO_REFRESH,
) -> FeedMemory:
    """What to remember after an answer. Of a document, `validators` and `ttl` are in `memory` already.

    A document that could not be read is a FeedError with the document's hints. A feed that answered is left alone
    for `refresh` at least.
    """
    planned = replace(memory, held_host="", held_until=None)
    if isinstance(answer, FeedError):
        planned = _plan_retry(planned, answer.hints, now, jitter)
    else:
        planned = _plan_refresh(planned, answer.hints, now, refresh)
    return replace(planned, next_at=None) if is_local(memory.url) else planned


def _plan_refresh(memory: FeedMemory, hints: CacheHints, now: datetime, refresh: timedelta) -> FeedMemory:
    stated = timedelta(seconds=max(hints.max_age or 0, 60 * (memory.ttl or 0)))
    fresh = min(max(stated, refresh), LONGEST_FRESH)
    return replace(
        _judge_move(memory, hints.moved_to, now),
        failures=0,
        closed_at=None,
        next_at=now + fresh if fresh else None,
    )


def _plan_retry(memory: FeedMemory, hints: CacheHints, now: datetime, jitter: float) -> FeedMemory:
    failures = memory.failures + 1
    if hints.gone:
        return replace(memory, failures=failures, closed_at=now, next_at=None)
    asked = min(timedelta(seconds=hints.retry_after or 0), LONGEST_RETRY)
    wait = max(_find_backoff(failures, jitter), asked)
    return replace(
        memory,
        failures=failures,
        next_at=now + wait if wait else None,
        address="" if failures >= DISTRUST_AFTER else memory.address,
        held_host=hints.slow_host if asked else "",
        held_until=now + asked if asked else None,
    )


def _find_backoff(failures: int, jitter: float) -> timedelta:
    if failures < 2:
        return timedelta()
    # The exponent is bounded, or a feed that failed for years would overflow.
    doubled: timedelta = FIRST_BACKOFF * (1 << min(failures - 2, 20))
    return min(doubled, LONGEST_RETRY) * (1 - JITTER * jitter)


def _judge_move(memory: FeedMemory, moved_to: str, now: datetime) -> FeedMemory:
    """Adopt a permanent redirect that has held for MOVE_HOLDS; otherwise remember since when it is there."""
    if moved_to in ("", memory.address or memory.url):
        return replace(memory, moved_to="", moved_since=None)
    if moved_to != memory.moved_to or memory.moved_since is None:
        return replace(memory, moved_to=moved_to, moved_since=now)
    if now - memory.moved_since < MOVE_HOLDS or not may_adopt(memory.url, moved_to):
        return memory
    return replace(memory, address="" if moved_to == memory.url else moved_to, moved_to="", moved_since=None)


def may_adopt(url: str, moved_to: str) -> bool:
    """Whether an address may take the place of the registry's: same registrable domain, and not from https to http."""
    return not (url.startswith("https:") and moved_to.startswith("http:")) and find_site(find_host(url)) == find_site(
        find_host(moved_to)
    )
