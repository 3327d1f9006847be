"""The paths of the pages and feeds that a list, or the directory, has."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CHANNEL,
    SPLIT,
    Artifact,
    Feeds,
    archive_path,
    list_days,
    list_hours,
    name_account,
    name_column,
    read_path,
    write_path,
)
from aggregator.plugins.stories.directory import FRONT, STOPPED, TABLE, list_pages_of
from aggregator.plugins.stories.tabs import name_tabs
from aggregator.store import Store


def list_directory(store: Store) -> Iterator[str]:
    """Paths of all pages of the directory."""
    directory = store.artifacts.load_directory()
    yield FRONT
    chapters = directory.get("chapters", ())
    yield from (page for chapter in chapters for page in list_pages_of(chapter))
    if chapters:
        yield from (TABLE, STOPPED)


def list_pages(store: Store, listing: str, zone: ZoneInfo) -> Iterator[str]:
    """Paths of all pages of a list."""
    if listing.startswith(name_account("")):
        yield from name_tabs(listing)
    yield write_path(Artifact("archive" if listing == CHANNEL else "front", "" if listing == CHANNEL else listing))
    months = store.listings.list_months(listing)
    if listing == name_column("policies"):
        yield from (write_path(Artifact("period", listing, year)) for year in sorted({one[:4] for one, _ in months}))
    for month, count in months:
        yield write_path(Artifact("period", listing, month))
        for day in list_days(month) if count > SPLIT else ():
            of_day = store.listings.count_period(listing, day, zone)
            if of_day:
                yield write_path(Artifact("period", listing, day))
            for hour in list_hours(day) if of_day > SPLIT else ():
                if store.listings.count_period(listing, hour, zone):
                    yield write_path(Artifact("period", listing, hour))


def list_feeds(store: Store, listing: str, zone: ZoneInfo, feeds: Feeds) -> Iterator[str]:
    """Paths of the feeds of a list, and of its archive documents: they lie beside the pages of its past."""
    yield from feeds.list_current(listing)
    if feeds.has_archives(listing):
        pages = map(read_path, list_pages(store, listing, zone))
        yield from (archive_path(listing, page.period) for page in pages if page.kind == "period")
