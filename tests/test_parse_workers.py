"""Feeds read in worker processes: one poisoned feed costs that feed."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
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
        workers = asyncio.run(list_workers(pool))
        assert os.getpid() not in workers
        assert all(map(is_running, workers))
    wait_until(lambda: not any(map(is_running, workers)))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_is_killed_between_two_feeds_costs_none(workers: int):
    """As a system without memory does it."""

    async def read() -> list[ParsedFeed | FeedError]:
        with ParsePool(workers) as pool:
            given = []
            for number in range(3):
                (victim, *_) = await list_workers(pool)
                os.kill(victim, signal.SIGKILL)
                # At once, and after the pool had the time to see it.
                given.append(await pool.parse(document(GOOD, number), NOW))
                given.extend(await asyncio.gather(*(pool.parse(document(GOOD), NOW) for _ in range(5))))
                (victim, *_) = await list_workers(pool)
                os.kill(victim, signal.SIGKILL)
                await asyncio.to_thread(wait_until, lambda: not is_running(victim))  # noqa: B023 - awaited right here
                given.append(await pool.parse(document(GOOD, number), NOW))
            return given

    given = asyncio.run(asyncio.wait_for(read(), 300))
    assert all(isinstance(one, ParsedFeed) and len(one.posts) == 1 for one in given)
    assert len(given) == 21


def test_a_worker_that_is_killed_over_a_feed_costs_that_feed():
    async def read() -> list[ParsedFeed | FeedError]:
        with ParsePool(1) as pool:
            first = await pool.parse(document(GOOD, 1), NOW)
            slow = asyncio.create_task(pool.parse(document(SLOW, 2), NOW))
            while not slow.done():
                # Not once: the worker may have been idle still, and an idle one that dies costs no feed.
                await asyncio.sleep(0.1)
                for child in multiprocessing.active_children():
                    child.kill()
            return [first, await slow, await pool.parse(document(GOOD, 3), NOW)]

    first, lost, last = asyncio.run(asyncio.wait_for(read(), 300))
    assert isinstance(lost, FeedError)
    assert "意外中止" in lost.reason
    assert isinstance(first, ParsedFeed)
    assert isinstance(last, ParsedFeed)


async def list_workers(pool: ParsePool) -> set[int]:
    """The processes of a pool, as they name themselves; it may have one more that is only starting."""
    return set(await asyncio.gather(*(pool.call(30.0, os.getpid) for _ in range(8))))


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(holds: Callable[[], bool]) -> None:
    """A guard against hanging, not a measure of speed."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_worker_knows_nothing_of_pelican_and_the_command_line(tmp_path):
    """Started from a script that has both, as the command itself is."""
    script = tmp_path / "command"
    script.write_text(
        "import asyncio, sys\n"
        "import aggregator.cli\n"
        "from aggregator.parse.workers import ParsePool\n"
        "if __name__ == '__main__':\n"
        "    with ParsePool(1) as pool:\n"
        "        names = set(asyncio.run(pool.call(30, eval, \"sorted(__import__('sys').modules)\")))\n"
        "    print(sorted(names & {'pelican', 'aggregator.cli', 'aggregator.parse', 'aiohttp'}))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['aggregator.parse']"
