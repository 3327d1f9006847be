"""Mutated real feeds: no crash, nothing active, and never slower than two seconds for a megabyte.

Bounded in time; the seed changes nothing from run to run, so what fails once fails again.
"""

from __future__ import annotations

import random
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.model import FeedDocument, FeedError, ParsedFeed
from aggregator.parse import MOST_ENTRIES, parse_posts
from aggregator.parse.entries import MOST_TAGS

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FEEDS = Path(__file__).parent / "data" / "feeds"
BUDGET = 4.0
"""Seconds a test."""
LONGEST = 300_000
"""Bytes of a feed that is mutated: larger ones are cut there, so that more mutations fit in the budget."""
MOST = 100
"""Mutations a test, so that a faster machine does not try others than a slower one."""
PATIENCE = 20.0
"""Seconds of processor time for a megabyte, and for anything smaller: a hang, and not a slow machine."""

PIECES = [
    *(b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"</item>", b"<item>", b"</entry>", b"\xff\xfe"),
    *(
        b"\x00",
        b"\xed\xa0\x80",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"&a;",
        b"&#x110000;",
        b"&#0;",
        b"xml:base=' http://['",
    ),
    *(
        b"<script>alert(1)</script>",
        b"&lt;script&gt;alert(1)&lt;/script&gt;",
        b"<svg onload=alert(1)>",
        b"' onerror='x",
    ),
    *(b"href='javascript:alert(1)'", "\u202e镕".encode(), b"\r\n\r\n", b'"', b"%", b"{", b"}", b"\\ud800", b"1e999"),
]
ACTIVE = re.compile(
    r"<(?:script|style|iframe|form|svg|object)\b|\son\w+\s*=|(?:href|src)=\"\s*javascript:", re.IGNORECASE
)


