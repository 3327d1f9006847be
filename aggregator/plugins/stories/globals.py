"""What every template may use besides its own page: columns, menu, footer, addresses, files of the theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from aggregator.artifacts import (
    CHANNEL,
    MAP,
    SEARCH,
    Artifact,
    Filing,
    name_listing,
    read_path,
    story_path,
    write_path,
)
from aggregator.errors import ConfigError
from aggregator.model import PAGES
from aggregator.plugins.stories.cards import ColumnCard, list_filled_columns
from aggregator.plugins.stories.catalog import list_indexes, name_lists
from aggregator.plugins.stories.filing import FEEDS, LISTS
from aggregator.plugins.stories.official import state_site
from aggregator.plugins.stories.outward import FEEDBACK, list_trusted
from aggregator.plugins.stories.syndication import feeds_of
from aggregator.store import Store

Links = tuple[tuple[str, str], ...]

DEFAULTS: dict[str, Any] = {
    "CITY": "",
    "DESCRIPTION": "",
    "ORGANIZER": "",
    "UNDERTAKER": "",
    "CONTACT": "",
    "HOTLINE": "12345",
    "HOTLINES": (),
    "BRAND": "蓝",
    "EMBLEM": "",
    "SITE_ID_CODE": "",
    "ICP": "",
    "POLICE_RECORD": "",
    "SITE_MARK": "",
    "SITE_MARK_PICTURE": "",
    "FEEDBACK_URL": "page:feedback",
    "FEEDBACK_MAIL": "",
    "ADDRESS": "",
    "TRUSTED_HOSTS": ("gov.cn",),
    "LEAVING": "mark",
    "PRECOMPRESS": False,
    "MENU": (),
    "FOOTER": (),
    "LISTS": LISTS,
    "FEEDS": FEEDS,
    "TOPICS": (),
    "API": True,
    "EMBED": True,
    "OPML": True,
    "SEARCH_ENGINES": True,
    "ROBOTS_DISALLOW": (),
    "WEBSUB_HUB": "",
}
"""Settings that a site may leave out; the templates ask for all of them."""

BRANDS = {"蓝": "", "红": "brand-red", "绿": "brand-green"}
"""`BRAND` -> class of the root element, by which tokens.css knows the house colour."""


def make_globals(store: Store, settings: Mapping[str, Any], filing: Filing) -> dict[str, Any]:
    columns = list_filled_columns(store)
    footer = resolve_links(settings["FOOTER"], store, columns, filing)
    site_map = ("网站地图", MAP if filing.sitemap else write_path(Artifact("archive")))
    return {
        **state_site(settings),
        "columns": columns,
        "menu": resolve_menu(settings["MENU"], store, columns, filing),
        "footer": footer if site_map[1] in dict(footer).values() else (*footer, site_map),
        "indexes": list_indexes(store, filing),
        "feedback": _find_feedback(settings["FEEDBACK_URL"], store, columns, filing),
        "leaving_url": write_path(Artifact("leaving")),
        "trusted_hosts": " ".join(list_trusted(settings)),
        "home_url": "index.html",
        "accounts_url": "accounts/index.html",
        "archive_url": "archive/index.html",
        "feeds_url": write_path(Artifact("feeds")),
        "brand": find_brand(settings),
        "search_url": SEARCH,
        "channel_feeds": feeds_of(CHANNEL, filing.feeds),
        "SITEDOMAIN": urlsplit(settings["SITEURL"]).netloc,
    }


def _find_feedback(target: str, store: Store, columns: Sequence[ColumnCard], filing: Filing) -> str:
    """Where to report a mistake; our own page where the target leads nowhere."""
    links = resolve_links((("", target),), store, columns, filing) if target else ()
    return links[0][1] if links else FEEDBACK


def find_brand(settings: Mapping[str, Any]) -> str:
    """Class of the root element; "" for the house colour that needs none. Raises ConfigError."""
    brand = settings["BRAND"]
    if brand not in BRANDS:
        raise ConfigError(f"没有“{brand}”这种主色。", f'写成 BRAND = "蓝" 的样子，可选：{"、".join(BRANDS)}。')
    return BRANDS[brand]


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
