"""Dates that stand for themselves: RFC 822 and 3339, and what Chinese systems print.

A small regular grammar of our own: general parsers read 2026/9/1 as January, CST as Chicago's time and epoch
seconds as a year. What the grammar does not know is no date, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from aggregator.dates.numerals import respell_numbers

SHANGHAI = timezone(timedelta(hours=8), "CST")
"""Beijing time. Fixed, because there has been no summer time since 1991 and Windows has no zone files."""

EARLIEST_YEAR = 1990
LATEST_AHEAD = timedelta(days=2)
"""How far ahead of the clock a date may lie: servers' clocks are wrong, but nobody sends next week's posts."""

_LONGEST = 100

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# RFC 822 section 5 and what mail and feeds use besides; hours east of Greenwich. These are Chinese feeds: CST is
# China's, not Chicago's.
_ZONES: dict[str, float] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "cst": 8, "bjt": 8, "hkt": 8, "sgt": 8, "asia/shanghai": 8, "asia/hong_kong": 8, "prc": 8, "北京时间": 8,
    "jst": 9, "kst": 9, "ist": 5.5, "msk": 3,
    "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "aest": 10, "aedt": 11,
}  # fmt: skip

WEEKDAY = r"(?:[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?)"
_NIGHT = ("晚上", "晚间", "夜晚", "夜里", "夜间", "深夜", "半夜", "午夜", "晚", "夜")
_MORNING = ("凌晨", "清晨", "清早", "早上", "早晨", "早间", "上午", "早", "晨")
_NOON = ("中午", "正午", "午间")
_AFTERNOON = ("下午", "午后", "傍晚", "黄昏")
_PART_OF_DAY = "|".join((*_NIGHT, *_MORNING, *_NOON, *_AFTERNOON))
_HALF = rf"(?P<half>{_PART_OF_DAY}|[ap]\.?m\.?)"
_TIME = (
    rf"(?:{_HALF}\s*)?(?P<hour>\d{{1,2}})(?:[:时点]\s*(?P<minute>\d{{1,2}})?)"
    r"(?:[:分]\s*(?P<second>\d{1,2})?(?:[.,](?P<fraction>\d{1,9}))?秒?)?"
    rf"(?:\s*{_HALF.replace('half', 'half2')})?"
)
# Go repeats the zone's name after the offset: +0800 CST.
_OFFSET = r"(?:(?:utc|gmt)?\s*(?P<sign>[+-])(?P<zhour>\d{1,2})(?::?(?P<zminute>\d{2}))?(?:\s+[a-z]{2,5})?)"
_NAME = rf"(?P<zone>{'|'.join(sorted(map(re.escape, _ZONES), key=len, reverse=True))})"
_ZONE = rf"(?:\[?(?:{_OFFSET}|{_NAME})\]?(?:\s*[\[(][^\])]{{1,40}}[\])])?)"
CLOCK = rf"(?:(?:\s*t\s*|[\s,]*){_TIME})?(?:\s*{_ZONE})?"

_MONTH_NAME = r"(?P<month>[a-z]{3,9}\.?|\d{1,2}月)"
_GRAMMAR = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        # 2026-09-01T08:30:00+08:00, 2026/9/1 8:30, 2026年9月1日 星期二 上午8点30分
        rf"(?P<year>\d{{4}})\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*[日号]?"
        rf"(?:[\s,]*{WEEKDAY})?{CLOCK}",
        # Tue, 01 Sep 2026 08:30:00 +0800
        rf"(?:{WEEKDAY},?\s*)?(?P<day>\d{{1,2}})[\s-]+{_MONTH_NAME},?[\s-]+(?P<year>\d{{4}}|\d{{2}}){CLOCK}",
        # Tue Sep 01 2026 08:30:00 GMT+0800 (中国标准时间), Sep 1, 2026 8:30 AM
        rf"(?:{WEEKDAY},?\s*)?{_MONTH_NAME}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){CLOCK}",
        # Tue Sep 01 08:30:00 CST 2026, as Java and C print it
        rf"{WEEKDAY}\s+{_MONTH_NAME}\s+(?P<day>\d{{1,2}})\s+{_TIME}(?:\s+{_ZONE})?\s+(?P<year>\d{{4}})",
        # 20260901, 202609010830, 20260901083000
        r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>z)?)?",
    )
)
_PREFIX = re.compile(r"^(?:(?:发布|发表|发稿|更新|创建|上传|公开|公布)?(?:时间|日期)|(?:发布|发表|更新)于)\s*:?\s*")
_TAIL = re.compile(rf"(?<=[\d日号时点分秒])[\s,]*{WEEKDAY}$|(?<=[日号天一二三四五六)])\s*(?:{_PART_OF_DAY})$")
"""What tells nothing more: the weekday behind a time, the part of a day whose hour is not said."""
_OPENING, _CLOSING = "[(【", "])】"
"""Around the dates of lists."""
_EPOCH = {10: 1, 13: 1_000, 16: 1_000_000}
"""Digits of an epoch stamp -> how many of its units make a second."""
_EVENING = 5
"""The hour from which 晚上 is the evening, not the small hours."""
_EPOCH_TEXT = re.compile(r"(\d{10,16})(?:\.\d+)?", re.ASCII)


def parse_date(text: str, *, now: datetime) -> datetime | None:
    """Read a date; the result is aware. A time without a zone is Beijing's; a day without a time is its midnight.

    None for what is no whole date (a month alone, "3小时前"), and for what cannot be true: before 1990, or more
    than two days after `now`.
    """
    moment = _read_date(text[: _LONGEST + 1])
    return moment if moment is not None and _is_plausible(moment, now) else None


@lru_cache(maxsize=1024)
def _read_date(text: str) -> datetime | None:
    """Of at most so much text; a draft's dates are asked for again and again."""
    cleaned = clean_text(text)
    return _read_epoch(cleaned) or _read_calendar(cleaned)


