"""A city whose feeds come from one server on loopback, updated at whatever time a test says it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from http_server import Server
from site_fixtures import LIBRARY, NOW, SWIMMING, Item, SmallSite, ignore_progress, write_feed

from aggregator import pipeline
from aggregator.model import AccountOutcome, FeedState, StoredPost
from aggregator.registry import load_registry
from aggregator.store import Store

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
POOL = Item("guid-pool", "游泳馆恢复开放", SWIMMING)
SHELF = Item("guid-shelf", "少儿图书馆绘本区焕新", LIBRARY)

_ALLOW = '[fetch]\nallow = ["127.0.0.1/32", "::1/128"]\ntimeout = 5\n'


class City:
    """A site whose accounts are fed by one server; time is what a test says it is."""

    def __init__(self, root: Path, server: Server, *paths: str) -> None:
        self.site = SmallSite(root / "site").set_up()
        self.site.fetch = _ALLOW
        self.server = server
        for path in paths:
            self.site.set_account(path.strip("/"), feeds=[server.url(path)])

    def update(self, now: datetime = NOW, **options: Any) -> dict[str, AccountOutcome]:
        registry = load_registry(self.site.site.registry)
        with Store.open(self.site.site.store) as store:
            report = pipeline.update(self.site.site, registry, store, now, ignore_progress, **options)
        return {one.id: one for one in report.accounts}

    def state(self, account: str) -> FeedState:
        with Store.open(self.site.site.store) as store:
            (state,) = (one for one in store.feeds.load_states() if one.memory.account == account)
        return state

    def post(self, account: str, key: str) -> StoredPost:
        with Store.open(self.site.site.store) as store:
            known = store.posts.find(account, key)
            assert known is not None
            (stored,) = store.posts.load([known])
        return stored

    def history(self, account: str) -> list[tuple[str, int]]:
        with Store.open(self.site.site.store) as store:
            return store._connection.execute(
                "SELECT history.outcome, sum(times) FROM history JOIN feeds ON feed = id WHERE account = ? "
                "GROUP BY history.outcome ORDER BY 1",
                (account,),
            ).fetchall()


def serve(server: Server, path: str, *items: Item, **headers: str) -> None:
    body = write_feed(*items).encode()
    server.routes[path] = lambda handler: handler.answer(body=body, Content_Type="application/rss+xml", **headers)


def serve_status(server: Server, path: str, status: int, **headers: str) -> None:
    server.routes[path] = lambda handler: handler.answer(status, b"<h1>no</h1>", **headers)


def serve_redirect(server: Server, path: str, target: str, status: int = 301) -> None:
    server.routes[path] = lambda handler: handler.answer(status, Location=target)
