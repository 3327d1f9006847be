"""Worker processes that are copies of the command's own process, and that render beside it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from site_fixtures import BRIDGE, LIBRARY, SWIMMING, SmallSite, list_tree, make_site

from aggregator.build.workers import fork_crew
from aggregator.store.documents import TABLES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a copy of a process may not be whole")

PATIENCE = 30.0
"""Seconds for a process to end."""

BUILD = """
import os, sys
os.cpu_count = lambda: 3
from aggregator.build import warming, writer, workers
from aggregator.cli import main
from aggregator.store import documents
documents.SHARE = 2
warming.PARALLEL = writer.PARALLEL = workers.LEAST = 1
workers.CHUNK, workers.make_crew = 8, None
sys.argv[1:] = ["-C", {root!r}, "build", "--full", "--json"]
main()
"""
"""All of a small site by three processes; none of them starts from nothing."""

RENAMING = """
from pelican import signals

def rename(generators):
    for generator in generators:
        if hasattr(generator, "context"):
            generator.context["SITENAME"] = "换了名字"

def register():
    signals.all_generators_finalized.connect(rename)
"""

WAIT = """
import os, time
os.cpu_count = lambda: 3
from aggregator.build.workers import fork_crew
with fork_crew() as crew:
    crew.start()
    print(*crew._pool._processes, flush=True)
    time.sleep(600)
"""


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def read_documents(site: SmallSite) -> list[list[tuple[object, ...]]]:
    """The rows of all tables of documents."""
    with closing(sqlite3.connect(site.site.store)) as db:
        return [sorted(db.execute(f"SELECT * FROM {table}")) for table in TABLES]  # noqa: S608 - our own names


def test_a_site_built_by_several_processes_has_the_bytes_of_one_built_by_one(small_site: SmallSite) -> None:
    before = list_tree(small_site.output)
    tree = small_site.output.resolve()
    build = BUILD.format(root=str(small_site.root))
    result = subprocess.run([sys.executable, "-c", build], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert list_tree(small_site.output) == before
    assert result.stderr == ""
    assert small_site.output.resolve() == tree


def test_what_several_processes_read_of_documents_is_what_one_reads(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    site.set_draft("policies/a.md", SWIMMING, 标题="租房补贴实施办法", 日期="2026-03-01", 文号="栖人社发〔2026〕3号")
    site.set_draft("policies/b.md", LIBRARY, 标题="停车收费办法", 日期="2026-03-02", 文号="栖发〔2026〕9号")
    site.set_draft("explanations/a.md", ("解读《租房补贴实施办法》。",), 标题="图解租房补贴", 日期="2026-03-02")
    site.set_draft("explanations/b.md", BRIDGE, 标题="停车费怎么算", 日期="2026-03-03", 关联政策="栖发〔2026〕9号")
    site.publish()
    before = read_documents(site)
    assert [len(rows) > 1 for rows in before] == [True, True, True]
    build = BUILD.format(root=str(site.root))
    subprocess.run([sys.executable, "-c", build], capture_output=True, check=True)
    assert read_documents(site) == before


def test_what_a_plugin_tells_pages_stands_on_those_of_every_process(small_site: SmallSite) -> None:
    plugins = small_site.root / "plugins"
    plugins.mkdir()
    (plugins / "renaming.py").write_text(RENAMING, encoding="utf-8")
    small_site.set_settings(
        PLUGIN_PATHS=["plugins"], PLUGINS=["aggregator.plugins.markdown", "aggregator.plugins.stories", "renaming"]
    )
    build = BUILD.format(root=str(small_site.root))
    result = subprocess.run([sys.executable, "-c", build], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    pages = [page.read_text(encoding="utf-8") for page in small_site.output.resolve().rglob("*.html")]
    assert len(pages) > 30
    assert all("换了名字" in page for page in pages)


def test_workers_end_with_a_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", WAIT], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workers = [int(one) for one in process.stdout.readline().split()]
        process.send_signal(signal.SIGKILL)
    assert len(workers) == 2
    until = time.monotonic() + PATIENCE
    while any(map(is_running, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_running, workers))


def test_a_process_with_other_threads_is_not_copied() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert fork_crew() is None
    finally:
        stop.set()
        thread.join()
