"""What an element of somebody's page is to an article: decided by its name and attributes alone.

Both readers of HTML ask here, the one with a tree (`article`) and the one without (`nested`).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

from aggregator.sanitize.media import resolve_link
from aggregator.sanitize.noise import is_noise, read_alignment
from aggregator.sanitize.tag import Element
from aggregator.sanitize.writer import ArticleWriter

_DROPPED = frozenset(
    # `noscript` repeats the pictures that a script would have loaded.
    {"script", "style", "template", "noscript", "svg", "math", "object", "embed", "applet", "head", "title"}
    | {"select", "textarea", "button", "frameset", "canvas", "map"}
)
_KEPT = (
    *("h2", "h3", "h4", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "details", "summary"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "figure", "figcaption"),
)
# The page's own title is its h1; nobody needs six levels in a post.
_BLOCKS = {tag: tag for tag in _KEPT} | {"h1": "h2", "h5": "h4", "h6": "h4", "menu": "ul"}
_KEPT_MARKS = ("strong", "em", "u", "s", "del", "ins", "mark", "small", "sup", "sub", "code", "kbd", "q", "cite")
_MARKS = {tag: tag for tag in (*_KEPT_MARKS, "ruby", "rt", "rp")}
_MARKS |= {"b": "strong", "i": "em", "strike": "s", "tt": "code", "samp": "code", "dfn": "em", "var": "em"}
_PARTED = frozenset(
    {"p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "address", "center", "form"}
    | {"fieldset", "legend", "body", "html", "hgroup", "dir", "option", "search"}
)
_MEDIA = ("video", "audio", "iframe")
_ATOMS = ("br", "img", "hr", "pre", "xmp", "listing", "input")
_ALIGNED = frozenset({"h2", "h3", "h4", "td", "th", "blockquote", "figure", "figcaption"})
_ASIDES = frozenset({"tip", "important", "faq"})
"""Classes of a quotation that is a box of its own: what `render` makes of `::: 提示`."""
_SPAN = re.compile(r"[1-9]\d?")


class Kind:
    """Plain numbers: members of an enumeration take several times as long to name and to compare, and each tag does."""

    NOTHING: Final = 0
    """Its content counts, itself it says nothing."""
    PART: Final = 1
    """What stands in it is a paragraph of its own."""
    BLOCK: Final = 2
    MARK: Final = 3
    LINK: Final = 4
    ATOM: Final = 5
    """It has no inner structure for us."""
    MEDIUM: Final = 6
    DROPPED: Final = 7
    """Left out with all that it holds."""


@dataclass(frozen=True, slots=True)
class Role:
    kind: int
    """One of `Kind`."""
    name: str = ""
    """Of the block or mark that is written for it."""
    attributes: str = ""
    alignment: str | None = None


_NOTHING, _DROP, _LINK, _ATOM, _MEDIUM = map(Role, (Kind.NOTHING, Kind.DROPPED, Kind.LINK, Kind.ATOM, Kind.MEDIUM))
_MARK_ROLES = {tag: Role(Kind.MARK, name) for tag, name in _MARKS.items()}


def find_role(element: Element) -> Role:
    # Without comments and processing instructions, every tag is a str.
    tag = str(element.tag)
    if tag in _DROPPED or is_noise(element):
        return _DROP
    if tag in _PARTED:
        return Role(Kind.PART, alignment=read_alignment(element))
    if block := _BLOCKS.get(tag):
        alignment = read_alignment(element) if block in _ALIGNED else None
        return Role(Kind.BLOCK, block, _describe_block(block, element), alignment)
    if tag in _MEDIA:
        return _MEDIUM
    if mark := _MARK_ROLES.get(tag):
        return mark
    if tag == "a":
        return _LINK
    return _ATOM if tag in _ATOMS else _NOTHING


def _describe_block(block: str, element: Element) -> str:
    if block in ("td", "th"):
        spans = ((name, element.get(name, "")) for name in ("colspan", "rowspan"))
        return "".join(f' {name}="{value}"' for name, value in spans if _SPAN.fullmatch(value) and value != "1")
    if block == "ol" and re.fullmatch(r"[2-9]|[1-9]\d{1,3}", element.get("start", "")):
        return f' start="{element.get("start")}"'
    if block == "blockquote" and (name := element.get("class", "")) in _ASIDES:
        return f' class="{name}"'
    return ""


class Ending:
    """What is due at an element's end."""

    NOTHING: Final = 0
    PART: Final = 1
    ALIGNED_PART: Final = 2
    BLOCK: Final = 3
    ALIGNED_BLOCK: Final = 4
    MARK: Final = 5


def start_role(writer: ArticleWriter, role: Role, element: Element, base_url: str) -> int:
    """Begin what needs no more than the role and the start tag: all but atoms and media."""
    match role.kind:
        case Kind.PART:
            writer.part()
            return Ending.ALIGNED_PART if writer.start_alignment(role.alignment) else Ending.PART
        case Kind.BLOCK:
            writer.part()
            aligned = writer.start_alignment(role.alignment)
            started = writer.start_block(role.name, role.attributes)
            if aligned:
                return Ending.ALIGNED_BLOCK if started else Ending.ALIGNED_PART
            return Ending.BLOCK if started else Ending.PART
        case Kind.MARK:
            return Ending.MARK if writer.start_mark(role.name) else Ending.NOTHING
        case Kind.LINK:
            address = resolve_link(base_url, element.get("href", ""))
            attributes = f' href="{html.escape(address)}"'
            return Ending.MARK if address and writer.start_mark("a", attributes) else Ending.NOTHING
    return Ending.NOTHING


def end_role(writer: ArticleWriter, ending: int) -> None:
    if ending in (Ending.BLOCK, Ending.ALIGNED_BLOCK):
        writer.end_block()
    elif ending == Ending.MARK:
        writer.end_mark()
    elif ending in (Ending.PART, Ending.ALIGNED_PART):
        writer.part()
    if ending in (Ending.ALIGNED_BLOCK, Ending.ALIGNED_PART):
        writer.end_alignment()
