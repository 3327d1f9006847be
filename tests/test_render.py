"""Markdown to HTML for staff's drafts: the headings, Chinese emphasis, and the extensions that are switched on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aggregator.render import render_markdown

COMMONMARK = Path(__file__).parents[1].parent / "shared/data/markdown/commonmark-0.31.json"

EMPHASIS = {
    "a quotation in bold before a character": ("**“通知”**的说明", "<strong>“通知”</strong>的说明"),
    "bold that ends with a full-width colon": ("**注意：**请携带证件", "<strong>注意：</strong>请携带证件"),
    "a book title in bold between characters": ("请看**《办法》**全文", "请看<strong>《办法》</strong>全文"),
    "italics that end with a full stop": ("*今日天气。*明日降温", "<em>今日天气。</em>明日降温"),
    "a struck-out sentence before a character": ("~~九时。~~十时", "<s>九时。</s>十时"),
    "a percentage in bold": ("报销**90%**的费用", "报销<strong>90%</strong>的费用"),
    "stars that stand alone stay": ("面积 3 * 4 平方米 * 2", "面积 3 * 4 平方米 * 2"),
    "underscores within a file's name stay": ("申请表_2026_新版", "申请表_2026_新版"),
}

EXTENSIONS = {
    "a table": ("|事项|电话|\n|---|---|\n|纠错|12345|", "<td>12345</td>"),
    "a footnote": ("每日更新[^1]\n\n[^1]: 节假日除外。", "<p>节假日除外。</p>"),
    "a definition list": ("停保\n: 停止缴费。", "<dt>停保</dt>\n<dd>停止缴费。</dd>"),
    "a task list": ("- [x] 线上报名", 'checked="checked"'),
    "raw HTML": ("<u>逾期不再受理</u>", "<u>逾期不再受理</u>"),
}


@pytest.mark.parametrize(("markdown", "html"), EMPHASIS.values(), ids=EMPHASIS.keys())
def test_emphasis_works_beside_chinese_characters(markdown, html):
    """Chinese writes no space around a quotation, a title or the end of a sentence."""
    assert render_markdown(markdown).html == f"<p>{html}</p>\n"


@pytest.mark.parametrize(("markdown", "html"), EXTENSIONS.values(), ids=EXTENSIONS.keys())
def test_extensions_are_on(markdown, html):
    """Each extension of the chain is at work."""
    assert html in render_markdown(markdown).html


def test_an_h1_in_the_body_moves_all_headings_down():
    """The page's h1 is its title."""
    assert render_markdown("# 总则\n\n## 目的\n\n###### 附则").html == ("<h2>总则</h2>\n<h3>目的</h3>\n<h6>附则</h6>\n")


def test_headings_below_h1_stay_where_they_are():
    """A body that starts at h2 is right already."""
    assert render_markdown("## 一、时间\n\n### 1. 上午").html == "<h2>一、时间</h2>\n<h3>1. 上午</h3>\n"


def test_the_title_is_the_plain_text_of_the_first_heading():
    """Marks within the heading are no part of the title."""
    assert render_markdown("前言\n\n## 关于*调整*`票价`的[通知](a.html)<br>\n\n# 后记").title == "关于调整票价的通知"


def test_a_text_without_headings_has_no_title():
    """A heading within a quotation is the quotation's."""
    assert render_markdown("> # 引文\n\n正文").title == ""


def test_a_heading_that_repeats_the_title_is_left_out():
    """The page shows the title above the body; spaces make no other title of it."""
    rendered = render_markdown("# 关于 停水的通知\n\n## 范围", page_title="关于停水的通知")
    assert rendered.html == "<h2>范围</h2>\n"
    assert rendered.title == "关于 停水的通知"


def test_a_heading_that_becomes_the_title_is_left_out():
    """A draft without a title in its header opens with it."""
    assert render_markdown("# 停水通知\n\n今晚停水。", page_title="").html == "<p>今晚停水。</p>\n"


def test_another_heading_than_the_title_stays():
    """Only what is said twice goes."""
    assert render_markdown("# 停水范围\n", page_title="停水通知").html == "<h2>停水范围</h2>\n"


def test_documents_do_not_leak_into_one_another():
    """One parser serves all: neither titles nor footnotes nor link definitions stay behind."""
    render_markdown("# 甲\n\n文[^1] [乙]\n\n[^1]: 注\n\n[乙]: https://a.example/")
    rendered = render_markdown("文[^1] [乙]")
    assert rendered.html == "<p>文[^1] [乙]</p>\n"
    assert rendered.title == ""


@pytest.mark.skipif(not COMMONMARK.exists(), reason="the shared test data (../shared/data) is absent")
def test_commonmark_examples_render_as_specified():
    """All examples of CommonMark 0.31 without headings, but for three that the library renders otherwise."""
    otherwise = {218, 239, 240}  # whitespace within an empty block
    examples = [
        example
        for example in json.loads(COMMONMARK.read_text("utf-8"))
        if "<h" not in example["html"].replace("<hr", "") and example["example"] not in otherwise
    ]
    assert len(examples) > 580
    wrong = [e["example"] for e in examples if render_markdown(e["markdown"]).html != e["html"]]
    assert wrong == []
