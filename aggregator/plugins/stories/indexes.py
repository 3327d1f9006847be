"""The pages that name lists: all departments, regions, topics, tags, and the site map for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from aggregator.artifacts import CHANNEL, MAP, Artifact, Filing, ListKind, write_path
from aggregator.plugins.stories.catalog import INDEX_NAMES, ListCard, list_kind
from aggregator.plugins.stories.lists import Month, make_front_pager
from aggregator.plugins.stories.outline import Articles, Outline
from aggregator.store import Store


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the archive."""

    name: str
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """All lists of a kind."""

    kind: ListKind
    name: str
    url: str
    cards: tuple[ListCard, ...]


def outline_index(store: Store, filing: Filing, kind: ListKind) -> Iterator[Outline]:
    index = _make_index(store, filing, kind)
    if index.cards:
        yield Outline(index.url, "index", lambda _: {"index": index})


def outline_map(store: Store, filing: Filing) -> Iterator[Outline]:
    """It names no counts and no articles, so that a new one leaves it as it is."""
    if not filing.sitemap:
        return
    made = (_make_index(store, filing, kind) for kind in INDEX_NAMES if kind in filing.kinds and kind != "tag")
    fixed = {"lists": tuple(one for one in made if one.cards), "years": _list_years(store)}
    pages = store.listings.list_site_pages()

    def make(articles: Articles) -> dict[str, Any]:
        return {**fixed, "pages": tuple(articles[one] for one in pages if one in articles)}

    yield Outline(MAP, "sitemap", make, pages)


def _make_index(store: Store, filing: Filing, kind: ListKind) -> Index:
    url = write_path(Artifact("index", kind))
    return Index(kind, INDEX_NAMES[kind], url, list_kind(store, filing, kind))


def _list_years(store: Store) -> tuple[Year, ...]:
    months = make_front_pager(store, CHANNEL).months
    return tuple(Year(year, tuple(of_year)) for year, of_year in groupby(months, key=lambda month: month.label[:4]))
