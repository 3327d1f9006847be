"""The tabs of an account's page: its newest articles of one column each, on pages of their own.

They are chosen from so many of its newest articles that no page is sized by what the account has ever posted; older
ones are in its months. Every tab names the others, so all of them depend on each article of the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.artifacts import Artifact, write_path
from aggregator.plugins.stories.cards import COLUMN_CARDS
from aggregator.plugins.stories.lists import FRONT
from aggregator.store import Store

WINDOW = 5 * FRONT
"""Newest articles of an account among which a tab looks for its own."""


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    url: str


def name_tabs(listing: str) -> tuple[str, ...]:
    """Paths of all tabs that an account's list may have."""
    return tuple(write_path(Artifact("tab", listing, column)) for column in COLUMN_CARDS)


def find_tabs(store: Store, listing: str) -> Mapping[str, tuple[str, ...]]:
    """Column -> its stories, newest first, in the columns' order; none where all are of one column."""
    found: dict[str, list[str]] = {column: [] for column in COLUMN_CARDS}
    for story, column in store.listings.list_columns(listing, WINDOW):
        if len(found[column]) < FRONT:
            found[column].append(story)
    filled = {column: tuple(stories) for column, stories in found.items() if stories}
    return filled if len(filled) > 1 else {}


def make_tabs(listing: str, found: Mapping[str, tuple[str, ...]]) -> tuple[Tab, ...]:
    """What leads from one to the other, all articles first; none where there are none."""
    if not found:
        return ()
    named = (Tab(COLUMN_CARDS[column].name, write_path(Artifact("tab", listing, column))) for column in found)
    return (Tab("全部", write_path(Artifact("front", listing))), *named)
