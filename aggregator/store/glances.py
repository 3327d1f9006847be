"""What is remembered of staff's files, so that one that nobody touched need not be opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aggregator.model import Glance
from aggregator.store.connection import Table, open_transaction


class GlancesAtDrafts(Table):
    """A draft's file as it was when it was last opened."""

    def load(self) -> Mapping[str, Glance]:
        """Path -> what is remembered."""
        rows = self._db.execute("SELECT path, stamp, content_hash, excerpt FROM glances")
        return {path: Glance(*rest) for path, *rest in rows}

    def save(self, glances: Iterable[tuple[str, Glance]]) -> None:
        """Remember files that were opened; nothing stays of files that are no drafts any more."""
        rows = [(path, glance.stamp, glance.content_hash, glance.excerpt) for path, glance in glances]
        with open_transaction(self._db):
            self._db.executemany("INSERT OR REPLACE INTO glances VALUES (?, ?, ?, ?)", rows)
            self._db.execute(
                "DELETE FROM glances WHERE path NOT IN (SELECT path FROM drafts UNION ALL SELECT path FROM awaiting)"
            )
