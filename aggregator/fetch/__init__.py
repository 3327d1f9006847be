"""Feeds from the network and from files beside the registry.

FeedRequests -> fetch_feeds -> FeedDocument | NotModified | FeedError, as they come
"""

from aggregator.fetch.feeds import fetch_feeds
from aggregator.fetch.request import FeedRequest

__all__ = ["FeedRequest", "fetch_feeds"]
