"""A post as its own page would show it, whatever the store has of it: for those who look before they publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import Entry, Filing
from aggregator.model import PAGES, Member, Placement, StoredPost, Story
from aggregator.plugins.stories.articles import OPENING, StoryArticle, make_article
from aggregator.plugins.stories.cards import AccountCards
from aggregator.plugins.stories.catalog import ListCard, make_card, name_lists
from aggregator.plugins.stories.kin import POLICIES, SUCCESSORS
from aggregator.plugins.stories.outline import Outline
from aggregator.plugins.stories.outward import list_trusted, make_outside, mark_links
from aggregator.plugins.stories.pictures import place_bodies, place_covers
from aggregator.plugins.stories.story_pages import find_neighbours, outline_article
from aggregator.store import TAGS, Described, Store, describe_documents, split_list


def make_proof(
    stored: StoredPost, placement: Placement, store: Store, cards: AccountCards, settings: Mapping[str, Any]
) -> StoryArticle:
    """The article of a post, with its body. `placement.story` is the story that it is in, or an id that none has."""
    others: tuple[Member, ...] = ()
    for story in store.stories.load((placement.story,)):
        others = tuple(member for member in story.members if member.post != stored.id)
    story = Story(placement.story, stored.id, stored.id, (Member(stored.id, "lead", 1.0, ""), *others))
    posts = {one.id: one for one in store.posts.load([member.post for member in others], bodies=False)}
    posts[stored.id] = stored
    opening = "" if stored.post.summary else stored.post.text[:OPENING]
    article = make_article(story, posts, placement, opening, cards, settings)
    place_covers((article,), store)
    article.form = _describe(article, stored).form
    body = place_bodies((article,), {story.id: stored.post.html}, store, "../")[story.id]
    article.content = mark_links(body, make_outside(list_trusted(settings)))
    return article


def outline_proof(article: StoryArticle, stored: StoredPost, store: Store, filing: Filing, zone: ZoneInfo) -> Outline:
    """Its page: what it names now, and the neighbours and links that its story has already."""
    story = article.id
    named = (name for key in (POLICIES, SUCCESSORS) for name in split_list(article.header.get(key, "")))
    number = article.header.get("编号", "")
    cards, units = _file_draft(article, store, filing)
    described = _describe(article, stored)
    entry = Entry(
        story,
        (*cards, *units),
        numbers=(number,) if number else (),
        relations=tuple(named),
        names=tuple(name for name, _ in described.names),
        mentions=described.mentions,
    )
    beside = find_neighbours(store, store.entries.load((story,))).get(story, (None, None))
    outline = outline_article(store, entry, beside, store.listings.load_links((story,)).get(story, ()), cards, zone)
    return replace(outline, shows=tuple(one for one in outline.shows if one != story))


def _file_draft(article: StoryArticle, store: Store, filing: Filing) -> tuple[Mapping[str, ListCard], tuple[str, ...]]:
    """Lists that a draft would be in, and those of its units: they need not be there yet."""
    if article.column is None or article.expired_on is not None:
        return {}, ()
    tags = filing.file_tags(split_list(article.header.get(TAGS, "")))
    cards = {listing: make_card(listing, label) for listing, label in tags}
    own = name_lists(store, store.filings.list_of_account(article.account.id))
    if "department" not in filing.kinds:
        return {**own, **cards}, ()
    return {**own, **cards}, tuple(listing for _, listing in store.filings.find_units(article.publisher))


def _describe(article: StoryArticle, stored: StoredPost) -> Described:
    post = stored.post
    files = [value for one in post.attachments for value in (one.url, one.title, one.media_type) if value]
    column = article.column.slug if article.column else PAGES
    return describe_documents(column, post.genre, article.header, post.title, post.text, post.html, files)
