"""What is remembered of staff's files, so that one that nobody touched need not be opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple

from aggregator.model import Glance, Refusal
from aggregator.store.connection import Table, open_transaction, read_moment, to_seconds


class GlancesAtDrafts(Table):
    """A draft's file as it was when it was last opened."""

    def load(self) -> Mapping[str, Glance]:
        """Path -> what is remembered."""
        rows = self._db.execute("SELECT path, stamp, content_hash, excerpt FROM glances")
        return {row[0]: Glance._make(row[1:]) for row in rows}

    def load_refusals(self) -> Mapping[str, Refusal]:
        """Path -> why the Word file there gave no draft when it was last tried."""
        rows = self._db.execute("SELECT path, content_hash, message, remedy, tried_at FROM refusals")
        return {row[0]: Refusal(row[1], row[2], row[3], read_moment(row[4])) for row in rows}

    def save(self, glances: Iterable[tuple[str, Glance]], refusals: Iterable[tuple[str, Refusal]] = ()) -> None:
        """Remember files that were opened, and all refusals that there are; nothing stays of files that are gone."""
        refused = [(path, *astuple(refusal)[:-1], to_seconds(refusal.tried_at)) for path, refusal in refusals]
        rows = [(path, *glance) for path, glance in glances]
        with open_transaction(self._db):
            self._db.executemany("INSERT OR REPLACE INTO glances VALUES (?, ?, ?, ?)", rows)
            self._db.execute("DELETE FROM refusals")
            self._db.executemany("INSERT INTO refusals VALUES (?, ?, ?, ?, ?)", refused)
            self._db.execute(
                "DELETE FROM glances WHERE NOT EXISTS (SELECT 1 FROM drafts d WHERE d.path = glances.path) "
                "AND NOT EXISTS (SELECT 1 FROM awaiting a WHERE a.path = glances.path) "
                "AND NOT EXISTS (SELECT 1 FROM refusals r WHERE r.path = glances.path)"
            )
