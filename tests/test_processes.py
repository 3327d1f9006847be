"""Worker processes: what ends one costs its task, and nothing waits for ever."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable

import pytest

from aggregator.processes import WorkerDiedError, Workers

MEMORY = 1 << 30


def run_with(workers: int, work: Callable[[Workers], Awaitable[object]], memory: int = MEMORY) -> object:
    async def run() -> object:
        with Workers(workers, memory, "aggregator.text") as pool:
            return await asyncio.wait_for(work(pool), 300)

    return asyncio.run(run())


def test_a_function_gives_and_raises_as_if_called_here():
    async def work(pool: Workers) -> None:
        assert await pool.call(30, sorted, [2, 3, 1], reverse=True) == [3, 2, 1]
        with pytest.raises(ZeroDivisionError):
            await pool.call(30, divmod, 1, 0)
        with pytest.raises(RecursionError):
            await pool.call(30, exec, "def f(): f()\nf()", {})

    run_with(1, work)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_ends_its_process_takes_too_long_or_too_much_fails_alone(workers: int):
    async def work(pool: Workers) -> list[object]:
        return await asyncio.gather(
            pool.call(30, len, "abc"),
            pool.call(30, os._exit, 3),
            pool.call(30, len, "abcd"),
            pool.call(0.5, time.sleep, 100),
            pool.call(30, len, "abcde"),
            return_exceptions=True,
        )

    first, died, second, slow, third = run_with(workers, work)
    assert (first, second, third) == (3, 4, 5)
    assert isinstance(died, WorkerDiedError)
    assert isinstance(slow, TimeoutError)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces a limit of address space")
def test_what_needs_more_than_the_bound_of_memory_fails_alone():
    async def work(pool: Workers) -> int:
        with pytest.raises(MemoryError):
            await pool.call(30, bytes, 200 << 20)
        return await pool.call(30, len, "abc")

    assert run_with(1, work, memory=100 << 20) == 3


def test_processes_that_cannot_work_at_all_are_told_and_not_waited_for():
    async def work(pool: Workers) -> None:
        with pytest.raises(WorkerDiedError):
            await pool.call(30, os._exit, 1)
        results = await asyncio.gather(*(pool.call(30, os._exit, 1) for _ in range(4)), return_exceptions=True)
        assert {type(one) for one in results} == {WorkerDiedError}

    run_with(2, work)


def test_who_is_cancelled_leaves_the_processes_to_the_others():
    async def work(pool: Workers) -> int:
        await pool.call(30, len, "")
        waiting = asyncio.create_task(pool.call(300, time.sleep, 200))
        await asyncio.sleep(0.3)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return await pool.call(30, len, "abc")

    assert run_with(1, work) == 3
