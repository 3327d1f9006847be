"""The desk of one site: what `matrix preview` shows, asked of the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from aggregator import pipeline
from aggregator.build import Press
from aggregator.cli.check import read_editorial
from aggregator.cli.context import Workplace, read_clock
from aggregator.cli.desk_actions import DeskActions
from aggregator.drafts import is_word
from aggregator.model import (
    STEP_NAMES,
    Candidate,
    DraftShelf,
    DraftState,
    Editorial,
    Finding,
    Proof,
    Registry,
    WaitingDraft,
)
from aggregator.pipeline.editorial import load_editorial
from aggregator.pipeline.listing import list_candidates
from aggregator.pipeline.reviewing import list_reviews
from aggregator.pipeline.selection import find_entries
from aggregator.preview import Action, Answer, InboxRow, InboxShelf
from aggregator.registry import load_registry
from aggregator.store import Store

BESIDE = "/beside/"
"""Address of the server below which it shows what lies under content/."""

WAITING = 50
"""Posts of the inbox in the list."""

_UNSEEN: tuple[DraftState, ...] = ("new", "changed")
"""States of what the next publish would show if nobody had to review it."""

T = TypeVar("T")


class _Remembered(Generic[T]):
    """What a file says, read again when it is another."""

    def __init__(self, file: Path, read: Callable[[], T]) -> None:
        self._file, self._read = file, read
        self._stamp: tuple[int, int] | None = None

    def get(self) -> T:
        try:
            status = self._file.stat()
            stamp = (status.st_mtime_ns, status.st_size)
        except OSError:
            stamp = (0, 0)
        if stamp != self._stamp:
            self._value = self._read()
            self._stamp = stamp
        return self._value


class SiteDesk:
    """A `preview.Desk` of the files, the store and the settings of one site; only its actions change anything."""

    def __init__(self, place: Workplace, settings: dict[str, Any]) -> None:
        site = place.site
        self._site, self._settings = site, settings
        self._actions = DeskActions(place, settings)
        self.name = str(settings["SITENAME"])
        self._registry: _Remembered[Registry] = _Remembered(site.registry, lambda: load_registry(site.registry))
        self._editorial: _Remembered[Editorial] = _Remembered(site.editorial, lambda: read_editorial(site)[0])
        self._drafts = pipeline.DraftList(site)

    @property
    def actions(self) -> tuple[Action, ...]:
        return self._actions.list(self._editorial.get())

    @cached_property
    def _press(self) -> Press:
        return Press(self._site, self._settings)

    @cached_property
    def _proofs(self) -> pipeline.Proofs:
        return pipeline.Proofs(self._site, self._press, urlsplit(self._settings["SITEURL"]).netloc, BESIDE)

    def warm_up(self) -> None:
        """As `Desk`."""
        text = next((card.path for card in self.list_drafts("").cards if not is_word(card.path)), "")
        # What it leads to is loaded by then.
        self.make_proof(text)

    def list_drafts(self, query: str) -> DraftShelf:
        with self._press.open_store() as store:
            shelf = self._drafts.list(query, self._editorial.get(), store, read_clock())
            reviews = self._list_reviews(store)
        cards = (
            replace(card, state="review", note=_describe_review(reviews[card.path]))
            if card.state in _UNSEEN and card.path in reviews
            else card
            for card in shelf.cards
        )
        return replace(shelf, cards=tuple(cards))

    def list_waiting(self) -> InboxShelf:
        registry = self._registry.get()
        with self._press.open_store() as store:
            waiting = list_candidates(registry, store, read_clock())
        return InboxShelf(tuple(_describe(one, registry) for one in waiting[:WAITING]), len(waiting))

    def make_proof(self, path: str) -> Proof | None:
        proof = self._proofs.make(path, self._editorial.get(), self._registry.get(), read_clock())
        if proof is None or proof.state not in _UNSEEN:
            return proof
        with self._press.open_store() as store:
            draft = self._list_reviews(store).get(path)
        return proof if draft is None else replace(proof, state="review", note=_describe_review(draft))

    def make_waiting_proof(self, code: str) -> Proof | None:
        with self._press.open_store() as store:
            (entry,) = find_entries((code,), store, load_editorial(store).choices)
            (waiting,) = store.inbox.load(entry.note.account, (entry.note.key,))
        return self._proofs.make_waiting(waiting, self._registry.get(), read_clock())

    def list_findings(self, path: str) -> tuple[Finding, ...]:
        return self._proofs.check(path, self._editorial.get(), read_clock())

    def read_page(self, path: str) -> bytes | None:
        if not path or path.endswith("/"):
            path += "index.html"
        root = self._site.output.resolve()
        try:
            file = (root / path).resolve()
            if file.is_relative_to(root) and file.is_file():
                return file.read_bytes()
        except (OSError, ValueError):
            # A name that no file can have; or a tree that was just removed.
            return None
        # Before the first publish, or with a theme that has changed since.
        return self._press.read_asset(path)

    def read_beside(self, path: str) -> bytes | None:
        return self._proofs.read_beside(path)

    def act(self, action: str, target: str, words: str) -> Answer:
        return self._actions.act(action, target, words)

    def _list_reviews(self, store: Store) -> Mapping[str, WaitingDraft]:
        """Path -> draft that waits for review, as of the last run."""
        return {one.path: one for one in list_reviews(self._site, store, self._editorial.get().review)}


def _describe(one: Candidate, registry: Registry) -> InboxRow:
    account = registry.account(one.account)
    source = account.name if account else one.account
    return InboxRow(one.code, one.title, source, one.date, one.url, one.reasons, one.merits)


def _describe_review(draft: WaitingDraft) -> str:
    back, step = draft.reviewed.returned, draft.reviewed.step
    return f"已退回：{back.reason}" if back else f"等{STEP_NAMES[step]}" if step else ""
