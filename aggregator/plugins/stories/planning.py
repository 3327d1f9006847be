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
    INDEXED,
    MAP,
    NAMING,
    SPLIT,
    Affiliations,
    Artifact,
    Entry,
    Filing,
    affiliate_accounts,
    derive_companions,
    derive_gatherings,
    derive_indexes,
    derive_pages,
    derive_parts,
    derive_periods,
    digest_value,
    list_days,
    list_hours,
    name_account,
    name_column,
    name_day,
    name_month,
    read_path,
    story_path,
    write_path,
)
from aggregator.model import Account
from aggregator.plugins.stories.cards import write_card
from aggregator.store import SiteState, Store, digest_file

_VERSION = "4"
"""Of the rows: raised when they are made otherwise, so that they are made anew."""


def plan_changes(store: Store, registry: Path, zone: ZoneInfo, filing: Filing, *, whole: bool = False) -> None:
    """Bring lists and cards up to date and note as pending what depends on what changed.

    `whole` makes all rows anew; so does a store whose rows are of another time zone, version or choice of lists. Raises
    ConfigError if the registry changed and is wrong: nothing is written then.
    """
    marks = {
        "version": _VERSION, "zone": zone.key, "lists": digest_value(filing), "registry": digest_file(registry),
        "changes": store.changes.find_last(),
    }  # fmt: skip
    former = store.artifacts.load_marks()
    other_rows = any(former.get(name) != marks[name] for name in ("version", "zone", "lists"))
    whole = whole or other_rows
    stale_cards = other_rows or former.get("registry") != marks["registry"]
    other_changes = former.get("changes") != marks["changes"]
    if not (whole or stale_cards or other_changes or store.listings.list_dirty()):
        return
    with store.transaction():
        paths = _replace_cards(store, registry, zone, filing) if stale_cards else set()
        if whole:
            store.listings.rebuild(zone, filing)
            store.changes.clear_ages()
            store.changes.save_ages([month for month, _ in store.listings.list_months(CHANNEL)], zone)
            store.artifacts.save_state(_forget_digests(store))
        else:
            paths |= _replace_rows(store, zone, filing)
            if other_changes:
                paths.update(_list_days(store, former["changes"], zone))
        if filing.portals:
            paths.update([*derive_companions(paths)])
        store.artifacts.add_pending(paths)
        store.artifacts.save_marks(marks)


def _forget_digests(store: Store) -> SiteState:
    """Without digests of what the last build rendered with, all is rendered anew."""
    return replace(store.artifacts.load_state(), digests=None)


def _replace_cards(store: Store, registry: Path, zone: ZoneInfo, filing: Filing) -> set[str]:
    """Take over what the registry now says. Stories of accounts that changed become dirty. Raises ConfigError."""
    # Reading it takes longer than a whole build of one post; most builds need not.
    from aggregator.registry import load_registry

    accounts = load_registry(registry).accounts
    pages = _replace_affiliations(store, affiliate_accounts(accounts, filing.kinds))
    former = store.artifacts.list_cards()
    present = tuple((account.id, write_card(account)) for account in accounts)
    if former == present:
        return pages
    changed = sorted({account for account, _ in {*former} ^ {*present}})
    touched = {*changed, *(one for account in changed for one in store.artifacts.list_followed(account))}
    store.artifacts.save_cards([_row_of(account, card) for account, (_, card) in zip(accounts, present, strict=True)])
    for account in changed:
        store.listings.mark_list(name_account(account))
        touched.update(store.artifacts.list_followed(account))
    pages |= {write_path(Artifact("home")), write_path(Artifact("accounts")), *NAMING}
    for account in touched:
        pages.update(list_pages(store, name_account(account), zone))
        # A department's page has the telephone numbers of its accounts.
        pages.update(write_path(Artifact("front", one)) for one in store.filings.list_of_account(account))
    return pages


def _replace_affiliations(store: Store, present: Affiliations) -> set[str]:
    """Take over which departments and regions there are. Stories that come to another one, or whose department has
    another name, become dirty.
    """
    former = store.filings.load_affiliations()
    if former == present:
        return set()
    for name in {*former.units, *present.units}:
        # Of a unit that only drafts name, the list is another than of one that the registry knows.
        if former.find_unit(name) != present.find_unit(name):
            store.listings.mark_list(former.find_unit(name))
    pages = {MAP, *(write_path(Artifact("index", kind)) for kind in INDEXED)}
    for listing in {*former.lists, *present.lists}:
        was, now = former.lists.get(listing, ()), present.lists.get(listing, ())
        if former.labels.get(listing) != present.labels.get(listing):
            store.listings.mark_list(listing)
        if was != now:
            pages.add(write_path(Artifact("front", listing)))
        for account in {*was} ^ {*now}:
            store.listings.mark_list(name_account(account))
    store.filings.save_affiliations(present)
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


def _replace_rows(store: Store, zone: ZoneInfo, filing: Filing) -> set[str]:
    """Bring the rows of the dirty stories up to date; the paths that depend on them."""
    dirty = store.listings.list_dirty()
    before = store.listings.load_entries(dirty)
    paths = set(_list_beside(store, before))
    pages = store.listings.has_pages(dirty)
    kinds = store.changes.list_kinds(dirty)
    after = store.listings.replace_dirty(before, zone, filing)
    if pages or store.listings.has_pages(dirty):
        paths.add(MAP)
    paths.update(_list_indexes(store, before, after))
    paths.update(_list_beside(store, after))
    paths.update(derive_pages((*before, *after)))
    merged = {story: store.stories.list_merged(story) for story in dirty}
    paths.update(story_path(one) for others in merged.values() for one in others)
    named = (one for story, others in merged.items() for one in (story, *others))
    paths.update(story_path(one) for name in named for one in store.listings.list_naming(story_path(name)))
    paths.update(_list_periods(store, before, after, zone))
    listed = {name_month(one.date, zone) for one in (*before, *after) if CHANNEL in one.lists}
    store.changes.save_ages(sorted(listed), zone)
    stories = [one.name for one in map(read_path, paths) if one.kind == "story"]
    paths.update(derive_gatherings(kinds | store.changes.list_kinds(stories)))
    return paths


def _list_days(store: Store, mark: str, zone: ZoneInfo) -> Iterator[str]:
    """The documents of the days of which something was recorded since a mark, and those that lead back to them."""
    for day in store.changes.list_days_since(mark, zone):
        after = store.changes.find_day_after(day, zone)
        yield from (write_path(Artifact("api", "changes", one)) for one in (day, after) if one)
    yield write_path(Artifact("api", "index"))


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
