"""From the stories' places in the lists before and after a change, the artifacts that depend on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from aggregator.artifacts.companions import NAMING
from aggregator.artifacts.filing import round_count
from aggregator.artifacts.paths import (
    CHANNEL,
    INDEXED,
    SEARCH,
    SEARCH_INDEX,
    Artifact,
    name_column,
    read_kind,
    search_path,
    story_path,
    write_path,
)
from aggregator.artifacts.periods import list_days, list_hours, name_day, name_hour, name_month, name_year
from aggregator.model import Mention

_OF_CHANNEL = (*(write_path(Artifact(kind)) for kind in ("home", "archive")), SEARCH, SEARCH_INDEX)
"""What shows the newest of the channel, or counts it."""

MAP = write_path(Artifact("map"))
CATALOG = write_path(Artifact("feeds"))
"""The page that names feeds, among them those of all departments, regions and topics."""

_BY_YEAR = name_column("policies")
"""The list whose years have pages, too."""

Tally = Mapping[tuple[str, str], int]
"""Articles of (list, period): months and days."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one story stood when its lists were last brought up to date."""

    story: str
    lists: tuple[str, ...] = ()
    """Empty for what is in no list: pages of the site itself, withdrawn and merged stories."""
    date: int = 0
    """Seconds since 1970; means nothing without lists."""
    numbers: tuple[str, ...] = ()
    """编号 by which menus and other drafts name it."""
    relations: tuple[str, ...] = ()
    """编号 that it names: of policies it explains, of what took its place."""
    links: tuple[str, ...] = ()
    """Stories that it has to do with, shown or hidden: what it corrects, what corrects it, related news."""
    names: tuple[int, ...] = ()
    """Of a policy: hashes of its titles and 文号, by which others name it."""
    mentions: tuple[Mention, ...] = ()
    """Policies that it names, whether they are there or not."""


def derive_pages(entries: Iterable[Entry]) -> Iterator[str]:
    """Paths that depend on a story whatever its date; `entries` as they were and as they are."""
    for entry in entries:
        yield story_path(entry.story)
        yield search_path(entry.story)
        for listing in entry.lists:
            yield from _OF_CHANNEL if listing == CHANNEL else (write_path(Artifact("front", listing)),)


def derive_periods(
    places: Iterable[tuple[str, int]], before: Tally, after: Tally, zone: tzinfo, split: int
) -> Iterator[str]:
    """Paths of the months, days and hours in which stories were or are; `places` are (list, date) of them.

    A month that gets too full, or is no longer, has all its days rendered, a day all its hours: those that turn out
    to have no page are removed.
    """
    for listing, date in places:
        month, day, hour = name_month(date, zone), name_day(date, zone), name_hour(date, zone)
        was, now = before[listing, month] > split, after[listing, month] > split
        yield _path(listing, month)
        if listing == _BY_YEAR:
            yield _path(listing, name_year(date, zone))
        if was != now:
            yield from (_path(listing, one) for one in list_days(month))
        elif now:
            yield _path(listing, day)
        day_was, day_now = was and before[listing, day] > split, now and after[listing, day] > split
        if day_was != day_now:
            yield from (_path(listing, one) for one in list_hours(day))
        elif day_now:
            yield _path(listing, hour)


def derive_indexes(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
    """Paths of the pages that name lists, where one appears or vanishes or is stated with another count; the counts are
    the articles of lists that changed.
    """
    for listing, count in before.items():
        kind = read_kind(listing)
        if kind not in INDEXED:
            if kind != CHANNEL and (count == 0) != (after[listing] == 0):
                yield from (*NAMING, CATALOG)
            continue
        if round_count(count) != round_count(after[listing]):
            yield write_path(Artifact("index", kind))
        if kind != "tag" and (count == 0) != (after[listing] == 0):
            yield from (MAP, CATALOG)


def _path(listing: str, period: str) -> str:
    return write_path(Artifact("period", listing, period))
