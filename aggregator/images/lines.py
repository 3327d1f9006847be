"""A Chinese title divided into lines of about one length, at the places where a setter would divide it. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Measure = Callable[[str], float]
"""Width of a text."""

ELLIPSIS = "…"

_NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—·～%％‰℃°,.;:?!)]}")
"""What may not begin a line (GB/T 15834-2011, 5.1)."""
_NOT_LAST = frozenset("（《〈「『【〔“‘([{￥$#＃№")
"""What may not end one."""
_WEAK = frozenset("的了着过得地之等们及和与或")
"""What reads badly at the beginning of a line."""

_UNIT = "年月日号时分秒点元万亿%％‰℃°度米吨人户个名次届期岁路条项套"
_ATOM = re.compile(
    rf"[0-9０-９][0-9０-９.,:：/~～—+-]*(?:[A-Za-z]+|[{_UNIT}])?|[A-Za-zÀ-ɏ0-9][A-Za-zÀ-ɏ0-9.,:/&@_'’+#-]*|……|——|\s+|.",
    re.DOTALL,
)
"""What is kept whole: numbers with their unit, Latin words, double marks; else a character."""

# Costs: of a line half empty, 25; what is to be avoided costs more than somewhat uneven lines.
_SLACK = 100.0
_LONE_END = 40.0
_WEAK_START = 12.0
_IN_PHRASE = 10.0
"""Between two Latin words."""
_AFTER_MARK = -6.0

_WORDS = (
    "关于|印发|开展|做好|举办|进一步|通知|通告|公告|公示|通报|意见|办法|规定|条例|细则|方案|措施|解读|问答|指南|流程|"
    "工作|管理|服务|补贴|补助|津贴|申请|申领|办理|受理|登记|备案|报名|招聘会?|招生|招募|征集|座谈会?|活动|会议|培训|"
    "城乡|居民|市民|群众|职工|企业|单位|社区|街道|小区|老年人?|儿童|学生|学校|医院|幼儿园|图书馆|公园|大桥|道路|公交|"
    "地铁|医保|社保|医疗|养老|保险|保障|就业|创业|住房|公租房|公积金|人才|公共|租赁|租房|停水|停电|停气|施工|封闭|"
    "绕行|改造|维修|检修|预警|防范|应急|安全|消防|台风|暴雨|低温|政策|政务|政府|人民|委员会|办公室|管理局|有限公司|"
    "临时|调整|恢复|启动|暂停|延长|公开|实施|推进|提升|发布|全市|全区|全县|春节|国庆|假期|期间|年度|季度|上半年|下半年|"
    "小程序|智慧|家园|缴费|缴存|参保|摇号|直播|快乐|结果|名单|事项|时间|地点|范围|标准|条件|材料|情况|有关|相关|部分"
)
"""Words of which titles of governments consist; a line does not gladly end within one."""

_WHOLES = (
    (re.compile(r"《[^《》]{,12}》"), 60.0),
    (re.compile(r"《[^《》]{13,}》"), 20.0),
    (re.compile(r"“[^“”]*”|（[^（）]*）|「[^「」]*」"), 20.0),
    (re.compile(_WORDS), 15.0),
    (re.compile(r"第[一二三四五六七八九十百0-9]+(?:季度|.)"), 15.0),
)
"""What had better not be divided, and what it costs."""


@dataclass(frozen=True, slots=True)
class Division:
    """A title in lines."""

    lines: tuple[str, ...]
    cost: float
    """The less the better; to be compared between sizes of type."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What no line end divides."""

    text: str
    space: bool
    """Set off from the piece before; the space goes where a line begins."""
    cost: float
    """Of beginning a line here."""


def divide_title(title: str, measure: Measure, width: float, most: int) -> Division | None:
    """The best division into at most `most` lines no wider than `width`; None where there is none."""
    pieces = _cut_pieces(title)
    widths = tuple(measure(f" {piece.text}" if piece.space else piece.text) for piece in pieces)
    gap = measure(" ")
    # The ideal is lines of one width, not one full line with a rest.
    whole = sum(widths)
    best: Division | None = None
    for count in range(max(1, math.ceil(whole / width)), most + 1):
        aim = min(width, whole / count * 1.04)
        found = _divide(pieces, widths, gap, width, aim, count)
        if found and (best is None or found.cost < best.cost):
            best = found
    return best


