"""The files of the search by their paths, from the store's present rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    BLOCK,
    CHANNEL,
    OPEN,
    SEARCH_INDEX,
    Segment,
    choose_segments,
    find_segment,
    list_segment_files,
    name_account,
    name_list,
    search_path,
)
from aggregator.artifacts import SEARCH as SEARCH_PAGE
from aggregator.model import LOCAL_ACCOUNT
from aggregator.plugins.stories.cards import COLUMN_CARDS, KIND_NAMES, AccountCards, list_filled_columns
from aggregator.plugins.stories.outline import Outline
from aggregator.plugins.stories.search.folding import BREAK, fold, list_traditional, simplify_characters
from aggregator.plugins.stories.search.grams import make_shards
from aggregator.store import Searched, Store

SEARCH = "search-data"
"""Stands for a template where a file is read by the search and by nobody else."""

TEMPLATE = "search"

VALIDITY = "有效性"
VALIDITIES = ("有效", "已修改", "尚未生效", "失效", "废止")
_NUMBERS = ("文号", "索引号")
"""Keys of a header that people look for."""

_TRADITIONAL = "search/traditional.json"
_STORIES = search_path("").removesuffix(".json")


class SearchFiles:
    """What a browser needs to search the channel. A path that has nothing to show has no file."""

    def __init__(self, store: Store, cards: AccountCards, zone: ZoneInfo) -> None:
        self._store, self._cards, self._zone = store, cards, zone
        self._segments: tuple[Segment, ...] | None = None
        self._made: tuple[str, dict[str, bytes]] = ("", {})
        """Name and files of the part that was made last: its paths are asked for one after another."""

    def list_all(self) -> Iterator[str]:
        """Paths of all files; those of one part lie together."""
        yield from (SEARCH_PAGE, SEARCH_INDEX, _TRADITIONAL)
        for segment in self._list_segments():
            yield from list_segment_files(segment)
        for segment in self._list_segments():
            stories = self._store.listings.list_between(CHANNEL, (segment.start, segment.end))
            yield from map(search_path, stories)

    def outline(self, paths: Sequence[str]) -> Iterator[Outline]:
        """The page for people."""
        if SEARCH_PAGE in paths:
            context = self._describe_page()
            yield Outline(SEARCH_PAGE, TEMPLATE, lambda _: context)

    def make(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The other files among the paths."""
        wanted = [path for path in paths if path.startswith("search/")]
        stories = [path[len(_STORIES) : -len(".json")] for path in wanted if path.startswith(_STORIES)]
        for one in self._store.searching.load(stories):
            yield search_path(one.story), _dump(self._describe_story(one))
        for path in wanted:
            if path == SEARCH_INDEX:
                parts = [[one.name, one.shards, one.count] for one in self._list_segments()]
                yield path, _dump({"block": BLOCK, "parts": parts})
            elif path == _TRADITIONAL:
                yield path, _dump(list_traditional())
            elif not path.startswith(_STORIES):
                yield from self._make_part(path)

    def _make_part(self, path: str) -> Iterator[tuple[str, bytes]]:
        name = find_segment(path)
        if self._made[0] != name:
            found = next((one for one in self._list_segments() if one.name == name), None)
            self._made = name, self._index(found) if found else {}
        if path in self._made[1]:
            yield path, self._made[1][path]

    def _index(self, segment: Segment) -> dict[str, bytes]:
        """Path -> bytes of all files of a part. The oldest story comes first, so that a new one shifts none."""
        stories = self._store.listings.list_between(CHANNEL, (segment.start, segment.end))[::-1]
        found = {one.story: one for one in self._store.searching.load(stories)}
        shards = make_shards((_take_words(found[story]) for story in stories), segment.shards)
        blocks = ("\n".join(stories[start : start + BLOCK]).encode() for start in range(0, len(stories), BLOCK))
        return dict(zip(list_segment_files(segment), (*shards, *blocks), strict=True))

    def _list_segments(self) -> tuple[Segment, ...]:
        if self._segments is None:
            self._segments = list_segments(self._store, self._zone)
        return self._segments

    def _describe_story(self, one: Searched) -> dict[str, Any]:
        column = COLUMN_CARDS.get(one.column)
        plain = [simplify_characters(one.title), simplify_characters(one.text)]
        told = {
            "title": one.title,
            "text": one.text,
            # Where the reader's browser could not compare it with what was typed.
            "plain": plain if plain != [one.title, one.text] else (),
            "numbers": [one.header[key] for key in _NUMBERS if one.header.get(key)],
            "date": f"{datetime.fromtimestamp(one.date, UTC).astimezone(self._zone):%Y-%m-%d}",
            "column": one.column,
            "tag": one.tag or (column.name if column else ""),
            "by": (one.author if one.account == LOCAL_ACCOUNT else "") or self._cards[one.account].name,
            "accounts": one.accounts,
            "validity": one.header.get(VALIDITY, ""),
        }
        return {key: value for key, value in told.items() if value}

    def _describe_page(self) -> dict[str, Any]:
        listed = {name_list(name) for name in self._store.listings.list_lists(name_account(""))}
        cards = [card for card in self._cards.list_all() if card.id in listed]
        grouped = ((name, tuple(card for card in cards if card.kind == kind)) for kind, name in KIND_NAMES.items())
        months = self._store.listings.list_months(CHANNEL)
        return {
            "columns_searched": list_filled_columns(self._store),
            "departments": tuple((name, members) for name, members in grouped if members),
            "years": tuple(dict.fromkeys(month[:4] for month, _ in months)),
            "validities": VALIDITIES,
        }


def list_segments(store: Store, zone: ZoneInfo) -> tuple[Segment, ...]:
    """The parts of the index, the newest first."""
    months = store.listings.list_months(CHANNEL)
    return choose_segments(months, lambda period: store.listings.count_period(CHANNEL, period, zone), zone, OPEN)


def _take_words(one: Searched) -> tuple[str, str, tuple[str, ...]]:
    """(title, the rest, what it is filtered by) as they are indexed."""
    numbers = BREAK.join(one.header[key] for key in _NUMBERS if one.header.get(key))
    facets = [f"column:{one.column}", *(f"department:{account}" for account in one.accounts)]
    if one.header.get(VALIDITY):
        facets.append(f"validity:{one.header[VALIDITY]}")
    return fold(one.title), fold(f"{numbers}\n{one.text}"), tuple(facets)


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
