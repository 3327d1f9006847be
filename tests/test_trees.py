"""The two trees: what a stamp says of one is true, whatever touched it and wherever that was cut short."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from site_fixtures import SmallSite, list_tree

from aggregator.build import mending
from aggregator.build.trees import Trees
from aggregator.plugins.stories.writer import link_file

NEW = (
    "北岸泵站明天例行检修，下游三个小区的水压会低一些，用水请错开早上七点。",
    "检修由供水公司值班班组完成，预计两小时。",
)
"""A text that no other post of the small site is like."""


def verify(site: SmallSite) -> None:
    site.build(verify=True)


def purge(site: SmallSite) -> None:
    site.purge(site.stories()["今天的新通知"]["id"])


def kill_before_the_stamp(site: SmallSite) -> None:
    """The next build is over but for its last steps; Ctrl-C ends it as a kill would."""
    site.set_draft("notices/xin.md", NEW[:1], 标题="明天的新通知", 日期="2026-03-19 10:00")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trees, "write_stamp", interrupt)
        with pytest.raises(KeyboardInterrupt):
            site.publish()


def kill_while_mending(site: SmallSite) -> None:
    """Purging ends when the first files were mended."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mending, "link_file", partial(link_and_interrupt, []))
        with pytest.raises(KeyboardInterrupt):
            purge(site)


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def link_and_interrupt(done: list[Path], target: Path, source: Path) -> None:
    link_file(target, source)
    done.append(target)
    if len(done) == 3:
        raise KeyboardInterrupt


@pytest.mark.parametrize("restored", [True, False])
@pytest.mark.parametrize("touch", [verify, purge, kill_before_the_stamp, kill_while_mending])
def test_a_tree_that_was_touched_is_not_taken_for_what_it_was(
    small_site: SmallSite, tmp_path: Path, touch: Callable[[SmallSite], None], restored: bool
) -> None:
    """The tree that a store of another time knows as live was made like the other one since, wholly or in part."""
    backup = tmp_path / "backup.zip"
    assert small_site.call("backup", str(backup)).status == 0
    shutil.copy(small_site.site.store, tmp_path)
    small_site.set_draft("notices/xin.md", NEW, 标题="今天的新通知", 日期="2026-03-19 10:00")
    small_site.publish()
    touch(small_site)
    if restored:
        assert small_site.call("restore", str(backup)).status == 0
    else:
        shutil.copy(tmp_path / small_site.site.store.name, small_site.site.store)
    small_site.build()
    assert "新通知" not in small_site.read_page("index.html")
    assert_as_full(small_site, tmp_path / "whole")


@pytest.mark.parametrize("kill", [kill_before_the_stamp, kill_while_mending])
def test_after_a_kill_the_next_builds_are_as_full_ones(
    small_site: SmallSite, tmp_path: Path, kill: Callable[[SmallSite], None]
) -> None:
    small_site.set_draft("notices/xin.md", NEW, 标题="今天的新通知", 日期="2026-03-19 10:00")
    small_site.publish()
    kill(small_site)
    for number in range(2):
        small_site.set_draft("notices/xin.md", NEW[number:], 标题="后天的新通知", 日期="2026-03-19 10:00")
        small_site.publish()
        assert_as_full(small_site, tmp_path / f"whole{number}")


def assert_as_full(site: SmallSite, folder: Path) -> None:
    """The published tree is what a full build makes of nothing."""
    whole = site.copy_to(folder)
    shutil.rmtree(whole.site.state / "site")
    whole.output.unlink()
    whole.build(full=True)
    ours, theirs = list_tree(site.output), list_tree(whole.output)
    assert {path: data for path, (data, _) in ours.items()} == {path: data for path, (data, _) in theirs.items()}


# Verifying ------------------------------------------------------------------------------------------------------


def link_folder(tree: Path) -> None:
    (tree / "archive").rename(tree / "elsewhere")
    (tree / "archive").symlink_to("elsewhere")


def link_folder_into_the_other_tree(tree: Path) -> None:
    shutil.rmtree(tree / "archive")
    (tree / "archive").symlink_to(tree.parent / ("b" if tree.name == "a" else "a") / "archive")


def add_link_to_a_folder(tree: Path) -> None:
    (tree / "more").symlink_to("archive")


def put_folder_in_place_of_file(tree: Path) -> None:
    (tree / "index.html").unlink()
    (tree / "index.html" / "deep").mkdir(parents=True)
    (tree / "index.html" / "deep" / "x.html").write_text("x", encoding="utf-8")


def put_empty_folder_in_place_of_file(tree: Path) -> None:
    (tree / "index.html").unlink()
    (tree / "index.html").mkdir()


def put_file_in_place_of_folder(tree: Path) -> None:
    shutil.rmtree(tree / "archive")
    (tree / "archive").write_text("x", encoding="utf-8")


def close_page(tree: Path) -> None:
    (tree / "index.html").chmod(0o600)


def close_folder(tree: Path) -> None:
    (tree / "archive").chmod(0o700)


def link_page(tree: Path) -> None:
    (tree / "index.html").rename(tree / "404.html")
    (tree / "index.html").symlink_to("404.html")


def link_page_to_its_bytes(tree: Path) -> None:
    (tree / "index.html").rename(tree.parent / "index.html")
    (tree / "index.html").symlink_to(tree.parent / "index.html")


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize(
    "spoil",
    [
        link_folder, link_folder_into_the_other_tree, add_link_to_a_folder, put_folder_in_place_of_file,
        put_empty_folder_in_place_of_file, put_file_in_place_of_folder, close_page, close_folder, link_page,
        link_page_to_its_bytes,
    ],
)  # fmt: skip
def test_verifying_leaves_plain_files_that_anyone_may_read(
    small_site: SmallSite, spoil: Callable[[Path], None], live: bool
) -> None:
    """In the tree that is live, and in that which is when the next change comes."""
    before = {path: data for path, (data, _) in list_tree(small_site.output).items()}
    shown = small_site.output.resolve()
    spoil(shown if live else shown.with_name("b" if shown.name == "a" else "a"))
    small_site.build(verify=True)
    assert_plain(small_site.output.resolve(), before)
    assert small_site.build(verify=True).changed_paths == ()
    small_site.set_draft("notices/xin.md", NEW, 标题="今天的新通知", 日期="2026-03-19 10:00")
    small_site.publish()
    (small_site.root / "content" / "notices" / "xin.md").unlink()
    small_site.publish()
    assert small_site.build(verify=True).changed_paths == ()
    assert_plain(small_site.output.resolve())


def assert_plain(tree: Path, expected: dict[str, bytes] | None = None) -> None:
    """Files and folders alone, which anyone may read."""
    modes = {path.relative_to(tree).as_posix(): path.lstat().st_mode for path in tree.rglob("*")}
    files = {path: mode for path, mode in modes.items() if stat.S_ISREG(mode)}
    assert {mode & 0o444 for mode in files.values()} == {0o444}
    assert {mode & 0o40555 for path, mode in modes.items() if path not in files} == {0o40555}
    if expected is not None:
        assert {path: (tree / path).read_bytes() for path in files} == expected