def shorten_title(title: str, measure: Measure, width: float, most: int) -> Division:
    """The beginning of a title that does not fit, with an ellipsis; as much of it as `most` lines take."""
    pieces = _cut_pieces(title)
    low, high = 0, len(pieces)
    best = Division((ELLIPSIS,), 0.0)
    while low < high:
        middle = (low + high + 1) // 2
        cut = _join(pieces[:middle]).rstrip("，。、；：,.;: ") + ELLIPSIS
        if found := divide_title(cut, measure, width, most):
            best, low = found, middle
        else:
            high = middle - 1
    return best


def shorten_line(text: str, measure: Measure, width: float) -> str:
    """`text` on one line, with an ellipsis where it is too wide."""
    if measure(text) <= width:
        return text
    end = len(text)
    while end and measure(text[:end] + ELLIPSIS) > width:
        end -= 1
    return text[:end].rstrip() + ELLIPSIS


def clean_title(title: str) -> str:
    """On one line, without what is not to be seen: controls, marks of direction, selectors of emoji."""
    visible = (
        " " if one.isspace() else one
        for one in unicodedata.normalize("NFC", title)
        if one.isspace() or (unicodedata.category(one) not in {"Cc", "Cf", "Co", "Cn", "Cs"} and not _selects(one))
    )
    return " ".join("".join(visible).split())


def _selects(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff" or character == "\u20e3"


def _cut_pieces(title: str) -> tuple[_Piece, ...]:
    costs = _price_divisions(title)
    pieces: list[_Piece] = []
    glue, space, start = "", False, 0
    for atom in _ATOM.finditer(title):
        text = atom.group()
        if text.isspace():
            space = True
            continue
        if not glue:
            start = atom.start()
        if all(one in _NOT_LAST for one in text):
            glue += text
            continue
        if pieces and not glue and text[0] in _NOT_FIRST:
            last = pieces[-1]
            pieces[-1] = replace(last, text=f"{last.text}{' ' if space else ''}{text}")
        else:
            before = pieces[-1].text[-1] if pieces else ""
            if space and before.isascii() and text[0].isascii():
                cost = _IN_PHRASE
            else:
                cost = _AFTER_MARK if space or before in _NOT_FIRST else 0.0
            pieces.append(_Piece(glue + text, space, costs[start] + cost))
        glue, space = "", False
    return (*pieces, _Piece(glue, space, 0.0)) if glue else tuple(pieces)


def _price_divisions(title: str) -> tuple[float, ...]:
    """What a line costs that begins at each character."""
    costs = [_WEAK_START if one in _WEAK else 0.0 for one in title]
    for pattern, cost in _WHOLES:
        for whole in pattern.finditer(title):
            for at in range(whole.start() + 1, whole.end()):
                costs[at] += cost
    return tuple(costs)


def _join(pieces: Sequence[_Piece]) -> str:
    return "".join((" " if piece.space and number else "") + piece.text for number, piece in enumerate(pieces))


def _divide(
    pieces: Sequence[_Piece], widths: Sequence[float], gap: float, width: float, aim: float, count: int
) -> Division | None:
    """The best division into just `count` lines."""
    total = len(pieces)
    # best[n]: the cheapest way to have the first n pieces on the lines so far, with the ends of these lines.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number in range(count):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, ends) in best.items():
            if start == total:
                continue
            taken = -gap if pieces[start].space else 0.0
            for end in range(start + 1, total + 1):
                taken += widths[end - 1]
                if taken > width:
                    break
                if (number == count - 1) != (end == total):
                    continue
                added = _SLACK * (abs(aim - taken) / width) ** 2 + _cost_break(pieces, end, start)
                if end not in reached or cost + added < reached[end][0]:
                    reached[end] = (cost + added, (*ends, end))
        best = reached
    if total not in best:
        return None
    cost, ends = best[total]
    starts = (0, *ends[:-1])
    return Division(tuple(_join(pieces[a:b]) for a, b in zip(starts, ends, strict=True)), cost)


def _cost_break(pieces: Sequence[_Piece], end: int, start: int) -> float:
    """Of a line from piece `start` up to `end`."""
    if end < len(pieces):
        return pieces[end].cost
    return _LONE_END if start and end - start == 1 and len(pieces[start].text) == 1 else 0.0
