"""Archive documents of a list, from one to the next (RFC 5005, section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    Feeds,
    archive_path,
    derive_archives,
    find_bounds,
    name_day,
    name_hour,
    name_month,
)
from aggregator.plugins.stories.lists import is_split
from aggregator.store import Store


def find_document(store: Store, listing: str, date: int, zone: ZoneInfo) -> str:
    """The period of the document that has the stories of a list of a date."""
    month, day = name_month(date, zone), name_day(date, zone)
    if not is_split(store, listing, month, zone):
        return month
    return name_hour(date, zone) if is_split(store, listing, day, zone) else day


def find_newest_document(store: Store, listing: str, zone: ZoneInfo) -> str | None:
    date = store.syndication.find_date_before(listing, 1 << 62)
    return None if date is None else find_document(store, listing, date, zone)


def find_beside(store: Store, listing: str, period: str, zone: ZoneInfo) -> tuple[str | None, str | None]:
    """The documents before and after a period."""
    start, end = find_bounds(period, zone)
    older = store.syndication.find_date_before(listing, start)
    newer = store.syndication.find_date_from(listing, end)
    return (
        None if older is None else find_document(store, listing, older, zone),
        None if newer is None else find_document(store, listing, newer, zone),
    )


def list_changed_archives(
    store: Store, feeds: Feeds, places: Iterable[tuple[str, int]], before: Mapping[tuple[str, str], int],
    after: Mapping[tuple[str, str], int], zone: ZoneInfo, split: int,
) -> Iterator[str]:  # fmt: skip
    """Paths of archive documents that depend on stories which came to (list, date), changed or left; the counts are
    those of months and days.
    """
    for place in places:
        if not feeds.has_archives(place[0]):
            continue
        paths, relinked = derive_archives(place, before, after, zone, split)
        yield from paths
        for period in relinked:
            yield from (archive_path(place[0], one) for one in find_beside(store, place[0], period, zone) if one)
