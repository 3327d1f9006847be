"""HTML that is strictly nested is read without a tree, and to the same article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.sanitize.article import rewrite_article
from aggregator.sanitize.clean import INLINE_DATA, drop_inline_data
from aggregator.sanitize.media import describe_picture
from aggregator.sanitize.nested import rewrite_nested
from aggregator.sanitize.nested.machine import MACHINE, MOST_MOVES
from aggregator.sanitize.nested.pieces import ASKED, CLOSES, REFERENCES, UNDERSTOOD, VOID
from aggregator.sanitize.roles import find_role
from aggregator.sanitize.tag import Tag

BASE = "https://rsj.example.gov.cn/a/"
LIMIT = 1_000_000


def read_both(html: str) -> tuple[str | None, str | None]:
    return rewrite_nested(html, BASE, limit=LIMIT), rewrite_article(html, BASE, limit=LIMIT)


@pytest.mark.parametrize(
    "html",
    [
        "<p>明天停水</p>\n<p>　　后天恢复</p>",
        '<section style="a"><section><p><span>一</span></p></section></section><section><p>二</p></section>',
        '<section style="text-align:right">落款</section><p style="text-align: center">标题</p>',
        '<p>前<img data-src="/b.jpg" data-w="600" data-ratio="0.5">后</p><img src="c.png"/><img src="d.png"><p>尾</p>',
        '<div><section style="display:none"><p>看不见<b>的</b><br></p></section>看得见</div>',
        "<ul>\n<li>甲</li> <li><p>乙</p><p>丙</p></li></ul>",
        "<table><tbody><tr><td colspan=2>一</td><td></td></tr></tbody></table>",
        '<p>见<a href="../x?a=1&amp;b=2">附件</a>和<strong><em>说明</em></strong>。</p>',
        "<p>甲&nbsp;&ldquo;乙&rdquo;&#39;丙&lt;丁&gt;&amp;</p>",
        "<h1>大标题</h1>正文<br><br>又一段<hr><p>完</p>",
        "<p>一</p><!-- 编者 --><p>二<br></br>三<img src='a.jpg'></img></p>",
        "<p>很远<mp-style-type data-value='3'></mp-style-type></p>",
        "<blockquote> <p>甲</p> </blockquote> <p>乙</p>",
        "<p title='a>b'>引号里有括号</p>",
        "<P CLASS='x' class='align-right'>大写</P>",
    ],
)
def test_what_is_understood_reads_as_it_does_to_the_tree(html: str) -> None:
    without, with_tree = read_both(html)
    assert without is not None
    assert without == with_tree


@pytest.mark.parametrize(
    "html",
    [
        "只有文字",
        "文字在前<p>段</p>",
        "<p>没有结束",
        "<p>交<b>错</p></b>",
        "<p>段<p>段</p></p>",
        "<p>块<div>在段里</div></p>",
        "<p title='a>b<c'>引号里有括号</p>",
        "<p onclick=a&b>没有引号</p>",
        "<script>alert(1)</script>",
        "<p><video src='a.mp4'></video></p>",
        "<p>&unknown; &amp</p>",
        "<p>甲<!-- 一 -->乙</p>",
        "<p>五 > 四</p>",
        "<div/>自己结束",
        "<" + "p" * 3000 + ">",
    ],
)
def test_what_takes_a_tree_to_tell_is_left_to_it(html: str) -> None:
    assert rewrite_nested(html, BASE, limit=LIMIT) is None


def test_which_element_ends_which_is_as_the_parser_has_it() -> None:
    understood = sorted(UNDERSTOOD)
    closes: dict[str, set[str]] = {}
    for inner in understood:
        piece = f"<{inner}/>" if inner in VOID else f"<{inner}>乙</{inner}>"
        for outer in understood:
            html = f"<div><{outer}>甲{piece}丙</{outer}>丁</div>"
            if outer not in VOID and not _is_read_as_written(html):
                closes.setdefault(inner, set()).add(outer)
    assert closes == CLOSES


def _is_read_as_written(html: str) -> bool:
    root = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))
    return etree.tostring(root, encoding="unicode", method="xml") == f"<html><body>{html}</body></html>"


def test_every_reference_that_is_understood_means_the_same_to_the_parser() -> None:
    for start in range(0, 12_000, 400):
        names = sorted(REFERENCES)[start : start + 400]
        html = "".join(f'<p>甲&{name};乙</p><p><img src="a.png" alt="&{name};"></p>' for name in names)
        without, with_tree = read_both(html)
        assert without == with_tree


_TEXTS = st.sampled_from(
    [
        *("甲", " ", "\n", "　　乙", "丙 ", " 丁", "a  b", "&nbsp;", "&lt;b&gt;", "\u200b", "> 五", "&amp; "),
        *("\n戊", "\u3000", "己\u3000", "\xa0庚", "\u200b 辛", "壬\n", "癸\u200b", "&nbsp;子", "\u3000\n丑"),
    ]
)
_TAGS = st.sampled_from(
    [
        *(
            "section",
            "div",
            "p",
            "span",
            "strong",
            "b",
            "em",
            "a href='/x'",
            "ul",
            "li",
            "h2",
            "blockquote",
            "td",
            "tr",
        ),
        *("table", "p style='text-align:center'", "section style='text-align:right'", "p style='display:none'"),
        *("font", "figure", "section class='ad'", "dl", "dd", "center", "mp-x", "code", "h3 align=right"),
        *("a href='#x'", "a class='ad' href='/x'", 'a title="一" href="/y?a=1&amp;b=2"', "a", "b style='display:none'"),
    ]
)
_VOIDS = st.sampled_from(
    [
        *("<br>", "<br/>", "<hr>", "<img src='a.jpg'>", "<img>", "<!--x-->", "<br></br>", "<IMG SRC='b.jpg'>"),
        *('<img src="c.jpg" alt="&quot;"/>', "<img src='d.jpg' class='ad'>", '<img src="e.jpg" src="f.jpg" width="1">'),
    ]
)
_TREES = st.recursive(
    _TEXTS | _VOIDS,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>", _TAGS, st.lists(inner, max_size=5)
    ),
    max_leaves=30,
)


@given(st.lists(_TREES, max_size=4).map("".join))
def test_any_nesting_reads_as_it_does_to_the_tree_or_is_left_to_it(html: str) -> None:
    without, with_tree = read_both(html)
    assert without in (None, with_tree)


@given(st.lists(st.sampled_from(["<p>", "</p>", "<b>", "</b>", "<br>", "甲", "<td>", "</section>", "<section>", "<"])))
def test_any_soup_of_tags_reads_as_it_does_to_the_tree_or_is_left_to_it(parts: list[str]) -> None:
    without, with_tree = read_both("".join(parts))
    assert without in (None, with_tree)


def test_an_article_that_grows_beyond_the_limit_is_left_alone() -> None:
    html = "<p>" + "字" * 500 + "</p>"
    assert rewrite_nested(html * 10, BASE, limit=1000) is None
    assert rewrite_nested(html * 10, BASE, limit=100_000) is not None


def test_what_is_remembered_is_bounded() -> None:
    for start in range(0, 8000, 500):
        html = "".join(f'<p id="{number}">字</p>' for number in range(start, start + 500))
        assert rewrite_nested(html, BASE, limit=LIMIT) == "<p>字</p>" * 500
    assert sum(len(state.moves) for state in MACHINE._states.values()) <= MOST_MOVES


def test_a_document_in_which_no_tag_is_like_another_is_left_to_the_tree() -> None:
    html = "".join(f'<p id="never before {number}">字</p>' for number in range(2000))
    assert rewrite_nested(html, BASE, limit=LIMIT) is None
    assert rewrite_article(html, BASE, limit=LIMIT) == "<p>字</p>" * 2000


def test_deep_nesting_is_left_to_the_tree() -> None:
    assert rewrite_nested("<div>" * 600 + "深" + "</div>" * 600, BASE, limit=LIMIT) is None
    assert rewrite_nested("<div><b>" * 600 + "深" + "</b></div>" * 600, BASE, limit=LIMIT) is None


@given(st.lists(st.sampled_from(["data:", "image/gif", ";base64,", "AAA=", " ", '"', "data", "a:", "中"]), max_size=12))
def test_pictures_within_the_text_go_and_other_words_stay(pieces: list[str]) -> None:
    words = "".join(pieces)
    assert drop_inline_data(words) == INLINE_DATA.sub("", words)


def test_of_two_attributes_of_one_name_the_first_counts() -> None:
    twice = '<p><img src="https://a.example/1.png" src="https://a.example/2.png" alt="图"></p>'
    nested, tree = read_both(twice)
    assert nested == tree
    assert nested is not None
    assert "1.png" in nested


class _Witness(Tag):
    """Notes which attributes it is asked for."""

    asked: set[str] = set()  # noqa: RUF012  one for all of them, as a tag has no room for another field

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)  # type: ignore[arg-type]


def test_of_pictures_and_links_all_that_a_rule_asks_for_is_read() -> None:
    _Witness.asked.clear()
    for name in ("img", "a"):
        find_role(_Witness(name, {}))
    describe_picture(_Witness("img", {}), BASE)
    describe_picture(_Witness("img", {"srcset": f"{BASE}b.jpg 2x", "data-w": "0"}), BASE)
    assert {"style", "class", "src", "srcset", "alt", "width", "data-w"} <= _Witness.asked <= ASKED


@pytest.mark.parametrize("name", sorted(ASKED))
def test_each_attribute_of_a_picture_counts_as_it_does_to_the_tree(name: str) -> None:
    for value in ("/b.jpg", "60", "1", "display:none", "ads", "width:1px"):
        html = f'<p>图<img data-type="jpeg" {name}="{value}" src="a.jpg" {name}="/c.jpg" data-s="300"/></p>'
        without, with_tree = read_both(html)
        assert without is not None
        assert without == with_tree
