"""The files of the site as the last build left them, and what the next one has to do.

`artifacts` are the files of the live tree, `pending` those to be rendered anew, `differing` those in which the two
trees may differ. All three are paths, POSIX, relative to the tree.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.artifacts import digest_bytes
from aggregator.model import AccountStatus, AskedKind, Kind
from aggregator.store.connection import Table, open_transaction
from aggregator.store.saving import BATCH


@dataclass(frozen=True, slots=True)
class Written:
    """One file as it was rendered."""

    path: str
    template: str
    digest: str


@dataclass(frozen=True, slots=True)
class StoryFiles:
    """What the page of one story has to do with foreign files."""

    story: str
    asked: tuple[tuple[str, AskedKind], ...] = ()
    """(address, kind) of all that it shows or links to, whether there is a copy or not; (path, "draft") of drafts."""
    uses: tuple[tuple[str, str], ...] = ()
    """(path in the site, name in the store) of the copies in their place."""


@dataclass(frozen=True, slots=True)
class SiteState:
    """Which tree is live, and what it was made with."""

    live: str = ""
    """Name of the live tree; "" before the first build."""
    stamp: str = ""
    """Of that tree: it lies beside it in a file, which tells that the store and the trees belong together."""
    idle_stamp: str = ""
    """Of the other tree; "" where that may differ anywhere."""
    files: int = 0
    """Number of artifacts."""
    digests: Mapping[str, str] | None = None
    """Template -> digest of all that its pages depend on besides the store."""


@dataclass(frozen=True, slots=True)
class CardRow:
    """An account as the registry last described it."""

    account: str
    status: AccountStatus
    kind: Kind
    successor: str
    card: str
    """All that pages show of it, as JSON."""
    page: str
    """That of the directory with its line."""
    first: bool
    """Whether the directory's front page shows it, too."""
    spelled: str
    """What finds its names when typed as pinyin."""


_STATE = "site"
_LISTED = "listings"
_DIRECTORY = "directory"


