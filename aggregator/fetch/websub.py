"""Telling a WebSub hub that feeds of ours have changed (w3.org/TR/websub, 6: how a publisher does so is the hub's own).

All public hubs take the form of PubSubHubbub 0.4: `hub.mode=publish` with the feed's address.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp

from aggregator.fetch.client import open_session
from aggregator.fetch.proxies import find_proxy
from aggregator.fetch.reasons import explain_error
from aggregator.model import FetchSettings

SECONDS = 15.0
"""For all feeds of one publish: nobody's site waits for a hub."""


async def ping_hub(hub: str, topics: Sequence[str], settings: FetchSettings) -> str:
    """Tell the hub of these feeds, by their addresses; "", or in Chinese why it could not be told of all.

    The hub's address is guarded like any other. No failure of the network or of the hub is raised.
    """
    try:
        async with asyncio.timeout(SECONDS), open_session(settings) as session:
            for topic in topics:
                if reason := await _ping(session, hub, topic):
                    return reason
    except TimeoutError:
        return f"等了 {SECONDS:g} 秒没有答复。"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return explain_error(error)
    return ""


async def _ping(session: aiohttp.ClientSession, hub: str, topic: str) -> str:
    form = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
    async with session.post(hub, data=form, proxy=find_proxy(hub), allow_redirects=False) as response:
        return "" if 200 <= response.status < 300 else f"对方没有接受（HTTP {response.status}）。"
