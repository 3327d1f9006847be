"""The case files of feedparser, the W3C's validator, miniflux and reader, all run through the reading of feeds.

A case's own expectation is compared where it speaks of something that we keep. What differs is listed by class with
its reason; nothing differs unlisted. `pytest -s` prints the counts.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from conformance_fixtures import Claim, feed_files, read_claim, read_content_type, unpack

from aggregator.dates import parse_date
from aggregator.decode import decode_bytes, find_label
from aggregator.model import FeedDocument, FeedError, ParsedFeed
from aggregator.parse import parse_posts
from aggregator.parse.entries import Entry, RawFeed, UnreadableError
from aggregator.parse.xml import read_xml
from aggregator.sanitize import clean_html, html_to_text

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BASE = "https://feed.example/rss.xml"
ACTIVE = re.compile(
    r"<(?:script|style|iframe|form|svg|math|object|embed|base|meta|link|input|video|audio)\b|\son\w+\s*=|\sstyle=|"
    r"(?:href|src)=\"\s*(?:javascript|vbscript|data|file):",
    re.IGNORECASE,
)


def parse(body: bytes, content_type: str = "") -> ParsedFeed | FeedError:
    return parse_posts(FeedDocument("case", BASE, body, content_type, base_url=BASE), now=NOW)


def read_raw(body: bytes) -> RawFeed | None:
    try:
        return read_xml(decode_bytes(body, find_label(body, read_content_type(body))).text)
    except UnreadableError:
        return None


def look_up(feed: RawFeed, claim: Claim) -> object:
    """What we read for a claim's field; `NotImplemented` for what we do not keep."""
    if claim.entry is None:
        return (
            {"title": feed.title, "link": feed.home}.get(claim.name, NotImplemented)
            if not claim.part
            else NotImplemented
        )
    if claim.entry >= len(feed.entries):
        return None
    return look_up_entry(feed.entries[claim.entry], claim)


def look_up_entry(entry: Entry, claim: Claim) -> object:
    texts = {
        "title": entry.title.value,
        "summary": entry.summary.value,
        "description": entry.summary.value,
        "link": entry.link,
        "id": entry.guid,
        "guid": entry.guid,
        "published": entry.published,
        "updated": entry.updated,
    }
    if claim.name in texts and not claim.part:
        return texts[claim.name]
    if claim.name.endswith("_detail") and claim.part == "value":
        return texts.get(claim.name.removesuffix("_detail"), NotImplemented)
    if claim.name == "content" and claim.part == "value":
        return entry.contents[claim.index].value if claim.index < len(entry.contents) else None
    if claim.name in ("published_parsed", "updated_parsed"):
        date = parse_date(texts[claim.name.removesuffix("_parsed")], now=NOW)
        return date.astimezone(UTC).timetuple()[:6] if date else None
    return NotImplemented


# Cases whose expectation we do not share.
FEEDPARSER_REASONS = {
    "lang.xml": "HTML 5's ⟨, not HTML 4's",
    "rang.xml": "HTML 5's ⟩, not HTML 4's",
    "feed_title_base64_2.xml": "a feed's title is plain text here, so nothing in it needs escaping",
    "feed_title_inline_markup_2.xml": "a feed's title is plain text here, so nothing in it needs escaping",
    "entry_content_base64.xml": "content whose type says that it is no text is not read as text",
    "entry_content_base64_2.xml": "content whose type says that it is no text is not read as text",
    "item_description_not_a_doctype.xml": "feedparser's cleaning: ours comes later",
}


def squeeze(markup: object) -> str:
    return "".join(html_to_text(clean_html(str(markup), BASE)).split())


def explain(path: Path, claim: Claim, ours: object) -> str:
    """Why a case's expectation is not what we read; "" without a reason."""
    folders = path.parts
    if "sanitize" in folders and path.suffix == ".xml":
        return "feedparser's cleaning: ours is nh3's, and is tested for what it lets through"
    if claim.name.endswith("_parsed"):
        return "dates before 1990 or of other countries' calendars: not read, by decision" if ours is None else ""
    if "base" in folders or "sgml" in folders or "http" in folders:
        return "addresses are made absolute by `sanitize` and `urls`, later and against the document's address"
    if squeeze(ours) == squeeze(claim.value):
        return "the same text: our markup is not yet cleaned here"
    return FEEDPARSER_REASONS.get(path.name, "")


