"""What the registry says of accounts, departments and regions, taken over -> the paths that show it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CATALOG,
    INDEXED,
    MAP,
    NAMING,
    SEARCH,
    Affiliations,
    Artifact,
    Filing,
    affiliate_accounts,
    name_account,
    name_list,
    write_path,
)
from aggregator.model import Account
from aggregator.pinyin import spell_names
from aggregator.plugins.stories.cards import write_card
from aggregator.plugins.stories.directory import Directory, arrange_directory
from aggregator.plugins.stories.planning.paths import list_directory, list_feeds, list_pages
from aggregator.store import CardRow, Store

INDEXES = frozenset({CATALOG, MAP, *(write_path(Artifact("index", kind)) for kind in INDEXED)})
"""Pages that name lists, those of departments and regions in the registry's order."""


def replace_cards(store: Store, registry: Path, zone: ZoneInfo, filing: Filing, *, anew: bool) -> set[str]:
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
        pages |= INDEXES
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
        store.entries.mark_list(name_account(account))
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
            store.entries.mark_list(former.find_unit(name))
    pages = set(INDEXES)
    for listing in {*former.lists, *present.lists}:
        was, now = former.lists.get(listing, ()), present.lists.get(listing, ())
        if former.labels.get(listing) != present.labels.get(listing):
            store.entries.mark_list(listing)
        if was != now:
            pages.add(write_path(Artifact("front", listing)))
        for account in {*was} ^ {*now}:
            store.entries.mark_list(name_account(account))
    store.filings.save_affiliations(present)
    return pages


def _make_row(account: Account, card: str, directory: Directory, spelled: Mapping[str, str]) -> CardRow:
    typed = spelled.get(account.id) or spell_names((account.name, account.organization, account.region))
    return CardRow(
        account.id, account.status, account.kind, account.successor, card, directory.pages[account.id],
        account.id in directory.first, typed,
    )  # fmt: skip


def replace_gone(store: Store) -> tuple[str, ...]:
    """Note which accounts left the registry and have articles; paths of what names them, if they are others now."""
    directory = store.artifacts.load_directory()
    listed = {account for account, _ in store.artifacts.list_cards()}
    gone = [name for name in map(name_list, store.listings.list_lists(name_account(""))) if name not in listed]
    if gone == directory.get("gone"):
        return ()
    store.artifacts.save_directory({**directory, "gone": gone})
    return tuple(list_directory(store))
