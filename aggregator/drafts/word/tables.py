"""Tables: which rows are their heads, and the ones at the top of a file in which staff fill in its header."""

from __future__ import annotations

from lxml import etree

from aggregator.drafts.keys import find_key
from aggregator.drafts.word.elements import Element, find_value, is_on, read_text, w
from aggregator.drafts.word.layout import is_strong_font
from aggregator.drafts.word.styles import Styles

_LONGEST_HEAD = 20
"""Characters in a cell of a head."""

_MAX_HEADER_ROWS = 40
_COUNTERS = ("序号", "编号", "序")


def mark_heads(table: Element, styles: Styles) -> None:
    """Say of the rows that are the table's head that they are; staff seldom do."""
    rows = table.findall(w("tr"))
    if not rows or any(is_on(row, "trPr/tblHeader") for row in rows):
        heads = [row for row in rows if is_on(row, "trPr/tblHeader")]
    else:
        heads = rows[: _count_heads(rows, styles)]
    for row in heads:
        properties = row.find(w("trPr"))
        if properties is None:
            properties = etree.Element(w("trPr"))
            row.insert(0, properties)
        if properties.find(w("tblHeader")) is None:
            etree.SubElement(properties, w("tblHeader"))


def is_in_head(paragraph: Element) -> bool:
    row = next(paragraph.iterancestors(w("tr")), None)
    return bool(is_on(row, "trPr/tblHeader"))


def _count_heads(rows: list[Element], styles: Styles) -> int:
    cells = [rows[0].findall(w("tc")), rows[1].findall(w("tc")) if len(rows) > 1 else []]
    texts = [read_text(cell).strip() for cell in cells[0]]
    if len(rows) < 2 or len(texts) < 2 or not all(0 < len(text) <= _LONGEST_HEAD for text in texts):
        return 0
    if any(text.replace(".", "").isdigit() for text in texts):
        return 0
    numbered = texts[0].replace(" ", "") in _COUNTERS
    if not (numbered or (_is_strong(cells[0], styles) and not _is_strong(cells[1], styles))):
        return 0
    # Cells of the head that reach down make the rows below part of it.
    deepest = 1
    while deepest < len(rows) - 1 and any(_continues(cell) for cell in rows[deepest].findall(w("tc"))):
        deepest += 1
    return deepest


def _is_strong(cells: list[Element], styles: Styles) -> bool:
    """Whether all that the cells say is bold or in 黑体."""
    looks = [
        styles.look(run, paragraph)
        for cell in cells
        for paragraph in cell.iter(w("p"))
        for run in paragraph.iter(w("r"))
        if read_text(run).strip()
    ]
    return bool(looks) and all(look.bold or is_strong_font(look.font) for look in looks)


def _continues(cell: Element) -> bool:
    merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
    return merge is not None and find_value(cell, "tcPr/vMerge") in ("", "continue")


def read_pairs(table: Element) -> tuple[tuple[Element, str], ...]:
    """The lines `键: 值` that a table of keys and values says, each with its row; none of any other table."""
    lines: list[tuple[Element, str]] = []
    known = total = 0
    for row in table.findall(w("tr"))[:_MAX_HEADER_ROWS]:
        cells = [[read_text(one).strip() for one in cell.iter(w("p"))] for cell in row.findall(w("tc"))]
        if len(cells) not in (2, 4):
            return ()
        for names, values in zip(cells[::2], cells[1::2], strict=True):
            name = "".join(names).rstrip(":： ")
            if not name:
                continue
            total += 1
            known += find_key(name) is not None
            said = [f"{name}: {' '.join(value.split())}" for value in values if value] or [f"{name}: "]
            lines += [(row, line) for line in said]
    return tuple(lines) if known and known * 2 >= total else ()
