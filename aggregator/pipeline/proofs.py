"""Pages before they are published: one draft, or one post that waits, read or taken from the inbox and rendered alone.

drafts.read_draft | place_beside | channel.decide_state, place_story | build.Press | with check's findings -> Proof
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from aggregator.build import Press
from aggregator.channel import decide_state, place_story, read_terms
from aggregator.dates import SHANGHAI
from aggregator.drafts import is_beside, is_draft, read_draft
from aggregator.drafts.word.pictures import read_word_picture
from aggregator.fetch import MAX_ATTACHMENT, UnreadableFileError, read_within
from aggregator.inspection import HOLDING, READING, sort_findings
from aggregator.model import (
    LOCAL_ACCOUNT,
    NOWHERE,
    Account,
    Draft,
    DraftRecord,
    DraftState,
    Editorial,
    Finding,
    HandedEntry,
    Post,
    Proof,
    Registry,
    Site,
    State,
    StoredPost,
    WaitingPost,
)
from aggregator.pipeline.beside import place_beside
from aggregator.pipeline.checking import check_drafts
from aggregator.pipeline.filenames import SERVED
from aggregator.store import Store
from aggregator.urls import HANDED_BASE

UNSTORED = 0
"""In place of a post's id in the store."""


class Proofs:
    """Makes proofs, with Pelican kept warm. Not to be used by two threads at once.

    `beside` is the address below which what lies under content/ is shown, by its path.
    """

    def __init__(self, site: Site, press: Press, host: str, beside: str) -> None:
        self._site, self._press, self._host, self._beside = site, press, host, beside

    def make(self, path: str, editorial: Editorial, registry: Registry, now: datetime) -> Proof | None:
        """The draft at `path` (POSIX, relative to content/) as its page would be; None where no draft lies.

        Raises BuildError, ConfigError, StoreError.
        """
        if not is_draft(self._site.content, path):
            return None
        draft, found = read_draft(self._site.content, path, now=now)
        with self._press.open_store() as store:
            findings = self._check(path, found, editorial, store, now)
            if draft is None:
                return Proof(b"", Path(path).name, "held", findings=findings)
            record = store.drafts.load_records((path,)).get(path)
            account = registry.account(LOCAL_ACCOUNT)
            post = _place_files(draft, draft.post, shown=account is None or account.mirror)
            state = decide_state(read_terms(post), now)
            stored = _as_stored(post, record.post if record else UNSTORED, now)
            page = self._print(stored, record.story if record else "", state, account, store)
        judged = judge_state(path, draft.content_hash, record, state, findings)
        return Proof(page, post.title, judged, describe_time(state), findings)

    def check(self, path: str, editorial: Editorial, now: datetime) -> tuple[Finding, ...]:
        """What is to be said of the draft at `path`, nothing being rendered."""
        with self._press.open_store() as store:
            return self._check(path, (), editorial, store, now)

    def make_waiting(self, waiting: WaitingPost, registry: Registry, now: datetime) -> Proof:
        """A post of the inbox as its page would be. Raises BuildError, ConfigError, StoreError."""
        stored = _as_stored(waiting.post, UNSTORED, waiting.note.first_seen)
        account = registry.account(waiting.note.account)
        with self._press.open_store() as store:
            page = self._print(stored, "", decide_state(read_terms(waiting.post), now), account, store)
        return Proof(page, waiting.post.title, "waiting", "；".join(one.text for one in waiting.note.reasons))

    def read_beside(self, path: str) -> bytes | None:
        """What lies under content/, or in a Word draft there, where pages may show it; None for everything else."""
        if not is_beside(path) or path.rpartition(".")[2].lower() not in SERVED:
            return None
        content = self._site.content.resolve()
        try:
            if ".docx/" in path.lower():
                return read_word_picture(content, path, MAX_ATTACHMENT)
            return read_within(content, path, MAX_ATTACHMENT)
        except UnreadableFileError:
            return None

    def _print(self, stored: StoredPost, story: str, state: State, account: Account | None, store: Store) -> bytes:
        placement = replace(
            place_story(story or NOWHERE, (stored,), account),
            expired_at=state.since if state.name == "expired" else None,
        )
        page = self._press.print_proof(stored, placement, store)
        return page.replace(HANDED_BASE.encode(), self._beside.encode())

    def _check(
        self, path: str, found: Sequence[Finding], editorial: Editorial, store: Store, now: datetime
    ) -> tuple[Finding, ...]:
        def knows_story(story: str, host: str) -> bool:
            return (bool(host) and host != self._host) or bool(store.stories.load((story,)))

        report = check_drafts(self._site, (path,), editorial, store, knows_story, now)
        if report.files:
            return report.findings
        # A Word file, against which rules are not held.
        return sort_findings([replace(one, rule=one.rule or READING) for one in found])


def judge_state(
    path: str, content_hash: str, record: DraftRecord | None, state: State, findings: Sequence[Finding]
) -> DraftState:
    """What becomes of a draft, as its file now is."""
    if any(part.startswith("_") for part in path.split("/")):
        return "aside"
    if is_held(findings):
        return "held"
    if state.name != "published":
        return state.name
    if record is None:
        return "new"
    if record.content_hash != content_hash:
        return "changed"
    # Staff may have hidden or withdrawn it by an entry of editorial.toml.
    return "published" if record.is_placed else "withdrawn"


def is_held(findings: Sequence[Finding]) -> bool:
    """Whether a publish would leave a draft with these findings at its last good state."""
    return any(one.level == "error" and not one.waived and one.rule in {READING, *HOLDING} for one in findings)


def describe_time(state: State) -> str:
    """What staff should know of a state that time has to do with; "" of all others."""
    if state.name == "scheduled" and state.due:
        return f"{state.due.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 起公开"
    if state.name == "expired" and state.since:
        return f"{state.since.astimezone(SHANGHAI):%Y-%m-%d} 起不在列表里，页面还在"
    if state.name == "withdrawn":
        return "网站上，这一页的位置是撤回说明"
    return ""


def _as_stored(post: Post, identifier: int, first_seen: datetime) -> StoredPost:
    return StoredPost(identifier, post, first_seen, 1, "")


def _place_files(draft: Draft, post: Post, *, shown: bool) -> Post:
    """The post with what lies beside it as a publish would show it, at the addresses that reading gave it."""
    placed, _ = place_beside(post, draft.path, _Everything(draft), lambda name: _name_beside(name) if shown else "")
    return placed


def _name_beside(name: str) -> str:
    return f"{HANDED_BASE}{quote(name)}" if name.rpartition(".")[2].lower() in SERVED else ""


class _Everything:
    """As `HandedSource`: of what a draft names all is there, as reading has found it."""

    entries: tuple[HandedEntry, ...] = ()
    problems: tuple[str, ...] = ()

    def __init__(self, draft: Draft) -> None:
        named = frozenset(use.file for use in draft.uses if use.file)
        self.others = named | (draft.source.others if draft.source else frozenset())

    def read(self, name: str, limit: int) -> bytes:
        """Nothing is read to show where it lies."""
        raise UnreadableFileError(f"{name}: {limit}")
