"""The store's file: created, migrated, refused, backed up, restored; all or nothing."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOON, make_post

from aggregator.errors import BackupError, NewerStoreError
from aggregator.model import FeedMemory
from aggregator.store import Store, StoreError, restore_backup
from aggregator.store.schema import MIGRATIONS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "site" / ".matrix" / "store.sqlite3"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with Store.open(file) as opened:
        yield opened


def ask(file: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as db:
        return list(db.execute(question))


def dump(file: Path) -> str:
    """Everything the store holds, as SQL."""
    with closing(sqlite3.connect(file)) as db:
        return "\n".join(db.iterdump())


def list_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def fill(store: Store, posts: int = 3) -> None:
    store.posts.save("water", [make_post(f"guid-{n}", text=f"第{n}篇。" * 20) for n in range(posts)], NOON)
    store.stories.log_decisions([("founded", "abc", "water guid-0")], NOON)
    store.feeds.record(FeedMemory("water", "https://a.cn/rss.xml"), "updated", NOON)


# opening ------------------------------------------------------------------------------------------------------


def test_a_new_store_has_the_present_schema(store: Store, file: Path) -> None:
    """The folder is made; the version is the number of migrations; the journal is a write-ahead log."""
    assert ask(file, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert ask(file, "PRAGMA journal_mode") == [("wal",)]
    assert store.posts.count() == 0


def test_opening_again_keeps_everything(store: Store, file: Path) -> None:
    """A store is what was left."""
    fill(store)
    store.close()
    before = dump(file)
    with Store.open(file) as again:
        assert again.posts.count() == 3
    assert dump(file) == before


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_an_older_store_is_migrated(file: Path, version: int) -> None:
    """From every version that ever was, to the same schema as a new one's."""
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as db:
        for number in range(version):
            db.executescript(MIGRATIONS[number])
        db.execute(f"PRAGMA user_version = {version}")
    Store.open(file).close()
    fresh = file.with_name("fresh.sqlite3")
    Store.open(fresh).close()
    assert ask(file, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    schema = "SELECT name, sql FROM sqlite_master ORDER BY name"
    assert ask(file, schema) == ask(fresh, schema)


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_newer_store_is_refused_untouched(file: Path, journal: str) -> None:
    """Not a byte of it changes, and nothing appears beside it."""
    Store.open(file).close()
    with closing(sqlite3.connect(file)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        db.execute(f"PRAGMA journal_mode = {journal}")
    before = list_files(file.parent)
    with pytest.raises(NewerStoreError, match="升级本程序") as caught:
        Store.open(file)
    assert caught.value.exit_code == 2
    assert list_files(file.parent) == before


def test_a_store_that_cannot_be_opened_is_not_called_damaged(file: Path) -> None:
    """A backup brought back in its place would lose what is there."""
    file.mkdir(parents=True)
    with pytest.raises(StoreError, match="检查磁盘空间") as caught:
        Store.open(file)
    assert "restore" not in str(caught.value)


@pytest.mark.parametrize("damage", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_store_says_what_to_do(file: Path, damage: bytes) -> None:
    """No exception of the database gets out."""
    file.parent.mkdir(parents=True)
    file.write_bytes(damage)
    with pytest.raises(StoreError, match="matrix restore"):
        Store.open(file)
    assert file.read_bytes() == damage


# transactions -------------------------------------------------------------------------------------------------


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    """Whatever breaks it off, nothing of it is kept, also of the steps that are transactions themselves."""

    def fail() -> None:
        with store.transaction():
            fill(store)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert store.posts.count() == 0
    assert store.stories.load_decisions() == ()
    with store.transaction():
        fill(store)
    assert store.posts.count() == 3


# the log ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    ["UPDATE decisions SET detail = 'x'", "UPDATE decisions SET detail = '', at = 0", "DELETE FROM decisions"],
)
def test_the_decision_log_is_append_only(store: Store, file: Path, statement: str) -> None:
    """Also for those who open the file with another program."""
    fill(store)
    before = store.stories.load_decisions()
    with closing(sqlite3.connect(file)) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)
    assert store.stories.load_decisions() == before


# backup and restore -------------------------------------------------------------------------------------------


@pytest.fixture
def backup(store: Store, tmp_path: Path) -> Path:
    """A backup of three posts; the store it was taken of has a fourth one since."""
    target = tmp_path / "elsewhere" / "backup.zip"
    fill(store)
    store.back_up(target, NOON)
    store.posts.save("water", [make_post("guid-4")], NOON)
    store.close()
    return target


def test_backup_and_restore_are_the_identity(store: Store, file: Path, tmp_path: Path) -> None:
    """What is restored is what was backed up, on another machine too; only that nobody was told of it there."""
    fill(store)
    store.unreported.note_all()
    target = tmp_path / "backup.zip"
    report = store.back_up(target, NOON)
    assert report.bytes == target.stat().st_size
    elsewhere = tmp_path / "other" / ".matrix" / "store.sqlite3"
    assert restore_backup(target, elsewhere, NOON) is None
    assert dump(elsewhere) == dump(file)
    assert list(target.parent.glob(".backup-*")) == []


def test_the_former_store_is_kept_beside(backup: Path, file: Path) -> None:
    """Under a name that says when; nothing of it, nor of its log, is lost or left over."""
    former = dump(file)
    kept = restore_backup(backup, file, NOON)
    assert kept == file.with_name("store.sqlite3.before-restore-20261120120000")
    assert dump(kept) == former
    with Store.open(file) as restored:
        assert restored.posts.count() == 3
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name, kept.name]


