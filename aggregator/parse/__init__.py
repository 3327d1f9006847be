"""A feed document -> posts. The only place that knows what RSS, Atom and JSON Feed look like.

    FeedDocument -> read_plain_xml, or: decode -> sniff -> read_xml | read_json
                 -> RawFeed of Entry -> make_posts -> ParsedFeed

What is wrong with a whole feed is a `FeedError`; what is wrong with an entry is a warning on its post.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aggregator.decode import decode_bytes, find_label
from aggregator.model import FeedDocument, FeedError, HandedFile, ParsedFeed
from aggregator.parse.entries import UnreadableError
from aggregator.parse.jsonfeed import read_json
from aggregator.parse.posts import make_posts
from aggregator.parse.sniff import sniff_format
from aggregator.parse.xml import read_plain_xml, read_xml

__all__ = ["parse_posts"]

LONGEST_TTL = 7 * 24 * 60
"""Minutes."""

MOST_ENTRIES = 5000
LEAST_ENTRY = 200
"""Bytes: a feed may have more entries, such as the whole archive of a site, if there is something in them."""

_TOO_MANY = "订阅源一次给出的文章太多，只读取了前 {most} 篇；请发布方只列最近的文章。"
_PLAIN_LABELS = ("utf-8", "utf8")


def parse_posts(document: FeedDocument | HandedFile, *, now: datetime) -> ParsedFeed | FeedError:
    """Read the posts of a feed or of a file, in its order, each once. Never raises, whatever the bytes are."""
    if isinstance(document, HandedFile):
        # Only here: no feed needs the parser of Markdown.
        from aggregator.parse.handover import read_handed

        return read_handed(document, now=now)
    label = find_label(document.body, document.content_type)
    warnings: tuple[str, ...] = ()
    most = max(MOST_ENTRIES, len(document.body) // LEAST_ENTRY)
    try:
        raw = read_plain_xml(document.body) if label is None or label.lower() in _PLAIN_LABELS else None
        if raw is None:
            decoded = decode_bytes(document.body, label)
            is_json = sniff_format(decoded.text) == "json"
            # One more, to see that there are more.
            raw = read_json(decoded.text, most + 1) if is_json else read_xml(decoded.text)
            warnings = (*((decoded.warning,) if decoded.warning else ()), *raw.warnings)
    except UnreadableError as error:
        return FeedError(document.account, document.url, error.reason)
    if len(raw.entries) > most:
        raw, warnings = replace(raw, entries=raw.entries[:most]), (*warnings, _TOO_MANY.format(most=most))
    posts, withdrawn = make_posts(raw, document, now=now)
    return ParsedFeed(
        document.account,
        document.url,
        posts,
        title=raw.title,
        warnings=warnings,
        ttl=_read_ttl(raw.ttl),
        deleted=withdrawn,
    )


def _read_ttl(text: str) -> int | None:
    """Minutes; a feed that asks for more than a week, or for none, has a misunderstanding."""
    minutes = int(text) if text.isdecimal() and len(text) < 6 else 0
    return minutes if 0 < minutes <= LONGEST_TTL else None
