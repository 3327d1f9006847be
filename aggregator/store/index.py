"""The index by which copies of a post are found: its keys, the posts it shows, and the frozen snapshot of grams.

All of it is a function of the posts that are in it and of the snapshot, whatever the order they came in.
"""

from __future__ import annotations

import heapq
import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Fingerprint
from aggregator.store.connection import Table, open_transaction, to_seconds
from aggregator.store.frequent import Share, count_frequent, do_alone
from aggregator.store.saving import BATCH
from aggregator.text import hash_text, take_fingerprints
from aggregator.urls import is_home_page

MAX_POSTINGS = 1024
"""A gram in more posts than this is a phrase of the trade, not of a story, and is no way to find copies. More than
any city has accounts that post one notice."""

MAX_NAMESAKES = 128
"""A headline, an address or a text that more posts share than this finds none: every item links to the home page."""

MAX_HEADLINES = 4
"""An address that more headlines name than this is a list of notices, and nobody's own."""

SNAPSHOT_AT = (1024, 8192)
"""Live posts from which the first snapshot is taken, and from which a fuller one replaces it. From then on only staff
renew it: whatever a snapshot changes in stories should then be seen before it is done."""

SAMPLE = 4096
"""Posts that a snapshot looks at, chosen by hash: a second or two."""

CACHE_KILOBYTES = 80_000
"""Of the database, as many as are used."""

_DAY = 86400
_QUARTER = 91
_HALF = 1 << 31
_ADDRESS = 1 << 46
_ASKED = 5000
"""Values in one question; SQLite allows 32,766."""


@dataclass(frozen=True, slots=True)
class Print:
    """What the index knows of one post."""

    post: int
    twins: int
    """The same for posts of one headline, one text and one quarter; 0 where there is too little text."""
    rank: int
    """Hash of account and key: which of the twins is shown is no accident of arrival."""
    day: int
    keys: tuple[int, ...]
    address: int
    """Hash of its own address, by which it is found whether it is shown or not; 0 for none."""
    headline: int
    """Hash of the headline; 0 where there is no address."""


