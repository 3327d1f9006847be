"""How large everything on an A4 sheet can be, and how much of the text it takes. Pure.

Browsers don't say how much fits on a page before it is printed, so lines are counted here, a little too many rather
than too few: Chinese type is as wide as it is high, whatever the font.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from aggregator.images.lines import clean_title, divide_title, shorten_title
from aggregator.model import Article

# All measures in points, as board.html.jinja has them.
WIDTH = 515.0
"""Of the text: A4 without margins of 14 mm."""
HEIGHT = 765.0
"""The same with margins of 13 mm above and below."""
FOOT = 150.0
"""Department, day and code, with what sets them off; without the address below them."""
ADDRESS_SIZE, ADDRESS_LEADING = 10.0, 1.3

TITLE_SIZES = ((46, 2), (40, 2), (34, 2), (30, 4))
"""Size, and lines that the title may have in it: the first that is enough."""
TEXT_SIZES = (22, 20, 18, 17, 16, 15, 14)
GIST_SIZE, ROW_SIZE, BIG_SIZE = 22, 19, 30
BIG_ROWS = frozenset({"何时办", "电话", "联系电话"})
"""What is read from some steps away: until when, and whom to call."""
SHORT_DETAILS = ("办理地点", "办理时间", "联系电话", "办理时限", "收费标准")
"""Elements of a service that are rows where it has no card 一分钟看懂, whose rows are as many."""
SCALES = (1.0, 0.88, 0.76, 0.66)
"""Of everything above the text, tried in this order."""
MOST_ABOVE = 0.6
"""Share of the sheet that may stand above a text that does not fit as a whole."""

LONGEST_VALUE, LONGEST_BIG = 80, 30
"""Characters: what is longer ends in an ellipsis, or it would leave no room at the least scale; a big row that is
longer is a common one."""

_TITLE_LEADING, _ROW_LEADING, _TEXT_LEADING = 1.25, 1.4, 1.6
_LABEL = 4.5
"""Width of a row's name, in its own size of type."""
_ROW_GAP, _GAP, _RULE = 9.0, 14.0, 3.0
_PARAGRAPH_GAP = 0.3
"""In sizes of type."""
_INDENT = 2
_GOES_ON = "……"
_NARROW = 0.6
"""Width of a letter or digit in sizes of type; it is 0.5 to 0.6 in fonts for Chinese."""

