"""Worker processes for foreign bytes, with bounds on time and memory: what ends a process costs that one task."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from aggregator.spawning import choose_context, hide_main

START_SECONDS = 30.0
"""For a worker to start. When a task's own time and this have passed and no task ended, the pool is out of order."""

_GLANCE = 1.0
"""Seconds between two looks at whether the pool still works."""

_OUT_OF_MEMORY = 77
"""Exit status of a worker that ran into its bound: it ends, for its memory stays fragmented."""

COLLECT_AFTER = 20_000
"""New objects after which a worker looks for cycles: some megabytes, in place of the 700 objects of Python itself."""

_PIPE_BYTES = 1 << 20
"""As much as Linux grants without asking; at first a pipe holds a sixteenth of it."""

P = ParamSpec("P")
T = TypeVar("T")


class WorkerDiedError(Exception):
    """The process ended while it worked on the task, or there was none to be had."""


class Workers:
    """Processes that call functions. A context manager: they start at the first task, leaving it ends them.

    `memory` is in bytes, beside what a process starts with; that includes the `modules`, of which one has the functions
    that they will run.
    """

    def __init__(self, workers: int, memory: int, *modules: str) -> None:
        self._workers = workers
        self._memory = memory
        self._modules = modules
        self._pool = self._open_pool()
        self._started: ProcessPool | None = None
        self._starting = asyncio.Lock()
        self._heard = 0.0
        """When a task ended last, by the event loop's clock."""
        self._hidden = ExitStack()

    def __enter__(self) -> Self:
        self._hidden.enter_context(hide_main())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whoever leaves has awaited what was asked for, or does not want it any more.
        _end_pool(self._pool)
        self._hidden.close()

    async def call(self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function gives or raises; it and its arguments must be such as can be pickled.

        Raises TimeoutError after so many seconds of work, MemoryError at the bound, WorkerDiedError.
        """
        for _ in range(2):
            # A second time, as the task need not be the culprit: a worker that is killed between two tasks, as by a
            # system without memory, takes all of pebble's pool along.
            pool = self._pool
            try:
                return await self._ask(pool, seconds, function, *args, **kwargs)
            except BrokenProcessPool:
                if pool is self._pool:
                    self._pool = self._open_pool()
                    await asyncio.to_thread(_end_pool, pool)
            except ProcessExpired as error:
                if error.exitcode == _OUT_OF_MEMORY:
                    raise MemoryError from error
                raise WorkerDiedError from error
        raise WorkerDiedError

    async def _ask(
        self, pool: ProcessPool, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Raises BrokenProcessPool as well where the pool will not answer: pebble may leave a task without an end."""
        clock = asyncio.get_running_loop().time
        async with self._starting:
            if self._started is not pool:
                # Asked for its state, pebble starts it; workers import all that they need, and our loop goes on.
                await asyncio.to_thread(getattr, pool, "active")
                self._started = pool
        try:
            scheduled = pool.schedule(_call, args=(function, *args), kwargs=kwargs, timeout=seconds)
        except RuntimeError as error:
            raise BrokenProcessPool from error
        task: asyncio.Future[T] = asyncio.wrap_future(scheduled)
        try:
            began = clock()
            while not (await asyncio.wait([task], timeout=_GLANCE))[0]:
                if not pool.active or clock() - max(began, self._heard) > seconds + START_SECONDS:
                    raise BrokenProcessPool
            self._heard = clock()
            return task.result()
        finally:
            task.cancel()

    def _open_pool(self) -> ProcessPool:
        context: Any = _WidePipes(choose_context(*self._modules))
        return ProcessPool(self._workers, initializer=_begin, initargs=(self._modules, self._memory), context=context)


class _WidePipes:
    """A context whose pipes hold a task and its result whole, so that neither side waits for the other to read on."""

    def __init__(self, context: BaseContext) -> None:
        self._context = context

    def __getattr__(self, name: str) -> object:
        return getattr(self._context, name)

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802  as pebble calls it
        reader, writer = self._context.Pipe(duplex)
        if sys.platform == "linux" and not duplex:
            import fcntl  # does not exist on Windows

            # The system may grant less.
            with suppress(OSError):
                fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        return reader, writer


def _end_pool(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble left it without annotations
    pool.join()


def _begin(modules: tuple[str, ...], memory: int) -> None:
    """Runs in each new worker. Windows has no such limits, and macOS doesn't enforce them."""
    # Preloaded it is for the first pool alone: the process that workers are forked from stays the same.
    for module in modules:
        import_module(module)
    # What is there now stays: looking through it again and again would take a tenth of the worker's time.
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    if sys.platform != "linux":
        return
    import resource  # does not exist on Windows

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    used = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))


def _call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs in a worker."""
    try:
        return function(*args, **kwargs)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
