"""Which format a document is in, by its first element: servers' media types are wrong too often."""

from __future__ import annotations

import re
from typing import Literal

from aggregator.parse.entries import UnreadableError

PROLOG = re.compile(r"(?:\s+|\ufeff|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE)
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
FEED_ROOT = re.compile(r"<(?P<root>(?:[\w.-]+:)?(?:rss|RDF|feed|channel))(?=[\s>/])", re.IGNORECASE)
_PAGE_ROOTS = ("html", "head", "body", "meta", "script")
_FEED_ROOTS = ("rss", "rdf", "feed", "channel")

_LOOK_AHEAD = 4096
"""Characters of messages that a broken server may print before the feed."""

_EMPTY = "订阅源返回的内容是空的；请在浏览器里打开这个地址看看，一直是空的就请发布方检查。"
_PAGE = (
    "这个地址返回的是网页，不是订阅源（可能是出错页、登录页或验证页）；"
    "请在浏览器里打开看看，必要时改正登记的 feeds 地址。"
)
_OTHER = "这个地址返回的内容不是 RSS、Atom 或 JSON Feed；请核对登记的 feeds 地址。"


def sniff_format(text: str) -> Literal["json", "xml"]:
    """Raises `UnreadableError` for what is no feed."""
    head = text[:_LOOK_AHEAD].lstrip("\ufeff \t\r\n\0")
    if not head and not text.strip("\ufeff \t\r\n\0"):
        raise UnreadableError(_EMPTY)
    if head.startswith(("{", "[")):
        return "json"
    prolog = PROLOG.match(text)
    element = _ELEMENT.match(text, prolog.end() if prolog else 0)
    name = element.group(1).lower() if element else ""
    # What a broken server prints before a feed is a line or two, never a page with a head.
    if name in _FEED_ROOTS or (name not in _PAGE_ROOTS and FEED_ROOT.search(head)):
        return "xml"
    raise UnreadableError(_PAGE if name in _PAGE_ROOTS else _OTHER)