_HEADING = re.compile(r"(?:第?[一二三四五六七八九十]+[、章节]|（[一二三四五六七八九十]+）)[^。；]{1,28}")
_SENTENCE = re.compile(r".*[。；！？]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    value: str
    is_big: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    is_heading: bool = False
    name: str = ""
    """What stands before it in bold: the name of an element of a service."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page, in which sizes (points)."""

    title: tuple[str, ...]
    """In lines."""
    title_size: float
    gist: str
    gist_size: float
    rows: tuple[Row, ...]
    row_size: float
    big_size: float
    paragraphs: tuple[Paragraph, ...]
    text_size: float
    is_cut: bool
    """The text goes on at the page's address."""


def fit_sheet(article: Article) -> Sheet:
    """The sheet of an article: the text as large as it fits, cut at the end of a sentence where it does not."""
    title, gist = clean_title(article.title), _shorten(article.gist, LONGEST_VALUE)
    named = article.card or tuple(one for one in article.details if one[0] in SHORT_DETAILS)
    rows = tuple(_make_row(name, _shorten(value, LONGEST_VALUE)) for name, value in named)
    paragraphs = _read_paragraphs(article, {name for name, _ in named})
    room = HEIGHT - FOOT - _count_lines(article.url, ADDRESS_SIZE) * ADDRESS_SIZE * ADDRESS_LEADING
    sheets = [_Above(title, gist, rows, scale) for scale in SCALES]
    for above in sheets:
        for size in TEXT_SIZES:
            if above.height + _measure_text(paragraphs, size) <= room:
                return above.finish(paragraphs, size, is_cut=False)
    above = next((one for one in sheets if one.height <= room * MOST_ABOVE), sheets[-1])
    size = TEXT_SIZES[-1]
    return above.finish(_cut(paragraphs, size, room - above.height), size, is_cut=True)


def _make_row(name: str, value: str) -> Row:
    return Row(name, value, name in BIG_ROWS and len(value) <= LONGEST_BIG)


class _Above:
    """What stands above the text, at one scale."""

    def __init__(self, title: str, gist: str, rows: tuple[Row, ...], scale: float) -> None:
        self._gist, self._rows, self._scale = gist, rows, scale
        self._title, self._title_size = _divide_title(title, scale)
        self.height = self._measure()

    def _measure(self) -> float:
        height = len(self._title) * self._title_size * _TITLE_LEADING + 2 * _GAP + _RULE
        if self._gist:
            size = GIST_SIZE * self._scale
            height += _count_lines(self._gist, size) * size * _ROW_LEADING + _GAP
        for row in self._rows:
            name, size = ROW_SIZE * self._scale, (BIG_SIZE if row.is_big else ROW_SIZE) * self._scale
            height += _count_lines(row.value, size, WIDTH - name * _LABEL) * size * _ROW_LEADING + _ROW_GAP
        return height + (_GAP if self._rows else 0)

    def finish(self, paragraphs: tuple[Paragraph, ...], size: float, *, is_cut: bool) -> Sheet:
        scale = self._scale
        return Sheet(
            self._title, round(self._title_size, 1), self._gist, round(GIST_SIZE * scale, 1), self._rows,
            round(ROW_SIZE * scale, 1), round(BIG_SIZE * scale, 1), paragraphs, size, is_cut,
        )  # fmt: skip


def _divide_title(title: str, scale: float) -> tuple[tuple[str, ...], float]:
    """The title in lines, and the size of its type."""
    for size, most in TITLE_SIZES:
        if division := divide_title(title, _measure, WIDTH / (size * scale), most):
            return division.lines, size * scale
    size, most = TITLE_SIZES[-1]
    return shorten_title(title, _measure, WIDTH / (size * scale), most).lines, size * scale


def _read_paragraphs(article: Article, told: Collection[str]) -> tuple[Paragraph, ...]:
    """The text behind those elements of a service that are not `told` as rows."""
    lines = (" ".join(line.split()) for line in article.text.split("\n"))
    headings = {" ".join(heading.split()) for heading in article.headings}
    return (
        *(Paragraph(" ".join(value.split()), name=name) for name, value in article.details if name not in told),
        *(Paragraph(line, line in headings or _HEADING.fullmatch(line) is not None) for line in lines if line),
    )


def _measure_text(paragraphs: Sequence[Paragraph], size: float) -> float:
    return sum(_measure_paragraph(one, size) for one in paragraphs)


def _measure_paragraph(paragraph: Paragraph, size: float) -> float:
    lines = _count_lines(f"{paragraph.name}：{paragraph.text}" if paragraph.name else paragraph.text, size, WIDTH)
    return lines * size * _TEXT_LEADING + size * _PARAGRAPH_GAP


def _cut(paragraphs: Sequence[Paragraph], size: float, room: float) -> tuple[Paragraph, ...]:
    """As much of the text as there is room for. A heading does not come last."""
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        height = _measure_paragraph(paragraph, size)
        if height > room:
            lines = int((room - size * _PARAGRAPH_GAP) / (size * _TEXT_LEADING))
            if rest := _cut_paragraph(paragraph, size, lines):
                kept.append(rest)
            break
        kept.append(paragraph)
        room -= height
    while kept and kept[-1].is_heading:
        kept.pop()
    if kept:
        kept[-1] = replace(kept[-1], text=f"{kept[-1].text.removesuffix(_GOES_ON)}{_GOES_ON}")
    return tuple(kept)


def _cut_paragraph(paragraph: Paragraph, size: float, lines: int) -> Paragraph | None:
    """Its first lines, up to the end of a sentence or with an ellipsis; None where not even one has room."""
    if lines < 1 or paragraph.is_heading:
        return None
    end = len(paragraph.text)
    name = f"{paragraph.name}：" if paragraph.name else ""
    while end and _count_lines(f"{name}{paragraph.text[:end]}{_GOES_ON}", size) > lines:
        end -= 1
    whole = _SENTENCE.match(paragraph.text[:end])
    text = whole.group() if whole else paragraph.text[:end].rstrip("，、：")
    return Paragraph(text, name=paragraph.name) if text else None


def _count_lines(text: str, size: float, width: float = WIDTH) -> int:
    """Lines that a paragraph takes. Now and then a character is lost where a mark may not begin the next line."""
    return max(1, math.ceil((_measure(text) + _INDENT) / max(1.0, width // size - 0.5)))


def _measure(text: str) -> float:
    """Width in sizes of type."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else _NARROW for one in text)


def _shorten(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
