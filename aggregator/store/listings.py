"""The channel's lists as the site shows them, kept in step with the stories: never counted over the archive.

Triggers note each story that changes in `dirty`; `replace_dirty` brings its rows up to date.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo

from aggregator.artifacts import (
    CHANNEL,
    Entry,
    Filing,
    find_bounds,
    name_account,
    name_column,
    name_month,
    story_path,
)
from aggregator.model import LOCAL_ACCOUNT, PAGES, Genre, LinkRelation
from aggregator.store.connection import Table
from aggregator.store.documents import TABLES, Documents, write_documents
from aggregator.store.filings import file_accounts, file_stories, forget_labels
from aggregator.store.saving import BATCH
from aggregator.store.stories import read_links
from aggregator.text import split_list

_RELATIONS = ("关联政策", "替代文件")
"""Keys of a draft's header that name other drafts by their 编号."""

_COLUMN, _ACCOUNT = name_column(""), name_account("")

DENSE = 4
"""Of so many stories of a list, one asked for is enough to read them all, and not to look for each one's neighbours."""


class Listings(Table):
    """Rows of the lists. A list is `channel`, `column/SLUG`, `account/ID`, `department/ID` and so on; newest first,
    equal dates by story.
    """

    # Bringing them up to date ---------------------------------------------------------------------------------

    def list_dirty(self) -> tuple[str, ...]:
        """Stories that changed since the lists were last brought up to date."""
        return tuple(row[0] for row in self._db.execute("SELECT story FROM dirty ORDER BY story"))

    def mark_list(self, listing: str) -> None:
        """Let all stories of a list count as changed: its name is on their pages."""
        self._db.execute("INSERT OR IGNORE INTO dirty SELECT story FROM listings WHERE list = ?", (listing,))

    def load_entries(self, stories: Sequence[str]) -> tuple[Entry, ...]:
        """The rows of these stories as they now are; a story without any row has an entry of its id alone."""
        lists: dict[str, list[str]] = {}
        dates: dict[str, int] = {}
        for story, listing, date in self._ask("SELECT story, list, date FROM listings", stories):
            lists.setdefault(story, []).append(listing)
            dates[story] = int(date)
        numbers = _gather(self._ask("SELECT story, number FROM numbers", stories))
        relations = _gather(self._ask("SELECT story, number FROM relations", stories))
        links = _gather(self._ask("SELECT story, other FROM links", stories))
        documents = Documents(self._db)
        names, mentions = documents.load_names(stories), documents.load_mentions(stories)
        return tuple(
            Entry(
                story, tuple(lists.get(story, ())), dates.get(story, 0),
                tuple(numbers.get(story, ())), tuple(relations.get(story, ())), tuple(links.get(story, ())),
                names.get(story, ()), mentions.get(story, ()),
            )
            for story in stories
        )  # fmt: skip

    def replace_dirty(self, before: Iterable[Entry], zone: tzinfo, filing: Filing) -> tuple[Entry, ...]:
        """Write the rows of the dirty stories anew, whose entries are `before`; returns those that they have now.

        Within the caller's transaction.
        """
        self._db.execute(
            "DELETE FROM links WHERE (story, other) IN "
            "(SELECT l.other, l.story FROM dirty d CROSS JOIN links l ON l.story = d.story)"
        )
        for table in ("listings", "numbers", "relations", "links", "gone", *TABLES):
            self._db.execute(f"DELETE FROM {table} WHERE story IN (SELECT story FROM dirty)")
        self._write_rows(filing, dirty=True)
        after = self.load_entries(self.list_dirty())
        counts: Counter[tuple[str, str]] = Counter()
        for sign, entries in ((-1, before), (1, after)):
            for entry in entries:
                for listing in entry.lists:
                    counts[listing, name_month(entry.date, zone)] += sign
        self._db.executemany(
            "INSERT INTO months VALUES (?, ?, ?) "
            "ON CONFLICT (list, month) DO UPDATE SET count = count + excluded.count",
            [(*key, change) for key, change in counts.items() if change],
        )
        self._db.executemany("DELETE FROM months WHERE list = ? AND month = ? AND count = 0", list(counts))
        forget_labels(self._db, sorted({listing for listing, _ in counts}))
        self._db.execute("DELETE FROM dirty")
        return after

    def rebuild(self, zone: tzinfo, filing: Filing) -> None:
        """All rows from scratch, within the caller's transaction."""
        for table in ("listings", "numbers", "relations", "links", "gone", "months", *TABLES):
            self._db.execute(f"DELETE FROM {table}")
        self._write_rows(filing, dirty=False)
        self._db.create_function("name_month", 1, _MonthNames(zone), deterministic=True)
        self._db.execute("INSERT INTO months SELECT list, name_month(date), count(*) FROM listings GROUP BY 1, 2")
        forget_labels(self._db, None)
        self._db.execute("DELETE FROM dirty")

    def _write_rows(self, filing: Filing, *, dirty: bool) -> None:
        numbers, relations = [], []
        headers: dict[str, Mapping[str, str]] = {}
        for story, number, genre, header in self._list_described(dirty=dirty):
            numbers.append((number, story, genre))
            headers[story] = fields = dict(json.loads(header))
            relations += [(story, number) for key in _RELATIONS for number in split_list(fields.get(key, ""))]
        self._db.executemany("INSERT INTO numbers VALUES (?, ?, ?)", numbers)
        relations += self._list_replaced(dirty=dirty)
        self._db.executemany("INSERT OR IGNORE INTO relations VALUES (?, ?)", relations)
        write_documents(self._db, headers, dirty=dirty)
        self._db.executemany(
            "INSERT INTO links VALUES (?, ?, ?, ?)",
            ((one.story, one.other, one.relation, one.score) for one in read_links(self._db, dirty=dirty)),
        )
        chosen = "AND l.story IN (SELECT story FROM dirty)" if dirty else ""
        rest = "l.date, l.story, l.pinned, l.story IN (SELECT story FROM numbers WHERE genre = 'service')"
        listed = f"""l."column" <> '{PAGES}' AND l.expired_at IS NULL {chosen}"""
        among = "AND id IN (SELECT story FROM dirty)" if dirty else ""
        self._db.execute(
            f"INSERT INTO gone SELECT id FROM stories WHERE id NOT IN (SELECT story FROM placements) {among}"
        )
        # In the order of the rows' own key, which is the fastest way to write many.
        self._db.execute(
            f"INSERT INTO listings SELECT '{CHANNEL}', {rest} FROM placements l WHERE {listed} ORDER BY l.date DESC"
        )
        self._db.execute(
            f"""INSERT INTO listings SELECT '{_COLUMN}' || l."column", {rest} """
            f'FROM placements l WHERE {listed} ORDER BY l."column", l.date DESC'
        )
        self._db.execute(
            f"INSERT INTO listings SELECT DISTINCT '{_ACCOUNT}' || p.account, {rest} FROM placements l "
            f"CROSS JOIN members m ON m.story = l.story CROSS JOIN posts p ON p.id = m.post WHERE {listed} "
            "ORDER BY p.account, l.date DESC"
        )
        file_accounts(self._db, rest, listed)
        # Of the units of drafts, some are those of accounts of other members, too.
        self._db.executemany(
            f"INSERT OR IGNORE INTO listings SELECT ?2, {rest} FROM placements l WHERE l.story = ?1",
            sorted(file_stories(self._db, filing, dirty=dirty)),
        )

    def _list_described(self, *, dirty: bool) -> Iterator[tuple[str, str, Genre, str]]:
        """(story, 编号 or path, genre, header) of placed stories that a draft is part of: the draft says what it is.
        The genre of those that have expired is "": they are in no list.
        """
        # From the drafts, as a city has far fewer of them than posts; from the members, where few stories are asked.
        tables = "posts p CROSS JOIN members m ON m.post = p.id WHERE"
        if dirty:
            tables = "members m CROSS JOIN posts p ON p.id = m.post WHERE m.story IN (SELECT story FROM dirty) AND"
        rows = self._db.execute(
            "SELECT m.story, p.key, iif((SELECT expired_at FROM placements l WHERE l.story = m.story) IS NULL, "
            f"p.genre, ''), p.header FROM {tables} p.account = ? AND m.story IN (SELECT story FROM placements) "
            "ORDER BY m.story, m.relation <> 'lead', m.score DESC, p.key",
            (LOCAL_ACCOUNT,),
        )
        last = ""
        for row in rows.fetchall():
            if row[0] != last:
                yield row
            last = row[0]

    def _list_replaced(self, *, dirty: bool) -> list[tuple[str, str]]:
        """(story, path of what to read in its place) of withdrawn stories."""
        chosen = "AND story IN (SELECT story FROM dirty)" if dirty else ""
        rows = self._db.execute(f"SELECT story, target FROM notices WHERE target <> '' {chosen}")
        return [(story, story_path(target)) for story, target in rows]

    def _ask(self, question: str, stories: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for start in range(0, len(stories), BATCH):
            batch = stories[start : start + BATCH]
            yield from self._db.execute(
                f"{question} WHERE story IN ({', '.join('?' * len(batch))}) ORDER BY 1, 2", batch
            )

    # Questions ------------------------------------------------------------------------------------------------

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


class _MonthNames:
    """`name_month` for SQL, a few million times: by bisection in the months' first seconds."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._starts: list[int] = []
        self._known: dict[int, tuple[str, int]] = {}

    def __call__(self, seconds: int) -> str:
        index = bisect_right(self._starts, seconds) - 1
        if index >= 0:
            name, end = self._known[self._starts[index]]
            if seconds < end:
                return name
        name = name_month(seconds, self._zone)
        start, end = find_bounds(name, self._zone)
        self._starts.insert(bisect_right(self._starts, start), start)
        self._known[start] = (name, end)
        return name


def _first(rows: sqlite3.Cursor) -> tuple[str, ...]:
    return tuple(row[0] for row in rows)


def _gather(rows: Iterable[tuple[str, ...]]) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for story, value in rows:
        gathered.setdefault(story, []).append(value)
    return gathered
