"""Many changed drafts are made in processes of their own, with the results that this one would have, in their order."""

from __future__ import annotations

import asyncio
import os
import pickle
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice

from aggregator.drafts.making import Changed, Inspect, Made, make_draft
from aggregator.drafts.nearby import NearbyFiles
from aggregator.processes import WorkerDiedError, Workers

WORKERS = min(4, os.cpu_count() or 1)
CHUNK = 50
"""Drafts that a worker is given at once."""

CHUNK_SECONDS = 120.0
"""For one chunk; it takes a tenth of a second."""

WORKER_MEMORY = 1 << 30
"""Bytes for one worker."""


def make_many(changed: Iterator[Changed], files: NearbyFiles, inspect: Inspect | None, now: datetime) -> Sequence[Made]:
    """As `make_draft`, of each in turn."""
    return asyncio.run(_make_many(changed, files, inspect, now))


async def _make_many(
    changed: Iterator[Changed], files: NearbyFiles, inspect: Inspect | None, now: datetime
) -> list[Made]:
    made: list[Made] = []
    underway: deque[tuple[Sequence[Changed], asyncio.Task[tuple[Made, ...]]]] = deque()
    packed = pickle.dumps(files.without_proposals())

    async def finish() -> None:
        chunk, task = underway.popleft()
        for one, found in zip(chunk, await task, strict=True):
            lacks_files = any(not use.file for use in found.uses or ())
            # Names are proposed for the first that are not there, whoever is quickest.
            made.append(make_draft(one, files, inspect, now) if lacks_files and files.proposes else found)

    # With what `build_post` imports when it is called.
    modules = (__name__, "aggregator.render", "aggregator.sanitize")
    with Workers(WORKERS, WORKER_MEMORY, *modules) as workers:

        async def make(chunk: Sequence[Changed]) -> tuple[Made, ...]:
            try:
                return await workers.call(CHUNK_SECONDS, _make_chunk, chunk, packed, inspect, now)
            except (TimeoutError, MemoryError, WorkerDiedError):
                return tuple(make_draft(one, files.without_proposals(), inspect, now) for one in chunk)

        while chunk := tuple(islice(changed, CHUNK)):
            if len(underway) > 2 * WORKERS:
                await finish()
            underway.append((chunk, asyncio.create_task(make(chunk))))
            await asyncio.sleep(0)
        while underway:
            await finish()
    return made


def _make_chunk(chunk: Sequence[Changed], packed: bytes, inspect: Inspect | None, now: datetime) -> tuple[Made, ...]:
    """Runs in a worker."""
    files = _unpack(packed)
    return tuple(make_draft(one, files, inspect, now) for one in chunk)


@lru_cache(maxsize=1)
def _unpack(packed: bytes) -> NearbyFiles:
    """The files, once for all chunks of a worker, with what they are looked up by."""
    files: NearbyFiles = pickle.loads(packed)  # noqa: S301 - from the process that started this one
    return files
