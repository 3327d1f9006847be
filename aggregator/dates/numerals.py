"""Numbers in Chinese characters within dates, written in digits: 二〇二六年九月一日上午九时三十分, 晚上八点半."""

from __future__ import annotations

import re

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
# What stands for 〇 where a keyboard or a font does not have it: circles, letters of three scripts, the digit.
_ZEROS = "〇零○◯⚪OoΟοОо0"
_NUMBER = f"[{_ZEROS}一二两三四五六七八九十廿卅]{{1,3}}"
_PARTS = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0, "许": 0}

# As official documents are signed: 二〇二六年九月一日. A year alone may be in digits.
_DATE = re.compile(
    rf"(?:(?P<year>[{_ZEROS}一二三四五六七八九]{{4}}|\d{{4}})年\s*)?(?P<month>{_NUMBER})月\s*(?P<day>{_NUMBER})[日号]"
)
_TIME = re.compile(rf"(?P<hour>\d{{1,2}}|{_NUMBER})\s*[点时](?:(?P<part>{'|'.join(_PARTS)})|(?P<minute>{_NUMBER})分?)?")


def respell_numbers(text: str) -> str:
    """The text with its date and its time in digits; what they do not cover stays as it is."""
    return _TIME.sub(_respell_time, _DATE.sub(_respell_date, text, count=1), count=1)


def _respell_date(match: re.Match[str]) -> str:
    year = "".join(one if one.isdigit() else str(_DIGITS.get(one, 0)) for one in match["year"] or "")
    return f"{year}{'年' if year else ''}{_read(match['month'])}月{_read(match['day'])}日"


def _respell_time(match: re.Match[str]) -> str:
    hour, part, minute = match["hour"], match["part"], match["minute"]
    if hour.isdigit() and not (part or minute):
        return match[0]
    number = int(hour) if hour.isdigit() else _read(hour)
    if part or minute:
        return f"{number}:{_PARTS[part] if part else _read(minute):02}"
    return f"{number}时"


def _read(text: str) -> int:
    """A number below a hundred: 九, 十二, 二十一, 廿一, 〇五."""
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones.lstrip(_ZEROS), 0)
