"""Taking a story out of the store for good: text, revisions, names, traces in the index; a tombstone stays."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from aggregator.model import Notice, Story
from aggregator.store.connection import Table, open_transaction, to_seconds
from aggregator.store.graves import dig_graves
from aggregator.store.inbox import Inbox
from aggregator.store.index import Index
from aggregator.store.states import States
from aggregator.store.stories import Stories

_BLANK = (
    "title = '', url = '', canonical_url = '', summary = '', author = '', categories = '[]', image = '', "
    "attachments = '[]', header = '[]', warnings = '[]', content_hash = '', updated = NULL, appears_at = NULL"
)

_AMONG = "IN (SELECT value FROM json_each(?1))"


class Purges(Table):
    """What a purge does to the tables. The story's page, and all that shows it, is the next build's."""

    def list_posts(self, story: Story) -> tuple[int, ...]:
        """The posts of a story, and those of its text that were withdrawn or hidden: all that is to go."""
        own = {story.founder, story.lead, *(member.post for member in story.members)}
        rows = self._db.execute(
            f"SELECT id FROM posts WHERE id {_AMONG} AND id NOT IN (SELECT post FROM members WHERE story <> ?2) UNION "
            f"SELECT post FROM bodies WHERE text <> '' AND text IN (SELECT text FROM bodies WHERE post {_AMONG}) "
            "AND post NOT IN (SELECT post FROM members WHERE story <> ?2) ORDER BY 1",
            (json.dumps(sorted(own)), story.id),
        )
        return tuple(row[0] for row in rows)

    def list_words(self, posts: Sequence[int]) -> tuple[str, ...]:
        """Headlines, addresses and names by which these posts may be told in logs."""
        rows = self._db.execute(
            f"SELECT title FROM posts WHERE id {_AMONG} UNION SELECT title FROM revisions WHERE post {_AMONG} UNION "
            f"SELECT url FROM posts WHERE id {_AMONG} UNION SELECT alias FROM aliases WHERE post {_AMONG} UNION "
            f"SELECT path FROM drafts WHERE post {_AMONG}",
            (json.dumps(list(posts)),),
        )
        return tuple(row[0] for row in rows if row[0])

    def list_twins(self, posts: Sequence[int]) -> tuple[str, ...]:
        """Other stories in which a post has the same text as one of these."""
        among = json.dumps(list(posts))
        rows = self._db.execute(
            "SELECT DISTINCT m.story FROM bodies b JOIN members m ON m.post = b.post WHERE b.text <> '' "
            f"AND b.text IN (SELECT text FROM bodies WHERE post {_AMONG}) AND b.post NOT {_AMONG} ORDER BY 1",
            (among,),
        )
        return tuple(row[0] for row in rows)

    def purge(self, story: str, posts: Sequence[int], reason: str, now: datetime) -> None:
        """Forget these posts and the files that only they show; the story's page is a tombstone from now on."""
        self._db.execute("PRAGMA secure_delete = ON")
        with open_transaction(self._db):
            dig_graves(self._db, posts)
            self._forget_waiting(posts)
            Index(self._db).save(posts, {})
            among = (json.dumps(list(posts)),)
            self._db.execute(
                "UPDATE decisions SET detail = '' WHERE story = ?2 "
                f"OR detail IN (SELECT account || ' ' || key FROM posts WHERE id {_AMONG})",
                (*among, story),
            )
            self._forget_files(posts, story)
            self._forget_reviews(posts)
            for table, column in (("glances", "path"), ("words", "path"), ("beside", "draft")):
                self._db.execute(
                    f"DELETE FROM {table} WHERE {column} IN (SELECT path FROM drafts WHERE post {_AMONG})", among
                )
            for table in ("revisions", "aliases", "drafts", "members"):
                self._db.execute(f"DELETE FROM {table} WHERE post {_AMONG}", among)
            self._db.execute(f"DELETE FROM matches WHERE a {_AMONG} OR b {_AMONG}", among)
            self._db.execute(f"UPDATE bodies SET html = '', text = '' WHERE post {_AMONG}", among)
            self._db.execute(
                f"UPDATE posts SET {_BLANK}, key = 'purged:' || id, unplaced = 0, withdrawn_at = ?2 WHERE id {_AMONG}",
                (*among, to_seconds(now)),
            )
            self._db.execute(f"DELETE FROM unmirrored WHERE post {_AMONG}", among)
            Stories(self._db).save_placements((), [story])
            States(self._db).save_notices([Notice(story, now, reason, purged=True)])
            Stories(self._db).log_decisions([("purged", story, reason)], now)

    def _forget_waiting(self, posts: Sequence[int]) -> None:
        """Newer versions of these posts may wait in the inbox."""
        names: dict[str, list[str]] = {}
        question = (
            f"SELECT account, alias FROM aliases WHERE post {_AMONG} UNION "
            f"SELECT account, key FROM posts WHERE id {_AMONG}"
        )
        for account, name in self._db.execute(question, (json.dumps(list(posts)),)):
            names.setdefault(account, []).append(name)
        for account, known in names.items():
            Inbox(self._db).drop_named(account, known)

    def _forget_reviews(self, posts: Sequence[int]) -> None:
        """Newer versions of these posts may wait for review. Of the log only the words of staff go."""
        paths = f"(SELECT substr(alias, 6) FROM aliases WHERE post {_AMONG} AND alias LIKE 'path:%')"
        among = (json.dumps(list(posts)),)
        self._db.execute(f"DELETE FROM awaiting WHERE path IN {paths}", among)
        self._db.execute(
            f"UPDATE reviews SET reason = '' WHERE reason <> '' AND (path IN {paths} "
            f"OR content IN (SELECT review FROM drafts WHERE post {_AMONG} AND review <> ''))",
            among,
        )

    def _forget_files(self, posts: Sequence[int], story: str) -> None:
        """Let go of the copies noted for these posts, at this revision or an earlier one, that no other page shows."""
        question = f"SELECT url, kind, file, small FROM files WHERE post {_AMONG}"
        for url, kind, *names in self._db.execute(question, (json.dumps(list(posts)),)).fetchall():
            other = self._db.execute(
                "SELECT s.lead FROM asked a JOIN stories s ON s.id = a.story "
                "WHERE a.url = ? AND a.kind = ? AND a.story <> ? LIMIT 1",
                (url, kind, story),
            ).fetchone()
            if other is not None:
                self._db.execute("UPDATE files SET post = ? WHERE url = ? AND kind = ?", (other[0], url, kind))
                continue
            self._db.execute("DELETE FROM files WHERE url = ? AND kind = ?", (url, kind))
            self._db.executemany(
                "DELETE FROM blobs WHERE file = ?1 AND NOT EXISTS (SELECT 1 FROM files WHERE file = ?1 OR small = ?1)",
                [(name,) for name in names if name],
            )

    def erase_traces(self) -> bool:
        """Write the database anew without what was deleted; False where a reader or a full disk is in the way."""
        try:
            self._db.execute("VACUUM")
        except sqlite3.OperationalError:
            return False
        (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