class Index(Table):
    """Kept for posts that were put into stories, or are about to be, and are not withdrawn."""

    def widen_cache(self) -> None:
        """Before many posts are put into stories: the index of a hundred thousand is read at random."""
        self._db.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")

    def save(self, posts: Sequence[int], fingerprints: Mapping[int, Fingerprint]) -> None:
        """Renew what is known of these posts: withdrawn ones, which have no fingerprint, leave the index.

        Posts that others now find otherwise, because a key has become or is no longer crowded or because another
        of their twins is shown, are marked as waiting: to be put into stories anew.
        """
        with open_transaction(self._db):
            former = {one.post: one for one in self._read_prints(posts)}
            present = {one.post: one for one in self._describe(fingerprints)}
            changed = [post for post in posts if former.get(post) != present.get(post)]
            touched = self._hide(changed)
            self._db.executemany("DELETE FROM prints WHERE post = ?", [(post,) for post in changed])
            added = [present[post] for post in changed if post in present]
            self._db.executemany(
                "INSERT INTO prints VALUES (?, ?, ?, ?, 0, ?, ?, ?)",
                [
                    (one.post, one.twins, one.rank, one.day, pack_keys(one.keys), one.address, one.headline)
                    for one in added
                ],
            )
            removed = [former[post] for post in changed if post in former]
            alone = [one.post for one in added if not one.twins]
            heads, former_heads, waiting = self._settle_twins({one.twins for one in (*added, *removed)} - {0})
            touched |= self._hide(former_heads) | self._show([*alone, *heads], present)
            waiting |= self._settle_crowds(touched)
            waiting |= self._settle_addresses({one.address for one in (*added, *removed)} - {0})
            self._db.executemany("UPDATE posts SET unplaced = 1 WHERE id = ?", [(post,) for post in sorted(waiting)])

    def _read_prints(self, posts: Sequence[int]) -> Iterator[Print]:
        for marks, batch in cut_batches(posts):
            rows = self._db.execute(
                f"SELECT post, twins, rank, day, keys, address, headline FROM prints WHERE post IN ({marks})", batch
            )
            for post, twins, rank, day, keys, address, headline in rows:
                yield Print(post, twins, rank, day, unpack_keys(keys), address, headline)

    def _describe(self, fingerprints: Mapping[int, Fingerprint]) -> Iterator[Print]:
        for marks, batch in cut_batches(tuple(fingerprints)):
            rows = self._db.execute(
                "SELECT id, account, key, canonical_url, coalesce(published, first_seen) "
                f"FROM posts WHERE id IN ({marks})",
                batch,
            )
            for post, account, key, url, seconds in rows:
                known, day = fingerprints[post], seconds // _DAY
                twins = _hash_bits(f"{known.headline}\0{known.exact}\0{day // _QUARTER}", 31) if known.exact else 0
                address = hash_address(url)
                named = _hash_bits(known.headline, 31) if address else 0
                yield Print(post, twins, _rank(account, key), day, make_keys(known), address, named)

    def _settle_twins(self, classes: Iterable[int]) -> tuple[list[int], list[int], set[int]]:
        """(posts to show, posts to hide, all twins of these), so that of each class the post of least rank is shown."""
        heads: list[int] = []
        hidden: list[int] = []
        twins: set[int] = set()
        for one in classes:
            question = (
                "SELECT rank, post FROM prints WHERE twins = ? AND twins <> 0 AND shown = ? ORDER BY rank, post LIMIT 1"
            )
            best = self._db.execute(question, (one, 0)).fetchone()
            shown = self._db.execute(question, (one, 1)).fetchone()
            if best and (not shown or best < shown):
                heads.append(best[1])
                hidden += [shown[1]] if shown else []
                members = self._db.execute("SELECT post FROM prints WHERE twins = ? AND twins <> 0", (one,))
                twins.update(row[0] for row in members)
        return heads, hidden, twins

    def _show(self, posts: Sequence[int], present: Mapping[int, Print]) -> set[int]:
        """Let these posts, of which some prints are `present`, be found by their keys, which are returned."""
        stored = self._read_prints([post for post in posts if post not in present])
        prints = (*stored, *(present[post] for post in posts if post in present))
        # Taken apart and sorted by SQLite, which does it in a third of the time; in the order of the table, so that
        # neighbouring rows are written together.
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS shown (post INTEGER, day INTEGER, keys TEXT)")
        rows = ((one.post, one.day, json.dumps(one.keys)) for one in prints)
        self._db.executemany("INSERT INTO shown VALUES (?, ?, ?)", rows)
        self._db.execute("INSERT INTO postings SELECT value, day, post FROM shown, json_each(keys) ORDER BY 1, 2, 3")
        self._db.execute("DELETE FROM shown")
        self._db.executemany("UPDATE prints SET shown = 1 WHERE post = ?", [(post,) for post in posts])
        return {key for one in prints for key in one.keys}

    def _hide(self, posts: Sequence[int]) -> set[int]:
        """Let these posts no longer be found by their keys, which are returned."""
        rows = sorted((key, one.day, one.post) for one in self._read_prints(posts) for key in one.keys)
        self._db.executemany("DELETE FROM postings WHERE key = ? AND day = ? AND post = ?", rows)
        self._db.executemany("UPDATE prints SET shown = 0 WHERE post = ?", [(post,) for post in posts])
        return {key for key, _, _ in rows}

    def _settle_crowds(self, keys: Iterable[int]) -> set[int]:
        """Note which of these keys have too many posts. All posts of those that now have, or had until now."""
        waiting: set[int] = set()
        for marks, batch in cut_batches(sorted(keys)):
            counted = self._db.execute(
                f"SELECT key, count(*) FROM postings WHERE key IN ({marks}) GROUP BY key HAVING count(*) > ?",
                (*batch, MAX_NAMESAKES),
            )
            crowded = {key for key, posts in counted if posts > (MAX_NAMESAKES if is_strong(key) else MAX_POSTINGS)}
            for key in self._note_crowded(batch, crowded):
                waiting.update(row[0] for row in self._db.execute("SELECT post FROM postings WHERE key = ?", (key,)))
        return waiting

    def _settle_addresses(self, addresses: Iterable[int]) -> set[int]:
        """The same of addresses: of too many posts, or of more headlines than one page has."""
        waiting: set[int] = set()
        for marks, batch in cut_batches(sorted(addresses)):
            counted = self._db.execute(
                f"SELECT address FROM prints WHERE address IN ({marks}) AND address <> 0 GROUP BY address "
                "HAVING count(*) > ? OR count(DISTINCT headline) > ?",
                (*batch, MAX_NAMESAKES, MAX_HEADLINES),
            )
            for address in self._note_crowded(batch, {row[0] for row in counted}):
                rows = self._db.execute("SELECT post FROM prints WHERE address = ? AND address <> 0", (address,))
                waiting.update(row[0] for row in rows)
        return waiting

    def _note_crowded(self, keys: Sequence[int], crowded: Set[int]) -> set[int]:
        """Which of these keys were not `crowded` until now, or no longer are."""
        marks = ", ".join("?" * len(keys))
        known = {row[0] for row in self._db.execute(f"SELECT key FROM crowded WHERE key IN ({marks})", keys)}
        self._db.executemany("INSERT INTO crowded VALUES (?)", [(key,) for key in sorted(crowded - known)])
        self._db.executemany("DELETE FROM crowded WHERE key = ?", [(key,) for key in sorted(known - crowded)])
        return known ^ crowded

    # the snapshot --------------------------------------------------------------------------------------------------

    def load_common(self) -> frozenset[int]:
        """Hashes of the grams that the frozen snapshot calls frequent; none before the first one."""
        row = self._db.execute("SELECT grams FROM snapshots").fetchone()
        return frozenset(struct.unpack(f"<{len(row[0]) // 4}I", row[0])) if row else frozenset()

    def is_snapshot_due(self) -> bool:
        """Whether the store has grown to a size at which a snapshot is taken without being asked for."""
        row = self._db.execute("SELECT posts FROM snapshots").fetchone()
        ahead = [size for size in SNAPSHOT_AT if size > (row[0] if row else 0)]
        if not ahead:
            return False
        # Not all are counted: each run asks.
        question = "SELECT count(*) FROM (SELECT 1 FROM posts WHERE withdrawn_at IS NULL LIMIT ?)"
        (live,) = self._db.execute(question, (ahead[0],)).fetchone()
        return bool(live == ahead[0])

    def renew_snapshot(self, now: datetime, share: Share = do_alone) -> None:
        """Count anew which grams are frequent, and make the index anew by it; all its posts wait to be placed."""
        with open_transaction(self._db):
            rows = self._db.execute(
                "SELECT p.account, p.key, p.id, coalesce(m.story, coalesce(p.published, p.first_seen) / ?) "
                "FROM posts p LEFT JOIN members m ON m.post = p.id WHERE p.withdrawn_at IS NULL",
                (_DAY,),
            ).fetchall()
            sample = heapq.nsmallest(SAMPLE, rows, key=lambda row: (_rank(row[0], row[1]), row[:2]))
            common = count_frequent({post: str(unit) for _, _, post, unit in sample}, self.read_texts, share)
            self._db.execute("DELETE FROM snapshots")
            self._db.execute(
                "INSERT INTO snapshots VALUES (?, ?, ?)",
                (to_seconds(now), len(rows), struct.pack(f"<{len(common)}I", *common)),
            )
            posts = [row[0] for row in self._db.execute("SELECT post FROM prints ORDER BY post")]
            for table in ("prints", "postings", "crowded"):
                self._db.execute(f"DELETE FROM {table}")
            for start in range(0, len(posts), BATCH):
                batch = posts[start : start + BATCH]
                self.save(batch, self.take_fingerprints(batch, frozenset(common)))
            self._db.execute("UPDATE posts SET unplaced = 1 WHERE id IN (SELECT post FROM prints)")

    def take_fingerprints(self, posts: Sequence[int], common: Set[int]) -> dict[int, Fingerprint]:
        """Those of the live ones among these posts."""
        return take_fingerprints(self.read_texts(posts), common)

    def read_texts(self, posts: Sequence[int]) -> Iterator[tuple[int, str, str]]:
        """(id, title, text) of the live ones among these posts, read as they are asked for."""
        for marks, batch in cut_batches(posts):
            yield from self._db.execute(
                "SELECT id, title, text FROM posts JOIN bodies ON post = id "
                f"WHERE withdrawn_at IS NULL AND id IN ({marks})",
                batch,
            )


