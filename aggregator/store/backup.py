"""One file that carries the store and its mirrored files to another machine, or back after a loss."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from aggregator import __version__
from aggregator.errors import BackupError
from aggregator.model import BackupReport
from aggregator.store.connection import open_connection
from aggregator.store.mirror import FILES, hash_file, write_file
from aggregator.store.schema import MIGRATIONS
from aggregator.store.unreported import Unreported

_STORE = "store.sqlite3"
_MANIFEST = "manifest.json"
_FILE = re.compile(rf"{FILES}/([0-9a-f]{{2}})/((\1[0-9a-f]{{30}})\.[a-z0-9]{{1,8}})")
"""A mirrored file's name in the zip: no other may be unpacked. The hash is what its content must have."""

# What zipfile lets through besides BadZipFile: broken deflate data, unknown methods, "encrypted" entries, a cut end.
_ZIP_FAULTS = (zlib.error, NotImplementedError, RuntimeError, EOFError)


def write_backup(connection: sqlite3.Connection, files: Iterable[Path], file: Path, now: datetime) -> BackupReport:
    """Write a consistent copy of the open store and its mirrored files to `file` (a zip), whole or not at all.

    A mirrored file that is lost is left out: there is all the more reason for a backup.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        copy = Path(folder) / _STORE
        target = sqlite3.connect(copy)
        connection.backup(target)
        target.close()
        manifest = {
            "program": __version__,
            "store": connection.execute("PRAGMA user_version").fetchone()[0],
            "taken": now.isoformat(timespec="seconds"),
            "blake2b": _hash_file(copy),
        }
        whole = Path(folder) / "backup.zip"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2))
            archive.write(copy, _STORE)
            there = [one for one in files if one.is_file()]
            for one in there:
                # Pictures and PDF are compressed already.
                archive.write(one, f"{FILES}/{one.parent.name}/{one.name}", zipfile.ZIP_STORED)
        whole.replace(file)
    return BackupReport(file.stat().st_size, len(there), sum(one.stat().st_size for one in there))


def restore_backup(file: Path, store: Path, now: datetime) -> Path | None:
    """Put the store of a backup in place; the present one, if any, is kept beside it and its path returned.

    Mirrored files are added to those that are there: one name has one content, ever.

    Raises BackupError before anything is touched if the file is no backup, damaged, or of a newer version.
    """
    store.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store.parent, prefix=".restore-") as folder:
        copy = _unpack(file, Path(folder))
        kept = None
        if store.exists():
            kept = store.with_name(f"{store.name}.before-restore-{now:%Y%m%d%H%M%S}")
            _keep(store, kept)
        for leftover in (f"{store.name}-wal", f"{store.name}-shm"):
            store.with_name(leftover).unlink(missing_ok=True)
        for fresh in Path(folder).glob(f"{FILES}/*/*"):
            target = store.parent / fresh.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh.replace(target)
        _note_unreported(copy, kept)
        copy.replace(store)
    return kept


def _note_unreported(copy: Path, kept: Path | None) -> None:
    """Whoever copies the site elsewhere knows the store that is replaced: what that had differs, or is gone."""
    with closing(open_connection(copy)) as fresh:
        Unreported(fresh).note_all()
        # It may be damaged, or of a version that had none of this.
        for question in (
            "ATTACH :kept AS kept",
            "INSERT OR IGNORE INTO unreported SELECT path FROM kept.artifacts",
            "INSERT OR IGNORE INTO unreported SELECT path FROM kept.unreported",
        ):
            with suppress(sqlite3.DatabaseError):
                fresh.execute(question, {"kept": str(kept or "")})


def _keep(store: Path, kept: Path) -> None:
    """Move the present store aside: one file that is the whole of it, or, if it is damaged, all that is left."""
    with closing(sqlite3.connect(store)) as former, suppress(sqlite3.DatabaseError):
        # Fold the write-ahead log into the file.
        former.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("", "-wal", "-shm"):
        part = store.with_name(store.name + suffix)
        if part.exists():
            part.replace(kept.with_name(kept.name + suffix))


def _unpack(file: Path, folder: Path) -> Path:
    copy = folder / _STORE
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            with archive.open(_STORE) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            for name in archive.namelist():
                if name.startswith(f"{FILES}/"):
                    _unpack_file(archive, name, folder)
        version, expected = int(manifest["store"]), str(manifest["blake2b"])
    except FileNotFoundError:
        raise BackupError(f"找不到备份文件 {file}。", "检查路径是否写对。") from None
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, *_ZIP_FAULTS) as error:
        raise BackupError(
            f"{file} 不是本程序的备份文件，或已损坏（{error}）。", "换一份由 matrix backup 写出的文件。"
        ) from error
    if version > len(MIGRATIONS):
        raise BackupError(f"备份 {file} 由更新版本的程序写成（格式 {version}）。", "升级本程序后再恢复。")
    if _hash_file(copy) != expected:
        raise BackupError(f"备份 {file} 的内容与清单不符，可能已损坏。", "换一份备份文件。")
    return copy


def _unpack_file(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    """Raises ValueError for what was not written by `write_backup`."""
    match = _FILE.fullmatch(name)
    data = archive.read(name) if match else b""
    if match is None or hash_file(data) != match.group(3):
        raise ValueError(name)
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, data)


def _hash_file(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "blake2b").hexdigest()
