"""Dates as feeds and staff write them, and the traps that general parsers fall into."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dates import LATEST_AHEAD, SHANGHAI, infer_date, parse_date

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HALF_PAST_EIGHT = datetime(2026, 9, 1, 8, 30, tzinfo=SHANGHAI)
EPOCH_1991, EPOCH_2026 = 662_688_000, 1_790_000_000
MIDNIGHT = datetime(2026, 9, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 01 Sep 2026 08:30:00 +0800",
        "Tue, 01 Sep 2026 00:30:00 GMT",
        "Tue, 1 Sep 26 00:30 UT",
        "01 Sep 2026 08:30:00 CST",
        "Tue, 01 Sep 2026 08:30:00 CST",
        "Tue Sep 01 08:30:00 CST 2026",
        "Tue Sep 01 2026 08:30:00 GMT+0800 (中国标准时间)",
        "Mon, 31 Aug 2026 20:30:00 EDT",
        "星期二, 01 九月 2026 08:30:00 +0800",
        "周二, 01 9月 2026 08:30:00 +0800",
        "Sep 1, 2026 8:30 AM",
        "2026-09-01T08:30:00+08:00",
        "2026-09-01T00:30:00Z",
        "2026-09-01T00:30:00.000Z",
        "2026-09-01t08:30",
        "2026-09-01 08:30:00 +0800 CST",
        "2026-09-01 08:30",
        "2026/9/1 8:30",
        "2026.9.1 8:30:00",
        "2026年9月1日 8:30",
        "2026年9月1日8时30分",
        "2026年09月01日 上午8点30分",
        "2026年9月1日（星期二）8:30",
        "２０２６年９月１日　８：３０",
        "发布时间：2026-09-01 08:30",
        "20260901083000",
        "202609010830",
        "1788222600",
        "1788222600000",
    ],
)
def test_half_past_eight_on_the_first_of_september_in_many_spellings(text):
    assert parse_date(text, now=NOW) == HALF_PAST_EIGHT


@pytest.mark.parametrize(
    "text",
    [
        "2026年9月1日",
        "2026/9/1",
        "2026-09-01",
        "20260901",
        "1 Sep 2026",
        "2026-09-01+08:00",
        "2026-08-31 24:00",
        "2026年9月1日起",
        "2026年9月1日上午",
        "[2026-09-01]",
    ],
)
def test_a_day_without_a_time_is_its_midnight_in_beijing(text):
    assert parse_date(text, now=NOW) == MIDNIGHT


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("下午3:30", 15),
        ("晚上8:00", 20),
        ("中午12:00", 12),
        ("中午1:00", 13),
        ("凌晨12:30", 0),
        ("12:30 AM", 0),
        ("12:30 p.m.", 12),
        ("3:30 PM", 15),
    ],
)
def test_halves_of_the_day_are_understood(text, hour):
    date = parse_date(f"2026-09-01 {text}", now=NOW)
    assert date is not None
    assert date.hour == hour


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Invalid Date",
        "3小时前",
        "昨天 08:30",
        "2026",
        "2026-09",
        "9月1日",
        "2026-13-01",
        "2026-02-30",
        "2026-09-01 25:00",
        "2026-09-01 08:61",
        "2026-09-01T08:30:00+99:00",
        "Tue, 01 Foo 2026 08:30:00 GMT",
        "x" * 5000,
        "12345",
        "2026-09-01 的通知",
        "九月一日至三日",
        "二〇二六年九月",
        "二〇二六年九月三十一日",
    ],
)
def test_what_is_no_whole_date_is_none(text):
    assert parse_date(text, now=NOW) is None


@pytest.mark.parametrize(
    "text", ["1970-01-01", "1989-12-31 23:00", "0001-01-01T00:00:00Z", "2026-11-25", "2099-01-01", "0000000000"]
)
def test_what_cannot_be_true_is_none(text):
    assert parse_date(text, now=NOW) is None


def test_two_days_ahead_are_a_wrong_clock_and_allowed():
    assert parse_date("2026-11-23 08:00", now=NOW) is not None


@given(st.integers(EPOCH_1991, EPOCH_2026), st.integers(0, 999_999), st.integers(-12, 14))
def test_every_iso_date_comes_back(seconds, micros, hours):
    aware = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours))).replace(microsecond=micros)
    assert parse_date(aware.isoformat(), now=NOW) == aware


@given(st.text(max_size=120))
def test_no_text_raises(text):
    date = parse_date(text, now=NOW)
    assert date is None or date.tzinfo is not None


@pytest.mark.parametrize(
    "text",
    [
        "二〇二六年九月一日 8:30",
        "二○二六年九月一日 上午8时30分",
        "二零二六年九月一日（星期二）8:30",
        "２０２６年９月１日　上午８：３０",
        "2026年9月1日 上午 8:30",
        "1788222600.0",
    ],
)
def test_dates_as_official_documents_and_full_width_systems_write_them(text):
    assert parse_date(text, now=NOW) == HALF_PAST_EIGHT


@pytest.mark.parametrize("zero", "〇零○◯OoΟοОо0０")
def test_a_zero_of_an_official_date_in_whatever_a_keyboard_has(zero):
    assert parse_date(f"二{zero}二六年九月一日 8:30", now=NOW) == HALF_PAST_EIGHT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("清晨6点", (2026, 9, 1, 6)),
        ("早8:30", (2026, 9, 1, 8, 30)),
        ("上午九时三十分", (2026, 9, 1, 9, 30)),
        ("十点整", (2026, 9, 1, 10)),
        ("8时许", (2026, 9, 1, 8)),
        ("8点一刻", (2026, 9, 1, 8, 15)),
        ("中午12点半", (2026, 9, 1, 12, 30)),
        ("午后3点", (2026, 9, 1, 15)),
        ("下午三点三刻", (2026, 9, 1, 15, 45)),
        ("晚8点", (2026, 9, 1, 20)),
        ("晚上八点半", (2026, 9, 1, 20, 30)),
        ("深夜11点", (2026, 9, 1, 23)),
        ("二十三时五分", (2026, 9, 1, 23, 5)),
        ("晚上12点", (2026, 9, 2)),
        ("夜里12点30分", (2026, 9, 2, 0, 30)),
        ("半夜12点", (2026, 9, 2)),
        ("24时", (2026, 9, 2)),
        ("凌晨零点五分", (2026, 9, 1, 0, 5)),
        ("深夜1点", (2026, 9, 1, 1)),
        ("08时05分", (2026, 9, 1, 8, 5)),
        ("8点零5分", (2026, 9, 1, 8, 5)),
        ("九点十五", (2026, 9, 1, 9, 15)),
        ("上午九时三十分二十秒", (2026, 9, 1, 9, 30, 20)),
        ("8时30分许", (2026, 9, 1, 8, 30)),
        ("8:30左右", (2026, 9, 1, 8, 30)),
        ("8∶30", (2026, 9, 1, 8, 30)),
        ("清早6点", (2026, 9, 1, 6)),
        ("黄昏6点", (2026, 9, 1, 18)),
        ("夜11时", (2026, 9, 1, 23)),
        ("8:30 星期二", (2026, 9, 1, 8, 30)),
        ("8:30北京时间", (2026, 9, 1, 8, 30)),
        ("上午", (2026, 9, 1)),
    ],
)
def test_times_as_people_say_them(text, expected):
    """晚上12点 is the midnight that ends the day."""
    for day in ("2026年9月1日", "2026年9月1日 ", "二〇二六年九月一日", "2026年9月1日（星期二）"):
        assert parse_date(day + text, now=NOW) == datetime(*expected, tzinfo=SHANGHAI)
    assert infer_date(f"9月1日{text}", now=NOW) == datetime(*expected, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text",
    [
        "2026年九月一日 8:30",
        "二〇二六年〇九月〇一日 8:30",
        "2O26年9月1日8时30分",
        "2026年9月1日星期二八时三十分",
        "[2026-09-01 08:30]",
        "（2026年9月1日 8:30）",
        "【2026-09-01 08:30】",
        "发稿时间：2026-09-01 08:30",
        "发布时间 2026-09-01 08:30",
        "发布于2026-09-01 08:30",
    ],
)
def test_dates_as_lists_and_hasty_writers_write_them(text):
    assert parse_date(text, now=NOW) == HALF_PAST_EIGHT


@pytest.mark.parametrize(("text", "hour"), [("星期二十时", 10), ("星期二二十时", 20), ("周二十二时", 12)])
def test_a_weekday_is_no_part_of_the_hour_behind_it(text, hour):
    assert parse_date(f"2026年9月1日{text}", now=NOW) == datetime(2026, 9, 1, hour, tzinfo=SHANGHAI)


def spell(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    if not tens:
        return digits[ones]
    return f"{'' if tens == 1 else digits[tens]}十{digits[ones] if ones else ''}"


@given(st.datetimes(datetime(1991, 1, 1), datetime(2026, 11, 21)))  # noqa: DTZ001 - bounds without a zone, as above
def test_every_minute_written_in_hanzi_comes_back(moment):
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(moment.year))
    day = f"{year}年{spell(moment.month)}月{spell(moment.day)}日"
    text = f"{day}{spell(moment.hour)}时{spell(moment.minute)}分"
    assert parse_date(text, now=NOW) == moment.replace(second=0, microsecond=0, tzinfo=SHANGHAI)


@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2026, 11, 21)),  # noqa: DTZ001 - bounds without a zone, as above
    st.sampled_from(["%Y年%m月%d日%H时%M分%S秒", "%Y年%m月%d日 %H点%M分%S秒"]),
    st.sampled_from(["0", ""]),
)
def test_every_second_in_digits_and_units_comes_back(moment, form, zero):
    text = re.sub(r"(?<!\d)0(?=\d)", zero, moment.strftime(form))
    assert parse_date(text, now=NOW) == moment.replace(microsecond=0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [("二〇二六年十月三十一日", 10, 31), ("二〇二六年十一月二十日", 11, 20), ("二〇二六年十月廿一日", 10, 21)],
)
def test_numbers_above_ten_in_hanzi(text, month, day):
    assert parse_date(text, now=NOW) == datetime(2026, month, day, tzinfo=SHANGHAI)


class TestInferred:
    """Read on Sunday, 22 November 2026, at noon in Beijing."""

    now = datetime(2026, 11, 22, 4, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("9月1日", (2026, 9, 1)),
            ("９月１日", (2026, 9, 1)),
            ("9月1日 8:30", (2026, 9, 1, 8, 30)),
            ("9月1日（星期二）晚上8:00", (2026, 9, 1, 20)),
            ("09-01 16:20", (2026, 9, 1, 16, 20)),
            ("12月25日", (2025, 12, 25)),
            ("11月24日", (2026, 11, 24)),
            ("11月25日", (2025, 11, 25)),
            ("2月29日", (2024, 2, 29)),
            ("今天 8:00", (2026, 11, 22, 8)),
            ("昨天 16:20", (2026, 11, 21, 16, 20)),
            ("昨天", (2026, 11, 21)),
            ("前天下午3:30", (2026, 11, 20, 15, 30)),
            ("昨晚8点", (2026, 11, 21, 20)),
            ("昨天晚上八点半", (2026, 11, 21, 20, 30)),
            ("今早8点半", (2026, 11, 22, 8, 30)),
            ("九月一日 8:30", (2026, 9, 1, 8, 30)),
            ("元月1日", (2026, 1, 1)),
            ("昨夜11点", (2026, 11, 21, 23)),
            ("今晨6时", (2026, 11, 22, 6)),
            ("昨天上午", (2026, 11, 21)),
            ("三小时前", (2026, 11, 22, 9)),
            ("两天前", (2026, 11, 20)),
            ("2个钟头前", (2026, 11, 22, 10)),
            ("周二", (2026, 11, 17)),
            ("星期二 8:30", (2026, 11, 17, 8, 30)),
            ("周日", (2026, 11, 22)),
            ("周日 13:00", (2026, 11, 15, 13)),
            ("上周三", (2026, 11, 11)),
            ("3小时前", (2026, 11, 22, 9)),
            ("5分钟前", (2026, 11, 22, 11, 55)),
            ("2天前", (2026, 11, 20)),
            ("半小时前", (2026, 11, 22, 11, 30)),
            ("刚刚", (2026, 11, 22, 12)),
            ("发布时间：昨天 16:20", (2026, 11, 21, 16, 20)),
        ],
    )
    def test_what_leans_on_the_moment_of_reading(self, text, expected):
        assert infer_date(text, now=self.now) == datetime(*expected, tzinfo=SHANGHAI)
        assert parse_date(text, now=self.now) is None

    @pytest.mark.parametrize(
        "text", ["", "13月1日", "2月30日", "16:20", "周八", "明天 8:00", "3小时后", "昨天 25:00", "前天的通知"]
    )
    def test_what_is_no_date_is_none(self, text):
        assert infer_date(text, now=self.now) is None

    def test_the_day_is_beijing_s(self):
        """23:30 in Greenwich on Sunday is Monday morning in Beijing."""
        late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
        assert infer_date("昨天", now=late) == datetime(2026, 11, 22, tzinfo=SHANGHAI)

    @given(
        st.text(max_size=30)
        | st.from_regex(
            r"(昨天|周[一二日]|\d{1,2}月\d{1,2}日|\d{1,3}(小时|天|周)前) ?(\d{1,2}:\d{2})?", fullmatch=True
        ),
        st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    )
    def test_nothing_raises_or_lies_more_than_two_days_ahead(self, text, moment):
        now = moment.replace(tzinfo=UTC)
        date = infer_date(text, now=now)
        assert date is None or (date.tzinfo is not None and date <= now + LATEST_AHEAD)
