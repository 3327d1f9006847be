"""What staff filled in at the top of a Word file, and its paragraphs as people count them: 「第 3 段」.

Empty paragraphs do not count, and a row of a table is one: who looks for it has the words that are quoted, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aggregator.drafts.header import Header, read_header
from aggregator.drafts.word.elements import Element, read_text, remove, w
from aggregator.drafts.word.lines import list_blocks
from aggregator.drafts.word.tables import read_pairs

_HEADER_LINES = 60
_BETWEEN_CELLS = " | "
"""Digits of two cells are no number."""


class Paragraphs:
    """Those of a document that is whole yet."""

    def __init__(self, body: Element) -> None:
        parts = (part for one in list_blocks(body) for part in (one.findall(w("tr")) if one.tag == w("tbl") else [one]))
        # Kept, the elements stay the same objects.
        self._numbers = {one: number for number, one in enumerate((p for p in parts if _read(p)), 1)}

    def count_to(self, element: Element) -> int:
        """The number of a paragraph or row; 0 for an empty one."""
        return self._numbers.get(element, 0)

    def read_from(self, number: int) -> tuple[str, ...]:
        """What this one and all after it say now, each on one line."""
        return tuple(_read(one) for one, place in self._numbers.items() if place >= number)


def _read(element: Element) -> str:
    texts = (read_text(one) for one in element.iter(w("p")))
    return " ".join(_BETWEEN_CELLS.join(text for text in texts if text.strip()).split("\n")).strip()


def take_header(body: Element, path: str, paragraphs: Paragraphs) -> Header:
    """A table of keys and values, or lines `键: 值`, taken out of the text; its lines are numbers of paragraphs."""
    blocks = list(list_blocks(body))
    blocks = blocks[next((n for n, one in enumerate(blocks) if one.tag == w("tbl") or read_text(one).strip()), 0) :]
    if blocks and blocks[0].tag == w("tbl"):
        pairs = read_pairs(blocks[0])
        if pairs:
            header = read_header("\n".join(["---", *(line for _, line in pairs), "---"]), file=path)
            places = [1, *(paragraphs.count_to(row) for row, _ in pairs), len(pairs)]
            below = max(paragraphs.count_to(row) for row in blocks[0].findall(w("tr"))) + 1
            remove(blocks[0])
            return _place(header, places, below)
        return Header()
    taken: list[Element] = []
    for one in blocks[:_HEADER_LINES]:
        if one.tag != w("p"):
            break
        taken.append(one)
    texts = [read_text(one).split("\n") for one in taken]
    lines = [line for text in texts for line in text]
    left = read_header("\n".join(lines), file=path).body
    length = len(lines) - (len(left.split("\n")) if left else 0)
    used = 0
    places = []
    for paragraph, text in zip(taken, texts, strict=True):
        if used + len(text) > length:
            break
        used += len(text)
        places += [paragraphs.count_to(paragraph)] * len(text)
        remove_text(paragraph)
    # Read once more by itself: Word parts paragraphs without the blank line that text files need.
    return _place(read_header("\n".join(lines[:used]), file=path), places, max(places) + 1) if used else Header()


def _place(header: Header, places: Sequence[int], below: int) -> Header:
    """The header with the numbers of paragraphs in place of those of lines; the text begins in paragraph `below`."""
    findings = (replace(one, line=places[one.line - 1] if one.line else None) for one in header.findings)
    lines = tuple(places[line - 1] for line in header.lines)
    return replace(header, body="", lines=lines, findings=tuple(findings), first_line=below)


def remove_text(paragraph: Element) -> None:
    """Take a paragraph's words out, and leave pictures that stand between them."""
    for name in ("t", "tab", "br", "cr", "noBreakHyphen", "sym"):
        for one in list(paragraph.iter(w(name))):
            remove(one)