def hash_address(url: str) -> int:
    """What a post is found by at its own address, which `is_address`; 0 for none and for a site's front page."""
    return 0 if not url or is_home_page(url) else _hash_bits(url, 46) | _ADDRESS


def is_address(key: int) -> bool:
    """Whether it is the hash of an address and no key of `make_keys`."""
    return key >= _ADDRESS


def make_keys(known: Fingerprint) -> tuple[int, ...]:
    """By what a post is found, each once: odd for what it shares with a copy as a whole, then even for its rare grams.

    All are numbers that SQLite keeps in four bytes.
    """
    strong = sorted({int(one[:8], 16) | 1 for one in (known.exact, *known.titles) if one})
    weak = sorted({gram & ~1 for gram in known.grams})
    return tuple([key - _HALF for key in (*strong, *weak)])


def is_strong(key: int) -> bool:
    """Whether one such key in common is enough to compare two posts."""
    return bool(key & 1)


def pack_keys(keys: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(keys)}i", *keys)


def unpack_keys(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 4}i", packed)


def cut_batches(values: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """(question marks, values) for questions with IN."""
    for start in range(0, len(values), _ASKED):
        batch = values[start : start + _ASKED]
        yield ", ".join("?" * len(batch)), batch


def _rank(account: str, key: str) -> int:
    return _hash_bits(f"{account}\0{key}", 47)


def _hash_bits(text: str, bits: int) -> int:
    """A number above 0 of so many bits: fewer of them, a smaller index."""
    return int(hash_text(text), 16) % ((1 << bits) - 1) + 1
