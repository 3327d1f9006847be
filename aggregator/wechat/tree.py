"""A fragment of HTML as a tree, and back. The only place of this package that parses and writes."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import document_fromstring

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\r\n\f]+")
NBSP = "\u00a0"

BLOCKS = frozenset(
    {"section", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr"}
    | {"table", "thead", "tbody", "tr", "td", "th"}
)
"""Elements between which blanks say nothing."""

Element = etree._Element


def parse_fragment(html: str) -> Element:
    """A `section` that holds the fragment; comments and processing instructions are gone."""
    # Text that stands in a body directly would be given a paragraph by libxml2.
    page = f"<html><body><section>{_CONTROLS.sub('', html)}</section></body></html>"
    body = find_body(document_fromstring(page))
    root = make_element("section")
    if len(body) == 1 and body[0].tag == "section" and not (body.text or body[0].tail):
        root = body[0]
    else:
        # The fragment closed what it had not opened.
        root.text = body.text
        root.extend(list(body))
    for node in list(root.iter(etree.Comment, etree.ProcessingInstruction, etree.Entity)):
        remove(node)
    return root


def write_fragment(root: Element) -> str:
    """What the element holds."""
    clean = "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
    return _escape(root.text or "") + clean


def make_element(tag: str, text: str = "", kind: str = "") -> Element:
    """`kind` becomes its class, by which the style sheet knows it."""
    element = etree.Element(tag)
    element.text = text or None
    if kind:
        element.set("class", kind)
    return element


def find_body(page: Element) -> Element:
    """Raises ValueError for what has none."""
    body = page.find("body")
    if body is None:
        raise ValueError(page.tag)
    return body


def find_parent(element: Element) -> Element:
    """Raises ValueError for what is in no tree."""
    parent = element.getparent()
    if parent is None:
        raise ValueError(element.tag)
    return parent


def rename(element: Element, tag: str, kind: str = "") -> None:
    element.tag = tag
    if kind:
        element.set("class", kind)


def remove(element: Element) -> None:
    """Take an element out with all that it holds; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    _add_text(parent, parent.index(element), element.tail or "")
    element.tail = None
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Take an element out and leave what it holds."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    children = list(element)
    tail = element.tail or ""
    element.tail = None
    parent.remove(element)
    _add_text(parent, place, element.text or "")
    for offset, child in enumerate(children):
        parent.insert(place + offset, child)
    _add_text(parent, place + len(children), tail)


def replace_element(element: Element, *others: Element) -> None:
    """Put others in its place; the text behind it stands behind the last of them."""
    parent = find_parent(element)
    place = parent.index(element)
    others[-1].tail = (others[-1].tail or "") + (element.tail or "")
    element.tail = None
    parent.remove(element)
    for offset, other in enumerate(others):
        parent.insert(place + offset, other)


def wrap_content(element: Element, wrapper: Element) -> None:
    """Let `wrapper` hold what the element holds, and the element nothing but it."""
    wrapper.text = element.text
    wrapper.extend(list(element))
    element.text = None
    element.append(wrapper)


def read_text(element: Element) -> str:
    """All its text, blanks evened out."""
    return _SPACES.sub(" ", "".join(element.itertext())).strip()


def is_empty(element: Element) -> bool:
    """Whether nothing in it is seen; what holds spaces to keep its place is empty as well."""
    return not read_text(element).strip(NBSP + " ") and not any(one.tag in ("img", "hr") for one in element.iter())


def even_out_blanks(root: Element) -> None:
    """One space for several, none between blocks and at their ends."""
    for element in root.iter():
        is_block = element.tag in BLOCKS
        if element.text is not None:
            text = _SPACES.sub(" ", element.text)
            if is_block:
                text = text.lstrip(" ")
                if not len(element):
                    text = text.rstrip(" ")
            element.text = text or None
        if element is not root and element.tail is not None:
            text = _SPACES.sub(" ", element.tail)
            parent, following = element.getparent(), element.getnext()
            if element.tag in BLOCKS or element.tag == "br":
                text = text.lstrip(" ")
            if following is None and parent is not None and parent.tag in BLOCKS:
                text = text.rstrip(" ")
            if following is not None and following.tag in BLOCKS:
                text = text.rstrip(" ")
            element.tail = text or None
        if element.text is not None and len(element) and element[0].tag in BLOCKS:
            element.text = element.text.rstrip(" ") or None


def _add_text(parent: Element, place: int, text: str) -> None:
    """Put text before the child at `place`."""
    if not text:
        return
    if place:
        before = parent[place - 1]
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
