"""The store's tables, as migrations: `PRAGMA user_version` counts those that have run.

A migration that has shipped is never edited; the next change is a new one at the end, beside those that are about the
same tables. Times are seconds since 1970 UTC, or NULL.
"""

from __future__ import annotations

from aggregator.store.schema.beside import BESIDE
from aggregator.store.schema.documents import DOCUMENTS
from aggregator.store.schema.feeds import FEEDS, HANDOVER, SCHEDULE
from aggregator.store.schema.filing import FILING
from aggregator.store.schema.inbox import CHOOSING, INBOX, NOTES
from aggregator.store.schema.mirror import MIRROR
from aggregator.store.schema.portals import PORTALS
from aggregator.store.schema.posts import GLANCES, POSTS, REFUSALS, WORDS
from aggregator.store.schema.reviews import REVIEWS
from aggregator.store.schema.search import SEARCH
from aggregator.store.schema.site import DIRECTORY, LINKS, SITE, STAMPS, UNREPORTED
from aggregator.store.schema.states import STATES
from aggregator.store.schema.stories import ADDRESSES, INDEX, LEADS, RULINGS, STORIES
from aggregator.store.schema.syndication import SYNDICATION

MIGRATIONS: tuple[str, ...] = (
    POSTS + STORIES + FEEDS, LEADS, SCHEDULE, MIRROR, INBOX, HANDOVER, NOTES, RULINGS, INDEX, SITE, LINKS, GLANCES,
    STATES, BESIDE, WORDS, ADDRESSES, REFUSALS, CHOOSING, REVIEWS, FILING, DIRECTORY,
    DOCUMENTS, SEARCH, SYNDICATION, PORTALS, STAMPS, UNREPORTED,
)  # fmt: skip
"""Each one brings the store from the version of its index to the next."""
