"""`matrix backup` and `matrix restore`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cli_fixtures import CHINESE, read
from site_fixtures import (
    SmallSite,
)


def test_a_backup_is_restored_and_what_was_there_is_kept(small_site: SmallSite, tmp_path: Path) -> None:
    file, stories = tmp_path / "backups" / "monday.zip", small_site.stories()
    written = read(small_site, "backup", str(file), "--json").document
    assert written == {"file": str(file), "bytes": file.stat().st_size, "files": 0, "files_bytes": 0}
    (small_site.root / "content" / "news" / "zhongshu.md").unlink()
    read(small_site, "update")
    assert small_site.stories() != stories
    restored = read(small_site, "restore", str(file), "--json").document
    assert Path(restored["kept"]).is_file()
    assert small_site.stories() == stories


@pytest.mark.parametrize("body", [None, b"", b"no zip at all", b"PK\x03\x04 half"])
def test_what_is_no_backup_is_not_restored(small_site: SmallSite, tmp_path: Path, body: bytes | None) -> None:
    file, before = tmp_path / "backup.zip", small_site.stories()
    if body is not None:
        file.write_bytes(body)
    error = read(small_site, "restore", str(file), "--json", status=2).document["error"]
    assert CHINESE.search(error["message"])
    assert error["remedy"]
    assert small_site.stories() == before


def test_there_is_nothing_to_back_up_before_the_first_update(small_site: SmallSite, tmp_path: Path) -> None:
    shutil.rmtree(small_site.site.state)
    read(small_site, "backup", str(tmp_path / "backup.zip"), status=2)
    assert not (tmp_path / "backup.zip").exists()
