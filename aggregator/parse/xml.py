"""RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0: mended until well-formed, then mapped; else feedparser's."""

from __future__ import annotations

from dataclasses import replace

from aggregator.parse.content import UnusualError
from aggregator.parse.entries import RawFeed, UnreadableError
from aggregator.parse.mend import TRUNCATED, Mended, mend_document, parse_plainly
from aggregator.parse.tree import read_tree

_CUT_SHORT = "订阅源在传送中断了，一篇完整的文章也没有；下次更新会再试。"


def read_plain_xml(data: bytes) -> RawFeed | None:
    """As `read_xml` reads the text that these bytes are in UTF-8; None where it takes the text to tell."""
    root = parse_plainly(data)
    try:
        return None if root is None else read_tree(root)
    except (UnusualError, UnicodeDecodeError):
        # libxml2 lets some bytes pass that are no UTF-8.
        return None


def read_xml(text: str) -> RawFeed:
    """Raises `UnreadableError` when nothing can be read."""
    mended = mend_document(text)
    feed = _read(mended)
    if TRUNCATED in mended.warnings and not feed.entries:
        raise UnreadableError(_CUT_SHORT)
    return replace(feed, warnings=(*mended.warnings, *feed.warnings))


def _read(mended: Mended) -> RawFeed:
    if mended.root is not None:
        try:
            return read_tree(mended.root)
        except UnusualError:
            pass
    # Only here: few feeds need feedparser, and its import takes a fifth of a worker's start.
    from aggregator.parse.loose import read_loosely

    return read_loosely(mended.text)
