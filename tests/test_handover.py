"""What one handed file gives: pages, texts and tables in the states in which departments have them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from handover_fixtures import HANDED, read_file, read_posts, refuse
from hypothesis import given, settings
from hypothesis import strategies as st
from site_fixtures import CITY_NOW

from aggregator.model import HandedFile, ParsedFeed, Post
from aggregator.parse import parse_posts
from aggregator.parse.handover.columns import read_name_date, read_name_title

FILES = sorted(path for path in HANDED.rglob("*") if path.is_file() and not path.name.endswith(".expected.json"))
BODY = "各单位要认真做好这项工作，把责任落实到人，并按时报送情况。" * 3


def describe(post: Post) -> dict[str, Any]:
    return {
        "key": post.key,
        "title": post.title,
        "url": post.url,
        "published": post.published.isoformat() if post.published else None,
        "html": post.html,
        "summary": post.summary,
        "author": post.author,
        "categories": list(post.categories),
        "image": post.image,
        "attachments": [one.url for one in post.attachments],
        "warnings": list(post.warnings),
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_gives_the_posts_that_stand_beside_it(file: Path) -> None:
    name = file.relative_to(HANDED).as_posix()
    parsed = parse_posts(HandedFile("rsj", "../handover/rsj/", name, file.read_bytes()), now=CITY_NOW)
    assert isinstance(parsed, ParsedFeed)
    expected = json.loads(file.with_name(f"{file.name}.expected.json").read_text(encoding="utf-8"))
    assert {"posts": [describe(post) for post in parsed.posts], "problems": list(parsed.warnings)} == expected


class TestPage:
    @pytest.mark.parametrize(
        ("head", "body", "title"),
        [
            ("<title>停水通知_临江水务</title>", "", "停水通知"),
            ("<title>停水通知-临江水务</title>", "<h1>停水通知</h1>", "停水通知"),
            ("<title>停水通知_临江水务</title>", "<h1>临江水务</h1>", "停水通知"),
            ("", "<h1>停水通知</h1>", "停水通知"),
            ("", "<h2>停水通知</h2>", "停水通知"),
            ("<title></title><meta property='og:title' content='停水通知'>", "", "停水通知"),
            ("<title>别的</title><meta name='ArticleTitle' content='停水通知'>", "<h1>又是别的</h1>", "停水通知"),
        ],
    )
    def test_the_title_is_what_head_and_heading_agree_on(self, head: str, body: str, title: str) -> None:
        (post,) = read_posts("1.html", f"<html><head>{head}</head><body>{body}<div><p>{BODY}</p></div></body></html>")
        assert post.title == title

    def test_a_page_without_a_title_is_called_as_its_file(self) -> None:
        (post,) = read_posts("2026-03-01 关于停水的通知.html", f"<p>{BODY}</p>")
        assert post.title == "关于停水的通知"

    def test_a_page_whose_file_has_no_name_is_called_as_its_first_sentence(self) -> None:
        (post,) = read_posts("1.html", "<p>今晚停水。明早恢复。</p>")
        assert post.title == "今晚停水。"

    @pytest.mark.parametrize(
        ("name", "page", "day"),
        [
            ("1.html", "<meta name='PubDate' content='2026-03-01 08:30'>", "2026-03-01 08:30"),
            ("1.html", "<meta property='article:published_time' content='2026-03-01T08:30+08:00'>", "2026-03-01 08:30"),
            ("1.html", "<time datetime='2026-03-01'>昨天</time>", "2026-03-01 00:00"),
            ("1.html", "<i>发布日期：2026年3月1日 08:30</i><i>活动时间：2026年3月9日</i>", "2026-03-01 08:30"),
            ("1.html", "<span class='pub-date'>2026-03-01 08:30</span>", "2026-03-01 08:30"),
            ("t20260301_7.html", "", "2026-03-01 00:00"),
            ("art/2026/3/1/art_7.html", "", "2026-03-01 00:00"),
            ("t20260301_7.html", "<meta name='PubDate' content='2026-02-03 08:30'>", "2026-02-03 08:30"),
        ],
    )  # fmt: skip
    def test_the_date_is_the_pages_own_then_that_of_its_name(self, name: str, page: str, day: str) -> None:
        (post,) = read_posts(name, f"<html><body>{page}<div><p>{BODY}</p></div></body></html>")
        assert post.published is not None
        assert f"{post.published:%Y-%m-%d %H:%M}" == day
        assert post.published.utcoffset() == timedelta(hours=8)

    @pytest.mark.parametrize("page", ["<p>活动时间：2026年3月9日</p>", "<p>成文日期：2026年3月1日</p>", ""])
    def test_a_page_that_states_no_date_of_publishing_has_none(self, page: str) -> None:
        (post,) = read_posts("通知.html", f"<html><body>{page}<div><p>{BODY}</p></div></body></html>")
        assert post.published is None

    def test_a_date_to_come_is_none(self) -> None:
        (post,) = read_posts("1.html", f"<meta name='PubDate' content='2036-03-01'><p>{BODY}</p>")
        assert post.published is None

    def test_menus_and_footers_are_no_text(self) -> None:
        menu = "".join(f"<li><a href='/{n}'>栏目名称{n}</a></li>" for n in range(40))
        (post,) = read_posts(
            "1.html",
            f"<title>通知</title><div class=menu><ul>{menu}</ul></div><div><div><p>{BODY}</p><p>{BODY}</p></div></div>"
            "<footer>版权所有</footer>",
        )
        assert post.text == f"{BODY}\n{BODY}"

    def test_a_table_stays_whole_where_it_is_all_of_the_text(self) -> None:
        rows = "".join(f"<tr><td>窗口{n}</td><td>{BODY}</td></tr>" for n in range(3))
        (post,) = read_posts("1.html", f"<title>窗口</title><div><table><tbody>{rows}</tbody></table></div>")
        assert post.html.count("<tr>") == 3
        assert post.html.startswith("<table>")

    def test_scripts_frames_and_handlers_are_gone(self) -> None:
        (post,) = read_posts(
            "1.html",
            f"<article><p onclick='x()'>{BODY}</p><script>x()</script><iframe src='javascript:x()'></iframe>"
            "<a href='javascript:x()'>点我</a><img src='data:text/html,x' onerror='x()'></article>",
        )
        assert not any(word in post.html for word in ("script", "onclick", "onerror", "iframe", "data:"))

    def test_addresses_from_the_root_lead_to_the_site_that_published_it(self) -> None:
        head = "<link rel='canonical' href='https://rsj.linjiang.example/a/1.html'>"
        (post,) = read_posts("1.html", f"{head}<article><p>{BODY}</p><img src='/img/a.png'></article>")
        assert 'src="https://rsj.linjiang.example/img/a.png"' in post.html

    def test_a_page_may_say_that_it_is_taken_back(self) -> None:
        parsed = read_file("1.html", f"<meta name='withdrawn' content='true'><p>{BODY}</p>")
        assert isinstance(parsed, ParsedFeed)
        assert parsed.posts == ()
        assert "../handover/rsj/1.html" in parsed.deleted

    def test_a_page_nested_beyond_all_bounds_is_read_or_refused(self) -> None:
        read_file("1.html", "<div>" * 20_000 + BODY)


class TestText:
    def test_a_header_without_fences_is_read(self) -> None:
        (post,) = read_posts("1.md", f"标题：停水通知\n日期：2026-03-01\n来源：市水务局\n\n{BODY}")
        assert (post.title, f"{post.published:%m-%d}") == ("停水通知", "03-01")
        assert "来源：市水务局" in post.text

    def test_a_line_with_a_colon_that_is_no_header_stays_in_the_text(self) -> None:
        (post,) = read_posts("停水检修通知.md", f"各位居民：请储水。\n\n{BODY}")
        assert post.text.startswith("各位居民")
        assert post.title == "停水检修通知"

    def test_the_first_heading_is_the_title_and_is_not_repeated(self) -> None:
        (post,) = read_posts("1.md", f"# 停水通知\n\n{BODY}")
        assert (post.title, post.text) == ("停水通知", BODY)

    def test_the_identifier_of_the_header_is_the_key(self) -> None:
        (post,) = read_posts("1.md", f"---\n编号: rs-7\n标题: 通知\n---\n{BODY}")
        assert post.key == "rs-7"


class TestRefused:
    @pytest.mark.parametrize("name", ["a.html", "a.md", "a.csv"])
    @pytest.mark.parametrize(
        ("body", "word"),
        [
            (b"", "空"),
            (b" \r\n\xe3\x80\x80", "空"),
            (b"PK\x03\x04rest", "Word"),
            (b"\xd0\xcf\x11\xe0rest", "Word"),
            (b"%PDF-1.7", "PDF"),
            (b"\x00\x01\x02" * 100, "不是文本"),
            (bytes(range(128, 256)) * 40, "编码"),
        ],
    )
    def test_what_is_no_text_is_refused_with_the_remedy(self, name: str, body: bytes, word: str) -> None:
        assert word in refuse(name, body)

    @given(body=st.binary(max_size=400), name=st.sampled_from(["a.html", "a.md", "a.csv"]))
    @settings(max_examples=150, deadline=None)
    def test_no_bytes_raise(self, body: bytes, name: str) -> None:
        read_file(name, body)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-3-1.html", "2026-3-1"),
        ("t20260301_7.html", "2026-03-01"),
        ("a/2026年3月1日通知.md", "2026-3-1"),
        ("20261301.html", ""),
        ("2026-03.html", ""),
        ("临人社发2026-12号.html", ""),
        ("120260301.html", ""),
    ],
)
def test_only_a_whole_day_in_a_name_is_a_date(name: str, day: str) -> None:
    assert read_name_date(name, CITY_NOW) == day


@pytest.mark.parametrize(
    ("name", "title"),
    [("2026-03-01-关于停水的通知.md", "关于停水的通知"), ("t20260301_7.html", ""), ("通知.md", ""), ("index.html", "")],
)
def test_only_a_name_in_words_is_a_headline(name: str, title: str) -> None:
    assert read_name_title(name) == title
