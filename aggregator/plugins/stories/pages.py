"""Every page of the site: its path, its template and what the template gets. Nothing is rendered here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.plugins.stories.articles import StoryArticle, split_list, story_url
from aggregator.plugins.stories.cards import KIND_NAMES, AccountCard, ColumnCard
from aggregator.plugins.stories.lists import FRONT, Day, Month, choose_home, group_days, group_months
from aggregator.plugins.stories.site import SiteContent, Tombstone

TILES = 8
"""Service tiles on the home page."""

_TEMPLATE_OF_GENRE = {"policy": "policy", "service": "service", "page": "page"}


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    template: str
    context: Mapping[str, Any]
    article: StoryArticle | None = None
    """Set on an article's own page: its body is still to be read from the store."""


def list_pages(content: SiteContent) -> Iterator[Page]:
    """All pages, the home page first, always in the same order."""
    channel = content.channel
    months = group_months(channel, "archive")
    yield _make_home(content, months)
    for article in content.articles:
        template = _TEMPLATE_OF_GENRE.get(article.genre, "article")
        yield Page(article.url, template, {"article": article}, article)
    for column in content.columns:
        yield from _make_column(column)
    yield Page("archive/index.html", "archive", {"months": months})
    yield from _make_months(months, f"{content.name}全部文章", "channel", None)
    yield from _make_accounts(content.cards)
    for tombstone in content.tombstones:
        yield _make_tombstone(tombstone)
    for source, target in content.redirects:
        yield Page(story_url(source), "redirect", {"target": story_url(target)})
    yield Page("404.html", "404", {})


def _make_home(content: SiteContent, months: Sequence[Month]) -> Page:
    services = [article for article in content.channel if article.genre == "service"]
    active = [card for card in content.cards.values() if card.status == "active"]
    kinds = Counter(card.kind_name for card in active if card.kind != "local")
    return Page(
        "index.html",
        "home",
        {
            "days": choose_home([article for article in content.channel if article.genre != "service"]),
            "services": tuple(sorted(services, key=lambda article: article.key)[:TILES]),
            "months": tuple(months),
            "accounts_total": len(active),
            "kinds": tuple((name, kinds[name]) for name in KIND_NAMES.values() if kinds[name]),
        },
    )


def _make_column(column: ColumnCard) -> Iterator[Page]:
    articles = column.articles
    months = group_months(articles, column.slug)
    front: dict[str, Any] = {
        "heading": column.name,
        "intro": column.description,
        "days": group_days(articles[:FRONT]),
        "articles": tuple(articles),
        "months": months,
        "month": None,
        "listing": "column",
        "column": column,
        "feeds": (),
    }
    template = column.slug if column.slug in {"policies", "services"} else "list"
    if column.slug == "services":
        front["groups"] = _group_events(articles)
    yield Page(f"{column.slug}/index.html", template, front)
    yield from _make_months(months, column.name, "column", column)


def _make_months(months: Sequence[Month], heading: str, listing: str, column: ColumnCard | None) -> Iterator[Page]:
    for month in months:
        yield Page(
            month.url,
            "list",
            {
                "heading": f"{heading} · {month.label}",
                "intro": "",
                "days": group_days(month.articles),
                "months": tuple(months),
                "month": month,
                "listing": listing,
                "column": column,
                "feeds": (),
            },
        )


def _group_events(articles: Sequence[StoryArticle]) -> tuple[tuple[str, tuple[StoryArticle, ...]], ...]:
    """Services by 人生事件, those with none last."""
    groups: dict[str, list[StoryArticle]] = {}
    for article in sorted(articles, key=lambda article: article.key):
        for event in split_list(article.header.get("人生事件", "")) or ("其他",):
            groups.setdefault(event, []).append(article)
    ordered = sorted(groups, key=lambda event: (event == "其他", -len(groups[event]), event))
    return tuple((event, tuple(groups[event])) for event in ordered)


def _make_accounts(cards: Mapping[str, AccountCard]) -> Iterator[Page]:
    active = [card for card in cards.values() if card.status == "active"]
    groups = tuple(
        (name, tuple(card for card in active if card.kind == kind))
        for kind, name in KIND_NAMES.items()
        if any(card.kind == kind for card in active)
    )
    closed = tuple(card for card in cards.values() if card.status != "active")
    yield Page("accounts/index.html", "accounts", {"groups": groups, "closed": closed})
    for card in cards.values():
        folder = f"accounts/{card.id}"
        months = group_months(card.articles, folder)
        yield _make_account(card, card.url, group_days(card.articles[:FRONT]), months, None)
        for month in months:
            yield _make_account(card, month.url, group_days(month.articles), months, month)


def _make_account(
    card: AccountCard, path: str, days: tuple[Day, ...], months: tuple[Month, ...], month: Month | None
) -> Page:
    return Page(path, "account", {"account": card, "days": days, "months": months, "month": month})


def _make_tombstone(tombstone: Tombstone) -> Page:
    return Page(
        story_url(tombstone.id),
        "withdrawn",
        {
            "article": tombstone,
            "withdrawn_on": tombstone.withdrawn_on,
            "reason": tombstone.reason,
            "replacement": None,
        },
    )
