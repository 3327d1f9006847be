"""Feeds as bytes. An entry is made once for all feeds that are rendered together, in each form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import CHANNEL, FeedForm, Filing, story_path
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.plugins.stories.outline import Articles
from aggregator.plugins.stories.pictures import read_bodies
from aggregator.plugins.stories.syndication.atom import write_atom, write_atom_entry
from aggregator.plugins.stories.syndication.document import Document, Removed
from aggregator.plugins.stories.syndication.entries import Entry, make_entry, make_entry_id, make_feed_id
from aggregator.plugins.stories.syndication.jsonfeed import write_json, write_json_item
from aggregator.plugins.stories.syndication.markup import clean_text, escape_text
from aggregator.plugins.stories.syndication.outlines import FeedOutline
from aggregator.plugins.stories.syndication.rss import write_rss, write_rss_item
from aggregator.store import Store

KEPT = 400
"""Entries kept from one feed to the next, at least; at most twice as many. They lie beside those of the same time."""


@dataclass(slots=True)
class _Made:
    """One entry, and its text in each form that was asked for."""

    entry: Entry
    content: str
    """Escaped for XML."""
    texts: dict[str, str] = field(default_factory=dict)

    def write(self, form: FeedForm) -> str:
        if form not in self.texts:
            self.texts[form] = _WRITE_ENTRY[form](self)
        return self.texts[form]


_WRITE_ENTRY: Mapping[FeedForm, Callable[[_Made], str]] = {
    "atom": lambda made: write_atom_entry(made.entry, made.content),
    "rss": lambda made: write_rss_item(made.entry, made.content),
    "json": lambda made: write_json_item(made.entry),
}
_WRITE: Mapping[FeedForm, Callable[[Document, str], bytes]] = {"atom": write_atom, "rss": write_rss, "json": write_json}


class FeedPress:
    """Renders feeds from the store's present rows."""

    def __init__(self, store: Store, settings: Mapping[str, Any], filing: Filing) -> None:
        self._store, self._settings, self._filing = store, settings, filing
        self._zone = ZoneInfo(settings["TIMEZONE"])
        self._base = f"{settings['SITEURL'].rstrip('/')}/"
        self._made: dict[tuple[str, bool], _Made] = {}
        self._former: dict[tuple[str, bool], _Made] = {}

    def render(self, path: str, outline: FeedOutline, articles: Articles) -> tuple[Document, bytes]:
        made = self._make_entries([articles[one] for one in outline.stories], whole=outline.whole)
        document = self._describe(path, outline, tuple(one.entry for one in made))
        between = ",\n" if outline.form == "json" else ""
        return document, _WRITE[outline.form](document, between.join(one.write(outline.form) for one in made))

    def _describe(self, path: str, outline: FeedOutline, entries: tuple[Entry, ...]) -> Document:
        name, base = clean_text(self._settings["SITENAME"]), self._base
        is_channel = outline.listing == CHANNEL
        return Document(
            id=base if is_channel else make_feed_id(outline.listing),
            title=" - ".join(filter(None, (clean_text(outline.title), name))),
            description=clean_text(self._settings.get("DESCRIPTION", "")) if is_channel else "",
            publisher=name,
            page=base + ("" if outline.page == "index.html" else outline.page),
            url=base + path,
            current=outline.current and base + outline.current,
            older=outline.older and base + outline.older,
            newer=outline.newer and base + outline.newer,
            entries=entries,
            removed=tuple(
                Removed(make_entry_id(one.story), base + story_path(one.story), one.at.astimezone(self._zone))
                for one in outline.gone
            ),
        )

    def _make_entries(self, articles: Sequence[StoryArticle], *, whole: bool) -> list[_Made]:
        if len(self._made) > KEPT:
            self._made, self._former = {}, self._made
        fresh = []
        for article in articles:
            key = article.id, whole
            if key in self._former:
                self._made[key] = self._former.pop(key)
            elif key not in self._made:
                fresh.append(article)
        stories = [article.id for article in fresh]
        bodies = read_bodies(fresh, self._store, self._base) if whole else {}
        origins = self._store.syndication.load_origins(stories)
        links, tags = self._store.listings.load_links(stories), self._store.syndication.load_tags(stories)
        for article in fresh:
            one = article.id
            entry = make_entry(
                article, origins[one], links.get(one, ()), tags.get(one, ()), bodies.get(one, ""), self._base,
                self._filing.feeds,
            )  # fmt: skip
            self._made[one, whole] = _Made(entry, escape_text(entry.content))
        return [self._made[article.id, whole] for article in articles]
