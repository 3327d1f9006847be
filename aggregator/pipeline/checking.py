"""Drafts held against the rules: all of `content/`, or some files with those that belong to them.

list_drafts | read_source | find relatives, lost links | inspect_draft | waive_findings -> CheckReport
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from aggregator.dates import SHANGHAI
from aggregator.drafts import KnowsStory, Lookup, Numbers, OfficeFiles, Places, list_drafts, read_source
from aggregator.inspection import (
    READING,
    Case,
    Relatives,
    check_waivers,
    inspect_draft,
    sort_findings,
    waive_findings,
)
from aggregator.model import CheckReport, DraftSource, Editorial, Finding, Genre, Site
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


def check_drafts(
    site: Site,
    chosen: Collection[str] | None,
    editorial: Editorial,
    store: Store | None,
    knows_story: KnowsStory,
    now: datetime,
) -> CheckReport:
    """What the rules find in the drafts at `chosen` (paths relative to content/, files or folders), or in all.

    `store` says which other drafts belong to the chosen ones; without it, their folders are read.
    """
    places = list_drafts(site.content, chosen)
    today = now.astimezone(SHANGHAI).date()
    library = _Library(site, store, now)
    findings = list(places.findings)
    sources = []
    for path in places.drafts:
        source, found = library.read(path)
        findings += found
        if source is not None:
            sources.append(source)
    if chosen is None:
        library.take_all(sources)
        findings += _find_unread(places, sources)
    findings += _find_duplicates(sources)
    lookup = Lookup(lambda: places if chosen is None else list_drafts(site.content), knows_story)
    findings = [replace(one, rule=one.rule or READING) for one in findings]
    for source in sources:
        case = Case(
            source, today, editorial.check, editorial.hold, library.find_relatives(source), lookup.find_lost(source)
        )
        findings += inspect_draft(case)
    waived = list(waive_findings(findings, editorial.waivers, today))
    if chosen is None:
        waived += check_waivers(editorial.waivers, frozenset(places.drafts), today, site.editorial.name)
    return CheckReport(len(places.drafts), sort_findings(waived))


def _find_unread(places: Places, sources: Iterable[DraftSource]) -> tuple[Finding, ...]:
    """Word and PDF files that no draft names."""
    office = OfficeFiles(places.office)
    office.note_mentions("\n".join(one.target for draft in sources for one in draft.references).encode())
    return office.list_findings()


def _find_duplicates(sources: Iterable[DraftSource]) -> Iterator[Finding]:
    numbers = Numbers()
    for draft in sources:
        found = draft.find("编号")
        numbers.note_changed(draft.path, draft.number, found.line if found else None, is_known=False)
    return numbers.find_duplicates(lambda _: "")


class _Library:
    """The drafts of one site, read when they are asked for."""

    def __init__(self, site: Site, store: Store | None, now: datetime) -> None:
        self._site = site
        self._store = store
        self._now = now
        self._read: dict[str, tuple[DraftSource | None, tuple[Finding, ...]]] = {}
        self._all: tuple[Card, ...] | None = None

    def read(self, path: str) -> tuple[DraftSource | None, tuple[Finding, ...]]:
        if path not in self._read:
            self._read[path] = read_source(self._site.content, path, now=self._now)
        return self._read[path]

    def take_all(self, sources: Iterable[DraftSource]) -> None:
        """These are all drafts that there are."""
        self._all = tuple(map(Card.of_source, sources))

    def find_relatives(self, draft: DraftSource) -> Relatives:
        named = list_named(draft)
        policies = list_named(draft, (_NAMES_POLICY,))
        explanations: tuple[str, ...] = ()
        if draft.genre == "policy" and draft.number:
            explanations = self._explaining.get(draft.number, ())
        numbers = self._numbers if named else {}
        if self._store is not None and any(one not in numbers for one in named):
            # A file may have been given its 编号 since the store has seen it.
            self._store = None
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
        paths = list_drafts(self._site.content, self._list_folders()).drafts
        present = {path: genres[path.partition("/")[0]] for path in paths}
        stored = self._store.drafts.load_headers(tuple(_RELATED)) if self._store else {}
        cards = []
        for path, genre in present.items():
            if path in stored and path not in self._read:
                pairs = stored[path]
                number = next((value for key, value in pairs if key == "编号"), "")
                named = tuple(one for key, value in pairs if key == _NAMES_POLICY for one in split_list(value))
                cards.append(Card(path, genre, number, named))
            elif (source := self.read(path)[0]) is not None:
                cards.append(Card.of_source(source))
        return tuple(cards)

    def _list_folders(self) -> tuple[str, ...]:
        return tuple(folder for folder in _RELATED.values() if (self._site.content / folder).is_dir())


def _suggest(number: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(number, list(known), n=1)), "")
