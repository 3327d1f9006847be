"""Feeds from the network and from files beside the registry.

is_due | FeedRequests -> fetch_feeds -> FeedDocument | NotModified | FeedError, as they come | plan_next
FileRequests -> fetch_files -> FetchedFile | FileFailure, as they come
"""

from aggregator.fetch.budget import ByteBudget
from aggregator.fetch.feeds import fetch_feeds
from aggregator.fetch.mirror import fetch_files
from aggregator.fetch.request import FeedRequest
from aggregator.fetch.schedule import MOVE_HOLDS, find_held_hosts, find_host, find_jitter, is_due, may_adopt, plan_next

__all__ = [
    "MOVE_HOLDS",
    "ByteBudget",
    "FeedRequest",
    "fetch_feeds",
    "fetch_files",
    "find_held_hosts",
    "find_host",
    "find_jitter",
    "is_due",
    "may_adopt",
    "plan_next",
]