def clean_text(text: str) -> str:
    """One spelling of digits and punctuation, without a label such as 发布时间：; "" for what is too long."""
    cleaned = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).strip()
    if len(cleaned) > _LONGEST:
        return ""
    if cleaned[-1:] in _CLOSING and cleaned[:1] in _OPENING:
        cleaned = cleaned[1:-1].strip()
    if cleaned.isascii():
        return cleaned
    # The ratio sign stands for a colon in print.
    return _TAIL.sub("", respell_numbers(_PREFIX.sub("", cleaned.replace("\u2236", ":"))))


def _is_plausible(moment: datetime, now: datetime) -> bool:
    return moment.year >= EARLIEST_YEAR and moment <= now + LATEST_AHEAD


def _read_epoch(text: str) -> datetime | None:
    match = _EPOCH_TEXT.fullmatch(text)
    units = _EPOCH.get(len(match.group(1))) if match else None
    if match is None or units is None:
        return None
    return datetime.fromtimestamp(int(match.group(1)) // units, UTC)


def _read_calendar(text: str) -> datetime | None:
    for pattern in _GRAMMAR:
        match = pattern.fullmatch(text)
        if match is not None:
            return _build(match.groupdict())
    return None


def _build(parts: dict[str, str | None]) -> datetime | None:
    month = _read_month(parts["month"] or "")
    if month is None:
        return None
    return read_moment(parts, _read_year(parts["year"] or ""), month, int(parts["day"] or 0))


def read_moment(parts: dict[str, str | None], year: int, month: int, day_of_month: int) -> datetime | None:
    """That day at the time that the groups of `CLOCK` say; None when there is no such day or time."""
    hour, days = _read_hour(int(parts["hour"] or 0), parts.get("half") or parts.get("half2") or "")
    minute = int(parts.get("minute") or 0)
    # A leap second, 60, is shown as 59; midnight may be written 24:00.
    second = min(int(parts.get("second") or 0), 59)
    microsecond = int((parts.get("fraction") or "0").ljust(6, "0")[:6])
    if hour == 24 and minute == 0:
        hour, days = 0, 1
    try:
        zone = _read_zone(parts)
        day = datetime(year, month, day_of_month, hour, minute, second, microsecond, zone)
        return day + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def _read_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    # POSIX: 69 to 99 are the last century's.
    return year + (1900 if year >= 69 else 2000)


def _read_month(text: str) -> int | None:
    digits = text.removesuffix("月")
    if digits.isdigit():
        return int(digits)
    name = text.lower()[:3]
    return _MONTHS.index(name) + 1 if name in _MONTHS else None


def _read_hour(hour: int, half: str) -> tuple[int, int]:
    """(hour, days later): 晚上12点 is the midnight that ends the day, 晚上1点 is not one in the afternoon."""
    mark = half.lower().replace(".", "")
    if mark in _NIGHT and hour == 12:
        return 0, 1
    if hour < 12 and (mark in _AFTERNOON or mark == "pm" or (mark in _NIGHT and hour >= _EVENING)):
        return hour + 12, 0
    if mark in _NOON and hour < 3:
        return hour + 12, 0
    if mark in ("am", "上午", "凌晨") and hour == 12:
        return 0, 0
    return hour, 0


def _read_zone(parts: dict[str, str | None]) -> timezone:
    if name := parts.get("zone"):
        hours = _ZONES[name.lower()]
        return UTC if hours == 0 else SHANGHAI if hours == 8 else timezone(timedelta(hours=hours))
    if not parts.get("sign"):
        return SHANGHAI
    offset = timedelta(hours=int(parts["zhour"] or 0), minutes=int(parts.get("zminute") or 0))
    # timezone() refuses a whole day and more.
    return timezone(-offset if parts["sign"] == "-" else offset)
