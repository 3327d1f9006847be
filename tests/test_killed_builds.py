"""A build that is killed anywhere leaves one whole site, to a reader who never stops reading, and the next one mends.

More kills by hand: KILLS=500 python -m pytest tests/test_killed_builds.py.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import shutil
import signal
import time
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from site_fixtures import BASE, SWIMMING, SmallSite, find_broken_links, list_tree

from aggregator.build import writer

KILLS = int(os.environ.get("KILLS", "20"))
ROUNDS = 40
"""Builds tried for each kill that is wanted: some have ended before they are killed."""

_FORK = multiprocessing.get_context("fork")
"""A process with all imports done, so that it is building when it is killed."""

NAME = re.compile(r'<meta name="SiteName" content="(临江\d*发布)">')


def crawl(output: Path, stop: Event, crawls: multiprocessing.Queue[tuple[int, list[str]]]) -> None:
    """Read the whole site again and again; at the end, how often, and what was mixed or missing in it.

    A crawl during which the link was switched says nothing: what it reads may be of two sites.
    """
    read, faults = 0, []
    while not stop.is_set():
        switched = output.lstat().st_mtime_ns
        tree = output.resolve()
        try:
            pages = {page.as_posix(): page.read_text(encoding="utf-8") for page in tree.rglob("*.html")}
            names = {match[1] if (match := NAME.search(page)) else "" for page in pages.values()}
            missing = [path for path in ("index.html", "404.html", "feeds/channel.rss") if not (tree / path).is_file()]
        except FileNotFoundError as error:
            names, missing = set(), [str(error)]
        if output.lstat().st_mtime_ns == switched:
            read += 1
            if len(names) != 1 or missing:
                faults.append(f"{names} {missing}")
    crawls.put((read, faults))


def run_build(site: SmallSite, full: bool, verify: bool) -> None:
    """In a process of its own, which ends without running what pytest would do at its end."""
    os.setpgrp()
    # The server that worker processes are forked from is the parent's, and no child of this process.
    forkserver._forkserver._forkserver_pid = None
    site.build(full=full, verify=verify)
    os._exit(0)


@pytest.mark.parametrize("parallel", [False, True])
def test_a_build_killed_anywhere_leaves_a_whole_site(
    small_site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parallel: bool
) -> None:
    """The name of the site is on every page and changes with every build, so that a mixed site shows."""
    if parallel:
        # So that the few pages of a small site are rendered by worker processes as those of a big one are.
        monkeypatch.setattr(writer, "PARALLEL", 10)
    choice = random.Random(KILLS)  # noqa: S311  when to kill is no secret
    stop, crawls = _FORK.Event(), _FORK.Queue()
    reader = _FORK.Process(target=crawl, args=(small_site.output, stop, crawls), daemon=True)
    reader.start()
    # Workers take a second to start: a few kills are enough of those.
    wanted = max(KILLS // 10, 4) if parallel else KILLS
    killed, longest = 0, 0.2
    for number in range(wanted * ROUNDS):
        small_site.set_settings(SITENAME=f"临江{number}发布")
        header = {"标题": f"第{number}稿", "日期": "2026-03-10"}
        small_site.set_draft(f"notices/n{number % 3}.md", (f"{number}，" + SWIMMING[number % 2],), **header)
        if number % 5 == 4:
            (small_site.root / "content" / "notices" / f"n{(number + 1) % 3}.md").unlink(missing_ok=True)
        small_site.update()
        build = _FORK.Process(target=run_build, args=(small_site, number % 4 == 3, number % 7 == 6))
        started = time.monotonic()
        build.start()
        build.join(choice.uniform(0, longest))
        if build.is_alive():
            assert build.pid is not None
            build.kill()
            # With its workers, as when the power fails; it may not have come to leave our group.
            with suppress(ProcessLookupError):
                os.killpg(build.pid, signal.SIGKILL)
            killed += 1
        else:
            longest = max(0.02, (time.monotonic() - started) * 1.5)
        build.join()
        assert build.exitcode in {0, -signal.SIGKILL}
        longest = min(longest * 1.1, 5.0)
        if killed == wanted:
            break
    stop.set()
    read, faults = crawls.get(timeout=60)
    reader.join()
    assert killed == wanted
    assert read > 0
    assert faults == []
    monkeypatch.undo()
    small_site.build()
    assert find_broken_links(small_site.output.resolve(), BASE) == []
    other = small_site.copy_to(tmp_path / "whole")
    shutil.rmtree(other.site.state / "site")
    other.output.unlink()
    other.build(full=True)
    ours, theirs = list_tree(small_site.output), list_tree(other.output)
    assert {path: data for path, (data, _) in ours.items()} == {path: data for path, (data, _) in theirs.items()}
    assert small_site.build(verify=True).changed_paths == ()
