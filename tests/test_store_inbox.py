"""The inbox's table and what is known of a feed's habits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fakes import NOON, make_post

from aggregator.model import Attachment, FeedHabits, FeedMemory, Fingerprint, HoldReason, Post, WaitingNote
from aggregator.store import Store
from aggregator.store.inbox import KEEP_DAYS, KEEP_POSTS
from aggregator.text import fingerprint

FEED = "https://a.cn/rss.xml"
REVIEW = HoldReason("review", "先审。")
BURST = HoldReason("burst", "突然大量发文。", (30.0, 0.7))
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        yield opened


def make_note(key: str, *reasons: HoldReason, account: str = "water", at: datetime = NOON) -> WaitingNote:
    return WaitingNote(account, key, FEED, reasons or (REVIEW,), f"hash of {key}", "rules", at)


def put(store: Store, key: str, *reasons: HoldReason, at: datetime = NOON, **fields: object) -> None:
    store.inbox.put(make_note(key, *reasons, at=at), make_post(key, **fields), at)


def list_keys(store: Store) -> list[str]:
    return [note.key for note in store.inbox.load_notes()]


# the inbox ----------------------------------------------------------------------------------------------------


def test_every_field_of_a_post_survives(store: Store) -> None:
    post = Post(
        "water", "k", "题", "https://a.cn/1", "https://a.cn/1", ("k", "https://a.cn/1"), "<p>文</p>", "文", "摘要",
        NOON, NOON + DAY, "作者", ("类",), "https://a.cn/1.jpg", (Attachment("https://a.cn/1.pdf", "表", "x/y", 12),),
        "notice", (("标题", "题"),), ("提醒",),
    )  # fmt: skip
    note = replace(make_note("k", REVIEW, BURST), aliases=post.aliases)
    store.inbox.put(note, post, NOON + DAY)
    (waiting,) = store.inbox.load()
    assert (waiting.post, waiting.note, waiting.last_seen) == (post, note, NOON + DAY)
    assert store.inbox.load_notes() == store.inbox.load_notes("water") == (note,)
    assert store.inbox.load_notes("other") == ()


def test_a_post_seen_again_keeps_the_moment_it_was_first_seen(store: Store) -> None:
    put(store, "a")
    put(store, "a", BURST, at=NOON + DAY, title="改了")
    (waiting,) = store.inbox.load()
    assert waiting.note.first_seen == NOON
    assert waiting.last_seen == NOON + DAY
    assert waiting.post.title == "改了"
    assert waiting.note.reasons == (BURST,)


def test_some_of_an_account_can_be_read_judged_and_dropped(store: Store) -> None:
    for key in "abc":
        put(store, key)
    assert [one.note.key for one in store.inbox.load("water", ["c", "a", "x"])] == ["a", "c"]
    store.inbox.judge(replace(make_note("a", BURST), judged_with="anew"))
    assert [(note.key, note.judged_with) for note in store.inbox.load_notes()] == [
        ("a", "anew"), ("b", "rules"), ("c", "rules"),
    ]  # fmt: skip
    store.inbox.drop("water", ["a", "x"])
    store.inbox.drop("other", ["b"])
    assert list_keys(store) == ["b", "c"]


def test_posts_that_their_source_takes_back_leave_by_any_name(store: Store) -> None:
    put(store, "a", aliases=("a", "https://a.cn/1"))
    put(store, "b", aliases=("b", "https://a.cn/2"))
    put(store, "c", aliases=("c",))
    store.inbox.drop_named("other", ["a", "b", "c"])
    store.inbox.drop_named("water", ["https://a.cn/1", "c"])
    assert list_keys(store) == ["b"]


def test_a_post_not_seen_for_half_a_year_leaves(store: Store) -> None:
    put(store, "old", at=NOON - KEEP_DAYS * DAY - timedelta(seconds=1))
    put(store, "kept", at=NOON - KEEP_DAYS * DAY)
    store.inbox.prune(NOON)
    assert list_keys(store) == ["kept"]


def test_of_a_flood_the_last_seen_stay_and_what_waits_for_review_alone_is_not_counted(store: Store) -> None:
    with store.transaction():
        for number in range(3):
            put(store, f"review{number}", at=NOON - DAY)
        for number in range(KEEP_POSTS + 2):
            put(store, f"burst{number}", REVIEW, BURST, at=NOON + timedelta(seconds=number))
    store.inbox.prune(NOON)
    keys = list_keys(store)
    assert len(keys) == KEEP_POSTS + 3
    assert "burst0" not in keys
    assert "burst1" not in keys
    assert {"review0", "burst2"} <= set(keys)


def test_renaming_an_account_takes_its_inbox_along(store: Store) -> None:
    put(store, "a")
    store.habits.save_landing("water", FEED, "a.cn")
    assert store.posts.knows_account("water")
    store.inbox.rename_account("water", "shuiwu")
    assert not store.posts.knows_account("water")
    (waiting,) = store.inbox.load()
    assert (waiting.note.account, waiting.post.account) == ("shuiwu", "shuiwu")
    assert store.habits.load_landings() == {("shuiwu", FEED): "a.cn"}


# what older versions let wait among the others ----------------------------------------------------------------


def test_posts_that_were_never_placed_move_with_their_names_and_their_moment(store: Store, tmp_path: Path) -> None:
    post = make_post("a", aliases=("a", "https://a.cn/1"), url="https://a.cn/1")
    store.posts.save("water", [post], NOON, FEED)
    store.posts.save("other", [make_post("o", account="other")], NOON)
    store.inbox.move_unplaced("water", (REVIEW,), "rules", NOON + DAY)
    (waiting,) = store.inbox.load()
    assert replace(waiting.post, aliases=()) == replace(post, aliases=())
    assert set(waiting.post.aliases) == {"a", "https://a.cn/1"}
    assert (waiting.note.feed, waiting.note.first_seen) == (FEED, NOON)
    assert store.posts.find("water", "a") is None
    assert store.posts.count() == 1
    with sqlite3.connect(tmp_path / "store.sqlite3") as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


def test_posts_that_were_placed_once_stay(store: Store) -> None:
    store.posts.save("water", [make_post("a")], NOON)
    store.index.save([1], {1: _fingerprint()})
    store.posts.save("water", [make_post("b")], NOON)
    store.posts.withdraw(2, NOON)
    store.inbox.move_unplaced("water", (REVIEW,), "rules", NOON)
    assert list_keys(store) == []
    assert store.posts.count() == 2


def _fingerprint() -> Fingerprint:
    text = "符合条件的家庭可以申请春季燃气取暖补贴，城镇户每户每年三百六十元，农村户每户每年四百八十元。"
    return fingerprint(text, "燃气取暖补贴", frozenset())


# habits -------------------------------------------------------------------------------------------------------


def save(store: Store, number: int, at: datetime, *, date: datetime | None = None, step: timedelta = DAY) -> None:
    """So many posts that arrive at once, the last one of `date`, one each `step`."""
    first = store.posts.count()
    posts = [make_post(f"p{first + n}", published=date and date - n * step) for n in range(number)]
    store.posts.save("water", posts, at, FEED)


def load(store: Store, last_read: datetime, now: datetime, days: int = 30) -> FeedHabits | None:
    return store.habits.load_habits("water", FEED, last_read, now, days)


def test_a_feed_without_posts_has_no_habits(store: Store) -> None:
    assert load(store, NOON, NOON + DAY) is None


def test_the_first_reading_tells_by_its_dates(store: Store) -> None:
    save(store, 20, NOON, date=NOON, step=2 * DAY)
    habits = load(store, NOON, NOON + DAY)
    assert habits
    # Sixteen of the twenty are of the last thirty days.
    assert habits.a_day == pytest.approx(16 / 30)
    assert habits.lately == 0
    assert habits.days == 1


def test_a_feed_that_is_younger_than_the_window_is_measured_by_its_age(store: Store) -> None:
    save(store, 11, NOON, date=NOON, step=DAY)
    habits = load(store, NOON, NOON + DAY)
    assert habits
    assert habits.a_day == pytest.approx(11 / 10)


def test_arrivals_count_where_dates_are_wrong(store: Store) -> None:
    save(store, 20, NOON, date=NOON - 900 * DAY, step=timedelta())
    assert load(store, NOON, NOON + DAY) is None
    save(store, 30, NOON + 10 * DAY, date=NOON - 900 * DAY, step=timedelta())
    habits = load(store, NOON + 10 * DAY, NOON + 11 * DAY)
    assert habits
    assert habits.a_day == 3
    # And silence for the whole window is known to be silence.
    silent = load(store, NOON + 50 * DAY, NOON + 51 * DAY)
    assert silent
    assert silent.a_day == 0


def test_a_feed_of_old_posts_is_measured_by_all_of_them(store: Store) -> None:
    save(store, 11, NOON, date=NOON - 900 * DAY, step=DAY)
    habits = load(store, NOON, NOON + DAY)
    assert habits
    assert habits.a_day == pytest.approx(11 / 10)


def test_days_without_a_reading_are_told(store: Store) -> None:
    save(store, 3, NOON, date=NOON)
    habits = load(store, NOON, NOON + 12 * DAY)
    assert habits
    assert habits.days == 12
    soon = load(store, NOON, NOON + timedelta(minutes=30))
    assert soon
    assert soon.days == 1


def test_posts_of_the_last_day_are_counted_apart_waiting_ones_too(store: Store) -> None:
    save(store, 10, NOON - 10 * DAY, date=NOON - 10 * DAY)
    before = load(store, NOON, NOON)
    save(store, 2, NOON - timedelta(hours=2), date=NOON - timedelta(hours=2), step=timedelta(hours=1))
    put(store, "r", at=NOON - timedelta(hours=1))
    for number in range(5):
        put(store, f"b{number}", BURST, at=NOON - timedelta(hours=1))
    after = load(store, NOON, NOON)
    assert before
    assert after
    assert (before.lately, after.lately) == (0, 8)
    assert after.a_day == before.a_day


def test_what_waits_is_usual_unless_it_came_in_a_burst(store: Store) -> None:
    save(store, 10, NOON - 10 * DAY, date=NOON - 10 * DAY)
    for number in range(6):
        put(store, f"r{number}", at=NOON - 5 * DAY)
        put(store, f"b{number}", BURST, at=NOON - 5 * DAY)
    habits = load(store, NOON, NOON)
    assert habits
    assert habits.a_day == pytest.approx(16 / 18)


def test_the_last_posts_and_those_known_by_a_name_are_told(store: Store) -> None:
    save(store, 3, NOON, date=NOON)
    assert [one.id for one in store.habits.load_last("water", FEED, 2)] == [3, 2]
    assert store.habits.count_lately("water", FEED, NOON + DAY / 2) == 3
    assert store.habits.count_lately("water", FEED, NOON + DAY) == 0
    known = store.habits.load_known("water", ["p0", "p1", "p9"])
    assert set(known) == {"p0", "p1"}
    assert known["p0"].published == NOON
    store.posts.withdraw(1, NOON)
    assert store.habits.load_known("water", ["p0"])["p0"].content_hash == ""
    assert store.habits.load_known("other", ["p0"]) == {}


def test_an_archive_is_not_what_an_account_posted_last_and_no_feed_is_forgotten_for_another(store: Store) -> None:
    save(store, 2, NOON, date=NOON)
    for feed, key in (("import:old.zip", "old"), ("https://a.cn/other.xml", "other")):
        posts = [make_post(f"{key}{number}") for number in range(3)]
        store.posts.save("water", posts, NOON + DAY, feed)
    assert [one.title for one in store.habits.load_last("water", FEED, 2)] == [
        make_post(key).title for key in ("other2", "other1", "p1", "p0")
    ]


def test_what_waits_is_asked_and_pruned_without_reading_the_posts(store: Store) -> None:
    put(store, "a", at=NOON - timedelta(days=400))
    asked: list[str] = []
    store.inbox._db.set_trace_callback(asked.append)
    store.inbox.load_notes()
    store.inbox.prune(NOON)
    store.inbox._db.set_trace_callback(None)
    for question in asked:
        plan = " ".join(row[3] for row in store.inbox._db.execute(f"EXPLAIN QUERY PLAN {question}"))
        assert "SCAN inbox" not in plan.replace("SCAN inbox USING COVERING INDEX", ""), plan
    assert list_keys(store) == []


def test_when_a_feed_was_last_read_is_when_it_last_answered(store: Store) -> None:
    assert store.habits.find_last_read("water", FEED) is None
    store.feeds.record(FeedMemory("water", FEED), "failed", NOON)
    assert store.habits.find_last_read("water", FEED) is None
    store.feeds.record(FeedMemory("water", FEED), "updated", NOON)
    store.feeds.record(FeedMemory("water", FEED), "failed", NOON + DAY)
    assert store.habits.find_last_read("water", FEED) == NOON
