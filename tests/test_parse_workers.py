"""Feeds read in worker processes: one poisoned feed costs that feed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from aggregator.model import FeedDocument, FeedError, ParsedFeed
from aggregator.parse import parse_posts
from aggregator.parse.workers import ParsePool

NOW = datetime(2026, 11, 22, tzinfo=UTC)
GOOD = "<rss><channel><title>好</title><item><title>甲</title><description>正文</description></item></channel></rss>"
ENTRY = (
    "<item><title>长</title><description>" + "&lt;p&gt;&lt;b&gt;字&lt;/b&gt;&lt;/p&gt;" * 400 + "</description></item>"
)
SLOW = f"<rss><channel>{ENTRY * 1200}</channel></rss>"
"""12 MB of honest articles: seconds of work, more than the limit of these tests."""


def document(body: str, number: int = 0) -> FeedDocument:
    return FeedDocument("qj", f"https://feed.example/{number}", body.encode())


def read_all(pool: ParsePool, documents: list[FeedDocument]) -> list[ParsedFeed | FeedError]:
    async def read() -> list[ParsedFeed | FeedError]:
        return await asyncio.gather(*(pool.parse(one, NOW) for one in documents))

    return asyncio.run(read())


def test_a_worker_gives_what_parse_posts_gives():
    documents = [document(GOOD), document("<html>"), document('{"items": []}'), document(GOOD + "<")]
    with ParsePool(2) as pool:
        assert read_all(pool, documents) == [parse_posts(one, now=NOW) for one in documents]


def test_a_feed_that_takes_too_long_is_an_error_and_all_others_are_read():
    documents = [document(GOOD, 1), document(SLOW, 2), *(document(GOOD, number) for number in range(3, 20))]
    started = time.monotonic()
    with ParsePool(2, time_limit=1.0) as pool:
        first, slow, *others = read_all(pool, documents)
        again = read_all(pool, [document(GOOD)] * 4)
    assert time.monotonic() - started < 60
    assert isinstance(slow, FeedError)
    assert (slow.account, slow.url) == ("qj", "https://feed.example/2")
    assert "1 秒内没有读完" in slow.reason
    assert all(isinstance(one, ParsedFeed) and len(one.posts) == 1 for one in (first, *others, *again))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces a limit of address space")
def test_a_feed_that_takes_too_much_memory_is_an_error_and_all_others_are_read():
    documents = [document(GOOD, 1), document(SLOW, 2), *(document(GOOD, number) for number in range(3, 10))]
    with ParsePool(1, memory_limit=40 << 20) as pool:
        first, large, *others = read_all(pool, documents)
    assert isinstance(large, FeedError)
    assert "内存太多" in large.reason
    assert all(isinstance(one, ParsedFeed) for one in (first, *others))


def test_leaving_the_pool_ends_its_processes():
    with ParsePool(2) as pool:
        read_all(pool, [document(GOOD)])
        workers = children()
        assert workers
    assert not set(workers) & set(children())


def children() -> list[int]:
    """Processes of this one's forkserver that are workers."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    servers = {pid for pid, parent, args in rows if parent == str(os.getpid()) and "forkserver" in args}
    return [int(pid) for pid, parent, _ in rows if parent in servers]


def test_a_worker_knows_nothing_of_pelican_and_the_command_line(tmp_path):
    """Started from a script that has both, as the command itself is."""
    script = tmp_path / "command"
    script.write_text(
        "import asyncio, sys\n"
        "import aggregator.cli\n"
        "from aggregator.parse.workers import ParsePool\n"
        "if __name__ == '__main__':\n"
        "    with ParsePool(1) as pool:\n"
        "        task = pool._pool.schedule(eval, args=(\"sorted(__import__('sys').modules)\",))\n"
        "        names = set(task.result())\n"
        "    print(sorted(names & {'pelican', 'aggregator.cli', 'aggregator.parse', 'aiohttp'}))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['aggregator.parse']"
