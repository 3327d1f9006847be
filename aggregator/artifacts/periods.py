"""Years, months, days and hours of the site's time zone, by name: `2026`, `2026-03`, `2026-03-05`, `2026-03-05-14`."""

from __future__ import annotations

import calendar
from bisect import bisect_right, insort
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

HOURS = 24
_YEAR, _MONTH, _DAY = len("2026"), len("2026-03"), len("2026-03-05")


def name_month(seconds: int, zone: tzinfo) -> str:
    """The month of a moment, in seconds since 1970."""
    return name_hour(seconds, zone)[:_MONTH]


def name_day(seconds: int, zone: tzinfo) -> str:
    return name_hour(seconds, zone)[:_DAY]


def name_hour(seconds: int, zone: tzinfo) -> str:
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    # strftime does not pad years before 1000 everywhere.
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02}-{moment.hour:02}"


class PeriodNames:
    """What `name` says of moments, a few million times: by bisection in the first seconds of the periods met so far."""

    def __init__(self, name: Callable[[int, tzinfo], str], zone: tzinfo) -> None:
        self._name, self._zone = name, zone
        self._starts: list[int] = []
        self._known: dict[int, tuple[str, int]] = {}

    def __call__(self, seconds: int) -> str:
        index = bisect_right(self._starts, seconds) - 1
        if index >= 0:
            found, end = self._known[self._starts[index]]
            if seconds < end:
                return found
        found = self._name(seconds, self._zone)
        start, end = find_bounds(found, self._zone)
        insort(self._starts, start)
        self._known[start] = found, end
        return found


def find_bounds(period: str, zone: tzinfo) -> tuple[int, int]:
    """The first second of a period, and the first after it."""
    year, month, day, hour = _read(period)
    start = datetime(year, month or 1, day or 1, hour or 0, tzinfo=zone)
    if hour is not None:
        # By the wall clock: the hour that is there twice when summer time ends is one period.
        end = (start.replace(tzinfo=None) + timedelta(hours=1)).replace(tzinfo=zone)
    elif day is not None:
        end = (start.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
    elif month is not None:
        end = start.replace(year=year + month // 12, month=month % 12 + 1)
    else:
        end = start.replace(year=year + 1)
    return int(start.timestamp()), int(end.timestamp())


def name_year(seconds: int, zone: tzinfo) -> str:
    return name_hour(seconds, zone)[:_YEAR]


def list_months(year: str) -> tuple[str, ...]:
    """All months of a year, the last first."""
    return tuple(f"{year}-{month:02}" for month in range(12, 0, -1))


def list_days(month: str) -> tuple[str, ...]:
    """All days of a month, the last first."""
    year, number = (int(part) for part in month.split("-"))
    return tuple(f"{month}-{day:02}" for day in range(calendar.monthrange(year, number)[1], 0, -1))


def list_hours(day: str) -> tuple[str, ...]:
    """All hours of a day, the last first."""
    return tuple(f"{day}-{hour:02}" for hour in range(HOURS - 1, -1, -1))


def label_period(period: str) -> str:
    """「2026年」, 「2026年3月」, 「2026年3月5日」, 「2026年3月5日14时」."""
    year, month, day, hour = _read(period)
    label = f"{year}年" if month is None else f"{year}年{month}月"
    if day is not None:
        label += f"{day}日"
    return label if hour is None else f"{label}{hour}时"


def _read(period: str) -> tuple[int, int | None, int | None, int | None]:
    year, *rest = (int(part) for part in period.split("-"))
    month, day, hour = (*rest, None, None, None)[:3]
    return year, month, day, hour
