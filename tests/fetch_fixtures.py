"""Fetching from a server on loopback, as the tests of fetching do it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aggregator.fetch import ByteBudget, FeedRequest, fetch_feeds
from aggregator.fetch.request import NOTHING_REMEMBERED, FetchResult
from aggregator.model import FeedError, FetchSettings, Validators

LOOPBACK = FetchSettings(allow=("127.0.0.0/8",), contact="mailto:web@qijiang.example", timeout=5.0)


def fetch_all(
    requests: list[FeedRequest], settings: FetchSettings = LOOPBACK, root: Path = Path()
) -> list[FetchResult]:
    async def collect() -> list[FetchResult]:
        return [result async for result in fetch_feeds(requests, settings, root, ByteBudget())]

    return asyncio.run(collect())


def fetch_one(
    url: str, validators: Validators = NOTHING_REMEMBERED, settings: FetchSettings = LOOPBACK, root: Path = Path()
) -> FetchResult:
    (result,) = fetch_all([FeedRequest("rsj", url, validators)], settings, root)
    assert (result.account, result.url) == ("rsj", url)
    return result


def fail_one(url: str, settings: FetchSettings = LOOPBACK, root: Path = Path()) -> FeedError:
    result = fetch_one(url, settings=settings, root=root)
    assert isinstance(result, FeedError)
    assert result.reason.endswith(("。", "）"))
    return result
