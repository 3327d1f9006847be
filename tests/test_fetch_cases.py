"""What feeds do to a reader over the weeks, and what must come of it: whole updates against a real server."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import brotli
import pytest
from http_server import Handler, Server, run_server
from site_fixtures import LIBRARY, NOW, ROOT, SWIMMING, Item, SmallSite, ignore_progress, write_feed

from aggregator import pipeline
from aggregator.fetch.addresses import REFUSAL
from aggregator.fetch.request import MAX_BODY
from aggregator.model import AccountOutcome, FeedState, StoredPost
from aggregator.registry import load_registry
from aggregator.store import Store

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
POOL = Item("guid-pool", "游泳馆恢复开放", SWIMMING)
SHELF = Item("guid-shelf", "少儿图书馆绘本区焕新", LIBRARY)
ALLOW = '[fetch]\nallow = ["127.0.0.1/32", "::1/128"]\ntimeout = 5\n'


@pytest.fixture
def server() -> Iterator[Server]:
    with run_server() as running:
        yield running


class City:
    """A site whose accounts are fed by one server; time is what a test says it is."""

    def __init__(self, root: Path, server: Server, *paths: str) -> None:
        self.site = SmallSite(root / "site").set_up()
        self.site.fetch = ALLOW
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


class TestAggregationCases:
    def test_case_09_not_modified_is_neither_parsed_nor_written_and_counts_as_a_success(
        self, tmp_path: Path, server: Server
    ):
        def route(handler: Handler) -> None:
            if handler.headers["If-None-Match"] == '"v1"':
                handler.answer(304)
            else:
                handler.answer(body=write_feed(POOL).encode(), ETag='"v1"')

        server.routes["/pool"] = route
        city = City(tmp_path, server, "/pool")
        assert city.update()["pool"].posts_new == 1
        before = city.post("pool", "guid-pool")
        assert city.update(NOW + HOUR)["pool"].outcome == "unchanged"
        assert city.post("pool", "guid-pool") == before
        state = city.state("pool")
        assert (state.last_success, state.memory.validators.etag) == (NOW + HOUR, '"v1"')

    @pytest.mark.parametrize("form", ["seconds", "date"])
    @pytest.mark.parametrize("status", [429, 503])
    def test_case_10_retry_after_is_kept_and_the_host_is_slowed(
        self, tmp_path: Path, server: Server, status: int, form: str
    ):
        def route(handler: Handler) -> None:
            when = datetime.now().astimezone() + HOUR
            wait = "3600" if form == "seconds" else format_datetime(when.astimezone(NOW.tzinfo), usegmt=True)
            handler.answer(status, Retry_After=wait)

        server.routes["/busy"] = route
        serve(server, "/other", POOL)
        serve(server, "/third", POOL)
        city = City(tmp_path, server, "/busy")
        # By another name, the same machine is another host.
        city.site.set_account("elsewhere", feeds=[server.url("/third", "localhost")])
        first = city.update()
        assert (first["busy"].outcome, first["elsewhere"].outcome) == ("failed", "updated")
        city.site.set_account("other", feeds=[server.url("/other")])
        server.asked()
        soon = city.update(NOW + timedelta(minutes=58))
        assert server.asked() == ["/third"]
        assert {name: soon[name].outcome for name in ("busy", "other")} == {"busy": "skipped", "other": "skipped"}
        assert (soon["busy"].feeds_waiting, soon["other"].feeds_waiting) == (1, 1)
        assert city.update(NOW + timedelta(minutes=61))["other"].outcome == "updated"
        assert sorted(server.asked()) == ["/busy", "/other", "/third"]

    def test_case_10_within_a_run_the_host_s_other_feeds_are_left_alone(self, tmp_path: Path, server: Server):
        paths = [f"/f{number:02}" for number in range(20)]
        for path in paths:
            serve_status(server, path, 429, Retry_After="600")
        city = City(tmp_path, server, *paths)
        outcomes = city.update()
        # Two connections to a host: at most the second was under way already.
        assert 1 <= len(server.asked()) <= 2
        assert sum(one.outcome == "failed" for one in outcomes.values()) <= 2
        assert sum(one.feeds_waiting for one in outcomes.values()) >= 18

    def test_case_11_twenty_failures_and_recovery_unaided(self, tmp_path: Path, server: Server):
        serve_status(server, "/down", 500)
        city = City(tmp_path, server, "/down")
        now, asked_at = NOW, []
        while len(asked_at) < 20:
            city.update(now)
            if server.asked():
                asked_at.append(now)
            now += timedelta(minutes=30)
            if city.state("down").memory.next_at:
                now = max(now, city.state("down").memory.next_at - timedelta(minutes=30))
        waits = [later - earlier for earlier, later in pairwise(asked_at)]
        assert waits[0] == timedelta(minutes=30)
        assert waits[-1] > 17 * HOUR
        assert max(waits) <= DAY + timedelta(minutes=30)
        assert city.state("down").memory.failures == 20
        serve(server, "/down", POOL)
        now = asked_at[-1] + DAY
        assert city.update(now)["down"].outcome == "updated"
        assert city.state("down").memory.failures == 0
        assert city.history("down") == [("failed", 20), ("updated", 1)]

    def test_case_12_a_301_that_holds_for_seven_days_is_adopted_and_the_history_kept(
        self, tmp_path: Path, server: Server
    ):
        serve(server, "/old", POOL)
        serve(server, "/new", POOL, SHELF)
        city = City(tmp_path, server, "/old")
        registry = city.site.site.registry.read_bytes()
        city.update()
        serve_redirect(server, "/old", "/new")
        for day in range(1, 9):
            city.update(NOW + day * DAY)
        assert server.asked()[-2:] == ["/old", "/new"]
        assert city.state("old").memory.address == server.url("/new")
        assert city.update(NOW + 9 * DAY)["old"].outcome == "unchanged"
        assert server.asked() == ["/new"]
        assert city.post("old", "guid-pool").first_seen == NOW
        assert city.history("old") == [("unchanged", 8), ("updated", 2)]
        assert city.site.site.registry.read_bytes() == registry

    @pytest.mark.parametrize("status", [302, 303, 307])
    def test_case_12_a_temporary_redirect_never_is(self, tmp_path: Path, server: Server, status: int):
        serve(server, "/new", POOL)
        serve_redirect(server, "/old", "/hop")
        serve_redirect(server, "/hop", "/new", status)
        city = City(tmp_path, server, "/old")
        for day in (0, 8, 16):
            assert city.update(NOW + day * DAY)["old"].outcome != "failed"
        memory = city.state("old").memory
        assert (memory.address, memory.moved_to) == ("", "")

    def test_case_12_a_301_to_another_domain_is_held_and_shown(self, tmp_path: Path, server: Server):
        serve(server, "/new", POOL)
        serve_redirect(server, "/old", server.url("/new", "localhost"))
        city = City(tmp_path, server, "/old")
        for day in (0, 8, 16):
            assert city.update(NOW + day * DAY)["old"].outcome != "failed"
        assert city.state("old").memory.address == ""
        shown = city.site.call("status").out
        assert f"转到 {server.url('/new', 'localhost')}" in shown
        assert "不是同一个域名" in shown
        (account,) = city.site.call("status", "--json").document["accounts"]
        assert account["feeds"][0]["moved_to"] == server.url("/new", "localhost")
        assert account["feeds"][0]["moved_since"] == NOW.isoformat()

    def test_case_12_a_301_to_a_page_that_is_no_feed_is_not_adopted(self, tmp_path: Path, server: Server):
        """Hosts that are switched off redirect every address to their home page."""
        server.routes["/"] = lambda handler: handler.answer(body=b"<!doctype html><html><body>Hi</body></html>")
        serve_redirect(server, "/old", "/")
        city = City(tmp_path, server, "/old")
        for day in (0, 8, 16):
            assert city.update(NOW + day * DAY)["old"].outcome == "failed"
        assert city.state("old").memory.address == ""

    def test_case_13_a_410_closes_the_feed_and_keeps_its_posts(self, tmp_path: Path, server: Server):
        serve(server, "/gone", POOL)
        city = City(tmp_path, server, "/gone")
        city.update()
        serve_status(server, "/gone", 410)
        assert "已永久关闭" in city.update(NOW + HOUR)["gone"].error
        server.asked()
        for day in (1, 8, 100):
            closed = city.update(NOW + day * DAY)["gone"]
            assert (closed.outcome, closed.feeds_waiting) == ("skipped", 0)
        assert server.asked() == []
        assert city.post("gone", "guid-pool").withdrawn_at is None
        assert POOL.title in city.site.stories()
        assert "关闭" in city.site.call("status").out
        (account,) = city.site.call("status", "--json").document["accounts"]
        assert account["feeds"][0]["closed_at"] == (NOW + HOUR).isoformat()
        # Another address in the registry is another feed.
        serve(server, "/again", POOL, SHELF)
        city.site.set_account("gone", feeds=[server.url("/again")])
        assert city.update(NOW + 101 * DAY)["gone"].posts_new == 1

    def test_case_13_a_closed_feed_that_is_there_again_is_read_when_asked_for(self, tmp_path: Path, server: Server):
        serve_status(server, "/gone", 410)
        city = City(tmp_path, server, "/gone")
        city.update()
        serve(server, "/gone", POOL)
        assert city.update(NOW + DAY)["gone"].outcome == "skipped"
        assert city.update(NOW + DAY, force=True)["gone"].outcome == "updated"
        assert city.update(NOW + 2 * DAY)["gone"].outcome == "unchanged"

    def test_case_13_a_410_behind_a_temporary_redirect_closes_nothing(self, tmp_path: Path, server: Server):
        serve_status(server, "/gone", 410)
        serve_redirect(server, "/old", "/gone", 302)
        city = City(tmp_path, server, "/old")
        city.update()
        assert city.state("old").memory.closed_at is None

    @pytest.mark.parametrize(
        "target",
        [
            "http://127.0.0.2/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::ffff:169.254.169.254]/",
            "http://0/",
        ],
    )
    def test_case_14_a_redirect_to_the_inner_network_is_refused_on_every_hop(
        self, tmp_path: Path, server: Server, target: str
    ):
        serve_redirect(server, "/first", "/second", 302)
        serve_redirect(server, "/second", target, 302)
        city = City(tmp_path, server, "/first")
        assert city.update()["first"].outcome == "failed"
        assert server.asked() == ["/first", "/second"]

    def test_case_14_a_name_is_judged_by_what_it_means_when_it_is_dialled(self, tmp_path: Path, server: Server):
        """localhost is a name that leads to the inner network: what the socket is for counts, not the name."""
        serve(server, "/feed", POOL)
        city = City(tmp_path, server)
        city.site.set_account("inner", feeds=[server.url("/feed", "localhost")])
        city.site.fetch = '[fetch]\nallow = ["10.0.0.0/8"]\n'
        city.site.write_registry()
        assert "内网" in city.update()["inner"].error
        assert server.asked() == []
        assert REFUSAL not in city.state("inner").error

    @pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from Linux's /proc")
    def test_case_15_a_brotli_bomb_is_stopped_with_little_memory(self, server: Server):
        """In a process of its own, so that what it takes can be seen: all of Python and the libraries included."""
        compressor = brotli.Compressor(quality=5)
        block = bytes(10 * 1024 * 1024)
        bomb = b"".join([*(compressor.process(block) for _ in range(50)), compressor.finish()])
        assert len(bomb) < 3000
        server.routes["/bomb"] = lambda handler: handler.answer(body=bomb, Content_Encoding="br")
        program = f"""
            import asyncio
            from pathlib import Path
            from aggregator.fetch import ByteBudget, FeedRequest, fetch_feeds
            from aggregator.model import FetchSettings

            async def fetch():
                settings = FetchSettings(allow=("127.0.0.0/8",))
                request = FeedRequest("bomb", {server.url("/bomb")!r})
                return [one async for one in fetch_feeds([request], settings, Path(), ByteBudget())]

            (answer,) = asyncio.run(fetch())
            # Not getrusage: its peak includes that of the process that started this one.
            peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
            print(answer.reason, int(peak) // 1024, sep="|")
            """
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        reason, megabytes = done.stdout.split("|")
        assert f"超过 {MAX_BODY // 1024 // 1024} MB" in reason
        assert int(megabytes) < 100


class TestDueFeeds:
    def test_only_what_is_due_is_asked_and_force_asks_all(self, tmp_path: Path, server: Server):
        serve(server, "/slow", POOL, Cache_Control="max-age=7200")
        serve(server, "/quick", SHELF)
        city = City(tmp_path, server, "/slow", "/quick")
        city.update()
        server.asked()
        later = city.update(NOW + HOUR)
        assert server.asked() == ["/quick"]
        assert (later["slow"].outcome, later["slow"].feeds_waiting) == ("skipped", 1)
        city.update(NOW + HOUR, force=True)
        assert sorted(server.asked()) == ["/quick", "/slow"]
        city.update(NOW + HOUR, only="slow")
        assert server.asked() == ["/slow"]
        city.update(NOW + 4 * HOUR)
        assert sorted(server.asked()) == ["/quick", "/slow"]

    def test_the_commands_count_what_waits_apart_and_know_force(self, tmp_path: Path, server: Server):
        serve(server, "/slow", POOL, Cache_Control="max-age=7200")
        city = City(tmp_path, server, "/slow")
        city.site.set_account("stopped", feeds=[])
        city.site.call("update")
        told = city.site.call("update").out
        assert "未到时间 1" in told
        assert "停用或无订阅源 1" in told
        totals = city.site.call("update", "--json").document["totals"]
        assert (totals["skipped"], totals["waiting"]) == (2, 1)
        assert "之后再收取" in city.site.call("status").out
        server.asked()
        assert city.site.call("update", "--force").status == 0
        assert city.site.call("publish", "--force", "--json").document["update"]["totals"]["waiting"] == 0
        assert server.asked() == ["/slow", "/slow"]

    def test_files_are_read_at_each_run(self, tmp_path: Path, server: Server):
        city = City(tmp_path, server)
        city.site.set_body("pool", write_feed(POOL).replace("<channel>", "<channel><ttl>600</ttl>"))
        city.site.set_account("pool")
        city.update()
        city.site.set_body("pool", write_feed(POOL, SHELF))
        assert city.update(NOW + timedelta(minutes=1))["pool"].posts_new == 1


class TestTakingBack:
    def test_a_post_that_its_source_takes_back_is_withdrawn_and_comes_back_with_it(
        self, tmp_path: Path, server: Server
    ):
        def write_atom(*entries: str) -> bytes:
            return (
                '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
                f"<title>a</title><id>urn:a</id><updated>2026-03-01T00:00:00Z</updated>{''.join(entries)}</feed>"
            ).encode()

        entry = "<entry><id>urn:{0}</id><title>{0}</title><updated>{1}</updated><content>{0}的正文</content></entry>"
        pool, shelf = entry.format("游泳馆", "2026-03-01T00:00:00Z"), entry.format("图书馆", "2026-03-02T00:00:00Z")
        stone = '<at:deleted-entry ref="urn:游泳馆" when="2026-03-10T00:00:00Z"/>'
        bodies = [
            write_atom(pool, shelf),
            write_atom(stone, shelf),
            write_atom(stone, shelf.replace("的正文", "新的正文")),
            write_atom(shelf, entry.format("游泳馆", "2026-03-15T00:00:00Z")),
        ]
        server.routes["/atom"] = lambda handler: handler.answer(body=bodies[0])
        city = City(tmp_path, server, "/atom")
        assert city.update()["atom"].posts_new == 2
        bodies.pop(0)
        taken = city.update(NOW + HOUR)["atom"]
        assert (taken.outcome, taken.posts_withdrawn) == ("updated", 1)
        assert city.post("atom", "urn:游泳馆").withdrawn_at == NOW + HOUR
        assert city.post("atom", "urn:图书馆").withdrawn_at is None
        assert "游泳馆" not in city.site.stories()
        bodies.pop(0)
        # The feed goes on saying so: nothing is taken back twice.
        assert city.update(NOW + 2 * HOUR)["atom"].posts_withdrawn == 0
        assert city.post("atom", "urn:游泳馆").withdrawn_at == NOW + HOUR
        bodies.pop(0)
        assert city.update(NOW + 3 * HOUR)["atom"].posts_changed == 2
        assert city.post("atom", "urn:游泳馆").withdrawn_at is None

    def test_a_post_that_only_left_the_feed_stays(self, tmp_path: Path, server: Server):
        serve(server, "/feed", POOL, SHELF)
        city = City(tmp_path, server, "/feed")
        city.update()
        serve(server, "/feed", SHELF)
        assert city.update(NOW + HOUR)["feed"].posts_withdrawn == 0
        assert city.post("feed", "guid-pool").withdrawn_at is None


class TestFlow:
    def test_what_has_come_is_stored_while_the_rest_is_on_its_way(self, tmp_path: Path, server: Server):
        stored = threading.Event()
        in_time = []

        def route(handler: Handler) -> None:
            in_time.append(stored.wait(4))
            handler.answer(body=write_feed(SHELF).encode())

        server.routes["/slow"] = route
        serve(server, "/quick", POOL)
        city = City(tmp_path, server, "/slow", "/quick")
        with Store.open(city.site.site.store) as store, Store.open(city.site.site.store) as reader:

            def watch(stage: str, done: int, _: int) -> None:
                if stage == "收取订阅源" and done == 1:
                    assert reader.posts.find("quick", "guid-pool") is not None
                    stored.set()

            pipeline.update(city.site.site, load_registry(city.site.site.registry), store, NOW, watch)
        assert in_time == [True]

    def test_a_run_that_ends_early_leaves_no_thread_of_its_own_waiting(self, tmp_path: Path, server: Server):
        """As Ctrl-C does while feeds are under way; what was stored before stays stored."""
        ended = threading.Event()
        server.routes["/slow"] = lambda _: ended.wait(10)
        serve(server, "/quick", POOL)
        city = City(tmp_path, server, "/slow", "/quick")

        def stop(stage: str, done: int, _: int) -> None:
            if stage == "收取订阅源" and done == 1:
                raise KeyboardInterrupt

        began = time.monotonic()
        with Store.open(city.site.site.store) as store, pytest.raises(KeyboardInterrupt):
            pipeline.update(city.site.site, load_registry(city.site.site.registry), store, NOW, stop)
        ended.set()
        assert time.monotonic() - began < 30
        assert city.post("quick", "guid-pool").first_seen == NOW


class TestOwnLine:
    def test_while_our_own_line_is_down_no_feed_is_put_off(self, tmp_path: Path, server: Server):
        """Nothing answers for hours; afterwards everything is asked at once and not up to a day later."""
        serve(server, "/feed", POOL)
        city = City(tmp_path, server, "/feed")
        hosts = [f"http://host{number}.invalid/feed" for number in range(3)]
        city.site.set_account("others", feeds=hosts)
        city.site.set_account("feed", feeds=["http://feed.invalid/feed"])
        for hour in range(4):
            assert city.update(NOW + hour * HOUR)["others"].outcome == "failed"
        assert city.state("feed").memory.next_at is None
        assert city.history("feed") == [("failed", 4)]

    def test_where_one_host_answers_the_others_failed_themselves(self, tmp_path: Path, server: Server):
        serve(server, "/feed", POOL)
        city = City(tmp_path, server, "/feed")
        for number in range(4):
            city.site.set_account(f"gone{number}", feeds=[f"http://host{number}.invalid/feed"])
        city.update()
        city.update(NOW + HOUR)
        assert city.state("gone0").memory.failures == 2
        assert city.state("gone0").memory.next_at is not None


class TestTrust:
    def test_a_page_instead_of_the_feed_is_a_failure_and_deletes_nothing(self, tmp_path: Path, server: Server):
        serve(server, "/feed", POOL)
        city = City(tmp_path, server, "/feed")
        city.update()
        server.routes["/feed"] = lambda handler: handler.answer(body=b"<html><body>Sorry</body></html>")
        assert "网页" in city.update(NOW + HOUR)["feed"].error
        assert city.post("feed", "guid-pool").withdrawn_at is None

    def test_a_body_that_a_bridge_could_not_get_is_asked_for_until_it_is_there(self, tmp_path: Path, server: Server):
        """The feed answers with the same bytes, or "not modified", as nothing of its own has changed."""
        failed = Item("guid-pool", "游泳馆恢复开放", ("获取全文失败",))
        conditions = []

        def route(handler: Handler) -> None:
            conditions.append(handler.headers["If-None-Match"])
            handler.answer(304) if conditions[-1] else handler.answer(body=write_feed(failed).encode(), ETag='"v1"')

        server.routes["/bridge"] = route
        city = City(tmp_path, server, "/bridge")
        for hour in range(3):
            city.update(NOW + hour * HOUR)
            assert city.post("bridge", "guid-pool").post.text == ""
        assert conditions == [None, None, None]
        failed = POOL
        assert city.update(NOW + 3 * HOUR)["bridge"].posts_changed == 1
        assert "游泳" in city.post("bridge", "guid-pool").post.text
        city.update(NOW + 4 * HOUR)
        assert conditions[-1] == '"v1"'
