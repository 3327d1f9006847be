"""Feeds read in processes of their own, under a limit of time and of memory: a poisoned feed costs that feed."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import sys
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import datetime
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from aggregator.model import FeedDocument, FeedError, ParsedFeed
from aggregator.parse import parse_posts

logger = logging.getLogger(__name__)

TIME_LIMIT = 20.0
"""Seconds for one feed. The slowest of 313 real ones took one."""

MEMORY_LIMIT = 1 << 30
"""Bytes that a worker may add to the address space it starts with. A feed has at most 15 MiB, read in several forms."""

_OUT_OF_MEMORY = 77
"""Exit status of a worker that ran into its limit: it ends, for its memory stays fragmented."""

_TOO_SLOW = "订阅源的内容太复杂，{seconds:.0f} 秒内没有读完，已放弃；请发布方检查，下次更新会再试。"
_TOO_LARGE = "读取这个订阅源需要的内存太多，已放弃；请发布方减少一次提供的文章，下次更新会再试。"
_CRASHED = "读取这个订阅源时程序意外中止，这次跳过；请把日志发给技术人员。"


class ParsePool:
    """`workers` processes that read feeds. A context manager; leaving it stops the processes."""

    def __init__(self, workers: int, *, time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> None:
        self._time_limit = time_limit
        self._main_spec: ModuleSpec | None = None
        # Not fork: the parent has threads, and a copied lock may stay locked for ever.
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload([__name__])
        self._pool = ProcessPool(
            max_workers=max(workers, 1), initializer=_limit_memory, initargs=(memory_limit,), context=context
        )

    def __enter__(self) -> Self:
        self._main_spec = _set_main_spec(ModuleSpec("aggregator.__main__", None))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble left it without annotations
        self._pool.join()
        _set_main_spec(self._main_spec)

    async def parse(self, document: FeedDocument, now: datetime) -> ParsedFeed | FeedError:
        """As `parse_posts`; whatever a feed does to its worker becomes its `FeedError`."""
        task = self._pool.schedule(_parse, args=(document, now), timeout=self._time_limit)
        try:
            return await asyncio.wrap_future(task)
        except FutureTimeoutError:
            reason = _TOO_SLOW.format(seconds=self._time_limit)
        except ProcessExpired as error:
            reason = _TOO_LARGE if error.exitcode == _OUT_OF_MEMORY else _CRASHED
        except Exception:
            logger.exception("parsing %s of %s", document.url, document.account)
            reason = _CRASHED
        logger.warning("%s: %s", document.url, reason)
        return FeedError(document.account, document.url, reason)


def _set_main_spec(spec: ModuleSpec | None) -> ModuleSpec | None:
    """Change what `__main__` says it was started from, and answer what it said.

    A new process first imports its parent's main module, which would bring the command line and Pelican into every
    worker; `multiprocessing.spawn._fixup_main_from_name` leaves that out for a package's `__main__`.
    """
    main = sys.modules["__main__"]
    said = getattr(main, "__spec__", None)
    main.__spec__ = spec
    return said


def _limit_memory(limit: int) -> None:
    """Runs in each new worker. Windows has no such module, and macOS doesn't enforce them."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    used = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + limit, used + limit))


def _parse(document: FeedDocument, now: datetime) -> ParsedFeed | FeedError:
    """Runs in a worker."""
    try:
        return parse_posts(document, now=now)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
