"""The pages of the directory of accounts, and the file that its search reads, from the cards of the accounts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import name_account
from aggregator.plugins.stories.cards import KIND_NAMES, AccountCard, AccountCards, Latest
from aggregator.plugins.stories.directory import (
    FRONT,
    STATES,
    STOPPED,
    STOPPED_NAME,
    TABLE,
    list_pages_of,
)
from aggregator.plugins.stories.outline import Outline, give_nothing
from aggregator.plugins.stories.planning import list_directory
from aggregator.store import Store

DATA = "data"
"""Stands for a template where a file is data for a script."""

_FIELDS = ("id", "name", "organization", "kind", "region", "platform", "state", "hue", "avatar", "text")
_TABLES = ("kind", "region", "platform", "state", "hue")
"""Fields of which accounts share few values: a row has their numbers."""


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts under one heading."""

    name: str
    accounts: tuple[AccountCard, ...]
    id: str = ""
    """What addresses lead to."""
    chapter: Mapping[str, Any] | None = None
    """Where the rest of them is, on the front page of a directory of many pages."""


class DirectoryOutlines:
    """The outlines of the directory's pages, from the store's present rows."""

    def __init__(self, store: Store, cards: AccountCards, zone: ZoneInfo) -> None:
        self._store, self._cards, self._zone = store, cards, zone

    def list_all(self) -> tuple[str, ...]:
        return tuple(list_directory(self._store))

    def outline(self, path: str) -> Iterator[Outline]:
        """None for a path that there is no page for, or no more."""
        directory = self._store.artifacts.load_directory()
        chapters = _list_chapters(directory)
        if path == FRONT:
            context = self._show_front(directory, chapters)
            yield Outline(path, "accounts", lambda _: context)
        elif path == TABLE and chapters:
            data = self._write_table()
            yield Outline(path, DATA, give_nothing, write=lambda _: data)
        else:
            found = (chapter for chapter in chapters if path in list_pages_of(chapter))
            yield from (self._outline_page(path, chapter, directory) for chapter in found)

    def _show_front(self, directory: Mapping[str, Any], chapters: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        shown = [self._cards[one] for one in self._store.artifacts.list_shown(FRONT)]
        groups: tuple[Group, ...]
        if chapters:
            first = self._tell_latest(self._cards[one] for one in self._store.artifacts.list_first())
            groups = tuple(
                Group(one["name"], tuple(card for card in first if card.kind_name == one["name"]), one["name"], one)
                for one in chapters
            )
            stopped = []
        else:
            active = self._tell_latest(card for card in shown if card.status == "active")
            groups = tuple(one for kind in KIND_NAMES.values() for one in _group_kind(kind, active))
            gone = (self._cards[one] for one in directory.get("gone", ()))
            stopped = [*(card for card in shown if card.status != "active"), *gone]
        return {
            "part": None, "groups": groups, "stopped": tuple(stopped), "pages": (),
            "spelled": {} if chapters else self._store.artifacts.load_spelled(), "table_url": TABLE if chapters else "",
            "total": directory.get("total", 0),
            "stopped_total": directory.get("stopped", 0) + len(directory.get("gone", ())),
            "choices": _list_choices(directory),
        }  # fmt: skip

    def _outline_page(self, path: str, chapter: Mapping[str, Any], directory: Mapping[str, Any]) -> Outline:
        pages = list_pages_of(chapter)
        shown = [self._cards[one] for one in self._store.artifacts.list_shown(path)]
        active = self._tell_latest(card for card in shown if card.status == "active")
        groups = (
            Group(region["name"], tuple(card for card in active if card.region == region["name"]), f"r{number}")
            for number, region in enumerate(chapter["regions"])
        )
        gone = (self._cards[one] for one in (directory["gone"] if path == STOPPED else ()))
        context = {
            "part": {"name": chapter["name"], "number": pages.index(path) + 1},
            "groups": tuple(group for group in groups if group.accounts),
            "stopped": (*(card for card in shown if card.status != "active"), *gone),
            "pages": pages, "spelled": {}, "table_url": "", "total": chapter["count"], "stopped_total": 0,
            "choices": (),
        }  # fmt: skip
        return Outline(path, "accounts", lambda _: context)

    def _tell_latest(self, cards: Iterable[AccountCard]) -> tuple[AccountCard, ...]:
        """The cards with the newest article of each account that has one."""
        listed = tuple(cards)
        newest = {card.id: self._store.listings.list_newest(name_account(card.id), 1) for card in listed}
        told = self._store.stories.load_latest(sorted({story for stories in newest.values() for story in stories}))
        return tuple(_add_latest(card, [told[story] for story in newest[card.id]], self._zone) for card in listed)

    def _write_table(self) -> bytes:
        """All accounts of the registry as static/directory.js reads them."""
        spelled = self._store.artifacts.load_spelled()
        rows = [
            (
                card.id, card.name, card.organization, card.kind_name, card.region, card.platform_name,
                STATES[card.status], card.hue, card.avatar, spelled[card.id],
            )
            for card in self._cards.list_all()
            if card.id in spelled
        ]  # fmt: skip
        tables = {name: list(dict.fromkeys(row[_FIELDS.index(name)] for row in rows)) for name in _TABLES}
        numbers = {name: {value: number for number, value in enumerate(values)} for name, values in tables.items()}
        written = [
            [numbers[name][value] if name in numbers else value for name, value in zip(_FIELDS, row, strict=True)]
            for row in rows
        ]
        document = {"fields": _FIELDS, "tables": tables, "rows": written}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _list_chapters(directory: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Those of the registry, with the accounts that left it among those that stopped."""
    chapters, gone = list(directory.get("chapters", ())), len(directory.get("gone", ()))
    if chapters and gone:
        known: Mapping[str, Any]
        known = chapters.pop() if chapters[-1]["url"] == STOPPED else {"count": 0, "pages": 1, "regions": []}
        chapters.append({**known, "name": STOPPED_NAME, "url": STOPPED, "count": known["count"] + gone})
    return tuple(chapters)


def _list_choices(directory: Mapping[str, Any]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(name, label, values) of what the search can be narrowed by, where there is a choice."""
    choices = (("kind", "类别", "kinds"), ("region", "地区", "regions"), ("platform", "平台", "platforms"))
    told = ((name, label, tuple(directory.get(key, ()))) for name, label, key in choices)
    return tuple(choice for choice in told if len(choice[2]) > 1)


def _group_kind(kind: str, cards: Sequence[AccountCard]) -> Iterator[Group]:
    """By region, where a heading has more than one account or two to stand over."""
    members = [card for card in cards if card.kind_name == kind]
    regions = list(dict.fromkeys(card.region for card in members))
    if len(regions) < 2 or len(members) < 3 * len(regions):
        if members:
            yield Group(kind, tuple(members), kind)
        return
    for number, region in enumerate(regions):
        name = f"{kind} · {region}" if region else kind
        yield Group(name, tuple(card for card in members if card.region == region), "" if number else kind)


def _add_latest(card: AccountCard, told: Sequence[tuple[str, Any]], zone: ZoneInfo) -> AccountCard:
    return replace(card, latest=Latest(told[0][0], told[0][1].astimezone(zone))) if told else card
