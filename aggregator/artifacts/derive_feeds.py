"""From the stories' places in the lists before and after a change, the feeds that depend on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from aggregator.artifacts.derive import Entry, Tally, derive_periods
from aggregator.artifacts.feeds import Feeds, archive_path
from aggregator.artifacts.paths import read_path
from aggregator.artifacts.periods import name_day, name_hour, name_month


def derive_feeds(entries: Iterable[Entry], feeds: Feeds) -> Iterator[str]:
    """Paths of the current feeds that a story is or was in; `entries` as they were and as they are."""
    for entry in entries:
        for listing in entry.lists:
            yield from feeds.list_current(listing)


def derive_archives(
    place: tuple[str, int], before: Tally, after: Tally, zone: tzinfo, split: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a story that came to (list, date), changed or left means for the list's archive documents: their paths,
    and the periods that are linked otherwise now, as they are new, gone, or divided otherwise.
    """
    listing, date = place
    paths = (read_path(path) for path in derive_periods((place,), before, after, zone, split))
    return (
        tuple(archive_path(listing, one.period) for one in paths),
        tuple(_list_relinked(listing, date, before, after, zone, split)),
    )


def _list_relinked(listing: str, date: int, before: Tally, after: Tally, zone: tzinfo, split: int) -> Iterator[str]:
    month, day = name_month(date, zone), name_day(date, zone)
    was, now = before[listing, month], after[listing, month]
    if _is_relinked(was, now, split):
        yield month
    elif now > split:
        was, now = before[listing, day], after[listing, day]
        if _is_relinked(was, now, split):
            yield day
        elif now > split:
            # Hours are not counted: of a day so full, each story looks at the documents beside its hour.
            yield name_hour(date, zone)


def _is_relinked(was: int, now: int, split: int) -> bool:
    return (was == 0) != (now == 0) or (was > split) != (now > split)
