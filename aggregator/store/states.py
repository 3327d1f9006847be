"""When posts and stories change by time alone, and what stands in the place of those that were withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aggregator.model import LOCAL_ACCOUNT, Notice
from aggregator.store.connection import Table, open_transaction, read_moment, to_moment, to_seconds
from aggregator.store.saving import BATCH

_NOTICE = "story, at, reason, replacement, target, origin, purged"


class States(Table):
    """Drafts that are kept back, moments that are due, notices."""

    # Time -----------------------------------------------------------------------------------------------------

    def list_unread(self) -> tuple[int, ...]:
        """Drafts that wait to be placed, whose terms may have changed."""
        # By the index of what waits, not by that of accounts: there may be ten thousand drafts.
        return _first(self._db.execute("SELECT id FROM posts WHERE unplaced AND +account = ?", (LOCAL_ACCOUNT,)))

    def keep_back(self, appearing: Mapping[int, datetime | None]) -> None:
        """Post -> when it may be shown; None: now."""
        self._db.executemany(
            "UPDATE posts SET appears_at = ?1 WHERE id = ?2 AND appears_at IS NOT ?1",
            [(to_seconds(moment), post) for post, moment in appearing.items()],
        )

    def list_scheduled(self) -> frozenset[int]:
        """Posts whose time has not come."""
        return frozenset(_first(self._db.execute("SELECT id FROM posts WHERE appears_at IS NOT NULL")))

    def release(self, now: datetime) -> None:
        """Let the drafts whose time has come be placed. Their files are read anew: what was said of a date to come is
        no longer true."""
        rows = self._db.execute("SELECT id FROM posts WHERE appears_at <= ?", (to_seconds(now),)).fetchall()
        if rows:
            with open_transaction(self._db):
                self._db.executemany("UPDATE drafts SET content_hash = '' WHERE post = ?", rows)
                self._db.executemany("UPDATE posts SET appears_at = NULL, unplaced = 1 WHERE id = ?", rows)

    def list_due(self, now: datetime) -> tuple[str, ...]:
        """Stories in the channel whose state time has changed."""
        return _first(self._db.execute("SELECT story FROM placements WHERE due_at <= ?", (to_seconds(now),)))

    def find_next(self) -> datetime | None:
        """The next moment at which time alone changes what the site shows."""
        row = self._db.execute(
            "SELECT min(moment) FROM (SELECT min(appears_at) AS moment FROM posts WHERE appears_at IS NOT NULL "
            "UNION ALL SELECT min(due_at) FROM placements WHERE due_at IS NOT NULL)"
        ).fetchone()
        return to_moment(row[0])

    # Notices --------------------------------------------------------------------------------------------------

    def load_notices(self, stories: Sequence[str]) -> Mapping[str, Notice]:
        """Story -> what stands in its place, of those that were withdrawn or purged."""
        found: dict[str, Notice] = {}
        for start in range(0, len(stories), BATCH):
            batch = stories[start : start + BATCH]
            marks = ", ".join("?" * len(batch))
            rows = self._db.execute(f"SELECT {_NOTICE} FROM notices WHERE story IN ({marks})", batch)
            found.update((row[0], _read_notice(row)) for row in rows)
        return found

    def list_open(self) -> tuple[Notice, ...]:
        """Notices of which it is not known which story their replacement is."""
        rows = self._db.execute(f"SELECT {_NOTICE} FROM notices WHERE replacement <> '' AND target = '' ORDER BY story")
        return tuple(map(_read_notice, rows))

    def save_notices(self, notices: Iterable[Notice], removed: Iterable[str] = ()) -> None:
        with open_transaction(self._db):
            self._db.executemany("DELETE FROM notices WHERE story = ?", [(story,) for story in removed])
            self._db.executemany(
                f"INSERT OR REPLACE INTO notices ({_NOTICE}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (one.story, to_seconds(one.at), one.reason, one.replacement, one.target, one.origin, one.purged)
                    for one in notices
                ],
            )


def _read_notice(row: tuple[Any, ...]) -> Notice:
    story, at, reason, replacement, target, origin, purged = row
    return Notice(story, read_moment(at), reason, replacement, target, origin, bool(purged))


def _first(rows: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(row[0] for row in rows)
