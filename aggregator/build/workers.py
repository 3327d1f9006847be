"""Pages in worker processes: each opens the store itself, and writes its files itself."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any

from aggregator.artifacts import read_path
from aggregator.build.pelican import call_pelican, make_generator
from aggregator.build.settings import load_settings
from aggregator.build.sink import Rendered, TreeSink
from aggregator.build.writer import render_into
from aggregator.model import Progress, Site
from aggregator.plugins.stories.generator import StoryGenerator
from aggregator.processes import choose_context, hide_main

CHUNK = 1000
"""Pages handed to a process at once, at most: pages beside one another show the same stories, which are read once."""

SHARES = 4
"""Chunks for each process at least, so that they end at about the same time."""

AHEAD = 2
"""Chunks that wait for each process, so that none has to wait itself."""

_source: StoryGenerator
"""Of a worker process, made by `_start`."""


def render_chunks(
    site: Site, overrides: dict[str, Any], paths: Sequence[str], sink: TreeSink, progress: Progress
) -> Iterator[Rendered]:
    """Render paths into a sink, in the order of the paths' chunks. Raises BuildError, OSError."""
    processes = os.cpu_count() or 1
    chunks = tuple(cut_chunks(paths, min(CHUNK, len(paths) // (processes * SHARES) + 1)))
    with (
        hide_main(),
        ProcessPoolExecutor(
            processes, choose_context(__name__), initializer=_start, initargs=(site, overrides)
        ) as pool,
    ):
        waiting: dict[Future[list[Rendered]], int] = {}
        done: dict[int, list[Rendered]] = {}
        given = told = count = 0
        try:
            while told < len(chunks):
                while given < len(chunks) and len(waiting) < processes * AHEAD:
                    waiting[pool.submit(_render_chunk, chunks[given], sink)] = given
                    given += 1
                finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    done[waiting.pop(future)] = future.result()
                while told in done:
                    yield from done.pop(told)
                    count += len(chunks[told])
                    told += 1
                    progress("生成页面", count, len(paths))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def cut_chunks(paths: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Of `size` paths at most, and where it can be, from month to month: a month's pages show the stories behind them,
    which would otherwise be read by two processes.
    """
    start = 0
    for end in range(1, len(paths)):
        length = end - start
        if length == size or (length > size // 2 and _is_month(paths[end]) and not _is_month(paths[end - 1])):
            yield paths[start:end]
            start = end
    if paths:
        yield paths[start:]


def _is_month(path: str) -> bool:
    artifact = read_path(path)
    return artifact.kind == "period" and len(artifact.period) == len("2026-03")


def _start(site: Site, overrides: dict[str, Any]) -> None:
    """Runs in each new worker: Pelican as far as it goes without writing."""
    global _source
    # Thousands of articles live as long as their chunk, and none of them is in a cycle.
    gc.freeze()
    gc.disable()
    _source = make_generator({**load_settings(site), **overrides})
    _source.generate_context()


def _render_chunk(paths: Sequence[str], sink: TreeSink) -> list[Rendered]:
    logging.getLogger("pelican").handlers.clear()
    return call_pelican(lambda: list(render_into(_source, paths, sink)))
