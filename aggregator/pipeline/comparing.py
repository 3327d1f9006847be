"""Waiting posts compared with those that the index finds for them; many at once with the help of other processors."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Sequence, Set

from aggregator.cluster import Pairs, compare_pairs, find_matches, find_pairs
from aggregator.model import CandidateIndex, Match, Progress
from aggregator.processes import WorkerDiedError, Workers
from aggregator.store import Store

BATCH = 500
"""Posts whose matches are stored in one transaction: bounds memory, and what a killed run has to do again."""

MANY = 2000
"""Posts from which other processes are worth the second that it takes to start them."""

MAX_WORKERS = 4
AHEAD = 2
"""Batches that wait for each process, so that none has to wait itself."""

WORKER_MEMORY = 1 << 30
"""Bytes that a worker may add to what it starts with."""

PAIRS_SECONDS = 120.0
"""For what `find_pairs` gives at a time; a thousand pairs of long texts take some five."""

_Save = Callable[[Sequence[int], Sequence[Match]], None]


def compare_posts(
    posts: Sequence[int], candidates: CandidateIndex, store: Store, progress: Progress
) -> tuple[int, ...]:
    """Store what these posts, which must all be in the index, have to do with others.

    Returned are others that one of them matched before. The matches do not depend on who compares.
    """
    reached: dict[int, None] = {}
    saved: set[int] = set()

    def save(batch: Sequence[int], found: Sequence[Match]) -> None:
        progress("比对文章", len(saved), len(posts))
        with store.transaction():
            reached.update(dict.fromkeys(store.stories.save_matches(batch, found, saved)))
        saved.update(batch)

    batches = [posts[start : start + BATCH] for start in range(0, len(posts), BATCH)]
    # This process looks for candidates, which takes about as long as comparing.
    workers = min(MAX_WORKERS, (os.cpu_count() or 1) - 1)
    if workers > 0 and len(posts) >= MANY:
        asyncio.run(_compare_in_processes(batches, candidates, workers, save))
    else:
        for batch in batches:
            save(batch, find_matches(batch, candidates, saved))
    progress("比对文章", len(posts), len(posts))
    return tuple(reached)


async def _compare_in_processes(
    batches: Sequence[Sequence[int]], candidates: CandidateIndex, workers: int, save: _Save
) -> None:
    async def compare(pairs: Pairs, pool: Workers) -> tuple[Match, ...]:
        try:
            return await pool.call(PAIRS_SECONDS, compare_pairs, *pairs)
        except (TimeoutError, MemoryError, WorkerDiedError):
            # Whatever the worker died of, here there is no bound.
            return compare_pairs(*pairs)

    async def finish(batch: Sequence[int], tasks: Sequence[asyncio.Task[tuple[Match, ...]]]) -> None:
        save(batch, [match for task in tasks for match in await task])

    asked: Set[int] = set()
    pending: deque[tuple[Sequence[int], list[asyncio.Task[tuple[Match, ...]]]]] = deque()
    with Workers(workers, WORKER_MEMORY, "aggregator.cluster", "opencc") as pool:
        for batch in batches:
            tasks = []
            for pairs in find_pairs(batch, candidates, asked):
                tasks.append(asyncio.create_task(compare(pairs, pool)))
                # Lets the task reach the pool before this process is busy with the index.
                await asyncio.sleep(0)
            asked |= {*batch}
            pending.append((batch, tasks))
            if len(pending) > AHEAD * workers:
                await finish(*pending.popleft())
        while pending:
            await finish(*pending.popleft())
