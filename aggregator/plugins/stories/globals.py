"""What every template may use besides its own page: columns, menu, footer, addresses, files of the theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from aggregator.artifacts import ATOM, RSS, Artifact, story_path, write_path
from aggregator.model import PAGES
from aggregator.plugins.stories.cards import ColumnCard, list_filled_columns
from aggregator.plugins.stories.official import state_site
from aggregator.plugins.stories.outward import FEEDBACK, list_trusted
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
}
"""Settings that a site may leave out; the templates ask for all of them."""


_SITEMAP = ("网站地图", "archive/index.html")
"""What each page leads to at its foot, whatever the settings have."""


def make_globals(store: Store, settings: Mapping[str, Any]) -> dict[str, Any]:
    columns = list_filled_columns(store)
    footer = resolve_links(settings["FOOTER"], store, columns)
    return {
        **state_site(settings),
        "columns": columns,
        "menu": resolve_menu(settings["MENU"], store, columns),
        "footer": footer if _SITEMAP[1] in dict(footer).values() else (*footer, _SITEMAP),
        "feedback": _find_feedback(settings["FEEDBACK_URL"], store, columns),
        "leaving_url": write_path(Artifact("leaving")),
        "trusted_hosts": " ".join(list_trusted(settings)),
        "home_url": "index.html",
        "accounts_url": "accounts/index.html",
        "archive_url": "archive/index.html",
        "rss_url": RSS,
        "atom_url": ATOM,
        "SITEDOMAIN": urlsplit(settings["SITEURL"]).netloc,
    }


def _find_feedback(target: str, store: Store, columns: Sequence[ColumnCard]) -> str:
    """Where to report a mistake; our own page where the target leads nowhere."""
    links = resolve_links((("", target),), store, columns) if target else ()
    return links[0][1] if links else FEEDBACK


def resolve_menu(
    menu: Sequence[tuple[str, Sequence[tuple[str, str]]]], store: Store, columns: Sequence[ColumnCard]
) -> tuple[tuple[str, Links], ...]:
    """The menu of the settings with addresses; an entry that leads nowhere is left out, and an empty menu too."""
    resolved = tuple((name, resolve_links(entries, store, columns)) for name, entries in menu)
    return tuple((name, entries) for name, entries in resolved if entries)


def resolve_links(entries: Sequence[tuple[str, str]], store: Store, columns: Sequence[ColumnCard]) -> Links:
    """(label, address) of entries whose target is `column:notices`, `page:about` (a draft's 编号), or an address."""
    slugs = {column.slug for column in columns}
    links: list[tuple[str, str]] = []
    for label, target in entries:
        scheme, _, name = target.partition(":")
        if scheme == "column":
            if name in slugs and name != PAGES:
                links.append((label, f"{name}/index.html"))
        elif scheme == "page":
            links += [(label, story_path(story)) for story in store.listings.find_numbered((name,)).values()]
        else:
            links.append((label, target))
    return tuple(links)
