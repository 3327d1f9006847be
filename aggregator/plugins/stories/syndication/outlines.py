"""Which stories a feed has, what it is called, and what it leads to; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CHANNEL,
    Artifact,
    FeedForm,
    Filing,
    archive_path,
    find_bounds,
    label_period,
    name_list,
    read_kind,
    write_path,
)
from aggregator.plugins.stories.cards import COLUMN_CARDS, AccountCards
from aggregator.plugins.stories.catalog import name_lists
from aggregator.plugins.stories.outline import Outline
from aggregator.plugins.stories.syndication.chain import find_beside, find_document, find_newest_document
from aggregator.store import Gone, Store

FEED = "feed"
"""Stands for a template where a file is none of the theme's."""

ENTRIES = 50
"""Newest articles a feed carries, and newest tombstones."""

_WHOLE = {CHANNEL, "column", "account"}
"""Kinds of lists whose feeds have the whole text; of the others, summaries."""


@dataclass(frozen=True, slots=True)
class FeedOutline:
    """A feed or archive document before its entries are read; paths are relative to the site."""

    form: FeedForm
    listing: str
    title: str
    """"" for the channel's: the site's own."""
    page: str
    whole: bool
    """Whether its entries have their text."""
    stories: Sequence[str]
    gone: tuple[Gone, ...]
    current: str = ""
    older: str = ""
    newer: str = ""


def outline_feed(
    store: Store, cards: AccountCards, filing: Filing, artifact: Artifact, zone: ZoneInfo
) -> Iterator[Outline]:
    """The feed at the path of an artifact, if there is one."""
    listing, path = artifact.name, write_path(artifact)
    if artifact.period:
        if filing.feeds.has_archives(listing):
            yield from _outline_archive(store, cards, artifact, zone)
        return
    if path not in filing.feeds.list_current(listing):
        return
    stories = store.listings.list_newest(listing, ENTRIES, guides=listing != CHANNEL)
    title = _find_title(store, cards, listing, filled=bool(stories))
    if title is None:
        return
    page, newest = write_path(Artifact("home") if listing == CHANNEL else Artifact("front", listing)), None
    if filing.feeds.has_archives(listing):
        newest = find_newest_document(store, listing, zone)
    told = FeedOutline(
        cast("FeedForm", artifact.form), listing, title, page, read_kind(listing) in _WHOLE, stories,
        store.syndication.list_gone(listing, ENTRIES), older=archive_path(listing, newest) if newest else "",
    )  # fmt: skip
    yield _make_outline(path, told)


def _outline_archive(store: Store, cards: AccountCards, artifact: Artifact, zone: ZoneInfo) -> Iterator[Outline]:
    listing, period = artifact.name, artifact.period
    bounds = find_bounds(period, zone)
    stories = store.listings.list_between(listing, bounds)
    # A period that is divided, or a part of one that isn't, has no document.
    if not stories or find_document(store, listing, bounds[0], zone) != period:
        return
    older, newer = find_beside(store, listing, period, zone)
    title = _find_title(store, cards, listing, filled=True) or ""
    told = FeedOutline(
        "atom", listing, f"{title} {label_period(period)}".strip(), write_path(Artifact("period", listing, period)),
        True, stories, store.syndication.list_gone_between(listing, bounds),
        write_path(Artifact("feed", listing, form="atom")),
        archive_path(listing, older) if older else "", archive_path(listing, newer) if newer else "",
    )  # fmt: skip
    yield _make_outline(write_path(artifact), told)


def _make_outline(path: str, told: FeedOutline) -> Outline:
    return Outline(path, FEED, lambda articles: {"feed": told, "articles": articles}, tuple(told.stories))


def _find_title(store: Store, cards: AccountCards, listing: str, *, filled: bool) -> str | None:
    """What a list is called, "" for the channel; None where there is no such list."""
    kind, name = read_kind(listing), name_list(listing)
    if kind == CHANNEL:
        return ""
    if kind == "account":
        return cards[name].name if filled or store.artifacts.load_cards((name,)) else None
    if not filled:
        return None
    if kind == "column":
        return COLUMN_CARDS[name].name if name in COLUMN_CARDS else None
    card = name_lists(store, (listing,)).get(listing)
    return card.name if card else None
