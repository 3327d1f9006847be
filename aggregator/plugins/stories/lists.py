"""Lists of articles by day and by calendar month: a month's page never shifts when something new is posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from aggregator.plugins.stories.articles import StoryArticle

FRONT = 40
"""Articles on a list's front page; older ones are in its months."""

HOME_DAYS = 8
HOME_PER_DAY = 8
"""One big card and seven small ones, as one message of a WeChat account holds at most."""


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    articles: tuple[StoryArticle, ...]


@dataclass(frozen=True, slots=True)
class Month:
    label: str
    url: str
    count: int
    articles: tuple[StoryArticle, ...]


def group_days(articles: Sequence[StoryArticle]) -> tuple[Day, ...]:
    """Newest day first, each with its articles in the channel's order."""
    return tuple(Day(day, tuple(of_day)) for day, of_day in groupby(articles, key=lambda article: article.date.date()))


def group_months(articles: Sequence[StoryArticle], folder: str) -> tuple[Month, ...]:
    """Newest month first; `folder` is where the list lives, such as `notices`."""
    months = []
    for (year, month), of_month in groupby(articles, key=lambda article: (article.date.year, article.date.month)):
        listed = tuple(of_month)
        months.append(Month(f"{year}年{month}月", f"{folder}/{year}-{month:02d}.html", len(listed), listed))
    return tuple(months)


def choose_home(articles: Sequence[StoryArticle]) -> tuple[Day, ...]:
    """The newest days, pinned articles first in theirs."""
    days = group_days(articles)[:HOME_DAYS]
    return tuple(
        Day(day.date, tuple(sorted(day.articles, key=lambda article: not article.pinned))[:HOME_PER_DAY])
        for day in days
    )
