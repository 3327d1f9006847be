"""What is known of each feed: what to send, when it is due, when it last answered; its history in bounded space."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from aggregator.model import FeedMemory, FeedState, Outcome, Validators
from aggregator.store.connection import Table, open_transaction, read_moment, to_moment, to_seconds

HISTORY_DAYS = 400
"""A year for the patrol's report and a month to write it in."""

_DAY = 86_400

_MEMORY = (
    "account, url, etag, last_modified, body_hash, next_at, failures, ttl, address, moved_to, moved_since, closed_at, "
    "held_host, held_until"
)


class Feeds(Table):
    """State and history of every feed of every account."""

    def load_memories(self) -> Mapping[tuple[str, str], FeedMemory]:
        """(account, feed address) -> what to send to the feed, when, and where."""
        rows = self._db.execute(f"SELECT {_MEMORY} FROM feeds")
        return {(account, url): _read_memory((account, url, *rest)) for account, url, *rest in rows}

    def record(
        self, memory: FeedMemory, outcome: Outcome, now: datetime, *, posts_new: int = 0, error: str = ""
    ) -> None:
        """Note one answer and what to remember after it; its validators only once its posts are safely stored."""
        at = int(now.timestamp())
        values = (*_row_of(memory), outcome, at, None if outcome == "failed" else at, error)
        names = f"{_MEMORY}, outcome, last_attempt, last_success, error"
        renewed = ", ".join(
            f"{name} = excluded.{name}" for name in names.split(", ") if name not in ("account", "url", "last_success")
        )
        with open_transaction(self._db):
            row = self._db.execute(
                f"INSERT INTO feeds ({names}) VALUES ({', '.join('?' * len(values))}) "
                f"ON CONFLICT (account, url) DO UPDATE SET {renewed}, "
                "last_success = coalesce(excluded.last_success, last_success) RETURNING id",
                values,
            ).fetchone()
            self._db.execute(
                "INSERT INTO history VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT (feed, day, outcome) DO UPDATE SET "
                "times = times + 1, last_at = excluded.last_at, posts_new = posts_new + excluded.posts_new, "
                "error = excluded.error",
                (row[0], at // _DAY, outcome, at, posts_new, error),
            )

    def excuse(self, memories: Iterable[FeedMemory]) -> None:
        """Take back what the last answer did to when these feeds are due: it was none of theirs."""
        with open_transaction(self._db):
            self._db.executemany(
                "UPDATE feeds SET failures = ?, next_at = ?, address = ? WHERE account = ? AND url = ?",
                [(one.failures, to_seconds(one.next_at), one.address, one.account, one.url) for one in memories],
            )

    def prune_history(self, now: datetime) -> int:
        """Drop what is older than HISTORY_DAYS; counts rows."""
        today = int(now.timestamp()) // _DAY
        return self._db.execute("DELETE FROM history WHERE day < ?", (today - HISTORY_DAYS,)).rowcount

    def load_states(self) -> tuple[FeedState, ...]:
        rows = self._db.execute(
            f"SELECT outcome, last_attempt, last_success, error, {_MEMORY} FROM feeds ORDER BY account, url"
        )
        return tuple(
            FeedState(_read_memory(tuple(memory)), outcome, read_moment(attempt), to_moment(success), error)
            for outcome, attempt, success, error, *memory in rows
        )

    def forget_validators(self, accounts: Collection[str]) -> None:
        """Let the feeds of these accounts be read whole when they are next asked."""
        self._db.executemany(
            "UPDATE feeds SET etag = '', last_modified = '', body_hash = '' WHERE account = ?",
            [(account,) for account in sorted(accounts)],
        )

    def set_fact(self, key: str, value: str) -> None:
        """Remember one thing about the site itself, such as when it was last published."""
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, value))

    def get_fact(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return "" if row is None else str(row[0])


def _row_of(memory: FeedMemory) -> tuple[str | int | None, ...]:
    """In the order of _MEMORY."""
    validators = memory.validators
    return (
        memory.account, memory.url, validators.etag, validators.last_modified, validators.body_hash,
        to_seconds(memory.next_at), memory.failures, memory.ttl, memory.address, memory.moved_to,
        to_seconds(memory.moved_since), to_seconds(memory.closed_at), memory.held_host, to_seconds(memory.held_until),
    )  # fmt: skip


def _read_memory(row: tuple[Any, ...]) -> FeedMemory:
    (
        account, url, etag, last_modified, body_hash, next_at, failures, ttl, address, moved_to, moved_since,
        closed_at, held_host, held_until,
    ) = row  # fmt: skip
    return FeedMemory(
        account=account, url=url, validators=Validators(etag, last_modified, body_hash), next_at=to_moment(next_at),
        failures=failures, ttl=ttl, address=address, moved_to=moved_to, moved_since=to_moment(moved_since),
        closed_at=to_moment(closed_at), held_host=held_host, held_until=to_moment(held_until),
    )  # fmt: skip
