"""What feeds ask of the store beyond what pages do: where an entry comes from, when it changed, and what is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.artifacts import Entry
from aggregator.store.connection import Table, read_moment

_GONE = "'withdrawn', 'merged', 'purged'"
"""Decisions by which a story loses its place."""

_CHANGED = "'lead', 'restored', 'split'"
"""Decisions by which a story says something else, whatever its posts say."""

_AMONG = "IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the lead of a story comes from."""

    feed: str
    """Address, or path, of the feed that brought it; "" of a draft."""
    changed_at: datetime | None
    """When the story last came to say something else; None where it never did."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A story that a list no longer has, as it is withdrawn, purged or merged."""

    story: str
    at: datetime


class Syndication(Table):
    """Tombstones, and the origins of stories."""

    # Bringing tombstones up to date ---------------------------------------------------------------------------

    def note_gone(self, before: Iterable[Entry], after: Iterable[Entry]) -> tuple[tuple[str, int], ...]:
        """Of stories that changed: those that were in lists and have no place any more get a tombstone in each of
        these lists, those that are back lose theirs. Within the caller's transaction.

        (list, date) of the tombstones that are no more.
        """
        back = {entry.story for entry in after if entry.lists}
        dropped = self._db.execute(
            f"DELETE FROM tombstones WHERE story {_AMONG} RETURNING list, date", (json.dumps(sorted(back)),)
        ).fetchall()
        lost = [entry for entry in before if entry.lists and entry.story not in back]
        asked = (json.dumps([entry.story for entry in lost]),)
        # What has expired is in no list, and there all the same.
        placed = {row[0] for row in self._db.execute(f"SELECT story FROM placements WHERE story {_AMONG}", asked)}
        gone = [entry for entry in lost if entry.story not in placed]
        self._db.executemany(
            "INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?, ?)",
            [(listing, one.story, one.date, self._find_end(one)) for one in gone for listing in one.lists],
        )
        return tuple(sorted(dropped))

    def list_gone_stories(self) -> tuple[str, ...]:
        """Those that have a tombstone in any list."""
        return tuple(story for (story,) in self._db.execute("SELECT DISTINCT story FROM tombstones ORDER BY story"))

    def _find_end(self, entry: Entry) -> int:
        """When it was decided, in seconds since 1970; never when a build found out."""
        row = self._db.execute(
            f"SELECT coalesce((SELECT max(at) FROM decisions WHERE story = s.id AND action IN ({_GONE})), "
            "(SELECT at FROM notices WHERE story = s.id), p.withdrawn_at) "
            "FROM stories s JOIN posts p ON p.id = s.lead WHERE s.id = ?",
            (entry.story,),
        ).fetchone()
        return int(row[0]) if row and row[0] is not None else entry.date

    # Questions ------------------------------------------------------------------------------------------------

    def list_gone(self, listing: str, limit: int) -> tuple[Gone, ...]:
        """The tombstones of a list that were set up last."""
        rows = self._db.execute(
            "SELECT story, at FROM tombstones WHERE list = ? ORDER BY at DESC, story LIMIT ?", (listing, limit)
        )
        return tuple(Gone(story, read_moment(at)) for story, at in rows)

    def list_gone_between(self, listing: str, bounds: tuple[int, int]) -> tuple[Gone, ...]:
        """The tombstones of the stories that a list had between two dates, the second not included."""
        rows = self._db.execute(
            "SELECT story, at FROM tombstones WHERE list = ? AND date >= ? AND date < ? ORDER BY at DESC, story",
            (listing, *bounds),
        )
        return tuple(Gone(story, read_moment(at)) for story, at in rows)

    def load_origins(self, stories: Sequence[str]) -> Mapping[str, Origin]:
        """Of stories in the channel."""
        rows = self._db.execute(
            "SELECT s.id, p.feed, max(ifnull(p.revised_at, 0), "
            f"ifnull((SELECT max(at) FROM decisions d WHERE d.story = s.id AND d.action IN ({_CHANGED})), 0)) "
            "FROM json_each(?) asked CROSS JOIN stories s ON s.id = asked.value JOIN posts p ON p.id = s.lead",
            (json.dumps(stories),),
        )
        return {story: Origin(feed, read_moment(at) if at else None) for story, feed, at in rows}

    def load_tags(self, stories: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Names of the tags and topics that stories are listed under."""
        rows = self._db.execute(
            "SELECT l.story, b.label FROM json_each(?) asked CROSS JOIN listings l ON l.story = asked.value "
            "JOIN labels b ON b.list = l.list WHERE l.list LIKE 'tag/%' OR l.list LIKE 'topic/%' ORDER BY 1, l.list",
            (json.dumps(stories),),
        )
        found: dict[str, list[str]] = {}
        for story, label in rows:
            found.setdefault(story, []).append(label)
        return {story: tuple(dict.fromkeys(labels)) for story, labels in found.items()}

    def list_corrected(self, stories: Sequence[str]) -> tuple[str, ...]:
        """Stories that one of these corrects, or that correct one of them."""
        rows = self._db.execute(
            "SELECT DISTINCT l.other FROM json_each(?) asked CROSS JOIN links l ON l.story = asked.value "
            "WHERE l.relation <> 'related' ORDER BY 1",
            (json.dumps(stories),),
        )
        return tuple(row[0] for row in rows)

    def find_date_before(self, listing: str, moment: int) -> int | None:
        """Date of the newest story of a list that is older than a moment."""
        return self._find_date("date < ? ORDER BY date DESC", listing, moment)

    def find_date_from(self, listing: str, moment: int) -> int | None:
        """Date of the oldest story of a list that is not older than a moment."""
        return self._find_date("date >= ? ORDER BY date", listing, moment)

    def _find_date(self, condition: str, listing: str, moment: int) -> int | None:
        row = self._db.execute(
            f"SELECT date FROM listings WHERE list = ? AND {condition} LIMIT 1", (listing, moment)
        ).fetchone()
        return None if row is None else int(row[0])
