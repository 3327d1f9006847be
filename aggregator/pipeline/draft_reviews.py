"""What review means for a publish: drafts that are not through it yet are kept back.

    what waited | read_drafts, which passes over what still waits unchanged | hold_back -> DraftBatch with `waiting`

What is public stays so, whether it was ever reviewed or not: only new and changed drafts wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from aggregator.model import (
    Draft,
    DraftBatch,
    Finding,
    HeldDraft,
    PublicDraft,
    Reviewed,
    ReviewEntry,
    ReviewSettings,
)
from aggregator.review import decide_review, hash_review, is_demanded, is_same
from aggregator.store import Store

_CLAIM = "审核"


class DraftReviews:
    """The drafts of one run that wait."""

    def __init__(self, store: Store, settings: ReviewSettings, now: datetime) -> None:
        self._store = store
        self._settings = settings
        self._now = now
        former = store.reviews.load_held()
        self._since = {one.content: one.since for one in former.values()}
        decided = decide_all(store, {one.content for one in former.values()}, settings)
        self.known: Mapping[str, HeldDraft] = {
            path: one
            for path, one in former.items()
            if one.file_hash and is_demanded(path, settings) and not decided[one.content].is_done
        }
        """Path -> draft that goes on waiting while its file is as it was, and need not be read for that."""
        self._held: tuple[HeldDraft, ...] = ()

    def hold_back(self, batch: DraftBatch) -> DraftBatch:
        """The batch with the drafts that wait set apart, and each that was read named by what is reviewed of it."""
        drafts = tuple(replace(one, review=hash_review(one)) for one in batch.drafts)
        asked = {one.path: one for one in drafts if is_demanded(one.path, self._settings)}
        decided = decide_all(self._store, {one.review for one in asked.values()}, self._settings)
        public = self._store.reviews.load_public(asked)
        gone = _Gone(self._load_gone(batch) if asked.keys() - public.keys() else ())
        waiting: dict[str, Draft] = {}
        for path, draft in asked.items():
            last = public.get(path)
            if not decided[draft.review].is_done and not (is_same(draft, last) if last else gone.has(draft)):
                waiting[path] = draft
        still = tuple(path for path in batch.unchanged if path in self.known) if self.known else ()
        held = [*(self._hold(draft) for draft in waiting.values()), *(self.known[path] for path in still)]
        self._held = tuple(sorted(held, key=lambda one: one.path))
        return replace(
            batch,
            drafts=tuple(one for one in drafts if one.path not in waiting),
            unchanged=tuple(path for path in batch.unchanged if path not in self.known) if still else batch.unchanged,
            waiting=tuple(waiting.values()),
            still_waiting=still,
        )

    def _hold(self, draft: Draft) -> HeldDraft:
        return HeldDraft(
            draft.path,
            draft.content_hash,
            draft.review,
            draft.post.key,
            draft.post.title,
            dict(draft.post.header).get(_CLAIM, ""),
            self._since.get(draft.review, self._now),
            draft.findings,
            draft.uses,
            draft.memory,
        )

    def _load_gone(self, batch: DraftBatch) -> Collection[PublicDraft]:
        """What was let through of files that are no longer there: they may have another name now."""
        present = {*batch.paths, *(one.file for one in batch.findings)}
        return self._store.reviews.load_public(self._store.drafts.load_known().keys() - present).values()

    def choose_findings(self) -> Iterator[Finding]:
        """What is to be said of the drafts as they are: of those that wait, not of the version that stays."""
        held = {one.path for one in self._held}
        yield from (one for one in self._store.drafts.load_findings() if one.file not in held)
        yield from (finding for one in self._held for finding in one.findings)

    def save(self, *, published: bool) -> None:
        """Remember what waits. Unless the rest is published, files that newly wait are read once more by the next run,
        which has to find out of which former file each is a new name."""
        self._store.reviews.save_held(
            one if published or one.path in self.known else replace(one, file_hash="") for one in self._held
        )


class _Gone:
    """Drafts that were let through and whose files are gone, by what they were."""

    def __init__(self, drafts: Collection[PublicDraft]) -> None:
        self._contents = {one.content for one in drafts if one.content}
        self._files = {one.file_hash: one for one in drafts if not one.content}

    def has(self, draft: Draft) -> bool:
        former = self._files.get(draft.content_hash)
        return draft.review in self._contents or (former is not None and is_same(draft, former))


def decide_all(store: Store, contents: Collection[str], settings: ReviewSettings) -> Mapping[str, Reviewed]:
    """Content -> how far its review has come."""
    if not contents:
        return {}
    entries: defaultdict[str, list[ReviewEntry]] = defaultdict(list)
    for entry in store.reviews.load_entries(contents):
        entries[entry.content].append(entry)
    return {content: decide_review(content, entries[content], settings) for content in contents}
