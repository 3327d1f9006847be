"""When one word stands for another of its own kind in a sentence that is the same else: 上旬 for 下旬, A栋 for B栋.

Who posts a notice again shortens it, adds to it, misreads a character; nobody puts the other alternative in.
"""

from __future__ import annotations

import re

from aggregator.facts.content import Content
from aggregator.facts.differ import MIN_SLIPS, Conflict, align_sentences, list_places

LONG_CODE = 4
"""Letters and digits beyond which what stands in another's place is an address or an id and no 「A栋」."""

LONG_NAME = 3
"""Characters of a person's name at most."""

# The commonest family names that are seldom anything else.
_FAMILY_NAMES = (
    "王李张刘陈杨赵黄吴徐孙朱胡郭林罗郑梁谢宋唐韩冯邓曹彭肖董袁潘蔡蒋杜苏魏吕沈姚卢姜崔谭陆汪范廖贾韦邹熊秦邱尹薛闫侯"
    "陶黎贺郝龚邵覃戴莫汤温康施殷赖樊兰翟倪俞"
)
# Of a time, a side, a kind, a rank: what is not the one is the other.
_ALTERNATIVES = (
    "今明后", "早晚午", "春夏秋冬", "上中下", "前后", "东西南北", "左右", "内外", "进出", "升降涨跌", "增减", "开停关",
    "买卖", "男女", "单双", "正副", "大中小初高幼", "红橙黄蓝绿", "甲乙丙丁戊己庚辛", "一二三四五六七八九十",
    _FAMILY_NAMES,
)  # fmt: skip
_DAYS = "今明后"

_KINDS = {
    character: {kind for kind, others in enumerate(_ALTERNATIVES) if character in others}
    for characters in _ALTERNATIVES
    for character in characters
}

_PLACES = frozenset("坊巷弄街村庄寨屯镇乡")
"""What follows the one word in the name of a place that people live in: 东街, 上村."""

_CODE = re.compile("[0-9a-z]+")
_HAN = re.compile("[一-鿿]")
# What a name follows: a boundary, or who somebody is.
_BEFORE_NAME = re.compile("^$|[^一-鿿]|[人员长任师授民生者记事县市区镇乡村校]")
_NAME = re.compile(f"[{_FAMILY_NAMES}][一-鿿]{{1,2}}")


def find_alternatives(shorter: Content, longer: Content) -> tuple[Conflict, ...]:
    """Such words, each with the character that follows it; none in a copy that misread many characters.

    The kind is 「日子」 where each text says of another day of its own that it is 今天, 明天 or 后天; 「地点」 where it
    tells two places with one name apart.
    """
    found: list[Conflict] = []
    slips: set[tuple[str, str]] = set()
    for one, other in align_sentences(shorter, longer):
        for i, j, k, m in list_places(one, other):
            old, new = one[i:j], other[k:m]
            kind = _find_kind(one, other, (i, j, k, m))
            if not kind:
                if len(old) == len(new) == 1 and _HAN.match(old):
                    slips.add((old, new))
                continue
            # With what stands beside it: a list in another order has both words, in both texts.
            here, there = (
                (one[i : j + 1], other[k : m + 1])
                if j < len(one)
                else (one[max(0, i - 1) : j], other[max(0, k - 1) : m])
            )
            if here not in longer.flat and there not in shorter.flat:
                found.append(Conflict(kind, here, there))
    return tuple(found) if len(slips) < MIN_SLIPS else ()


def _find_kind(one: str, other: str, place: tuple[int, int, int, int]) -> str:
    """ "" where the change is none from one alternative to another."""
    i, j, k, m = place
    old, new = one[i:j], other[k:m]
    if not old or not new:
        return ""
    if _CODE.fullmatch(old) and _CODE.fullmatch(new):
        codes = _take_code(one, i), _take_code(other, k)
        return "编号" if all(len(code) <= LONG_CODE and not code.isdigit() for code in codes) else ""
    if old in _DAYS and new in _DAYS:
        return "日子"
    if _are_names(one, other, place):
        return "人物"
    if not _KINDS.get(old, set()) & _KINDS.get(new, set()):
        return ""
    return "地点" if _PLACES.intersection(one[j : j + 2]) and _PLACES.intersection(other[m : m + 2]) else "说法"


def _are_names(one: str, other: str, place: tuple[int, int, int, int]) -> bool:
    """Whether a person's name stands for another's: 李建国, 王建军 or 刘志强 for 王建国."""
    i, j, k, m = place
    if one[i] in _FAMILY_NAMES and other[k] in _FAMILY_NAMES:
        return all(
            _NAME.match(text, start) and end - start <= LONG_NAME for text, start, end in ((one, i, j), (other, k, m))
        )
    for back in range(1, min(i, k, LONG_NAME - 1) + 1):
        first, second = one[i - back : j], other[k - back : m]
        if first[:back] == second[:back] and _NAME.fullmatch(first) and _NAME.fullmatch(second):
            return bool(_BEFORE_NAME.match(one[: i - back][-1:]))
    return False


def _take_code(sentence: str, place: int) -> str:
    """All letters and digits around a place."""
    return next((code.group() for code in _CODE.finditer(sentence) if code.start() <= place < code.end()), "")
