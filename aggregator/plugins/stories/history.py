"""A policy's history, as its header, its successors and the store tell it: the oldest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aggregator.plugins.stories.articles import Event, StoryArticle
from aggregator.plugins.stories.filters import format_date

_STATED = (("成文日期", "成文"), ("施行日期", "施行"), ("有效期至", "有效期到这一天"))
_DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")
_MOST_CHANGES = 5
"""Changes of the page that are told: the last ones."""
_OVER = ("废止", "失效")


def tell_history(article: StoryArticle, changes: Sequence[datetime], zone: ZoneInfo) -> tuple[Event, ...]:
    """`changes` are the moments at which the page's text was changed."""
    dated: list[tuple[date, Event]] = []
    undated: list[Event] = []
    for key, words in _STATED:
        value = article.header.get(key, "")
        if (day := _read_day(value)) is not None:
            dated.append((day, Event(format_date(day), words)))
    if not article.first_seen_only:
        dated.append((article.date.date(), Event(format_date(article.date), "发布")))
    day_of = article.date.date()
    dated += [(day_of, Event(format_date(day_of), "替代了", other)) for other in article.replaced]
    changed = sorted({one.astimezone(zone).date() for one in changes})[-_MOST_CHANGES:]
    dated += [(day, Event(format_date(day), "本页内容有更正或补充")) for day in changed]
    validity = article.header.get("有效性", "")
    successors = [other for _, other in article.corrections]
    ended = f"已{validity}" if validity in _OVER else "已不再执行"
    for other in successors:
        day_of = other.date.date()
        dated.append((day_of, Event(format_date(day_of), f"{ended}，由新文件替代", other)))
    if validity in _OVER and not successors:
        undated.append(Event("", ended))
    elif validity == "已修改":
        undated.append(Event("", "部分内容已修改"))
    return (*(event for _, event in sorted(dated, key=lambda one: one[0])), *undated)


def _read_day(value: str) -> date | None:
    found = _DAY.fullmatch(value)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
