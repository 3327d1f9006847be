"""What is known of each feed: validators, when it last answered, and its history in bounded space."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aggregator.model import FeedState, Outcome, Validators
from aggregator.store.connection import Table, open_transaction, read_moment, to_moment, to_seconds

HISTORY_DAYS = 400
"""A year for the patrol's report and a month to write it in."""

_DAY = 86_400


class Feeds(Table):
    """State and history of every feed of every account."""

    def load_validators(self) -> Mapping[tuple[str, str], Validators]:
        """(account, feed address) -> what to send so that an unchanged feed is not sent again."""
        rows = self._db.execute("SELECT account, url, etag, last_modified, body_hash FROM feeds")
        return {(account, url): Validators(*rest) for account, url, *rest in rows}

    def record(
        self, account: str, url: str, outcome: Outcome, now: datetime, *,
        validators: Validators | None = None, posts_new: int = 0, error: str = "",
    ) -> None:  # fmt: skip
        """Note one poll's outcome; `validators` only after the feed's posts are safely stored."""
        at = to_seconds(now)
        assert at is not None  # noqa: S101  `now` is never None
        failed = outcome == "failed"
        with open_transaction(self._db):
            row = self._db.execute(
                "INSERT INTO feeds (account, url, outcome, last_attempt, last_success, failures, error) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, url) DO UPDATE SET outcome = excluded.outcome, "
                "last_attempt = excluded.last_attempt, error = excluded.error, "
                "last_success = coalesce(excluded.last_success, last_success), "
                "failures = CASE WHEN excluded.failures THEN failures + 1 ELSE 0 END RETURNING id",
                (account, url, outcome, at, None if failed else at, int(failed), error),
            ).fetchone()
            if validators is not None:
                self._db.execute(
                    "UPDATE feeds SET etag = ?, last_modified = ?, body_hash = ? WHERE id = ?",
                    (validators.etag, validators.last_modified, validators.body_hash, row[0]),
                )
            self._db.execute(
                "INSERT INTO history VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT (feed, day, outcome) DO UPDATE SET "
                "times = times + 1, last_at = excluded.last_at, posts_new = posts_new + excluded.posts_new, "
                "error = excluded.error",
                (row[0], at // _DAY, outcome, at, posts_new, error),
            )

    def prune_history(self, now: datetime) -> int:
        """Drop what is older than HISTORY_DAYS; counts rows."""
        today = int(now.timestamp()) // _DAY
        return self._db.execute("DELETE FROM history WHERE day < ?", (today - HISTORY_DAYS,)).rowcount

    def load_states(self) -> tuple[FeedState, ...]:
        rows = self._db.execute(
            "SELECT account, url, outcome, last_attempt, last_success, failures, error FROM feeds ORDER BY account, url"
        )
        return tuple(
            FeedState(account, url, outcome, read_moment(attempt), to_moment(success), failures, error)
            for account, url, outcome, attempt, success, failures, error in rows
        )

    def set_fact(self, key: str, value: str) -> None:
        """Remember one thing about the site itself, such as when it was last published."""
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, value))

    def get_fact(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return "" if row is None else str(row[0])
