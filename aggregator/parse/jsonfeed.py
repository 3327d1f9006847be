"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), and JSON that carries items the same way."""

from __future__ import annotations

import json
import re
from itertools import islice

from aggregator.parse.entries import Enclosure, Entry, Markup, RawFeed, UnreadableError
from aggregator.parse.markup import is_yes

# Names that programs give the same things: JSON Feed's own first, then those of RSS and of feed readers' dumps.
_ITEMS = ("items", "entries", "articles", "posts")
_ID = ("id", "guid", "_id")
_LINK = ("url", "link", "external_url")
_HTML = ("content_html", "content", "content_encoded")
_SUMMARY = ("summary", "description", "excerpt")
_PUBLISHED = ("date_published", "published", "pubDate", "publishedAt", "created")
_UPDATED = ("date_modified", "updated", "updatedAt")
_IMAGES = ("image", "banner_image", "cover", "thumbnail")
_TAGS = ("tags", "categories")
_WITHDRAWN = ("withdrawn", "_withdrawn")
"""JSON Feed has no such member; its extensions begin with an underscore."""

_SURROGATE = re.compile("[\ud800-\udfff]")

_BROKEN = "订阅源不是合格的 JSON（可能传送中断）；下次更新会再试，一直如此就请发布方检查。"
_NO_FEED = "这个地址返回的 JSON 里没有文章列表，不是 JSON Feed；请核对登记的 feeds 地址。"
_UNKNOWN_VERSION = "订阅源没有写明 JSON Feed 的版本，已按相近的格式读取。"


def read_json(text: str, most: int) -> RawFeed:
    """At most so many items. Raises `UnreadableError` when it is no JSON or no feed."""
    try:
        document = json.loads(_SURROGATE.sub("\ufffd", text.strip("\ufeff \t\r\n\0")), strict=False)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(_BROKEN) from error
    feed = {"items": document} if isinstance(document, list) else document
    if not isinstance(feed, dict):
        raise UnreadableError(_NO_FEED)
    items = next((feed[name] for name in _ITEMS if isinstance(feed.get(name), list)), None)
    is_declared = "jsonfeed.org" in _text(feed, ("version",))
    if items is None or (items and not is_declared and not any(_is_item(item) for item in items)):
        raise UnreadableError(_NO_FEED)
    return RawFeed(
        entries=tuple(_read_item(item) for item in islice((one for one in items if isinstance(one, dict)), most)),
        title=" ".join(_text(feed, ("title",)).split()),
        home=_text(feed, ("home_page_url", "link")),
        ttl=_text(feed, ("ttl",)),
        deleted=_list_withdrawn(feed),
        warnings=() if is_declared else (_UNKNOWN_VERSION,),
    )


def _list_withdrawn(feed: dict[str, object]) -> tuple[str, ...]:
    """The ids of what a feed of this program says is gone."""
    told = feed.get("_withdrawn")
    items = told.get("items") if isinstance(told, dict) else None
    named = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return tuple(name for item in named if (name := _text(item, ("id",))))


def _is_item(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    return bool(_text(item, ("title",)) and _text(item, (*_ID, *_LINK)))


def _read_item(item: dict[str, object]) -> Entry:
    html = [Markup(_text(item, (name,))) for name in _HTML]
    plain = Markup(_text(item, ("content_text",)), is_html=False)
    return Entry(
        guid=_text(item, _ID),
        link=_text(item, _LINK),
        # The specification has plain text here, but many copy it from RSS with its entities.
        title=Markup(_text(item, ("title",)), is_html="&" in _text(item, ("title",))),
        contents=tuple(markup for markup in (*html, plain) if markup.value),
        summary=Markup(_text(item, _SUMMARY)),
        published=_text(item, _PUBLISHED),
        updated=_text(item, _UPDATED),
        author=_read_author(item),
        categories=_read_tags(item),
        images=tuple(address for name in _IMAGES if (address := _text(item, (name,)))),
        enclosures=_read_attachments(item),
        withdrawn=any(_is_marked(item[name]) for name in _WITHDRAWN if name in item),
    )


def _is_marked(mark: object) -> bool:
    return is_yes(mark) if isinstance(mark, str) else bool(mark)


def _text(node: dict[str, object], names: tuple[str, ...]) -> str:
    """The first of these members that says something; ids and epoch dates may be numbers."""
    for name in names:
        value = node.get(name)
        if isinstance(value, str) and value.strip():
            # A lone surrogate may also come as an escape, \ud800.
            return _SURROGATE.sub("\ufffd", value.strip())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _write_number(value)
    return ""


def _write_number(value: int | float) -> str:
    # 1788222600000 must not become 1.7882226e+12. Numbers of thousands of digits, which str() refuses, are no ids.
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else ""
    return str(int(value)) if value.is_integer() and abs(value) < 10**30 else str(value)


def _read_author(item: dict[str, object]) -> str:
    authors = item.get("authors")
    nodes = [*authors, item.get("author")] if isinstance(authors, list) else [authors, item.get("author")]
    names = [_text(node, ("name",)) if isinstance(node, dict) else node for node in nodes]
    found = (_SURROGATE.sub("\ufffd", name.strip()) for name in names if isinstance(name, str) and name.strip())
    return "、".join(dict.fromkeys(found))


def _read_tags(item: dict[str, object]) -> tuple[str, ...]:
    tags = next((item[name] for name in _TAGS if isinstance(item.get(name), list)), [])
    if not isinstance(tags, list):
        return ()
    return tuple(_text(tag, ("name", "term")) if isinstance(tag, dict) else _text({"": tag}, ("",)) for tag in tags)


def _read_attachments(item: dict[str, object]) -> tuple[Enclosure, ...]:
    attachments = item.get("attachments")
    if not isinstance(attachments, list):
        return ()
    return tuple(
        Enclosure(
            url=_text(node, ("url",)),
            media_type=_text(node, ("mime_type", "type")),
            title=_text(node, ("title",)),
            size=_text(node, ("size_in_bytes", "length")),
        )
        for node in attachments
        if isinstance(node, dict)
    )
