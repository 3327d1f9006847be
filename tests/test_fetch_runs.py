"""What a run asks for, keeps and believes, whatever feeds and lines do: whole updates against a real server."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from city_fixtures import HOUR, POOL, SHELF, City, serve
from http_server import Handler, Server
from site_fixtures import NOW, Item, write_feed

from aggregator import pipeline
from aggregator.registry import load_registry
from aggregator.store import Store


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
