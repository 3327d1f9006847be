"""Pages that follow each save: the folder is watched, and every open page is told over server-sent events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from watchfiles import awatch

logger = logging.getLogger(__name__)

STEP = 40
"""Milliseconds without a further change after which a save is taken to be over: editors write beside the name, rename,
and remove."""

DEBOUNCE = 400
"""Milliseconds after which pages are told though changes go on: a folder that is being copied."""

POLL = 500
"""Milliseconds between two looks at a folder that cannot be watched, as on some network drives."""


class Hub:
    """Counts saves, and wakes who waits for the next one."""

    def __init__(self) -> None:
        self.version = 0
        self.closed = asyncio.Event()
        self._waiting: set[asyncio.Event] = set()

    @contextmanager
    def join(self) -> Iterator[asyncio.Event]:
        """An event that is set by each save; who waits for it clears it."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            yield event
        finally:
            self._waiting.discard(event)

    def tell(self) -> None:
        self.version += 1
        self._wake()

    def close(self) -> None:
        """Let all go that wait."""
        self.closed.set()
        self._wake()

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()


async def watch_folder(folder: Path, hub: Hub) -> None:
    """Tell `hub` of every change below `folder`, until that is closed."""
    force_polling: bool | None = None
    while not hub.closed.is_set():
        try:
            async for _ in _watch(folder, hub.closed, force_polling):
                hub.tell()
        except (OSError, RuntimeError) as error:
            # No more watches to be had (Linux), or a drive that knows none.
            logger.warning("cannot watch %s, looking every %d ms instead: %r", folder, POLL, error)
            if force_polling:
                await asyncio.sleep(POLL / 1000)
        force_polling = True


async def _watch(folder: Path, closed: asyncio.Event, force_polling: bool | None) -> AsyncIterator[None]:
    async for _ in awatch(
        folder, watch_filter=None, debounce=DEBOUNCE, step=STEP, stop_event=closed, force_polling=force_polling,
        poll_delay_ms=POLL, ignore_permission_denied=True,
    ):  # fmt: skip
        yield None