def mutate(body: bytes, chance: random.Random) -> bytes:
    data = bytearray(body)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                data[place : place + chance.randrange(1, 200)] = b""
            case 1:
                data[place:place] = chance.choice(PIECES)
            case 2:
                data[place : place + 1] = bytes((chance.randrange(256),))
            case 3:
                other = chance.randrange(len(data) + 1)
                data[place:place] = data[other : other + chance.randrange(2000)]
            case 4:
                data[place:place] = chance.choice(PIECES) * chance.choice((10, 100, 3000))
            case _:
                del data[place + (len(data) - place) // 2 :]
    return bytes(data)


def fuzz(bodies: list[bytes], seed: int) -> int:
    chance = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    runs = 0
    end = time.monotonic() + BUDGET
    while runs < MOST and time.monotonic() < end:
        body = mutate(chance.choice(bodies), chance)
        started = time.process_time()
        result = parse_posts(
            FeedDocument("fuzz", "https://feed.example/", body, base_url="https://feed.example/"), now=NOW
        )
        spent = time.process_time() - started
        runs += 1
        assert spent < PATIENCE * max(1.0, len(body) / 1_000_000), (seed, runs, spent, len(body))
        assert isinstance(result, ParsedFeed | FeedError)
        if isinstance(result, ParsedFeed):
            for post in result.posts:
                assert not any(ACTIVE.search(tag) for tag in re.findall("<[^>]*>", post.html)), (seed, runs)
                assert "\ufffe" not in post.html
                post.html.encode()
                post.title.encode()
    return runs


def test_our_own_samples(capsys):
    runs = fuzz([path.read_bytes() for path in sorted(FEEDS.iterdir()) if "expected" not in path.name], seed=1)
    with capsys.disabled():
        print(f" {runs} mutated samples", end="")
    assert runs > 50


def test_real_feeds(shared_data, capsys):
    paths = sorted(path for path in (shared_data / "feeds").rglob("*") if path.is_file())
    runs = fuzz([path.read_bytes()[:LONGEST] for path in paths], seed=2)
    with capsys.disabled():
        print(f" {runs} mutated real feeds", end="")
    assert runs > 10


@pytest.mark.parametrize("unit", PIECES, ids=repr)
def test_the_same_piece_over_and_over_in_a_body_a_title_and_a_feed(unit):
    filler = unit * (60_000 // len(unit))
    for text in (
        b"<rss><channel><item><title>a</title><description><![CDATA[%s]]></description></item></channel></rss>"
        % filler,
        b"<rss><channel><item><title>%s</title></item></channel></rss>" % filler,
        b"<rss><channel>%s</channel></rss>" % filler,
        b'{"items": [{"id": "1", "url": "https://a.cn/", "title": "%s"}]}' % filler,
    ):
        started = time.process_time()
        parse_posts(FeedDocument("fuzz", "https://feed.example/", text), now=NOW)
        assert time.process_time() - started < PATIENCE


def wrap(items: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'


def read(text: str) -> ParsedFeed | FeedError:
    """Within the time that a megabyte may take."""
    started = time.process_time()
    result = parse_posts(FeedDocument("fuzz", "https://feed.example/", text.encode()), now=NOW)
    assert time.process_time() - started < PATIENCE
    return result


ATTRIBUTES = " ".join(f'a{number}="x"' for number in range(100_000))
CATEGORIES = "".join(f"<category>{number}</category>" for number in range(35_000))


@pytest.mark.parametrize("broken", ["", "&nbsp<b>"])
def test_an_entry_with_thousands_of_tags_keeps_the_first_or_costs_its_feed(broken):
    result = read(wrap(f"{broken}<item><title>a</title>{CATEGORIES}</item>"))
    if broken:
        assert isinstance(result, FeedError)
    else:
        assert isinstance(result, ParsedFeed)
        assert result.posts[0].categories == tuple(map(str, range(MOST_TAGS)))


@pytest.mark.parametrize(
    "text",
    [
        f"<item {ATTRIBUTES}><title>a</title></item>",
        f"<item><title {ATTRIBUTES}>a</title></item>",
        f"<item><title>a</title><description><p {ATTRIBUTES}>b</p></description></item>",
    ],
)
def test_an_element_with_thousands_of_attributes_costs_its_feed(text):
    for feed in (wrap(text), f"<rss><channel>{text}</channel>"):
        result = read(feed)
        assert isinstance(result, FeedError)
        assert "属性" in result.reason


def test_marks_without_end_cost_what_is_behind_the_last_whole_article():
    nested = "<b>" * 300_000
    result = read(wrap(f"<item><title>a</title><guid>1</guid></item><item>{nested}</item>"))
    assert isinstance(result, ParsedFeed)
    assert [post.title for post in result.posts] == ["a"]
    assert any("只读取了前面的文章" in warning for warning in result.warnings)
    assert isinstance(read(wrap(f"<item>{nested}</item>")), FeedError)


@pytest.mark.parametrize("form", ["xml", "broken", "json"])
def test_of_more_articles_than_a_feed_can_mean_the_first_are_read(form):
    count = 13_000
    if form == "json":
        items = ",".join(f'{{"id":"n{number}","content_html":"<p>x"}}' for number in range(count))
        text = f'{{"version":"https://jsonfeed.org/version/1","items":[{items}]}}'
    else:
        items = "".join(f"<item><title>t</title><guid>n{number}</guid></item>" for number in range(count))
        text = wrap(("&nbsp<b>" if form == "broken" else "") + items)
    result = read(text)
    assert isinstance(result, ParsedFeed)
    assert result.posts[0].key == "n0"
    assert MOST_ENTRIES <= len(result.posts) < count
    assert any("只读取了前" in warning for warning in result.warnings)


def test_a_whole_archive_may_be_long():
    items = "".join(
        f"<item><title>{number}</title><description>{'字' * 80}</description></item>" for number in range(6000)
    )
    result = read(wrap(items))
    assert isinstance(result, ParsedFeed)
    assert len(result.posts) == 6000
    assert result.warnings == ()


def test_what_is_withdrawn_is_told_behind_more_articles_than_are_read():
    items = ",".join(f'{{"id":"n{number}","title":"a"}}' for number in range(6000))
    result = read(
        f'{{"version":"https://jsonfeed.org/version/1","items":[{items}],"_withdrawn":{{"items":[{{"id":"gone"}}]}}}}'
    )
    assert isinstance(result, ParsedFeed)
    assert result.deleted == ("gone",)


BLANKS = " " * 500_000
ITEM = "<item><title>a</title></item>"


def body(html: str) -> str:
    return wrap(f"<item><description><![CDATA[{html}]]></description></item>")


@pytest.mark.parametrize(
    "text",
    {
        "declarations": f"<rss><channel>{'<?xml ' * 160_000}",
        "entities without an end": f"<!DOCTYPE rss [{'<!ENTITY a x' * 80_000}]><rss><channel>{ITEM}</channel></rss>",
        "blanks in an entity": f"<!DOCTYPE rss [<!ENTITY a{BLANKS}x{BLANKS}]><rss><channel>{ITEM}</channel></rss>",
        "blanks in a name": wrap(f"<item><title>a</title><author>a{BLANKS}b</author></item>"),
        "blanks in dates": wrap(f"<item><title>a</title><pubDate>昨天8点{' ' * 90}x</pubDate></item>" * 4900),
        "blanks in a size": body(f"<img src='a.png' style='width:1{BLANKS}x'>"),
        "blanks for addresses": body(f"<p><img srcset='{' ' * 1900}'></p>" * 100),
        "words for addresses": body(f"<img srcset='{'x' * 19_000} y z'>" * 25),
    }.items(),
    ids=lambda one: one[0],
)
def test_what_could_be_shared_out_in_many_ways_is_read_once(text):
    read(text[1])
