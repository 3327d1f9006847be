"""What the store remembers of feeds, and how posts are taken back and come again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import make_post

from aggregator.model import FeedMemory, Validators
from aggregator.store import Store
from aggregator.store.feeds import HISTORY_DAYS
from aggregator.store.schema import MIGRATIONS

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
FIRST, SECOND = "https://water.qijiang.gov.cn/rss", "https://water.qijiang.gov.cn/atom"
FULL = FeedMemory(
    account="water",
    url=FIRST,
    validators=Validators('"v1"', "Tue, 01 Sep 2026 00:00:00 GMT", "abc"),
    next_at=NOW + timedelta(hours=1),
    failures=3,
    ttl=60,
    address="https://www.qijiang.gov.cn/rss",
    moved_to="https://elsewhere.example/rss",
    moved_since=NOW - timedelta(days=3),
    closed_at=NOW,
    held_host="water.qijiang.gov.cn",
    held_until=NOW + timedelta(minutes=5),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        yield opened


def is_live(store: Store, key: str) -> bool:
    known = store.posts.find("water", key)
    assert known is not None
    (stored,) = store.posts.load([known])
    return stored.withdrawn_at is None


class TestMemories:
    def test_all_that_is_remembered_comes_back(self, store: Store):
        assert store.feeds.load_memories() == {}
        store.feeds.record(FULL, "failed", NOW, error="连不上。")
        assert store.feeds.load_memories() == {("water", FIRST): FULL}
        plain = FeedMemory("water", FIRST)
        store.feeds.record(plain, "unchanged", NOW)
        assert store.feeds.load_memories() == {("water", FIRST): plain}

    def test_the_last_success_outlives_failures(self, store: Store):
        later = NOW + timedelta(hours=1)
        store.feeds.record(FeedMemory("water", FIRST), "updated", NOW)
        store.feeds.record(FeedMemory("water", FIRST, failures=1), "failed", later, error="连不上。")
        (state,) = store.feeds.load_states()
        assert (state.outcome, state.last_attempt, state.last_success) == ("failed", later, NOW)
        assert (state.memory.failures, state.error) == (1, "连不上。")

    def test_history_is_one_row_a_day_and_outcome_and_outlives_a_change_of_address(self, store: Store, tmp_path: Path):
        store.feeds.record(FULL, "updated", NOW, posts_new=2)
        store.feeds.record(replace(FULL, address="", moved_to=""), "updated", NOW + timedelta(hours=1), posts_new=1)
        store.feeds.record(FULL, "failed", NOW + timedelta(days=1), error="连不上。")
        with sqlite3.connect(tmp_path / "store.sqlite3") as opened:
            rows = opened.execute("SELECT outcome, times, posts_new, error FROM history ORDER BY day").fetchall()
        opened.close()
        assert rows == [("updated", 2, 3, ""), ("failed", 1, 0, "连不上。")]
        assert store.feeds.prune_history(NOW + timedelta(days=HISTORY_DAYS)) == 0
        assert store.feeds.prune_history(NOW + timedelta(days=HISTORY_DAYS + 1)) == 1

    def test_a_store_of_the_first_version_keeps_what_it_knows(self, tmp_path: Path):
        file = tmp_path / "old.sqlite3"
        with sqlite3.connect(file) as old:
            old.executescript(f"{MIGRATIONS[0]} {MIGRATIONS[1]} PRAGMA user_version = 2;")
            old.execute(
                "INSERT INTO feeds (account, url, etag, outcome, last_attempt, last_success, failures) "
                "VALUES ('water', ?, 'v1', 'failed', 1000, 500, 2)",
                (FIRST,),
            )
            old.execute("INSERT INTO history VALUES (1, 0, 'failed', 2, 1000, 0, '连不上。')")
        old.close()
        with Store.open(file) as store:
            assert store.feeds.load_memories() == {
                ("water", FIRST): FeedMemory("water", FIRST, Validators("v1"), failures=2)
            }
            (state,) = store.feeds.load_states()
            assert state.last_success == datetime.fromtimestamp(500, UTC)
            assert store.feeds.prune_history(NOW) == 1


class TestTakingBack:
    def test_a_post_is_taken_back_by_any_of_its_names_and_once(self, store: Store):
        post = make_post("guid-1", canonical_url="https://water.qijiang.gov.cn/1")
        store.posts.save("water", [post, make_post("guid-2")], NOW, FIRST)
        gone = store.posts.withdraw_named("water", [post.canonical_url, "guid-1", "nobody"], NOW, FIRST)
        assert len(gone) == 1
        assert not is_live(store, "guid-1")
        assert is_live(store, "guid-2")
        assert store.posts.withdraw_named("water", ["guid-1"], NOW, FIRST) == ()
        assert store.posts.withdraw_named("other", ["guid-2"], NOW, FIRST) == ()

    def test_it_comes_back_when_its_source_publishes_it_again(self, store: Store):
        store.posts.save("water", [make_post()], NOW, FIRST)
        store.posts.withdraw_named("water", ["guid-1"], NOW, FIRST)
        assert store.posts.save("water", [make_post()], NOW, FIRST, {SECOND}).changed
        assert is_live(store, "guid-1")

    def test_another_feed_that_lists_it_still_does_not_bring_it_back(self, store: Store):
        """The Atom feed takes a post back that the RSS feed, older or cached, goes on listing."""
        post = make_post(published=NOW - timedelta(days=1))
        store.posts.save("water", [post], NOW, FIRST)
        store.posts.withdraw_named("water", ["guid-1"], NOW, SECOND)
        for listed in (post, make_post()):
            assert not store.posts.save("water", [listed], NOW, FIRST, {SECOND}).changed
        assert not is_live(store, "guid-1")
        renewed = replace(post, updated=NOW + timedelta(hours=1))
        assert store.posts.save("water", [renewed], NOW, FIRST, {SECOND}).changed
        assert is_live(store, "guid-1")

    def test_a_bridge_that_fails_today_does_not_take_back_what_it_delivered_yesterday(self, store: Store):
        store.posts.save("water", [make_post()], NOW, FIRST)
        failed = replace(make_post(), html="", text="", warnings=("正文没有抓取到（“环境异常”），下次更新会再试。",))
        assert not store.posts.save("water", [failed], NOW, FIRST).changed
        # A body that the source itself has emptied is another matter.
        assert store.posts.save("water", [replace(failed, warnings=())], NOW, FIRST).changed
