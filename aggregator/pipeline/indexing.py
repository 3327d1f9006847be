"""Waiting posts into the index by which copies are found; many at once with the help of other processors."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence, Set

from aggregator.model import Fingerprint, Progress
from aggregator.processes import WorkerDiedError, Workers
from aggregator.store import Store
from aggregator.text import take_fingerprints

BATCH = 1000
"""Posts whose fingerprints are taken at a time."""

WRITTEN = 8 * BATCH
"""Posts written to the index in one transaction, some 2 KB of fingerprint each. Their keys are spread over the whole
index: a thousand posts more rewrite half its pages once they are fifty thousand."""

AHEAD = 6
"""Batches that wait for the other processes: they have work while this one writes."""

BATCH_CHARACTERS = 4_000_000
"""Characters of the texts held at a time, of posts that are megabytes long."""

MANY = 2000
"""Posts from which other processes are worth the second that it takes to start them."""

MAX_WORKERS = 4

WORKER_MEMORY = 512 << 20
"""Bytes that a worker may add to what it starts with."""

BATCH_SECONDS = 120.0
"""For the fingerprints of one batch; one of BATCH_CHARACTERS takes some five."""

_Prints = dict[int, Fingerprint]
_Save = Callable[[Sequence[int], _Prints], None]


def index_posts(posts: Sequence[int], store: Store, progress: Progress) -> None:
    """All of them before any is compared: who finds whom is then no matter of batches."""
    common = store.index.load_common()
    held: list[int] = []
    prints: _Prints = {}
    done = 0

    def save(batch: Sequence[int], taken: _Prints) -> None:
        nonlocal done
        progress("建立索引", done, len(posts))
        done += len(batch)
        held.extend(batch)
        prints.update(taken)
        if len(held) >= WRITTEN or done == len(posts):
            store.index.save(held, prints)
            held.clear()
            prints.clear()

    workers = min(MAX_WORKERS, os.cpu_count() or 1)
    if workers > 1 and len(posts) >= MANY:
        asyncio.run(_index_in_processes(posts, common, store, workers, save))
    else:
        for batch, texts in _read_batches(posts, store):
            save(batch, take_fingerprints(texts, common))
    progress("建立索引", done, len(posts))


async def _index_in_processes(posts: Sequence[int], common: Set[int], store: Store, workers: int, save: _Save) -> None:
    async def finish(batch: Sequence[int], task: asyncio.Task[_Prints]) -> None:
        try:
            taken = await task
        except (TimeoutError, MemoryError, WorkerDiedError):
            # Whatever the worker died of: one text after another needs little.
            taken = take_fingerprints(store.index.read_texts(batch), common)
        save(batch, taken)

    pending: deque[tuple[Sequence[int], asyncio.Task[_Prints]]] = deque()
    with Workers(workers, WORKER_MEMORY, "aggregator.text", "opencc") as pool:
        for batch, texts in _read_batches(posts, store):
            task = asyncio.create_task(pool.call(BATCH_SECONDS, take_fingerprints, texts, common))
            pending.append((batch, task))
            # Lets the task reach the pool before this process is busy with the index.
            await asyncio.sleep(0)
            if len(pending) > AHEAD + workers:
                await finish(*pending.popleft())
        while pending:
            await finish(*pending.popleft())


def _read_batches(posts: Sequence[int], store: Store) -> Iterator[tuple[Sequence[int], Sequence[tuple[int, str, str]]]]:
    """(posts, id with title and text of the live ones among them)."""
    for start in range(0, len(posts), BATCH):
        waiting = set(posts[start : start + BATCH])
        texts: list[tuple[int, str, str]] = []
        characters = 0
        for row in store.index.read_texts(posts[start : start + BATCH]):
            texts.append(row)
            characters += len(row[2])
            if characters > BATCH_CHARACTERS:
                batch = [one[0] for one in texts]
                yield batch, texts
                waiting.difference_update(batch)
                texts, characters = [], 0
        yield sorted(waiting), texts
