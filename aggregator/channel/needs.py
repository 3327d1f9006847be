"""What in a post residents have to know or to do, and until when. Pure.

The words are those of what must be made public without being asked for:

- 国办发〔2019〕54号, the 26 fields of grass-roots openness: help, pensions, schools, health, work, housing, subsidies;
- 建城规〔2021〕4号, water, gas and heating: planned and sudden interruptions, fees, how to apply;
- 突发事件应对法 (2024), chapter 4: warnings, and what the public is told to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

TOLD = 3
"""Words that are remembered of one post."""

WORDS = (
    *("停水", "停电", "停气", "停暖", "停供", "抢修", "限行", "绕行", "改道", "封闭施工", "交通管制"),
    *("预警", "应急响应", "停课", "停运", "疏散", "避险", "断水", "断电"),
    *("招聘", "招考", "招募", "报名", "招生", "入学", "录取", "培训", "就业"),
    *("补贴", "补助", "救助", "低保", "津贴", "优待", "社保", "医保", "养老", "公积金", "公租房", "保障性住房"),
    *("缴费", "申领", "申请", "办理", "预约", "接种", "体检", "义诊", "征求意见", "公示"),
)
"""In the order in which they are told: first what cannot wait."""

_TERMS = re.compile("|".join(map(re.escape, WORDS)))
_PLACES = {word: place for place, word in enumerate(WORDS)}

_DATE = r"(?:(?P<year>20\d\d)\s*年\s*)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]"
_ACTION = "(?:报名|申[请报领]|征集|征求意见|投稿|缴费|办理|公示|受理|登记|提交|领取|参保)(?:时间|日期|期限|期)?"
_DEADLINES = tuple(
    re.compile(pattern)
    for pattern in (
        # Not 截至11月20日 by itself: so figures are dated.
        rf"(?:截止(?:时间|日期|日)|{_ACTION}[^。;\n]{{0,12}}截[止至])[^。;\n\d]{{0,8}}{_DATE}",
        rf"{_ACTION}[^。;\n]{{0,30}}(?:至|到|-|—|~)\s*{_DATE}",
        rf"{_ACTION}[^。;\n]{{0,30}}?(?P<month>\d{{1,2}})\s*月\s*\d{{1,2}}\s*日?\s*(?:至|到|-|—|~)\s*(?P<day>\d{{1,2}})\s*日",
        rf"{_DATE}(?:\s*\d{{1,2}}[:时点][^。;\n,]{{0,6}})?(?:之|以)?(?:前|截止|止(?!步))",
    )
)
_BEFORE = timedelta(days=60)
"""How far before the post a day without a year may lie: later it is that of the next year."""


def find_needs(title: str, text: str) -> tuple[str, ...]:
    """The first of our words that a post has, those of its headline and of what cannot wait first."""
    found = [sorted(set(_TERMS.findall(one)), key=_PLACES.__getitem__) for one in (title, text)]
    return tuple(dict.fromkeys(word for words in found for word in words))[:TOLD]


def find_deadline(text: str, posted: date) -> date | None:
    """The first day until which something must be done, as of the day the post is of; else the last one gone by."""
    days = sorted(set(_list_deadlines(unicodedata.normalize("NFKC", text), posted)))
    return next((day for day in days if day >= posted), days[-1] if days else None)


def _list_deadlines(text: str, posted: date) -> Iterator[date]:
    for pattern in _DEADLINES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            year, month, day = int(groups.get("year") or posted.year), int(groups["month"]), int(groups["day"])
            try:
                found = date(year, month, day)
                if not groups.get("year") and found < posted - _BEFORE:
                    found = date(year + 1, month, day)
            except ValueError:
                # 11月31日 is a slip, not a day.
                continue
            yield found
