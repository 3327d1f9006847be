"""Feeds for other portals: RSS 2.0, Atom 1.0 and JSON Feed 1.1 of every list, archives of the channel and accounts.

`outlines` decides what is in a feed, `press` makes its bytes: `entries` and `document` are what all forms tell, `rss`,
`atom` and `jsonfeed` how. An entry's id derives from the story's id alone.
"""

from aggregator.plugins.stories.syndication.catalog import feeds_of, outline_catalog
from aggregator.plugins.stories.syndication.chain import find_document, list_changed_archives
from aggregator.plugins.stories.syndication.entries import make_entry_id
from aggregator.plugins.stories.syndication.outlines import ENTRIES, FEED, outline_feed
from aggregator.plugins.stories.syndication.press import FeedPress

__all__ = [
    "ENTRIES",
    "FEED",
    "FeedPress",
    "feeds_of",
    "find_document",
    "list_changed_archives",
    "make_entry_id",
    "outline_catalog",
    "outline_feed",
]
