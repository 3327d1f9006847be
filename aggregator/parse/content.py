"""The text in an element of a well-formed feed, as feedparser would give it: escaped, in CDATA, or as real elements.

Where a feed mixes these in ways whose meaning is anybody's guess, `UnusualError` leaves the document to feedparser.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from html.entities import entitydefs

from lxml import etree

from aggregator.parse.entries import UnreadableError

_XHTML = "application/xhtml+xml"
_TYPE_NAMES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": _XHTML}

_CLOSING_TAG_OR_ENTITY = re.compile(r"</\w+>|&#?\w+;")
_TAG_NAME = re.compile(r"</?(\w+)")
_ENTITY_NAME = re.compile(r"&(\w+);")
# The elements by which feedparser tells HTML from text that has a "<".
_HTML_ELEMENTS = frozenset(
    {
        *("a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "big", "blockquote", "br"),
        *("button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "command", "datagrid"),
        *("datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "event-source"),
        *("fieldset", "figcaption", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "i", "img", "input", "ins", "kbd", "keygen", "label", "legend", "li", "m", "map"),
        *("menu", "meter", "multicol", "nav", "nextid", "noscript", "ol", "optgroup", "option", "output", "p"),
        *("pre", "progress", "q", "s", "samp", "section", "select", "small", "sound", "source", "spacer", "span"),
        *("strike", "strong", "sub", "sup", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "time"),
        *("tr", "tt", "u", "ul", "var", "video"),
    }
)
_AMBIGUOUS = frozenset(
    {
        *("title", "link", "image", "source", "summary", "body", "content", "category", "author", "name", "url"),
        *("uri", "email", "width", "height", "description", "svg", "math", "item", "entry", "channel", "feed"),
    }
)
"""Elements within content that feedparser takes for the feed's own."""

# https://encoding.spec.whatwg.org/#windows-1252: where C1 controls stand, these characters were meant.
_WINDOWS = {
    code: bytes((code,)).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}

_CONTROLS = re.compile("[\x80-\x9f]")
_WIDE = re.compile("[^\x00-\xff]")
_SHORT = 200
"""Characters of a title and the like, which `isprintable` clears at once."""


MOST_ATTRIBUTES = 1000
"""Of one element: lxml looks for the value of each from the first one on."""

_TOO_MANY = "订阅源里有一个标签带着上千个属性，没有读取；请发布方检查。"


class UnusualError(Exception):
    """A well-formed document that is written in no way we know."""


@dataclass(frozen=True, slots=True)
class Content:
    value: str
    media_type: str


def read_content(
    element: etree._Element, attributes: dict[str, str], default: str, *, is_atom: bool, unwrap: bool
) -> Content:
    """The text of a construct that may hold markup. `unwrap` drops the one `div` that Atom 1.0 demands around XHTML."""
    declared = attributes.get("type", default).lower()
    media_type = _TYPE_NAMES.get(declared, declared)
    is_base64 = attributes.get("mode") == "base64" or not _is_text(media_type)
    if len(element):
        pieces, media_type = _write_elements(element, media_type)
    else:
        text = element.text or ""
        pieces = [html.escape(text, quote=False) if media_type == _XHTML else text]
    if unwrap and media_type == _XHTML:
        pieces = _unwrap(pieces)
    value = "".join(pieces).strip()
    if is_base64:
        value = _decode_base64(value)
    if not is_atom and media_type == "text/plain" and looks_like_html(value):
        media_type = "text/html"
    return Content(mend_text(value), media_type)


def read_text(element: etree._Element) -> str:
    """The text of an element that holds nothing else."""
    if len(element):
        raise UnusualError
    return mend_text((element.text or "").strip())


def mend_text(text: str) -> str:
    """Undo UTF-8 that was read as Latin-1 before it was sent, and Windows' characters in the place of controls."""
    if text.isascii():
        return text
    # Where the codec would fail, it takes ten times as long to say so.
    if not _WIDE.search(text):
        with suppress(UnicodeError):
            text = text.encode("latin-1").decode("utf-8")
    if len(text) < _SHORT and text.isprintable():
        return text
    # Searched first, and the bytes before the characters: translating a long text is slow, and few need it.
    is_suspect = b"\xc2" in text.encode("utf-8", "surrogatepass")
    return text.translate(_WINDOWS) if is_suspect and _CONTROLS.search(text) else text


def looks_like_html(text: str) -> bool:
    """Whether a text that should be plain is HTML: RSS leaves that open. In doubt it is not."""
    if not _CLOSING_TAG_OR_ENTITY.search(text):
        return False
    if any(name.lower() not in _HTML_ELEMENTS for name in _TAG_NAME.findall(text)):
        return False
    return all(name in entitydefs for name in _ENTITY_NAME.findall(text))


def list_attributes(element: etree._Element) -> Sequence[tuple[object, object]]:
    """Raises `UnreadableError` where there are more than anybody writes."""
    if len(element.attrib) > MOST_ATTRIBUTES:
        raise UnreadableError(_TOO_MANY)
    return element.items()


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or media_type.endswith(("+xml", "/xml"))


def _decode_base64(text: str) -> str:
    try:
        return base64.decodebytes(text.encode()).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text


def _write_elements(element: etree._Element, media_type: str) -> tuple[list[str], str]:
    """Real elements written out as markup. Text before the first one is as it was, for feedparser takes it for HTML."""
    if media_type.endswith("xml") and media_type != _XHTML:
        raise UnusualError
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node is element:
            if event == "start" and node.text:
                pieces.append(html.escape(node.text, quote=False) if media_type == _XHTML else node.text)
            continue
        name = etree.QName(node).localname.lower()
        if event == "start":
            if name in _AMBIGUOUS or (media_type != _XHTML and name == "div"):
                raise UnusualError
            media_type = _XHTML
            pieces.append(f"<{name}{_write_attributes(node)}>")
            pieces.append(html.escape(node.text or "", quote=False))
        else:
            pieces.append(f"</{name}>")
            pieces.append(html.escape(node.tail or "", quote=False))
    return pieces, media_type


def _write_attributes(element: etree._Element) -> str:
    written = []
    for key, value in list_attributes(element):
        name = str(key)
        if name.startswith("{"):
            if not name.startswith("{http://www.w3.org/XML/1998/namespace}"):
                raise UnusualError
            name = "xml:" + name.rpartition("}")[2]
        name = name.lower()
        text = str(value).lower() if name in ("rel", "type") else str(value)
        quoted = html.escape(text, quote=False).replace('"', "&quot;")
        written.append(f' {name}="{quoted}"')
    return "".join(written)


def _unwrap(pieces: list[str]) -> list[str]:
    told = [number for number, piece in enumerate(pieces) if piece.strip()]
    if not told:
        return pieces
    first, last = told[0], told[-1]
    if not (pieces[first] == "<div>" or pieces[first].startswith("<div ")) or pieces[last] != "</div>":
        return pieces
    depth = 0
    for piece in pieces[first:last]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                # The div ends before the content does: it is one of several.
                return pieces
        elif piece.startswith("<"):
            depth += 1
    return pieces[first + 1 : last]
