"""Pages rendered by all processors: worker processes open the store themselves and write their files themselves, and
this process renders beside them.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from multiprocessing.context import BaseContext
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from pelican.plugins import signals

from aggregator.build.pelican import call_pelican, make_generator
from aggregator.build.settings import load_settings
from aggregator.build.shares import Shares
from aggregator.build.sink import Rendered, TreeSink
from aggregator.build.writer import render_into
from aggregator.model import Progress, Site
from aggregator.plugins.stories.generator import StoryGenerator
from aggregator.plugins.stories.writer import Source
from aggregator.spawning import choose_context, hide_main
from aggregator.store import DocumentRows, Share, Store, StoryFiles, Written

CHUNK = 1000
"""Pages handed to a process at once, at most: pages beside one another show the same stories, which are read once."""

LEAST = 64
"""Pages of the last chunks, which are small so that all processes end at about the same time."""

AHEAD = 2
"""Chunks that wait for each worker, so that none has to wait itself."""

_Packed: TypeAlias = "tuple[tuple[Any, ...], ...]"
"""What became of the pages of a chunk, as plain tuples: objects take several times as long to be sent."""

_source: StoryGenerator | None = None
"""Of a worker process, made with its first chunk."""


class Crew:
    """Worker processes, one less than there are processors. A context manager: leaving it ends them."""

    def __init__(self, context: BaseContext) -> None:
        self.size = (os.cpu_count() or 1) - 1
        self._pool = ProcessPoolExecutor(self.size or 1, context, initializer=_begin)
        self._hidden = hide_main()

    def __enter__(self) -> Self:
        self._hidden.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._hidden.__exit__(kind, error, trace)

    def start(self) -> None:
        """Start now those that would start with the first chunk."""
        if self.size:
            self._pool.submit(int)

    def render(self, site: Site, overrides: dict[str, Any], paths: Sequence[str], sink: TreeSink) -> Future[_Packed]:
        return self._pool.submit(_render_chunk, site, overrides, paths, sink)

    def describe(self, file: Path, share: Share) -> Future[DocumentRows]:
        """What the stories of a share say of documents, read from the store in `file`."""
        return self._pool.submit(_describe, file, share)


def make_crew() -> Crew:
    """Workers that start from nothing but what they need."""
    return Crew(choose_context(__name__))


def fork_crew() -> Crew | None:
    """Workers that are copies of this process, with all that it has imported; None where a copy may not be whole.

    To be called before the store is opened: SQLite forbids that a copy uses it.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        # A lock of another thread, copied, may stay locked for ever; macOS's own libraries have such threads.
        return None
    return Crew(multiprocessing.get_context("fork"))


def render_chunks(
    crew: Crew, site: Site, overrides: dict[str, Any], source: Source, paths: Sequence[str], sink: TreeSink,
    progress: Progress,
) -> Iterator[Rendered]:  # fmt: skip
    """Render paths into a sink; what became of them, in the order of the paths' chunks. The workers begin with the
    first paths, this process with the last. Raises BuildError, OSError.
    """
    left = Shares(paths, crew.size + 1, CHUNK, LEAST)
    own = replace(sink, _folders=set())
    waiting: dict[Future[_Packed], int] = {}
    done: dict[int, list[Rendered]] = {}
    count = 0
    while left or waiting:
        while left and len(waiting) < crew.size * AHEAD:
            start, chunk = left.take_first()
            waiting[crew.render(site, overrides, chunk, sink)] = start
        if left:
            start, chunk = left.take_last()
            done[start] = list(render_into(source, chunk, own))
            count += len(chunk)
        else:
            wait(waiting, return_when=FIRST_COMPLETED)
        for future in [one for one in waiting if one.done()]:
            rendered = [_unpack(*one) for one in future.result()]
            count += len(rendered)
            done[waiting.pop(future)] = rendered
        progress("生成页面", count, len(paths))
    for start in sorted(done):
        yield from done.pop(start)


def _begin() -> None:
    """Runs in each new worker."""
    gc.freeze()
    gc.disable()
    # After Ctrl-C, it is the main process that says what happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker waits for its next chunk for ever, also after the main process was killed."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _pack(one: Rendered) -> tuple[Any, ...]:
    written, files = one.written, one.files
    told = (files.story, files.asked, files.uses) if files else ()
    return written.path, written.template, written.digest, one.changed, told


def _unpack(path: str, template: str, digest: str, changed: bool, told: tuple[Any, ...]) -> Rendered:
    return Rendered(Written(path, template, digest), changed, StoryFiles(*told) if told else None)


def _render_chunk(site: Site, overrides: dict[str, Any], paths: Sequence[str], sink: TreeSink) -> _Packed:
    """Runs in a worker."""
    global _source
    if _source is None:
        _source = _start(site, overrides)
    source = _source
    logging.getLogger("pelican").handlers.clear()
    return call_pelican(lambda: tuple(map(_pack, render_into(source, paths, sink))))


def _describe(file: Path, share: Share) -> DocumentRows:
    """Runs in a worker."""
    with Store.open(file) as store:
        return store.documents.describe(share)


def _start(site: Site, overrides: dict[str, Any]) -> StoryGenerator:
    """Pelican as far as it goes without writing."""
    source = make_generator({**load_settings(site), **overrides})
    source.generate_context()
    # A plugin may change what all pages share, and the main process renders pages, too.
    signals.all_generators_finalized.send([source])
    return source
