"""What is known of each feed's past, in space that does not grow with the number of polls."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOON

from aggregator.model import FeedMemory, FeedState, Validators
from aggregator.store import Store
from aggregator.store.feeds import HISTORY_DAYS

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "https://a.cn/rss.xml"
WATER = FeedMemory("water", URL)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with Store.open(file) as opened:
        yield opened


def read_history(file: Path) -> list[tuple[str, int, int, str]]:
    """(outcome, times, posts new, last error) by day and outcome."""
    with closing(sqlite3.connect(file)) as db:
        return list(db.execute("SELECT outcome, times, posts_new, error FROM history ORDER BY day, outcome"))


def test_the_last_success_is_remembered(store: Store) -> None:
    """Through failures; a feed that never answered has none."""
    store.feeds.record(WATER, "failed", NOON, error="404")
    assert store.feeds.load_states() == (FeedState(WATER, "failed", NOON, None, "404"),)
    store.feeds.record(WATER, "unchanged", NOON + HOUR)
    store.feeds.record(WATER, "failed", NOON + 2 * HOUR, error="连接超时。")
    assert store.feeds.load_states() == (FeedState(WATER, "failed", NOON + 2 * HOUR, NOON + HOUR, "连接超时。"),)


def test_feeds_are_told_apart_by_account_and_address(store: Store) -> None:
    """Listed in that order."""
    for account, url in (("b", URL), ("a", URL), ("a", "https://a.cn/atom.xml")):
        store.feeds.record(FeedMemory(account, url), "updated", NOON)
    assert [(state.memory.account, state.memory.url) for state in store.feeds.load_states()] == [
        ("a", "https://a.cn/atom.xml"), ("a", URL), ("b", URL),
    ]  # fmt: skip


def test_one_line_of_history_a_day_and_outcome(store: Store, file: Path) -> None:
    """48 polls of a flapping feed are two lines; they add up."""
    for n in range(24):
        store.feeds.record(WATER, "updated", NOON.replace(hour=n), posts_new=2)
        store.feeds.record(WATER, "failed", NOON.replace(hour=n), error=f"第{n}次")
    assert read_history(file) == [("failed", 24, 0, "第23次"), ("updated", 24, 48, "")]
    store.feeds.record(WATER, "updated", NOON + DAY, posts_new=1)
    assert read_history(file)[2:] == [("updated", 1, 1, "")]


def test_history_is_pruned(store: Store, file: Path) -> None:
    """What is older than HISTORY_DAYS goes; the feed's state stays."""
    for age in (HISTORY_DAYS + 1, HISTORY_DAYS, 0):
        store.feeds.record(WATER, "unchanged", NOON - age * DAY)
    assert store.feeds.prune_history(NOON) == 1
    assert store.feeds.prune_history(NOON) == 0
    assert len(read_history(file)) == 2
    assert len(store.feeds.load_states()) == 1


def test_facts_about_the_site(store: Store) -> None:
    """The last value counts; what was never said is empty."""
    assert store.feeds.get_fact("published-at") == ""
    store.feeds.set_fact("published-at", "昨天")
    store.feeds.set_fact("published-at", "今天")
    assert store.feeds.get_fact("published-at") == "今天"


def test_a_year_of_5000_accounts_needs_less_than_a_gigabyte(store: Store, file: Path) -> None:
    """Polled every 30 minutes with every outcome on every day, which is the worst there is.

    A day's polls beyond the first few change numbers, not lines (see above), so each outcome is polled twice.
    """
    feeds, days = 200, 30
    error = "连接超时：服务器 30 秒内没有应答；请在浏览器里打开这个网址，看网站是否正常。"
    with store.transaction():
        for day in range(days):
            for n in range(feeds):
                for half in range(2):
                    now = NOON - DAY * day + half * timedelta(minutes=30)
                    url = f"https://www.account-{n}.qijiang.gov.cn/rss/feed.xml"
                    memory = FeedMemory(f"account{n}", url, Validators('"1"', "", "0" * 32), next_at=now)
                    store.feeds.record(memory, "updated", now)
                    store.feeds.record(memory, "unchanged", now)
                    store.feeds.record(memory, "failed", now, error=error)
    empty = file.parent / "empty.sqlite3"
    Store.open(empty).close()
    store.close()
    grown = file.stat().st_size - empty.stat().st_size
    year = grown / (feeds * days) * 5000 * HISTORY_DAYS
    assert year < 1e9, f"{year / 1e6:.0f} MB"
