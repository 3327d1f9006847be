"""What is planned when: rows and paths in one transaction, so that a run that is killed afterwards finds in `pending`
what is to be done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CHANNEL,
    Artifact,
    Filing,
    derive_companions,
    digest_value,
    write_path,
)
from aggregator.plugins.stories.planning.documents import Describe, Shares
from aggregator.plugins.stories.planning.registered import replace_cards, replace_gone
from aggregator.plugins.stories.planning.rows import replace_rows
from aggregator.store import SiteState, Store, digest_file

_VERSION = "5"
"""Of the rows and of what pages there are: raised when they are made otherwise, so that they are made anew."""


def plan_changes(
    store: Store, registry: Path, zone: ZoneInfo, filing: Filing, *, whole: bool = False,
    describe: Describe | None = None,
) -> None:  # fmt: skip
    """Bring lists and cards up to date and note as pending what depends on what changed.

    `whole` makes all rows anew; so does a store whose rows are of another time zone, version or choice of lists: then
    others may help, if there is `describe`. Raises ConfigError if the registry changed and is wrong: nothing is written
    then.
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
    if not (whole or stale_cards or other_changes or store.entries.list_dirty()):
        return
    shares = Shares(store, describe) if whole else ()
    with store.transaction():
        anew = former.get("version") != _VERSION
        paths = replace_cards(store, registry, zone, filing, anew=anew) if stale_cards else set()
        if whole:
            before = store.entries.load(store.entries.list_listed())
            store.entries.rebuild(zone, filing)
            back = {*store.syndication.list_gone_stories(), *(one.story for one in before)}
            store.syndication.note_gone(before, store.entries.load(sorted(back)))
            store.searching.forget()
            store.changes.clear_ages()
            store.changes.save_ages([month for month, _ in store.listings.list_months(CHANNEL)], zone)
            store.artifacts.save_state(_forget_digests(store))
            replace_gone(store)
            store.documents.rebuild(shares)
        else:
            paths |= replace_rows(store, zone, filing, stale_cards=stale_cards)
            if other_changes:
                paths.update(_list_days(store, former["changes"], zone))
        if filing.portals:
            paths.update([*derive_companions(paths)])
        store.artifacts.add_pending(paths)
        store.artifacts.save_marks(marks)


def _forget_digests(store: Store) -> SiteState:
    """Without digests of what the last build rendered with, all is rendered anew."""
    return replace(store.artifacts.load_state(), digests=None)


def _list_days(store: Store, mark: str, zone: ZoneInfo) -> Iterator[str]:
    """The documents of the days of which something was recorded since a mark, and those that lead back to them."""
    for day in store.changes.list_days_since(mark, zone):
        after = store.changes.find_day_after(day, zone)
        yield from (write_path(Artifact("api", "changes", one)) for one in (day, after) if one)
    yield write_path(Artifact("api", "index"))