def test_what_is_still_in_the_log_is_kept(backup: Path, file: Path) -> None:
    """A run that was killed leaves its last posts in the write-ahead log: they belong to the former store."""
    killed = Store.open(file)
    killed.posts.save("water", [make_post("guid-5")], NOON)
    kept = restore_backup(backup, file, NOON)
    killed.close()
    assert kept is not None
    assert ask(kept, "SELECT count(*) FROM posts") == [(5,)]
    assert ask(file, "SELECT count(*) FROM posts") == [(3,)]


def test_a_damaged_store_can_be_restored(backup: Path, file: Path) -> None:
    """That is what backups are for; the damaged file is kept as it is."""
    file.write_bytes(b"not a database" * 100)
    kept = restore_backup(backup, file, NOON)
    assert kept is not None
    assert kept.read_bytes() == b"not a database" * 100
    assert ask(file, "SELECT count(*) FROM posts") == [(3,)]


def repack(backup: Path, **manifest: object) -> None:
    """The same backup with another manifest."""
    with zipfile.ZipFile(backup) as archive:
        former, data = json.loads(archive.read("manifest.json")), archive.read("store.sqlite3")
    with zipfile.ZipFile(backup, "w") as archive:
        archive.writestr("manifest.json", json.dumps(former | manifest))
        archive.writestr("store.sqlite3", data)


def write_foreign(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("photos/1.jpg", b"jpg")


@pytest.mark.parametrize(
    ("name", "spoil", "message"),
    [
        ("missing", Path.unlink, "找不到备份文件"),
        ("empty", lambda file: file.write_bytes(b""), "不是本程序的备份文件"),
        ("no zip", lambda file: file.write_text("备份"), "不是本程序的备份文件"),
        ("another zip", write_foreign, "不是本程序的备份文件"),
        ("cut short", lambda file: file.write_bytes(file.read_bytes()[:-200]), "不是本程序的备份文件"),
        ("of a newer version", lambda file: repack(file, store=len(MIGRATIONS) + 1), "升级本程序"),
        ("not what its manifest says", lambda file: repack(file, blake2b="0" * 128), "与清单不符"),
        ("with a manifest of another kind", lambda file: repack(file, store=None), "不是本程序的备份文件"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_backup_touches_nothing(backup: Path, file: Path, name: str, spoil, message: str) -> None:
    """It is refused before the store is touched, and says why."""
    spoil(backup)
    before = list_files(file.parent)
    with pytest.raises(BackupError, match=message):
        restore_backup(backup, file, NOON)
    assert list_files(file.parent) == before, name


def test_no_damaged_byte_goes_unnoticed(backup: Path, file: Path) -> None:
    """Wherever a bit flips, the backup is refused, or what it restores is whole."""
    data = backup.read_bytes()
    whole = None
    for position in range(0, len(data), max(1, len(data) // 120)):
        backup.write_bytes(data[:position] + bytes([data[position] ^ 0x55]) + data[position + 1 :])
        try:
            restore_backup(backup, file, NOON + timedelta(seconds=position))
        except BackupError:
            continue
        whole = whole or dump(file)
        assert dump(file) == whole
        assert ask(file, "SELECT count(*) FROM posts") == [(3,)]
