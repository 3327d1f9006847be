"""feedparser, for whatever is not well-formed or written in no way we know.

Its own cleaning, address resolving, date parsing and encoding detection stay unused: `sanitize`, `urls`, `dates` and
`decode` do that, faster and for Chinese feeds.
"""

from __future__ import annotations

import html
import io
import re
from itertools import islice
from typing import Any, TypeAlias

import feedparser

from aggregator.parse.entries import Enclosure, Entry, Markup, RawFeed, UnreadableError
from aggregator.parse.markup import choose_link, is_readable, is_yes, join_authors, make_markup, order_contents
from aggregator.parse.mend import ITEM_END

_Node: TypeAlias = dict[str, Any]
"""One of feedparser's dictionaries, which are untyped."""

_HEADERS = {"content-type": "application/xml; charset=utf-8"}
# feedparser keeps only the last of these.
_DELETED = re.compile(r"<(?:[\w.-]{1,40}:)?deleted-entry\s[^<>]{0,2000}?\bref\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")

MOST_MARKS = 40_000
LEAST_BETWEEN = 25
"""Characters: a long document may have more marks, as feedparser takes some 40 microseconds for each."""
MOST_TERMS = 5000
"""Of one entry, or of the feed: it looks for each term among all others. A blog listed 1261 in its head."""
_TERMS = re.compile(r"<(?:[\w.-]{1,40}:)?(?:category|subject|keywords|tags)\b[^<]*", re.IGNORECASE)

_TOO_MUCH = "订阅源不合格，又有太多的标签，只读取了前面的文章；请发布方检查。"
_UNREADABLE = "订阅源损坏得读不出来；请发布方检查。"


def read_loosely(text: str) -> RawFeed:
    """Raises `UnreadableError` when nothing can be read."""
    text, warnings = _bound(text)
    try:
        feed = feedparser.parse(
            # A stream: a string might be taken for a path or an address.
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=_HEADERS,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except MemoryError:
        raise
    except Exception as error:
        # Its parser for broken feeds raises whatever the input provokes.
        raise UnreadableError(_UNREADABLE) from error
    if not feed.get("version") and not feed.entries:
        raise UnreadableError(_UNREADABLE)
    is_atom = str(feed.get("version", "")).startswith("atom")
    return RawFeed(
        entries=tuple(_read_entry(entry, is_atom=is_atom) for entry in feed.entries),
        title=" ".join(html.unescape(_text(feed.feed, "title")).split()),
        home=_text(feed.feed, "link"),
        ttl=_text(feed.feed, "ttl"),
        deleted=tuple(html.unescape(one or other) for one, other in _DELETED.findall(text)),
        warnings=warnings,
    )


def _bound(text: str) -> tuple[str, tuple[str, ...]]:
    """As much of the text as takes no longer than a megabyte of honest articles, and a warning if that is not all.

    Raises `UnreadableError` where no whole article is in it.
    """
    if any(_count_terms(one) > MOST_TERMS for one in ITEM_END.split(text)):
        raise UnreadableError(_UNREADABLE)
    most = max(MOST_MARKS, len(text) // LEAST_BETWEEN)
    if text.count("<") <= most:
        return text, ()
    end = next(islice(re.finditer("<", text), most, None)).start()
    whole = max((match.end() for match in ITEM_END.finditer(text, 0, end)), default=0)
    if not whole:
        raise UnreadableError(_UNREADABLE)
    return text[:whole], (_TOO_MUCH,)


def _count_terms(entry: str) -> int:
    return sum(1 + match[0].count(",") for match in _TERMS.finditer(entry))


def _text(node: _Node, name: str) -> str:
    # Not node.get(): it answers "updated" with "published" and a deprecation warning.
    value = dict.get(node, name)
    return value.strip() if isinstance(value, str) else ""


def _read_entry(entry: _Node, *, is_atom: bool) -> Entry:
    guid = _text(entry, "id")
    link = _text(entry, "link")
    return Entry(
        guid=guid,
        link=choose_link(guid, link),
        title=_read_detail(entry, "title", is_atom=is_atom),
        contents=order_contents(
            _read_markup(node, is_atom=is_atom)
            for node in dict.get(entry, "content") or ()
            if is_readable(node.get("type", "text/html"))
        ),
        summary=_read_detail(entry, "summary", is_atom=is_atom),
        published=_text(entry, "published") or _text(entry, "created"),
        updated=_text(entry, "updated"),
        author=join_authors(
            (_text(author, "name") for author in dict.get(entry, "authors") or ()), _text(entry, "author")
        ),
        categories=tuple(_text(tag, "label") or _text(tag, "term") for tag in dict.get(entry, "tags") or ()),
        images=_read_images(entry),
        enclosures=tuple(
            Enclosure(_text(node, "href"), _text(node, "type"), _text(node, "title"), _text(node, "length"))
            for node in dict.get(entry, "links") or ()
            if node.get("rel") == "enclosure"
        ),
        withdrawn=_is_withdrawn(entry),
    )


def _read_detail(entry: _Node, name: str, *, is_atom: bool) -> Markup:
    value, detail = _text(entry, name), dict.get(entry, f"{name}_detail")
    # Where a picture of the entry has a title or description of its own, the detail is the picture's.
    if isinstance(detail, dict) and _text(detail, "value") == value:
        return _read_markup(detail, is_atom=is_atom)
    return Markup(value)


def _read_markup(node: _Node, *, is_atom: bool) -> Markup:
    return make_markup(_text(node, "value"), str(node.get("type")), _text(node, "base"), is_atom=is_atom)


def _read_images(entry: _Node) -> tuple[str, ...]:
    media = [
        _text(node, "url")
        for node in dict.get(entry, "media_content") or ()
        if node.get("medium") == "image" or _text(node, "type").startswith("image/")
    ]
    thumbnails = [_text(node, "url") for node in dict.get(entry, "media_thumbnail") or ()]
    cover = dict.get(entry, "image")
    covers = [_text(cover, "href")] if isinstance(cover, dict) else []
    return tuple(address for address in (*thumbnails, *media, *covers) if address)


def _is_withdrawn(entry: _Node) -> bool:
    marks = [value for name, value in dict.items(entry) if name.rpartition("_")[2] == "withdrawn"]
    return any(not isinstance(mark, str) or is_yes(mark) for mark in marks)
