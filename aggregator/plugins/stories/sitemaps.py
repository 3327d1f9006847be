"""What search engines ask for: sitemap.xml, its parts by month, robots.txt (sitemaps.org/protocol, RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CHANNEL,
    LISTS_PART,
    PART,
    ROBOTS,
    SITEMAP,
    Artifact,
    Filing,
    find_bounds,
    list_parts,
    name_account,
    name_column,
    name_listing,
    story_path,
    write_path,
)
from aggregator.plugins.stories.api.describe import write_time
from aggregator.plugins.stories.cards import AccountCards, list_filled_columns
from aggregator.plugins.stories.catalog import list_indexes
from aggregator.plugins.stories.outline import Outline, give_nothing
from aggregator.store import Store

SITEMAPS = "sitemap.xml"
"""Stands for a template where a file is for search engines."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


class Sitemaps:
    """Outlines of the files for search engines."""

    def __init__(
        self, store: Store, cards: AccountCards, settings: Mapping[str, Any], zone: ZoneInfo, filing: Filing
    ) -> None:
        self._store, self._cards, self._zone, self._filing = store, cards, zone, filing
        self._base = settings["SITEURL"].rstrip("/")
        self._disallowed = tuple(settings["ROBOTS_DISALLOW"])

    def list_others(self) -> Iterator[str]:
        """Paths of those that belong to no page."""
        yield from (LISTS_PART, ROBOTS)
        for month, count in self._store.listings.list_months(CHANNEL):
            yield from list_parts(month, count)[1:]

    def outline(self, path: str, artifact: Artifact) -> Outline | None:
        if path == ROBOTS:
            return _outline(path, self._write_robots())
        if path == SITEMAP:
            return _outline(path, self._write_index())
        if path == LISTS_PART:
            return _outline(path, _write_urls(self._list_pages()))
        start = (int(artifact.name or 1) - 1) * PART
        stories = self._store.changes.list_dated(find_bounds(artifact.period, self._zone), PART, start)
        located = [(self._locate(story_path(story)), self._write_time(at)) for story, at in stories]
        return _outline(path, _write_urls(located)) if located else None

    def _write_index(self) -> str:
        ages = self._store.changes.list_ages()
        parts = [(LISTS_PART, "")]
        for month, count in self._store.listings.list_months(CHANNEL):
            parts += [(part, self._write_time(ages[month])) for part in list_parts(month, count)]
        listed = "".join(f"<sitemap>{_write_place(self._locate(path), at)}</sitemap>\n" for path, at in parts)
        return f"{_HEAD}<sitemapindex {_NAMESPACE}>\n{listed}</sitemapindex>\n"

    def _list_pages(self) -> Iterator[tuple[str, str]]:
        """Front pages of the site and its lists, which change all the time, and the site's own pages. Tags are left
        out: they are many, and their articles are listed.
        """
        yield f"{self._base}/", ""
        fronts = [write_path(Artifact("archive")), write_path(Artifact("accounts"))]
        tags = write_path(Artifact("index", "tag"))
        fronts += [url for _, url in list_indexes(self._store, self._filing) if url != tags]
        lists = [name_column(one.slug) for one in list_filled_columns(self._store)]
        lists += [name_account(card.id) for card in self._cards.list_all()]
        for kind in ("department", "region", "topic"):
            lists += self._store.listings.list_lists(name_listing(kind, ""))
        fronts += [write_path(Artifact("front", listing)) for listing in lists]
        yield from ((self._locate(path), "") for path in fronts)
        pages = self._store.listings.list_site_pages()
        changed = self._store.changes.load_changed(pages)
        yield from (
            (self._locate(story_path(story)), write_time(changed[story].astimezone(self._zone))) for story in pages
        )

    def _write_robots(self) -> str:
        # Without a path it says that nothing is disallowed; some readers take no group without a rule.
        rules = [f"Disallow: {path}".rstrip() for path in self._disallowed or ("",)]
        return "\n".join(("User-agent: *", *rules, "", f"Sitemap: {self._base}/{SITEMAP}", ""))

    def _locate(self, path: str) -> str:
        return f"{self._base}/{path}"

    def _write_time(self, seconds: int) -> str:
        return write_time(datetime.fromtimestamp(seconds, UTC).astimezone(self._zone))


def _outline(path: str, text: str) -> Outline:
    return Outline(path, SITEMAPS, give_nothing, write=lambda _: text.encode())


def _write_urls(places: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f"<url>{_write_place(address, at)}</url>\n" for address, at in places)
    return f"{_HEAD}<urlset {_NAMESPACE}>\n{listed}</urlset>\n"


def _write_place(address: str, at: str) -> str:
    return f"<loc>{escape(address)}</loc>" + (f"<lastmod>{at}</lastmod>" if at else "")
