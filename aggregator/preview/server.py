"""The server: on the loopback address alone, until it is interrupted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from aggregator.errors import ConfigError
from aggregator.preview.desk import Desk
from aggregator.preview.guard import HOST, Guard, make_middleware, set_headers
from aggregator.preview.hub import Hub, watch_folder
from aggregator.preview.routes import Routes

logger = logging.getLogger(__name__)

TRIES = 20
"""Ports tried, one after another."""

PATIENCE = 1.0
"""Seconds that answers under way have when the server ends."""

Announce = Callable[[str, int], None]
"""Told the address to open, and the port, once there is something to see."""


def serve(desk: Desk, content: Path, port: int, announce: Announce) -> None:
    """Serve until KeyboardInterrupt, which is raised. Raises ConfigError where no port is free."""
    asyncio.run(_serve(desk, content, port, announce))


async def _serve(desk: Desk, content: Path, port: int, announce: Announce) -> None:
    guard, hub = Guard(), Hub()
    routes = Routes(desk, guard, hub)
    runner = web.AppRunner(make_app(routes, guard), shutdown_timeout=PATIENCE, access_log=None)
    await runner.setup()
    watcher = asyncio.create_task(watch_folder(content, hub))
    try:
        guard.port = await _listen(runner, port)
        announce(guard.address, guard.port)
        # While the browser opens.
        await routes.warm_up()
        await asyncio.shield(watcher)
    finally:
        hub.close()
        # It was told to end; cancelled, it would wait for its thread all the same.
        with suppress(asyncio.CancelledError):
            await watcher
        await runner.cleanup()
        routes.close()


def make_app(routes: Routes, guard: Guard) -> web.Application:
    app = web.Application(middlewares=[make_middleware(guard)])
    app.on_response_prepare.append(set_headers)
    app.add_routes(routes.list())
    return app


async def _listen(runner: web.AppRunner, port: int) -> int:
    """Listen at the port, or at the next one that is free."""
    for candidate in range(port, min(port + TRIES, 65536)) if port else (0,):
        site = web.TCPSite(runner, HOST, candidate)
        try:
            await site.start()
        except OSError as error:
            # In use, or kept by Windows for itself.
            logger.info("port %d: %r", candidate, error)
            await site.stop()
            continue
        return int(runner.addresses[0][1])
    raise ConfigError(f"从 {port} 起的 {TRIES} 个端口都被占用。", "换一个端口，例如 matrix preview --port 9000。")
