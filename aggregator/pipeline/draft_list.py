"""The drafts of a site, those written last first, each with what becomes of it.

drafts.list_drafts | store.drafts.load_records | what differs is read, and held against the rules if it is shown
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aggregator.channel import decide_state, read_terms
from aggregator.drafts import (
    Glances,
    hash_content,
    is_word,
    list_drafts,
    list_set_aside,
    look_at,
    read_source,
)
from aggregator.inspection import describe_counts
from aggregator.model import (
    LOCAL_ACCOUNT,
    DraftCard,
    DraftRecord,
    DraftShelf,
    DraftSource,
    Editorial,
    Finding,
    Post,
    Site,
    State,
)
from aggregator.pipeline.checking import check_drafts
from aggregator.pipeline.proofs import describe_time, judge_state
from aggregator.store import Store

SHOWN = 100
"""Drafts in a list; the search finds the others."""


@dataclass(frozen=True, slots=True)
class _Look:
    """A file that differs from what the store knows, as it was when it was opened."""

    stamp: tuple[int, int]
    content_hash: str
    title: str
    state: State


class DraftList:
    """Lists drafts; what was read of a file is remembered until it changes."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._looks: dict[str, _Look] = {}

    def list(self, query: str, editorial: Editorial, store: Store, now: datetime) -> DraftShelf:
        """Those whose path or title contains `query`, all of them where it is ""."""
        records = store.drafts.load_records()
        found = self._find(records, store)
        seen = Glances(self._site.content, store.glances.load(), now)
        unread: dict[str, _Look] = {}
        matching: list[str] = []
        wanted = query.casefold().split()
        for path in sorted(found, key=lambda one: (-found[one][0], one)):
            record, glance = records.get(path), seen.look(path)
            is_known = record is not None and glance is not None and glance.content_hash == record.content_hash
            # Of those that are counted only, nobody asks for the title.
            if not is_known and (wanted or len(matching) < SHOWN):
                unread[path] = self._look(path, found[path], now)
            title = unread[path].title if path in unread else record.title if record else ""
            if all(word in f"{path} {title}".casefold() for word in wanted):
                matching.append(path)
        shown = matching[:SHOWN]
        findings = self._check([path for path in shown if path in unread], editorial, store, now)
        cards = (
            _describe(path, found[path][0], records.get(path), unread.get(path), findings.get(path, ()))
            for path in shown
        )
        return DraftShelf(tuple(cards), len(matching))

    def _find(self, records: Mapping[str, DraftRecord], store: Store) -> Mapping[str, tuple[int, int]]:
        """Path -> time of change in nanoseconds and size, of all drafts."""
        places = list_drafts(self._site.content)
        attached = {use.file for uses in store.drafts.load_uses().values() for use in uses}
        office = (path for path in places.office if path in records or (is_word(path) and path not in attached))
        return dict(_stat(self._site.content, (*places.drafts, *office, *list_set_aside(self._site.content))))

    def _look(self, path: str, stamp: tuple[int, int], now: datetime) -> _Look:
        known = self._looks.get(path)
        if known is None or known.stamp != stamp:
            known = self._looks[path] = self._open(path, stamp, now)
        return known

    def _open(self, path: str, stamp: tuple[int, int], now: datetime) -> _Look:
        try:
            content_hash = hash_content((self._site.content / path).read_bytes())
        except OSError:
            content_hash = ""
        if is_word(path):
            return _Look(stamp, content_hash, Path(path).stem, State("published"))
        source, _ = read_source(self._site.content, path, now=now)
        if source is None:
            return _Look(stamp, content_hash, Path(path).name, State("published"))
        return _Look(stamp, content_hash, source.title, decide_state(read_terms(_as_post(source)), now))

    def _check(
        self, paths: Collection[str], editorial: Editorial, store: Store, now: datetime
    ) -> Mapping[str, tuple[Finding, ...]]:
        if not paths:
            return {}
        report = check_drafts(self._site, paths, editorial, store, lambda *_: True, now)
        return {path: tuple(one for one in report.findings if one.file == path) for path in paths}


def _describe(
    path: str, changed: int, record: DraftRecord | None, look: _Look | None, findings: Sequence[Finding]
) -> DraftCard:
    if look is not None:
        title, content_hash, state = look.title, look.content_hash, look.state
    else:
        title, content_hash = (record.title, record.content_hash) if record else ("", "")
        state = _read_state(record) if record else State("published")
    counted = describe_counts(findings) if findings else ""
    note = "；".join(filter(None, (describe_time(state), counted)))
    judged = judge_state(path, content_hash, record, state, findings)
    return DraftCard(path, title, judged, datetime.fromtimestamp(changed / 1e9, UTC), note)


def _stat(content: Path, paths: Sequence[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    root = str(content)
    for path in paths:
        try:
            status = look_at(root, path)
        except OSError:
            # Gone since the folder was listed, or closed: a publish tells of it.
            continue
        yield path, (status.st_mtime_ns, status.st_size)


def _as_post(source: DraftSource) -> Post:
    """What can be said of its time."""
    header = tuple((line.key, line.value) for line in source.header)
    return Post(LOCAL_ACCOUNT, source.path, source.title, published=source.published, header=header)


def _read_state(record: DraftRecord) -> State:
    if record.appears:
        return State("scheduled", due=record.appears)
    return State("expired", record.expired) if record.expired else State("published")
