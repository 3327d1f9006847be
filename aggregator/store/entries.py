"""The rows of the channel's lists, kept in step with the stories: never made over the archive.

Triggers note each story that changes in `dirty`; `replace_dirty` brings its rows up to date.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

from aggregator.artifacts import (
    CHANNEL,
    Entry,
    Filing,
    PeriodNames,
    name_account,
    name_column,
    name_month,
    story_path,
)
from aggregator.model import PAGES
from aggregator.store.connection import Table
from aggregator.store.described import ALL, DIRTY, list_described
from aggregator.store.documents import TABLES, Documents, read_documents, write_documents
from aggregator.store.filings import file_accounts, file_stories, forget_labels
from aggregator.store.saving import BATCH
from aggregator.store.stories import read_links
from aggregator.text import split_list

_RELATIONS = ("关联政策", "替代文件")
"""Keys of a draft's header that name other drafts by their 编号."""

_COLUMN, _ACCOUNT = name_column(""), name_account("")


class Entries(Table):
    """Where each story stands in the lists, and what it has to do with others."""

    def list_dirty(self) -> tuple[str, ...]:
        """Stories that changed since the lists were last brought up to date."""
        return tuple(row[0] for row in self._db.execute("SELECT story FROM dirty ORDER BY story"))

    def list_listed(self) -> tuple[str, ...]:
        """Those of the dirty stories that lists have, as they were last brought up to date."""
        rows = self._db.execute("SELECT story FROM dirty WHERE story IN (SELECT story FROM listings) ORDER BY story")
        return tuple(story for (story,) in rows)

    def mark_list(self, listing: str) -> None:
        """Let all stories of a list count as changed: its name is on their pages."""
        self._db.execute("INSERT OR IGNORE INTO dirty SELECT story FROM listings WHERE list = ?", (listing,))

    def load(self, stories: Sequence[str]) -> tuple[Entry, ...]:
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
        after = self.load(self.list_dirty())
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
        """All rows from scratch but those of documents, within the caller's transaction."""
        for table in ("listings", "numbers", "relations", "links", "gone", "months"):
            self._db.execute(f"DELETE FROM {table}")
        self._write_rows(filing, dirty=False)
        self._db.create_function("name_month", 1, PeriodNames(name_month, zone), deterministic=True)
        self._db.execute("INSERT INTO months SELECT list, name_month(date), count(*) FROM listings GROUP BY 1, 2")
        forget_labels(self._db, None)
        self._db.execute("DELETE FROM dirty")

    def _write_rows(self, filing: Filing, *, dirty: bool) -> None:
        scope = DIRTY if dirty else ALL
        described = tuple(list_described(self._db, scope))
        headers = {story: dict(json.loads(header)) for story, _, _, header in described}
        numbers = [(number, story, genre) for story, number, genre, _ in described]
        relations = [
            (story, number)
            for story, header in headers.items()
            for key in _RELATIONS
            for number in split_list(header.get(key, ""))
        ]
        self._db.executemany("INSERT INTO numbers VALUES (?, ?, ?)", numbers)
        relations += self._list_replaced(dirty=dirty)
        self._db.executemany("INSERT OR IGNORE INTO relations VALUES (?, ?)", relations)
        if dirty:
            write_documents(self._db, read_documents(self._db, headers, DIRTY))
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
            f"INSERT OR IGNORE INTO listings SELECT '{_ACCOUNT}' || p.account, {rest} FROM {scope.members} "
            f"CROSS JOIN placements l ON l.story = m.story WHERE {scope.condition.format('m.story')} AND {listed} "
            "ORDER BY p.account, l.date DESC"
        )
        file_accounts(self._db, rest, listed)
        # Of the units of drafts, some are those of accounts of other members, too.
        self._db.executemany(
            f"INSERT OR IGNORE INTO listings SELECT ?2, {rest} FROM placements l WHERE l.story = ?1",
            sorted(file_stories(self._db, filing, dirty=dirty)),
        )

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


def _gather(rows: Iterable[tuple[str, ...]]) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for story, value in rows:
        gathered.setdefault(story, []).append(value)
    return gathered
