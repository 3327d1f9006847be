"""How many bytes of bodies may lie in memory at once, between their arrival and their being stored."""

from __future__ import annotations

import asyncio

HELD_BYTES = 64 * 1024 * 1024
"""Of all bodies that are arriving, wait to be parsed or are being parsed."""


class ByteBudget:
    """Bytes in hand. Whoever wants more than there is waits until others have given theirs back.

    Bodies grow while they arrive, and many that have arrived in part could wait for one another for ever: so one of
    them at a time, the eldest that waits, may go beyond the limit until it is whole. What is held is therefore at
    most the limit and one body.
    """

    def __init__(self, limit: int = HELD_BYTES) -> None:
        self._limit = limit
        self._freed = asyncio.Event()
        self._eldest: object = None
        self.held = 0
        self.most_held = 0

    async def wait_free(self) -> None:
        """Until something may be begun."""
        while self.held >= self._limit:
            await self._wait()

    def has_room(self, size: int, reader: object) -> bool:
        """Whether `take` would not wait."""
        return self.held + size <= self._limit or self._eldest is reader

    async def take(self, size: int, reader: object) -> None:
        """So many bytes more for the body that `reader` reads; to be given back by `release`."""
        while not self.has_room(size, reader):
            # Beyond the limit there is a body that is whole already: its bytes come back without our help.
            if self._eldest is None and self.held <= self._limit:
                self._eldest = reader
            else:
                await self._wait()
        self.add(size)

    def add(self, size: int) -> None:
        """So many bytes more that are there already, whether there is room or not."""
        self.held += size
        self.most_held = max(self.most_held, self.held)

    def finish(self, reader: object) -> None:
        """No more will be taken for this body."""
        if self._eldest is reader:
            self._eldest = None
            self._freed.set()

    def release(self, size: int) -> None:
        self.held -= size
        self._freed.set()

    async def _wait(self) -> None:
        self._freed.clear()
        await self._freed.wait()
