"""What is asked for, what comes back, and how much of it at most."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from aggregator.model import CacheHints, FeedDocument, FeedError, FolderDocument, NotModified, Validators

MAX_BODY = 15 * 1024 * 1024
"""Bytes of one feed after decompression; miniflux draws the line at the same place."""

MAX_PICTURE = 10 * 1024 * 1024
MAX_ATTACHMENT = 20 * 1024 * 1024
"""Bytes of one file after decompression."""

TOO_LARGE = f"内容超过 {MAX_BODY // 1024 // 1024} MB，没有读完。请对方减少订阅源里的条数。"
EMPTY = "内容是空的。请确认地址填写正确，或请对方检查。"

FetchResult = FeedDocument | FolderDocument | NotModified | FeedError


NOTHING_REMEMBERED = Validators()
NO_HINTS = CacheHints()


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """One feed of one account, with what is remembered of it."""

    account: str
    url: str
    """As the registry states it: an http(s) address, or a path relative to the registry's folder."""
    validators: Validators = NOTHING_REMEMBERED
    moved_to: str = ""
    """Where to ask instead, since a permanent redirect was adopted."""

    @property
    def address(self) -> str:
        return self.moved_to or self.url


def fail_feed(request: FeedRequest, reason: str, status: int | None = None, hints: CacheHints = NO_HINTS) -> FeedError:
    """`reason` is a Chinese sentence with its full stop."""
    return FeedError(request.account, request.url, reason, status, hints)


def keep_unmodified(request: FeedRequest, hints: CacheHints = NO_HINTS) -> NotModified:
    return NotModified(request.account, request.url, hints)


def hash_body(body: bytes) -> str:
    """`Validators.body_hash`: BLAKE2b of 128 bits, in hexadecimal."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
