"""Real feeds, well and badly formed: every post of them is found, under its title and date.

The feeds themselves stay outside the project; `expected.json` holds facts about them, found by another reader or
by hand.
"""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from functools import cache
from html import unescape
from pathlib import Path

import feedparser
import pytest

from aggregator.model import FeedDocument, ParsedFeed
from aggregator.parse import parse_posts
from aggregator.urls import canonical_url

EXPECTED = json.loads((Path(__file__).parent / "data/real_feeds/expected.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@cache
def parse_feed(path: Path) -> ParsedFeed:
    url = "https://feed.example/rss.xml"
    result = parse_posts(FeedDocument("real", url, path.read_bytes(), base_url=url), now=NOW)
    assert isinstance(result, ParsedFeed), result
    return result


def squeeze(text: str) -> str:
    return "".join(re.sub(r"<[^>]+>", "", unescape(text)).split())


def test_no_real_feed_is_without_expectations(shared_data):
    feeds = shared_data / "feeds"
    assert {str(path.relative_to(feeds)) for path in feeds.rglob("*") if path.is_file()} == set(EXPECTED)
    assert sum(facts["checked"] == "by hand" for facts in EXPECTED.values()) >= 10


@pytest.mark.parametrize("name", EXPECTED)
def test_number_titles_and_dates_are_as_expected(shared_data, name):
    feed = parse_feed(shared_data / "feeds" / name)
    facts = EXPECTED[name]
    assert len(feed.posts) == facts["posts"]
    for post, (title, date) in zip(feed.posts, facts["first"], strict=False):
        published = post.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if post.published else None
        assert (squeeze(post.title)[: len(squeeze(title))], published) == (squeeze(title), date)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:feedparser")
@pytest.mark.parametrize("name", [name for name in EXPECTED if name.endswith(".xml")])
def test_no_post_that_stock_feedparser_finds_is_lost(shared_data, name):
    path = shared_data / "feeds" / name
    found = feedparser.parse(io.BytesIO(path.read_bytes())).entries
    posts = parse_feed(path).posts
    known = {alias for post in posts for alias in post.aliases} | {squeeze(post.title) for post in posts}
    known |= {canonical_url(post.url) for post in posts}
    lost = [
        entry.get("title")
        for entry in found
        if entry.get("id") not in known
        and canonical_url(entry.get("link", "")) not in known
        and squeeze(entry.get("title", "")) not in known
    ]
    assert lost == []
    assert len(posts) == len(found)


def test_every_real_post_is_clean(shared_data):
    active = re.compile(
        r"<(?:script|style|iframe|form|svg|object)|\son\w+=|javascript:|\sstyle=|\sclass=(?!\"align-)", re.IGNORECASE
    )
    for name in EXPECTED:
        for post in parse_feed(shared_data / "feeds" / name).posts:
            tags = "".join(re.findall(r"<[^>]*>", post.html))
            assert not active.search(tags), (name, post.title)
            assert post.key in post.aliases
            assert all(line == line.strip() != "" for line in post.text.split("\n")) or not post.text
