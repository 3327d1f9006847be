"""All that is made for other programs: which of it a site has, and how each comes about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CHANNEL,
    OPML,
    ROBOTS,
    SITEMAP,
    Artifact,
    Filing,
    derive_companions,
    name_account,
    name_column,
    name_list,
    name_listing,
    read_kind,
    read_path,
    write_path,
)
from aggregator.plugins.stories.api import Documents
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.plugins.stories.cards import COLUMN_CARDS, AccountCards, list_filled_columns
from aggregator.plugins.stories.catalog import INDEX_NAMES, name_lists
from aggregator.plugins.stories.outline import Articles, Outline, give_nothing
from aggregator.plugins.stories.sitemaps import Sitemaps
from aggregator.store import Store
from aggregator.text import drop_controls

FEED_LISTS = "opml"
"""Stands for a template where a file lists feeds."""

EMBED = "embed"

SHOWN = 10
"""Articles of a page that others embed."""

_PORTALS = {
    "api/": "api",
    "embed/": "embed",
    OPML: "opml",
    ROBOTS: "sitemap",
    SITEMAP: "sitemap",
    "sitemap-": "sitemap",
}
"""How paths begin, and which choice of the settings they belong to."""


class Portals:
    """Outlines of what is made for other programs."""

    def __init__(
        self, store: Store, cards: AccountCards, settings: Mapping[str, Any], zone: ZoneInfo, filing: Filing
    ) -> None:
        self._store, self._cards, self._filing = store, cards, filing
        self._name, self._base = settings["SITENAME"], settings["SITEURL"].rstrip("/")
        self._documents = Documents(store, cards, settings, zone, filing)
        self._sitemaps = Sitemaps(store, cards, settings, zone, filing)
        self._chosen = tuple(begin for begin, portal in _PORTALS.items() if portal in filing.portals)
        self._makers: dict[str, Callable[[str, Artifact], Outline | None]] = {
            "embed": self._outline_embed, "opml": self._outline_feeds, "robots": self._sitemaps.outline,
            "sitemap": self._sitemaps.outline,
        }  # fmt: skip

    def list_with(self, pages: Iterable[str]) -> Iterator[str]:
        """Paths of these pages, which are all of the site, each with what goes with it, and of all else."""
        others = [path for path in self._list_others() if self._has(path)]
        yield from others
        known = {*others}
        for page in pages:
            yield page
            beside = derive_companions((page,)) if self._filing.portals else ()
            yield from (path for path in beside if path not in known and self._has(path))

    def list_stories(self, paths: Sequence[str]) -> frozenset[str]:
        """The stories whose documents are among these paths."""
        return frozenset(self._documents.list_stories(paths) if "api" in self._filing.portals else ())

    def load_changed(self, stories: Sequence[str]) -> Mapping[str, datetime]:
        """When the content of stories last changed, as their documents say."""
        return self._store.changes.load_changed(stories) if stories else {}

    def write_story(self, article: StoryArticle, changed: datetime) -> tuple[str, str, bytes]:
        """Path, template and bytes of the document of an article whose body and links are set."""
        return self._documents.write_story(article, changed)

    def outline(self, paths: Sequence[str]) -> Iterator[Outline]:
        """Of those of the paths that are made for other programs, but of articles' documents."""
        wanted = [path for path in paths if self._has(path)]
        yield from self._documents.outline(wanted)
        for path in wanted:
            if path.startswith("api/"):
                continue
            artifact = read_path(path)
            if artifact.kind in self._makers and (outline := self._makers[artifact.kind](path, artifact)):
                yield outline

    def _list_others(self) -> Iterator[str]:
        yield OPML
        yield from self._sitemaps.list_others()
        yield from self._documents.list_others()

    def _has(self, path: str) -> bool:
        return path.startswith(self._chosen)

    def _outline_embed(self, path: str, artifact: Artifact) -> Outline | None:
        listing = artifact.name
        stories = self._store.listings.list_newest(listing, SHOWN, guides=listing != CHANNEL)
        column = COLUMN_CARDS.get(name_list(listing)) if read_kind(listing) == "column" else None
        if listing == CHANNEL:
            heading, more = self._name, write_path(Artifact("home"))
        elif stories and column:
            heading, more = column.name, column.url
        elif read_kind(listing) == "account" and (stories or self._store.artifacts.load_cards((name_list(listing),))):
            card = self._cards[name_list(listing)]
            heading, more = card.name, card.url
        else:
            return None

        def make(articles: Articles) -> dict[str, Any]:
            return {"heading": heading, "more": more, "articles": tuple(articles[one] for one in stories)}

        return Outline(path, EMBED, make, stories)

    def _outline_feeds(self, path: str, _artifact: Artifact) -> Outline:
        """The feeds of the channel, then those of its lists by their kind. Tags are left out: they are too many."""
        columns = [(name_column(one.slug), one.name) for one in list_filled_columns(self._store)]
        accounts = [(name_account(card.id), card.name) for card in self._cards.list_all()]
        groups = [("频道", [(CHANNEL, self._name)]), ("栏目", columns), ("账号", accounts)]
        for kind in ("department", "region", "topic"):
            cards = name_lists(self._store, self._store.listings.list_lists(name_listing(kind, "")))
            groups.append((INDEX_NAMES[kind], [(listing, cards[listing].name) for listing in sorted(cards)]))
        listed = "".join(_write_group(name, self._list_feeds(lists)) for name, lists in groups)
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
            f"<head><title>{escape(self._name)}</title></head>\n<body>\n{listed}</body>\n</opml>\n"
        )
        return Outline(path, FEED_LISTS, give_nothing, write=lambda _: text.encode())

    def _list_feeds(self, lists: Sequence[tuple[str, str]]) -> Iterator[str]:
        for listing, name in lists:
            # One form of each feed, or a reader that takes over the list would have all news three times.
            feeds = sorted(self._filing.feeds.list_current(listing), key=lambda path: not path.endswith(".atom"))
            front = write_path(Artifact("home") if listing == CHANNEL else Artifact("front", listing))
            for feed in feeds[:1]:
                yield (
                    f'<outline type="rss" text={_quote(name)} title={_quote(name)} '
                    f"xmlUrl={_quote(f'{self._base}/{feed}')} htmlUrl={_quote(f'{self._base}/{front}')}/>\n"
                )


def _write_group(name: str, outlines: Iterator[str]) -> str:
    listed = "".join(outlines)
    return f"<outline text={_quote(name)}>\n{listed}</outline>\n" if listed else ""


def _quote(text: str) -> str:
    return quoteattr(drop_controls(text))
