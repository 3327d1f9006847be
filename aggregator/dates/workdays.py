"""Working days in China: weekends, public holidays, and the days that are worked in their place.

The State Council announces each year's days in November of the year before, and `chinese_calendar` follows. Of a year
that it does not know, weekdays are working days unless others are given.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

_WEEKEND = 5
_FARTHEST = timedelta(days=400)
"""No period that is counted in working days is longer; a mistyped year must not be counted through."""


def count_workdays(start: date, end: date, off: Collection[date] = (), worked: Collection[date] = ()) -> int:
    """Working days after `start` up to and with `end`; 0 where `end` is not later.

    `off` and `worked` are days that the calendar does not know. Periods beyond 400 days are cut off there.
    """
    end = min(end, start + _FARTHEST)
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(_is_workday(day, off, worked) for day in days)


def _is_workday(day: date, off: Collection[date], worked: Collection[date]) -> bool:
    if day in worked:
        return True
    if day in off:
        return False
    return _is_announced_workday(day)


@lru_cache(maxsize=4096)  # the calendar looks through all that it knows each time
def _is_announced_workday(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        # What the calendar raises for a year whose holidays the State Council has not announced yet.
        return day.weekday() < _WEEKEND
