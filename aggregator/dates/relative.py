"""Dates that lean on the moment of reading: 9月1日, 昨天 16:20, 周二, 3小时前. Lists of articles show them so."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from aggregator.dates.calendar import CLOCK, LATEST_AHEAD, SHANGHAI, WEEKDAY, clean_text, read_moment

_DAYS = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2, "大前天": 3}
_WEEKDAYS = "一二三四五六日"
_UNITS = {
    "秒": timedelta(seconds=1),
    "分": timedelta(minutes=1),
    "时": timedelta(hours=1),
    "天": timedelta(days=1),
    "日": timedelta(days=1),
    "周": timedelta(weeks=1),
    "星": timedelta(weeks=1),
}
_JUST_NOW = ("刚刚", "刚才", "just now")

_AGO = re.compile(
    r"(?P<count>\d{1,3}|半|一|两)\s*个?\s*(?P<unit>秒钟?|分钟?|小时|钟头|天|日|周|星期)\s*(?:之|以)?前", re.ASCII
)
_SHORT = re.compile("([今昨前])([早晨晚夜])")
"""昨晚 is 昨天晚."""
_RELATIVE_DAY = re.compile(rf"(?P<name>{'|'.join(_DAYS)}){CLOCK}", re.IGNORECASE | re.ASCII)
_DAY_OF_WEEK = re.compile(
    rf"(?P<last>上个?)?(?:星期|周|礼拜)(?P<name>[一二三四五六日天]){CLOCK}", re.IGNORECASE | re.ASCII
)
_DAY_OF_YEAR = re.compile(
    r"(?:(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?|(?P<month2>\d{1,2})[-/](?P<day2>\d{1,2}))"
    rf"(?:[\s,]*{WEEKDAY})?{CLOCK}",
    re.IGNORECASE | re.ASCII,
)


def infer_date(text: str, *, now: datetime) -> datetime | None:
    """Read a date that is relative to `now`; the result is aware and never more than two days ahead of it.

    A day without a time is its midnight in Beijing. None for what is no such date.
    """
    cleaned = _SHORT.sub(lambda match: f"{match[1]}天{match[2]}", clean_text(text))
    here = now.astimezone(SHANGHAI)
    if cleaned in _JUST_NOW:
        return here.replace(microsecond=0)
    if match := _AGO.fullmatch(cleaned):
        return _read_ago(match, here)
    if match := _RELATIVE_DAY.fullmatch(cleaned):
        day = here - timedelta(days=_DAYS[match["name"]])
        return read_moment(match.groupdict(), day.year, day.month, day.day)
    if match := _DAY_OF_WEEK.fullmatch(cleaned):
        return _read_day_of_week(match, here)
    if match := _DAY_OF_YEAR.fullmatch(cleaned):
        return _read_day_of_year(match, here)
    return None


def _read_ago(match: re.Match[str], here: datetime) -> datetime:
    unit = _UNITS["时" if match["unit"] in ("小时", "钟头") else match["unit"][0]]
    count = {"半": 0.5, "一": 1, "两": 2}.get(match["count"]) or int(match["count"])
    moment = here - count * unit
    if unit >= timedelta(days=1):
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment.replace(microsecond=0)


def _read_day_of_week(match: re.Match[str], here: datetime) -> datetime | None:
    """The last such day that has come; 上周 means the week before this one."""
    wanted = _WEEKDAYS.index(match["name"].replace("天", "日"))
    if match["last"]:
        day = here - timedelta(days=here.weekday() + 7 - wanted)
    else:
        day = here - timedelta(days=(here.weekday() - wanted) % 7)
    moment = read_moment(match.groupdict(), day.year, day.month, day.day)
    return moment - timedelta(days=7) if moment is not None and moment > here else moment


def _read_day_of_year(match: re.Match[str], here: datetime) -> datetime | None:
    month, day = int(match["month"] or match["month2"]), int(match["day"] or match["day2"])
    # Eight years back there is a 29 February in any case.
    for year in range(here.year + 1, here.year - 9, -1):
        moment = read_moment(match.groupdict(), year, month, day)
        if moment is not None and moment <= here + LATEST_AHEAD:
            return moment
    return None
