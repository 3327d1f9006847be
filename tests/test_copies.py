"""What a build tells as JSON is enough to keep a copy of the site elsewhere as the site is."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from site_fixtures import SWIMMING, SmallSite, list_tree

from aggregator.build import site as build_site
from aggregator.cli import publish as publish_command
from aggregator.pipeline import build_stage


def copy_site(site: SmallSite, target: Path, told: Mapping[str, Any]) -> None:
    """One way, by what was told alone."""
    for path in told["changed_paths"]:
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(site.output / path, file)
    for path in told["removed_paths"]:
        (target / path).unlink()


def assert_copied(site: SmallSite, target: Path) -> None:
    ours, theirs = ({path: data for path, (data, _) in list_tree(tree).items()} for tree in (site.output, target))
    assert theirs == ours


@pytest.fixture
def copied(small_site: SmallSite, tmp_path: Path) -> Path:
    small_site.set_draft("notices/xin.md", SWIMMING, 标题="新通知", 日期="2026-03-19")
    copy_site(small_site, tmp_path / "copy", small_site.call("publish", "--json").document["build"])
    assert_copied(small_site, tmp_path / "copy")
    return tmp_path / "copy"


def test_what_is_told_is_enough_for_a_copy(small_site: SmallSite, copied: Path) -> None:
    """Also of runs that told nobody, or told somebody else."""
    (small_site.site.content / "notices" / "xin.md").unlink()
    assert small_site.call("publish").status == 0
    page = small_site.stories()["游泳馆恢复开放的公告"]["url"]
    assert small_site.call("withdraw", page, "--reason", "时间有误", "--json").status == 0
    small_site.set_draft("notices/jinri.md", SWIMMING, 标题="今天的通知", 日期="2026-03-19")
    copy_site(small_site, copied, small_site.call("publish", "--json").document["build"])
    assert_copied(small_site, copied)
    told = small_site.call("build", "--json").document
    assert (told["changed_paths"], told["removed_paths"]) == ([], [])


@pytest.mark.parametrize("killed", ["_show", "announce_feeds", "print_json"])
def test_what_a_killed_run_did_not_tell_is_told_by_the_next(
    small_site: SmallSite, copied: Path, monkeypatch: pytest.MonkeyPatch, killed: str
) -> None:
    """Before the switch, after it, and before the first byte is printed."""
    (small_site.site.content / "notices" / "xin.md").unlink()
    small_site.set_draft("notices/jinri.md", SWIMMING, 标题="今天的通知", 日期="2026-03-19")
    module = {"_show": build_site, "announce_feeds": build_stage, "print_json": publish_command}[killed]

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, killed, die)
        assert small_site.call("publish", "--json").status == 130
    copy_site(small_site, copied, small_site.call("publish", "--json").document["build"])
    assert_copied(small_site, copied)


@pytest.mark.parametrize("lost", ["site", "store.sqlite3"])
def test_after_a_loss_all_is_told_and_what_is_gone(small_site: SmallSite, copied: Path, lost: str) -> None:
    (small_site.site.content / "notices" / "xin.md").unlink()
    if lost == "site":
        shutil.rmtree(small_site.site.state / lost)
    else:
        for file in small_site.site.state.glob(f"{lost}*"):
            file.unlink()
    copy_site(small_site, copied, small_site.call("publish", "--json").document["build"])
    assert_copied(small_site, copied)


def test_after_a_restored_backup_all_is_told_and_what_is_gone(
    small_site: SmallSite, copied: Path, tmp_path: Path
) -> None:
    assert small_site.call("backup", str(tmp_path / "backup.zip")).status == 0
    small_site.set_draft("notices/jinri.md", SWIMMING, 标题="今天的通知", 日期="2026-03-19")
    copy_site(small_site, copied, small_site.call("publish", "--json").document["build"])
    assert small_site.call("restore", str(tmp_path / "backup.zip")).status == 0
    (small_site.site.content / "notices" / "jinri.md").unlink()
    copy_site(small_site, copied, small_site.call("publish", "--json").document["build"])
    assert_copied(small_site, copied)
