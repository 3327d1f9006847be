"""The elements of our articles as those that WeChat keeps: boxes, figures, terms, code, tables, marks of characters."""

from __future__ import annotations

import re
from collections.abc import Callable

from aggregator.model import Drop
from aggregator.wechat.filters import DROPPED, KEPT, filter_style, write_style
from aggregator.wechat.lines import read_line
from aggregator.wechat.tree import (
    NBSP,
    Element,
    is_empty,
    make_element,
    remove,
    rename,
    unwrap,
)

MOST_COLUMNS = 4
"""Columns that a telephone shows side by side: of its 375 pixels 343 are left, 80 for four characters and a border."""

_BOXES = ("tip", "important", "faq")
_ALIGNED = ("align-center", "align-right")
_RENAMED = {
    "h1": ("h2", ""), "h5": ("h4", ""), "h6": ("h4", ""), "figure": ("section", ""), "figcaption": ("p", "caption"),
    "div": ("section", ""), "article": ("section", ""), "dt": ("p", "term"), "dd": ("section", "definition"),
    "tfoot": ("tbody", ""), "del": ("span", "struck"), "s": ("span", "struck"), "strike": ("span", "struck"),
    "ins": ("u", ""), "mark": ("span", "marked"), "small": ("span", "small"), "kbd": ("code", ""), "cite": ("em", ""),
    "b": ("strong", ""), "i": ("em", ""),
}  # fmt: skip
_SPANS = ("colspan", "rowspan")
_ATTRIBUTES = {"a": ("href",), "img": ("src", "alt", "width"), "td": _SPANS, "th": _SPANS, "ol": ("start",)}
"""What is looked at later, besides lines."""
_BLANKS = re.compile("^ +| {2,}| +$")
"""Those that would be one, or none."""
_SPAN = re.compile(r"[1-9]\d?")


def rebuild_body(root: Element, report: list[Drop]) -> None:
    """Nothing but elements that WeChat keeps, lists, links and pictures aside."""
    for element in list(root.iterdescendants()):
        if element.tag in DROPPED:
            remove(element)
        else:
            _clean_attributes(element)
    for element in list(root.iterdescendants()):
        if rebuild := _REBUILT.get(str(element.tag)):
            rebuild(element, report)
        elif renamed := _RENAMED.get(str(element.tag)):
            rename(element, *renamed)
        elif element.tag not in KEPT:
            unwrap(element)


def drop_empty(root: Element) -> None:
    """Paragraphs and headings in which nothing is seen, those that guard an article made ready before among them."""
    for element in list(root.iter("p", "h2", "h3", "h4", "section", "blockquote", "li", "ul", "ol")):
        if element is not root and is_empty(element):
            remove(element)


def _clean_attributes(element: Element) -> None:
    """Of classes only those of ours decide the looks; of a style what the editor keeps."""
    name = element.attrib.pop("class", "")
    style = write_style(filter_style(element.attrib.pop("style", "")))
    for other in set(element.attrib) - {"data-line", *_ATTRIBUTES.get(str(element.tag), ())}:
        del element.attrib[other]
    if name in _ALIGNED or (name in _BOXES and element.tag == "blockquote"):
        element.set("class", name)
    if style:
        element.set("style", style)


def _rebuild_quotation(element: Element, _: list[Drop]) -> None:
    if element.get("class") not in _BOXES:
        return
    element.tag = "section"
    first = element[0] if len(element) else None
    # Its label, as `render` writes it.
    if first is not None and first.tag == "p" and len(first) == 1 and first[0].tag == "strong" and not first.text:
        _keep_title(first)


def _keep_title(element: Element) -> None:
    element.tag = "p"
    element.set("class", "box-title")


def _rebuild_details(element: Element, report: list[Drop]) -> None:
    rename(element, "section", "question")
    title = element.find("summary")
    if title is not None:
        _keep_title(title)
    words = "".join(title.itertext()).strip() if title is not None else ""
    message = f"折叠的问答“{words}”在微信里不能折叠，已全部展开。" if words else "折叠的内容在微信里不能折叠，已展开。"
    report.append(Drop("fold", message, read_line(element)))


def _rebuild_title(element: Element, _: list[Drop]) -> None:
    """A `summary` that stands nowhere."""
    _keep_title(element)


def _rebuild_code(element: Element, _: list[Drop]) -> None:
    """Blocks of code: each line end a break, each blank one that no editor takes away."""
    for one in list(element.iter("br")):
        one.tag, one.text = "span", "\n"
    lines = "".join(element.itertext()).strip("\n").split("\n")
    for child in list(element):
        element.remove(child)
    rename(element, "section", "code")
    element.text, *others = (_BLANKS.sub(_keep_blanks, line.replace("\t", "    ")) for line in lines)
    for line in others:
        made = make_element("br")
        made.tail = line or None
        element.append(made)


def _keep_blanks(match: re.Match[str]) -> str:
    return NBSP * len(match[0])


def _rebuild_table(element: Element, report: list[Drop]) -> None:
    caption = element.find("caption")
    if caption is not None:
        tail, caption.tail = caption.tail, None
        element.addprevious(caption)
        element.text = (element.text or "") + (tail or "")
        rename(caption, "p", "caption")
    columns = max((_count_columns(row) for row in element.iter("tr")), default=0)
    if columns > MOST_COLUMNS:
        message = f"表格有 {columns} 列，手机上会挤成一团。请减到 {MOST_COLUMNS} 列以内，或者截成图片放进去。"
        report.append(Drop("table", message, read_line(element)))


def _count_columns(row: Element) -> int:
    spans = (cell.get("colspan", "") for cell in row if cell.tag in ("td", "th"))
    return sum(int(span) if _SPAN.fullmatch(span) else 1 for span in spans)


def _rebuild_quote(element: Element, _: list[Drop]) -> None:
    element.text = "“" + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + "”"
    else:
        element.text += "”"
    unwrap(element)


def _rebuild_reading(element: Element, _: list[Drop]) -> None:
    """The reading of a character: in brackets behind it."""
    words = "".join(element.itertext())
    for child in list(element):
        element.remove(child)
    element.text = f"（{words}）"
    unwrap(element)


def _rebuild_bracket(element: Element, _: list[Drop]) -> None:
    remove(element)


_REBUILT: dict[str, Callable[[Element, list[Drop]], None]] = {
    "blockquote": _rebuild_quotation,
    "details": _rebuild_details,
    "summary": _rebuild_title,
    "pre": _rebuild_code,
    "table": _rebuild_table,
    "q": _rebuild_quote,
    "rt": _rebuild_reading,
    "rp": _rebuild_bracket,
}
