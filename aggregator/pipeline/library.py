"""The drafts of one site, read when they are asked for, and which of them belong together."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from aggregator.documents import name_document, read_reference
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
    """What its 关联政策 names."""
    names: tuple[str, ...] = ()
    """Its own titles and 文号, of a policy."""

    @classmethod
    def of_source(cls, draft: DraftSource) -> Card:
        return cls(draft.path, draft.genre, draft.number, list_named(draft, (_NAMES_POLICY,)), _list_own_names(draft))


def _list_own_names(draft: DraftSource) -> tuple[str, ...]:
    return _spell_names(draft.title, draft.value("文号")) if draft.genre == "policy" else ()


def _spell_names(title: str, number: str) -> tuple[str, ...]:
    return tuple(name.key for name in name_document(title, number) if name.exact)


def _spell_reference(value: str) -> tuple[str, ...]:
    """The 编号 that a header may mean by a value, and the titles and 文号."""
    return (value, *(name.key for name in read_reference(value) if name.exact))


def list_named(draft: DraftSource, keys: Collection[str] = _NAMING) -> tuple[str, ...]:
    """The documents that a draft's header names, as typed: 编号, 文号, titles."""
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
        return bool(list_named(draft)) or draft.genre == "policy"

    def find_relatives(self, draft: DraftSource) -> Relatives:
        named = list_named(draft)
        policies = list_named(draft, (_NAMES_POLICY,))
        explanations: dict[str, None] = {}
        for name in (draft.number, *_list_own_names(draft)) if draft.genre == "policy" else ():
            explanations |= dict.fromkeys(self._explaining.get(name, ()))
        if self._store is not None and not self._is_old and not all(map(self._find, named)):
            # A file may have been given its 编号 since the store has seen it.
            self._is_old = True
            del self._numbers, self._cards
            self.__dict__.pop("_explaining", None)
        found = {one: self._find(one) for one in named}
        return Relatives(
            tuple(self._load(dict.fromkeys(found[one] for one in policies if found[one]))),
            tuple(self._load(explanations)),
            {
                one: _suggest(one, (name for name in self._numbers if ":" not in name))
                for one in named
                if not found[one]
            },
        )

    def _find(self, value: str) -> str:
        """The path of the draft that a header means; "" where there is none."""
        return next((self._numbers[name] for name in _spell_reference(value) if name in self._numbers), "")

    def _load(self, paths: Iterable[str]) -> Iterator[DraftSource]:
        for path in paths:
            if (found := self.read(path)[0]) is not None:
                yield found

    @cached_property
    def _numbers(self) -> Mapping[str, str]:
        """编号, and of policies titles and 文号 -> path; a 编号 before all else."""
        named = {name: card.path for card in reversed(self._cards) for name in card.names}
        return named | {card.number: card.path for card in reversed(self._cards) if card.number}

    @cached_property
    def _explaining(self) -> Mapping[str, tuple[str, ...]]:
        """编号, title or 文号 of a policy -> paths of the explanations that name it so."""
        found: dict[str, tuple[str, ...]] = {}
        for card in self._cards:
            for value in card.policies if card.genre == "explanation" else ():
                for name in _spell_reference(value):
                    found[name] = (*found.get(name, ()), card.path)
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
                fields = dict(pairs)
                own = _spell_names(fields.get("标题", ""), fields.get("文号", "")) if genre == "policy" else ()
                cards.append(Card(path, genre, number, named, own))
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
