"""The pages of stories: articles, notices of withdrawal, redirects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import Artifact, Entry, name_column, read_kind, story_path, write_path
from aggregator.model import LinkRelation, Story
from aggregator.plugins.stories.articles import RELATED, Neighbour, StoryArticle, link_article
from aggregator.plugins.stories.catalog import ListCard, name_lists
from aggregator.plugins.stories.contents import place_anchors
from aggregator.plugins.stories.gone import Gone, find_gone
from aggregator.plugins.stories.history import tell_history
from aggregator.plugins.stories.kin import find_kin, is_explanation, is_policy
from aggregator.plugins.stories.outline import Articles, Outline
from aggregator.store import Store

_TEMPLATE_OF_GENRE = {"service": "service", "page": "page"}

Links = tuple[tuple[str, LinkRelation], ...]
"""(other story, what the story is to it), the closest first."""

_FILED = ("region", "topic", "tag")


def outline_stories(store: Store, stories: Sequence[str], zone: ZoneInfo) -> Iterator[Outline]:
    """The page of each of these stories that there is."""
    entries = store.entries.load(stories)
    placed = store.stories.find_placed(stories)
    beside = find_neighbours(store, entries)
    links = store.listings.load_links(stories)
    cards = name_lists(store, {one for entry in entries for one in entry.lists})
    for entry in entries:
        if entry.story in placed:
            neighbours = beside.get(entry.story, (None, None))
            yield outline_article(store, entry, neighbours, links.get(entry.story, ()), cards, zone)
    yield from _outline_others(store, store.stories.load([one for one in stories if one not in placed]), zone)


def choose_template(article: StoryArticle) -> str:
    if is_policy(article):
        return "policy"
    if is_explanation(article) and article.genre in ("explanation", "post"):
        return "explanation"
    return _TEMPLATE_OF_GENRE.get(article.genre, "article")


def find_neighbours(store: Store, entries: Sequence[Entry]) -> Mapping[str, tuple[Neighbour | None, Neighbour | None]]:
    """Story -> (newer, older) in its column."""
    column = name_column("")
    places = {one.story: (name, one.date) for one in entries for name in one.lists if name.startswith(column)}
    beside = store.listings.find_all_neighbours(places)
    titles = store.stories.load_titles(sorted({one for pair in beside.values() for one in pair if one}))

    def show(story: str | None) -> Neighbour | None:
        return Neighbour(titles[story], story_path(story)) if story else None

    return {story: (show(newer), show(older)) for story, (newer, older) in beside.items()}


def outline_article(
    store: Store, entry: Entry, beside: tuple[Neighbour | None, Neighbour | None], links: Links,
    cards: Mapping[str, ListCard], zone: ZoneInfo,
) -> Outline:  # fmt: skip
    kin = find_kin(store, entry)
    relatives = kin.shows
    linked = _choose_links(links, RELATED + len(relatives))

    def make(articles: Articles) -> dict[str, Any]:
        article = articles[entry.story]
        kin.link(article, articles)
        link_article(article, [(articles[other], relation) for other, relation in linked if other in articles])
        article.newer, article.older = beside
        article.offices = _list_offices(store, article, entry)
        filed = _choose_filed(store, article, [one for one in entry.lists if one in cards])
        article.filed = tuple(cards[one] for kind in _FILED for one in filed if read_kind(one) == kind)
        if is_policy(article):
            article.events = tell_history(article, store.posts.list_changes(article.post), zone)
        if is_policy(article) or article.genre == "service":
            article.content, article.contents = place_anchors(article.content)
        return {"article": article}

    shows = (entry.story, *relatives, *(other for other, _ in linked))
    return Outline(story_path(entry.story), "", make, shows, entry.story)


def _list_offices(store: Store, article: StoryArticle, entry: Entry) -> tuple[tuple[str, str], ...]:
    """The units of the publisher, where each of them has a list."""
    if not any(read_kind(one) == "department" for one in entry.lists):
        return ()
    units = store.filings.find_units(article.publisher)
    if not all(listing in entry.lists for _, listing in units):
        return ()
    return tuple((name, write_path(Artifact("front", listing))) for name, listing in units)


def _choose_filed(store: Store, article: StoryArticle, lists: Sequence[str]) -> tuple[str, ...]:
    """Those that say what it is about: what the city tells is no region's because an account there passes it on."""
    if not any(read_kind(one) == "region" for one in lists):
        return tuple(sorted(lists))
    own = store.filings.list_of_account(article.account.id)
    return tuple(one for one in sorted(lists) if read_kind(one) != "region" or one in own)


def _choose_links(links: Links, related: int) -> Links:
    """All corrections, and as much related news: as many as its page can show, whatever it leaves out."""
    corrections = tuple(link for link in links if link[1] != "related")
    return (*corrections, *links[len(corrections) : len(corrections) + related])


def _outline_others(store: Store, stories: Sequence[Story], zone: ZoneInfo) -> Iterator[Outline]:
    for one in find_gone(store, stories, zone):
        yield _outline_redirect(one.id, one.target) if one.state == "merged" else _outline_withdrawn(one)


def _outline_redirect(story: str, target: str) -> Outline:
    return Outline(story_path(story), "redirect", lambda _: {"target": story_path(target)})


def _outline_withdrawn(gone: Gone) -> Outline:
    told = {
        "article": gone, "withdrawn_on": gone.at, "reason": gone.reason, "replacement": gone.replacement,
        "purged": gone.state == "purged",
    }  # fmt: skip
    return Outline(gone.url, "withdrawn", lambda _: told)
