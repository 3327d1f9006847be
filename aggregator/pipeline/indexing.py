"""Waiting posts into the index by which copies are found; many at once with the help of other processors."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence, Set

from pebble import ProcessExpired, ProcessFuture

from aggregator.model import Fingerprint, Progress
from aggregator.processes import hide_main, open_pool
from aggregator.store import Store
from aggregator.text import take_fingerprints

BATCH = 1000
"""Posts indexed in one transaction: a larger one writes fewer pages of the index twice."""

BATCH_CHARACTERS = 4_000_000
"""Characters of the texts held at a time, of posts that are megabytes long."""

MANY = 2000
"""Posts from which other processes are worth the second that it takes to start them."""

MAX_WORKERS = 4

WORKER_MEMORY = 512 << 20
"""Bytes that a worker may add to what it starts with."""

_Prints = dict[int, Fingerprint]


def index_posts(posts: Sequence[int], store: Store, progress: Progress) -> None:
    """All of them before any is compared: who finds whom is then no matter of batches."""
    common = store.index.load_common()
    # This process writes the index, which takes as long as the fingerprints.
    workers = min(MAX_WORKERS, (os.cpu_count() or 1) - 1)
    parallel = workers > 0 and len(posts) >= MANY
    prints = _take_in_processes(posts, common, store, workers) if parallel else _take_here(posts, common, store)
    done = 0
    for batch, taken in prints:
        progress("建立索引", done, len(posts))
        store.index.save(batch, taken)
        done += len(batch)
    progress("建立索引", done, len(posts))


def _take_here(posts: Sequence[int], common: Set[int], store: Store) -> Iterator[tuple[Sequence[int], _Prints]]:
    for batch, texts in _read_batches(posts, store):
        yield batch, take_fingerprints(texts, common)


def _take_in_processes(
    posts: Sequence[int], common: Set[int], store: Store, workers: int
) -> Iterator[tuple[Sequence[int], _Prints]]:
    with hide_main():
        pool = open_pool(workers, WORKER_MEMORY, "aggregator.text")
        try:
            pending: deque[tuple[Sequence[int], ProcessFuture[_Prints]]] = deque()
            for batch, texts in _read_batches(posts, store):
                pending.append((batch, pool.schedule(take_fingerprints, args=(texts, common))))
                if len(pending) > 2 * workers:
                    yield _await(*pending.popleft(), common, store)
            while pending:
                yield _await(*pending.popleft(), common, store)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble left it without annotations
            pool.join()


def _await(
    batch: Sequence[int], task: ProcessFuture[_Prints], common: Set[int], store: Store
) -> tuple[Sequence[int], _Prints]:
    try:
        return batch, task.result()
    except (ProcessExpired, MemoryError):
        # A worker that ran out of memory, or was killed for it: one text after another needs little.
        return batch, take_fingerprints(store.index.read_texts(batch), common)


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
