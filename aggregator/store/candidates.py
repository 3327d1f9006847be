"""The store's answer to `model.CandidateIndex`: where copies of a post may be found."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from aggregator.model import Account, Document, Match, Story
from aggregator.store.connection import Table, read_moment
from aggregator.store.index import cut_batches, hash_address, is_address, is_strong, unpack_keys
from aggregator.store.stories import read_matches, read_stories_of
from aggregator.text import SKETCH

MIN_SHARED = 3
"""Sketch hashes two posts share to be compared at all (docs/architecture.md, the ladder)."""

MIN_OVERLAP = 0.3
"""Containment of rare grams, as sketches estimate it, from which it's worth while to compare texts. Of copies that can
be joined (containment 0.45 at least) none was below; of the notices of one template most are."""

SKETCHES = 8192
"""Sketches kept in memory, 10 MB: the notices of one template are looked at again for each new one."""

_NO_LIMIT = 1 << 32


class Candidates(Table):
    """Candidates among live posts; for as long as nothing is indexed.

    `accounts` by id: their names and authority are part of a document. `window`: days between two posts' dates beyond
    which grams no longer find them; a policy posted again after years is found by its text, headline or address.
    """

    def __init__(self, connection: sqlite3.Connection, accounts: Mapping[str, Account], window: int) -> None:
        super().__init__(connection)
        self._accounts = accounts
        self._window = window
        self._sketches: dict[int, tuple[int, ...]] = {}
        self._crowded = frozenset(row[0] for row in self._db.execute("SELECT key FROM crowded"))
        self._lists = frozenset(filter(is_address, self._crowded))

    def find_candidates(self, post: int) -> Sequence[int]:
        row = self._db.execute("SELECT twins, shown, day, keys, address FROM prints WHERE post = ?", (post,)).fetchone()
        if row is None:
            return ()
        twins, shown, day, packed, address = row
        found = self._find_twins(twins, shown=not shown) if twins else set()
        if address and address not in self._crowded:
            found |= self._find_neighbours(address, twins)
        if not shown:
            # Whatever else it is a copy of, the twin that is shown is too.
            found.discard(post)
            return tuple(sorted(found))
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
        first_weak = 0
        while first_weak < len(keys) and is_strong(keys[first_weak]):
            first_weak += 1
        return keys[:first_weak], keys[first_weak:]

    def _keep_overlapping(self, sketch: Sequence[int], others: Sequence[int]) -> Iterator[int]:
        if len(self._sketches) > SKETCHES:
            self._sketches.clear()
        for marks, batch in cut_batches([other for other in others if other not in self._sketches]):
            for other, packed in self._db.execute(f"SELECT post, keys FROM prints WHERE post IN ({marks})", batch):
                self._sketches[other] = self._split_keys(packed)[1]
        return (one for one in others if estimate_containment(sketch, self._sketches[one]) >= MIN_OVERLAP)

    def _find_twins(self, twins: int, *, shown: bool) -> set[int]:
        rows = self._db.execute("SELECT post FROM prints WHERE twins = ? AND twins <> 0 AND shown = ?", (twins, shown))
        return {row[0] for row in rows}

    def _find_neighbours(self, address: int, twins: int) -> set[int]:
        """Posts at the same address, but for twins, of which the one that is shown knows all."""
        question = "SELECT post FROM prints WHERE address = ? AND address <> 0 AND (twins = 0 OR twins <> ?)"
        return {row[0] for row in self._db.execute(question, (address, twins))}

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
                        post=post, account=account_id, key=key, title=title,
                        # The address of a list of notices is none of theirs.
                        canonical_url="" if self._lists and hash_address(url) in self._lists else url,
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
    limit = min(one[-1] if len(one) >= SKETCH else _NO_LIMIT, other[-1] if len(other) >= SKETCH else _NO_LIMIT)
    first, second = bisect_right(one, limit), bisect_right(other, limit)
    return len(set(one[:first]).intersection(other[:second])) / max(1, min(first, second))


def _mark(values: Sequence[int]) -> str:
    return ", ".join("?" * len(values))
