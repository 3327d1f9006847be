"""The store's present state as the theme sees it: articles, accounts, columns, menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.channel import COLUMNS, PAGES
from aggregator.model import Account, Registry, Rulings, StoredPost, Story
from aggregator.plugins.stories.articles import (
    OPENING,
    StoryArticle,
    link_articles,
    make_article,
    relate_articles,
    story_url,
)
from aggregator.plugins.stories.cards import AccountCard, ColumnCard, make_cards, make_column_cards
from aggregator.store import Store

Menu = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A withdrawn story: its address stays and says so."""

    id: str
    title: str
    url: str
    date: datetime
    withdrawn_on: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class SiteContent:
    name: str
    articles: tuple[StoryArticle, ...]
    """Everything with a page of its own, in the channel's order."""
    cards: Mapping[str, AccountCard]
    columns: tuple[ColumnCard, ...]
    """Those that have something in them: an empty one is not shown (国办秘函〔2019〕19号)."""
    tombstones: tuple[Tombstone, ...]
    redirects: tuple[tuple[str, str], ...]

    @property
    def channel(self) -> tuple[StoryArticle, ...]:
        """What the lists show: all but the site's own pages."""
        return tuple(article for article in self.articles if article.column is not None)


def read_site(store: Store, registry: Registry, settings: Mapping[str, Any]) -> SiteContent:
    """Read the whole channel, without bodies."""
    placements = store.stories.load_placements()
    stories = {story.id: story for story in store.stories.load()}
    wanted = {member.post for placement in placements for member in stories[placement.story].members}
    withdrawn = store.stories.load_withdrawn()
    wanted.update(story.lead for story in withdrawn)
    posts = {stored.id: stored for stored in store.posts.load(sorted(wanted), bodies=False)}
    cards = make_cards((*registry.accounts, *_missing_accounts(registry, posts.values())))
    columns = make_column_cards(COLUMNS)
    leads = {stories[placement.story].lead for placement in placements}
    openings = store.posts.load_openings(sorted(lead for lead in leads if not posts[lead].post.summary), OPENING)
    articles = tuple(
        make_article(
            story := stories[placement.story], posts, placement, openings.get(story.lead, ""), cards, columns, settings
        )
        for placement in placements
    )
    relate_articles(articles)
    link_articles(articles, store.stories.load_links())
    for article in articles:
        if article.column is not None:
            article.column.articles.append(article)
            for card in {
                id(one): one for one in (article.account, *(copy.account for copy in article.copies))
            }.values():
                card.articles.append(article)
    zone = ZoneInfo(settings["TIMEZONE"])
    rulings = store.rulings.load()
    tombstones = tuple(_make_tombstone(story, posts[story.lead], rulings, zone) for story in withdrawn)
    filled = tuple(column for column in columns.values() if column.articles)
    return SiteContent(settings["SITENAME"], articles, cards, filled, tombstones, store.stories.load_redirects())


def _make_tombstone(story: Story, lead: StoredPost, rulings: Rulings, zone: ZoneInfo) -> Tombstone:
    gone = lead.withdrawn_at
    reason = "发布单位已撤下原文。"
    if gone is None:
        # Live, and yet not in the channel: staff hid the story, or the last post of it.
        stated = [rulings.hidden_stories.get(story.id, ""), rulings.hidden_posts.get(lead.id, "")]
        reason = next(filter(None, stated), "本站编辑部已撤下。")
    return Tombstone(
        story.id,
        lead.post.title,
        story_url(story.id),
        lead.date.astimezone(zone),
        gone.astimezone(zone) if gone else None,
        reason,
    )


def _missing_accounts(registry: Registry, posts: Iterable[StoredPost]) -> tuple[Account, ...]:
    """Accounts that have posts but left the registry: their addresses are promised all the same."""
    known = {account.id for account in registry.accounts}
    missing = sorted({stored.post.account for stored in posts} - known)
    return tuple(Account(one, one, one, "", "department", "", status="closed") for one in missing)


def resolve_menu(menu: Sequence[tuple[str, Sequence[tuple[str, str]]]], content: SiteContent) -> Menu:
    """The menu of the settings with addresses; an entry that leads nowhere is left out, and an empty menu too."""
    resolved = tuple((name, resolve_links(entries, content)) for name, entries in menu)
    return tuple((name, entries) for name, entries in resolved if entries)


def resolve_links(entries: Sequence[tuple[str, str]], content: SiteContent) -> tuple[tuple[str, str], ...]:
    """(label, address) of entries whose target is `column:notices`, `page:about` (a draft's 编号), or an address."""
    pages = {article.key: article.url for article in content.articles if article.genre != "post"}
    columns = {column.slug for column in content.columns}
    links: list[tuple[str, str]] = []
    for label, target in entries:
        scheme, _, name = target.partition(":")
        if scheme == "column":
            if name in columns and name != PAGES:
                links.append((label, f"{name}/index.html"))
        elif scheme == "page":
            if name in pages:
                links.append((label, pages[name]))
        else:
            links.append((label, target))
    return tuple(links)
