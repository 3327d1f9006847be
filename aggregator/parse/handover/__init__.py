"""A file that a department handed over -> posts, by the same rules as the entries of a feed.

HandedFile -> decode -> read_page | read_text | read_table -> Entry -> make_posts -> ParsedFeed
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from aggregator.decode import decode_bytes, find_label
from aggregator.model import FeedDocument, FeedError, HandedFile, ParsedFeed
from aggregator.parse.entries import RawFeed, UnreadableError
from aggregator.parse.handover.pages import read_page
from aggregator.parse.handover.tables import read_table
from aggregator.parse.handover.texts import read_text
from aggregator.parse.posts import make_posts
from aggregator.urls import HANDED_BASE

__all__ = ["read_handed"]

_TABLES = (".csv",)
_TEXTS = (".md", ".markdown")

_HEAD = 4096
"""Bytes in which a page says its encoding; browsers look at 1,024."""

_MOST_LOST = 0.01
"""Share of characters that no encoding explains above which the rest is taken for garbage, too."""

_OFFICE_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

_OFFICE = "这其实是 Word、Excel 或 PDF 文件，只是改了扩展名。请打开它，另存为网页或 CSV。"
_BINARY = "这不是文本文件，读不出文字。请重新保存。"
_GARBLED = "文件的编码认不出来，读出的多半是乱码。请另存为 UTF-8 编码。"
_EMPTY = "文件是空的。请写上内容，或者删掉它。"
_NO_POST = "里面没有标题，也没有正文。请检查文件内容。"

_CHARSET = re.compile(r"charset\s*=\s*[\"']?[A-Za-z0-9._:-]{1,40}", re.IGNORECASE)


def read_handed(file: HandedFile, *, now: datetime) -> ParsedFeed | FeedError:
    """The posts of one file. Addresses of files beside it begin with `urls.HANDED_BASE`, their path behind it."""
    try:
        text, lost = _decode(file.body, PurePosixPath(file.name).suffix.lower() not in (*_TABLES, *_TEXTS))
        feed, warnings, next_row = _read_entries(text, file, now)
    except UnreadableError as error:
        return FeedError(file.account, file.url, error.reason)
    folder = PurePosixPath(file.name).parent.as_posix()
    base = HANDED_BASE if folder == "." else f"{HANDED_BASE}{quote(folder)}/"
    posts, withdrawn = make_posts(feed, FeedDocument(file.account, file.url, b"", base_url=base), now=now)
    if not posts and not withdrawn and not next_row and not warnings:
        return FeedError(file.account, file.url, _NO_POST)
    if lost:
        warnings = (*warnings, f"有 {lost} 个字读不出来，显示成了“\ufffd”。请重新保存。")
    return ParsedFeed(file.account, file.url, posts, warnings=warnings, deleted=withdrawn, next_row=next_row)


def _read_entries(text: str, file: HandedFile, now: datetime) -> tuple[RawFeed, tuple[str, ...], int]:
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix in _TABLES:
        table = read_table(text, file.start)
        return RawFeed(table.entries), table.problems, table.next_row
    entry = read_text(text, file, now=now) if suffix in _TEXTS else read_page(text, file, now=now)
    return RawFeed((entry,)), (), 0


def _decode(body: bytes, is_page: bool) -> tuple[str, int]:
    """The text, and how many of its characters are lost."""
    if body.startswith(_OFFICE_MAGIC):
        raise UnreadableError(_OFFICE)
    if b"\0" in body and not body.startswith(_UTF16_MARKS):
        raise UnreadableError(_BINARY)
    said = _CHARSET.search(body[:_HEAD].decode("ascii", "replace")) if is_page else None
    text = decode_bytes(body, find_label(body, said.group() if said else "")).text
    if not text.strip("\ufeff \t\r\n\u3000"):
        raise UnreadableError(_EMPTY)
    lost = text.count("\ufffd")
    if lost > len(text) * _MOST_LOST:
        raise UnreadableError(_GARBLED)
    return text.removeprefix("\ufeff"), lost
