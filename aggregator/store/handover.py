"""Files that departments handed over, as they were when their posts were stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aggregator.model import HandedMemory
from aggregator.store.connection import Table, open_transaction


class Handover(Table):
    """What is known of each file of each handed folder."""

    def load_known(self, account: str, feed: str) -> Mapping[str, HandedMemory]:
        """Name -> what the file was, of the folder that is this feed."""
        rows = self._db.execute("SELECT file, tag, digest FROM handed WHERE account = ? AND feed = ?", (account, feed))
        return {row[0]: HandedMemory(*row) for row in rows}

    def remember(self, account: str, feed: str, files: Iterable[HandedMemory]) -> None:
        """These files' posts are stored."""
        with open_transaction(self._db):
            self._db.executemany(
                "INSERT OR REPLACE INTO handed VALUES (?, ?, ?, ?, ?)",
                [(account, feed, one.name, one.tag, one.digest) for one in files],
            )

    def rename_account(self, old: str, new: str) -> None:
        self._db.execute("UPDATE OR REPLACE handed SET account = ? WHERE account = ?", (new, old))
