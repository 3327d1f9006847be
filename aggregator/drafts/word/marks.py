"""Writes what each line is into the document, as a style of ours that mammoth turns into an element."""

from __future__ import annotations

from lxml import etree

from aggregator.drafts.word.elements import Element, is_on, remove, w
from aggregator.drafts.word.layout import Role, is_strong_font
from aggregator.drafts.word.styles import Styles

_STYLES: dict[Role, str] = {
    "front": "MatrixCentre",
    "centre": "MatrixCentre",
    "right": "MatrixRight",
    "sign": "MatrixRight",
    "date": "MatrixRight",
}

_USED = frozenset(map(w, ("b", "i", "u", "strike", "vertAlign")))

STYLE_MAP = """
p.MatrixTitle => h2.align-center:fresh
p.MatrixHeading2 => h2:fresh
p.MatrixHeading3 => h3:fresh
p.MatrixHeading4 => h4:fresh
p.MatrixCentre => p.align-center:fresh
p.MatrixRight => p.align-right:fresh
u => u
"""


def mark_line(paragraph: Element, role: Role, level: int, alignment: str, styles: Styles, *, all_bold: bool) -> None:
    if role == "title":
        style = "MatrixTitle"
    elif role == "heading":
        style = f"MatrixHeading{level}"
    elif role == "front" and not alignment:
        style = "MatrixText"
    else:
        style = _STYLES.get(role, "MatrixText")
    # A heading is bold by itself; where all is bold, nothing stands out by it.
    _mark_strong(paragraph, styles, plain=all_bold or role in ("title", "heading"))
    set_style(paragraph, style)


def mark_text(paragraph: Element, styles: Styles, *, plain: bool = False) -> None:
    """A paragraph of a cell or note; `plain` where it is bold by itself."""
    _mark_strong(paragraph, styles, plain=plain)
    set_style(paragraph, "MatrixText")


def set_style(paragraph: Element, style: str) -> None:
    properties = _have_first(paragraph, "pPr")
    for one in properties.findall(w("pStyle")):
        remove(one)
    named = etree.Element(w("pStyle"))
    named.set(w("val"), style)
    properties.insert(0, named)


def _mark_strong(paragraph: Element, styles: Styles, *, plain: bool) -> None:
    """Say of each run itself whether it is bold: mammoth does not ask styles, and knows no fonts."""
    for run in paragraph.iter(w("r")):
        look = styles.look(run, paragraph)
        strong = not plain and (look.bold or is_strong_font(look.font))
        if strong or is_on(run, "rPr/b"):
            properties = _have_first(run, "rPr")
            for one in properties.findall(w("b")):
                remove(one)
            if strong:
                etree.SubElement(properties, w("b"))


def drop_unused(root: Element) -> None:
    """Take out the properties that mammoth does not turn into anything: with them it takes three times as long."""
    for properties in list(root.iter(w("rPr"))):
        for one in list(properties):
            if one.tag not in _USED:
                properties.remove(one)
    for properties in list(root.iter(w("pPr"))):
        for one in list(properties):
            if one.tag not in (w("pStyle"), w("numPr")):
                properties.remove(one)


def _have_first(element: Element, name: str) -> Element:
    found = element.find(w(name))
    if found is None:
        found = etree.Element(w(name))
        element.insert(0, found)
    return found
