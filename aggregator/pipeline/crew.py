"""Other processes that help where many posts are put into stories; few are worth no second that it takes to start them.

One crew serves from the index to the stories, so that its processes start once.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeVar, TypeVarTuple

from aggregator.processes import WorkerDiedError, Workers

MANY = 2000
"""Posts from which other processes are worth the second that it takes to start them."""

MAX_WORKERS = 4

AHEAD = 4
"""Tasks that wait for each process: it has work while this one writes."""

WORKER_MEMORY = 1 << 30
"""Bytes that a worker may add to what it starts with."""

TASK_SECONDS = 120.0
"""For one task; those of the longest texts take some five."""

K = TypeVar("K")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Crew:
    """A context manager; for so many `posts`, as many processes as help with them, or none."""

    def __init__(self, posts: int) -> None:
        # This one takes a share too: it reads and writes the store.
        workers = min(MAX_WORKERS, os.cpu_count() or 1)
        self._count = workers if workers > 1 and posts >= MANY else 0
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        if self._count:
            self._runner = self._opened.enter_context(asyncio.Runner())
            workers = Workers(self._count, WORKER_MEMORY, "aggregator.cluster", "opencc")
            self._workers = self._opened.enter_context(workers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def share(self, function: Callable[[*Ts], T], tasks: Iterable[tuple[K, tuple[*Ts]]]) -> Iterator[tuple[K, T]]:
        """(key, what the function gives) for each (key, its arguments), in their order, whoever works on it.

        Some tasks are taken before the first result is given.
        """
        if not self._count:
            for key, arguments in tasks:
                yield key, function(*arguments)
            return
        pending: deque[tuple[K, asyncio.Task[T]]] = deque()
        for key, arguments in tasks:
            pending.append((key, self._runner.run(self._begin(function, arguments))))
            if len(pending) > AHEAD * self._count:
                key, task = pending.popleft()
                yield key, self._runner.run(_finish(task))
        for key, task in pending:
            yield key, self._runner.run(_finish(task))

    async def _begin(self, function: Callable[[*Ts], T], arguments: tuple[*Ts]) -> asyncio.Task[T]:
        task = asyncio.create_task(self._call(function, arguments))
        # Lets the task reach the pool before this process is busy again.
        await asyncio.sleep(0)
        return task

    async def _call(self, function: Callable[[*Ts], T], arguments: tuple[*Ts]) -> T:
        try:
            return await self._workers.call(TASK_SECONDS, function, *arguments)
        except (TimeoutError, MemoryError, WorkerDiedError):
            # Whatever the worker died of, here there is no bound.
            return function(*arguments)


async def _finish(task: asyncio.Task[T]) -> T:
    return await task
