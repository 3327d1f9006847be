"""Paragraphs of the tree -> `Line`s that can be judged without it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from aggregator.drafts.word.elements import Element, read_text, w
from aggregator.drafts.word.layout import Line, is_strong_font
from aggregator.drafts.word.styles import Styles

_CONTAINERS = (w("sdt"), w("sdtContent"))
_TWIPS = 20
"""To the point."""

_MAX_OUTLINE = 6
_LEADING = re.compile(r"^[\s\u3000]*")
_WIDE = 2
"""Spaces as wide as one Chinese character."""


def list_blocks(body: Element) -> Iterator[Element]:
    """The paragraphs and tables of the flow, in order, whatever content controls they stand in."""
    for one in list(body):
        if one.tag in _CONTAINERS:
            yield from list_blocks(one)
        elif one.tag in (w("p"), w("tbl")):
            yield one


def read_line(paragraph: Element, styles: Styles) -> Line:
    text = read_text(paragraph)
    fonts: Counter[str] = Counter()
    sizes: Counter[float] = Counter()
    strong = total = 0
    for run in paragraph.iter(w("r")):
        length = len(read_text(run).strip())
        if not length:
            continue
        look = styles.look(run, paragraph)
        fonts[look.font] += length
        sizes[look.size] += length
        total += length
        strong += length if look.bold or is_strong_font(look.font) else 0
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    outline = styles.paragraph_value(paragraph, "outlineLvl")
    return Line(
        text=text.strip(),
        font=fonts.most_common(1)[0][0] if fonts else "",
        size=size,
        strong=strong / total if total else 0.0,
        alignment=_read_alignment(paragraph, styles),
        indent=_read_indent(paragraph, styles, text, size),
        outline=int(outline) + 1 if outline.isdigit() and int(outline) < _MAX_OUTLINE else 0,
        style=styles.name(paragraph),
        in_list=paragraph.find(f"{w('pPr')}/{w('numPr')}") is not None,
    )


def _read_alignment(paragraph: Element, styles: Styles) -> str:
    value = styles.paragraph_value(paragraph, "jc")
    return {"center": "center", "distribute": "center", "right": "right", "end": "right"}.get(value, "")


def _read_indent(paragraph: Element, styles: Styles, text: str, size: float) -> float:
    """In characters, spaces and tabs at the beginning included."""
    width = size or 10.5
    points = 0.0
    for *names, chars in (("left", "start", "leftChars"), ("firstLine", "firstLineChars")):
        counted = _read_int(styles.paragraph_value(paragraph, "ind", chars))
        stated = (_read_int(styles.paragraph_value(paragraph, "ind", name)) for name in names)
        points += counted / 100 * width if counted else max(stated) / _TWIPS
    spaces = _LEADING.match(text)
    leading = spaces.group() if spaces else ""
    wide = leading.count("\u3000") + leading.count("\t") * 4
    return points / width + wide + (leading.count(" ") + leading.count("\xa0")) / _WIDE


def _read_int(value: str) -> int:
    return int(value) if value.lstrip("-").isdigit() else 0
