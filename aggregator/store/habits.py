"""What is usual for a feed and its account: by this a hijacked one is known."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from aggregator.model import FeedHabits, KnownPost, LastPost
from aggregator.store.connection import Table, to_moment, to_seconds

_DAY = 86_400

_BROUGHT = """
SELECT coalesce(published, first_seen) AS date, first_seen, 1 AS usual FROM posts WHERE account = ?1 AND feed = ?2
UNION ALL SELECT coalesce(json_extract(post, '$.published'), first_seen), first_seen, NOT EXISTS
(SELECT 1 FROM json_each(reasons) WHERE json_extract(value, '$.rule') = 'burst')
FROM inbox WHERE account = ?1 AND feed = ?2
"""
"""All that a feed brought."""


class Habits(Table):
    """Questions about stored posts and feeds, asked before a feed's posts are let in."""

    def find_last_read(self, account: str, feed: str) -> datetime | None:
        """When the feed last answered; None if it never did."""
        row = self._db.execute(
            "SELECT last_success FROM feeds WHERE account = ? AND url = ?", (account, feed)
        ).fetchone()
        return to_moment(row[0]) if row else None

    def load_known(self, account: str, names: Collection[str]) -> Mapping[str, KnownPost]:
        """Identifier -> the post that is known by it."""
        rows = self._db.execute(
            "SELECT alias, iif(withdrawn_at IS NULL, content_hash, ''), published, updated "
            "FROM aliases JOIN posts ON posts.id = post "
            "WHERE aliases.account = ? AND alias IN (SELECT value FROM json_each(?))",
            (account, json.dumps(list(names))),
        )
        return {
            alias: KnownPost(content_hash, to_moment(published), to_moment(updated))
            for alias, content_hash, published, updated in rows
        }

    def load_last(self, account: str, feed: str, number: int) -> tuple[LastPost, ...]:
        """The last posts of the account, and of this one of its feeds, the newest first; those of an archive aside."""
        rows = self._db.execute(
            "SELECT id, title, url FROM posts WHERE id IN (SELECT * FROM (SELECT id FROM posts "
            "WHERE account = ?1 AND feed NOT GLOB 'import:*' ORDER BY id DESC LIMIT ?3) UNION SELECT * FROM "
            "(SELECT id FROM posts WHERE account = ?1 AND feed = ?2 ORDER BY first_seen DESC, id DESC LIMIT ?3)) "
            "ORDER BY id DESC",
            (account, feed, number),
        )
        return tuple(LastPost(*row) for row in rows)

    def count_lately(self, account: str, feed: str, now: datetime) -> int:
        """Posts that the feed brought within the last day and that do not wait."""
        row = self._db.execute(
            "SELECT count(*) FROM posts WHERE account = ? AND feed = ? AND first_seen > ?",
            (account, feed, int(now.timestamp()) - _DAY),
        ).fetchone()
        return int(row[0])

    def load_habits(
        self, account: str, feed: str, last_read: datetime, now: datetime, days: int, since: datetime | None = None
    ) -> FeedHabits | None:
        """What the feed did in the `days` before the last one, and within the last day; None if that is not known.

        Posts that wait count as well, but those of a burst are not what is usual. Within the last day only those count
        that are dated after `since`.
        """
        yesterday = int(now.timestamp()) - _DAY
        # A burst that comes in portions is not usual by its second one.
        end = min(int(last_read.timestamp()), yesterday)
        begin = end - days * _DAY
        total, dated, oldest, newest, first = self._db.execute(
            f"SELECT count(*), count(*) FILTER (WHERE date BETWEEN ?3 AND ?4), min(date), max(date), min(first_seen) "
            f"FROM ({_BROUGHT}) WHERE usual",
            (account, feed, begin, end),
        ).fetchone()
        if not total:
            return None
        arrived, lately = self._db.execute(
            f"SELECT count(*) FILTER (WHERE usual AND first_seen BETWEEN ?3 AND ?4), "
            f"count(*) FILTER (WHERE first_seen > ?5 AND (?7 IS NULL OR date > ?7)) FROM ({_BROUGHT}) "
            f"WHERE first_seen > ?6",
            (account, feed, begin, end, yesterday, first, to_seconds(since)),
        ).fetchone()
        # By dates, as a feed shows at its first reading what it brought in weeks; by arrivals where dates are wrong.
        a_day = max(_rate(dated, max(begin, oldest), end), _rate(arrived, max(begin, first), end))
        if not a_day and newest > oldest:
            a_day = _rate(total, oldest, newest)
        elif not a_day and first > begin:
            # All of one date, and not read for long.
            return None
        return FeedHabits(a_day, max(1.0, (now - last_read) / timedelta(days=1)), lately)

    def load_landings(self) -> dict[tuple[str, str], str]:
        """(account, feed) -> host that answered it, after redirects."""
        return {(account, feed): host for account, feed, host in self._db.execute("SELECT * FROM landings")}

    def save_landing(self, account: str, feed: str, host: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO landings VALUES (?, ?, ?)", (account, feed, host))


def _rate(posts: int, begin: int, end: int) -> float:
    """Posts a day, of which a part is a whole one."""
    return posts / max(1.0, (end - begin) / _DAY)
