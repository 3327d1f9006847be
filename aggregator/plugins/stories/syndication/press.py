"""Feeds as bytes. An entry is made once for all feeds that are rendered together, in each form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import CHANNEL, FeedForm, Filing, story_path
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.plugins.stories.cards import AccountCard
from aggregator.plugins.stories.outline import Articles
from aggregator.plugins.stories.pictures import read_bodies
from aggregator.plugins.stories.recent import Recent
from aggregator.plugins.stories.syndication.atom import frame_atom, write_atom_entry
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
from aggregator.plugins.stories.syndication.jsonfeed import frame_json, write_json_item
from aggregator.plugins.stories.syndication.markup import clean_text, escape_text
from aggregator.plugins.stories.syndication.outlines import FeedOutline
from aggregator.plugins.stories.syndication.rss import frame_rss, write_rss_item
from aggregator.store import Store

KEPT = 8000
"""Entries kept from one feed to the next, at least: as many as articles."""

KEPT_TEXT = 32_000_000
"""Bytes of entries as feeds have them, kept likewise: those of a month are in the archives of their accounts, and then
in the channel's.
"""


@dataclass(frozen=True, slots=True)
class _Whole:
    """An entry with its text."""

    entry: Entry
    content: str
    """HTML."""
    escaped: str
    """The same as XML says it."""


_WRITE_ENTRY: Mapping[FeedForm, Callable[[Entry, str], str]] = {
    "atom": write_atom_entry,
    "rss": write_rss_item,
    "json": write_json_item,
}
_FRAME: Mapping[FeedForm, Callable[[Document], tuple[str, str]]] = {
    "atom": frame_atom,
    "rss": frame_rss,
    "json": frame_json,
}


class FeedPress:
    """Renders feeds from the store's present rows."""

    def __init__(self, store: Store, settings: Mapping[str, Any], filing: Filing) -> None:
        self._store, self._settings, self._filing = store, settings, filing
        self._zone = ZoneInfo(settings["TIMEZONE"])
        self._base = f"{settings['SITEURL'].rstrip('/')}/"
        self._entries: Recent[Entry] = Recent(KEPT)
        """As summaries."""
        self._texts: Recent[bytes] = Recent(KEPT_TEXT, len)
        self._wholes: Mapping[str, _Whole] = {}
        """Of the document before: the next one may be the same list's in another form."""
        self._sources: dict[tuple[str, str], Source] = {}

    def render(self, path: str, outline: FeedOutline, articles: Articles) -> tuple[Document, bytes]:
        shown = [articles[one] for one in outline.stories]
        entries = self._make_entries(shown)
        document = self._describe(path, outline, tuple(entries.values()))
        head, tail = _FRAME[outline.form](document)
        between = b",\n" if outline.form == "json" else b""
        told = between.join(self._write_entries(outline, shown, entries))
        return document, b"".join((head.encode(), told, tail.encode()))

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

    def _make_entries(self, articles: Sequence[StoryArticle]) -> Mapping[str, Entry]:
        """Entries by story, in the order of the articles."""
        found = {article.id: self._entries.get(article.id) for article in articles}
        fresh = [article for article in articles if found[article.id] is None]
        made = dict(self._make_fresh(fresh)) if fresh else {}
        return {story: entry or self._entries.keep(story, made[story]) for story, entry in found.items()}

    def _make_fresh(self, articles: Sequence[StoryArticle]) -> Iterator[tuple[str, Entry]]:
        stories = [article.id for article in articles]
        origins = self._store.syndication.load_origins(stories)
        links, tags = self._store.listings.load_links(stories), self._store.syndication.load_tags(stories)
        for article in articles:
            one = article.id
            source = self._find_source(article.account, origins[one].feed)
            yield one, make_entry(article, origins[one], links.get(one, ()), tags.get(one, ()), source, self._base)

    def _write_entries(
        self, outline: FeedOutline, articles: Sequence[StoryArticle], entries: Mapping[str, Entry]
    ) -> Iterator[bytes]:
        """What the entries are in the form of a feed, one after another."""
        form, write = outline.form, _WRITE_ENTRY[outline.form]
        texts = {one.id: self._texts.get((form, outline.whole, one.id)) for one in articles}
        fresh = [one for one in articles if texts[one.id] is None]
        wholes = self._read_wholes(fresh, entries) if outline.whole and fresh else {}
        for story, text in texts.items():
            if text is not None:
                yield text
                continue
            whole = wholes.get(story)
            content = "" if whole is None else whole.content if form == "json" else whole.escaped
            made = write(entries[story] if whole is None else whole.entry, content).encode()
            yield self._texts.keep((form, outline.whole, story), made)

    def _read_wholes(self, articles: Sequence[StoryArticle], entries: Mapping[str, Entry]) -> Mapping[str, _Whole]:
        fresh = [one for one in articles if one.id not in self._wholes]
        bodies = read_bodies(fresh, self._store, self._base)
        known = self._wholes
        self._wholes = wholes = {one.id: known[one.id] for one in articles if one.id in known}
        for article in fresh:
            content = clean_text(bodies[article.id])
            entry = add_shown(entries[article.id], article, content, self._base)
            wholes[article.id] = _Whole(entry, content, escape_text(content))
        return wholes

    def _find_source(self, account: AccountCard, feed: str) -> Source:
        key = account.id, feed
        if key not in self._sources:
            self._sources[key] = find_source(account, feed, self._base, self._filing.feeds)
        return self._sources[key]
