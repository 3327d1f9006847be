"""Feeds from the network and from files beside the registry.

is_due | FeedRequests -> fetch_feeds -> FeedDocument | NotModified | FeedError, as they come | plan_next
FileRequests -> fetch_files -> FetchedFile | FileFailure, as they come
addresses of our feeds -> ping_hub
"""

from aggregator.fetch.budget import ByteBudget
from aggregator.fetch.copies import drop_copy, keep_copy, name_copy
from aggregator.fetch.feeds import fetch_feeds
from aggregator.fetch.handed import HandedArchive, HandedFolder, UnreadableFileError, is_readable, read_within
from aggregator.fetch.mirror import MAX_ATTACHMENT, MAX_PICTURE, fetch_files
from aggregator.fetch.request import MAX_BODY, FeedRequest, hash_body
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
from aggregator.fetch.websub import ping_hub

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
