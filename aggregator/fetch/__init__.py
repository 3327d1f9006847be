"""Feeds from the network and from files beside the registry.

FeedRequests -> fetch_feeds -> FeedDocument | NotModified | FeedError, as they come
"""

from aggregator.fetch.feeds import FeedRequest, fetch_feeds

__all__ = ["FeedRequest", "fetch_feeds"]
