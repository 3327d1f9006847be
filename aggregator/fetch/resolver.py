"""Names to addresses, in threads of their own.

asyncio's own look-ups share a handful of threads (six on two cores) with all other blocking work: as many names
whose server is silent would hold up every other host, and the reading of local files.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

from aiohttp.abc import AbstractResolver, ResolveResult

LOOKUPS = 64
"""At a time; a look-up holds a thread that does nothing but wait."""

LOOKUP_TIMEOUT = 10.0
"""Seconds; glibc may try on for half a minute."""

_Found = list[tuple[socket.AddressFamily, int, str]]
"""(family, protocol, address)"""


class ThreadsResolver(AbstractResolver):
    """Each name is looked up once a run. Which of its addresses may be dialled is judged when they are."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(LOOKUPS)
        self._tasks: dict[tuple[str, int], asyncio.Task[_Found]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises OSError where there is no address."""
        key = (host, family)
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._look_up(host, family))
        # Others may wait for the same name: who is cancelled doesn't cancel it.
        found = await asyncio.shield(self._tasks[key])
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, protocol, address in found
        ]

    async def look_up(self, host: str) -> None:
        """Have the name's addresses at hand, or the fact that there are none."""
        with contextlib.suppress(OSError, UnicodeError):
            await self.resolve(host, family=socket.AF_UNSPEC)

    async def close(self) -> None:
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_up(self, host: str, family: socket.AddressFamily) -> _Found:
        async with self._places:
            try:
                async with asyncio.timeout(LOOKUP_TIMEOUT):
                    return await _ask_in_thread(host, family)
            except TimeoutError as error:
                raise socket.gaierror(socket.EAI_AGAIN, f"no answer within {LOOKUP_TIMEOUT:g} s") from error


async def _ask_in_thread(host: str, family: socket.AddressFamily) -> _Found:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_Found] = loop.create_future()

    def tell(found: _Found | OSError | UnicodeError) -> None:
        if answer.done():
            return
        if isinstance(found, list):
            answer.set_result(found)
        else:
            answer.set_exception(found)

    def ask() -> None:
        found: _Found | OSError | UnicodeError
        try:
            found = _ask(host, family)
        except (OSError, UnicodeError) as error:
            found = error
        # The run may have ended meanwhile, and its loop with it.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, found)

    # A daemon, unlike an executor's threads: neither the end of the run nor that of the program waits for it.
    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    return await answer


def _ask(host: str, family: socket.AddressFamily) -> _Found:
    infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
    # Only link-local addresses of IPv6 have a scope: they are nobody's public ones.
    found: _Found = [
        (kind, protocol, str(address[0]))
        for kind, _, protocol, _, address in infos
        if not (kind == socket.AF_INET6 and len(address) > 3 and address[3])
    ]
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "only link-local addresses")
    return found
