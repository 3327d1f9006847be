"""Names of purged posts, as hashes: what is delivered again under one of them does not come back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from aggregator.model import LOCAL_ACCOUNT, Post
from aggregator.store.connection import to_seconds
from aggregator.text import hash_text, normalize_title


def dig_graves(db: sqlite3.Connection, posts: Sequence[int]) -> None:
    """Note all names of these posts, before they are forgotten."""
    rows = db.execute(
        "SELECT p.account, a.alias, p.title, p.published FROM posts p JOIN aliases a ON a.post = p.id "
        "WHERE p.id IN (SELECT value FROM json_each(?1)) UNION "
        "SELECT account, key, title, published FROM posts WHERE id IN (SELECT value FROM json_each(?1))",
        (json.dumps(list(posts)),),
    ).fetchall()
    db.executemany(
        "INSERT OR REPLACE INTO graves VALUES (?, ?, ?, ?)",
        [(account, hash_text(name), hash_text(normalize_title(title)), date) for account, name, title, date in rows],
    )


def find_buried(db: sqlite3.Connection, account: str, posts: Iterable[Post]) -> frozenset[str]:
    """Keys of those of an account's posts that were purged.

    A 编号 or guid proves it. Where several pieces have one name in the course of time (an address, the path of a file),
    the headline or the date must be the same as well.
    """
    if db.execute("SELECT 1 FROM graves WHERE account = ? LIMIT 1", (account,)).fetchone() is None:
        return frozenset()
    return frozenset(post.key for post in posts if _is_buried(db, account, post))


def _is_buried(db: sqlite3.Connection, account: str, post: Post) -> bool:
    reused = {post.canonical_url, *(name for name in post.aliases if name.startswith("path:"))}
    if account == LOCAL_ACCOUNT:
        reused |= {name.removeprefix("path:") for name in reused}
    for name in dict.fromkeys((post.key, *post.aliases)):
        grave = db.execute(
            "SELECT title, date FROM graves WHERE account = ? AND name = ?", (account, hash_text(name))
        ).fetchone()
        if grave is None:
            continue
        same_title = grave[0] == hash_text(normalize_title(post.title))
        same_date = grave[1] is not None and grave[1] == to_seconds(post.published)
        if same_title or (name == post.key and (name not in reused or same_date)):
            return True
    return False
