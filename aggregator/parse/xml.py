"""RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0: mended until well-formed, then read by feedparser.

feedparser's own cleaning, address resolving, date parsing and encoding detection stay unused: `sanitize`, `urls`,
`dates` and `decode` do that, faster and for Chinese feeds.
"""

from __future__ import annotations

import html
import io
import re
from html.entities import html5
from typing import Any

import feedparser
from lxml import etree

from aggregator.parse.entries import Enclosure, Entry, Markup, RawFeed, UnreadableError
from aggregator.parse.sniff import FEED_ROOT
from aggregator.urls import is_web_url

_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may contain (XML 1.0, section 2.2); servers paste them out of word processors."""
_ITEM_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_STRAY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,30};))?")

_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
_HEADERS = {"content-type": "application/xml; charset=utf-8"}

_TRUNCATED = "订阅源在传送中断了，只读到了前面完整的文章；请发布方检查，下次更新会再试。"
_MALFORMED = "订阅源不是合格的 XML，已尽量读取；请发布方检查。"
_JUNK = "订阅源前面混有别的内容，已跳过；请发布方检查服务器是否报错。"
_CUT_SHORT = "订阅源在传送中断了，一篇完整的文章也没有；下次更新会再试。"
_UNREADABLE = "订阅源损坏得读不出来；请发布方检查。"


def read_xml(text: str) -> RawFeed:
    """Raises `UnreadableError` when nothing can be read."""
    mended, warnings = _mend(text)
    try:
        feed = feedparser.parse(
            # A stream: a string might be taken for a path or an address.
            io.BytesIO(mended.encode("utf-8", "replace")),
            response_headers=_HEADERS,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        # Its parser for broken feeds raises whatever the input provokes.
        raise UnreadableError(_UNREADABLE) from error
    if not feed.get("version") and not feed.entries:
        raise UnreadableError(_UNREADABLE)
    if _TRUNCATED in warnings and not feed.entries:
        raise UnreadableError(_CUT_SHORT)
    is_atom = str(feed.get("version", "")).startswith("atom")
    return RawFeed(
        entries=tuple(_read_entry(entry, is_atom=is_atom) for entry in feed.entries),
        title=" ".join(html.unescape(_text(feed.feed, "title")).split()),
        home=_text(feed.feed, "link"),
        warnings=tuple(warnings),
    )


def _mend(text: str) -> tuple[str, list[str]]:
    """The document without declaration (it is UTF-8 now) and, where that is possible, well-formed."""
    warnings = []
    root = FEED_ROOT.search(text)
    declaration = _DECLARATION.search(text)
    start = min((match.start() for match in (root, declaration) if match), default=0)
    if text[:start].strip("\ufeff \t\r\n"):
        warnings.append(_JUNK)
    body = _ILLEGAL.sub("", _DECLARATION.sub("", text[start:], count=1)).strip()
    if _is_well_formed(body):
        return body, warnings
    if root and not re.search(rf"</{re.escape(root['root'])}\s*>", body[-2000:], re.IGNORECASE):
        warnings.append(_TRUNCATED)
        body = _cut_to_complete(body, root["root"])
    body = _escape_stray(body)
    # Stray ampersands alone are mended without loss: nobody needs to hear of them.
    if not warnings and not _is_well_formed(body):
        warnings.append(_MALFORMED)
    return body, warnings


def _is_well_formed(text: str) -> bool:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return False
    return True


def _cut_to_complete(text: str, root: str) -> str:
    ends = [match.end() for match in _ITEM_END.finditer(text)]
    if not ends:
        # The feed's own head may be whole; an item that has begun is not.
        begun = re.search(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]", text)
        kept = text[: begun.start()] if begun else text
    else:
        kept = text[: ends[-1]]
    channel = re.search(r"<(?:[\w.-]+:)?channel[\s>]", kept) and "</channel>" not in kept and root.lower() == "rss"
    return f"{kept}{'</channel>' if channel else ''}</{root}>"


def _escape_stray(text: str) -> str:
    """HTML's names for characters as the characters, other bare ampersands escaped; CDATA sections untouched."""
    parts = _CDATA.split(text)
    parts[::2] = (_STRAY.sub(_replace_stray, part) for part in parts[::2])
    return "".join(parts)


