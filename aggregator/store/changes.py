"""What became of stories on which day, as the store itself recorded it; and when their content last changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from aggregator.artifacts import CHANNEL, find_bounds, name_day
from aggregator.store.connection import Table

_CHANGED = "max(l.date, ifnull((SELECT max(replaced_at) FROM revisions r WHERE r.post = p.id), 0))"
"""Of a story: its date, or when its lead was last seen to be another than before. What a source states of updates moves
without any change, and is no measure. Of `l`, a placement or a row of a list, and `p`, the lead."""

_LED = "CROSS JOIN stories s ON s.id = l.story CROSS JOIN posts p ON p.id = s.lead"


class Changes(Table):
    """The record of changes. A kind is an action of the decision log, or `amended`."""

    def find_last(self) -> str:
        """A mark of what is recorded by now, for `list_moments`."""
        row = self._db.execute(
            "SELECT ifnull((SELECT max(id) FROM decisions), 0), ifnull((SELECT max(id) FROM amended), 0)"
        ).fetchone()
        return f"{row[0]} {row[1]}"

    def list_days_since(self, mark: str, zone: tzinfo) -> frozenset[str]:
        """Days of what was recorded since a mark."""
        decision, amendment = map(int, mark.split())
        rows = self._db.execute(
            "SELECT DISTINCT at FROM decisions WHERE id > ? UNION SELECT at FROM amended WHERE id > ?",
            (decision, amendment),
        )
        return frozenset(name_day(at, zone) for (at,) in rows)

    def list_days(self, zone: tzinfo) -> Iterator[str]:
        """All days on which something changed, the first first."""
        day = self._name_beside("min", ">=", -(1 << 62), zone)
        while day:
            yield day
            day = self.find_day_after(day, zone)

    def find_day_after(self, day: str, zone: tzinfo) -> str:
        """The next day on which something changed; "" where there is none."""
        return self._name_beside("min", ">=", find_bounds(day, zone)[1], zone)

    def find_day_before(self, day: str, zone: tzinfo) -> str:
        """The day before it on which something changed; of "" the last of all."""
        return self._name_beside("max", "<", find_bounds(day, zone)[0] if day else 1 << 62, zone)

    def list_between(self, bounds: tuple[int, int], limit: int) -> tuple[tuple[str, str], ...]:
        """(story, kind) in the order of their moments, so many at most; without what is no change of a page."""
        return tuple(
            self._db.execute(
                "SELECT story, action FROM (SELECT at, story, action FROM decisions "
                "WHERE at >= ?1 AND at < ?2 AND story <> '' "
                "UNION ALL SELECT at, story, 'amended' FROM amended WHERE at >= ?1 AND at < ?2) "
                "ORDER BY at, story, action LIMIT ?3",
                (*bounds, limit),
            )
        )

    def load_changed(self, stories: Sequence[str]) -> Mapping[str, datetime]:
        """When the content of these stories last changed, of those that have a place."""
        rows = self._db.execute(
            f"SELECT l.story, {_CHANGED} FROM json_each(?) one CROSS JOIN placements l ON l.story = one.value {_LED}",
            (json.dumps(list(stories)),),
        )
        return {story: datetime.fromtimestamp(at, UTC) for story, at in rows}

    def list_dated(self, bounds: tuple[int, int], limit: int, offset: int) -> tuple[tuple[str, int], ...]:
        """(story, when its content last changed) of the channel, oldest first: what is new comes last."""
        return tuple(
            self._db.execute(
                f"SELECT l.story, {_CHANGED} FROM listings l {_LED} WHERE l.list = ? AND l.date >= ? AND l.date < ? "
                "ORDER BY l.date, l.story DESC LIMIT ? OFFSET ?",
                (CHANNEL, *bounds, limit, offset),
            )
        )

    def list_ages(self) -> Mapping[str, int]:
        """Month of the channel -> when the content of one of its articles last changed."""
        return dict(self._db.execute("SELECT month, changed FROM ages"))

    def save_ages(self, months: Sequence[str], zone: tzinfo) -> None:
        """Look again at these months, within the caller's transaction."""
        for month in months:
            row = self._db.execute(
                f"SELECT max({_CHANGED}) FROM listings l {_LED} WHERE l.list = ? AND l.date >= ? AND l.date < ?",
                (CHANNEL, *find_bounds(month, zone)),
            ).fetchone()
            self._db.execute("DELETE FROM ages WHERE month = ?", (month,))
            if row[0] is not None:
                self._db.execute("INSERT INTO ages VALUES (?, ?)", (month, row[0]))

    def clear_ages(self) -> None:
        self._db.execute("DELETE FROM ages")

    def list_gone(self) -> tuple[str, ...]:
        """Stories that are in no place, by id."""
        return tuple(row[0] for row in self._db.execute("SELECT story FROM gone ORDER BY story"))

    def load_ends(self, stories: Sequence[str]) -> Mapping[str, datetime]:
        """When these stories were last merged, withdrawn or purged, as far as the log has it."""
        rows = self._db.execute(
            "SELECT story, max(at) FROM decisions WHERE story IN (SELECT value FROM json_each(?)) "
            "AND action IN ('merged', 'withdrawn', 'purged') GROUP BY story",
            (json.dumps(list(stories)),),
        )
        return {story: datetime.fromtimestamp(at, UTC) for story, at in rows}

    def list_kinds(self, stories: Sequence[str]) -> frozenset[str]:
        """What these stories are: genres of drafts, `gone`."""
        rows = self._db.execute(
            "SELECT n.genre FROM json_each(?1) one CROSS JOIN numbers n ON n.story = one.value UNION "
            "SELECT 'gone' FROM json_each(?1) one CROSS JOIN gone g ON g.story = one.value",
            (json.dumps(list(stories)),),
        )
        return frozenset(row[0] for row in rows)

    def list_policies(self) -> tuple[str, ...]:
        """Stories of policies in the channel, by their 编号."""
        rows = self._db.execute("SELECT story FROM numbers WHERE genre = 'policy' ORDER BY number, story")
        return tuple(dict.fromkeys(row[0] for row in rows))

    def _name_beside(self, first: str, beyond: str, moment: int, zone: tzinfo) -> str:
        row = self._db.execute(
            f"SELECT {first}(at) FROM (SELECT {first}(at) AS at FROM decisions WHERE at {beyond} ?1 "
            f"UNION ALL SELECT {first}(at) FROM amended WHERE at {beyond} ?1)",
            (moment,),
        ).fetchone()
        return "" if row[0] is None else name_day(row[0], zone)
