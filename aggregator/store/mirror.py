"""Our copies of foreign pictures and attachments: which address is which file, and the files themselves.

The files lie beside the database, named by their content's hash: the same content is there once.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.model import LOCAL_ACCOUNT, FileForm, FileKind, FileRequest, MirroredFile, StoredForm
from aggregator.store.connection import Table, open_transaction, to_seconds

FILES = "files"
"""Folder beside the database."""

BROKEN = "broken"
"""Folder among them, for what is not what its name says."""

MAX_TRIES = 6
"""A file that could not be had so often is given up: with FIRST_RETRY, after a fortnight."""

FIRST_RETRY = 3600
"""Seconds until a failed file is tried again; each further wait is RETRY_GROWTH times as long."""

RETRY_GROWTH = 4

BATCH = 500
"""Addresses in one question; SQLite allows 32,766 parameters."""


_AMONG = "IN (SELECT value FROM json_each(?1))"

_MODE = 0o444
"""Of our copies: an editor that opens the published file does not write into ours by mistake."""


class Mirror(Table):
    """Foreign files of posts. A post waits here, by a trigger, when it is new or its content changed."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        super().__init__(connection)
        self._folder = folder

    def list_unread(self, accounts: Collection[str]) -> tuple[int, ...]:
        """Posts of these accounts whose foreign files are not noted yet."""
        rows = self._db.execute(
            "SELECT u.post FROM unmirrored u JOIN posts p ON p.id = u.post "
            "WHERE p.withdrawn_at IS NULL AND p.account IN (SELECT value FROM json_each(?)) ORDER BY u.post",
            (json.dumps(sorted(accounts)),),
        )
        return tuple(row[0] for row in rows)

    def note(self, files: Mapping[int, Iterable[FileRequest]]) -> None:
        """These are the foreign files of posts; those not known yet are due at once."""
        with open_transaction(self._db):
            self._db.executemany(
                "INSERT INTO files (url, kind, post, name) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (url, kind) DO UPDATE SET post = excluded.post",
                [
                    (request.url, request.kind, post, request.title)
                    for post, requests in files.items()
                    for request in requests
                ],
            )
            self._db.executemany("DELETE FROM unmirrored WHERE post = ?", [(post,) for post in files])

    def load_due(self, accounts: Collection[str], now: datetime, limit: int) -> tuple[FileRequest, ...]:
        """What is to be fetched for these accounts: what was never tried first, staff's own before others', then the
        newest posts'."""
        rows = self._db.execute(
            "SELECT f.url, f.kind, f.name FROM files f JOIN posts p ON p.id = f.post "
            "WHERE f.file IS NULL AND f.tries < ? AND f.next_try <= ? "
            "AND p.withdrawn_at IS NULL AND p.account IN (SELECT value FROM json_each(?)) "
            "ORDER BY f.tries > 0, p.account <> ?, coalesce(p.published, p.first_seen) DESC, f.url LIMIT ?",
            (MAX_TRIES, to_seconds(now), json.dumps(sorted(accounts)), LOCAL_ACCOUNT, limit),
        )
        return tuple(FileRequest(*row) for row in rows)

    def count_waiting(self, accounts: Collection[str]) -> int:
        """Files of these accounts that are still to be had, now or later."""
        row = self._db.execute(
            "SELECT count(*) FROM files f JOIN posts p ON p.id = f.post WHERE f.file IS NULL AND f.tries < ? "
            "AND p.withdrawn_at IS NULL AND p.account IN (SELECT value FROM json_each(?))",
            (MAX_TRIES, json.dumps(sorted(accounts))),
        ).fetchone()
        return int(row[0])

    def save(self, request: FileRequest, form: FileForm, small: FileForm | None = None, name: str = "") -> None:
        """Keep a file's content, then note that it is there: what the database names is on the disk."""
        stored = [self._save_form(one) for one in (form, small) if one]
        with open_transaction(self._db):
            self._db.executemany(
                "INSERT OR IGNORE INTO blobs VALUES (?, ?, ?, ?)",
                [(one.file, one.size, one.width, one.height) for one in stored],
            )
            self._db.execute(
                "UPDATE files SET file = ?, small = ?, name = ?, error = '' WHERE url = ? AND kind = ?",
                (stored[0].file, stored[1].file if small else None, name, request.url, request.kind),
            )

    def share_picture(self, url: str, like: str) -> bool:
        """Show a picture of ours in the forms that were made of one with the same content, whose address begins with
        `like`; False where there is none, or its files are lost."""
        row = self._db.execute(
            "SELECT file, small FROM files WHERE url >= ?1 AND url < ?1 || char(0x10ffff) AND kind = 'picture' "
            "AND file IS NOT NULL LIMIT 1",
            (like,),
        ).fetchone()
        if row is None or not all(self.locate(file).is_file() for file in row if file):
            return False
        self._db.execute(
            "UPDATE files SET file = ?, small = ?, name = '', error = '' WHERE url = ? AND kind = 'picture'",
            (*row, url),
        )
        return True

    def _save_form(self, form: FileForm) -> StoredForm:
        file = f"{hash_file(form.data)}.{form.extension}"
        path = self.locate(file)
        if not path.is_file() or path.stat().st_size != len(form.data):
            write_file(path, form.data)
        return StoredForm(file, len(form.data), form.width, form.height)

    def fail(self, request: FileRequest, reason: str, now: datetime, *, counted: bool = True) -> None:
        """Put a file off: for longer at each try, and for good after MAX_TRIES. `counted` False: it was not tried."""
        (tries,) = self._db.execute(
            "SELECT tries FROM files WHERE url = ? AND kind = ?", (request.url, request.kind)
        ).fetchone()
        later = int(now.timestamp()) + FIRST_RETRY * RETRY_GROWTH**tries
        self._db.execute(
            "UPDATE files SET tries = tries + ?, error = ?, next_try = ? WHERE url = ? AND kind = ?",
            (int(counted), reason, later, request.url, request.kind),
        )

    def load(self, kind: FileKind, urls: Iterable[str]) -> Mapping[str, MirroredFile]:
        """Address -> our copy, of those that we have. Their content may be lost all the same: ask `locate`."""
        wanted = tuple(dict.fromkeys(urls))
        found: dict[str, MirroredFile] = {}
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            rows = self._db.execute(
                "SELECT f.url, f.name, b.file, b.size, b.width, b.height, s.file, s.size, s.width, s.height "
                "FROM files f JOIN blobs b ON b.file = f.file LEFT JOIN blobs s ON s.file = f.small "
                f"WHERE f.kind = ? AND f.url IN ({', '.join('?' * len(batch))})",
                (kind, *batch),
            )
            found.update((row[0], _read_file(kind, row)) for row in rows)
        return found

    def locate(self, file: str) -> Path:
        """Where a stored form lies, if it is there."""
        return self._folder / file[:2] / file

    def drop_broken(self) -> tuple[str, ...]:
        """Let go of copies whose content is lost, or not what its name says; their addresses, due at once.

        A published file may be a second name of ours, so that whoever alters the one alters the other.
        """
        broken = [file for file in self.list_files() if not _is_whole(self.locate(file))]
        aside = self._folder / BROKEN
        for file in broken:
            # First of all, as a file that is there is not written anew. It may be the only one that is left.
            aside.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                self.locate(file).replace(aside / file)
        among = (json.dumps(broken),)
        with open_transaction(self._db):
            urls = self._db.execute(
                "UPDATE files SET file = NULL, small = NULL, tries = 0, next_try = 0, error = '' "
                f"WHERE file {_AMONG} OR small {_AMONG} RETURNING url",
                among,
            ).fetchall()
            self._db.execute(f"DELETE FROM blobs WHERE file {_AMONG}", among)
        return tuple(sorted({url for (url,) in urls}))

    def sweep(self) -> None:
        """Remove files that the database does not name."""
        known = frozenset(self.list_files())
        for file in self._folder.glob("*/*"):
            if file.name not in known:
                file.unlink()

    def list_files(self) -> tuple[str, ...]:
        """All stored forms, as the database names them."""
        return tuple(row[0] for row in self._db.execute("SELECT file FROM blobs ORDER BY file"))


def hash_file(data: bytes) -> str:
    """The name of a content: BLAKE2b of 128 bits, in hexadecimal."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and not before it is safe from a power cut: it may not be had again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.chmod(_MODE)
    fresh.replace(path)


def _is_whole(path: Path) -> bool:
    """Whether a file has the content that it is named by; visitors may read it from now on."""
    try:
        if path.is_symlink():
            return False
        path.chmod(_MODE)
        return hash_file(path.read_bytes()) == path.name.partition(".")[0]
    except OSError:
        return False


def _read_file(kind: FileKind, row: Sequence[Any]) -> MirroredFile:
    small = StoredForm(*row[6:10]) if row[6] else None
    return MirroredFile(FileRequest(row[0], kind), StoredForm(*row[2:6]), small, row[1])
