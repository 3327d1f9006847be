"""Feeds that changed and that a hub is to be told of: this outlasts a killed run, and a hub that does not answer."""

from __future__ import annotations

import json
from collections.abc import Iterable

from aggregator.store.connection import Table

_WAITING = "unannounced"
"""Fact: the paths as a JSON list; there are as many as feeds at most."""


class Announcements(Table):
    """Paths of feeds that the hub was not told of yet."""

    def note(self, feeds: Iterable[str]) -> None:
        """Within the caller's transaction, that which makes these feeds the site's."""
        self._save({*self._load(), *feeds})

    def list_paths(self) -> tuple[str, ...]:
        """Those that the site still has."""
        waiting = json.dumps(self._load())
        there = self._db.execute(
            "SELECT path FROM artifacts WHERE path IN (SELECT value FROM json_each(?)) ORDER BY path", (waiting,)
        )
        return tuple(path for (path,) in there)

    def forget(self, feeds: Iterable[str]) -> None:
        """The hub knows of these."""
        self._save({*self._load()} - {*feeds})

    def _load(self) -> list[str]:
        row = self._db.execute("SELECT value FROM facts WHERE key = ?", (_WAITING,)).fetchone()
        return [] if row is None else list(json.loads(row[0]))

    def _save(self, feeds: set[str]) -> None:
        if feeds:
            self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (_WAITING, json.dumps(sorted(feeds))))
        else:
            self._db.execute("DELETE FROM facts WHERE key = ?", (_WAITING,))
