"""What the store knows that helps to choose among the posts that wait, and what merging has saved."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from aggregator.model import Fingerprint, PublishedCopy, WaitingEntry
from aggregator.store.connection import Table, to_seconds
from aggregator.store.index import cut_batches, hash_address, make_keys
from aggregator.text import hash_text, normalize, normalize_title

SAME_TEXT = timedelta(days=180)
SAME_HEADLINE = timedelta(days=7)
"""As `channel.candidates` has them of posts that wait."""

Name = tuple[str, str]
"""Account and key."""


class Choosing(Table):
    """Questions about published posts, asked for a list of those that wait."""

    def find_published(self, entries: Sequence[WaitingEntry]) -> Mapping[Name, PublishedCopy]:
        """Of each post that waits, the story in the channel that has its text, its address or, within some days, its
        headline; by account and key. Its own story, where an older version of it is published, comes first."""
        own = self._find_own(entries)
        wanted: defaultdict[int, list[WaitingEntry]] = defaultdict(list)
        for entry in entries:
            for key in _list_keys(entry):
                wanted[key].append(entry)
        found = self._verify(self._find_posts(list(wanted)), wanted)
        chosen: dict[Name, int] = {}
        for entry in entries:
            name = (entry.note.account, entry.note.key)
            posts = own.get(name) or found.get(name)
            if posts:
                chosen[name] = min(posts)
        stories = self._load_copies(sorted(set(chosen.values())))
        return {
            name: PublishedCopy(*stories[post], own=name in own) for name, post in chosen.items() if post in stories
        }

    def _find_own(self, entries: Iterable[WaitingEntry]) -> dict[Name, set[int]]:
        names: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for entry in entries:
            names[entry.note.account].update(dict.fromkeys(entry.note.names, entry.note.key))
        own: defaultdict[Name, set[int]] = defaultdict(set)
        for account, keys in names.items():
            rows = self._db.execute(
                "SELECT alias, post FROM aliases WHERE account = ? AND alias IN (SELECT value FROM json_each(?))",
                (account, json.dumps(list(keys))),
            )
            for alias, post in rows:
                own[account, keys[alias]].add(post)
        return own

    def _find_posts(self, keys: Sequence[int]) -> list[tuple[int, int]]:
        """(key, post) of published posts, as the index has them; a key of too many posts says nothing."""
        found: list[tuple[int, int]] = []
        for marks, batch in cut_batches(keys):
            for table, column, where in (("postings", "key", "1"), ("prints", "address", "address <> 0")):
                found += self._db.execute(
                    f"SELECT {column}, post FROM {table} WHERE {column} IN ({marks}) AND {where} "
                    f"AND {column} NOT IN (SELECT key FROM crowded)",
                    batch,
                )
        return found

    def _verify(
        self, found: Sequence[tuple[int, int]], wanted: Mapping[int, Sequence[WaitingEntry]]
    ) -> dict[Name, set[int]]:
        """The posts that are what their keys, numbers of 32 bits, make one think."""
        posts = sorted({post for _, post in found})
        titles: dict[int, tuple[str, str, int]] = {}
        for marks, batch in cut_batches(posts):
            titles.update(
                (post, (hash_text(normalize_title(title)), url, seconds))
                for post, title, url, seconds in self._db.execute(
                    "SELECT id, title, canonical_url, coalesce(published, first_seen) FROM posts "
                    f"WHERE withdrawn_at IS NULL AND id IN ({marks})",
                    batch,
                )
            )
        copies: defaultdict[Name, set[int]] = defaultdict(set)
        doubtful: defaultdict[int, list[WaitingEntry]] = defaultdict(list)
        for key, post in found:
            for entry in wanted[key] if post in titles else ():
                headline, url, seconds = titles[post]
                card = entry.card
                gap = timedelta(seconds=abs(seconds - entry.date.timestamp()))
                if (url and url == card.canonical_url) or (headline == card.headline and gap <= SAME_HEADLINE):
                    copies[entry.note.account, entry.note.key].add(post)
                elif card.exact and gap <= SAME_TEXT:
                    doubtful[post].append(entry)
        for marks, batch in cut_batches(sorted(doubtful)):
            # Only of those that share nothing else is the text read.
            for post, text in self._db.execute(f"SELECT post, text FROM bodies WHERE post IN ({marks})", batch):
                exact = hash_text(normalize(text))
                for entry in doubtful[post]:
                    if entry.card.exact == exact:
                        copies[entry.note.account, entry.note.key].add(post)
        return copies

    def _load_copies(self, posts: Sequence[int]) -> dict[int, tuple[str, str, tuple[str, ...]]]:
        """Post -> (id, headline, accounts) of its story, if that is in the channel."""
        found: dict[int, tuple[str, str, tuple[str, ...]]] = {}
        for marks, batch in cut_batches(posts):
            rows = self._db.execute(
                "SELECT m.post, s.id, l.title, json_group_array(DISTINCT p.account) FROM members m "
                "JOIN placements USING (story) JOIN stories s ON s.id = m.story JOIN posts l ON l.id = s.lead "
                "JOIN members o ON o.story = s.id JOIN posts p ON p.id = o.post "
                f"WHERE m.post IN ({marks}) GROUP BY m.post",
                batch,
            )
            found.update((post, (story, title, tuple(sorted(json.loads(many))))) for post, story, title, many in rows)
        return found

    def count_merged(self, since: datetime) -> tuple[int, int]:
        """Of posts that came, and are dated, since then: (those in a story led by another post, those of them that
        repeat the text of another account's lead)."""
        row = self._db.execute(
            "SELECT count(*), coalesce(sum(m.relation = 'duplicate' AND p.account <> l.account), 0) "
            "FROM posts p JOIN members m ON m.post = p.id JOIN stories s ON s.id = m.story "
            "JOIN posts l ON l.id = s.lead WHERE p.first_seen >= ?1 "
            "AND coalesce(p.published, p.first_seen) >= ?1 AND p.id <> s.lead AND p.withdrawn_at IS NULL",
            (to_seconds(since),),
        ).fetchone()
        return int(row[0]), int(row[1])


def _list_keys(entry: WaitingEntry) -> tuple[int, ...]:
    card = entry.card
    keys = make_keys(Fingerprint(card.exact, (), (card.headline,) if card.headline else ()))
    address = hash_address(card.canonical_url)
    return (*keys, address) if address else keys
