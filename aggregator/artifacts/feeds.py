"""Which feeds a site has.

A list has a current feed in each form. Older entries of the channel and of each account are in archive documents
(RFC 5005): a month each, or a day or an hour of a very full one, as its pages are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.artifacts.paths import CHANNEL, Artifact, FeedForm, ListKind, read_kind, write_path

_ARCHIVED = frozenset({CHANNEL, "account"})
"""Kinds of lists that have archive documents."""

MEDIA_TYPES: Mapping[FeedForm, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Feeds:
    """The feeds that a site has by its settings."""

    forms: tuple[FeedForm, ...] = ()
    kinds: frozenset[ListKind] = frozenset()
    """Of lists that have feeds, besides the channel."""
    archives: bool = False

    def list_current(self, listing: str) -> tuple[str, ...]:
        """Paths of the feeds of a list."""
        if listing != CHANNEL and read_kind(listing) not in self.kinds:
            return ()
        return tuple(write_path(Artifact("feed", listing, form=form)) for form in self.forms)

    def has_archives(self, listing: str) -> bool:
        return self.archives and "atom" in self.forms and read_kind(listing) in _ARCHIVED & {CHANNEL, *self.kinds}


def archive_path(listing: str, period: str) -> str:
    """Of the archive document of a period of a list."""
    return write_path(Artifact("feed", listing, period, "atom"))
