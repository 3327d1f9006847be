"""What was published and not told yet to whoever copies the site elsewhere: it outlasts a killed run."""

from __future__ import annotations

from collections.abc import Iterable

from aggregator.store.connection import Table, open_transaction

_ALL = "unreported"
"""Fact that is there where every file of the site is to be told; only removed ones are listed then."""


class Unreported(Table):
    """Paths of the site that differ from what was last told; noted within the caller's transaction."""

    def note_all(self) -> None:
        """Whatever was told before may be another site: what it had is gone unless the next one has it."""
        self._db.execute("INSERT OR IGNORE INTO unreported SELECT path FROM artifacts")
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, '1')", (_ALL,))

    def note(self, changed: Iterable[str], removed: Iterable[str]) -> None:
        paths = removed if self._has_all() else (*changed, *removed)
        self._db.executemany("INSERT OR IGNORE INTO unreported VALUES (?)", [(path,) for path in paths])

    def list_paths(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(changed, removed), each in order: what the site now has of them, and what it has not."""
        there = "SELECT path FROM artifacts"
        if not self._has_all():
            there = "SELECT path FROM unreported JOIN artifacts USING (path)"
        gone = "SELECT path FROM unreported WHERE path NOT IN (SELECT path FROM artifacts)"
        changed, removed = (self._db.execute(f"{question} ORDER BY path") for question in (there, gone))
        return tuple(path for (path,) in changed), tuple(path for (path,) in removed)

    def forget(self) -> None:
        """All of it was told. Of what was purged, not even a name stays."""
        self._db.execute("PRAGMA secure_delete = ON")
        with open_transaction(self._db):
            self._db.execute("DELETE FROM unreported")
            self._db.execute("DELETE FROM facts WHERE key = ?", (_ALL,))

    def _has_all(self) -> bool:
        return self._db.execute("SELECT 1 FROM facts WHERE key = ?", (_ALL,)).fetchone() is not None
