"""All feeds of a run: many hosts at once, each host gently, the results as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from aggregator.fetch.client import PER_HOST, fetch_feed, open_session
from aggregator.fetch.files import read_feed_file
from aggregator.fetch.request import FeedRequest, FetchResult
from aggregator.model import FetchSettings


async def fetch_feeds(
    requests: Iterable[FeedRequest], settings: FetchSettings, root: Path
) -> AsyncIterator[FetchResult]:
    """Each request's result, in the order of arrival. `root` is the site's folder, in which local feeds must lie.

    At most `settings.concurrency` bodies are held at any moment, those under way and those handed on together: a
    place becomes free when the caller asks for the next result. Close the generator to stop early.
    """
    places = asyncio.Semaphore(settings.concurrency)
    results: asyncio.Queue[FetchResult | None] = asyncio.Queue()
    run = asyncio.create_task(_run_lanes(requests, settings, root, places, results))
    run.add_done_callback(lambda _: results.put_nowait(None))
    try:
        while (result := await results.get()) is not None:
            yield result
            places.release()
        await run
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


async def _run_lanes(
    requests: Iterable[FeedRequest],
    settings: FetchSettings,
    root: Path,
    places: asyncio.Semaphore,
    results: asyncio.Queue[FetchResult | None],
) -> None:
    """A lane takes its host's feeds one after another, so that a host with many holds no place while it waits."""
    hosts: dict[str, list[FeedRequest]] = {}
    for request in requests:
        hosts.setdefault(_find_host(request.url), []).append(request)
    async with open_session(settings) as session, asyncio.TaskGroup() as lanes:
        for feeds in hosts.values():
            queue = iter(feeds)
            for _ in range(min(PER_HOST, len(feeds))):
                lanes.create_task(_drive_lane(queue, session, settings, root, places, results))


async def _drive_lane(
    queue: Iterator[FeedRequest],
    session: aiohttp.ClientSession,
    settings: FetchSettings,
    root: Path,
    places: asyncio.Semaphore,
    results: asyncio.Queue[FetchResult | None],
) -> None:
    for request in queue:
        await places.acquire()
        if _is_local(request.url):
            result = await asyncio.to_thread(read_feed_file, request, root)
        else:
            result = await fetch_feed(session, request, settings.timeout)
        results.put_nowait(result)


def _is_local(url: str) -> bool:
    return "://" not in url


def _find_host(url: str) -> str:
    """The host whose lanes a feed takes; "" for files, and for addresses that will be refused."""
    if _is_local(url):
        return ""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
