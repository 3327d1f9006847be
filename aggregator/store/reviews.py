"""The log of reviews, which is only added to, and the drafts that wait for one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, astuple
from typing import Any

from aggregator.model import FileUse, Finding, HeldDraft, PublicDraft, ReviewEntry, WordMemory
from aggregator.store.connection import Table, open_transaction, read_moment, to_seconds

_ENTRY = "id, at, path, content, step, verdict, reviewer, identity, reason, reason_hash, previous, hash"
_HELD = "path, file_hash, content, key, title, claims, since, findings, uses, memory"
_HEAD = "reviews-head"
"""Fact: number and hash of the last line, so that lines cut off at the end are missed."""


class Reviews(Table):
    """What was reviewed by whom, and what still is to be."""

    # The log --------------------------------------------------------------------------------------------------

    def append(self, entry: ReviewEntry) -> None:
        """Add a line that was chained to `load_head`. To be used within a transaction."""
        row = (
            entry.number, to_seconds(entry.at), entry.path, entry.content, entry.step, entry.verdict, entry.by,
            entry.identity, entry.reason, entry.reason_hash, entry.previous, entry.hash,
        )  # fmt: skip
        self._db.execute(f"INSERT INTO reviews ({_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (_HEAD, f"{entry.number} {entry.hash}"))

    def load_head(self) -> tuple[int, str]:
        """Number and hash of the line that was written last, whether it is still there or not; (0, "") for none.

        A line that somebody put behind it is counted, so that its number is not given twice.
        """
        row = self._db.execute("SELECT value FROM facts WHERE key = ?", (_HEAD,)).fetchone()
        number, _, digest = row[0].partition(" ") if row else ("0", "", "")
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM reviews").fetchone()
        return max(int(number), last), digest

    def load_log(self) -> tuple[ReviewEntry, ...]:
        """All lines, in their order."""
        return self._load("", ())

    def load_entries(self, contents: Collection[str]) -> tuple[ReviewEntry, ...]:
        """The lines about these contents, in the order of the log."""
        return self._load("WHERE content IN (SELECT value FROM json_each(?))", (json.dumps(sorted(contents)),))

    def _load(self, where: str, values: tuple[object, ...]) -> tuple[ReviewEntry, ...]:
        # A line that somebody altered must not keep the log from being read and found out.
        at = "CASE WHEN typeof(at) = 'integer' AND at BETWEEN 0 AND 253402300799 THEN at ELSE 0 END"
        listed = _ENTRY.replace("at", at, 1)
        rows = self._db.execute(f"SELECT {listed} FROM reviews {where} ORDER BY id", values)
        return tuple(ReviewEntry(row[0], read_moment(row[1]), *row[2:]) for row in rows)

    # Drafts ---------------------------------------------------------------------------------------------------

    def load_held(self) -> Mapping[str, HeldDraft]:
        """Path -> draft that waited when `content/` was last read."""
        rows = self._db.execute(f"SELECT {_HELD} FROM awaiting ORDER BY path")
        return {row[0]: _read_held(row) for row in rows}

    def save_held(self, drafts: Iterable[HeldDraft]) -> None:
        """These wait from now on, and no others."""
        wanted = {draft.path: draft for draft in drafts}
        former = self.load_held()
        with open_transaction(self._db):
            self._db.executemany(
                "DELETE FROM awaiting WHERE path = ?", [(path,) for path in former if path not in wanted]
            )
            self._db.executemany(
                f"INSERT OR REPLACE INTO awaiting ({_HELD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_write_held(draft) for path, draft in wanted.items() if draft != former.get(path)],
            )

    def load_public(self, paths: Collection[str]) -> Mapping[str, PublicDraft]:
        """Path -> the state of the draft there that was last let through; without those that never were."""
        among = json.dumps(sorted(paths))
        uses: dict[str, list[FileUse]] = {}
        for draft, *use in self._db.execute(
            "SELECT draft, spelling, kind, line, file, tag, address FROM beside "
            "WHERE draft IN (SELECT value FROM json_each(?))",
            (among,),
        ):
            uses.setdefault(draft, []).append(FileUse(*use))
        rows = self._db.execute(
            "SELECT path, content_hash, review FROM drafts WHERE path IN (SELECT value FROM json_each(?))", (among,)
        )
        return {path: PublicDraft(file_hash, review, tuple(uses.get(path, ()))) for path, file_hash, review in rows}


def _write_held(draft: HeldDraft) -> tuple[object, ...]:
    return (
        draft.path, draft.file_hash, draft.content, draft.key, draft.title, draft.claims, to_seconds(draft.since),
        _dump([asdict(one) for one in draft.findings]), _dump([astuple(one) for one in draft.uses]),
        _dump(astuple(draft.memory)) if draft.memory else "",
    )  # fmt: skip


def _read_held(row: tuple[Any, ...]) -> HeldDraft:
    *stated, since, findings, uses, memory = row
    number, names = json.loads(memory) if memory else ("", ())
    path, file_hash, content, key, title, claims = stated
    return HeldDraft(
        path,
        file_hash,
        content,
        key,
        title,
        claims,
        read_moment(since),
        tuple(Finding(**one) for one in json.loads(findings)),
        tuple(FileUse(*one) for one in json.loads(uses)),
        WordMemory(number, tuple(names)) if memory else None,
    )


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
