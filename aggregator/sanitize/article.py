"""Walks the tree of somebody's page and tells the writer what of it is an article.

WeChat's editor nests `section` and `span` dozens deep, with all meaning in styles; they dissolve, and what they
part stays parted.
"""

from __future__ import annotations

import html
import re

from lxml import etree

from aggregator.sanitize.media import describe_medium, find_picture_addresses
from aggregator.sanitize.noise import is_counter, is_noise, is_tiny, read_alignment
from aggregator.sanitize.writer import ArticleWriter
from aggregator.urls import resolve_url

_MAX_DEPTH = 2000
"""libxml2 silently drops what is nested 2,048 deep; we stop short of it and keep the text instead."""

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
_ALIGNED = frozenset({"h2", "h3", "h4", "td", "th", "blockquote", "figure", "figcaption"})

_POLITE = 'loading="lazy" referrerpolicy="no-referrer"'
"""WeChat's picture servers refuse visitors that come from another site and say so."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PIXELS = re.compile(r"(\d{1,5})(?:\.\d+)?(?:px)?")
_SPAN = re.compile(r"[1-9]\d?")

_NOTHING, _BLOCK, _MARK, _PART, _ALIGNED_BLOCK, _ALIGNED_PART = range(6)


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
            ending, skip = _start(writer, element, base_url)
            due.append(ending)
            if skip:
                walker.skip_subtree()
            elif element.text:
                writer.add_text(element.text)
        else:
            _end(writer, due.pop())
            if element.tail and due:
                writer.add_text(element.tail)
    return writer.to_html()


def _start(writer: ArticleWriter, element: etree._Element, base_url: str) -> tuple[int, bool]:
    """What is due at the element's end, and whether its content is left out or already taken."""
    # Without comments and processing instructions, every tag is a str.
    tag = str(element.tag)
    if tag in _DROPPED or is_noise(element):
        return _NOTHING, True
    if tag in _PARTED:
        writer.part()
        return (_ALIGNED_PART if writer.start_alignment(read_alignment(element)) else _PART), False
    if block := _BLOCKS.get(tag):
        alignment = read_alignment(element) if block in _ALIGNED else None
        writer.part()
        aligned = writer.start_alignment(alignment)
        started = writer.start_block(block, _describe_block(block, element))
        if aligned:
            return (_ALIGNED_BLOCK if started else _ALIGNED_PART), False
        return (_BLOCK if started else _PART), False
    if tag in _MEDIA:
        _add_medium(writer, element, base_url)
        return _NOTHING, True
    if mark := _MARKS.get(tag):
        return (_MARK if writer.start_mark(mark) else _NOTHING), False
    if tag == "a":
        address = _resolve_link(base_url, element.get("href", ""))
        attributes = f' href="{html.escape(address)}"'
        return (_MARK if address and writer.start_mark("a", attributes) else _NOTHING), False
    return _NOTHING, _add_atom(writer, element, base_url)


def _end(writer: ArticleWriter, ending: int) -> None:
    if ending in (_BLOCK, _ALIGNED_BLOCK):
        writer.end_block()
    elif ending == _MARK:
        writer.end_mark()
    elif ending in (_PART, _ALIGNED_PART):
        writer.part()
    if ending in (_ALIGNED_BLOCK, _ALIGNED_PART):
        writer.end_alignment()


def _add_atom(writer: ArticleWriter, element: etree._Element, base_url: str) -> bool:
    """Add an element that has no inner structure for us; False when it is none."""
    match element.tag:
        case "br":
            writer.add_break()
        case "img":
            if picture := _describe_picture(element, base_url):
                writer.add_picture(picture)
        case "hr":
            writer.add_rule()
        case "pre" | "xmp" | "listing":
            writer.add_code(_read_code(element))
        case "input":
            if element.get("type") == "checkbox":
                writer.add_text("☑ " if element.get("checked") is not None else "☐ ")
        case _:
            return False
    return True


def _add_medium(writer: ArticleWriter, element: etree._Element, base_url: str) -> None:
    """A link in the place of what we don't show: films and frames run others' programs in the reader's browser."""
    address, words = describe_medium(element, base_url)
    width, height = _read_size(element)
    if not address or is_counter(address) or is_tiny(element) or 0 in (width, height) or 1 in (width, height):
        return
    writer.part()
    started = writer.start_mark("a", f' href="{html.escape(address)}"')
    writer.add_text(words)
    if started:
        writer.end_mark()
    writer.part()


def _describe_block(block: str, element: etree._Element) -> str:
    if block in ("td", "th"):
        spans = ((name, element.get(name, "")) for name in ("colspan", "rowspan"))
        return "".join(f' {name}="{value}"' for name, value in spans if _SPAN.fullmatch(value) and value != "1")
    if block == "ol" and re.fullmatch(r"[2-9]|[1-9]\d{1,3}", element.get("start", "")):
        return f' start="{element.get("start")}"'
    return ""


def _describe_picture(element: etree._Element, base_url: str) -> str:
    """The picture's tag; "" when it has no address, or only counts visits."""
    sources = (_resolve_address(base_url, address) for address in find_picture_addresses(element))
    source = next((address for address in sources if address), "")
    width, height = _read_size(element)
    if not source or (width is not None and width <= 1) or (height is not None and height <= 1):
        return ""
    if is_tiny(element) or is_counter(source):
        return ""
    alt = " ".join((element.get("alt") or element.get("title") or "").split())
    size = f' width="{width}" height="{height}"' if width and height else ""
    return f'<img src="{html.escape(source)}" alt="{html.escape(alt)}"{size} {_POLITE}>'


def _read_size(element: etree._Element) -> tuple[int | None, int | None]:
    """Width and height in pixels; WeChat states the width and the ratio."""
    width, height = (
        int(match.group(1)) if (match := _PIXELS.fullmatch(element.get(name, "").strip())) else None
        for name in ("width", "height")
    )
    natural, ratio = element.get("data-w", ""), element.get("data-ratio", "")
    if natural.isdecimal() and len(natural) < 6 and re.fullmatch(r"\d{1,2}(\.\d{1,20})?", ratio):
        return int(natural), round(int(natural) * float(ratio))
    return width, height


def _resolve_link(base_url: str, address: str) -> str:
    cleaned = _UNSAFE.sub("", address)
    if cleaned.lower().startswith(("mailto:", "tel:")):
        return cleaned
    # A link within the page leads nowhere: ids are not kept.
    return "" if not cleaned or cleaned.startswith("#") else _resolve_address(base_url, address)


def _resolve_address(base_url: str, address: str) -> str:
    if base_url or _SCHEME.match(_UNSAFE.sub("", address)):
        return resolve_url(base_url, address)
    # Without a base the address is relative to the page it will stand in, as in staff's drafts.
    return _UNSAFE.sub("%20", address.strip())


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
