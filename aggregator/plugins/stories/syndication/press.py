"""Feeds as bytes. An entry is made once for all feeds that are rendered together, in each form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import CHANNEL, FeedForm, Filing, story_path
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.plugins.stories.cards import AccountCard
from aggregator.plugins.stories.outline import Articles
from aggregator.plugins.stories.pictures import read_bodies
from aggregator.plugins.stories.syndication.atom import write_atom, write_atom_entry
from aggregator.plugins.stories.syndication.document import Document, Removed
from aggregator.plugins.stories.syndication.entries import (
    Entry,
    Source,
    add_shown,
    find_source,
    make_entry,
    make_entry_id,
    make_feed_id,
)
from aggregator.plugins.stories.syndication.jsonfeed import write_json, write_json_item
from aggregator.plugins.stories.syndication.markup import clean_text, escape_text
from aggregator.plugins.stories.syndication.outlines import FeedOutline
from aggregator.plugins.stories.syndication.rss import write_rss, write_rss_item
from aggregator.store import Store

KEPT = 1000
"""Entries kept from one feed to the next, at least; at most twice as many. Feeds of one time or one unit are rendered
one after another, and show the same.
"""


@dataclass(slots=True)
class _Made:
    """One entry with its text, and what it is in each form that was asked for."""

    brief: Entry
    whole: Entry | None = None
    """None as long as only summaries were asked for."""
    content: str = ""
    """HTML."""
    escaped: str = ""
    """The same as XML says it."""
    texts: dict[tuple[FeedForm, bool], str] = field(default_factory=dict)

    def write(self, form: FeedForm, *, whole: bool) -> str:
        key = form, whole
        if key not in self.texts:
            entry = self.whole if whole and self.whole else self.brief
            content = self.content if form == "json" else self.escaped
            self.texts[key] = _WRITE_ENTRY[form](entry, content if whole else "")
        return self.texts[key]


_WRITE_ENTRY: Mapping[FeedForm, Callable[[Entry, str], str]] = {
    "atom": write_atom_entry,
    "rss": write_rss_item,
    "json": write_json_item,
}
_WRITE: Mapping[FeedForm, Callable[[Document, str], bytes]] = {"atom": write_atom, "rss": write_rss, "json": write_json}


class FeedPress:
    """Renders feeds from the store's present rows."""

    def __init__(self, store: Store, settings: Mapping[str, Any], filing: Filing) -> None:
        self._store, self._settings, self._filing = store, settings, filing
        self._zone = ZoneInfo(settings["TIMEZONE"])
        self._base = f"{settings['SITEURL'].rstrip('/')}/"
        self._made: dict[str, _Made] = {}
        self._former: dict[str, _Made] = {}
        """Those that may go as soon as others come."""
        self._sources: dict[tuple[str, str], Source] = {}

    def render(self, path: str, outline: FeedOutline, articles: Articles) -> tuple[Document, bytes]:
        made = self._make_entries([articles[one] for one in outline.stories], whole=outline.whole)
        document = self._describe(path, outline, tuple(one.brief for one in made))
        between = ",\n" if outline.form == "json" else ""
        entries = between.join(one.write(outline.form, whole=outline.whole) for one in made)
        return document, _WRITE[outline.form](document, entries)

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
            hub="" if outline.current else self._settings["WEBSUB_HUB"],
            entries=entries,
            removed=tuple(
                Removed(make_entry_id(one.story), base + story_path(one.story), one.at.astimezone(self._zone))
                for one in outline.gone
            ),
        )

    def _make_entries(self, articles: Sequence[StoryArticle], *, whole: bool) -> list[_Made]:
        if len(self._made) > KEPT:
            self._made, self._former = {}, self._made
        for article in articles:
            if article.id in self._former:
                self._made[article.id] = self._former.pop(article.id)
        if fresh := [article for article in articles if article.id not in self._made]:
            self._made.update(self._make_briefs(fresh))
        if whole and (bare := [article for article in articles if self._made[article.id].whole is None]):
            self._add_texts(bare)
        return [self._made[article.id] for article in articles]

    def _make_briefs(self, articles: Sequence[StoryArticle]) -> Iterator[tuple[str, _Made]]:
        stories = [article.id for article in articles]
        origins = self._store.syndication.load_origins(stories)
        links, tags = self._store.listings.load_links(stories), self._store.syndication.load_tags(stories)
        for article in articles:
            one = article.id
            source = self._find_source(article.account, origins[one].feed)
            yield (
                one,
                _Made(make_entry(article, origins[one], links.get(one, ()), tags.get(one, ()), source, self._base)),
            )

    def _add_texts(self, articles: Sequence[StoryArticle]) -> None:
        bodies = read_bodies(articles, self._store, self._base)
        for article in articles:
            made = self._made[article.id]
            made.content = clean_text(bodies[article.id])
            made.escaped = escape_text(made.content)
            made.whole = add_shown(made.brief, article, made.content, self._base)

    def _find_source(self, account: AccountCard, feed: str) -> Source:
        key = account.id, feed
        if key not in self._sources:
            self._sources[key] = find_source(account, feed, self._base, self._filing.feeds)
        return self._sources[key]
