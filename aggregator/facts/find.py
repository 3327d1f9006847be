"""The facts that a sentence states, spelled alike however they were typed.

上午8点, 8时 and 8:00 are one time, 二月三日 and 02月03日 one date, [2026]12号 and 〔2026〕12号 one document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

Kind = Literal["文号", "日期", "时间", "电话", "序号", "级别", "星期", "数字"]


_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}


class Fact(NamedTuple):
    kind: Kind
    text: str
    """As staff read it, and spelled alike: 2026年9月1日, 8:00, 〔2026〕12号."""


# Longest first: a 文号 and a date are one fact each, not three numbers.
_FACT = re.compile(
    r"(?P<文号>[〔\[(（【]\d{4}[〕\])）】]\s*第?\s*\d+\s*号)"
    r"|(?P<日期>(?:\d{4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*[日号]"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|\d{4}\s*年(?:\s*\d{1,2}\s*月)?|\d{1,2}月份?|\d{1,2}日)"
    r"|(?P<电话>\d{3,4}-\d{7,8}|1\d{10}(?!\d))"
    r"|(?P<时间>(?:上午|下午|傍晚|晚上?|凌晨|早上?|中午)?\s*\d{1,2}\s*"
    r"(?::\s*\d{2}(?!\d)|[时点]半|[时点]整?(?:\s*\d{1,2}\s*分)?))"
    r"|(?P<条款>第\s*\d+\s*[条章节款项页])"
    r"|(?P<序号>第\s*\d+\s*[次届号期批周轮卷版集季]?)"
    # NFKC has made III of Ⅲ.
    r"|(?P<级别>[蓝黄橙红]色(?:预警|警报)?|(?:iv|i{1,3}|[一二三四])级(?:应急)?(?:响应|预警))"
    r"|(?P<星期>(?:周|星期|礼拜)[一二三四五六日天](?![一-鿿]?[年岁级]))"
    # 3万元 is not 3千元, and is 30000元; but the 千 of 千瓦 is its unit's.
    r"|(?P<数字>(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s*(?:[百万亿]|千(?![瓦伏米克卡帕焦安赫]))+)?)"
)

# All facts but levels and weekdays have a digit.
_HINT = re.compile(r"[\d色级周期拜]")

_DIGITS = dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
# Where Han numerals are a number and not a word (一次, 一点): ordinals, dates, years, hours of the day.
_HAN = "[〇零一二三四五六七八九十百]"
_NUMERALS = re.compile(
    rf"第{_HAN}{{1,5}}|{_HAN}{{1,3}}次会议|{_HAN}{{1,3}}月{_HAN}{{1,3}}日|{_HAN}{{4}}年(?:{_HAN}{{1,3}}月)?"
    rf"|(?:上午|下午|晚上?|凌晨|早上?){_HAN}{{1,3}}[时点]"
    # What is counted in notices, and numbered: 三千元, 五号楼, 二号线. Not 一 by itself: 一天, 一名 are words.
    rf"|[〇零一二两三四五六七八九十百千]{{2,6}}(?=万?[元户名吨])|[二两三四五六七八九](?=万?元)|一(?=万元)"
    rf"|{_HAN}{{1,3}}(?=号(?:楼|线|院|门|桥|井|厂|车间))"
)
_NUMERAL = re.compile("[〇零一二两三四五六七八九十百千]+")

# 1月27日与28日, 3日至5日: the month is said once.
_SAME_MONTH = re.compile(r"(\d{1,2}\s*月)(\s*\d{1,2}\s*日?\s*[-—~至到和与、及]\s*)(?=\d{1,2}\s*日)")
_ZEROS = {"百": 2, "千": 3, "万": 4, "亿": 8}
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")

_AFTERNOON = ("下午", "傍晚", "晚")
_NOON = 12


@lru_cache(maxsize=8192)
def find_facts(sentence: str) -> frozenset[Fact]:
    """Dates, times, document and telephone numbers, ordinals, alert levels, amounts of one simplified sentence."""
    text = _NUMERALS.sub(_write_digits, sentence) if _NUMERAL.search(sentence) else sentence
    # Most sentences state none, and a set of characters is searched many times as fast.
    if not _HINT.search(text):
        return frozenset()
    if "月" in text:
        text = _SAME_MONTH.sub(r"\1\2\1", text)
    return frozenset(_read_facts(text))


def _read_facts(text: str) -> Iterator[Fact]:
    for found in _FACT.finditer(text):
        # Not the article of a law: it is where something stands, not what it says.
        kind = _KINDS.get(found.lastgroup or "")
        if kind:
            yield Fact(kind, _spell(kind, "".join(found.group().split())))


def _spell(kind: Kind, text: str) -> str:
    # Not by int(), which refuses more than 4300 digits.
    numbers = [one.lstrip("0") or "0" if one.isdigit() else one for one in _NUMBERS.findall(text)]
    if kind == "文号":
        return f"〔{numbers[0]}〕{numbers[1]}号"
    if kind == "日期":
        return _spell_date(text, numbers)
    if kind == "时间":
        return _spell_time(text, [int(one) for one in numbers])
    if kind == "序号":
        return f"第{numbers[0]}{text[-1] if not text[-1].isdigit() else ''}"
    if kind == "星期":
        return f"周{text[-1].replace('天', '日')}"
    if kind == "数字":
        return _spell_number(text.replace(",", ""))
    return text


def _spell_number(text: str) -> str:
    digits = text.rstrip("百千万亿")
    whole, _, part = digits.partition(".")
    zeros = sum(_ZEROS[unit] for unit in text[len(digits) :])
    whole, part = whole + part[:zeros].ljust(zeros, "0"), part[zeros:].rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def _spell_date(text: str, numbers: list[str]) -> str:
    if "年" not in text and "月" not in text and "日" not in text:
        # Not `numbers`: to them, 2026.11.20 begins with an amount.
        year, month, day = (int(one) for one in re.findall(r"\d+", text))
        return f"{year}年{month}月{day}日"
    units = [unit for unit in "年月日" if unit in text.replace("号", "日")]
    return "".join(f"{number}{unit}" for number, unit in zip(numbers, units, strict=False))


def _spell_time(text: str, numbers: list[int]) -> str:
    hour = numbers[0]
    if text.startswith(_AFTERNOON) and hour < _NOON:
        hour += _NOON
    minute = 30 if "半" in text else numbers[1] if len(numbers) > 1 else 0
    return f"{hour}:{minute:02}"


def _write_digits(found: re.Match[str]) -> str:
    return _NUMERAL.sub(lambda numeral: str(_read_numeral(numeral.group())), found.group())


def _read_numeral(numeral: str) -> int:
    """二十三 is 23, 一百零五 is 105, 三千 is 3000, 二〇二六 is 2026."""
    if not set(numeral) & set("十百千"):
        return int("".join(str(_DIGITS[one]) for one in numeral))
    total = 0
    thousands, found, numeral = numeral.rpartition("千")
    if found:
        total += 1000 * _DIGITS.get(thousands[-1:], 1)
    hundreds, found, rest = numeral.rpartition("百")
    if found:
        total += 100 * (_DIGITS.get(hundreds[-1:], 1))
    tens, found, ones = rest.rpartition("十")
    if found:
        return total + 10 * _DIGITS.get(tens[-1:], 1) + _DIGITS.get(ones[-1:], 0)
    return total + _DIGITS.get(rest[-1:], 0)


def states(facts: frozenset[Fact], fact: Fact) -> bool:
    """Whether one of the facts says it, or as much of it as is said: 8月12日 where 2026年8月12日 was asked for."""
    if fact in facts:
        return True
    if fact.kind != "日期":
        return False
    asked = _read_date(fact.text)
    return any(_agree(asked, _read_date(other.text)) for other in facts if other.kind == "日期")


@lru_cache(maxsize=8192)
def _read_date(text: str) -> dict[str, str]:
    return {unit: number for number, unit in re.findall(r"(\d+)([年月日])", text)}


def _agree(asked: dict[str, str], other: dict[str, str]) -> bool:
    finest = "日" if "日" in asked else "月" if "月" in asked else "年"
    return finest in other and all(other.get(unit, number) == number for unit, number in asked.items())
