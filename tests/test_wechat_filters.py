"""What WeChat's editor takes away, as a model of it says; and that an article made ready has nothing left to take."""

from __future__ import annotations

import itertools
import json
import lzma
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import WeChatAttachment, WeChatSource
from aggregator.render import render_markdown
from aggregator.sanitize import clean_html
from aggregator.wechat import convert_article, filter_html
from aggregator.wechat.styles import SHEET

CASES = {
    "scripts, styles and frames go with what they hold": (
        "<p>一</p><script>x</script><style>p{}</style><iframe src=a></iframe><p>二</p>",
        "<p>一</p><p>二</p>",
    ),
    "films, sounds and forms go": ("<p>一<video src=a>二</video><input type=checkbox>三</p>", "<p>一三</p>"),
    "elements it does not know leave what they hold": (
        "<div><p>一</p></div><dl><dt>二</dt></dl>",
        "<p>一</p>二",
    ),
    "classes, ids and handlers go": ('<p class="a" id="b" onclick="c()" data-x="1">一</p>', "<p>一</p>"),
    "a style stays, as browsers write it": (
        '<p style="color:red;font-size:16px">一</p>',
        '<p style="color: red; font-size: 16px;">一</p>',
    ),
    "places, movements and opacity go from a style": (
        '<p style="position:fixed;transform:none;animation:a;opacity:0;top:0;color:red">一</p>',
        '<p style="color: red;">一</p>',
    ),
    "variables, calculations and pictures go from a style": (
        '<p style="color:var(--a);background:url(x.png);background-image:none;width:calc(1px + 1px)">一</p>',
        "<p>一</p>",
    ),
    "an urgent declaration goes": ('<p style="color:red !important">一</p>', "<p>一</p>"),
    "a layout by grid or flex goes": ('<p style="display:flex">一</p>', "<p>一</p>"),
    "links lead nowhere but to WeChat": (
        '<a href="https://a.cn/">一</a><a href="#n">二</a><a href="https://mp.weixin.qq.com/s/x">三</a>',
        '一二<a href="https://mp.weixin.qq.com/s/x">三</a>',
    ),
    "a host that looks like WeChat's is none": ('<a href="https://mp.weixin.qq.com.a.cn/s/x">一</a>', "一"),
    "pictures stay from WeChat's servers alone": (
        '<img src="https://a.cn/1.png"><img src="data:image/png;base64,AA"><img src="http://mmbiz.qpic.cn/a/640">',
        '<img src="http://mmbiz.qpic.cn/a/640">',
    ),
    "width and height of a picture count only as style": (
        '<img src="https://mmbiz.qpic.cn/a/640" width="10" height="20" style="width: 10px">',
        '<img src="https://mmbiz.qpic.cn/a/640" style="width: 10px;">',
    ),
    "cells keep what they span": ('<table><tr><td colspan="2">一</td></tr></table>', None),
    "a nested list leaves its item": (
        "<ul><li>一<ul><li>二</li></ul></li></ul>",
        "<ul><li><section>一</section></li><ul><li><section>二</section></li></ul></ul>",
    ),
    "a third level becomes the second": (
        "<ul><li>一<ul><li>二<ul><li>三</li></ul></li></ul></li></ul>",
        "<ul><li><section>一</section></li><ul><li><section>二</section></li><li><section>三</section></li></ul></ul>",
    ),
    "an item is made one section": (
        "<ul><li><strong>一</strong>：二</li></ul>",
        "<ul><li><section><strong>一</strong>：二</section></li></ul>",
    ),
    "a line end between words is a break": ("<p>一\n二</p>", "<p>一<br>二</p>"),
    "line ends between blocks say nothing": ("<p>一</p>\n<p>二</p>\n", "<p>一</p><p>二</p>"),
    "comments go": ("<p>一<!-- x -->二</p>", "<p>一二</p>"),
    "text that looks like a tag is text": ("<p>1 &lt; 2 &amp;amp;</p>", "<p>1 &lt; 2 &amp;amp;</p>"),
    "nothing is nothing": ("", ""),
}


@pytest.mark.parametrize(("given_html", "expected"), CASES.values(), ids=CASES)
def test_the_editor_takes_away(given_html: str, expected: str | None) -> None:
    left = filter_html(given_html)
    if expected is not None:
        assert left == expected
    assert filter_html(left) == left


