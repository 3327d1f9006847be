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
"""For all feeds of one publish: nobody waits for a hub."""


async def ping_hub(hub: str, topics: Sequence[str], settings: FetchSettings) -> tuple[int, str]:
    """Tell the hub of these feeds, by their addresses, in their order. Of how many it was told; "", or in Chinese why
    not of all.

    The hub's address is guarded like any other. No failure of the network or of the hub is raised.
    """
    told = 0
    reason = ""
    try:
        async with asyncio.timeout(SECONDS), open_session(settings) as session:
            for topic in topics:
                if reason := await _ping(session, hub, topic):
                    break
                told += 1
    except TimeoutError:
        reason = f"{SECONDS:g} 秒里通知了 {told} 个订阅源，还有 {len(topics) - told} 个没有通知到。"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        reason = explain_error(error)
    return told, reason


async def _ping(session: aiohttp.ClientSession, hub: str, topic: str) -> str:
    form = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
    async with session.post(hub, data=form, proxy=find_proxy(hub), allow_redirects=False) as response:
        return "" if 200 <= response.status < 300 else f"对方没有接受（HTTP {response.status}）。"
