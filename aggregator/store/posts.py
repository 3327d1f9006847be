"""Posts, their bodies, former revisions and aliases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from aggregator.artifacts import name_account
from aggregator.model import Post, SavedPosts, StoredPost
from aggregator.store.connection import Table, open_transaction, read_moment, to_seconds
from aggregator.store.graves import find_buried
from aggregator.store.rows import COLUMNS, read_post
from aggregator.store.saving import BATCH, Saving

_OF_ACCOUNTS = ("posts", "aliases", "feeds", "inbox", "graves")


class Posts(Table):
    """Posts of all accounts, drafts included."""

    def save(
        self, account: str, posts: Sequence[Post], now: datetime, feed: str = "", feeds: Sequence[str] = ()
    ) -> SavedPosts:
        """Store the posts of one account: new ones, changed ones as a new revision, unchanged ones not at all.

        A post that is missing from `posts` stays: feeds drop what is old. `feeds` are the
        account's, the one that counts most first: what one of them brought is changed by another only where that has
        more text, or as much and is named before it. Else the RSS and the Atom form of one post would revise each
        other at every poll, or the one that answers first would decide.
        """
        with open_transaction(self._db):
            return Saving(self._db, account, now, feed, feeds).save(self.drop_buried(account, posts))

    def drop_buried(self, account: str, posts: Sequence[Post]) -> tuple[Post, ...]:
        """The posts without those that were purged."""
        buried = find_buried(self._db, account, posts)
        return tuple(post for post in posts if post.key not in buried)

    def find(self, account: str, alias: str) -> int | None:
        row = self._db.execute("SELECT post FROM aliases WHERE account = ? AND alias = ?", (account, alias)).fetchone()
        return None if row is None else int(row[0])

    def update(self, identifier: int, post: Post, now: datetime, feed: str = "") -> bool:
        """Make `post` the current revision and keep the former one; False if nothing changed."""
        with open_transaction(self._db):
            return Saving(self._db, post.account, now, feed).update(identifier, post)

    def withdraw_named(self, account: str, keys: Iterable[str], now: datetime, feed: str = "") -> tuple[int, ...]:
        """Take back the posts known by these keys, as `feed` says; those that are not there, or no more, are passed by.

        Ids of the posts taken back.
        """
        gone: list[int] = []
        with open_transaction(self._db):
            for key in keys:
                known = self.find(account, key)
                if known is None or known in gone:
                    continue
                live = self._db.execute("SELECT 1 FROM posts WHERE id = ? AND withdrawn_at IS NULL", (known,))
                if live.fetchone():
                    self.withdraw(known, now)
                    # From now on it is this feed's to bring it back.
                    self._db.execute("UPDATE posts SET feed = ? WHERE id = ?", (feed, known))
                    gone.append(known)
        return tuple(gone)

    def withdraw(self, identifier: int, now: datetime) -> None:
        """Take a post back; its revisions and its address stay."""
        self._db.execute("UPDATE posts SET withdrawn_at = ?, unplaced = 1 WHERE id = ?", (to_seconds(now), identifier))

    def add_aliases(self, account: str, aliases: Iterable[tuple[str, int]]) -> None:
        """Names of posts, but for those that name another already."""
        self._db.executemany(
            "INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", ((account, alias, post) for alias, post in aliases)
        )

    def rename_account(self, old: str, new: str) -> int:
        """Give the posts of account `old` to `new`; their stories, and so their addresses, stay. Counts posts."""
        with open_transaction(self._db):
            self._db.execute("UPDATE aliases SET account = ? WHERE account = ?", (new, old))
            self._db.execute("UPDATE graves SET account = ? WHERE account = ?", (new, old))
            self._db.execute("UPDATE feeds SET account = ? WHERE account = ?", (new, old))
            self._db.execute(
                "UPDATE OR REPLACE tombstones SET list = ? WHERE list = ?", (name_account(new), name_account(old))
            )
            return self._db.execute("UPDATE posts SET account = ? WHERE account = ?", (new, old)).rowcount

    def knows_account(self, account: str) -> bool:
        """Whether posts, names of posts or feeds of an account of this id are stored."""
        question = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE account = ?1" for table in _OF_ACCOUNTS)
        return self._db.execute(f"{question} LIMIT 1", (account,)).fetchone() is not None

    def load(self, identifiers: Sequence[int], *, bodies: bool = True) -> Iterator[StoredPost]:
        """The posts with these ids, in no particular order; without bodies `html` and `text` are empty."""
        body = "b.html, b.text" if bodies else "'', ''"
        join = "JOIN bodies b ON b.post = p.id" if bodies else ""
        for start in range(0, len(identifiers), BATCH):
            batch = identifiers[start : start + BATCH]
            marks = ", ".join("?" * len(batch))
            rows = self._db.execute(f"SELECT {COLUMNS}, {body} FROM posts p {join} WHERE p.id IN ({marks})", batch)
            yield from map(read_post, rows)

    def load_html(self, identifiers: Sequence[int]) -> dict[int, str]:
        """Each post's body as HTML."""
        bodies: dict[int, str] = {}
        for start in range(0, len(identifiers), BATCH):
            batch = identifiers[start : start + BATCH]
            marks = ", ".join("?" * len(batch))
            bodies.update(self._db.execute(f"SELECT post, html FROM bodies WHERE post IN ({marks})", batch))
        return bodies

    def load_revisions(self, identifier: int) -> tuple[tuple[int, str, str], ...]:
        """(revision, title, html) of the former revisions, oldest first."""
        return tuple(
            self._db.execute(
                "SELECT revision, title, html FROM revisions WHERE post = ? ORDER BY revision", (identifier,)
            )
        )

    def list_changes(self, identifier: int) -> tuple[datetime, ...]:
        """When the post was changed after it was first stored, oldest first."""
        rows = self._db.execute(
            "SELECT replaced_at FROM revisions WHERE post = ? ORDER BY revision", (identifier,)
        ).fetchall()
        return tuple(read_moment(row[0]) for row in rows)

    def list_unplaced(self) -> tuple[int, ...]:
        """Posts that are new, changed or withdrawn since they were last put into stories, oldest first.

        The order is the posts' own, so that which of several new copies founds a story is no accident of
        arrival.
        """
        rows = self._db.execute(
            "SELECT id FROM posts WHERE unplaced ORDER BY coalesce(published, first_seen), account, key"
        )
        return tuple(row[0] for row in rows)

    def list_waiting_accounts(self) -> tuple[str, ...]:
        """Accounts with posts that were not yet put into stories."""
        return tuple(row[0] for row in self._db.execute("SELECT DISTINCT account FROM posts WHERE unplaced"))

    def load_openings(self, identifiers: Sequence[int], length: int) -> dict[int, str]:
        """The first `length` characters of each post's text, for cards and feeds of posts without a summary."""
        openings: dict[int, str] = {}
        for start in range(0, len(identifiers), BATCH):
            batch = identifiers[start : start + BATCH]
            marks = ", ".join("?" * len(batch))
            question = f"SELECT post, substr(text, 1, ?) FROM bodies WHERE post IN ({marks})"
            openings.update(self._db.execute(question, (length, *batch)))
        return openings

    def mark_unplaced(self, account: str) -> None:
        """Let the account's posts be put into stories anew."""
        self._db.execute("UPDATE posts SET unplaced = 1 WHERE account = ?", (account,))

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM posts").fetchone()[0])
