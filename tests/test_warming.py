"""What workers are forked from is got ready early where there is much to do, and only there."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.pipeline.warming import MANY

pytestmark = pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="workers are forked from nothing here"
)

WARM_UP = """
from pathlib import Path
from multiprocessing import forkserver
from aggregator.model import Site
from aggregator.pipeline.warming import warm_up
warm_up(Site(Path({root!r})))
print(forkserver._forkserver._forkserver_pid is not None)
"""


def starts_early(root: Path) -> bool:
    program = WARM_UP.format(root=str(root))
    return (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "True\n"
    )


def write_drafts(root: Path, count: int) -> None:
    folder = root / "content" / "news"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number}.md").touch()


def test_a_first_publish_of_many_drafts_starts_early(tmp_path: Path) -> None:
    write_drafts(tmp_path, MANY + 1)
    assert starts_early(tmp_path)


def test_a_first_publish_of_few_drafts_has_no_use_for_it(tmp_path: Path) -> None:
    write_drafts(tmp_path, MANY)
    assert not starts_early(tmp_path)


def test_a_site_that_was_published_before_has_no_use_for_it(tmp_path: Path) -> None:
    write_drafts(tmp_path, MANY + 1)
    (tmp_path / ".matrix").mkdir()
    (tmp_path / ".matrix" / "store.sqlite3").touch()
    assert not starts_early(tmp_path)
