"""What servers answer over the weeks, and what must come of it: whole updates against a real server."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import brotli
import pytest
from city_fixtures import DAY, HOUR, POOL, SHELF, City, serve, serve_redirect, serve_status
from http_server import Handler, Server
from site_fixtures import NOW, ROOT, write_feed

from aggregator.fetch.addresses import REFUSAL
from aggregator.fetch.request import MAX_BODY


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

    @pytest.mark.parametrize(("status", "host"), [(302, "127.0.0.1"), (301, "localhost")])
    def test_case_13_a_410_of_a_temporary_address_or_of_another_domain_closes_nothing(
        self, tmp_path: Path, server: Server, status: int, host: str
    ):
        serve_status(server, "/gone", 410)
        serve_redirect(server, "/old", server.url("/gone", host), status)
        city = City(tmp_path, server, "/old")
        told = city.update()["old"].error
        assert ("不算这个订阅源关闭" in told, "不再收取" in told) == (True, False)
        assert city.state("old").memory.closed_at is None
        serve(server, "/old", POOL)
        assert city.update(NOW + DAY)["old"].posts_new == 1

    def test_case_13_a_410_behind_a_permanent_redirect_within_the_domain_closes_the_feed(
        self, tmp_path: Path, server: Server
    ):
        serve_status(server, "/gone", 410)
        serve_redirect(server, "/old", "/gone", 308)
        city = City(tmp_path, server, "/old")
        assert "不再收取" in city.update()["old"].error
        assert city.update(NOW + DAY)["old"].outcome == "skipped"

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
