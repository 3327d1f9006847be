"""What changed in the store and the registry since the last build -> the paths to be rendered anew.

It writes rows and paths in one transaction: a run that is killed afterwards finds in `pending` what is to be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CHANNEL,
    SEARCH,
    SPLIT,
    Artifact,
    Entry,
    Segment,
    derive_pages,
    derive_periods,
    list_days,
    list_hours,
    list_segment_files,
    name_account,
    name_column,
    name_day,
    name_month,
    story_path,
    write_path,
)
from aggregator.model import Account
from aggregator.plugins.stories.cards import write_card
from aggregator.plugins.stories.search import list_segments
from aggregator.store import SiteState, Store, digest_file

_VERSION = "3"
"""Of the rows: raised when they are made otherwise, so that they are made anew."""


def plan_changes(store: Store, registry: Path, zone: ZoneInfo, *, whole: bool = False) -> None:
    """Bring lists and cards up to date and note as pending what depends on what changed.

    `whole` makes all rows anew; so does a store whose rows are of another time zone or version. Raises ConfigError
    if the registry changed and is wrong: nothing is written then.
    """
    marks = {"version": _VERSION, "zone": zone.key, "registry": digest_file(registry)}
    former = store.artifacts.load_marks()
    whole = whole or any(former.get(name) != marks[name] for name in ("version", "zone"))
    stale_cards = former.get("registry") != marks["registry"]
    if not (whole or stale_cards or store.listings.list_dirty()):
        return
    with store.transaction():
        if stale_cards:
            store.artifacts.add_pending(_replace_cards(store, registry, zone))
        if whole:
            store.listings.rebuild(zone)
            store.searching.rebuild()
            store.artifacts.save_state(_forget_digests(store))
        else:
            store.artifacts.add_pending(_replace_rows(store, zone))
        store.artifacts.save_marks(marks)


def _forget_digests(store: Store) -> SiteState:
    """Without digests of what the last build rendered with, all is rendered anew."""
    return replace(store.artifacts.load_state(), digests=None)


def _replace_cards(store: Store, registry: Path, zone: ZoneInfo) -> set[str]:
    """Take over what the registry now says. Stories of accounts that changed become dirty. Raises ConfigError."""
    # Reading it takes longer than a whole build of one post; most builds need not.
    from aggregator.registry import load_registry

    accounts = load_registry(registry).accounts
    former = store.artifacts.list_cards()
    present = tuple((account.id, write_card(account)) for account in accounts)
    if former == present:
        return set()
    changed = sorted({account for account, _ in {*former} ^ {*present}})
    touched = {*changed, *(one for account in changed for one in store.artifacts.list_followed(account))}
    store.artifacts.save_cards([_row_of(account, card) for account, (_, card) in zip(accounts, present, strict=True)])
    for account in changed:
        store.listings.mark_account(account)
        touched.update(store.artifacts.list_followed(account))
    pages = {write_path(Artifact("home")), write_path(Artifact("accounts")), SEARCH}
    for account in touched:
        pages.update(list_pages(store, name_account(account), zone))
    return pages


def _row_of(account: Account, card: str) -> tuple[str, str, str, str, str]:
    return account.id, account.status, account.kind, account.successor, card


def list_pages(store: Store, listing: str, zone: ZoneInfo) -> Iterator[str]:
    """Paths of all pages of a list."""
    yield write_path(Artifact("archive" if listing == CHANNEL else "front", "" if listing == CHANNEL else listing))
    for month, count in store.listings.list_months(listing):
        yield write_path(Artifact("period", listing, month))
        for day in list_days(month) if count > SPLIT else ():
            of_day = store.listings.count_period(listing, day, zone)
            if of_day:
                yield write_path(Artifact("period", listing, day))
            for hour in list_hours(day) if of_day > SPLIT else ():
                if store.listings.count_period(listing, hour, zone):
                    yield write_path(Artifact("period", listing, hour))


def _replace_rows(store: Store, zone: ZoneInfo) -> set[str]:
    """Bring the rows of the dirty stories up to date; the paths that depend on them."""
    dirty = store.listings.list_dirty()
    before = store.listings.load_entries(dirty)
    parts = list_segments(store, zone)
    paths = set(_list_beside(store, before))
    after = store.listings.replace_dirty(before, zone)
    paths.update(_list_beside(store, after))
    paths.update(derive_pages((*before, *after)))
    merged = {story: store.stories.list_merged(story) for story in dirty}
    paths.update(story_path(one) for others in merged.values() for one in others)
    named = (one for story, others in merged.items() for one in (story, *others))
    paths.update(story_path(one) for name in named for one in store.listings.list_naming(story_path(name)))
    paths.update(_list_periods(store, before, after, zone))
    paths.update(_list_parts(store, before, after, parts, list_segments(store, zone)))
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
        yield from (story_path(story) for story in shown if story is not None)


def _list_periods(store: Store, before: Sequence[Entry], after: Sequence[Entry], zone: ZoneInfo) -> Iterator[str]:
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
    for listing, month in months:
        # A month that is new, or empty now, is another neighbour of those beside it.
        if (was[listing, month] == 0) != (now[listing, month] == 0):
            beside = store.listings.find_months_beside(listing, month)
            yield from (write_path(Artifact("period", listing, one)) for one in beside if one)


def _list_parts(
    store: Store, before: Sequence[Entry], after: Sequence[Entry], were: Sequence[Segment], are: Sequence[Segment]
) -> Iterator[str]:
    """Files of the parts of the search index in which something else can be found than before."""
    changed = store.searching.note_changes([entry.story for entry in after])
    dates = {one.date for one in (*before, *after) if CHANNEL in one.lists and one.story in changed}
    touched = {one for one in (*were, *are) for date in dates if one.start <= date < one.end}
    for part in {*touched, *({*were} ^ {*are})}:
        yield from list_segment_files(part)
