"""What changed in the store and the registry since the last build -> the paths to be rendered anew.

It writes rows and paths in one transaction: a run that is killed afterwards finds in `pending` what is to be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CATALOG,
    CHANNEL,
    INDEXED,
    MAP,
    NAMING,
    SEARCH,
    SPLIT,
    Affiliations,
    Artifact,
    Entry,
    Feeds,
    Filing,
    Segment,
    affiliate_accounts,
    archive_path,
    derive_companions,
    derive_feeds,
    derive_gatherings,
    derive_indexes,
    derive_pages,
    derive_parts,
    derive_periods,
    digest_value,
    list_days,
    list_hours,
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
from aggregator.model import Account
from aggregator.pinyin import spell_names
from aggregator.plugins.stories.cards import write_card
from aggregator.plugins.stories.directory import FRONT, STOPPED, TABLE, Directory, arrange_directory, list_pages_of
from aggregator.plugins.stories.search import list_segments
from aggregator.plugins.stories.syndication import find_document, list_changed_archives
from aggregator.plugins.stories.tabs import name_tabs
from aggregator.store import CardRow, SiteState, Store, digest_file

_VERSION = "5"
"""Of the rows and of what pages there are: raised when they are made otherwise, so that they are made anew."""

_NAMING = frozenset({CATALOG, MAP, *(write_path(Artifact("index", kind)) for kind in INDEXED)})
"""Pages that name lists, those of departments and regions in the registry's order."""


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
        anew = former.get("version") != _VERSION
        paths = _replace_cards(store, registry, zone, filing, anew=anew) if stale_cards else set()
        if whole:
            dirty = store.listings.list_dirty()
            before = store.listings.load_entries(dirty)
            store.listings.rebuild(zone, filing)
            store.syndication.note_gone(before, store.listings.load_entries(dirty))
            store.searching.rebuild()
            store.changes.clear_ages()
            store.changes.save_ages([month for month, _ in store.listings.list_months(CHANNEL)], zone)
            store.artifacts.save_state(_forget_digests(store))
            _replace_gone(store)
        else:
            paths |= _replace_rows(store, zone, filing, stale_cards=stale_cards)
            if other_changes:
                paths.update(_list_days(store, former["changes"], zone))
        if filing.portals:
            paths.update([*derive_companions(paths)])
        store.artifacts.add_pending(paths)
        store.artifacts.save_marks(marks)


def _forget_digests(store: Store) -> SiteState:
    """Without digests of what the last build rendered with, all is rendered anew."""
    return replace(store.artifacts.load_state(), digests=None)


def _replace_cards(store: Store, registry: Path, zone: ZoneInfo, filing: Filing, *, anew: bool) -> set[str]:
    """Take over what the registry now says; `anew` also what did not change. Stories of accounts that changed become
    dirty. Raises ConfigError.
    """
    # Reading it takes longer than a whole build of one post; most builds need not.
    from aggregator.registry import load_registry

    accounts = load_registry(registry).accounts
    pages = _replace_affiliations(store, affiliate_accounts(accounts, filing.kinds))
    former = store.artifacts.list_cards()
    present = tuple((account.id, write_card(account)) for account in accounts)
    if former == present and not anew:
        return pages
    if [account for account, _ in former] != [account for account, _ in present]:
        pages |= _NAMING
    changed = sorted({account for account, _ in {*former} ^ {*present}})
    touched = {*changed, *(one for account in changed for one in store.artifacts.list_followed(account))}
    pages |= {write_path(Artifact("home")), *list_directory(store)}
    spelled = {} if anew else store.artifacts.load_spelled()
    for account in changed:
        spelled.pop(account, None)
    directory = arrange_directory(accounts)
    store.artifacts.save_cards(
        [_make_row(one, card, directory, spelled) for one, (_, card) in zip(accounts, present, strict=True)]
    )
    gone = store.artifacts.load_directory().get("gone", [])
    store.artifacts.save_directory({**directory.summary, "gone": gone})
    pages.update(list_directory(store))
    for account in changed:
        store.listings.mark_list(name_account(account))
        touched.update(store.artifacts.list_followed(account))
    pages |= {SEARCH, *NAMING, *list_directory(store)}
    for account in touched:
        pages.update(list_pages(store, name_account(account), zone))
        pages.update(list_feeds(store, name_account(account), zone, filing.feeds))
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
    pages = set(_NAMING)
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


def _make_row(account: Account, card: str, directory: Directory, spelled: Mapping[str, str]) -> CardRow:
    typed = spelled.get(account.id) or spell_names((account.name, account.organization, account.region))
    return CardRow(
        account.id, account.status, account.kind, account.successor, card, directory.pages[account.id],
        account.id in directory.first, typed,
    )  # fmt: skip


def list_directory(store: Store) -> Iterator[str]:
    """Paths of all pages of the directory."""
    directory = store.artifacts.load_directory()
    yield FRONT
    chapters = directory.get("chapters", ())
    yield from (page for chapter in chapters for page in list_pages_of(chapter))
    if chapters:
        yield from (TABLE, STOPPED)


def _replace_gone(store: Store) -> tuple[str, ...]:
    """Note which accounts left the registry and have articles; paths of what names them, if they are others now."""
    directory = store.artifacts.load_directory()
    listed = {account for account, _ in store.artifacts.list_cards()}
    gone = [name for name in map(name_list, store.listings.list_lists(name_account(""))) if name not in listed]
    if gone == directory.get("gone"):
        return ()
    store.artifacts.save_directory({**directory, "gone": gone})
    return tuple(list_directory(store))


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


def _replace_rows(store: Store, zone: ZoneInfo, filing: Filing, *, stale_cards: bool) -> set[str]:
    """Bring the rows of the dirty stories up to date; the paths that depend on them."""
    dirty = store.listings.list_dirty()
    before = store.listings.load_entries(dirty)
    parts = list_segments(store, zone)
    paths = set(_list_beside(store, before))
    pages = store.listings.has_pages(dirty)
    corrected = {*store.syndication.list_corrected(dirty)}
    kinds = store.changes.list_kinds(dirty)
    after = store.listings.replace_dirty(before, zone, filing)
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
        paths.update(_replace_gone(store))
    paths.update(_list_parts(store, before, after, parts, list_segments(store, zone)))
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
    places = [(listing, one.date) for one in store.listings.load_entries(corrected) for listing in one.lists]
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