def _replace_stray(match: re.Match[str]) -> str:
    name = match.group(1) or ""
    # "&lt;" in capitals, as `&LT;`, would open a tag.
    return html.escape(html5[name]) if name in html5 else f"&amp;{name}"


# feedparser's dictionaries are untyped: Any ends here.
def _text(node: Any, name: str) -> str:  # noqa: ANN401 - see above
    # Not node.get(): it answers "updated" with "published" and a deprecation warning.
    value = dict.get(node, name)
    return value.strip() if isinstance(value, str) else ""


def _read_entry(entry: Any, *, is_atom: bool) -> Entry:  # noqa: ANN401 - feedparser's, see above
    guid = _text(entry, "id")
    link = _text(entry, "link")
    contents = [
        markup
        for node in dict.get(entry, "content") or ()
        if (markup := _read_markup(node, is_atom=is_atom)).value and _is_readable(node)
    ]
    contents.sort(key=lambda markup: not markup.is_html)
    return Entry(
        guid=guid,
        # feedparser takes a permalink guid for the link even where it is none.
        link="" if link == guid and not is_web_url(link) else link,
        title=_read_detail(entry, "title", is_atom=is_atom),
        contents=tuple(contents),
        summary=_read_detail(entry, "summary", is_atom=is_atom),
        published=_text(entry, "published") or _text(entry, "created"),
        updated=_text(entry, "updated"),
        author=_read_author(entry),
        categories=tuple(_text(tag, "label") or _text(tag, "term") for tag in dict.get(entry, "tags") or ()),
        images=_read_images(entry),
        enclosures=tuple(
            Enclosure(_text(node, "href"), _text(node, "type"), _text(node, "title"), _text(node, "length"))
            for node in dict.get(entry, "links") or ()
            if node.get("rel") == "enclosure"
        ),
    )


def _read_detail(entry: Any, name: str, *, is_atom: bool) -> Markup:  # noqa: ANN401 - feedparser's, see above
    detail = dict.get(entry, f"{name}_detail")
    if isinstance(detail, dict):
        return _read_markup(detail, is_atom=is_atom)
    return Markup(_text(entry, name))


def _read_markup(node: Any, *, is_atom: bool) -> Markup:  # noqa: ANN401 - feedparser's, see above
    value = _text(node, "value")
    # In Atom the type is meant; in RSS, where there is none, feedparser has guessed it, and carefully.
    is_html = node.get("type") in _HTML_TYPES or (not is_atom and "&" in value)
    return Markup(value, is_html=is_html, base=_text(node, "base"))


def _is_readable(node: Any) -> bool:  # noqa: ANN401 - feedparser's, see above
    return node.get("type", "text/html") in (*_HTML_TYPES, "text/plain")


def _read_author(entry: Any) -> str:  # noqa: ANN401 - feedparser's, see above
    detail = dict.get(entry, "author_detail")
    return (_text(detail, "name") if isinstance(detail, dict) else "") or _text(entry, "author")


def _read_images(entry: Any) -> tuple[str, ...]:  # noqa: ANN401 - feedparser's, see above
    media = [
        _text(node, "url")
        for node in dict.get(entry, "media_content") or ()
        if node.get("medium") == "image" or _text(node, "type").startswith("image/")
    ]
    thumbnails = [_text(node, "url") for node in dict.get(entry, "media_thumbnail") or ()]
    cover = dict.get(entry, "image")
    covers = [_text(cover, "href")] if isinstance(cover, dict) else []
    return tuple(address for address in (*thumbnails, *media, *covers) if address)
