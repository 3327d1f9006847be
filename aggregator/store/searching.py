"""What can be found of the stories of the channel, and since when the search index knows it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.artifacts import CHANNEL, digest_bytes, name_account, name_list
from aggregator.model import LOCAL_ACCOUNT
from aggregator.store.connection import Table
from aggregator.store.saving import BATCH

_ACCOUNT = name_account("")


@dataclass(frozen=True, slots=True)
class Searched:
    """A story of the channel with its words."""

    story: str
    date: int
    """Seconds since 1970."""
    column: str
    tag: str
    title: str
    text: str
    account: str
    """Of its lead."""
    author: str
    header: Mapping[str, str]
    """Of the draft that is part of it, else of its lead."""
    accounts: tuple[str, ...]
    """All that posted it."""


class Searching(Table):
    """The stories of the channel as the search index has them."""

    def note_changes(self, stories: Sequence[str]) -> frozenset[str]:
        """Those of the stories of which something else can be found than was noted last, or of which nothing was noted;
        notes it.

        After the lists were brought up to date, within the same transaction.
        """
        changed: set[str] = set()
        for start in range(0, len(stories), BATCH):
            batch = stories[start : start + BATCH]
            known = dict(self._db.execute(f"SELECT story, digest FROM searched WHERE story IN ({_mark(batch)})", batch))
            present = dict(self._list_digests(batch))
            differing = {one for one in batch if one not in known or known[one] != present.get(one)}
            self._db.executemany("DELETE FROM searched WHERE story = ?", [(one,) for one in differing - {*present}])
            self._save((one, present[one]) for one in sorted(differing & {*present}))
            changed |= differing
        return frozenset(changed)

    def forget(self) -> None:
        """Note nothing any more, as all of the index is made anew: noting every story would take a tenth of that. One
        that changes next counts as changed, whatever it is.
        """
        self._db.execute("DELETE FROM searched")

    def load(self, stories: Sequence[str]) -> Iterator[Searched]:
        """Of these stories those that are in the channel, in no particular order."""
        for start in range(0, len(stories), BATCH):
            yield from self._load_batch(stories[start : start + BATCH])

    def _load_batch(self, stories: Sequence[str]) -> Iterator[Searched]:
        headers = self._list_headers(stories)
        accounts: dict[str, list[str]] = {}
        rows = self._db.execute(
            f"SELECT story, list FROM listings WHERE story IN ({_mark(stories)}) ORDER BY story, list", stories
        )
        for story, name in rows:
            # One of its lists is the channel, or it is not to be found.
            found = accounts.setdefault(story, [])
            if name.startswith(_ACCOUNT):
                found.append(name_list(name))
        rows = self._db.execute(
            'SELECT l.story, l.date, l."column", l.tag, p.title, b.text, p.account, p.author, p.header '
            "FROM placements l CROSS JOIN stories s ON s.id = l.story CROSS JOIN posts p ON p.id = s.lead "
            f"CROSS JOIN bodies b ON b.post = p.id WHERE l.story IN ({_mark(stories)})",
            stories,
        )
        for story, date, column, tag, title, text, account, author, header in rows:
            if story in accounts:
                described = dict(json.loads(headers.get(story, header)))
                yield Searched(
                    story, date, column, tag, title, text, account, author, described, tuple(accounts[story])
                )

    def _list_headers(self, stories: Sequence[str]) -> Mapping[str, str]:
        """Story -> header of the first draft in it."""
        rows = self._db.execute(
            "SELECT m.story, p.header FROM members m CROSS JOIN posts p ON p.id = m.post "
            f"WHERE m.story IN ({_mark(stories)}) AND p.account = ? "
            "ORDER BY m.story, m.relation <> 'lead', m.score DESC, p.key",
            (*stories, LOCAL_ACCOUNT),
        )
        found: dict[str, str] = {}
        for story, header in rows:
            found.setdefault(story, header)
        return found

    def _list_digests(self, stories: Sequence[str]) -> Iterator[tuple[str, str]]:
        """(story, digest) of those in the channel."""
        rows = self._db.execute(
            """SELECT c.story, c.date || ' ' || l."column" || ' ' || s.lead, """
            "(SELECT group_concat(told, ' ') FROM ("
            "SELECT p.account || ' ' || p.content_hash || ' ' || m.relation || ' ' || m.score AS told "
            "FROM members m CROSS JOIN posts p ON p.id = m.post WHERE m.story = c.story ORDER BY p.id)) "
            "FROM listings c CROSS JOIN placements l ON l.story = c.story CROSS JOIN stories s ON s.id = c.story "
            f"WHERE c.story IN ({_mark(stories)}) AND c.list = ?",
            (*stories, CHANNEL),
        )
        for story, place, members in rows:
            yield story, digest_bytes(place.encode(), (members or "").encode())

    def _save(self, rows: Iterable[tuple[str, str]]) -> None:
        self._db.executemany("INSERT OR REPLACE INTO searched VALUES (?, ?)", rows)


def _mark(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
