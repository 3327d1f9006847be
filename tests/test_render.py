"""Markdown to HTML for staff's drafts: the headings, Chinese emphasis, and the extensions that are switched on."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.render import build_parser, render_markdown
from aggregator.sanitize import clean_html

EMPHASIS = {
    "a quotation in bold before a character": ("**“通知”**的说明", "<strong>“通知”</strong>的说明"),
    "bold that ends with a full-width colon": ("**注意：**请携带证件", "<strong>注意：</strong>请携带证件"),
    "a book title in bold between characters": ("请看**《办法》**全文", "请看<strong>《办法》</strong>全文"),
    "italics that end with a full stop": ("*今日天气。*明日降温", "<em>今日天气。</em>明日降温"),
    "a struck-out sentence before a character": ("~~九时。~~十时", "<s>九时。</s>十时"),
    "a label in bold before a number": ("**电话：**0599-8211231", "<strong>电话：</strong>0599-8211231"),
    "bold punctuation behind a word": ("App**《指南》**v2", "App<strong>《指南》</strong>v2"),
    "a percentage in bold": ("报销**90%**的费用", "报销<strong>90%</strong>的费用"),
    "stars that stand alone stay": ("面积 3 * 4 平方米 * 2", "面积 3 * 4 平方米 * 2"),
    "underscores within a file's name stay": ("申请表_2026_新版", "申请表_2026_新版"),
}

EXTENSIONS = {
    "a table": ("|事项|电话|\n|---|---|\n|纠错|12345|", "<td>12345</td>"),
    "a footnote": ("每日更新[^1]\n\n[^1]: 节假日除外。", "<p>节假日除外。</p>"),
    "a definition list": ("停保\n: 停止缴费。", "<dt>停保</dt>\n<dd>停止缴费。</dd>"),
    "a definition below an empty line": ("停保\n\n: 停止缴费。", "<dt>停保</dt>\n<dd>停止缴费。</dd>"),
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


def box(name: str, label: str, body: str) -> str:
    return f'<blockquote class="{name}"><p><strong>{label}</strong></p>{body}</blockquote>'


FIRST, SECOND = "<p>甲</p>", "<p>乙</p>"
ASIDES = {
    "a hint": ("::: 提示\n甲\n:::", box("tip", "提示", FIRST)),
    "what matters, with a title": ("::: 重要 缴费截止\n甲\n:::", box("important", "重要：缴费截止", FIRST)),
    "a question that opens": ("::: 问答 谁？\n甲\n:::", f"<details><summary>谁？</summary>{FIRST}</details>"),
    "questions and answers": ("::: 问答\n甲\n\n乙\n:::", box("faq", "问答", FIRST + SECOND)),
    "full-width colons": ("：：：提示\n甲\n：：：\n\n乙", box("tip", "提示", FIRST) + SECOND),
    "colons of both kinds": ("：：：提示\n甲\n:::\n乙", box("tip", "提示", FIRST) + SECOND),
    "an English name": ("::: tip\n甲\n:::", box("tip", "提示", FIRST)),
    "one that is not closed": ("::: 提示\n甲", box("tip", "提示", FIRST)),
    "one within another": ("::::提示\n::: 重要\n甲\n:::\n::::", box("tip", "提示", box("important", "重要", FIRST))),
    "markup in a title": ("::: 提示 <b>\n甲\n:::", box("tip", "提示：&lt;b&gt;", FIRST)),
    "a name that is none stays text": ("::: 别的\n甲\n:::", "<p>::: 别的 甲 :::</p>"),
}


@pytest.mark.parametrize(("markdown", "html"), ASIDES.values(), ids=ASIDES.keys())
def test_asides_are_boxes_that_say_what_they_are(markdown, html):
    """The class is what cleaning keeps of them; the label stands in the text, for a colour alone says nothing."""
    assert clean_html(render_markdown(markdown).html, base_url="") == html


def test_a_heading_in_an_aside_is_no_title():
    """It is the box's."""
    assert render_markdown("::: 提示\n# 甲\n:::\n\n正文").title == ""


PASTED = {
    "a paragraph of Word": (
        "<p class=MsoNormal style='mso-margin-top-alt:auto;text-indent:32pt'><span lang=EN-US style='font-family:仿宋;"
        "mso-hansi-font-family:仿宋'>2026</span><span>年供暖<o:p></o:p></span></p>\n\n"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p>",
        "<p>2026年供暖</p>",
    ),
    "Word's comments and styles": (
        "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->\n<style>\np.MsoNormal {x:y}\n\n"
        "table {x:y}\n</style>\n\n正文",
        "<p>正文</p>",
    ),
    "a table of Word": (
        "<table class=MsoNormalTable border=1 style='mso-border-alt:solid'><tr style='mso-yfti-irow:0'>"
        "<td width=100 style='width:75pt'><p class=MsoNormal><b>事项</b><o:p></o:p></p></td>"
        "<td colspan=2>电话</td></tr></table>",
        '<table><tbody><tr><td><strong>事项</strong></td><td colspan="2">电话</td></tr></tbody></table>',
    ),
    "nested sections of WeChat": (
        '<section data-tool="135编辑器"><section style="display:inline-block"><section><p style="text-align:center">'
        '<span leaf=""><strong>温馨提示</strong></span></p></section></section></section>\n\n正文',
        '<p class="align-center"><strong>温馨提示</strong></p><p>正文</p>',
    ),
    "a picture of WeChat": (
        '<section><img data-src="https://mmbiz.qpic.cn/a/640?wx_fmt=png" class="rich_pages"></section>\n\n'
        '<mp-style-type data-value="3"></mp-style-type>',
        '<p><img src="https://mmbiz.qpic.cn/a/640?wx_fmt=png" alt="" loading="lazy" referrerpolicy="no-referrer"></p>',
    ),
    "Markdown around what was pasted": (
        "## 一、时间\n\n<span style='mso-spacerun:yes'>  </span>**周三**<o:p></o:p>",
        "<h2>一、时间</h2><p><strong>周三</strong></p>",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("markdown", "html"), PASTED.values(), ids=PASTED.keys())
def test_what_was_pasted_from_word_or_wechat_is_plain_afterwards(markdown, html):
    """Neither styles nor Office's own elements, nor sections within sections, reach the page."""
    assert clean_html(render_markdown(markdown).html, base_url="") == html


LINES = (
    "", "文字", "　　缩进", "    代码", "\t制表", "  文字", "“引”", "—— 线", "第一条 甲", "1. 甲", "- 项", "  续",
    "    - 子", "> 引", "> - 甲", "# 题", "===", "---", "姓名|电话", "---|---", "张三|1", ": 定义", "  ~ 定义",
    "::: 提示", "：：：", "```", "~~~", "<div>", "中<b>", "</div>", "<!-- 注", "-->", "[^1]: 注", "脚注[^1]",
    "[甲]: /u", "", "", "", "- [ ] 待办", "**粗**字", "![[图.jpg]]", "中  ", "中\\", "中&amp;", "\u00a0空", "\u2028",
)  # fmt: skip
"""What each construct begins with, in Chinese and out of it."""


@settings(max_examples=600)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=9).map("\n".join))
def test_the_quick_way_through_plain_paragraphs_leads_where_the_long_one_does(text):
    """All rules asked at each line and at each character give the same."""
    page = {"page_title": None}
    assert QUICK.render(text, dict(page)) == THOROUGH.render(text, dict(page))


QUICK, THOROUGH = build_parser(), build_parser().disable("plain_paragraph")
THOROUGH.inline.terminator_re = re.compile("")
