"""Lists of articles by day and by calendar month: a month's page never shifts when something new is posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby
from operator import attrgetter

from aggregator.artifacts import (
    CHANNEL,
    SPLIT,
    Artifact,
    find_bounds,
    label_period,
    list_days,
    list_hours,
    name_day,
    write_path,
)
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.store import Store

FRONT = 40
"""Articles on a list's front page; older ones are in its months."""

HOME_DAYS = 8
HOME_PER_DAY = 8
"""One big card and seven small ones, as one message of a WeChat account holds at most."""

_MONTH, _DAY = len("2026-03"), len("2026-03-05")

_is_pinned = attrgetter("pinned")


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    articles: tuple[StoryArticle, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A page of a list's past: a month, or a day or an hour of a very full one."""

    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Pager:
    """What leads from one page of a list to its others.

    A page of the past names no counts but its own parts', and no page but those beside and above it: otherwise each
    new article would change all of them.
    """

    months: tuple[Month, ...] = ()
    """All months, on the front page."""
    newer: Month | None = None
    older: Month | None = None
    up: Month | None = None
    """The front page of the list, or the month or day that a part belongs to."""
    parts: tuple[Month, ...] = ()
    """Days or hours that have pages of their own, instead of articles."""


def group_days(articles: Sequence[StoryArticle]) -> tuple[Day, ...]:
    """Newest day first, each with its articles in the channel's order, pinned ones first."""
    days = groupby(articles, key=lambda article: article.date.date())
    return tuple(Day(day, _put_first(tuple(of_day))) for day, of_day in days)


def _put_first(articles: tuple[StoryArticle, ...]) -> tuple[StoryArticle, ...]:
    # Most days have none.
    if not any(map(_is_pinned, articles)):
        return articles
    return tuple(sorted(articles, key=_is_pinned, reverse=True))


def choose_home(store: Store, zone: tzinfo) -> tuple[tuple[str, ...], ...]:
    """The stories of the newest days, pinned ones first in theirs."""
    days: list[tuple[str, ...]] = []
    date = store.listings.find_newest_date(CHANNEL)
    while date is not None and len(days) < HOME_DAYS:
        bounds = find_bounds(name_day(date, zone), zone)
        days.append(store.listings.list_top(CHANNEL, bounds, HOME_PER_DAY))
        date = store.listings.find_newest_date(CHANNEL, bounds[0])
    return tuple(days)


def make_front_pager(store: Store, listing: str) -> Pager:
    return Pager(tuple(_make_month(listing, month, count) for month, count in store.listings.list_months(listing)))


def make_pager(store: Store, listing: str, period: str, zone: tzinfo) -> tuple[Month, Pager] | None:
    """One page of a list's past; None where there is nothing in the period, or what it is a part of is not split."""
    count = store.listings.count_period(listing, period, zone)
    whole = _find_whole(period)
    if not count or (whole and not is_split(store, listing, whole, zone)):
        return None
    newer = older = None
    if len(period) == _MONTH:
        newer, older = store.listings.find_months_beside(listing, period)
    return _make_month(listing, period, count), Pager(
        newer=_make_month(listing, newer) if newer else None,
        older=_make_month(listing, older) if older else None,
        up=_make_month(listing, whole) if whole else _make_front(listing),
        parts=_list_parts(store, listing, period, zone) if count > SPLIT else (),
    )


def is_split(store: Store, listing: str, period: str, zone: tzinfo) -> bool:
    """Whether a month or day has too many articles for one page, and what it is a part of has."""
    whole = _find_whole(period)
    return store.listings.count_period(listing, period, zone) > SPLIT and (
        whole is None or is_split(store, listing, whole, zone)
    )


def _find_whole(period: str) -> str | None:
    """The month of a day, the day of an hour."""
    if len(period) == _MONTH:
        return None
    return period[:_MONTH] if len(period) == _DAY else period[:_DAY]


def _list_parts(store: Store, listing: str, period: str, zone: tzinfo) -> tuple[Month, ...]:
    names = list_days(period) if len(period) == _MONTH else list_hours(period) if len(period) == _DAY else ()
    counted = ((name, store.listings.count_period(listing, name, zone)) for name in names)
    return tuple(_make_month(listing, name, count) for name, count in counted if count)


def _make_month(listing: str, period: str, count: int = 0) -> Month:
    return Month(label_period(period), write_path(Artifact("period", listing, period)), count)


def _make_front(listing: str) -> Month:
    front = Artifact("archive") if listing == CHANNEL else Artifact("front", listing)
    return Month("全部月份", write_path(front), 0)
