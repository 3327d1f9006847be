"""Every page of the site: its template, the stories it shows, and what the template gets. Nothing is rendered here."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, cast
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CHANNEL,
    MAP,
    Artifact,
    Filing,
    Kind,
    ListKind,
    PeriodNames,
    find_bounds,
    name_account,
    name_column,
    name_day,
    name_list,
    read_kind,
    read_path,
    story_path,
    write_path,
)
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.plugins.stories.cards import (
    COLUMN_CARDS,
    KIND_NAMES,
    AccountCards,
    ColumnCard,
)
from aggregator.plugins.stories.catalog import INDEX_NAMES, ListCard, find_topic_intro, list_indexes, name_lists
from aggregator.plugins.stories.directory_pages import DirectoryOutlines
from aggregator.plugins.stories.indexes import outline_index, outline_map
from aggregator.plugins.stories.library import LIBRARY, outline_front, outline_month, outline_year
from aggregator.plugins.stories.lists import (
    FRONT,
    Day,
    Month,
    Pager,
    choose_home,
    group_days,
    make_front_pager,
    make_pager,
)
from aggregator.plugins.stories.outline import Articles, Outline, give_nothing
from aggregator.plugins.stories.planning import list_feeds, list_pages
from aggregator.plugins.stories.story_pages import outline_stories
from aggregator.plugins.stories.syndication import feeds_of, outline_catalog, outline_feed
from aggregator.plugins.stories.tabs import find_tabs, make_tabs
from aggregator.store import Store, split_list

TILES = 8
"""Service tiles on the home page."""

OTHER_EVENTS = "其他"

_HELPING: dict[Kind, str] = {"lost": "404", "feedback": "feedback", "leaving": "leaving"}
"""Kinds of pages that show nothing of the store -> their templates."""

_OWN_FRONTS = {"services"}
"""Columns whose front page has a template of its own, and is a list as the others."""


class PageOutlines:
    """The outlines of pages by their paths, from the store's present rows."""

    def __init__(
        self, store: Store, cards: AccountCards, name: str, zone: ZoneInfo, filing: Filing,
        has_template: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self._store, self._cards, self._name, self._zone, self._filing = store, cards, name, zone, filing
        # An account's front page and its tabs lie side by side, and each has all of these.
        self._find_tabs = lru_cache(maxsize=8)(partial(find_tabs, store))
        self._make_front_pager = lru_cache(maxsize=8)(partial(make_front_pager, store))
        self._directory = DirectoryOutlines(store, cards, zone)
        # A theme of one's own need not have all of them.
        self._helping = {kind: template for kind, template in _HELPING.items() if has_template(template)}

    def list_helping(self, templates: Container[str]) -> Iterator[str]:
        """Paths of the pages that show nothing of the store, those of these templates."""
        return (write_path(Artifact(kind)) for kind, template in self._helping.items() if template in templates)

    def list_all(self) -> Iterator[str]:
        """Paths of all pages and feeds of the site: those of one time lie together, as they show the same stories."""
        kinds: tuple[Kind, ...] = ("home", "archive", "feeds", *self._helping)
        for kind in kinds:
            yield write_path(Artifact(kind))
        if self._filing.sitemap:
            yield MAP
        yield from (url for _, url in list_indexes(self._store, self._filing))
        yield from self._directory.list_all()
        lists = {
            CHANNEL,
            *self._store.listings.list_lists(),
            *(name_account(card.id) for card in self._cards.list_all()),
        }
        pages = {path for listing in lists for path in list_pages(self._store, listing, self._zone)}
        pages.discard(write_path(Artifact("archive")))
        pages |= {
            path for listing in lists for path in list_feeds(self._store, listing, self._zone, self._filing.feeds)
        }
        # A page of the past comes before its stories: "~" is greater than what follows in the name of a day.
        # What shows the newest of a list lies beside the same of others that are named alike: a unit and its account.
        artifacts = ((path, read_path(path)) for path in pages)
        dated = [(f"{one.period}~{'' if one.period else name_list(one.name)}", path) for path, one in artifacts]
        find_day = PeriodNames(name_day, self._zone)
        dated += [(find_day(date), story_path(story)) for story, date in self._store.stories.list_all()]
        yield from (path for _, path in sorted(dated, reverse=True))

    def outline(self, paths: Sequence[str]) -> Iterator[Outline]:
        """Of those of the paths that there is a page for."""
        artifacts = [read_path(path) for path in paths]
        yield from outline_stories(self._store, [one.name for one in artifacts if one.kind == "story"], self._zone)
        for path, artifact in zip(paths, artifacts, strict=True):
            if artifact.kind == "home":
                yield self._outline_home()
            elif artifact.kind == "archive":
                yield self._outline_archive()
            elif artifact.kind == "accounts":
                yield from self._directory.outline(path)
            elif artifact.kind == "index":
                yield from outline_index(self._store, self._filing, cast("ListKind", artifact.name))
            elif artifact.kind == "map":
                yield from outline_map(self._store, self._filing)
            elif artifact.kind == "feeds":
                yield outline_catalog(self._store, self._filing)
            elif artifact.kind in self._helping:
                yield Outline(path, self._helping[artifact.kind], give_nothing)
            elif artifact.kind == "feed":
                yield from outline_feed(self._store, self._cards, self._filing, artifact, self._zone)
            elif artifact.kind == "front":
                yield from self._outline_front(artifact.name)
            elif artifact.kind == "period":
                yield from self._outline_period(artifact.name, artifact.period)
            elif artifact.kind == "tab":
                yield from self._outline_tab(path, artifact)

    def _outline_home(self) -> Outline:
        days = choose_home(self._store, self._zone)
        guides = self._store.listings.list_guides(TILES)
        active = dict(self._store.artifacts.count_cards())
        fixed = {
            "pager": self._make_front_pager(CHANNEL),
            "month": None,
            "accounts_total": sum(active.values()),
            "kinds": tuple(
                (name, active[kind]) for kind, name in KIND_NAMES.items() if kind != "local" and active.get(kind)
            ),
        }

        def make(articles: Articles) -> dict[str, Any]:
            return {
                **fixed,
                "days": tuple(Day(articles[day[0]].date.date(), _pick(day, articles)) for day in days),
                "services": _pick(guides, articles),
            }

        return Outline(write_path(Artifact("home")), "home", make, (*(one for day in days for one in day), *guides))

    def _outline_archive(self) -> Outline:
        months = self._make_front_pager(CHANNEL).months
        return Outline(write_path(Artifact("archive")), "archive", lambda _: {"months": months})

    def _outline_front(self, listing: str) -> Iterator[Outline]:
        stories = self._store.listings.list_newest(listing, FRONT)
        path, pager = write_path(Artifact("front", listing)), self._make_front_pager(listing)
        column = COLUMN_CARDS.get(name_list(listing)) if read_kind(listing) == "column" else None
        if listing.startswith(name_account("")):
            if stories or self._store.artifacts.load_cards((name_list(listing),)):
                yield self._outline_account(path, listing, stories, pager, None)
        elif stories and column and listing == LIBRARY:
            yield outline_front(self._store, column, self._filing.feeds)
        elif stories and column:
            yield self._outline_column(path, column, stories, pager)
        elif stories and (card := name_lists(self._store, (listing,)).get(listing)):
            yield self._outline_list(path, listing, card, stories, pager, None)

    def _outline_list(
        self, path: str, listing: str, card: ListCard, stories: Sequence[str], pager: Pager, month: Month | None
    ) -> Outline:
        accounts = () if month else tuple(self._cards[one] for one in self._store.filings.list_accounts(listing))
        fixed = {
            "heading": card.name, "intro": "" if month else find_topic_intro(self._filing, listing), "pager": pager,
            "month": month, "listing": card.kind, "column": None, "accounts": accounts,
            "feeds": feeds_of(listing, self._filing.feeds),
            "index": Month(f"全部{INDEX_NAMES[card.kind]}", write_path(Artifact("index", card.kind)), 0),
        }  # fmt: skip
        return Outline(
            path, "list", lambda articles: {**fixed, "days": group_days(_pick(stories, articles))}, tuple(stories)
        )

    def _outline_column(self, path: str, column: ColumnCard, stories: Sequence[str], pager: Pager) -> Outline:
        fixed = {
            "heading": column.name, "intro": column.description, "pager": pager, "month": None, "listing": "column",
            "column": column, "feeds": feeds_of(name_column(column.slug), self._filing.feeds), "accounts": (),
            "index": None,
        }  # fmt: skip
        guides = self._store.listings.list_guides() if column.slug == "services" else ()

        def make(articles: Articles) -> dict[str, Any]:
            newest = _pick(stories, articles)
            groups = _group_events({one.id: one for one in (*_pick(guides, articles), *newest)}.values())
            return {**fixed, "days": group_days(newest), "articles": newest, "groups": groups}

        template = column.slug if column.slug in _OWN_FRONTS else "list"
        return Outline(path, template, make, (*stories, *guides))

    def _outline_period(self, listing: str, period: str) -> Iterator[Outline]:
        if len(period) == len("2026"):
            year = outline_year(self._store, COLUMN_CARDS[name_list(LIBRARY)], self._filing.feeds, period, self._zone)
            yield from (year,) if listing == LIBRARY and year else ()
            return
        made = make_pager(self._store, listing, period, self._zone)
        if made is None:
            return
        month, pager = made
        stories = () if pager.parts else self._store.listings.list_between(listing, find_bounds(period, self._zone))
        if listing.startswith(name_account("")):
            yield self._outline_account(month.url, listing, stories, pager, month)
            return
        if card := name_lists(self._store, (listing,)).get(listing):
            yield self._outline_list(month.url, listing, card, stories, pager, month)
            return
        column = COLUMN_CARDS.get(name_list(listing)) if read_kind(listing) == "column" else None
        if column is None and listing != CHANNEL:
            return
        if column and listing == LIBRARY:
            yield outline_month(self._store, column, self._filing.feeds, period, pager.parts, stories)
            return
        heading = column.name if column else f"{self._name}全部文章"
        fixed = {
            "heading": f"{heading} · {month.label}", "intro": "", "pager": pager, "month": month,
            "listing": "column" if column else "channel", "column": column,
            "feeds": feeds_of(listing, self._filing.feeds), "accounts": (), "index": None,
        }  # fmt: skip
        yield Outline(
            month.url, "list", lambda articles: {**fixed, "days": group_days(_pick(stories, articles))}, stories
        )

    def _outline_tab(self, path: str, artifact: Artifact) -> Iterator[Outline]:
        found = self._find_tabs(artifact.name) if artifact.name.startswith(name_account("")) else {}
        if artifact.period in found:
            pager = self._make_front_pager(artifact.name)
            yield self._outline_account(path, artifact.name, found[artifact.period], pager, None)

    def _outline_account(
        self, path: str, listing: str, stories: Sequence[str], pager: Pager, month: Month | None
    ) -> Outline:
        card = replace(self._cards[name_list(listing)], count=sum(one.count for one in pager.months))
        # A page of the past depends on nothing new: it names no tabs.
        tabs = () if month else make_tabs(listing, self._find_tabs(listing))
        fixed = {
            "account": card, "pager": pager, "month": month, "tabs": tabs,
            "feeds": feeds_of(listing, self._filing.feeds),
        }  # fmt: skip
        return Outline(
            path,
            "account",
            lambda articles: {**fixed, "days": group_days(_pick(stories, articles))},
            tuple(stories),
        )


def _pick(stories: Sequence[str], articles: Articles) -> tuple[StoryArticle, ...]:
    return tuple(articles[story] for story in stories)


def _group_events(articles: Iterable[StoryArticle]) -> tuple[tuple[str, tuple[StoryArticle, ...]], ...]:
    """Services by 人生事件, those with none last."""
    groups: dict[str, list[StoryArticle]] = {}
    for article in sorted(articles, key=lambda article: (article.key, article.id)):
        for event in split_list(article.header.get("人生事件", "")) or (OTHER_EVENTS,):
            groups.setdefault(event, []).append(article)
    ordered = sorted(groups, key=lambda event: (event == OTHER_EVENTS, -len(groups[event]), event))
    return tuple((event, tuple(groups[event])) for event in ordered)