ELEMENTS = (
    *("p", "div", "section", "h1", "h2", "h3", "h6", "ul", "ol", "li", "table", "tbody", "tr", "td", "th", "caption"),
    *("blockquote", "pre", "code", "details", "summary", "dl", "dt", "dd", "figure", "figcaption", "span", "strong"),
    *("em", "u", "del", "mark", "sup", "q", "ruby", "rt", "kbd", "small", "a", "script", "video", "marquee", "center"),
)
ATTRIBUTES = (
    "", ' class="tip"', ' class="important"', ' class="align-center"', ' class="box-title"', ' id="x"', ' start="3"',
    ' href="https://a.cn/b?c=1&amp;d=2"', ' href="https://mp.weixin.qq.com/s/a"', ' href="tel:12345"', ' href="#a"',
    ' href="https://handover.invalid/a.xls"', ' href="b.html"', ' style="color: red; position: fixed"',
    ' style="margin:1px;margin-top:2px;MARGIN:0 auto"', ' style="color: var(--x); border: 1px solid"',
    ' style="a:b:c;;\'&quot;"', ' colspan="2"', ' data-line="7"',
)  # fmt: skip
TEXTS = (
    *("停水", " 通知 ", "a\nb", "\n", " ", "\u00a0", "&lt;p&gt;", "&amp;nbsp;", "视频：片子", "☐ 一", "[1]", "3. "),
    *("<br>", "<hr>", '<img src="https://a.cn/1.png" alt="图">', '<img src="https://mmbiz.qpic.cn/a" width="30">'),
    *("<img>", "<wbr>", "\U00100007", "\U00100008二", "<!-- x -->", "</p>", "</section>", "</ul>", "𠮷", "\u200b"),
)


def nest(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    element = st.tuples(st.sampled_from(ELEMENTS), st.sampled_from(ATTRIBUTES), st.lists(inner, max_size=4))
    return element.map(lambda one: f"<{one[0]}{one[1]}>{''.join(one[2])}</{one[0]}>")


HTML = st.lists(st.recursive(st.sampled_from(TEXTS), nest, max_leaves=25), max_size=5).map("".join)


def check_stable(source: WeChatSource) -> None:
    """The editor leaves it as it is, and so does making it ready once more."""
    once = convert_article(source)
    assert filter_html(once.html) == once.html
    again = convert_article(WeChatSource(source.title, once.html))
    assert again.html == once.html
    assert not [
        drop for drop in again.report if drop.kind != "source" and drop.kind != "table" and drop.kind != "length"
    ]


@given(HTML)
def test_what_is_left_of_any_html_stays(html: str) -> None:
    left = filter_html(html)
    assert filter_html(left) == left


@given(HTML)
def test_the_editor_takes_nothing_from_an_article_made_ready(html: str) -> None:
    check_stable(WeChatSource("停水通知", clean_html(html, "https://a.cn/"), base_url="https://b.cn/"))


@given(HTML)
def test_html_that_nobody_cleaned_leaves_nothing_to_take_either(html: str) -> None:
    once = convert_article(WeChatSource("停水通知", html)).html
    assert filter_html(once) == once


@given(HTML)
def test_card_and_attachments_stay_as_they_are_made(html: str) -> None:
    card = (("", "一句话 <b>"), ("谁能办", "人人"))
    check_stable(WeChatSource("停水通知", clean_html(html, ""), card=card, attachments=(WeChatAttachment("表 <1>"),)))


def read_articles(folder: Path, name: str, count: int) -> Iterator[str]:
    with lzma.open(folder / "articles" / name, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, count):
            article = json.loads(line)
            yield article.get("html") or article.get("content") or article["text"]


@pytest.mark.parametrize(("name", "count"), [("xwlb.jsonl.xz", 300), ("cec_emergency.jsonl.xz", 100)])
def test_some_hundred_real_articles_stay_as_they_are_made(shared_data: Path, name: str, count: int) -> None:
    for html in read_articles(shared_data, name, count):
        check_stable(WeChatSource("一篇文章", clean_html(html, "https://a.cn/")))


def test_every_example_of_commonmark_stays_as_it_is_made(shared_data: Path) -> None:
    examples = json.loads((shared_data / "markdown" / "commonmark-0.31.json").read_text(encoding="utf-8"))
    for example in examples:
        html = clean_html(render_markdown(example["markdown"], first_line=1).html, "https://a.cn/")
        check_stable(WeChatSource("一例", html))


def test_the_styles_are_of_light_colours_that_can_be_read() -> None:
    """Dark text on light grounds: WeChat itself turns them round on dark telephones."""
    grounds = {tuple(map(int, one)) for one in re.findall(r"background-color: rgb\((\d+), (\d+), (\d+)\)", SHEET)}
    inks = {tuple(map(int, one)) for one in re.findall(r"(?<![-\w])color: rgb\((\d+), (\d+), (\d+)\)", SHEET)}
    assert inks
    assert grounds
    for ground in (*grounds, (255, 255, 255)):
        for ink in inks:
            assert (shine(ground) + 0.05) / (shine(ink) + 0.05) >= 4.5, (ground, ink)


def shine(colour: tuple[int, ...]) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [value / 255 for value in colour]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_each_declaration_of_the_styles_is_one_that_the_editor_keeps() -> None:
    for body in re.findall(r"\{([^}]*)\}", SHEET):
        style = " ".join(body.split())
        assert filter_html(f'<p style="{style}">一</p>') == f'<p style="{style}">一</p>'
