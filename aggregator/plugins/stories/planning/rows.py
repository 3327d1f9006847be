"""Rows of the stories that changed, brought up to date -> the paths that depend on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CHANNEL,
    MAP,
    SPLIT,
    Artifact,
    Entry,
    Feeds,
    Filing,
    Segment,
    archive_path,
    derive_feeds,
    derive_gatherings,
    derive_indexes,
    derive_pages,
    derive_parts,
    derive_periods,
    list_segment_files,
    name_account,
    name_column,
    name_day,
    name_list,
    name_month,
    read_path,
    story_path,
    write_path,
)
from aggregator.plugins.stories.directory import FRONT
from aggregator.plugins.stories.planning.registered import replace_gone
from aggregator.plugins.stories.search import list_segments
from aggregator.plugins.stories.syndication import find_document, list_changed_archives
from aggregator.plugins.stories.tabs import name_tabs
from aggregator.store import Store


def replace_rows(store: Store, zone: ZoneInfo, filing: Filing, *, stale_cards: bool) -> set[str]:
    """Bring the rows of the dirty stories up to date; the paths that depend on them."""
    dirty = store.entries.list_dirty()
    before = store.entries.load(dirty)
    parts = list_segments(store, zone)
    paths = set(_list_beside(store, before))
    pages = store.listings.has_pages(dirty)
    corrected = {*store.syndication.list_corrected(dirty)}
    kinds = store.changes.list_kinds(dirty)
    after = store.entries.replace_dirty(before, zone, filing)
    corrected.update(store.syndication.list_corrected(dirty))
    risen = store.syndication.note_gone(before, after)
    if pages or store.listings.has_pages(dirty):
        paths.add(MAP)
    paths.update(_list_indexes(store, before, after))
    paths.update(_list_beside(store, after))
    paths.update(derive_pages((*before, *after)))
    paths.update(derive_feeds((*before, *after), filing.feeds))
    paths.update(_list_feeds_beside(store, sorted(corrected), risen, zone, filing.feeds))
    merged = {story: store.stories.list_merged(story) for story in dirty}
    paths.update(story_path(one) for others in merged.values() for one in others)
    named = (one for story, others in merged.items() for one in (story, *others))
    paths.update(story_path(one) for name in named for one in store.listings.list_naming(story_path(name)))
    paths.update(_list_periods(store, before, after, zone, filing.feeds))
    shown = {one for entry in (*before, *after) for one in entry.lists if one.startswith(name_account(""))}
    paths.update(path for listing in shown for path in name_tabs(listing))
    places = [store.artifacts.find_shown(name_list(listing)) for listing in shown]
    paths.update(page for place in places if place for page in (place[0], FRONT if place[1] else "") if page)
    if stale_cards or None in places:
        paths.update(replace_gone(store))
    paths.update(_list_parts(store, before, after, parts, list_segments(store, zone)))
    listed = {name_month(one.date, zone) for one in (*before, *after) if CHANNEL in one.lists}
    store.changes.save_ages(sorted(listed), zone)
    stories = [one.name for one in map(read_path, paths) if one.kind == "story"]
    paths.update(derive_gatherings(kinds | store.changes.list_kinds(stories)))
    return paths


def _list_beside(store: Store, entries: Iterable[Entry]) -> Iterator[str]:
    """Pages of stories that show a headline of these: neighbours in the column, those that name or link each other."""
    column = name_column("")
    for entry in entries:
        shown = [
            beside
            for listing in entry.lists
            if listing.startswith(column)
            for beside in store.listings.find_neighbours(listing, entry.date, entry.story)
        ]
        for number in entry.numbers:
            shown += store.listings.list_naming(number)
        shown += store.listings.find_numbered(entry.relations).values()
        shown += entry.links
        if entry.names:
            # Which of several documents a text means depends on all of them.
            shown += store.documents.list_citing(entry.names)
            shown += store.documents.list_rivals(entry.names)
        if entry.mentions:
            shown += (one.story for one in store.documents.find(one.name for one in entry.mentions))
        yield from (story_path(story) for story in shown if story is not None)


def _list_feeds_beside(
    store: Store, corrected: Sequence[str], risen: Iterable[tuple[str, int]], zone: ZoneInfo, feeds: Feeds
) -> Iterator[str]:
    """Feeds of stories that corrections lead to or from, and those that had a tombstone at (list, date)."""
    places = [(listing, one.date) for one in store.entries.load(corrected) for listing in one.lists]
    for listing, date in {*places, *risen}:
        yield from feeds.list_current(listing)
        if feeds.has_archives(listing):
            yield archive_path(listing, find_document(store, listing, date, zone))


def _list_periods(
    store: Store, before: Sequence[Entry], after: Sequence[Entry], zone: ZoneInfo, feeds: Feeds
) -> Iterator[str]:
    change: Counter[tuple[str, str]] = Counter()
    months: set[tuple[str, str]] = set()
    for sign, entries in ((-1, before), (1, after)):
        for entry in entries:
            month, day = name_month(entry.date, zone), name_day(entry.date, zone)
            for listing in entry.lists:
                change[listing, month] += sign
                change[listing, day] += sign
                months.add((listing, month))
    now = {key: store.listings.count_period(*key, zone) for key in change}
    was = {key: now[key] - change[key] for key in change}
    places = {(listing, entry.date) for entry in (*before, *after) for listing in entry.lists}
    yield from derive_periods(sorted(places), was, now, zone, SPLIT)
    yield from list_changed_archives(store, feeds, sorted(places), was, now, zone, SPLIT)
    yield from derive_parts(was, now)
    for listing, month in months:
        if listing == CHANNEL and (was[listing, month] == 0) != (now[listing, month] == 0):
            yield MAP
        # A month that is new, or empty now, is another neighbour of those beside it.
        if (was[listing, month] == 0) != (now[listing, month] == 0):
            beside = store.listings.find_months_beside(listing, month)
            yield from (write_path(Artifact("period", listing, one)) for one in beside if one)


def _list_indexes(store: Store, before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[str]:
    change: Counter[str] = Counter()
    for sign, entries in ((-1, before), (1, after)):
        for entry in entries:
            change.update(dict.fromkeys(entry.lists, sign))
    now = store.listings.count_lists(change)
    return derive_indexes({one: now[one] - change[one] for one in change}, now)


def _list_parts(
    store: Store, before: Sequence[Entry], after: Sequence[Entry], were: Sequence[Segment], are: Sequence[Segment]
) -> Iterator[str]:
    """Files of the parts of the search index in which something else can be found than before."""
    changed = store.searching.note_changes([entry.story for entry in after])
    dates = {one.date for one in (*before, *after) if CHANNEL in one.lists and one.story in changed}
    touched = {one for one in (*were, *are) for date in dates if one.start <= date < one.end}
    for part in {*touched, *({*were} ^ {*are})}:
        yield from list_segment_files(part)
