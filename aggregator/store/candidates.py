"""The store's answer to `model.CandidateIndex`: where copies of a post may be found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from aggregator.model import Account, Document, Match, Story
from aggregator.store.connection import Table, read_moment
from aggregator.store.index import cut_batches, is_strong, unpack_keys
from aggregator.store.stories import read_matches, read_stories_of
from aggregator.text import SKETCH

MIN_SHARED = 3
"""Sketch hashes two posts share to be compared at all (docs/architecture.md, the ladder)."""

MIN_OVERLAP = 0.3
"""Containment of rare grams, as sketches estimate it, from which it's worth while to compare texts. Of copies that can
be joined (containment 0.45 at least) none was below; of the notices of one template most are."""

_NO_LIMIT = 1 << 32


class Candidates(Table):
    """Candidates among live posts.

    `accounts` by id: their names and authority are part of a document. `window`: days between two posts' dates beyond
    which grams no longer find them; a policy posted again after years is found by its text, headline or address.
    """

    def __init__(self, connection: sqlite3.Connection, accounts: Mapping[str, Account], window: int) -> None:
        super().__init__(connection)
        self._accounts = accounts
        self._window = window
        self._crowded = frozenset(row[0] for row in self._db.execute("SELECT key FROM crowded"))

    def find_candidates(self, post: int) -> Sequence[int]:
        row = self._db.execute("SELECT twins, shown, day, keys FROM prints WHERE post = ?", (post,)).fetchone()
        if row is None:
            return ()
        twins, shown, day, packed = row
        if not shown:
            # Whatever it is a copy of, the twin that is shown is too.
            return self._find_twins(twins, shown=True)
        found = set(self._find_twins(twins, shown=False)) if twins else set()
        strong, weak = self._split_keys(packed)
        found.update(
            row[0] for row in self._db.execute(f"SELECT post FROM postings WHERE key IN ({_mark(strong)})", strong)
        )
        if len(weak) >= MIN_SHARED:
            likely = self._db.execute(
                f"SELECT post FROM postings WHERE key IN ({_mark(weak)}) AND day BETWEEN ? AND ? AND post <> ? "
                "GROUP BY post HAVING count(*) >= ?",
                (*weak, day - self._window, day + self._window, post, MIN_SHARED),
            )
            found.update(self._keep_overlapping(weak, [row[0] for row in likely]))
        found.discard(post)
        return tuple(sorted(found))

    def _split_keys(self, packed: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What one in common of is enough, and the rare grams; without those that find too many."""
        keys = unpack_keys(packed)
        if not self._crowded.isdisjoint(keys):
            keys = tuple(key for key in keys if key not in self._crowded)
        first_weak = next((place for place, key in enumerate(keys) if not is_strong(key)), len(keys))
        return keys[:first_weak], keys[first_weak:]

    def _keep_overlapping(self, sketch: Sequence[int], others: Sequence[int]) -> Iterator[int]:
        for marks, batch in cut_batches(others):
            for other, packed in self._db.execute(f"SELECT post, keys FROM prints WHERE post IN ({marks})", batch):
                if estimate_containment(sketch, self._split_keys(packed)[1]) >= MIN_OVERLAP:
                    yield other

    def _find_twins(self, twins: int, *, shown: bool) -> tuple[int, ...]:
        rows = self._db.execute("SELECT post FROM prints WHERE twins = ? AND twins <> 0 AND shown = ?", (twins, shown))
        return tuple(row[0] for row in rows)

    def load_documents(self, posts: Sequence[int]) -> Sequence[Document]:
        texts: dict[str, str] = {}
        documents: list[Document] = []
        for marks, batch in cut_batches(posts):
            for post, account_id, key, title, url, seconds, header, text in self._db.execute(
                "SELECT id, account, key, title, canonical_url, coalesce(published, first_seen), header, text "
                f"FROM posts JOIN bodies ON post = id WHERE withdrawn_at IS NULL AND id IN ({marks}) ORDER BY id",
                batch,
            ):
                account = self._accounts.get(account_id)
                documents.append(
                    Document(
                        post=post, account=account_id, key=key, title=title, canonical_url=url,
                        # A text that a feed repeats ten thousand times is in memory once.
                        text=texts.setdefault(text, text),
                        date=read_moment(seconds), rank=account.rank if account else 0,
                        names=(account.name, account.organization) if account else (),
                        attribution=dict(json.loads(header)).get("来源", "") if header != "[]" else "",
                    )
                )  # fmt: skip
        return tuple(documents)

    def load_matches(self, posts: Sequence[int]) -> Sequence[Match]:
        return tuple(read_matches(self._db, posts))

    def load_stories(self, posts: Sequence[int]) -> Sequence[Story]:
        return tuple(read_stories_of(self._db, posts))

    def find_founder(self, story: str) -> int | None:
        row = self._db.execute("SELECT founder FROM stories WHERE id = ?", (story,)).fetchone()
        return None if row is None else int(row[0])


def estimate_containment(one: Sequence[int], other: Sequence[int]) -> float:
    """Share of the rare grams of the shorter of two texts in the longer one, as two ascending sketches tell.

    What is below the last of a full sketch is a sample of all grams of the text, by the same rule for both
    (Beyer et al., "On Synopses for Distinct-Value Estimation Under Multiset Operations", 2007).
    """
    limit = min(sketch[-1] if len(sketch) >= SKETCH else _NO_LIMIT for sketch in (one, other) if sketch)
    first, second = ({key for key in sketch if key <= limit} for sketch in (one, other))
    return len(first & second) / max(1, min(len(first), len(second)))


def _mark(values: Sequence[int]) -> str:
    return ", ".join("?" * len(values))
