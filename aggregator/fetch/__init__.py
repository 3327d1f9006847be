"""Feeds from the network and from files beside the registry.

is_due | FeedRequests -> fetch_feeds -> FeedDocument | NotModified | FeedError, as they come | plan_next
FileRequests -> fetch_files -> FetchedFile | FileFailure, as they come
addresses of our feeds -> ping_hub
"""

from importlib import import_module
from typing import TYPE_CHECKING

from aggregator.fetch.budget import ByteBudget
from aggregator.fetch.copies import drop_copy, keep_copy, name_copy
from aggregator.fetch.handed import HandedArchive, HandedFolder, UnreadableFileError, is_readable, read_within
from aggregator.fetch.request import MAX_ATTACHMENT, MAX_BODY, MAX_PICTURE, FeedRequest, hash_body
from aggregator.fetch.schedule import (
    MOVE_HOLDS,
    find_held_hosts,
    find_host,
    find_jitter,
    is_due,
    may_adopt,
    plan_next,
    read_refresh,
)

if TYPE_CHECKING:
    from aggregator.fetch.feeds import fetch_feeds
    from aggregator.fetch.mirror import fetch_files
    from aggregator.fetch.websub import ping_hub

_ASKING = {"fetch_feeds": "feeds", "fetch_files": "mirror", "ping_hub": "websub"}

__all__ = [
    "MAX_ATTACHMENT",
    "MAX_BODY",
    "MAX_PICTURE",
    "MOVE_HOLDS",
    "ByteBudget",
    "FeedRequest",
    "HandedArchive",
    "HandedFolder",
    "UnreadableFileError",
    "drop_copy",
    "fetch_feeds",
    "fetch_files",
    "find_held_hosts",
    "find_host",
    "find_jitter",
    "hash_body",
    "is_due",
    "is_readable",
    "keep_copy",
    "may_adopt",
    "name_copy",
    "ping_hub",
    "plan_next",
    "read_refresh",
    "read_within",
]


def __getattr__(name: str) -> object:
    """Import what asks the network when asked for: aiohttp takes a tenth of a second, and many runs ask nobody."""
    if name not in _ASKING:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_ASKING[name]}"), name)
