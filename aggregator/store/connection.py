"""Opening the store: SQLite in WAL mode, brought to the present schema, with transactions that nest nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from aggregator.errors import MatrixError, NewerStoreError
from aggregator.store.schema import MIGRATIONS


class StoreError(MatrixError):
    """The store's file is damaged or cannot be written."""


def open_connection(file: Path) -> sqlite3.Connection:
    """Open or create the store and migrate it. Raises NewerStoreError, StoreError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(file, isolation_level=None, timeout=30)
        # Before all else: even a journal mode is written into the file.
        _refuse_newer(connection, file)
        connection.execute("PRAGMA journal_mode = WAL")
        # Safe with WAL: a power cut may lose the last transaction, never the file (sqlite.org/pragma.html).
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -16000")
        # 16 MB: a first update writes ten times as much, and each checkpoint waits for the disk.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        _migrate(connection)
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.OperationalError):
            # Of the disk, of rights, of another program: to restore a backup would lose what is there.
            raise _tell_unwritable(error) from error
        raise StoreError(f"存储文件 {file} 已损坏：{error}", "用 matrix restore 恢复最近一次备份。") from error
    return connection


def _tell_unwritable(error: sqlite3.OperationalError) -> StoreError:
    return StoreError(
        f"存储打不开或写不进去：{error}。",
        "检查磁盘空间和 .matrix 文件夹的权限；已收取的内容完好，下次运行会接着做完。",
    )


def open_reading_connection(file: Path) -> sqlite3.Connection | None:
    """Open the store for questions alone; None where there is none that this version reads as it is."""
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30)
    except sqlite3.OperationalError:
        return None
    try:
        current = connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    except sqlite3.DatabaseError:
        current = False
    if not current:
        connection.close()
        return None
    return connection


def _refuse_newer(connection: sqlite3.Connection, file: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        connection.close()
        raise NewerStoreError(
            f"存储文件 {file} 由更新版本的程序写成（格式 {version}，本程序只认到 {len(MIGRATIONS)}）。",
            "升级本程序后再运行；没有改动任何文件。",
        )


def _migrate(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for number in range(version, len(MIGRATIONS)):
        connection.executescript(f"BEGIN; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")


@contextmanager
def open_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. Inside another transaction it joins that one. Raises StoreError if the disk is full."""
    if connection.in_transaction:
        yield
        return
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # After some errors SQLite has rolled back by itself (sqlite.org/lang_transaction.html).
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    except sqlite3.OperationalError as error:
        raise _tell_unwritable(error) from error


@contextmanager
def open_snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """One state of the store for all that is asked meanwhile; each question alone would lock and unlock the file."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


class Table:
    """One group of tables with the questions asked of it. All share the store's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection


def to_seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def to_moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def read_moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


ErrorType = type[BaseException] | None
Traceback = TracebackType | None
