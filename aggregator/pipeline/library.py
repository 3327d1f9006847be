"""The drafts of one site, read when they are asked for, and which of them belong together."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from aggregator.drafts import (
    Glances,
    NearbyFiles,
    OfficeFiles,
    OfficeSources,
    is_word,
    list_drafts,
    read_office_sources,
    read_source,
)
from aggregator.inspection import Relatives
from aggregator.model import DraftSource, Finding, Genre, Site
from aggregator.store import Store, split_list

_RELATED: Mapping[Genre, str] = {"policy": "policies", "explanation": "explanations", "service": "services"}
"""Genres of drafts that name one another by 编号, and their folders."""

_NAMES_POLICY = "关联政策"
_NAMING = (_NAMES_POLICY, "替代文件")


@dataclass(frozen=True, slots=True)
class Card:
    """What must be known of a draft to tell to which others it belongs."""

    path: str
    genre: Genre
    number: str
    policies: tuple[str, ...]
    """编号 in its 关联政策."""

    @classmethod
    def of_source(cls, draft: DraftSource) -> Card:
        return cls(draft.path, draft.genre, draft.number, list_named(draft, (_NAMES_POLICY,)))


def list_named(draft: DraftSource, keys: Collection[str] = _NAMING) -> tuple[str, ...]:
    """The 编号 that a draft's header names."""
    return tuple(number for one in draft.header if one.key in keys for number in split_list(one.value))


class Library:
    """The drafts of one site. `store` says what they are as long as it is not told otherwise; `list_files` lists
    what they may name.
    """

    def __init__(self, site: Site, store: Store | None, list_files: Callable[[], NearbyFiles], now: datetime) -> None:
        self._site = site
        self._store = store
        self._list_files = list_files
        self._now = now
        self._is_old = False
        """Whether drafts were changed since the store has seen them."""
        self._read: dict[str, tuple[DraftSource | None, tuple[Finding, ...]]] = {}
        self._all: tuple[Card, ...] | None = None

    def read(self, path: str) -> tuple[DraftSource | None, tuple[Finding, ...]]:
        if path not in self._read:
            if is_word(path):
                self.read_office(OfficeFiles((path,)))
            else:
                self._read[path] = read_source(self._site.content, path, now=self._now)
        return self._read.setdefault(path, (None, ()))

    def read_office(self, office: OfficeFiles) -> OfficeSources:
        """The Word files that are drafts; `office` has what other drafts name."""
        found = read_office_sources(self._site.content, office, self._list_files(), now=self._now)
        self._read |= dict.fromkeys(found.paths, (None, ()))
        self._read |= {source.path: (source, ()) for source in found.sources}
        return found

    def take_all(self, sources: Iterable[DraftSource]) -> None:
        """These are all drafts that there are."""
        self._all = tuple(map(Card.of_source, sources))

    def has_relatives(self, draft: DraftSource) -> bool:
        """Whether others may belong to it: asked before they are looked for."""
        return bool(list_named(draft)) or (draft.genre == "policy" and bool(draft.number))

    def find_relatives(self, draft: DraftSource) -> Relatives:
        named = list_named(draft)
        policies = list_named(draft, (_NAMES_POLICY,))
        explanations: tuple[str, ...] = ()
        if draft.genre == "policy" and draft.number:
            explanations = self._explaining.get(draft.number, ())
        numbers = self._numbers if named else {}
        if self._store is not None and not self._is_old and any(one not in numbers for one in named):
            # A file may have been given its 编号 since the store has seen it.
            self._is_old = True
            del self._numbers, self._cards
            numbers = self._numbers
        return Relatives(
            tuple(self._load(numbers[one] for one in policies if one in numbers)),
            tuple(self._load(explanations)),
            {one: _suggest(one, numbers) for one in named if one not in numbers},
        )

    def _load(self, paths: Iterable[str]) -> Iterator[DraftSource]:
        for path in paths:
            if (found := self.read(path)[0]) is not None:
                yield found

    @cached_property
    def _numbers(self) -> Mapping[str, str]:
        """编号 -> path."""
        return {card.number: card.path for card in reversed(self._cards) if card.number}

    @cached_property
    def _explaining(self) -> Mapping[str, tuple[str, ...]]:
        """编号 of a policy -> paths of its explanations."""
        found: dict[str, tuple[str, ...]] = {}
        for card in self._cards:
            for number in card.policies if card.genre == "explanation" else ():
                found[number] = (*found.get(number, ()), card.path)
        return found

    @cached_property
    def _cards(self) -> tuple[Card, ...]:
        if self._all is not None:
            return self._all
        genres = {folder: genre for genre, folder in _RELATED.items()}
        places = list_drafts(self._site.content, self._list_folders())
        words = tuple(filter(is_word, places.office))
        known = self._load_headers(places.drafts, words)
        if self._store is None:
            # Of those that the store has not seen, which are attachments is not known.
            self.read_office(OfficeFiles(path for path in words if path not in self._read))
        cards = []
        for path in (*places.drafts, *(one for one in words if one in known or one in self._read)):
            if path in known and path not in self._read:
                genre, pairs = genres[path.partition("/")[0]], known[path]
                number = next((value for key, value in pairs if key == "编号"), "")
                named = tuple(one for key, value in pairs if key == _NAMES_POLICY for one in split_list(value))
                cards.append(Card(path, genre, number, named))
            elif (source := self.read(path)[0]) is not None:
                cards.append(Card.of_source(source))
        return tuple(cards)

    def _load_headers(self, texts: Iterable[str], words: Iterable[str]) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """What the store knows of these drafts."""
        if self._store is None:
            return {}
        stored = self._store.drafts.load_headers(tuple(_RELATED))
        if not self._is_old:
            return {path: stored[path] for path in (*texts, *words) if path in stored}
        # Texts are read in no time.
        seen = Glances(self._site.content, self._store.glances.load(), self._now)
        return {path: stored[path] for path in words if path in stored and seen.look(path)}

    def _list_folders(self) -> tuple[str, ...]:
        return tuple(folder for folder in _RELATED.values() if (self._site.content / folder).is_dir())


def _suggest(number: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(number, list(known), n=1)), "")