def test_feedparser_s_cases(shared_data, tmp_path):
    counts: Counter[str] = Counter()
    unexplained = []
    for path, body in feed_files(unpack(shared_data, "feedparser-tests", tmp_path)):
        result = parse(body, read_content_type(body))
        counts["run"] += 1
        if isinstance(result, ParsedFeed):
            assert not any(ACTIVE.search(tag) for post in result.posts for tag in re.findall("<[^>]*>", post.html)), (
                path
            )
            assert not any(ACTIVE.search(f'href="{post.url}"') for post in result.posts), path
        claim = read_claim(body)
        feed = read_raw(body) if claim and path.suffix == ".xml" else None
        if claim is None or feed is None:
            continue
        ours = look_up(feed, claim)
        if ours is NotImplemented:
            counts["of something we do not keep"] += 1
            continue
        counts["compared"] += 1
        expected = claim.value
        if claim.name.endswith("_parsed") and isinstance(expected, tuple):
            expected = expected[:6]
        if ours == expected or (expected is None and not ours):
            counts["equal"] += 1
        elif reason := explain(path, claim, ours):
            counts[reason] += 1
        else:
            unexplained.append((path.name, claim.name, ours, expected))
    print(f"\nfeedparser: {dict(counts)}")
    assert not unexplained, "\n".join(map(str, unexplained))


def test_the_validator_s_cases(shared_data, tmp_path):
    """Its expectations are of its own messages; every input gives posts or an error, and nothing active."""
    counts: Counter[str] = Counter()
    for path, body in feed_files(unpack(shared_data, "feedvalidator-testcases", tmp_path)):
        result = parse(body)
        counts["run"] += 1
        if isinstance(result, FeedError):
            counts["no feed"] += 1
            continue
        counts["posts"] += len(result.posts)
        assert not any(ACTIVE.search(tag) for post in result.posts for tag in re.findall("<[^>]*>", post.html)), path
    print(f"\nvalidator: {dict(counts)}")
    assert counts["run"] > 2000


def test_miniflux_s_cases(shared_data):
    cases = json.loads((shared_data / "conformance/miniflux-inline-tests.json").read_text(encoding="utf-8"))
    counts: Counter[str] = Counter()
    unexplained = []
    for case in cases:
        for text in case["inputs"]:
            result = parse(text.encode())
            counts["run"] += 1
        if len(case["inputs"]) != 1 or isinstance(result, FeedError):
            continue
        for claim in case["expect"]:
            ours = look_up_miniflux(result, claim["expr"])
            if ours is NotImplemented:
                continue
            counts["compared"] += 1
            if ours == claim["value"] or squeeze(ours) == squeeze(claim["value"]):
                counts["equal"] += 1
            elif reason := explain_miniflux(claim["expr"].rpartition(".")[2], str(ours), str(claim["value"])):
                counts[reason] += 1
            else:
                unexplained.append((case["test"], claim["expr"], ours, claim["value"]))
    print(f"\nminiflux: {dict(counts)}")
    assert not unexplained, "\n".join(map(str, unexplained))


def explain_miniflux(field: str, ours: str, theirs: str) -> str:
    if field == "Author" and not ours:
        return "an author of the feed is the account, whose name stands on the post anyway"
    if field == "Author" and sorted(re.split("[、, ]+", ours)) == sorted(re.split("[, ]+", theirs)):
        return "authors in the feed's order, separated as in Chinese"
    if field == "Author" and "mailto:" in theirs:
        return "an author without the mail address"
    if field == "Title" and ours in ("（无标题）", BASE, "HTML title", "file.pdf"):
        return "a title that is missing is the text's first sentence, else （无标题）, never an address"
    if field == "URL" and ours.startswith("https://feed.example/"):
        return "a relative link is relative to the document's address, which the case doesn't state"
    if field == "URL" and theirs == "https://audio-file":
        return "a file is the post's attachment, not its page"
    if field == "URL" and (theirs == "http://meerkat.oreillynet.com" or theirs.endswith("/original")):
        return "the link of the item itself"
    return ""


def look_up_miniflux(feed: ParsedFeed, expression: str) -> object:
    if expression == "len(feed.Entries)":
        return len(feed.posts)
    if expression == "feed.Title":
        return feed.title or BASE
    match = re.fullmatch(r"feed\.Entries\[(\d+)\]\.(Title|URL|Author|Content)", expression)
    if match is None or int(match[1]) >= len(feed.posts):
        return NotImplemented
    post = feed.posts[int(match[1])]
    return {"Title": post.title, "URL": post.url, "Author": post.author, "Content": post.html}[match[2]]


READER_POSTS = {
    "full.atom": 2,
    "full.json": 2,
    "full.rss": 2,
    "relative.atom": 1,
    "relative.rss": 1,
    "empty.atom": 0,
    "empty.rss": 0,
    "empty.json": 1,
    "10.json": 0,
    # Without a version of JSON Feed, and with a wrong one: both are read as far as they go.
    "unknown.json": 0,
    "invalid.json": 2,
}


def test_reader_s_samples(shared_data, tmp_path):
    paths = unpack(shared_data, "reader-tests-data", tmp_path)
    results = {path.name: parse(path.read_bytes()) for path in paths if path.suffix in (".rss", ".atom", ".json")}
    posts = {name: len(feed.posts) if isinstance(feed, ParsedFeed) else "error" for name, feed in results.items()}
    print(f"\nreader: {posts}")
    assert posts == READER_POSTS