class Artifacts(Table):
    """What a build knows of the trees, and what it has still to do."""

    def load_state(self) -> SiteState:
        known = self._get_fact(_STATE)
        return SiteState(**json.loads(known)) if known else SiteState()

    def save_state(self, state: SiteState) -> None:
        self._set_fact(
            _STATE,
            json.dumps(
                {
                    "live": state.live, "stamp": state.stamp, "idle_stamp": state.idle_stamp,
                    "files": state.files, "digests": state.digests,
                }
            ),
        )  # fmt: skip

    def forget_trees(self) -> None:
        """Know of no tree: the next build makes both anew."""
        self._db.execute("DELETE FROM facts WHERE key = ?", (_STATE,))

    def load_marks(self) -> Mapping[str, str]:
        """What the lists were last brought up to date with: time zone, registry."""
        known: dict[str, str] = json.loads(self._get_fact(_LISTED) or "{}")
        return known

    def save_marks(self, marks: Mapping[str, str]) -> None:
        self._set_fact(_LISTED, json.dumps(marks))

    @contextmanager
    def durable(self) -> Iterator[None]:
        """A transaction that outlasts a power cut: before a tree is touched, the disk knows that it will be."""
        self._db.execute("PRAGMA synchronous = FULL")
        try:
            with open_transaction(self._db):
                yield
        finally:
            self._db.execute("PRAGMA synchronous = NORMAL")

    # What is to be done ---------------------------------------------------------------------------------------

    def add_pending(self, paths: Iterable[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", [(path,) for path in paths])

    def add_pending_templates(self, templates: Iterable[str]) -> None:
        """All that was rendered with one of these templates."""
        self._db.execute(
            "INSERT OR IGNORE INTO pending SELECT path FROM artifacts "
            "WHERE template IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(templates)),),
        )

    def list_pending(self) -> tuple[str, ...]:
        return _first(self._db.execute("SELECT path FROM pending ORDER BY path"))

    def list_differing(self) -> tuple[str, ...]:
        return _first(self._db.execute("SELECT path FROM differing ORDER BY path"))

    # What is there --------------------------------------------------------------------------------------------

    def load_digests(self, paths: Sequence[str]) -> Mapping[str, str]:
        """Path -> digest of those of the paths that the live tree has."""
        found: dict[str, str] = {}
        for start in range(0, len(paths), BATCH):
            batch = paths[start : start + BATCH]
            marks = ", ".join("?" * len(batch))
            found.update(self._db.execute(f"SELECT path, digest FROM artifacts WHERE path IN ({marks})", batch))
        return found

    def list_paths(self, template: str | None = None) -> tuple[str, ...]:
        """Paths of the live tree, or of what was rendered with one template."""
        if template is None:
            return _first(self._db.execute("SELECT path FROM artifacts ORDER BY path"))
        return _first(self._db.execute("SELECT path FROM artifacts WHERE template = ? ORDER BY path", (template,)))

    def iterate(self) -> Iterator[tuple[str, str]]:
        """(path, digest) of the whole live tree, by path."""
        yield from self._db.execute("SELECT path, digest FROM artifacts ORDER BY path")

    def save(self, written: Iterable[Written], removed: Iterable[str]) -> None:
        """What the tree that goes live has, within the caller's transaction."""
        self._db.executemany(
            "INSERT OR REPLACE INTO artifacts VALUES (?, ?, ?)",
            [(one.path, one.template, one.digest) for one in written],
        )
        self._db.executemany("DELETE FROM artifacts WHERE path = ?", [(path,) for path in removed])

    def clear(self) -> None:
        """Forget all files of the site."""
        for table in ("artifacts", "differing", "pending", "asked", "uses"):
            self._db.execute(f"DELETE FROM {table}")

    def forget_pending(self, paths: Iterable[str] | None) -> None:
        """These paths are no longer to be rendered; None: none at all is."""
        if paths is None:
            self._db.execute("DELETE FROM pending")
        else:
            self._db.executemany("DELETE FROM pending WHERE path = ?", [(path,) for path in paths])

    def set_differing(self, paths: Iterable[str]) -> None:
        """The trees differ in exactly these paths."""
        self._db.execute("DELETE FROM differing")
        self._db.executemany("INSERT OR IGNORE INTO differing VALUES (?)", [(path,) for path in paths])

    # Foreign files --------------------------------------------------------------------------------------------

    def save_files(self, stories: Sequence[StoryFiles]) -> None:
        """What the pages of these stories now use, in place of what they used; within the caller's transaction."""
        for table in ("asked", "uses"):
            # After a first build there is nothing to look for, ten thousand times.
            if self._db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                self._db.executemany(f"DELETE FROM {table} WHERE story = ?", [(one.story,) for one in stories])
        self._db.executemany(
            "INSERT INTO asked VALUES (?, ?, ?)", [(*key, one.story) for one in stories for key in one.asked]
        )
        self._db.executemany(
            "INSERT INTO uses VALUES (?, ?, ?)",
            [(path, one.story, source) for one in stories for path, source in one.uses],
        )

    def list_uses(self, stories: Sequence[str]) -> tuple[str, ...]:
        """Paths of the copies that the pages of these stories use."""
        found: set[str] = set()
        for start in range(0, len(stories), BATCH):
            batch = stories[start : start + BATCH]
            marks = ", ".join("?" * len(batch))
            found.update(_first(self._db.execute(f"SELECT path FROM uses WHERE story IN ({marks})", batch)))
        return tuple(sorted(found))

    def find_used(self, path: str, but: Sequence[str] = ()) -> str | None:
        """Name in the store of what lies at a path because a page uses it; None where none does, `but` these."""
        row = self._db.execute(
            "SELECT source FROM uses WHERE path = ? AND story NOT IN (SELECT value FROM json_each(?)) LIMIT 1",
            (path, json.dumps(but)),
        ).fetchone()
        return None if row is None else str(row[0])

    # Accounts -------------------------------------------------------------------------------------------------

    def load_cards(self, accounts: Iterable[str]) -> Mapping[str, str]:
        """Id -> what the registry last said of it."""
        found = {}
        for account in accounts:
            row = self._db.execute("SELECT card FROM cards WHERE account = ?", (account,)).fetchone()
            if row:
                found[account] = str(row[0])
        return found

    def list_cards(self) -> tuple[tuple[str, str], ...]:
        """(id, what the registry last said of it) of all accounts, in the registry's order."""
        return tuple(self._db.execute("SELECT account, card FROM cards ORDER BY position"))

    def count_cards(self) -> tuple[tuple[str, int], ...]:
        """(kind, number of active accounts)."""
        return tuple(
            self._db.execute("SELECT kind, count(*) FROM cards WHERE status = 'active' GROUP BY kind ORDER BY kind")
        )

    def save_cards(self, cards: Sequence[CardRow]) -> None:
        """Of all accounts, in the registry's order."""
        self._db.execute("DELETE FROM cards")
        self._db.executemany(
            "INSERT INTO cards (position, account, status, kind, successor, card, page, first, spelled) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (position, one.account, one.status, one.kind, one.successor, one.card, one.page, one.first, one.spelled)
                for position, one in enumerate(cards)
            ],
        )

    def load_spelled(self) -> dict[str, str]:
        """Account -> how its names are typed."""
        return dict(self._db.execute("SELECT account, spelled FROM cards"))

    def list_shown(self, page: str) -> tuple[str, ...]:
        """Accounts on one page of the directory, in the registry's order."""
        return _first(self._db.execute("SELECT account FROM cards WHERE page = ? ORDER BY position", (page,)))

    def list_first(self) -> tuple[str, ...]:
        """Accounts that the directory's front page shows beside those pages, in the registry's order."""
        return _first(self._db.execute("SELECT account FROM cards WHERE first ORDER BY position"))

    def find_shown(self, account: str) -> tuple[str, bool] | None:
        """The page of the directory with an account's newest article, and whether the front page has it, too; "" for
        one that stopped, whose articles are not shown; None for one without a card.
        """
        row = self._db.execute("SELECT page, first, status FROM cards WHERE account = ?", (account,)).fetchone()
        return row and (row[0] if row[2] == "active" else "", bool(row[1]))

    def load_directory(self) -> Mapping[str, Any]:
        """What the directory's front page says of all accounts, and `gone`: those without a card that have articles."""
        known: dict[str, Any] = json.loads(self._get_fact(_DIRECTORY) or "{}")
        return known

    def save_directory(self, directory: Mapping[str, Any]) -> None:
        self._set_fact(_DIRECTORY, json.dumps(directory, ensure_ascii=False))

    def list_followed(self, account: str) -> tuple[str, ...]:
        """Accounts that this one took over."""
        return _first(self._db.execute("SELECT account FROM cards WHERE successor = ? ORDER BY account", (account,)))

    def _get_fact(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return "" if row is None else str(row[0])

    def _set_fact(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, value))


def digest_file(file: Path) -> str:
    """Of a file's bytes; "" for one that cannot be read."""
    try:
        return digest_bytes(file.read_bytes())
    except OSError:
        return ""


def _first(rows: sqlite3.Cursor) -> tuple[str, ...]:
    return tuple(row[0] for row in rows)
