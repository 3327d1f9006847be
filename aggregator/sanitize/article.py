"""Walks the tree of somebody's page and tells the writer what of it is an article.

WeChat's editor nests `section` and `span` dozens deep, with all meaning in styles; they dissolve, and what they
part stays parted.
"""

from __future__ import annotations

import html
import re

from lxml import etree

from aggregator.sanitize.media import describe_medium, describe_picture, read_size
from aggregator.sanitize.noise import is_counter, is_tiny
from aggregator.sanitize.roles import Kind, end_role, find_role, start_role
from aggregator.sanitize.writer import ArticleWriter

_MAX_DEPTH = 2000
"""libxml2 silently drops what is nested 2,048 deep; we stop short of it and keep the text instead."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def rewrite_article(text: str, base_url: str, *, limit: int) -> str | None:
    """The article in some HTML, as well-formed HTML of allowed elements.

    None when the tree is deeper, or the article longer than `limit` characters, than anybody writes.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(_CONTROLS.sub("", text).encode(), parser)
    except etree.LxmlError:
        # Nothing but comments or blanks: there is no document.
        return ""
    if root is None:
        return ""
    writer = ArticleWriter()
    due: list[int] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if len(due) >= _MAX_DEPTH or writer.size > limit:
                return None
            role = find_role(element)
            due.append(start_role(writer, role, element, base_url))
            if role.kind == Kind.MEDIUM:
                _add_medium(writer, element, base_url)
            elif role.kind == Kind.ATOM:
                _add_atom(writer, element, base_url)
            if role.kind in (Kind.DROPPED, Kind.MEDIUM, Kind.ATOM):
                walker.skip_subtree()
            elif element.text:
                writer.add_text(element.text)
        else:
            end_role(writer, due.pop())
            if element.tail and due:
                writer.add_text(element.tail)
    return writer.to_html()


def _add_atom(writer: ArticleWriter, element: etree._Element, base_url: str) -> None:
    """Add an element that has no inner structure for us."""
    match element.tag:
        case "br":
            writer.add_break()
        case "img":
            writer.add_picture(describe_picture(element, base_url))
        case "hr":
            writer.add_rule()
        case "input":
            if element.get("type") == "checkbox":
                writer.add_text("☑ " if element.get("checked") is not None else "☐ ")
        case _:
            writer.add_code(_read_code(element))


def _add_medium(writer: ArticleWriter, element: etree._Element, base_url: str) -> None:
    """A link in the place of what we don't show: films and frames run others' programs in the reader's browser."""
    address, words = describe_medium(element, base_url)
    width, height = read_size(element)
    if not address or is_counter(address) or is_tiny(element) or 0 in (width, height) or 1 in (width, height):
        return
    writer.part()
    started = writer.start_mark("a", f' href="{html.escape(address)}"')
    writer.add_text(words)
    if started:
        writer.end_mark()
    writer.part()


def _read_code(element: etree._Element) -> str:
    """The text of a `pre`, its lines kept; WeChat makes each line a `code` of its own."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            previous = node.getprevious()
            if node.tag == "br" or (node.tag == "code" and previous is not None and previous.tag == "code"):
                pieces.append("\n")
            pieces.append(node.text or "")
        elif node is not element:
            pieces.append(node.tail or "")
    return "".join(pieces).strip("\n")
