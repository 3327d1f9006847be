"""Numbers in Chinese characters within dates, written in digits: 二〇二六年九月一日上午九时三十分, 晚上八点半."""

from __future__ import annotations

import re

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"两": 2}
# What stands for 〇 where a keyboard or a font does not have it: circles, letters of three scripts, the digit.
_ZEROS = "〇零○◯⚪⭕OoΟοОо0"
_HAN = "一二两三四五六七八九十廿卅〇零"

_YEAR = re.compile(rf"[{_ZEROS}一二三四五六七八九\d]{{4}}(?=\s*年)", re.ASCII)
# What stands before a unit; minutes need none. The 二 of 星期二十时 is the weekday's.
_NUMBER = re.compile(
    rf"(?<![期周拜])[{_ZEROS}{_HAN}]{{1,3}}(?=\s*(?:[月日号天周时点分秒刻]|小时))|(?<=[时点])[{_HAN}]{{1,3}}"
)
_PART = re.compile(r"(?<=[时点])(?:半|([123])刻)")
_ABOUT = re.compile(r"(?<=[\d时点分秒])(?:钟(?!头)|整|许|左右)+|(?<=[日号])起$")


def respell_numbers(text: str) -> str:
    """The text with its date and its time in digits, to the minute; what they do not cover stays as it is."""
    text = _YEAR.sub(lambda match: "".join(map(_read_digit, match[0])), text, count=1).replace("元月", "1月")
    text = _NUMBER.sub(lambda match: _read(match[0]), text)
    text = _PART.sub(lambda match: f"{15 * int(match[1] or 2)}分", text)
    return _ABOUT.sub("", text)


def _read(text: str) -> str:
    """A number below a hundred: 九, 十二, 二十一, 廿一, 〇五, 一〇."""
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    digits = "".join(map(_read_digit, ones))
    return str(int(_read_digit(tens or "一")) * 10 + int(digits or 0)) if ten else digits


def _read_digit(char: str) -> str:
    return char if char.isdigit() else str(_DIGITS.get(char, 0))
