"""What the channel's lists have, as the site asks: never counted over the archive. `entries` writes their rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

from aggregator.artifacts import (
    find_bounds,
)
from aggregator.model import LinkRelation
from aggregator.store.connection import Table
from aggregator.store.saving import BATCH

DENSE = 4
"""Of so many stories of a list, one asked for is enough to read them all, and not to look for each one's neighbours."""


class Listings(Table):
    """Rows of the lists. A list is `channel`, `column/SLUG`, `account/ID`, `department/ID` and so on; newest first,
    equal dates by story.
    """

    def list_newest(self, listing: str, limit: int, *, guides: bool = True) -> tuple[str, ...]:
        """Ids of the newest stories of a list; without `guides` those of the services are left out."""
        left_out = "" if guides else "AND NOT guide"
        return _first(
            self._db.execute(
                f"SELECT story FROM listings WHERE list = ? {left_out} ORDER BY date DESC, story LIMIT ?",
                (listing, limit),
            )
        )

    def list_columns(self, listing: str, limit: int) -> tuple[tuple[str, str], ...]:
        """(story, column) of the newest stories of a list."""
        return tuple(
            self._db.execute(
                'SELECT l.story, p."column" FROM (SELECT story, date FROM listings WHERE list = ? '
                "ORDER BY date DESC, story LIMIT ?) l CROSS JOIN placements p ON p.story = l.story "
                "ORDER BY l.date DESC, l.story",
                (listing, limit),
            )
        )

    def list_between(self, listing: str, bounds: tuple[int, int]) -> tuple[str, ...]:
        return _first(
            self._db.execute(
                "SELECT story FROM listings WHERE list = ? AND date >= ? AND date < ? ORDER BY date DESC, story",
                (listing, *bounds),
            )
        )

    def list_top(self, listing: str, bounds: tuple[int, int], limit: int) -> tuple[str, ...]:
        """The first stories of a day, pinned ones before the others, without guides."""
        return _first(
            self._db.execute(
                "SELECT story FROM listings WHERE list = ? AND date >= ? AND date < ? AND NOT guide "
                "ORDER BY pinned DESC, date DESC, story LIMIT ?",
                (listing, *bounds, limit),
            )
        )

    def find_newest_date(self, listing: str, before: int | None = None) -> int | None:
        """Date of the newest story of a list that is no guide, or of the newest before a moment."""
        row = self._db.execute(
            "SELECT date FROM listings WHERE list = ? AND date < ? AND NOT guide ORDER BY date DESC LIMIT 1",
            (listing, 1 << 62 if before is None else before),
        ).fetchone()
        return None if row is None else int(row[0])

    def count_between(self, listing: str, bounds: tuple[int, int]) -> int:
        row = self._db.execute(
            "SELECT count(*) FROM listings WHERE list = ? AND date >= ? AND date < ?", (listing, *bounds)
        ).fetchone()
        return int(row[0])

    def count_month(self, listing: str, month: str) -> int:
        row = self._db.execute("SELECT count FROM months WHERE list = ? AND month = ?", (listing, month)).fetchone()
        return 0 if row is None else int(row[0])

    def count_period(self, listing: str, period: str, zone: tzinfo) -> int:
        """Articles of a month, a day or an hour."""
        if len(period) == len("2026-03"):
            return self.count_month(listing, period)
        return self.count_between(listing, find_bounds(period, zone))

    def list_months(self, listing: str) -> tuple[tuple[str, int], ...]:
        """(month, articles) of a list, newest first."""
        return tuple(self._db.execute("SELECT month, count FROM months WHERE list = ? ORDER BY month DESC", (listing,)))

    def count_lists(self, lists: Iterable[str]) -> Mapping[str, int]:
        """Articles of each of these lists."""
        return {
            one: self._db.execute("SELECT ifnull(sum(count), 0) FROM months WHERE list = ?", (one,)).fetchone()[0]
            for one in lists
        }

    def count_kind(self, kind: str) -> tuple[tuple[str, int], ...]:
        """(list, articles) of all lists of a kind that have some, by name. As long as the lists are many and old."""
        return tuple(
            self._db.execute(
                "SELECT list, sum(count) FROM months WHERE list >= ?1 || '/' AND list < ?1 || '0' GROUP BY list",
                (kind,),
            )
        )

    def has_kind(self, kind: str) -> bool:
        """Whether a list of a kind has articles."""
        row = self._db.execute(
            "SELECT 1 FROM months WHERE list >= ?1 || '/' AND list < ?1 || '0' LIMIT 1", (kind,)
        ).fetchone()
        return row is not None

    def find_months_beside(self, listing: str, month: str) -> tuple[str | None, str | None]:
        """The months with articles after and before one."""
        newer = self._db.execute("SELECT min(month) FROM months WHERE list = ? AND month > ?", (listing, month))
        older = self._db.execute("SELECT max(month) FROM months WHERE list = ? AND month < ?", (listing, month))
        return newer.fetchone()[0], older.fetchone()[0]

    def find_neighbours(self, listing: str, date: int, story: str) -> tuple[str | None, str | None]:
        """The stories after and before one in a list, whether it is in it or not."""
        place: dict[str, str | int] = {"list": listing, "date": date, "story": story}
        newer = self._find_first(
            "date = :date AND story < :story ORDER BY story DESC", "date > :date ORDER BY date, story DESC", place
        )
        older = self._find_first(
            "date = :date AND story > :story ORDER BY story", "date < :date ORDER BY date DESC, story", place
        )
        return newer, older

    def find_all_neighbours(self, places: Mapping[str, tuple[str, int]]) -> Mapping[str, tuple[str | None, str | None]]:
        """Story -> the stories after and before it in its list; `places` are (list, date) of those that are in one."""
        groups: dict[str, list[tuple[int, str]]] = {}
        for story, (listing, date) in places.items():
            groups.setdefault(listing, []).append((date, story))
        found: dict[str, tuple[str | None, str | None]] = {}
        for listing, group in groups.items():
            run = self._list_run(listing, min(group)[0], max(group)[0], DENSE * len(group))
            if not run:
                found.update((story, self.find_neighbours(listing, date, story)) for date, story in group)
                continue
            newer, _ = self.find_neighbours(listing, max(group)[0], run[0])
            _, older = self.find_neighbours(listing, min(group)[0], run[-1])
            beside = dict(zip(run, zip((newer, *run), (*run[1:], older), strict=False), strict=True))
            found.update((story, beside[story]) for _, story in group)
        return found

    def _list_run(self, listing: str, oldest: int, newest: int, most: int) -> tuple[str, ...]:
        """All stories of a list between two dates, both included; none where that were too many to read."""
        run = _first(
            self._db.execute(
                "SELECT story FROM listings WHERE list = ? AND date BETWEEN ? AND ? ORDER BY date DESC, story LIMIT ?",
                (listing, oldest, newest, most + 1),
            )
        )
        return run if len(run) <= most else ()

    def _find_first(self, beside: str, beyond: str, place: Mapping[str, str | int]) -> str | None:
        # Two questions, as one with OR would read all stories of the same date: an import may be thousands.
        for condition in (beside, beyond):
            row = self._db.execute(
                f"SELECT story FROM listings WHERE list = :list AND {condition} LIMIT 1", place
            ).fetchone()
            if row:
                return str(row[0])
        return None

    def list_lists(self, prefix: str = "") -> tuple[str, ...]:
        """Names of the lists that have articles, by name; a prefix is `column/`, `account/` and so on."""
        # A leap from name to name: the table has a row for each month of each.
        rows = self._db.execute(
            "WITH RECURSIVE names (list) AS (SELECT min(list) FROM months WHERE list >= ?1 UNION ALL "
            "SELECT (SELECT min(list) FROM months WHERE list > names.list) FROM names WHERE names.list IS NOT NULL) "
            "SELECT list FROM names WHERE list IS NOT NULL AND substr(list, 1, ?2) = ?1",
            (prefix, len(prefix)),
        )
        return _first(rows)

    def find_numbered(self, numbers: Iterable[str]) -> Mapping[str, str]:
        """编号 -> story, of those that a placed story's draft has."""
        found = {}
        for number in numbers:
            row = self._db.execute("SELECT story FROM numbers WHERE number = ? ORDER BY story", (number,)).fetchone()
            if row:
                found[number] = str(row[0])
        return found

    def list_naming(self, number: str) -> tuple[str, ...]:
        """Stories whose header names a 编号; withdrawn ones that name the path of a page to be read in their place."""
        return _first(self._db.execute("SELECT story FROM relations WHERE number = ? ORDER BY story", (number,)))

    def load_links(self, stories: Sequence[str]) -> Mapping[str, tuple[tuple[str, LinkRelation], ...]]:
        """Story -> (other, what the story is to it) of those in the channel: corrections first, then the closest."""
        found: dict[str, list[tuple[str, LinkRelation]]] = {}
        for start in range(0, len(stories), BATCH):
            batch = stories[start : start + BATCH]
            rows = self._db.execute(
                # In this order: `other IN (SELECT …)` would look up each story of the channel.
                "SELECT l.story, l.other, l.relation FROM links l CROSS JOIN placements p ON p.story = l.other "
                f"WHERE l.story IN ({', '.join('?' * len(batch))}) "
                "AND (l.relation <> 'related' OR p.expired_at IS NULL) "
                "ORDER BY l.story, l.relation = 'related', l.score DESC, l.relation, l.other",
                batch,
            )
            for story, other, relation in rows:
                found.setdefault(story, []).append((other, relation))
        return {story: tuple(links) for story, links in found.items()}

    def list_site_pages(self) -> tuple[str, ...]:
        """Stories that are pages of the site itself, by their 编号."""
        return _first(self._db.execute("SELECT story FROM numbers WHERE genre = 'page' ORDER BY number"))

    def has_pages(self, stories: Sequence[str]) -> bool:
        """Whether one of these stories is a page of the site itself."""
        row = self._db.execute(
            "SELECT 1 FROM json_each(?) asked CROSS JOIN numbers n ON n.story = asked.value "
            "WHERE n.genre = 'page' LIMIT 1",
            (json.dumps(stories),),
        ).fetchone()
        return row is not None

    def list_guides(self, limit: int = -1) -> tuple[str, ...]:
        """Stories of the services, by their 编号; all of them without a limit."""
        return _first(
            self._db.execute("SELECT story FROM numbers WHERE genre = 'service' ORDER BY number LIMIT ?", (limit,))
        )


def _first(rows: sqlite3.Cursor) -> tuple[str, ...]:
    return tuple(row[0] for row in rows)
