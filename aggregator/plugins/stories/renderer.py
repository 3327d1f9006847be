"""Paths of the site -> the bytes of their files, from the store's present rows alone: the same for the same input."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Template
from pelican.plugins import signals

from aggregator.artifacts import Filing, read_path, story_path
from aggregator.model import Placement, StoredPost
from aggregator.plugins.stories.articles import StoryArticle, forget_links
from aggregator.plugins.stories.cards import AccountCards
from aggregator.plugins.stories.loader import ArticleLoader
from aggregator.plugins.stories.outline import Articles, Outline
from aggregator.plugins.stories.packing import Form, list_forms
from aggregator.plugins.stories.pages import PageOutlines
from aggregator.plugins.stories.portals import Portals
from aggregator.plugins.stories.proofs import make_proof, outline_proof
from aggregator.plugins.stories.search import SEARCH, SearchFiles
from aggregator.plugins.stories.story_pages import choose_template
from aggregator.plugins.stories.syndication import FEED, FeedPress
from aggregator.store import Store, StoryFiles

BATCH = 250
"""Paths whose articles are looked for together."""

SHOWN = 1500
"""Articles that pages rendered together show, about: what memory holds."""

ASSET = "asset"
COPY = "file"
"""Stand for templates where a file is copied as it is."""


class Host(Protocol):
    """What rendering needs of Pelican's generator."""

    filing: Filing

    context: dict[str, Any]
    settings: dict[str, Any]
    asset_files: Mapping[str, Path]
    articles: list[StoryArticle]
    searches: bool
    """Whether the theme has a page to search from."""

    def get_template(self, name: str) -> Template: ...
    def has_template(self, name: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the site, rendered."""

    path: str
    template: str
    data: bytes
    context: Mapping[str, Any]
    files: StoryFiles | None = None
    """On a story's page: what it has to do with foreign files."""
    feed: Any = None
    """Of a feed: what it tells, whatever its form."""


class Renderer:
    """Renders what it is asked for, and reads of the store no more than that needs."""

    def __init__(self, host: Host, store: Store) -> None:
        self._host, self._store = host, store
        self._packs = bool(host.settings["PRECOMPRESS"])
        self.zone = ZoneInfo(host.settings["TIMEZONE"])
        self._cards = cards = AccountCards(store)
        self._loader = ArticleLoader(store, cards, host.settings, self._announce)
        self._outlines = PageOutlines(
            store, cards, host.settings["SITENAME"], self.zone, host.filing, host.has_template
        )
        self._search = SearchFiles(store, cards, self.zone) if host.searches else None
        self._feeds = FeedPress(store, host.settings, host.filing)
        self._portals = Portals(store, cards, host.settings, self.zone, host.filing)
        self._templates: dict[str, Template] = {}

    def list_all(self) -> Iterator[str]:
        """Paths of all pages, feeds and files of the theme; copies of foreign files follow from the pages."""
        yield from self.list_assets()
        # Early, when many paths are handed out at once: a part of the index is made as a whole.
        yield from self.list_search()
        yield from self._portals.list_with(self._outlines.list_all())

    def list_assets(self) -> tuple[str, ...]:
        """Paths of the theme's own files."""
        return tuple(self._host.asset_files)

    def list_search(self) -> Iterator[str]:
        """Paths of the search page and the files it reads."""
        return self._search.list_all() if self._search else iter(())

    def list_helping(self, templates: Container[str]) -> Iterator[str]:
        """Paths of pages that nothing in the store leads to, those of these templates."""
        return self._outlines.list_helping(templates)

    def render(self, paths: Iterable[str]) -> Iterator[Page]:
        """The files at these paths, in an order of their own; a path that has nothing to show has none."""
        left = iter(paths)
        while batch := list(islice(left, BATCH)):
            yield from self._render_assets(batch)
            if self._search:
                yield from (Page(path, SEARCH, data, {}) for path, data in self._search.make(batch))
                yield from self._render_outlines(tuple(self._search.outline(batch)), frozenset())
            wanted, documents = {*batch}, self._portals.list_stories(batch)
            # A document says what its page says, and is made with it.
            pages = [*batch, *sorted({story_path(one) for one in documents} - wanted)]
            outlines = chain(self._outlines.outline(pages), self._portals.outline(batch))
            for portion in _take(outlines, SHOWN):
                rendered = self._render_outlines(portion, documents)
                yield from (page for page in rendered if page.path in wanted)

    def list_forms(self, path: str) -> Iterator[tuple[str, Form]]:
        """(path, form) of the compressed forms that a file of the site is to have beside it."""
        return list_forms(path) if self._packs else iter(())

    def render_proof(self, stored: StoredPost, placement: Placement) -> Page:
        """The page of a post that need not be in the store, nor as it is there."""
        article = make_proof(stored, placement, self._store, self._cards, self._host.settings)
        self._announce([article])
        outline = outline_proof(article, stored, self._store, self._host.filing, self.zone)
        articles = {**self._loader.load(outline.shows), article.id: article}
        return self._render_page(outline, choose_template(article), articles)

    def _render_assets(self, paths: Sequence[str]) -> Iterator[Page]:
        for path in paths:
            if file := self._host.asset_files.get(path):
                yield Page(path, ASSET, file.read_bytes(), {})

    def _render_outlines(self, outlines: Sequence[Outline], documents: Set[str]) -> Iterator[Page]:
        whole = [outline.story for outline in outlines if outline.story]
        articles = self._loader.load((one for outline in outlines for one in outline.shows), whole)
        changed = self._portals.load_changed([one for one in whole if one in documents])
        for outline in outlines:
            if outline.write:
                yield Page(outline.path, outline.template, outline.write(articles), {})
            elif outline.template == FEED:
                yield self._render_feed(outline, articles)
            elif not outline.story:
                yield self._render_page(outline, outline.template, articles)
            elif outline.story in articles:
                article = articles[outline.story]
                yield self._render_page(outline, choose_template(article), articles)
                if article.id in changed:
                    yield Page(*self._portals.write_story(article, changed[article.id]), {})
                article.content = ""
                forget_links(article)

    def _render_page(self, outline: Outline, template: str, articles: Articles) -> Page:
        own = {**outline.make(articles), "root": self._find_root(outline.path), "here": outline.path}
        if template not in self._templates:
            self._templates[template] = self._host.get_template(template)
        article = articles[outline.story] if outline.story else None
        if article is not None:
            signals.article_generator_write_article.send(self._host, content=article)
        data = _render_template(self._templates[template], self._host.context, own).encode()
        context = ChainMap(own, self._host.context)
        return Page(outline.path, template, data, context, _describe_files(outline, article))

    def _render_feed(self, outline: Outline, articles: Articles) -> Page:
        document, data = self._feeds.render(outline.path, outline.make(articles)["feed"], articles)
        signals.feed_generated.send(self._host.context, feed=document)
        return Page(outline.path, FEED, data, {}, feed=document)

    def _find_root(self, path: str) -> str:
        if path == "404.html":
            # A page that is shown for any missing address cannot know how deep it stands.
            return f"{urlsplit(self._host.settings['SITEURL']).path.rstrip('/')}/"
        return "../" * path.count("/")

    def _announce(self, fresh: Sequence[StoryArticle]) -> None:
        """Tell Pelican's plugins of articles that are about to be shown."""
        self._host.articles = list(fresh)
        signals.article_generator_pretaxonomy.send(self._host)
        signals.article_generator_finalized.send(self._host)


def _render_template(template: Template, shared: dict[str, Any], own: Mapping[str, Any]) -> str:
    """As `Template.render` does with the names that all pages share and a page's own, but without three copies of those
    hundreds of names.
    """
    environment = template.environment
    names = environment.context_class(environment, shared, template.name, template.blocks, environment.globals)
    names.vars.update((name, value) for name, value in environment.globals.items() if name not in shared)
    names.vars.update(own)
    try:
        return str(environment.concat(template.root_render_func(names)))
    except Exception:  # noqa: BLE001  it is raised again, with the template's own lines
        environment.handle_exception()


def _describe_files(outline: Outline, article: StoryArticle | None) -> StoryFiles | None:
    if article is not None:
        if not article.asked and not article.uses:
            return StoryFiles(article.id)
        return StoryFiles(article.id, tuple(sorted(article.asked)), tuple(sorted(article.uses.items())))
    artifact = read_path(outline.path)
    return StoryFiles(artifact.name) if artifact.kind == "story" else None


def _take(outlines: Iterable[Outline], shown: int) -> Iterator[Sequence[Outline]]:
    """In portions that show about so many articles."""
    portion: list[Outline] = []
    count = 0
    for outline in outlines:
        portion.append(outline)
        count += len(outline.shows)
        if count >= shown:
            yield portion
            portion, count = [], 0
    if portion:
        yield portion
