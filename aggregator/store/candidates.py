"""The store's answer to `model.CandidateIndex`: where copies of a post may be found."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence

from aggregator.model import Account, Document, Fingerprint, Match, StoredPost, Story
from aggregator.store.connection import Table
from aggregator.store.posts import Posts
from aggregator.store.stories import read_matches, read_stories_of

MIN_SHARED = 3
"""Sketch hashes two posts share to be compared at all (docs/architecture.md, the ladder)."""

MAX_POSTINGS = 512
"""A gram in more posts than this is a phrase of the trade, not of a story, and is no way to find copies. More than
any city has accounts that post one notice."""

MAX_CANDIDATES = 256
"""Posts compared with one at most, those with most in common first."""


class Candidates(Table):
    """Candidates among live posts. `accounts` by id: their names and authority are part of a document."""

    def __init__(self, connection: sqlite3.Connection, accounts: Mapping[str, Account]) -> None:
        super().__init__(connection)
        self._accounts = accounts
        self._posts = Posts(connection)

    def find_candidates(self, document: Document, fingerprint: Fingerprint) -> Sequence[int]:
        found: set[int] = set()
        if document.canonical_url:
            found.update(
                row[0]
                for row in self._db.execute(
                    # What waits for staff's decision has no fingerprint, and nothing may draw it into a story.
                    "SELECT id FROM posts JOIN fingerprints ON post = id "
                    "WHERE canonical_url = ? AND canonical_url <> '' AND withdrawn_at IS NULL",
                    (document.canonical_url,),
                )
            )
        if fingerprint.exact:
            found.update(
                row[0]
                for row in self._db.execute(
                    "SELECT post FROM fingerprints WHERE exact = ? AND exact <> ''", (fingerprint.exact,)
                )
            )
        shared: Counter[int] = Counter()
        for gram in fingerprint.grams:
            postings = self._db.execute(
                "SELECT post FROM grams WHERE hash = ? LIMIT ?", (gram, MAX_POSTINGS + 1)
            ).fetchall()
            if len(postings) <= MAX_POSTINGS:
                shared.update(row[0] for row in postings)
        del shared[document.post]
        likely = sorted((post for post in shared if shared[post] >= MIN_SHARED), key=lambda post: (-shared[post], post))
        found.update(likely[:MAX_CANDIDATES])
        found.discard(document.post)
        return tuple(sorted(found))

    def load_documents(self, posts: Sequence[int]) -> Sequence[Document]:
        stored = sorted(self._posts.load(posts), key=lambda one: one.id)
        return tuple(self._read_document(one) for one in stored if one.withdrawn_at is None)

    def _read_document(self, stored: StoredPost) -> Document:
        post = stored.post
        account = self._accounts.get(post.account)
        return Document(
            post=stored.id, account=post.account, key=post.key, title=post.title, canonical_url=post.canonical_url,
            text=post.text, date=stored.date, rank=account.rank if account else 0,
            names=(account.name, account.organization) if account else (),
            attribution=dict(post.header).get("来源", ""),
        )  # fmt: skip

    def load_matches(self, posts: Sequence[int]) -> Sequence[Match]:
        return tuple(read_matches(self._db, posts))

    def load_stories(self, posts: Sequence[int]) -> Sequence[Story]:
        return tuple(read_stories_of(self._db, posts))

    def find_founder(self, story: str) -> int | None:
        row = self._db.execute("SELECT founder FROM stories WHERE id = ?", (story,)).fetchone()
        return None if row is None else int(row[0])
