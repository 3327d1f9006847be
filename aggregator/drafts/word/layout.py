"""What each line of an official document is, by its font, size and place: pure.

GB/T 9704-2012, 7.2 and 7.3: the title is of size 二号 (22 points) in 小标宋, centred; the recipients stand flush left
and end with a colon; headings are 一、 in 黑体, （一） in 楷体, 1. and （1） in 仿宋 as the text; who signs and when
stands on the right. Offices vary all of it, so a line is judged beside what most of the text looks like.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["text", "front", "title", "recipient", "heading", "centre", "right", "sign", "date"]
"""`front` is what stands above the title: whose document it is, and its number."""

TITLE_LINES = 12
"""Lines from the top within which a title begins."""

_TITLE_SIZE = 15.0
"""Points from which a centred line may be the title: 小三. Offices that keep to the standard use 22."""

_LONGEST_HEADING = 60
_LONGEST_TITLE = 160
"""Characters; a title of three lines has about 90."""

_SIGN_LENGTH = 32
_SIGN_LINES = 8
"""Offices that sign together."""

_NUMBER = re.compile(
    r"(?P<office>[\u4e00-\u9fff（）()]{1,20}?)\s*[〔\[［(（【]\s*(?P<year>(?:19|20)\d{2})\s*[〕\]］)）】]\s*第?\s*(?P<number>\d{1,5})\s*号"
    r"(?P<rest>\s*(?:签发人|签发)\s*[:：].*)?"
)
_SECRET = re.compile(r"(绝密|机密|秘密)\s*(?:[★☆*].*)?")
_DAY = re.compile(
    r"(?:\d{4}|[〇○ＯOo零一二三四五六七八九]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)
_STEPS = (
    re.compile(r"第[一二三四五六七八九十百零]{1,5}[编章]"),
    re.compile(r"[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\d{1,2}(?:[.．、](?!\d)|\s)"),
    re.compile(r"[（(]\d{1,2}[)）]"),
)
"""How headings are numbered, the outermost first."""

_MASTHEAD = re.compile(r"(?!.*关于)[\u4e00-\u9fff\s（）]{3,40}(?:文件|公报)")
"""Whose document it is, printed in red above its number."""

_ANNEX = re.compile(r"附\s*件\s*\d{0,2}\s*[:：]?")
_BREAKS = re.compile(r"[。；;，,：:！!？?]")
_OFFICES = tuple("局委办厅府院会处室部队校所站园馆社厂")
_OFFICE_ENDS = (*_OFFICES, "公司", "中心", "小组", "指挥部", "集团", "银行", "医院", "大队", "街道", "分局")


_ANNEXED = -1
"""Step of the title of another document, below the first one's signature: above all of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph that stands in the flow of the text, and not in a table."""

    text: str
    """Without spaces at its ends."""
    font: str = ""
    """Of most of its Chinese characters."""
    size: float = 0.0
    """Points, of most of its characters."""
    strong: float = 0.0
    """Share of its characters that are bold or in a heading's font."""
    alignment: str = ""
    """"center", "right" or ""."""
    indent: float = 0.0
    """Characters that it begins right of the margin, its first line too."""
    outline: int = 0
    """Level of a heading by its style, from 1; 0 for none."""
    style: str = ""
    """Name of its style in lower case."""
    in_list: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    roles: tuple[Role, ...]
    """Of each line."""
    levels: tuple[int, ...]
    """Of the headings, from 2; 0 for other lines."""
    title: str = ""
    number: str = ""
    """文号, with the brackets of the standard."""
    issuer: str = ""
    """Who signs first."""
    issued: str = ""
    """The day below the signature, as written."""
    secret: str = ""
    """The degree of secrecy that stands on it."""


def find_layout(lines: Sequence[Line]) -> Layout:
    usual = _find_usual(lines)
    roles: list[Role] = ["text"] * len(lines)
    number_at = next((n for n, line in enumerate(lines[:TITLE_LINES]) if _NUMBER.fullmatch(line.text)), None)
    secret = next((match[1] for line in lines[:TITLE_LINES] if (match := _SECRET.fullmatch(line.text))), "")
    begin, end = _find_title(lines, usual, 0 if number_at is None else number_at + 1)
    for n in range(begin):
        roles[n] = "front"
    if number_at is not None:
        roles[number_at] = "front"
    roles[begin:end] = ["title"] * (end - begin)
    top = end or (0 if number_at is None else number_at + 1)
    _find_recipient(lines, roles, top)
    issuer, issued = _find_signature(lines, roles, top)
    steps = [_find_step(line, usual) if role == "text" else 0 for line, role in zip(lines, roles, strict=True)]
    title = _join(line.text for line in lines[begin:end])
    if not title and lines and steps[0] and not any(step.match(lines[0].text) for step in _STEPS):
        # A heading that opens the text and is no part's is the title, wherever it stands.
        roles[0], steps[0], title = "title", 0, lines[0].text
    order = sorted({step for step in steps if step})
    levels = [min(2 + order.index(step), 4) if step else 0 for step in steps]
    for n, line in enumerate(lines):
        if levels[n]:
            roles[n] = "heading"
        elif roles[n] == "text" and line.alignment:
            roles[n] = "centre" if line.alignment == "center" else "right"
    number = "" if number_at is None else _spell_number(lines[number_at].text)
    return Layout(tuple(roles), tuple(levels), title, number, issuer, issued, secret)


def _find_usual(lines: Sequence[Line]) -> Line:
    """What most of the text looks like."""
    looks: Counter[tuple[str, float, bool]] = Counter()
    for line in lines:
        looks[line.font, line.size, line.strong > 0.5] += len(line.text)
    (font, size, strong), _ = looks.most_common(1)[0] if looks else (("", 0.0, False), 0)
    return Line("", font, size, float(strong))


