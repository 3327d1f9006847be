"""Numbers that Word counts itself (一、 （一） 第一条 1.): written into the text, as a page's list would begin anew.

Only a block of items 1. 2. 3. that nothing interrupts stays a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from aggregator.drafts.word.elements import Element, find_value, make_run, w
from aggregator.drafts.word.styles import Styles

_DIGITS = "零一二三四五六七八九"
_LIST_TEXT = re.compile(r"%\d[.．)]")
_HAN = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
)
_HAN_KINDS = (*_HAN, "ideographTraditional", "chineseLegalSimplified", "japaneseDigitalTenThousand")
_LARGEST = 9999
_CIRCLED = 20
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_SMALL = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    text: str
    """With %1 for the number of the outermost level."""
    start: int
    style: str
    """Paragraphs of it are of this level."""


@dataclass(slots=True)
class _Item:
    paragraph: Element
    identifier: str
    level: int
    abstract: str
    kind: str
    label: str
    number: int
    simple: bool


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far they have been counted."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    """By the id of the definition."""
    lists: dict[str, tuple[str, dict[int, int]]] = field(default_factory=dict)
    """Id of a list -> that of its definition, and the numbers at which its levels begin instead."""
    links: dict[str, str] = field(default_factory=dict)
    """Id of a definition that says only "as that style of lists" -> the list that stands for it."""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def label_paragraphs(self, blocks: Iterable[Element], styles: Styles) -> None:
        """Write the numbers into the paragraphs of one flow. What stays a list says so itself afterwards."""
        block: list[_Item] = []
        for one in blocks:
            item = self._count(one, styles) if one.tag == w("p") else None
            if block and (item is None or item.abstract != block[0].abstract):
                _write(block)
                block = []
            if item is not None:
                block.append(item)
        _write(block)

    def _count(self, paragraph: Element, styles: Styles) -> _Item | None:
        identifier, at = styles.find_numbering(paragraph)
        abstract, overrides = self.lists.get(identifier, ("", {}))
        if abstract in self.links:
            identifier = self.links[abstract]
            abstract, overrides = self.lists.get(identifier, ("", {}))
        levels = self.levels.get(abstract, {})
        own = find_value(paragraph, "pPr/pStyle")
        if find_value(paragraph, "pPr/numPr/ilvl") == "":
            at = next((number for number, one in levels.items() if own and one.style == own), at)
        level = levels.get(at)
        if level is None:
            _drop_number(paragraph)
            return None
        counts = self._counts.setdefault(abstract, {})
        if identifier not in self._begun:
            self._begun.add(identifier)
            for number in overrides:
                counts.pop(number, None)
        counts[at] = counts.get(at, overrides.get(at, level.start) - 1) + 1
        for deeper in [number for number in counts if number > at]:
            del counts[deeper]

        def write(match: re.Match[str]) -> str:
            number = int(match[1]) - 1
            one = levels.get(number, level)
            return write_number(counts.get(number, one.start), one.kind)

        label = "" if level.kind in ("bullet", "none") else re.sub(r"%(\d)", write, level.text)
        simple = level.kind == "bullet" or (level.kind == "decimal" and _LIST_TEXT.fullmatch(level.text) is not None)
        return _Item(paragraph, identifier, at, abstract, level.kind, label, counts[at], simple)


def read_numbering(root: Element | None, styles: Styles) -> Numbering:
    found = Numbering()
    for one in () if root is None else root.iter(w("abstractNum")):
        found.levels[one.get(w("abstractNumId"), "")] = {
            _read_int(level.get(w("ilvl"), "0")): _Level(
                find_value(level, "numFmt") or "decimal",
                find_value(level, "lvlText"),
                _read_int(find_value(level, "start") or "1"),
                find_value(level, "pStyle"),
            )
            for level in one.iter(w("lvl"))
        }
        if link := find_value(one, "numStyleLink"):
            found.links[one.get(w("abstractNumId"), "")] = styles.find_list(link)
    for one in () if root is None else root.iter(w("num")):
        overrides = {
            _read_int(override.get(w("ilvl"), "0")): _read_int(start)
            for override in one.iter(w("lvlOverride"))
            if (start := find_value(override, "startOverride"))
        }
        found.lists[one.get(w("numId"), "")] = (find_value(one, "abstractNumId"), overrides)
    return found


def write_number(number: int, kind: str) -> str:
    """A number in the manner that Word calls `kind` (ISO/IEC 29500-1, 17.18.59)."""
    if kind in _HAN_KINDS and 0 < number <= _LARGEST:
        return _write_han(number)
    if kind.startswith("decimalEnclosedCircle") and 0 < number <= _CIRCLED:
        return chr(ord("①") + number - 1)
    if kind in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("upperRoman", "lowerRoman") and 0 < number <= _LARGEST:
        return _write_roman(number).upper() if kind == "upperRoman" else _write_roman(number)
    return f"{number:02}" if kind == "decimalZero" else str(number)


def _write_han(number: int) -> str:
    """23 is 二十三, 105 is 一百零五."""
    text = ""
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, place)
        if digit:
            text += _DIGITS[digit] + unit
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text.removeprefix("一") if text.startswith("一十") else text


def _write_roman(number: int) -> str:
    text = ""
    for value, letters in (*_ROMAN, *_ROMAN_SMALL):
        times, number = divmod(number, value)
        text += letters * times
    return text


def _write(block: Sequence[_Item]) -> None:
    is_list = len(block) > 1 and all(item.simple for item in block) and _begins_at_one(block)
    for item in block:
        _drop_number(item.paragraph)
        if item.kind == "bullet" or is_list:
            _add_number(item)
        elif item.label:
            space = " " if item.label[-1].isascii() else ""
            place = 1 if item.paragraph.find(w("pPr")) is not None else 0
            item.paragraph.insert(place, make_run(item.label + space))


def _begins_at_one(block: Sequence[_Item]) -> bool:
    """Whether the numbers are those that a page gives the items: 1 wherever a level begins."""
    open_levels: list[int] = []
    for item in block:
        while open_levels and open_levels[-1] > item.level:
            open_levels.pop()
        if not open_levels or open_levels[-1] < item.level:
            if item.number != 1 and item.kind != "bullet":
                return False
            open_levels.append(item.level)
    return True


def _add_number(item: _Item) -> None:
    """Say in the paragraph itself which list it is in: its style, which may have said it, is replaced."""
    properties = item.paragraph.find(w("pPr"))
    if properties is None:
        properties = etree.Element(w("pPr"))
        item.paragraph.insert(0, properties)
    number = etree.SubElement(properties, w("numPr"))
    for name, value in (("ilvl", str(item.level)), ("numId", item.identifier)):
        etree.SubElement(number, w(name)).set(w("val"), value)


def _drop_number(paragraph: Element) -> None:
    for one in list(paragraph.iter(w("numPr"))):
        parent = one.getparent()
        if parent is not None:
            parent.remove(one)


def _read_int(value: str) -> int:
    return int(value) if value.isdigit() else 0
