"""Whatever an entry says, its feeds are well-formed, and say what can be said of it."""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from feed_fixtures import CONTENT, check_json
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from site_fixtures import ATOM

from aggregator.plugins.stories.syndication.atom import frame_atom, write_atom_entry
from aggregator.plugins.stories.syndication.document import Document, Removed
from aggregator.plugins.stories.syndication.entries import Enclosed, Entry, Picture, Source, make_entry_id
from aggregator.plugins.stories.syndication.jsonfeed import frame_json, write_json_item
from aggregator.plugins.stories.syndication.markup import clean_text, escape_text
from aggregator.plugins.stories.syndication.rss import frame_rss, write_rss_item

NOON = datetime(2026, 3, 20, 4, tzinfo=UTC)
BASE = "https://a.example/"
STRANGE = st.text(st.characters(exclude_categories=()), max_size=60)
"""Control characters, halves of surrogate pairs, emoji, characters that Unicode has not assigned."""
ODD = (
    "\x00\x08\x0b\x1f",
    "]]>",
    "<![CDATA[",
    "&amp;<b>&#0;",
    "\ud83d",
    "\udc00\ud800",
    "😀👨‍👩‍👧",
    "\ufffe\uffff",
    "\r\n\t",
    "",
)


def make_entry(title: str = "标题", summary: str = "摘要") -> Entry:
    """As the making of entries gives them: cleaned."""
    return Entry(
        make_entry_id("s"), clean_text(title), f"{BASE}s/s.html", "https://b.example/?a=1&b=2", clean_text(summary),
        NOON, NOON + timedelta(hours=1), clean_text(title) or "部门",
        Source(make_entry_id("x"), clean_text(title) or "账号", BASE, f"{BASE}feed.rss"), ("通知",),
        (Picture(f"{BASE}files/a.webp", "image/webp", 9, 3, 2),),
        (Enclosed(f"{BASE}files/b.pdf", clean_text(title), "application/pdf", 9),), (), (),
    )  # fmt: skip


def read_feeds(entry: Entry, body: str) -> tuple[Any, Any, Any]:
    """RSS, Atom and JSON, read."""
    document = Document(
        BASE, entry.title or "频道", entry.summary, "发布者", BASE, f"{BASE}feed",
        entries=(entry,), removed=(Removed(make_entry_id("r"), BASE, NOON),),
    )  # fmt: skip
    content = escape_text(body)
    rss = etree.fromstring(write_rss_item(entry, content).join(frame_rss(document)).encode())
    atom = etree.fromstring(write_atom_entry(entry, content).join(frame_atom(document)).encode())
    told = json.loads(write_json_item(entry, body).join(frame_json(document)))
    check_json(told)
    return rss, atom, told


def check(title: str, summary: str, content: str) -> None:
    entry, body = make_entry(title, summary), clean_text(content)
    rss, atom, told = read_feeds(entry, body)
    assert (rss.findtext(".//item/title") or "") == entry.title
    assert (atom.findtext(f"{ATOM}entry/{ATOM}title") or "") == entry.title
    assert told["items"][0].get("title", "") == entry.title
    assert (rss.findtext(f".//item/{CONTENT}") or "") == body
    assert (atom.findtext(f"{ATOM}entry/{ATOM}content") or "") == body
    assert told["items"][0].get("content_html", "") == body


@given(STRANGE, STRANGE, STRANGE)
def test_any_text_makes_well_formed_feeds_that_say_it(title: str, summary: str, content: str) -> None:
    check(title, summary, content)


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_odd_text_makes_well_formed_feeds(odd: str) -> None:
    check(odd, odd, f"<p>{odd}</p>")


def test_a_body_of_a_megabyte_is_whole_in_every_form() -> None:
    check("长文", "摘要", "<p>" + "长文]]>😀\x07\ud83d" * 110_000 + "</p>")


@given(STRANGE)
@example("违建面积<5平方米，罚款&补办 a&lt;b <b>")
def test_rss_says_a_summary_as_html_which_reads_as_the_same_text(summary: str) -> None:
    entry = make_entry(summary=summary)
    rss, atom, _ = read_feeds(entry, "<p>正文</p>")
    assert html.unescape(rss.findtext(".//item/description")) == (entry.summary or entry.title)
    assert "<" not in rss.findtext(".//item/description")
    assert (atom.findtext(f"{ATOM}entry/{ATOM}summary") or "") == entry.summary


def test_an_entry_with_neither_summary_nor_text_says_its_title() -> None:
    rss, atom, told = read_feeds(make_entry("今日停水", summary=""), "")
    assert rss.findtext(".//item/description") == "今日停水"
    assert atom.findtext(f"{ATOM}entry/{ATOM}summary") == "今日停水"
    assert told["items"][0]["content_text"] == "今日停水"


@given(STRANGE)
def test_cleaning_takes_only_what_cannot_be_said(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    cleaned.encode()
    assert all(char in cleaned for char in text if char.isalnum() and not 0xD800 <= ord(char) < 0xE000)
