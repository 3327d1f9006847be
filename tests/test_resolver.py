"""Names that change their meaning, and names whose server is silent: each costs its own feed alone.

The system's look-up cannot be led to a name server of a test without rights over the machine, so `Names` stands in its
place; threads, connections and servers are real.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from fetch_fixtures import LOOPBACK, fetch_all, fetch_one
from http_server import FEED, Server

from aggregator.fetch import ByteBudget, FeedRequest, fetch_feeds
from aggregator.fetch.client import fetch_feed, open_session
from aggregator.fetch.request import FetchResult
from aggregator.fetch.resolver import LOOKUPS, ThreadsResolver
from aggregator.model import FeedDocument, FeedError, FetchSettings

NAME = "feed.qijiang.example"
PUBLIC = "93.184.215.14"
ALLOWED = FetchSettings(allow=("127.0.0.1/32",), timeout=30.0)
INNER = "127.0.0.2"
"""To ALLOWED it is as private as any other address of the inner network, and a test can listen on it."""

_ask_system = socket.getaddrinfo


class Names:
    """Answers look-ups: of a known name the next of its answers, the last for ever; silent names wait for `speak`."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[str, ...]]] = {}
        self.asked: list[str] = []
        self.speak = threading.Event()

    def look_up(self, host: str, port: int | None = None, *args: Any, **options: Any) -> list[Any]:
        if host.startswith("silent"):
            self.speak.wait(60)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        if host not in self.answers:
            return _ask_system(host, port, *args, **options)
        self.asked.append(host)
        known = self.answers[host]
        found = known.pop(0) if len(known) > 1 else known[0]
        return [info for address in found for info in _ask_system(address, port, *args, **options)]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    made = Names()
    monkeypatch.setattr(socket, "getaddrinfo", made.look_up)
    yield made
    made.speak.set()


class Forgetful(ThreadsResolver):
    """Remembers nothing: each time it is asked, so is the name server."""

    async def resolve(self, *args: Any, **options: Any) -> list[Any]:
        self._tasks.clear()
        return await super().resolve(*args, **options)


@contextmanager
def watch_inner(port: int) -> Iterator[None]:
    """Nobody connects to INNER meanwhile."""
    try:
        listener = socket.create_server((INNER, port))
    except OSError:
        pytest.skip("only Linux has all of 127.0.0.0/8 without further ado")
    with listener:
        listener.setblocking(False)
        yield
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.fixture
def feed(server: Server) -> Iterator[str]:
    """Its address, by NAME."""
    server.serve("/feed", FEED)
    with watch_inner(server.server_port):
        yield server.url("/feed", NAME)


class TestRebinding:
    def test_a_name_that_changes_between_check_and_dial_is_judged_by_what_is_dialled(self, names: Names, feed: str):
        names.answers[NAME] = [("127.0.0.1",), (INNER,)]

        async def fetch() -> FetchResult:
            resolver = Forgetful()
            async with open_session(ALLOWED, resolver) as session:
                (checked,) = await resolver.resolve(NAME)
                assert checked["host"] == "127.0.0.1"
                return await fetch_feed(session, FeedRequest("rsj", feed), 30.0, ByteBudget())

        refused = asyncio.run(fetch())
        assert isinstance(refused, FeedError)
        assert "内网" in refused.reason
        assert len(names.asked) == 2

    def test_a_run_asks_for_a_name_once_and_dials_what_it_heard(self, names: Names, server: Server, feed: str):
        names.answers[NAME] = [("127.0.0.1",), (INNER,)]
        server.routes["/away"] = lambda handler: handler.answer(302, Location=feed)
        requests = [FeedRequest(f"a{number}", feed) for number in range(5)]
        requests += [FeedRequest(f"b{number}", server.url("/away")) for number in range(5)]
        assert all(isinstance(one, FeedDocument) for one in fetch_all(requests, ALLOWED))
        assert names.asked == [NAME]

    def test_the_next_run_judges_the_name_anew(self, names: Names, feed: str):
        names.answers[NAME] = [("127.0.0.1",), (INNER,)]
        assert isinstance(fetch_one(feed, settings=ALLOWED), FeedDocument)
        refused = fetch_one(feed, settings=ALLOWED)
        assert isinstance(refused, FeedError)
        assert "内网" in refused.reason

    def test_of_a_name_with_several_addresses_none_that_is_private_is_dialled(self, names: Names, feed: str):
        names.answers[NAME] = [(INNER, "127.0.0.1")]
        assert isinstance(fetch_one(feed, settings=ALLOWED), FeedDocument)

    @pytest.mark.parametrize("scheme", ["http", "https"])
    @pytest.mark.parametrize("answers", [[(INNER,)], [(PUBLIC, INNER)], [(INNER, PUBLIC)]])
    def test_a_proxy_is_not_told_a_name_that_may_mean_the_inner_network(
        self, names: Names, server: Server, monkeypatch: pytest.MonkeyPatch, scheme: str, answers: list[tuple[str, ...]]
    ):
        monkeypatch.setenv(f"{scheme}_proxy", server.url(""))
        names.answers[NAME] = answers
        refused = fetch_one(f"{scheme}://{NAME}/feed", settings=ALLOWED)
        assert isinstance(refused, FeedError)
        assert "内网" in refused.reason
        assert server.seen == []


class TestSilence:
    def test_silent_names_hold_up_neither_other_hosts_nor_files(self, names: Names, server: Server, tmp_path: Path):
        """They are silent until all others are there: else the test would come to no end."""
        folder = tmp_path / "content" / "registry"
        folder.mkdir(parents=True)
        (folder / "feed.xml").write_bytes(FEED)
        server.serve("/feed", FEED)
        silent = [FeedRequest(f"silent{number}", f"http://silent{number}.example/") for number in range(LOOKUPS - 1)]
        others = [FeedRequest("web", server.url("/feed", "localhost")), FeedRequest("file", "feed.xml")]

        async def collect() -> list[FetchResult]:
            results = []
            async with aclosing(fetch_feeds([*silent, *others], LOOPBACK, tmp_path, ByteBudget())) as answers:
                async for answer in answers:
                    results.append(answer)
                    if len(results) == len(others):
                        names.speak.set()
            return results

        results = asyncio.run(collect())
        assert {one.account for one in results[:2]} == {"web", "file"}
        assert all(isinstance(one, FeedDocument) for one in results[:2])
        assert all(isinstance(one, FeedError) and f"找不到域名 {one.account}" in one.reason for one in results[2:])
        assert len(results) == len(silent) + 2

    def test_a_name_that_stays_silent_is_given_up_and_the_run_ends(
        self, names: Names, server: Server, monkeypatch: pytest.MonkeyPatch
    ):
        """More of them than are looked up at a time, each with several feeds."""
        monkeypatch.setattr("aggregator.fetch.resolver.LOOKUP_TIMEOUT", 0.5)
        server.serve("/feed", FEED)
        hosts = [f"silent{number}.example" for number in range(LOOKUPS + 10)]
        requests = [FeedRequest(host, f"http://{host}/{number}") for host in hosts for number in range(2)]
        results = fetch_all([*requests, FeedRequest("web", server.url("/feed"))])
        assert len(results) == len(requests) + 1
        assert not names.speak.is_set()
        told = {one.account: one for one in results}
        assert isinstance(told.pop("web"), FeedDocument)
        assert all(isinstance(one, FeedError) and f"找不到域名 {host}" in one.reason for host, one in told.items())
