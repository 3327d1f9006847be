"""Departments, regions, tags and topics: which of these lists a story is in, and what they are called."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aggregator.artifacts import Affiliations, Filing, normalize_name
from aggregator.model import LOCAL_ACCOUNT, PAGES
from aggregator.store.connection import Table
from aggregator.text import split_list

TAGS = "主题词"
"""Key of a draft's header."""


class Filings(Table):
    """What the registry says of units and regions, and the names of lists."""

    def load_affiliations(self) -> Affiliations:
        lists: dict[str, tuple[str, ...]] = {}
        for name, account in self._db.execute("SELECT list, account FROM affiliations ORDER BY list, position"):
            lists[name] = (*lists.get(name, ()), account)
        labels = dict(self._db.execute("SELECT list, label FROM labels WHERE registered"))
        return Affiliations(lists, labels, dict(self._db.execute("SELECT name, list FROM units")))

    def save_affiliations(self, known: Affiliations) -> None:
        """In place of what was known, within the caller's transaction."""
        self._db.execute("DELETE FROM affiliations")
        self._db.execute("DELETE FROM units")
        self._db.execute("DELETE FROM labels WHERE registered")
        self._db.executemany(
            "INSERT INTO affiliations VALUES (?, ?, ?)",
            [(name, at, account) for name, accounts in known.lists.items() for at, account in enumerate(accounts)],
        )
        self._db.executemany("INSERT INTO units VALUES (?, ?)", known.units.items())
        self._db.executemany("INSERT OR REPLACE INTO labels VALUES (?, ?, 1)", known.labels.items())

    def list_accounts(self, listing: str) -> tuple[str, ...]:
        """Accounts of a department or a region, in the registry's order."""
        rows = self._db.execute("SELECT account FROM affiliations WHERE list = ? ORDER BY position", (listing,))
        return tuple(row[0] for row in rows)

    def list_of_account(self, account: str) -> tuple[str, ...]:
        """The department and the region of an account."""
        rows = self._db.execute("SELECT list FROM affiliations WHERE account = ? ORDER BY list", (account,))
        return tuple(row[0] for row in rows)

    def find_units(self, publisher: str) -> tuple[tuple[str, str], ...]:
        """(name, list) of the units that a publisher names: one, or several with 、 between them."""
        return tuple(_find_units(self._db, publisher))

    def load_labels(self, lists: Iterable[str]) -> Mapping[str, str]:
        """List -> what it is called, of those that are called something."""
        rows = self._db.execute(
            "SELECT list, label FROM labels WHERE list IN (SELECT value FROM json_each(?))", (json.dumps(list(lists)),)
        )
        return dict(rows)


def file_stories(db: sqlite3.Connection, filing: Filing, *, dirty: bool) -> Iterator[tuple[str, str]]:
    """(story, list) by what drafts and posts say themselves: the units of drafts, tags, topics. Names the lists."""
    for story, leads, local, author, categories, header in _list_said(db, dirty=dirty) if filing.kinds else ():
        named: list[tuple[str, str]] = []
        if local:
            named += filing.file_tags(split_list(dict(json.loads(header)).get(TAGS, "")))
            if leads and author and "department" in filing.kinds:
                named += ((listing, name) for name, listing in _find_units(db, author))
        else:
            named += filing.file_tags(json.loads(categories))
        for listing, name in named:
            db.execute("INSERT OR IGNORE INTO labels VALUES (?, ?, 0)", (listing, normalize_name(name)))
            yield story, listing


def file_accounts(db: sqlite3.Connection, rest: str, listed: str) -> None:
    """Rows of the departments of stories' leads, and of the regions of all their members; `rest` are the columns behind
    the list, `listed` the condition for stories.
    """
    db.execute(
        f"INSERT OR IGNORE INTO listings SELECT DISTINCT a.list, {rest} FROM placements l "
        "CROSS JOIN members m ON m.story = l.story CROSS JOIN posts p ON p.id = m.post "
        f"CROSS JOIN affiliations a ON a.account = p.account WHERE {listed} AND (a.list LIKE 'region/%' "
        "OR m.relation = 'lead' AND NOT (p.account = ? AND p.author <> '')) ORDER BY a.list, l.date DESC",
        (LOCAL_ACCOUNT,),
    )


def forget_labels(db: sqlite3.Connection, lists: Sequence[str] | None) -> None:
    """Of those of the lists (None: of all) that nothing is in any more: a purge leaves no word."""
    chosen = "" if lists is None else "AND list IN (SELECT value FROM json_each(?))"
    db.execute(
        "DELETE FROM labels WHERE NOT registered "
        f"AND NOT EXISTS (SELECT 1 FROM months m WHERE m.list = labels.list) {chosen}",
        () if lists is None else (json.dumps(list(lists)),),
    )


def _list_said(db: sqlite3.Connection, *, dirty: bool) -> Iterator[tuple[str, int, int, str, str, str]]:
    """(story, whether it leads, whether it is a draft, author, categories, header) of the posts that say what a listed
    story is about: its lead, and drafts.
    """
    # From the members where few stories are asked; from the posts otherwise, most of which say nothing.
    tables = "posts p CROSS JOIN members m ON m.post = p.id"
    chosen = ""
    if dirty:
        tables = "members m CROSS JOIN posts p ON p.id = m.post"
        chosen = "m.story IN (SELECT story FROM dirty) AND"
    rows = db.execute(
        "SELECT m.story, m.relation = 'lead', p.account = ?1, p.author, p.categories, p.header "
        f"FROM {tables} CROSS JOIN placements l ON l.story = m.story WHERE {chosen} "
        "(p.account = ?1 OR m.relation = 'lead' AND p.categories <> '[]') "
        'AND l."column" <> ?2 AND l.expired_at IS NULL ORDER BY m.story, p.id',
        (LOCAL_ACCOUNT, PAGES),
    )
    yield from rows.fetchall()


def _find_units(db: sqlite3.Connection, publisher: str) -> Iterator[tuple[str, str]]:
    names = (publisher,) if _find_unit(db, publisher) else split_list(publisher)
    for name in names:
        yield name, _find_unit(db, name) or Affiliations().find_unit(name)


def _find_unit(db: sqlite3.Connection, name: str) -> str:
    row = db.execute("SELECT list FROM units WHERE name = ?", (normalize_name(name),)).fetchone()
    return "" if row is None else str(row[0])
