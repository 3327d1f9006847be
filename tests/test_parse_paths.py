"""A well-formed feed gives the same entries on the fast path as through feedparser, string by string."""

from __future__ import annotations

import resource
import socket
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conformance_fixtures import feed_files, unpack

from aggregator.decode import decode_bytes, find_label
from aggregator.model import FeedDocument, FeedError, ParsedFeed
from aggregator.parse import parse_posts
from aggregator.parse.content import UnusualError
from aggregator.parse.entries import Entry, RawFeed, UnreadableError
from aggregator.parse.loose import read_loosely
from aggregator.parse.mend import mend_document
from aggregator.parse.sniff import sniff_format
from aggregator.parse.tree import read_tree

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SETS = (
    "feedparser-tests",
    "feedvalidator-testcases",
    "miniflux-testdata",
    "reader-tests-data",
    "fastfeedparser-integration",
    "fastfeedparser-200-real-feeds",
)

# Where the two differ, and why the fast path is right. Differences in xml:base alone are the rule of `_drop_bases`.
REASONS = {
    "missing-self.xml": "an entry within an atom:source: feedparser takes what follows for the feed's",
    "source-entry.xml": "an entry within an atom:source: feedparser takes what follows for the feed's",
    "rdf_Description.xml": "the title of a person in FOAF is not the feed's",
    "rss10_rdfDescription.xml": "the title of a person in FOAF is not the feed's",
}
BASE_LEAKS = "feedparser lets the xml:base of one element reach into the elements after it"


def read_both(body: bytes) -> tuple[str, RawFeed | None, RawFeed | None]:
    """What the document is for the gate, and what the fast path and feedparser make of it."""
    text = decode_bytes(body, find_label(body)).text
    try:
        if sniff_format(text) != "xml":
            return "no XML", None, None
    except UnreadableError:
        return "no feed", None, None
    mended = mend_document(text)
    if mended.root is None:
        return "not well-formed: feedparser's", None, None
    try:
        fast = read_tree(mended.root)
    except UnusualError:
        return "unknown dialect: feedparser's", None, None
    return "fast", fast, read_loosely(mended.text)


def drop_bases(feed: RawFeed) -> RawFeed:
    def drop(entry: Entry) -> Entry:
        contents = tuple(replace(markup, base="") for markup in entry.contents)
        return replace(
            entry,
            contents=contents,
            title=replace(entry.title, base=""),
            summary=replace(entry.summary, base=""),
        )

    return replace(feed, entries=tuple(drop(entry) for entry in feed.entries))


@pytest.mark.parametrize("name", [*SETS, "feeds"])
def test_both_paths_give_the_same_strings(shared_data, tmp_path_factory, name):
    if name == "feeds":
        paths = tuple(sorted(path for path in (shared_data / "feeds").rglob("*.xml")))
    else:
        paths = unpack(shared_data, name, tmp_path_factory.mktemp("sets"))
    counts: Counter[str] = Counter()
    unexplained = []
    for path, body in feed_files(paths):
        kind, fast, loose = read_both(body)
        if fast is None or loose is None:
            counts[kind] += 1
        elif fast == loose:
            counts["equal"] += 1
        elif drop_bases(fast) == drop_bases(loose):
            counts[BASE_LEAKS] += 1
        elif path.name in REASONS:
            counts[REASONS[path.name]] += 1
        else:
            unexplained.append(path.name)
    print(f"\n{name}: {sum(counts.values())} files, {dict(counts)}")
    assert unexplained == []
    assert counts["equal"] > 0.85 * sum(number for kind, number in counts.items() if not kind.startswith("no"))


class TestTheFastPath:
    def read(self, text: str) -> RawFeed:
        root = mend_document(text).root
        assert root is not None
        return read_tree(root)

    def test_knows_namespaces_by_their_address_whatever_the_prefix_and_case(self):
        feed = self.read(
            '<RSS xmlns:k="http://purl.org/rss/1.0/modules/content/" xmlns:x="HTTP://PURL.ORG/dc/elements/1.1/">'
            "<Channel><Item><Title>甲</Title><k:Encoded><![CDATA[<p>正文</p>]]></k:Encoded><x:creator>张三</x:creator>"
            "<pubDate>2026-09-01</pubDate></Item></Channel></RSS>"
        )
        (entry,) = feed.entries
        assert (entry.title.value, entry.contents[0].value, entry.author) == ("甲", "<p>正文</p>", "张三")
        assert entry.published == "2026-09-01"

    def test_names_all_authors_of_a_post_once(self):
        feed = self.read(
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><author><name>甲</name></author><author><name>乙</name>'
            "</author><author><name>甲</name></author></entry></feed>"
        )
        assert feed.entries[0].author == "甲、乙"

    def test_keeps_a_deletion_a_withdrawal_and_the_time_to_live(self):
        body = (
            '<rss version="2.0" xmlns:at="http://purl.org/atompub/tombstones/1.0"><channel><title>t</title><ttl>90</ttl>'
            '<at:deleted-entry ref="https://a.cn/1" when="2026-09-01T00:00:00Z"/>'
            "<item><title>a</title><guid isPermaLink='false'>g2</guid><withdrawn>true</withdrawn></item>"
            "<item><title>b</title><guid isPermaLink='false'>g3</guid><withdrawn>false</withdrawn></item>"
            "</channel></rss>"
        )
        for text in (body, body + "<"):
            feed = parse_posts(FeedDocument("a", "https://a.cn/f", text.encode()), now=NOW)
            assert isinstance(feed, ParsedFeed)
            assert (feed.ttl, feed.deleted) == (90, ("https://a.cn/1", "g2"))
            assert [post.key for post in feed.posts] == ["g3"]

    @pytest.mark.parametrize("ttl", ["0", "-5", "soon", "999999", ""])
    def test_takes_no_nonsense_for_a_time_to_live(self, ttl):
        body = f"<rss><channel><ttl>{ttl}</ttl><item><title>a</title></item></channel></rss>"
        feed = parse_posts(FeedDocument("a", "https://a.cn/f", body.encode()), now=NOW)
        assert isinstance(feed, ParsedFeed)
        assert feed.ttl is None

    def test_a_comment_or_document_type_before_the_feed_is_no_junk(self):
        head = "<!-- made by x --><!DOCTYPE rss [<!ENTITY co '栖江'>]>"
        text = f"{head}<rss><channel><item><title>&co;</title></item></channel></rss>"
        feed = parse_posts(FeedDocument("a", "https://a.cn/f", text.encode()), now=NOW)
        assert isinstance(feed, ParsedFeed)
        assert (feed.posts[0].title, feed.warnings) == ("栖江", ())


