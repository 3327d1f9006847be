"""What every template may use besides its own page: columns, menu, footer, addresses, files of the theme."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aggregator.artifacts import ATOM, MAP, RSS, Filing, name_listing, read_path, story_path
from aggregator.model import PAGES
from aggregator.plugins.stories.cards import ColumnCard, list_filled_columns
from aggregator.plugins.stories.catalog import list_indexes, name_lists
from aggregator.plugins.stories.filing import LISTS
from aggregator.store import Store

Links = tuple[tuple[str, str], ...]

DEFAULTS: dict[str, Any] = {
    "CITY": "",
    "DESCRIPTION": "",
    "ORGANIZER": "",
    "UNDERTAKER": "",
    "CONTACT": "",
    "HOTLINE": "12345",
    "SITE_ID_CODE": "",
    "ICP": "",
    "POLICE_RECORD": "",
    "MENU": (),
    "FOOTER": (("网站地图", MAP),),
    "LISTS": LISTS,
    "TOPICS": (),
    "API": True,
    "EMBED": True,
    "OPML": True,
    "SEARCH_ENGINES": True,
    "ROBOTS_DISALLOW": (),
    "WEBSUB_HUB": "",
}
"""Settings that a site may leave out; the templates ask for all of them."""


def make_globals(store: Store, settings: Mapping[str, Any], filing: Filing) -> dict[str, Any]:
    columns = list_filled_columns(store)
    return {
        "columns": columns,
        "menu": resolve_menu(settings["MENU"], store, columns, filing),
        "footer": resolve_links(settings["FOOTER"], store, columns, filing),
        "indexes": list_indexes(store, filing),
        "home_url": "index.html",
        "accounts_url": "accounts/index.html",
        "archive_url": "archive/index.html",
        "rss_url": RSS,
        "atom_url": ATOM,
        "SITEDOMAIN": urlsplit(settings["SITEURL"]).netloc,
    }


def name_assets(static: Path) -> Iterator[tuple[str, str]]:
    """(name, path in the site) of the theme's files; the path carries a hash, so that it may be cached for good."""
    for file in sorted(static.rglob("*")):
        if file.is_file():
            name = file.relative_to(static)
            digest = hashlib.blake2b(file.read_bytes(), digest_size=5).hexdigest()
            yield name.as_posix(), f"theme/{name.with_suffix('').as_posix()}.{digest}{name.suffix}"


def resolve_menu(
    menu: Sequence[tuple[str, Sequence[tuple[str, str]]]], store: Store, columns: Sequence[ColumnCard], filing: Filing
) -> tuple[tuple[str, Links], ...]:
    """The menu of the settings with addresses; an entry that leads nowhere is left out, and an empty menu too."""
    resolved = tuple((name, resolve_links(entries, store, columns, filing)) for name, entries in menu)
    return tuple((name, entries) for name, entries in resolved if entries)


def list_left_out(store: Store, settings: Mapping[str, Any], filing: Filing) -> tuple[str, ...]:
    """Labels of the menu's and the footer's entries that lead nowhere, and so are not shown."""
    columns = list_filled_columns(store)
    named = {**DEFAULTS, **settings}
    # The footer that nobody wrote is nobody's mistake.
    entries = [*(entry for _, group in named["MENU"] for entry in group), *settings.get("FOOTER", ())]
    return tuple(dict.fromkeys(entry[0] for entry in entries if not resolve_links((entry,), store, columns, filing)))


def resolve_links(
    entries: Sequence[tuple[str, str]], store: Store, columns: Sequence[ColumnCard], filing: Filing
) -> Links:
    """(label, address) of entries whose target is `column:notices`, `topic:yanglao`, `page:about` (a draft's 编号), or
    an address; lists and indexes that are empty are left out.
    """
    slugs = {column.slug for column in columns}
    links: list[tuple[str, str]] = []
    for label, target in entries:
        scheme, _, name = target.partition(":")
        if scheme == "column":
            if name in slugs and name != PAGES:
                links.append((label, f"{name}/index.html"))
        elif scheme == "topic":
            listing = name_listing("topic", name)
            links += [(label, card.url) for card in name_lists(store, (listing,)).values()]
        elif scheme == "page":
            links += [(label, story_path(story)) for story in store.listings.find_numbered((name,)).values()]
        elif _is_there(target, store, filing):
            links.append((label, target))
    return tuple(links)


def _is_there(address: str, store: Store, filing: Filing) -> bool:
    """Whether an address is elsewhere, or that of a page which every site has, or which this one does."""
    if address == MAP:
        return filing.sitemap
    return read_path(address).kind != "index" or address in {url for _, url in list_indexes(store, filing)}
