"""All feeds of a run: many hosts at once, each host gently, the results as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from aggregator.fetch.budget import ByteBudget
from aggregator.fetch.client import PER_HOST, fetch_feed, open_session
from aggregator.fetch.files import read_feed_file
from aggregator.fetch.request import FeedRequest, FetchResult
from aggregator.fetch.resolver import ThreadsResolver
from aggregator.fetch.schedule import find_host, is_local
from aggregator.model import FeedDocument, FeedError, FetchSettings


async def fetch_feeds(
    requests: Iterable[FeedRequest], settings: FetchSettings, root: Path, budget: ByteBudget
) -> AsyncGenerator[FetchResult]:
    """Each request's result, in the order of arrival. `root` is the site's folder, in which local feeds must lie.

    The length of each document's body is in `budget` until the caller releases it: when that is used up, nothing
    more is fetched. Feeds of a host that asks to be left alone (Retry-After) are not asked any more, and have no
    result. Close the generator to stop early.
    """
    results: asyncio.Queue[FetchResult | None] = asyncio.Queue()
    run = asyncio.create_task(_run_lanes(requests, settings, root, budget, results))
    run.add_done_callback(lambda _: results.put_nowait(None))
    try:
        while (result := await results.get()) is not None:
            yield result
        await run
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


@dataclass(slots=True)
class _Run:
    """What the lanes of one run share."""

    session: aiohttp.ClientSession
    resolver: ThreadsResolver
    settings: FetchSettings
    root: Path
    budget: ByteBudget
    places: asyncio.Semaphore
    results: asyncio.Queue[FetchResult | None]
    held_hosts: set[str] = field(default_factory=set)


async def _run_lanes(
    requests: Iterable[FeedRequest],
    settings: FetchSettings,
    root: Path,
    budget: ByteBudget,
    results: asyncio.Queue[FetchResult | None],
) -> None:
    """A lane takes its host's feeds one after another, so that a host with many holds no place while it waits."""
    hosts: dict[str, list[FeedRequest]] = {}
    for request in requests:
        hosts.setdefault(find_host(request.address), []).append(request)
    resolver = ThreadsResolver()
    async with open_session(settings, resolver) as session, asyncio.TaskGroup() as lanes:
        run = _Run(session, resolver, settings, root, budget, asyncio.Semaphore(settings.concurrency), results)
        for host, feeds in hosts.items():
            queue = iter(feeds)
            for _ in range(min(PER_HOST, len(feeds))):
                lanes.create_task(_drive_lane(host, queue, run))


async def _drive_lane(host: str, queue: Iterator[FeedRequest], run: _Run) -> None:
    for request in queue:
        await run.budget.wait_free()
        if is_local(request.address):
            result = await _read_file(request, run)
        else:
            # Before a place is taken: names whose server is silent hold nobody up.
            if host:
                await run.resolver.look_up(host)
            async with run.places:
                if host in run.held_hosts:
                    return
                result = await fetch_feed(run.session, request, run.settings.timeout, run.budget)
        if isinstance(result, FeedError) and result.hints.retry_after:
            run.held_hosts.add(result.hints.slow_host)
        run.results.put_nowait(result)


async def _read_file(request: FeedRequest, run: _Run) -> FetchResult:
    result = await asyncio.to_thread(read_feed_file, request, run.root)
    if isinstance(result, FeedDocument):
        # It is there already: at most one file a lane goes beyond the budget.
        run.budget.add(len(result.body))
    return result
