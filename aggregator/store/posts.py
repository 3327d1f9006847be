"""Posts, their bodies, former revisions and aliases."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aggregator.model import Attachment, Post, SavedPosts, StoredPost
from aggregator.store.connection import Table, open_transaction, read_moment, to_moment, to_seconds
from aggregator.text import normalize_title

_COLUMNS = (
    "p.id, p.account, p.key, p.title, p.url, p.canonical_url, p.summary, p.published, p.updated, p.author, "
    "p.categories, p.image, p.attachments, p.genre, p.header, p.warnings, p.first_seen, p.revision, "
    "p.content_hash, p.withdrawn_at"
)

_OF_ACCOUNTS = ("posts", "aliases", "feeds")

BATCH = 500
"""Ids in one question; SQLite allows 32,766 parameters, and a page of rows is what memory should hold."""

KEEP_REVISIONS = 50
"""Former revisions kept of a post, besides the first: a feed with a counter in its text changes at each poll."""

_dump = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: json.dumps makes one for each value that is not written as it does by default."""


class Posts(Table):
    """Posts of all accounts, drafts included."""

    def save(
        self, account: str, posts: Sequence[Post], now: datetime, feed: str = "", rivals: Collection[str] = ()
    ) -> SavedPosts:
        """Store the posts of one account: new ones, changed ones as a new revision, unchanged ones not at all.

        A post that is missing from `posts` stays: feeds drop what is old. `rivals` are the account's other
        feeds: what one of them brought is changed by `feed` only where that has more text, or the RSS and the
        Atom form of one post would revise each other at every poll.
        """
        new: list[int] = []
        changed: list[int] = []
        owners = Counter(alias for post in posts for alias in set(post.aliases) - {post.key})
        keys = {post.key for post in posts}
        with open_transaction(self._db):
            for post in posts:
                # An alias that two posts of one batch claim (every item linking to the home page) names neither.
                aliases = tuple(alias for alias in post.aliases if owners[alias] < 2)
                known = self.find(account, post.key) or self._find_by_alias(post, aliases, keys)
                if known is not None and self._is_another(known, post):
                    known = self._find_same_words(post)
                    if known is None:
                        # Of the two it is this one that the address shows from now on.
                        self._db.execute("DELETE FROM aliases WHERE account = ? AND alias = ?", (account, post.key))
                        post = replace(post, key=f"{post.key} {_name_words(post)[0]}")
                        aliases = (post.canonical_url, *aliases)
                if known is None:
                    known = self.insert(post, now, feed)
                    new.append(known)
                elif not self._is_kept(known, post, feed, rivals) and self.update(known, post, now, feed):
                    changed.append(known)
                self.add_aliases(account, known, (post.key, *aliases))
        return SavedPosts(tuple(new), tuple(changed))

    def find(self, account: str, alias: str) -> int | None:
        row = self._db.execute("SELECT post FROM aliases WHERE account = ? AND alias = ?", (account, alias)).fetchone()
        return None if row is None else int(row[0])

    def _find_by_alias(self, post: Post, aliases: Sequence[str], keys: set[str]) -> int | None:
        """The stored post that a post with an unknown key is: same address and same headline, other guid."""
        for alias in aliases:
            row = self._db.execute(
                "SELECT p.id, p.key, p.title FROM aliases a JOIN posts p ON p.id = a.post "
                "WHERE a.account = ? AND a.alias = ?",
                (post.account, alias),
            ).fetchone()
            # A feed whose items all share one address would otherwise fold every new post into the last one.
            if row and row[1] not in keys and normalize_title(row[2]) == normalize_title(post.title):
                return int(row[0])
        return None

    def _is_another(self, identifier: int, post: Post) -> bool:
        """Whether a post known by its address alone is not the one last seen there.

        A list page that each new notice in turn links to: nothing of the last one is left, not even the date.
        """
        if post.key != post.canonical_url or not _name_words(post):
            return False
        title, text, published = self._db.execute(
            "SELECT title, text, published FROM posts JOIN bodies ON post = id WHERE id = ?", (identifier,)
        ).fetchone()
        date = to_seconds(post.published)
        return (
            bool(post.text and text)
            and post.text != text
            and normalize_title(title) != normalize_title(post.title)
            and None not in (date, published)
            and date != published
        )

    def _find_same_words(self, post: Post) -> int | None:
        """The stored post with the same title, text and date."""
        found = (self.find(post.account, name) for name in _name_words(post))
        return next((known for known in found if known is not None), None)

    def _is_kept(self, identifier: int, post: Post, feed: str, rivals: Collection[str]) -> bool:
        """Whether the stored post stays as it is, whatever `feed` says now."""
        owner, withdrawn, text = self._db.execute(
            "SELECT feed, withdrawn_at, text FROM posts JOIN bodies ON post = id WHERE id = ?", (identifier,)
        ).fetchone()
        if withdrawn is not None:
            # The feed that took it back may bring it again as it was; another that still lists it knows no better.
            date = to_seconds(post.updated or post.published)
            return owner != feed and (date is None or date <= withdrawn)
        if post.lacks_body and text:
            # A bridge that fails today doesn't take back what it delivered yesterday.
            return True
        # Another feed of the account brought it, and at least as much of it.
        return owner in rivals and len(post.text) <= len(text)

    def insert(self, post: Post, now: datetime, feed: str = "") -> int:
        values = _row_of(post)
        cursor = self._db.execute(
            "INSERT INTO posts (account, key, feed, title, url, canonical_url, summary, published, updated, author, "
            "categories, image, attachments, genre, header, warnings, content_hash, first_seen, revision) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            (post.account, post.key, feed, *values, hash_content(post), to_seconds(now)),
        )
        identifier = cursor.lastrowid
        assert identifier is not None  # noqa: S101  sqlite3 types it as optional; after an INSERT it never is
        self._db.execute("INSERT INTO bodies VALUES (?, ?, ?)", (identifier, post.html, post.text))
        return identifier

    def update(self, identifier: int, post: Post, now: datetime, feed: str = "") -> bool:
        """Make `post` the current revision and keep the former one; False if nothing changed."""
        title, published, content_hash, revision, withdrawn, html = self._db.execute(
            "SELECT title, published, content_hash, revision, withdrawn_at, html "
            "FROM posts JOIN bodies ON post = id WHERE id = ?",
            (identifier,),
        ).fetchone()
        new_hash = hash_content(post)
        if new_hash == content_hash and withdrawn is None:
            return False
        with open_transaction(self._db):
            if new_hash != content_hash:
                self._db.execute(
                    "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (identifier, revision, to_seconds(now), title, published, content_hash, html),
                )
                self._db.execute(
                    "DELETE FROM revisions WHERE post = ? AND revision BETWEEN 2 AND ?",
                    (identifier, revision - KEEP_REVISIONS),
                )
                revision += 1
            self._db.execute(
                "UPDATE posts SET title = ?, url = ?, canonical_url = ?, summary = ?, published = ?, updated = ?, "
                "author = ?, categories = ?, image = ?, attachments = ?, genre = ?, header = ?, warnings = ?, "
                "content_hash = ?, revision = ?, feed = ?, withdrawn_at = NULL, unplaced = 1 WHERE id = ?",
                (*_row_of(post), new_hash, revision, feed, identifier),
            )
            self._db.execute("UPDATE bodies SET html = ?, text = ? WHERE post = ?", (post.html, post.text, identifier))
        return True

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

    def add_aliases(self, account: str, identifier: int, aliases: Iterable[str]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", [(account, alias, identifier) for alias in aliases]
        )

    def rename_account(self, old: str, new: str) -> int:
        """Give the posts of account `old` to `new`; their stories, and so their addresses, stay. Counts posts."""
        with open_transaction(self._db):
            self._db.execute("UPDATE aliases SET account = ? WHERE account = ?", (new, old))
            self._db.execute("UPDATE feeds SET account = ? WHERE account = ?", (new, old))
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
            rows = self._db.execute(f"SELECT {_COLUMNS}, {body} FROM posts p {join} WHERE p.id IN ({marks})", batch)
            yield from map(_read_post, rows)

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

    def list_unplaced(self, except_accounts: Sequence[str] = ()) -> tuple[int, ...]:
        """Posts that are new, changed or withdrawn since they were last put into stories, oldest first.

        The order is the posts' own, so that which of several new copies founds a story is no accident of
        arrival. Posts of `except_accounts` wait on.
        """
        marks = ", ".join("?" * len(except_accounts))
        rows = self._db.execute(
            f"SELECT id FROM posts WHERE unplaced AND account NOT IN ({marks}) "
            "ORDER BY coalesce(published, first_seen), account, key",
            tuple(except_accounts),
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


def hash_content(post: Post) -> str:
    """Over all that a resident can see of a post; identifiers and reading notes are left out."""
    seen = (
        post.title, post.url, post.html, post.text, post.summary, to_seconds(post.published), to_seconds(post.updated),
        post.author, post.categories, post.image, [_attachment_row(one) for one in post.attachments], post.genre,
        post.header,
    )  # fmt: skip
    return hashlib.blake2b(_dump(seen).encode(), digest_size=16).hexdigest()


def _name_words(post: Post) -> tuple[str, ...]:
    """The aliases that parsing made of title, text and date."""
    return tuple(alias for alias in post.aliases if alias.startswith("hash:"))


def _attachment_row(attachment: Attachment) -> tuple[str, str, str, int | None]:
    return attachment.url, attachment.title, attachment.media_type, attachment.size


def _row_of(post: Post) -> tuple[str | int | None, ...]:
    return (
        post.title, post.url, post.canonical_url, post.summary, to_seconds(post.published), to_seconds(post.updated),
        post.author, _dump(post.categories), post.image, _dump([_attachment_row(one) for one in post.attachments]),
        post.genre, _dump(post.header), _dump(post.warnings),
    )  # fmt: skip


def _load(written: str) -> list[Any]:
    """A list as the store has it; most are empty, and thousands are read at once."""
    return [] if written == "[]" else json.loads(written)


def _read_post(row: tuple[Any, ...]) -> StoredPost:
    (
        identifier, account, key, title, url, canonical_url, summary, published, updated, author, categories, image,
        attachments, genre, header, warnings, first_seen, revision, content_hash, withdrawn_at, html, text,
    ) = row  # fmt: skip
    post = Post(
        account=account, key=key, title=title, url=url, canonical_url=canonical_url, html=html, text=text,
        summary=summary, published=to_moment(published), updated=to_moment(updated), author=author,
        categories=tuple(_load(categories)), image=image,
        attachments=tuple(Attachment(*one) for one in _load(attachments)), genre=genre,
        header=tuple((name, value) for name, value in _load(header)), warnings=tuple(_load(warnings)),
    )  # fmt: skip
    return StoredPost(identifier, post, read_moment(first_seen), revision, content_hash, to_moment(withdrawn_at))
