"""The policy library: a front page with the newest, a page a year, a very full year by months.

A year's page names no other year and no count but its own, so that a new policy changes its year and the front page.
The front page's filter reaches all years by reading their pages (`static/policies.js`), as each item carries what the
filter asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import SHELF, Artifact, Feeds, find_bounds, label_period, list_months, name_column, write_path
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.plugins.stories.cards import ColumnCard
from aggregator.plugins.stories.lists import Month
from aggregator.plugins.stories.outline import Articles, Outline
from aggregator.plugins.stories.syndication import feeds_of
from aggregator.store import Store

LIBRARY = name_column("policies")
"""The list of the policies."""

NEWEST = 100
"""Policies on the front page: as many as keep it within 15 KB after gzip."""

_MONTH = len("2026-03")


def outline_front(store: Store, column: ColumnCard, feeds: Feeds) -> Outline:
    """The newest policies, and the years."""
    stories = store.listings.list_newest(LIBRARY, NEWEST)
    counts: dict[str, int] = {}
    for month, count in store.listings.list_months(LIBRARY):
        counts[month[:4]] = counts.get(month[:4], 0) + count
    years = tuple(_link(year, count) for year, count in counts.items())
    total = sum(counts.values())
    return _outline(write_path(Artifact("front", LIBRARY)), column, feeds, stories, {
        "month": None, "years": years, "parts": (), "total": total, "rest": total - len(stories),
    })  # fmt: skip


def outline_year(store: Store, column: ColumnCard, feeds: Feeds, year: str, zone: ZoneInfo) -> Outline | None:
    """All policies of a year, or its months where they are too many; None for a year without any."""
    count = store.listings.count_between(LIBRARY, find_bounds(year, zone))
    if not count:
        return None
    stories: tuple[str, ...] = ()
    parts: tuple[Month, ...] = ()
    if count > SHELF:
        counted = ((month, store.listings.count_month(LIBRARY, month)) for month in list_months(year))
        parts = tuple(_link(month, number) for month, number in counted if number)
    else:
        stories = store.listings.list_between(LIBRARY, find_bounds(year, zone))
    path = write_path(Artifact("period", LIBRARY, year))
    return _outline(path, column, feeds, stories, {
        "month": _link(year, count), "years": (), "parts": parts, "total": count, "rest": 0,
    })  # fmt: skip


def outline_month(
    store: Store, column: ColumnCard, feeds: Feeds, month: str, parts: Sequence[Month], stories: Sequence[str]
) -> Outline:
    """The policies of a month, or of a day of a very full one."""
    count = store.listings.count_month(LIBRARY, month) if len(month) == _MONTH else len(stories)
    return _outline(write_path(Artifact("period", LIBRARY, month)), column, feeds, stories, {
        "month": _link(month, count), "years": (), "parts": tuple(parts), "total": count, "rest": 0,
    })  # fmt: skip


def _outline(path: str, column: ColumnCard, feeds: Feeds, stories: Sequence[str], fixed: dict[str, Any]) -> Outline:
    fixed = {**fixed, "column": column, "feeds": feeds_of(LIBRARY, feeds)}

    def make(articles: Articles) -> dict[str, Any]:
        shown = tuple(articles[story] for story in stories)
        return {**fixed, "articles": shown, "departments": _list_departments(shown)}

    return Outline(path, "policies", make, tuple(stories))


def _list_departments(articles: Iterable[StoryArticle]) -> tuple[str, ...]:
    return tuple(sorted({article.publisher for article in articles}))


def _link(period: str, count: int) -> Month:
    return Month(label_period(period), write_path(Artifact("period", LIBRARY, period)), count)
