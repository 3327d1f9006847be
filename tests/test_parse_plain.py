"""Feeds in UTF-8 that begin as most do are parsed from their bytes: what is read must be what is read from the text."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import FeedDocument, FeedError, ParsedFeed
from aggregator.parse import parse_posts
from aggregator.parse.xml import read_plain_xml

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
FEEDS = sorted((Path(__file__).parent / "data").glob("*feeds/*.xml"))
SMALL = (
    '<?xml version="1.0" encoding="UTF-8"?><!-- 说明 --><rss version="2.0" xmlns:x="urn:x"><channel>'
    '<title>街道办</title><x:other x:name="值">文字</x:other><item><title>通知</title><link>https://a.example/1</link><guid>甲</guid>'
    "<pubDate>Fri, 20 Nov 2026 08:00:00 +0800</pubDate>"
    "<description><![CDATA[<p>停水<b>两天</b>&amp;</p>]]></description>"
    "</item></channel></rss>"
).encode()


def read(body: bytes, content_type: str = "application/rss+xml; charset=utf-8") -> ParsedFeed | FeedError:
    address = "https://unit.example/feed"
    return parse_posts(FeedDocument("unit", address, body, content_type, base_url=address), now=NOW)


def read_as_text(body: bytes) -> ParsedFeed | FeedError:
    """The mark at the beginning says nothing new, and keeps a document from being read from its bytes."""
    return read(codecs.BOM_UTF8 + body)


@pytest.mark.parametrize("file", FEEDS, ids=lambda file: file.stem)
def test_a_feed_reads_from_its_bytes_as_from_its_text(file: Path) -> None:
    body = file.read_bytes()
    if read_plain_xml(body) is not None:
        assert read(body) == read_as_text(body)


def test_most_feeds_are_read_from_their_bytes() -> None:
    assert read_plain_xml(SMALL) is not None
    assert sum(read_plain_xml(file.read_bytes()) is not None for file in FEEDS) > len(FEEDS) / 3


@given(st.integers(0, len(SMALL)), st.integers(0, 3), st.binary(max_size=4))
def test_whatever_bytes_are_damaged_a_feed_reads_from_them_as_from_its_text(place: int, lost: int, put: bytes) -> None:
    body = SMALL[:place] + put + SMALL[place + lost :]
    if read_plain_xml(body) is not None:
        assert read(body) == read_as_text(body)


@pytest.mark.parametrize("content_type", ["text/xml; charset=gbk", "text/xml; charset=iso-8859-1"])
def test_a_label_that_is_not_utf8_is_looked_at(content_type: str) -> None:
    unlabelled = SMALL.replace(b' encoding="UTF-8"', b"")
    parsed = read(unlabelled, content_type)
    assert isinstance(parsed, ParsedFeed)
    assert parsed.warnings
    assert not getattr(read(unlabelled), "warnings", None)
