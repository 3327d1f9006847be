"""What workers are forked from is got ready early where there is much to do, and only there."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.cli.warming import ALL, FEEDS, MANY

pytestmark = pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="workers are forked from nothing here"
)

WARM_UP = """
from pathlib import Path
from multiprocessing import forkserver
from aggregator.model import Site
from aggregator.cli.warming import warm_up
warm_up(Site(Path({root!r})))
print(*forkserver._forkserver._preload_modules)
"""


def warm_up(root: Path) -> tuple[str, ...]:
    """The modules that are imported early."""
    program = WARM_UP.format(root=str(root))
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return tuple(told.split())


def write_drafts(root: Path, count: int) -> None:
    folder = root / "content" / "news"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number}.md").touch()


def test_a_first_publish_of_many_drafts_imports_what_all_stages_need(tmp_path: Path) -> None:
    write_drafts(tmp_path, MANY + 1)
    assert warm_up(tmp_path) == ALL


def test_a_first_publish_of_few_drafts_imports_what_parses_feeds(tmp_path: Path) -> None:
    write_drafts(tmp_path, MANY)
    assert warm_up(tmp_path) == FEEDS


def test_a_site_that_was_published_before_imports_what_parses_feeds(tmp_path: Path) -> None:
    write_drafts(tmp_path, MANY + 1)
    (tmp_path / ".matrix").mkdir()
    (tmp_path / ".matrix" / "store.sqlite3").touch()
    assert warm_up(tmp_path) == FEEDS