def _find_title(lines: Sequence[Line], usual: Line, after: int) -> tuple[int, int]:
    """The lines of the title, from and to; 0, 0 without one."""
    for begin in range(after, min(len(lines), after + TITLE_LINES)):
        line = lines[begin]
        if _may_be_title(line, usual) or (line.style in ("title", "标题") and line.text):
            end = begin + 1
            while end < len(lines) and _goes_on(lines[begin], lines[end]):
                end += 1
            if len(_join(one.text for one in lines[begin:end])) <= _LONGEST_TITLE:
                return begin, end
        # Below the text's first paragraph, a large line is the headline of a part.
        if not line.alignment and len(line.text) > _SIGN_LENGTH:
            break
    return 0, 0


def _may_be_title(line: Line, usual: Line) -> bool:
    if line.alignment != "center" or line.in_list or len(line.text) < 4 or line.text.endswith(("。", "；")):
        return False
    if (
        _MASTHEAD.fullmatch(line.text)
        or _ANNEX.fullmatch(line.text)
        or _DAY.fullmatch(_squeeze(line.text))
        or line.text.startswith(("（", "("))
    ):
        return False
    larger = line.size >= max(_TITLE_SIZE, usual.size + 1)
    return larger or is_title_font(line.font) or line.strong > usual.strong or line.outline == 1


def _goes_on(first: Line, line: Line) -> bool:
    """Whether a title of several paragraphs has this one as well: they look alike."""
    alike = line.size == first.size and line.font == first.font and line.alignment == first.alignment
    return (
        alike
        and (line.strong > 0) == (first.strong > 0)
        and line.style == first.style
        and not _NUMBER.fullmatch(line.text)
    )


def _find_recipient(lines: Sequence[Line], roles: list[Role], top: int) -> None:
    for n in range(top, min(len(lines), top + 4)):
        text = lines[n].text
        if lines[n].alignment or len(text) < 2:
            continue
        if text.endswith(("：", ":")) and "。" not in text and lines[n].indent < 1 and not _ANNEX.match(text):
            roles[n] = "recipient"
        return


def _find_signature(lines: Sequence[Line], roles: list[Role], top: int) -> tuple[str, str]:
    days = [n for n in range(top, len(lines)) if roles[n] == "text" and _DAY.search(_squeeze(lines[n].text))]
    for n in days:
        squeezed = _squeeze(lines[n].text)
        match = _DAY.search(squeezed)
        if match is None or match.end() != len(squeezed):
            continue
        office = squeezed[: match.start()]
        on_right = _is_right(lines[n])
        if office:  # on one line with the day
            if on_right and _may_sign(lines[n], office):
                roles[n] = "sign"
                return office, match.group()
            continue
        first = n
        while first > top and n - first < _SIGN_LINES and _may_sign(lines[first - 1], lines[first - 1].text):
            first -= 1
        if first == n and not (on_right or n == len(lines) - 1):
            continue
        roles[first:n] = ["sign"] * (n - first)
        roles[n] = "date"
        return _squeeze(lines[first].text) if first < n else "", match.group()
    return "", ""


def _may_sign(line: Line, text: str) -> bool:
    name = _squeeze(text)
    if not 2 < len(name) <= _SIGN_LENGTH or _BREAKS.search(name) or _ANNEX.match(name):
        return False
    return (
        _is_right(line)
        or (line.indent > 4 and name.endswith(_OFFICE_ENDS))
        or (name.endswith(_OFFICE_ENDS) and not any(step.match(name) for step in _STEPS))
    )


def _is_right(line: Line) -> bool:
    """On the right: aligned so, or pushed there by spaces or an indent, as staff do."""
    return line.alignment == "right" or line.indent >= 8


def _find_step(line: Line, usual: Line) -> int:
    """How deep a heading is, the less the higher; 0 for what is none. Numbers say it, else a style or the look."""
    text = line.text
    if not text or line.in_list or _ANNEX.fullmatch(text):
        return 0
    step = next((n for n, pattern in enumerate(_STEPS, 1) if pattern.match(text)), 0)
    if line.outline:
        return step or line.outline
    if len(text) > _LONGEST_HEADING or line.alignment == "right":
        return 0
    stands_out = line.strong > max(usual.strong, 0.9) - 0.05 and not usual.strong
    if step:
        return step if stands_out or (is_heading_font(line.font) and line.font != usual.font) else 0
    if _BREAKS.search(text) or len(text) > _SIGN_LENGTH:
        return 0
    larger = line.size >= usual.size + 2 and line.size >= _TITLE_SIZE - 1
    if line.alignment == "center":
        return _ANNEXED if larger or is_title_font(line.font) else 0
    return 2 if stands_out or larger else 0


def is_title_font(font: str) -> bool:
    return "标宋" in font or font.upper().startswith(("FZXIAOBIAO", "FZXBS", "FZDABIAO"))


def is_heading_font(font: str) -> bool:
    """黑体 and 楷体 of whichever maker."""
    name = font.lower()
    return "黑体" in font or "楷体" in font or name in ("simhei", "kaiti", "stkaiti", "stheiti", "kaiti_gb2312")


def is_strong_font(font: str) -> bool:
    return "黑体" in font or font.lower() in ("simhei", "stheiti")


def _spell_number(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    return f"{_squeeze(match['office'])}〔{match['year']}〕{int(match['number'])}号" if match else ""


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _join(texts: Iterable[str]) -> str:
    """One line of several: Chinese is written without spaces, words of other scripts are not."""
    whole = ""
    for text in texts:
        part = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", " ".join(text.split()))
        between = " " if whole[-1:].isascii() and whole and part[:1].isascii() else ""
        whole += between + part
    return whole
