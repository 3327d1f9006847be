"""When a feed is asked again and where: what the server says, backoff, permanent redirects, closed feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.hints import read_max_age, read_retry_after
from aggregator.fetch.schedule import (
    DISTRUST_AFTER,
    FIRST_BACKOFF,
    LONGEST_FRESH,
    LONGEST_RETRY,
    MOVE_HOLDS,
    find_held_hosts,
    find_jitter,
    is_due,
    may_adopt,
    plan_next,
)
from aggregator.model import CacheHints, FeedError, FeedMemory, NotModified, Validators

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
URL = "https://rsj.qijiang.gov.cn/feed.xml"
NEW = "https://www.qijiang.gov.cn/rsj/feed.xml"
KNOWN = FeedMemory("rsj", URL, Validators('"v1"'))
HALF_HOUR = timedelta(minutes=30)


def succeed(memory: FeedMemory, now: datetime = NOW, **hints: object) -> FeedMemory:
    return plan_next(memory, NotModified("rsj", memory.url, CacheHints(**hints)), now, 0.5)


def fail(memory: FeedMemory, now: datetime = NOW, jitter: float = 0.5, **hints: object) -> FeedMemory:
    return plan_next(memory, FeedError("rsj", memory.url, "连不上。", None, CacheHints(**hints)), now, jitter)


class TestFreshness:
    def test_a_feed_that_says_nothing_is_due_at_each_run(self):
        planned = succeed(KNOWN)
        assert planned.next_at is None
        assert is_due(planned, NOW)

    def test_a_feed_never_asked_is_due(self):
        assert is_due(FeedMemory("rsj", URL), NOW)

    @pytest.mark.parametrize(
        ("max_age", "ttl", "minutes"), [(3600, None, 60), (None, 90, 90), (3600, 90, 90), (7200, 90, 120), (0, 0, 0)]
    )
    def test_the_longest_of_what_server_and_feed_say_counts(self, max_age: int | None, ttl: int | None, minutes: int):
        planned = succeed(replace(KNOWN, ttl=ttl), max_age=max_age)
        assert (planned.next_at or NOW) == NOW + timedelta(minutes=minutes)
        assert is_due(planned, NOW + timedelta(minutes=minutes))
        assert is_due(planned, NOW + timedelta(minutes=minutes, seconds=-1)) is (minutes == 0)

    def test_a_month_of_a_static_server_is_a_day(self):
        assert succeed(KNOWN, max_age=30 * 86_400).next_at == NOW + LONGEST_FRESH

    def test_a_moment_written_while_the_clock_was_wrong_silences_nobody(self):
        wrong = replace(
            KNOWN, next_at=NOW + timedelta(days=3000), held_host="a.cn", held_until=NOW + timedelta(days=900)
        )
        assert is_due(wrong, NOW)
        assert find_held_hosts([wrong], NOW) == frozenset()

    def test_files_are_always_due(self):
        file = FeedMemory("rsj", "feeds/rsj.xml", ttl=600)
        assert succeed(file).next_at is None
        assert fail(fail(fail(file))).next_at is None
        assert is_due(replace(file, next_at=NOW + HALF_HOUR), NOW)


class TestHeaders:
    @pytest.mark.parametrize(
        ("cache_control", "age", "expires", "seconds"),
        [
            ((), "", "", None),
            (("max-age=600",), "", "", 600),
            (("public, Max-Age=600",), "", "", 600),
            (('private,max-age="600"',), "", "", 600),
            (("public", "max-age=600"), "", "", 600),
            (("max-age=600",), "200", "", 400),
            (("max-age=600",), "900", "", 0),
            (("max-age=600",), "soon", "", 600),
            (("max-age=600",), "", "Tue, 01 Sep 2026 10:00:00 GMT", 600),
            (("max-age=600, no-cache",), "", "", 0),
            (("no-store",), "", "Tue, 01 Sep 2026 10:00:00 GMT", 0),
            (("max-age=-5",), "", "", None),
            (("max-age=" + "9" * 5000,), "", "", None),
            (("s-maxage=600",), "", "", None),
            ((), "", "Tue, 01 Sep 2026 10:00:00 GMT", 7200),
            ((), "", "Tue, 01 Sep 2026 07:00:00 GMT", 0),
            ((), "", "0", 0),
            ((), "", "-1", 0),
        ],
    )
    def test_max_age_and_expires(self, cache_control: tuple[str, ...], age: str, expires: str, seconds: int | None):
        assert read_max_age(cache_control, age, expires, "", NOW) == seconds

    def test_expires_is_measured_by_the_server_s_own_clock(self):
        date, expires = "Sat, 01 Jan 2000 00:00:00 GMT", "Sat, 01 Jan 2000 00:10:00 GMT"
        assert read_max_age((), "", expires, date, NOW) == 600

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("3600", 3600),
            (" 0 ", 0),
            ("Tue, 01 Sep 2026 09:00:00 GMT", 3600),
            ("Tuesday, 01-Sep-26 09:00:00 GMT", 3600),
            ("Tue, 01 Sep 2026 07:00:00 GMT", 0),
            ("", None),
            ("-5", None),
            ("soon", None),
            ("9" * 5000, None),
            ("Tue, 99 Sep 2026 07:00:00 GMT", None),
        ],
    )
    def test_retry_after(self, value: str, seconds: int | None):
        assert read_retry_after(value, "", NOW) == seconds

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_no_header_makes_it_stumble(self, value: str, date: str):
        for seconds in (read_retry_after(value, date, NOW), read_max_age((value,), date, value, date, NOW)):
            assert seconds is None or seconds >= 0


class TestRetries:
    def test_case_11_twenty_failures_back_off_up_to_a_day_and_recover_unaided(self):
        memory, now, waits = KNOWN, NOW, []
        for _ in range(20):
            memory = fail(memory, now)
            waits.append((memory.next_at or now) - now)
            assert memory.closed_at is None
            now = memory.next_at or now + HALF_HOUR
            assert is_due(memory, now)
        assert waits[0] == timedelta()
        assert all(later >= earlier for earlier, later in pairwise(waits))
        assert LONGEST_RETRY * 0.75 <= waits[-1] <= LONGEST_RETRY
        recovered = succeed(memory, now)
        assert (recovered.failures, recovered.next_at) == (0, None)
        assert fail(recovered, now).next_at is None

    def test_the_backoff_doubles(self):
        memory, waits = KNOWN, []
        for _ in range(6):
            memory = fail(memory, jitter=0.0)
            waits.append(((memory.next_at or NOW) - NOW) / FIRST_BACKOFF)
        assert waits == [0, 1, 2, 4, 8, 16]

    def test_feeds_that_failed_together_come_back_apart_and_always_at_the_same_times(self):
        jitters = {find_jitter("rsj", f"https://a.gov.cn/{number}") for number in range(100)}
        assert len(jitters) > 90
        assert all(0 <= jitter <= 1 for jitter in jitters)
        assert find_jitter("rsj", URL) == find_jitter("rsj", URL)
        memory = replace(KNOWN, failures=5)
        assert len({fail(memory, jitter=jitter).next_at for jitter in jitters}) > 90

    @given(st.integers(0, 10**9), st.floats(0, 1), st.integers(0, 10**12) | st.none())
    def test_nothing_is_put_off_for_more_than_a_day(self, failures: int, jitter: float, retry_after: int | None):
        hints = {"retry_after": min(retry_after, 10**9) if retry_after is not None else None, "slow_host": "a.cn"}
        planned = fail(replace(KNOWN, failures=failures), jitter=jitter, **hints)
        assert planned.next_at is None or NOW < planned.next_at <= NOW + LONGEST_RETRY
        assert is_due(planned, NOW + LONGEST_RETRY, find_held_hosts([planned], NOW + LONGEST_RETRY))

    def test_validators_outlive_failures(self):
        assert fail(KNOWN).validators == KNOWN.validators

    def test_retry_after_holds_even_the_first_retry(self):
        planned = fail(KNOWN, retry_after=3600, slow_host="rsj.qijiang.gov.cn")
        assert planned.next_at == NOW + timedelta(hours=1)
        assert not is_due(planned, NOW + timedelta(minutes=59))
        assert is_due(planned, NOW + timedelta(hours=1))

    def test_a_short_retry_after_does_not_shorten_the_backoff(self):
        planned = fail(replace(KNOWN, failures=9), jitter=0.0, retry_after=60, slow_host="a.cn")
        assert planned.next_at == NOW + LONGEST_RETRY
        assert planned.held_until == NOW + timedelta(minutes=1)

    def test_retry_after_holds_the_other_feeds_of_the_host_and_no_others(self):
        slow = fail(KNOWN, retry_after=3600, slow_host="rsj.qijiang.gov.cn")
        held = find_held_hosts([slow], NOW + HALF_HOUR)
        assert not is_due(FeedMemory("b", "https://RSJ.qijiang.gov.cn/other.xml"), NOW + HALF_HOUR, held)
        assert is_due(FeedMemory("c", NEW), NOW + HALF_HOUR, held)
        assert find_held_hosts([slow], NOW + timedelta(hours=1)) == frozenset()
        assert find_held_hosts([succeed(slow)], NOW) == frozenset()


def see_move(memory: FeedMemory, days: float, moved_to: str = NEW) -> FeedMemory:
    return succeed(memory, NOW + timedelta(days=days), moved_to=moved_to)


class TestMoves:
    def test_a_permanent_redirect_is_adopted_after_seven_days(self):
        memory = see_move(KNOWN, 0)
        assert (memory.address, memory.moved_to, memory.moved_since) == ("", NEW, NOW)
        memory = see_move(memory, 6.9)
        assert (memory.address, memory.moved_since) == ("", NOW)
        memory = see_move(memory, 7)
        assert (memory.address, memory.moved_to, memory.moved_since) == (NEW, "", None)
        # Asked there, it redirects no more.
        assert succeed(memory, NOW + timedelta(days=8)).address == NEW

    def test_a_redirect_that_ended_or_changed_begins_anew(self):
        memory = see_move(KNOWN, 0)
        assert succeed(memory).moved_to == ""
        other = see_move(memory, 6, "https://www.qijiang.gov.cn/other.xml")
        assert other.moved_since == NOW + timedelta(days=6)
        assert see_move(other, 8).address == ""

    def test_a_failure_neither_adopts_nor_ends_it(self):
        memory = see_move(KNOWN, 0)
        failed = fail(memory, NOW + timedelta(days=8), moved_to=NEW)
        assert (failed.address, failed.moved_to, failed.moved_since) == ("", NEW, NOW)
        assert see_move(failed, 9).address == NEW

    @pytest.mark.parametrize(
        "target",
        [
            "https://qijiang-feeds.com/feed.xml",
            "https://www.other.gov.cn/feed.xml",
            "https://gov.cn/feed.xml",
            "https://rsj.qijiang.gov.cn.evil.example/feed.xml",
            "http://rsj.qijiang.gov.cn/feed.xml",
        ],
    )
    def test_one_to_another_domain_or_away_from_https_is_held(self, target: str):
        memory = see_move(see_move(KNOWN, 0, target), 30, target)
        assert (memory.address, memory.moved_to, memory.moved_since) == ("", target, NOW)
        assert not may_adopt(URL, target)

    @pytest.mark.parametrize(
        ("url", "target", "same"),
        [
            ("http://a.qijiang.gov.cn/x", "https://b.c.qijiang.gov.cn/y", True),
            ("http://A.Qijiang.gov.cn/x", "http://qijiang.gov.cn:8080/y", True),
            ("http://a.github.io/x", "http://b.github.io/x", False),
            ("http://例子.公司.cn/x", "http://www.例子.公司.cn/x", True),
            ("http://10.0.0.1/x", "http://10.0.0.1/y", True),
            ("http://10.0.0.1/x", "http://10.0.0.2/y", False),
            ("http://intranet/x", "http://intranet/y", True),
            ("http://intranet/x", "http://other/y", False),
        ],
    )
    def test_the_registrable_domain_decides(self, url: str, target: str, same: bool):
        assert may_adopt(url, target) is same

    def test_an_adopted_address_that_fails_gives_way_to_the_registry_s(self):
        memory = replace(KNOWN, address=NEW)
        for number in range(1, DISTRUST_AFTER + 1):
            memory = fail(memory)
            assert memory.address == ("" if number == DISTRUST_AFTER else NEW)

    def test_a_redirect_back_to_the_registry_s_address_ends_the_adoption(self):
        memory = replace(KNOWN, address=NEW)
        memory = see_move(see_move(memory, 0, URL), 7, URL)
        assert (memory.address, memory.moved_to) == ("", "")

    def test_seven_days_are_seven(self):
        assert timedelta(days=7) == MOVE_HOLDS


class TestClosing:
    def test_a_feed_that_is_gone_is_not_asked_again(self):
        closed = fail(KNOWN, gone=True)
        assert closed.closed_at == NOW
        assert not is_due(closed, NOW + timedelta(days=900))

    def test_another_address_in_the_registry_is_another_feed(self):
        assert is_due(FeedMemory("rsj", NEW), NOW)

    def test_asked_by_force_it_opens_when_it_answers_and_stays_closed_when_it_does_not(self):
        closed = fail(KNOWN, gone=True)
        assert fail(closed, NOW + timedelta(days=1)).closed_at == NOW
        assert succeed(closed, NOW + timedelta(days=1)).closed_at is None
