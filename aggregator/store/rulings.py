"""Staff's rulings as they were bound to posts, and the finding of what they name."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aggregator.model import LOCAL_ACCOUNT, BoundRuling, Rulings, Story
from aggregator.store.connection import Table, open_transaction
from aggregator.store.index import make_keys
from aggregator.store.states import States
from aggregator.store.stories import read_stories
from aggregator.text import fingerprint
from aggregator.urls import canonical_url


class StaffRulings(Table):
    """What `editorial.toml` decided about stories when it was last read without a mistake."""

    def load(self) -> Rulings:
        """With the drafts whose time has not come."""
        rows = self._db.execute("SELECT key, kind, parts, story, reason, date, replacement FROM rulings ORDER BY key")
        return Rulings(
            tuple(
                BoundRuling(key, kind, tuple(tuple(part) for part in json.loads(parts)), *stated)
                for key, kind, parts, *stated in rows
            ),
            States(self._db).list_scheduled(),
        )

    def replace(self, rulings: Rulings) -> None:
        """These hold from now on, and no others. What stays as it is is not written: pages depend on each row."""
        former, present = {*self.load().bound}, {*rulings.bound}
        with open_transaction(self._db):
            self._db.executemany("DELETE FROM rulings WHERE key = ?", [(one.key,) for one in former - present])
            self._db.executemany(
                "INSERT INTO rulings (key, kind, parts, story, reason, date, replacement) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (one.key, one.kind, json.dumps(one.parts), one.story, one.reason, one.date, one.replacement)
                    for one in present - former
                ],
            )

    def find_story(self, identifier: str) -> Story | None:
        """The story with this id, or the one that it was merged into."""
        seen: set[str] = set()
        while identifier not in seen:
            seen.add(identifier)
            story = next(read_stories(self._db, "WHERE s.id = ?", (identifier,)), None)
            if story is None or not story.merged_into:
                return story
            identifier = story.merged_into
        return None

    def find_founder(self, identifier: str) -> int | None:
        """The post that founded the story with this id."""
        row = self._db.execute("SELECT founder FROM stories WHERE id = ?", (identifier,)).fetchone()
        return None if row is None else int(row[0])

    def find_posts(self, name: str) -> tuple[int, ...]:
        """Live posts that have been put into stories, by their address, or by `account:key`."""
        if name.lower().startswith(("http://", "https://")):
            where, values = "canonical_url = ? OR url = ?", (canonical_url(name), name)
        else:
            where = "id IN (SELECT post FROM aliases WHERE account = ? AND alias = ?)"
            account, _, key = name.partition(":")
            values = (account, key)
        rows = self._db.execute(
            # Only what was put into stories: no ruling may draw in what waits for staff's decision.
            f"SELECT id FROM posts WHERE ({where}) AND withdrawn_at IS NULL AND "
            "(id IN (SELECT post FROM members) OR id IN (SELECT founder FROM stories)) ORDER BY account, key",
            values,
        )
        return tuple(row[0] for row in rows)

    def find_titled(self, title: str) -> tuple[int, ...]:
        """Posts with exactly this title that have been put into stories: drafts, and what the index finds by a title
        that says enough."""
        keys = make_keys(fingerprint("", title, frozenset()))
        rows = self._db.execute(
            "SELECT id FROM posts JOIN members ON post = id WHERE account = ?1 AND title = ?2 UNION "
            "SELECT p.id FROM postings i JOIN posts p ON p.id = i.post JOIN members m ON m.post = p.id "
            "WHERE i.key IN (SELECT value FROM json_each(?3)) AND p.title = ?2 ORDER BY 1",
            (LOCAL_ACCOUNT, title, json.dumps(keys)),
        )
        return tuple(row[0] for row in rows)

    def list_accounts(self, posts: Sequence[int]) -> dict[int, str]:
        """Post -> id of its account."""
        marks = ", ".join("?" * len(posts))
        return dict(self._db.execute(f"SELECT id, account FROM posts WHERE id IN ({marks})", tuple(posts)))
