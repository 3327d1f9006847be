"""How the search index is divided: whole years of the past, and ever smaller parts towards the newest story.

A new post changes the smallest part alone. What lies behind it is put together anew when the newest story is of
another hour, day, month or year, and when something in it changes. All by the calendar and by what is there, so that
any history of builds ends in the same parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby

from aggregator.artifacts.periods import find_bounds, list_days, list_hours

OPEN = 100
"""Articles of the part that the newest story is in: more of them, and it is divided further."""

SEALED = 8192
"""Articles of any other part: as many are indexed in some three seconds."""

PER_SHARD = 8
"""Articles a shard, about: a shard is what a query loads for two characters, and a file of the site."""

MOST_SHARDS = 1024

BLOCK = 64
"""Articles whose names are in one file: 1 KB."""

_YEAR = len("2026")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the index: the articles of the channel from `start` until before `end`, seconds since 1970."""

    name: str
    """`2025`, `2026-03`, `2026-before-03`, `2026-03-before-05`, … : begins with its year."""
    start: int
    end: int
    count: int

    @property
    def shards(self) -> int:
        """Files that hold its grams, a power of two."""
        size = 8
        while size < MOST_SHARDS and size * PER_SHARD < self.count:
            size *= 2
        return size

    @property
    def blocks(self) -> int:
        """Files that name its articles."""
        return -(-self.count // BLOCK)


def choose_segments(
    months: Sequence[tuple[str, int]], count: Callable[[str], int], zone: tzinfo, largest_open: int
) -> tuple[Segment, ...]:
    """The newest first. `months` are (month, articles) of the channel, newest first, none of them empty; `count`
    tells the articles of a day or an hour.
    """
    segments: list[Segment] = []
    for year, of_year in groupby(months, key=lambda one: one[0][:_YEAR]):
        former = tuple(of_year)
        if not segments and sum(number for _, number in former) > largest_open:
            (newest, number), former = former[0], former[1:]
            segments += _divide_month(newest, number, count, zone, largest_open)
            if former:
                segments += _seal(_name_rest(newest), former, count, zone)
        else:
            segments += _seal(year, former, count, zone)
    return tuple(segments)


def list_segment_files(segment: Segment) -> Iterator[str]:
    """Paths of a part's files."""
    folder = f"search/{segment.name}"
    yield from (f"{folder}/{shard}.bin" for shard in range(segment.shards))
    yield from (f"{folder}/ids{block}.txt" for block in range(segment.blocks))


def find_segment(path: str) -> str:
    """Name of the part that the file at a path is one of; "" for any other path."""
    folder, _, rest = path.partition("/")
    name, _, file = rest.partition("/")
    return name if folder == "search" and file.endswith((".bin", ".txt")) else ""


def _divide_month(
    month: str, number: int, count: Callable[[str], int], zone: tzinfo, largest_open: int
) -> Iterator[Segment]:
    """The newest month: by itself, or its newest day and the rest, or of that day the newest hour and the rest."""
    if number <= largest_open:
        yield _join(month, ((month, number),), zone)
        return
    days = tuple((day, found) for day in list_days(month) if (found := count(day)))
    (day, number), former = days[0], days[1:]
    if number <= largest_open:
        yield _join(day, days[:1], zone)
    else:
        hours = tuple((hour, found) for hour in list_hours(day) if (found := count(hour)))
        yield _join(hours[0][0], hours[:1], zone)
        if hours[1:]:
            yield _join(_name_rest(hours[0][0]), hours[1:], zone)
    if former:
        yield from _seal_days(_name_rest(day), former, zone)


def _seal(name: str, months: Sequence[tuple[str, int]], count: Callable[[str], int], zone: tzinfo) -> Iterator[Segment]:
    if sum(number for _, number in months) <= SEALED:
        yield _join(name, months, zone)
        return
    for month, number in months:
        if number <= SEALED:
            yield _join(month, ((month, number),), zone)
        else:
            yield from _seal_days(month, tuple((day, found) for day in list_days(month) if (found := count(day))), zone)


def _seal_days(name: str, days: Sequence[tuple[str, int]], zone: tzinfo) -> Iterator[Segment]:
    if sum(number for _, number in days) <= SEALED:
        yield _join(name, days, zone)
    else:
        yield from (_join(day, ((day, number),), zone) for day, number in days)


def _name_rest(period: str) -> str:
    """`2026-03-05` -> `2026-03-before-05`."""
    whole, _, last = period.rpartition("-")
    return f"{whole}-before-{last}"


def _join(name: str, periods: Sequence[tuple[str, int]], zone: tzinfo) -> Segment:
    """All of these periods, the newest first, as one part."""
    start, end = find_bounds(periods[-1][0], zone)[0], find_bounds(periods[0][0], zone)[1]
    return Segment(name, start, end, sum(number for _, number in periods))