class TestAttacks:
    @pytest.fixture
    def attacks(self, shared_data, tmp_path) -> tuple[Path, ...]:
        return tuple(
            path for path in unpack(shared_data, "defusedxml-xml-attacks", tmp_path) if path.suffix in (".xml", ".xsl")
        )

    def test_every_known_attack_ends_at_once_and_reads_nothing(self, attacks, monkeypatch):
        """As it is, and with its declarations before a real feed that uses them in every title."""

        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("a parser asked for the network")

        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        secret = Path("/etc/passwd").read_text(encoding="utf-8", errors="replace").split(":", 1)[0] + ":x:"
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert len(attacks) >= 10
        for path in attacks:
            text = path.read_text(encoding="utf-8", errors="replace")
            names = ("a", "b", "c", "d", "e", "bomb", "ee", "lol9", "xxe")
            body = "".join(f"<item><title>{n}</title><description>&{n};</description></item>" for n in names)
            doctype = text[text.find("<!DOCTYPE") : text.find("]>") + 2] if "<!DOCTYPE" in text else ""
            feed = f"{doctype}<rss version='2.0'><channel>{body}</channel></rss>"
            for document in (text, feed):
                started = time.process_time()
                result = parse_posts(FeedDocument("a", "https://a.cn/f", document.encode()), now=NOW)
                assert time.process_time() - started < 15, path.name
                if isinstance(result, ParsedFeed):
                    assert all(len(post.html) < 100_000 for post in result.posts), path.name
                    assert all(secret not in post.html for post in result.posts), path.name
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000

    @pytest.mark.parametrize("declaration", ["SYSTEM 'file:///etc/passwd'", "'&b;&b;'", f"'{'x' * 300}'"])
    def test_an_unsafe_entity_is_shown_as_it_is_written_and_told_of(self, declaration):
        text = (
            f"<!DOCTYPE rss [<!ENTITY a {declaration}><!ENTITY b 'bb'>]>"
            "<rss><channel><item><title>&a; &b;</title></item></channel></rss>"
        )
        feed = parse_posts(FeedDocument("a", "https://a.cn/f", text.encode()), now=NOW)
        assert isinstance(feed, ParsedFeed)
        assert feed.posts[0].title == "&a; bb"
        assert "实体" in feed.warnings[0]

    def test_the_same_entity_a_million_times_is_not_expanded(self):
        head = f"<!DOCTYPE rss [<!ENTITY a '{'长' * 150}'>]>"
        text = f"{head}<rss><channel><item><title>{'&a;' * 100_000}</title></item></channel></rss>"
        started = time.process_time()
        feed = parse_posts(FeedDocument("a", "https://a.cn/f", text.encode()), now=NOW)
        assert time.process_time() - started < 30
        assert isinstance(feed, ParsedFeed | FeedError)

    @pytest.mark.parametrize("filler", [" " * 200_000, "<!-- x -->" * 20_000, "<?x?>" * 20_000, "<!DOCTYPE" * 20_000])
    def test_what_stands_before_a_feed_is_read_in_linear_time(self, filler):
        started = time.process_time()
        parse_posts(FeedDocument("a", "https://a.cn/f", f"{filler}<rss><channel/></rss>".encode()), now=NOW)
        assert time.process_time() - started < 20

    def test_a_document_type_in_an_odd_place_is_left_to_feedparser(self):
        text = "<rss><channel/></rss>"
        assert mend_document(text).root is not None
        odd = '<!-- x ><!DOCTYPE rss [<!ENTITY a "]>">]>' + text
        result = parse_posts(FeedDocument("a", "https://a.cn/f", odd.encode()), now=NOW)
        assert isinstance(result, ParsedFeed | FeedError)
