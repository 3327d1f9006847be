"""Feeds are fetched politely, conditionally and within bounds."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from http_server import FEED, Handler, Server

from aggregator.fetch import ByteBudget, FeedRequest, fetch_feeds
from aggregator.fetch.client import MAX_REDIRECTS, PER_HOST
from aggregator.fetch.request import MAX_BODY, FetchResult, hash_body
from aggregator.model import FeedDocument, NotModified, Validators

try:
    from compression import zstd
except ImportError:
    from backports import zstd  # type: ignore[no-redef]
from fetch_fixtures import LOOPBACK, fail_one, fetch_all, fetch_one

BOMB_SIZE = 300 * 1024 * 1024


class TestAnswers:
    def test_a_feed_arrives_with_its_validators_and_is_then_not_modified(self, server: Server):
        def route(handler: Handler) -> None:
            unchanged = handler.headers["If-None-Match"] == '"v1"' and handler.headers["If-Modified-Since"]
            if unchanged:
                handler.answer(304)
            else:
                handler.answer(
                    body=FEED, ETag='"v1"', Last_Modified="Tue, 01 Sep 2026 00:00:00 GMT", Content_Type="text/xml"
                )

        server.routes["/feed"] = route
        document = fetch_one(server.url("/feed"))
        assert isinstance(document, FeedDocument)
        assert (document.body, document.content_type) == (FEED, "text/xml")
        assert document.base_url == document.url
        assert document.validators.etag == '"v1"'
        assert len(document.validators.body_hash) == 32
        assert fetch_one(server.url("/feed"), document.validators) == NotModified("rsj", document.url)

    def test_the_same_bytes_are_not_modified_whatever_the_server_says(self, server: Server):
        server.routes["/feed"] = lambda handler: handler.answer(body=FEED, ETag=f'"{time.time_ns()}"')
        document = fetch_one(server.url("/feed"))
        assert isinstance(document, FeedDocument)
        assert isinstance(fetch_one(server.url("/feed"), document.validators), NotModified)

    def test_a_304_nobody_asked_for_is_a_failure(self, server: Server):
        server.routes["/feed"] = lambda handler: handler.answer(304)
        assert fail_one(server.url("/feed")).status == 304

    def test_the_server_s_owner_learns_who_asks(self, server: Server):
        server.routes["/feed"] = lambda handler: handler.answer(body=FEED)
        fetch_one(server.url("/feed"))
        headers = server.seen[0][1]
        assert headers["User-Agent"].startswith("account-matrix/")
        assert headers["User-Agent"].endswith(" (+mailto:web@qijiang.example)")
        assert {"gzip", "br", "zstd"} <= {word.strip() for word in headers["Accept-Encoding"].split(",")}

    @pytest.mark.parametrize(
        ("encoding", "compress"), [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstd.compress)]
    )
    def test_compressed_bodies_are_read(self, server: Server, encoding: str, compress: Callable[[bytes], bytes]):
        body = FEED * 5000
        server.routes["/feed"] = lambda handler: handler.answer(body=compress(body), Content_Encoding=encoding)
        document = fetch_one(server.url("/feed"))
        assert isinstance(document, FeedDocument)
        assert document.body == body

    @pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
    def test_a_refusal_is_told_with_its_status(self, server: Server, status: int):
        server.routes["/feed"] = lambda handler: handler.answer(status, FEED)
        error = fail_one(server.url("/feed"))
        assert error.status == status
        assert str(status) in error.reason

    @pytest.mark.parametrize("body", [b"", b" \r\n"])
    def test_an_empty_body_is_a_failure(self, server: Server, body: bytes):
        server.routes["/feed"] = lambda handler: handler.answer(body=body)
        assert "空" in fail_one(server.url("/feed")).reason

    def test_a_body_cut_short_is_a_failure(self, server: Server):
        def route(handler: Handler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(FEED)

        server.routes["/feed"] = route
        assert "没有传完" in fail_one(server.url("/feed")).reason

    def test_a_body_compressed_wrongly_is_a_failure(self, server: Server):
        server.routes["/feed"] = lambda handler: handler.answer(body=FEED, Content_Encoding="gzip")
        assert "压缩" in fail_one(server.url("/feed")).reason

    def test_cookies_are_not_kept(self, server: Server):
        server.routes["/feed"] = lambda handler: handler.answer(body=FEED, Set_Cookie="a=b")
        # By name: for addresses, aiohttp keeps no cookies anyway.
        url = server.url("/feed", "localhost")
        settings = replace(LOOPBACK, allow=("127.0.0.0/8", "::1/128"))
        fetch_all([FeedRequest(str(number), url) for number in range(4)], settings)
        assert len(server.seen) == 4
        assert not any("Cookie" in headers for _, headers in server.seen)


class TestBounds:
    def test_a_body_up_to_the_cap_is_taken_and_one_byte_more_is_not(self, server: Server):
        server.routes["/full"] = lambda handler: handler.answer(body=b"x" * MAX_BODY)
        server.routes["/over"] = lambda handler: handler.answer(body=b"x" * (MAX_BODY + 1))
        assert isinstance(fetch_one(server.url("/full")), FeedDocument)
        assert "15 MB" in fail_one(server.url("/over")).reason

    def test_a_bomb_is_stopped_at_the_cap(self, server: Server):
        compressor = brotli.Compressor(quality=5)
        block = bytes(10 * 1024 * 1024)
        bomb = b"".join([*(compressor.process(block) for _ in range(BOMB_SIZE // len(block))), compressor.finish()])
        assert len(bomb) < 100_000
        server.routes["/bomb"] = lambda handler: handler.answer(body=bomb, Content_Encoding="br")
        tracemalloc.start()
        try:
            assert "15 MB" in fail_one(server.url("/bomb")).reason
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 3 * MAX_BODY

    @pytest.mark.parametrize("pause", ["headers", "body", "drip"])
    def test_a_slow_server_times_out(self, server: Server, pause: str):
        ended = threading.Event()

        def route(handler: Handler) -> None:
            if pause == "headers":
                ended.wait(3)
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b"<rss>")
            while not ended.wait(0.05 if pause == "drip" else 3):
                handler.wfile.write(b" ")

        server.routes["/slow"] = route
        began = time.monotonic()
        error = fail_one(server.url("/slow"), replace(LOOPBACK, timeout=0.4))
        ended.set()
        assert time.monotonic() - began < 20
        assert "0.4 秒" in error.reason

    def test_two_hundred_feeds_arrive_once_each_and_two_at_a_time(self, server: Server):
        def route(handler: Handler) -> None:
            time.sleep(0.002)
            handler.answer(body=FEED + handler.path.encode())

        server.routes.update((f"/{number}", route) for number in range(200))
        requests = [FeedRequest(f"a{number}", server.url(f"/{number}")) for number in range(200)]
        results = fetch_all(requests)
        assert Counter(result.account for result in results) == Counter(request.account for request in requests)
        assert all(isinstance(result, FeedDocument) for result in results)
        assert server.most_open == PER_HOST

    def test_a_slow_host_holds_nobody_up(self, server: Server):
        ended = threading.Event()
        server.routes["/slow"] = lambda _: ended.wait(5)
        server.routes["/fast"] = lambda handler: handler.answer(body=FEED)
        slow = [FeedRequest(f"slow{number}", server.url("/slow")) for number in range(6)]
        fast = FeedRequest("fast", server.url("/fast", host="localhost"))

        async def take_first() -> FetchResult:
            settings = replace(LOOPBACK, allow=("127.0.0.0/8", "::1/128"), concurrency=4)
            async with aclosing(fetch_feeds([*slow, fast], settings, Path(), ByteBudget())) as results:
                async for result in results:
                    return result
            raise AssertionError

        first = asyncio.run(take_first())
        ended.set()
        assert first.account == "fast"

    def test_no_more_is_fetched_than_the_caller_takes(self, server: Server):
        server.routes["/feed"] = lambda handler: handler.answer(body=b"x" * 100_000)
        budget = ByteBudget(250_000)

        async def take_slowly() -> int:
            requests = [FeedRequest(str(number), server.url("/feed")) for number in range(20)]
            async with aclosing(fetch_feeds(requests, LOOPBACK, Path(), budget)) as results:
                async for _ in results:
                    await asyncio.sleep(0.3)
                    break
            return len(server.seen)

        assert asyncio.run(take_slowly()) <= 4
        assert budget.most_held <= 350_000

    def test_bodies_that_arrive_in_part_never_wait_for_one_another(self, server: Server):
        """All begin at once and none fits into the budget: they are let through one by one, within the time."""

        def route(handler: Handler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "400000")
            handler.end_headers()
            for _ in range(4):
                handler.wfile.write(b"x" * 100_000)
                time.sleep(0.02)

        server.routes.update((f"/{number}", route) for number in range(6))
        hosts = ["127.0.0.1", "localhost"]
        requests = [FeedRequest(f"a{n}", server.url(f"/{n}", hosts[n % 2])) for n in range(6)]
        settings = replace(LOOPBACK, allow=("127.0.0.0/8", "::1/128"), timeout=1.5)

        async def read_all() -> tuple[list[FetchResult], ByteBudget]:
            budget, results = ByteBudget(300_000), []
            async for result in fetch_feeds(requests, settings, Path(), budget):
                results.append(result)
                assert isinstance(result, FeedDocument)
                await asyncio.sleep(0.6)
                budget.release(len(result.body))
            return results, budget

        results, budget = asyncio.run(read_all())
        assert len(results) == 6
        assert budget.held == 0
        assert budget.most_held <= 300_000 + 400_000

    def test_what_is_not_handed_on_is_given_back(self, server: Server):
        """Bodies that are the same as before, empty, too long, cut short or too slow leave nothing in the budget."""

        def cut(handler: Handler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(FEED)

        def hang(handler: Handler) -> None:
            cut(handler)
            time.sleep(0.6)

        server.routes["/same"] = lambda handler: handler.answer(body=FEED)
        server.routes["/empty"] = lambda handler: handler.answer(body=b"  ")
        server.routes["/over"] = lambda handler: handler.answer(body=b"x" * (MAX_BODY + 1))
        server.routes["/cut"] = cut
        server.routes["/slow"] = hang
        known = Validators(body_hash=hash_body(FEED))
        requests = [
            FeedRequest(name, server.url(f"/{name}"), known) for name in ("same", "empty", "over", "cut", "slow")
        ]
        budget = ByteBudget()

        async def read_all() -> int:
            settings = replace(LOOPBACK, timeout=0.5)
            return len([one async for one in fetch_feeds(requests, settings, Path(), budget)])

        assert asyncio.run(read_all()) == 5
        assert budget.held == 0

    def test_nothing_asked_gives_nothing(self):
        assert fetch_all([]) == []


class TestRedirects:
    def test_redirects_are_followed_and_the_last_address_is_the_base(self, server: Server):
        server.routes["/old"] = lambda handler: handler.answer(301, Location="/older?x=1")
        server.routes["/older"] = lambda handler: handler.answer(302, Location=server.url("/dir/feed"))
        server.routes["/dir/feed"] = lambda handler: handler.answer(body=FEED)
        document = fetch_one(server.url("/old"))
        assert isinstance(document, FeedDocument)
        assert (document.url, document.base_url) == (server.url("/old"), server.url("/dir/feed"))

    def test_a_circle_ends(self, server: Server):
        server.routes["/round"] = lambda handler: handler.answer(302, Location="/round")
        error = fail_one(server.url("/round"))
        assert (len(server.seen), error.status) == (MAX_REDIRECTS + 1, 302)

    @pytest.mark.parametrize(
        "target",
        [
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "javascript:alert(1)",
            "http://user:word@127.0.0.1/",
            "http://[::1",
        ],
    )
    def test_a_redirect_to_anything_but_a_plain_web_address_is_refused(self, server: Server, target: str):
        server.routes["/away"] = lambda handler: handler.answer(302, Location=target)
        fail_one(server.url("/away"))
        assert len(server.seen) == 1

    @pytest.mark.parametrize("status", [200, 404, 410])
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    @pytest.mark.parametrize("redirect", [301, 302, 303, 307, 308])
    def test_what_is_at_the_end_of_a_redirect(self, server: Server, redirect: int, host: str, status: int):
        """It moves the feed where it is permanent; and closes it where it does not leave the domain, either."""
        target = server.url("/new", host)
        server.routes["/old"] = lambda handler: handler.answer(redirect, Location=target)
        server.routes["/new"] = lambda handler: handler.answer(status, FEED)
        result = fetch_one(server.url("/old"))
        assert isinstance(result, FeedDocument) is (status == 200)
        is_permanent = redirect in (301, 308)
        assert result.hints.moved_to == (target if is_permanent else "")
        assert result.hints.gone is (status == 410 and is_permanent and host == "127.0.0.1")

    @pytest.mark.parametrize("between", [(302, "127.0.0.1"), (301, "localhost")])
    def test_a_410_at_home_that_others_led_to_closes_nothing(self, server: Server, between: tuple[int, str]):
        status, host = between
        server.routes["/old"] = lambda handler: handler.answer(301, Location=server.url("/between", host))
        server.routes["/between"] = lambda handler: handler.answer(status, Location=server.url("/new"))
        server.routes["/new"] = lambda handler: handler.answer(410)
        assert not fail_one(server.url("/old")).hints.gone

    def test_a_redirect_to_nowhere_is_a_failure(self, server: Server):
        server.routes["/away"] = lambda handler: handler.answer(302)
        assert fail_one(server.url("/away")).status == 302

    @pytest.mark.parametrize(
        "target", ["http://169.254.169.254/latest/", "http://10.0.0.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/"]
    )
    def test_a_redirect_to_the_inner_network_is_refused(self, server: Server, target: str):
        server.routes["/away"] = lambda handler: handler.answer(302, Location=target)
        assert "内网" in fail_one(server.url("/away")).reason

    def test_a_redirect_from_an_allowed_address_to_another_is_refused(self, server: Server):
        server.routes["/away"] = lambda handler: handler.answer(302, Location=server.url("/feed", "127.0.0.2"))
        assert "内网" in fail_one(server.url("/away"), replace(LOOPBACK, allow=("127.0.0.1/32",))).reason
        assert len(server.seen) == 1
