"""One feed's posts on their way into the store: each is found to be new, changed, kept or as it was.

What is stored under their names is asked for once, and what is new is written at once: a question for each post
would take most of an update's time.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aggregator.model import Post, SavedPosts
from aggregator.store.connection import to_moment, to_seconds
from aggregator.store.rows import CONTENT, hash_content, write_content
from aggregator.text import normalize_title

BATCH = 500
"""Values in one question; SQLite allows 32,766 parameters, and a page of rows is what memory should hold."""

KEEP_REVISIONS = 50
"""Former revisions kept of a post, besides the first: a feed with a counter in its text changes at each poll."""

_TOLD = ("title", "summary", "author", "image", "attachments", "header")
"""What a post says, besides its body: when one of these changed, feeds tell that it did."""

_INSERT_POST = (
    f"INSERT INTO posts (id, account, key, feed, {CONTENT}, content_hash, first_seen, revision) "
    f"VALUES ({', '.join('?' * (CONTENT.count(',') + 7))}, 1)"
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A stored post without its body."""

    id: int
    key: str
    title: str
    canonical_url: str
    feed: str
    published: int | None
    updated: int | None
    content_hash: str
    revision: int
    withdrawn_at: int | None


class Saving:
    """One batch of posts of one account. To be used within a transaction, and flushed at its end."""

    def __init__(
        self, connection: sqlite3.Connection, account: str, now: datetime, feed: str, feeds: Sequence[str] = ()
    ) -> None:
        self._db = connection
        self._account = account
        self._now = to_seconds(now)
        self._feed = feed
        self._feeds = feeds
        self._names: dict[str, int] = {}
        """Of the batch's names, those that are known: name -> id."""
        self._known: dict[int, _Known] = {}
        self._next_id = 0
        self._posts: list[tuple[object, ...]] = []
        self._bodies: list[tuple[int, str, str]] = []
        self._aliases: list[tuple[str, str, int]] = []
        """Rows that are still to be written."""

    def save(self, posts: Sequence[Post]) -> SavedPosts:
        new: list[int] = []
        changed: list[int] = []
        owners = Counter(alias for post in posts for alias in set(post.aliases) - {post.key})
        keys = {post.key for post in posts}
        self._look_up(posts)
        for post in posts:
            # An alias that two posts of one batch claim (every item linking to the home page) names neither.
            aliases = tuple(alias for alias in post.aliases if owners[alias] < 2)
            known = self._names.get(post.key) or self._find_by_alias(post, aliases, keys)
            if known is not None and self._is_another(known, post):
                known = self._find_again(post)
                if known is None:
                    # Of the two it is this one that the key names from now on.
                    self._forget_alias(post.key)
                    post = replace(post, key=f"{post.key} {_name_words(post)[0]}")
                    aliases = (post.canonical_url, *aliases)
            if known is None:
                known = self.insert(post)
                new.append(known)
            elif not self._is_kept(known, post) and self.update(known, post):
                changed.append(known)
            self._add_aliases(known, (post.key, *aliases))
        self.flush()
        return SavedPosts(tuple(new), tuple(changed))

    def insert(self, post: Post) -> int:
        """The id that the post will have."""
        if not self._next_id:
            # As SQLite itself would number them; nobody else writes within our transaction.
            self._next_id = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM posts").fetchone()[0]
        identifier = self._next_id
        self._next_id += 1
        values = write_content(post)
        self._posts.append(
            (identifier, self._account, post.key, self._feed, *values, hash_content(post), self._now),
        )
        self._bodies.append((identifier, post.html, post.text))
        return identifier

    def update(self, identifier: int, post: Post) -> bool:
        """Make `post` the current revision and keep the former one; False if nothing changed."""
        known = self._load(identifier)
        if post.is_date_inferred and known.published is not None:
            # "3小时前" is another date at each reading, and was right at the first.
            post = replace(post, published=to_moment(known.published), updated=to_moment(known.updated))
        content_hash, revision = hash_content(post), known.revision
        if content_hash == known.content_hash and known.withdrawn_at is None:
            return False
        if content_hash != known.content_hash:
            self._db.execute(
                "INSERT INTO revisions SELECT id, revision, ?, title, published, content_hash, html "
                "FROM posts JOIN bodies ON post = id WHERE id = ?",
                (self._now, identifier),
            )
            self._db.execute(
                "DELETE FROM revisions WHERE post = ? AND revision BETWEEN 2 AND ?",
                (identifier, revision - KEEP_REVISIONS),
            )
            revision += 1
        assigned = ", ".join(f"{name} = ?" for name in CONTENT.split(", "))
        values = write_content(post)
        told = dict(zip(CONTENT.split(", "), values, strict=True))
        self._db.execute(
            f"UPDATE posts SET {assigned}, content_hash = ?, revision = ?, feed = ?, withdrawn_at = NULL, "
            f"unplaced = 1, revised_at = iif(({', '.join(_TOLD)}) IS NOT ({', '.join('?' * len(_TOLD))}) "
            "OR (SELECT html FROM bodies WHERE post = id) <> ?, ?, revised_at) WHERE id = ?",
            (
                *values, content_hash, revision, self._feed,
                *(told[name] for name in _TOLD), post.html, self._now, identifier,
            ),
        )  # fmt: skip
        self._db.execute("UPDATE bodies SET html = ?, text = ? WHERE post = ?", (post.html, post.text, identifier))
        del self._known[identifier]
        return True

    def flush(self) -> None:
        """Write what waits."""
        self._db.executemany(_INSERT_POST, self._posts)
        self._db.executemany("INSERT INTO bodies VALUES (?, ?, ?)", self._bodies)
        self._db.executemany("INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", self._aliases)
        self._posts.clear()
        self._bodies.clear()
        self._aliases.clear()

    def _look_up(self, posts: Iterable[Post]) -> None:
        """Have at hand what is stored under any name of these posts."""
        names = list({name for post in posts for name in (post.key, *post.aliases)})
        for marks, batch in _cut(names):
            question = f"SELECT alias, post FROM aliases WHERE account = ? AND alias IN ({marks})"
            self._names.update(self._db.execute(question, (self._account, *batch)))
        for marks, batch in _cut(list(set(self._names.values()))):
            self._read_known(f"id IN ({marks})", batch)

    def _load(self, identifier: int) -> _Known:
        if identifier not in self._known:
            # It came with this batch, or was changed by it.
            self.flush()
            self._read_known("id = ?", [identifier])
        return self._known[identifier]

    def _read_known(self, condition: str, values: Sequence[object]) -> None:
        rows = self._db.execute(
            "SELECT id, key, title, canonical_url, feed, published, updated, content_hash, revision, withdrawn_at "
            f"FROM posts WHERE {condition}",
            values,
        )
        self._known.update((row[0], _Known(*row)) for row in rows)

    def _load_text(self, identifier: int) -> str:
        self.flush()
        return str(self._db.execute("SELECT text FROM bodies WHERE post = ?", (identifier,)).fetchone()[0])

    def _add_aliases(self, identifier: int, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._names:
                self._names[name] = identifier
                self._aliases.append((self._account, name, identifier))

    def _forget_alias(self, name: str) -> None:
        self.flush()
        self._db.execute("DELETE FROM aliases WHERE account = ? AND alias = ?", (self._account, name))
        self._names.pop(name, None)

    def _find_by_alias(self, post: Post, aliases: Sequence[str], keys: set[str]) -> int | None:
        """The stored post that a post with an unknown key is: same address and same headline, other guid."""
        for alias in aliases:
            if (identifier := self._names.get(alias)) is None:
                continue
            known = self._load(identifier)
            # A feed whose items all share one address would otherwise fold every new post into the last one.
            if known.key not in keys and normalize_title(known.title) == normalize_title(post.title):
                return identifier
        return None

    def _is_another(self, identifier: int, post: Post) -> bool:
        """Whether a post is not the one last seen under its key, which goes to each new notice in turn.

        The address of a list page, or a guid such as "latest" or a place in the list, where the address differs, too:
        nothing of the last one is left, not even the date.
        """
        addresses = {self._load(identifier).canonical_url, post.canonical_url}
        if post.key != post.canonical_url and (len(addresses) < 2 or "" in addresses):
            return False
        return bool(_name_words(post)) and self._shares_nothing(identifier, post)

    def _shares_nothing(self, identifier: int, post: Post) -> bool:
        """Whether headline, text and date of a stored post are all others, as far as both are known."""
        if not post.text:
            return False
        known, date = self._load(identifier), to_seconds(post.published)
        if date is None or known.published is None or date == known.published:
            return False
        if normalize_title(known.title) == normalize_title(post.title):
            return False
        return self._load_text(identifier) not in ("", post.text)

    def _find_again(self, post: Post) -> int | None:
        """The stored post with the same title, text and date, or the one at the same address."""
        for name in (*_name_words(post), post.canonical_url):
            known = self._names.get(name)
            if known is not None and not self._shares_nothing(known, post):
                return known
        return None

    def _is_kept(self, identifier: int, post: Post) -> bool:
        """Whether the stored post stays as it is, whatever the feed says now."""
        known = self._load(identifier)
        if known.withdrawn_at is not None:
            # The feed that took it back may bring it again as it was; another that still lists it knows no better.
            date = to_seconds(post.updated or post.published)
            return known.feed != self._feed and (date is None or date <= known.withdrawn_at)
        if post.lacks_body and self._load_text(identifier):
            # A bridge that fails today doesn't take back what it delivered yesterday.
            return True
        if known.feed == self._feed or known.feed not in self._feeds:
            return False
        # Another feed of the account brought it: the fuller text counts, of equal ones that of the feed named first.
        length = len(self._load_text(identifier))
        return len(post.text) < length or (len(post.text) == length and self._is_later_than(known.feed))

    def _is_later_than(self, feed: str) -> bool:
        return self._feed not in self._feeds or self._feeds.index(feed) < self._feeds.index(self._feed)


def _cut(values: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Portions for one question each, with as many marks."""
    for start in range(0, len(values), BATCH):
        batch = values[start : start + BATCH]
        yield ", ".join("?" * len(batch)), batch


def _name_words(post: Post) -> tuple[str, ...]:
    """The aliases that parsing made of title, text and date."""
    return tuple(alias for alias in post.aliases if alias.startswith("hash:"))
