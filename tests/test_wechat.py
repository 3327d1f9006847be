"""Articles made ready for WeChat: each rule by a draft beside what becomes of it, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from site_fixtures import ROOT

from aggregator.marks import MAX_LINE, drop_marks, make_mark, read_marks
from aggregator.model import WeChatArticle, WeChatAttachment, WeChatSource
from aggregator.render import render_markdown
from aggregator.sanitize import clean_html
from aggregator.wechat import convert_article, filter_html
from aggregator.wechat.report import describe_drop, write_notes

DATA = ROOT / "tests" / "data" / "wechat"
CASES = ("lists", "links", "pictures", "boxes", "tables", "words")


def convert(markdown: str, **stated: object) -> WeChatArticle:
    html = clean_html(render_markdown(markdown, first_line=1).html, "")
    return convert_article(WeChatSource(**{"title": "通知", "html": html, "source_url": "https://a.cn/", **stated}))


def describe(article: WeChatArticle) -> list[str]:
    return [describe_drop(drop) for drop in article.report]


@pytest.mark.parametrize("name", CASES)
def test_each_draft_becomes_what_stands_beside_it(name: str) -> None:
    """NAME.md -> NAME.html, a line a block, and NAME.txt, what is said."""
    article = convert((DATA / f"{name}.md").read_text(encoding="utf-8"))
    expected = (DATA / f"{name}.html").read_text(encoding="utf-8")
    assert article.html == expected.replace("\n", "")
    assert describe(article) == (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def test_an_empty_paragraph_guards_both_ends() -> None:
    blocks = convert("一").html.split("</p>")
    assert blocks[0] == blocks[2]
    assert blocks[0].endswith("\u00a0")
    assert "font-size: 0px" in blocks[0]


def test_the_card_and_the_facts_stand_before_the_body() -> None:
    card = (("", "免费办理。"), ("谁能办", "60 岁以上\n老人"))
    text = convert("正文", card=card, facts=(("办理地点", "市民中心"),)).text
    assert text.splitlines() == ["一分钟看懂", "免费办理。", "谁能办：60 岁以上 老人", "办理地点：市民中心", "正文"]


def test_attachments_are_named_at_the_end_and_told() -> None:
    article = convert("正文", attachments=(WeChatAttachment("申请表", 4), WeChatAttachment("名单")))
    assert article.text.splitlines()[-3:] == ["附件（点文末“阅读原文”下载）", "1. 申请表", "2. 名单"]
    assert describe(article) == [
        "第 4 行：附件“申请表”带不进微信，文末写了名称，请读者点“阅读原文”下载。",
        "附件“名单”带不进微信，文末写了名称，请读者点“阅读原文”下载。",
    ]


def test_title_and_digest_are_cut_at_what_wechat_takes_and_that_is_told() -> None:
    article = convert("正文", title="长" * 65, title_line=2, digest="长" * 121, digest_line=3)
    assert (len(article.title), len(article.digest)) == (64, 120)
    assert describe(article) == [
        "第 2 行：标题有 65 个字，微信最多 64 个，后面的截掉了，请改短。",
        "第 3 行：摘要有 121 个字，微信最多 120 个，后面的截掉了，请改短。",
    ]
    whole = convert("正文", title="长" * 64, digest="长" * 120)
    assert (whole.title, whole.digest, whole.report) == ("长" * 64, "长" * 120, ())


def test_a_text_longer_than_wechat_takes_is_told() -> None:
    assert describe(convert("字" * 20_000)) == ["正文有 20000 个字，微信要少于 20000 个。请删减，或者分成几篇。"]
    assert describe(convert("字" * 19_999)) == []


def test_without_a_page_there_is_no_address_and_that_is_told() -> None:
    assert "没有“原文链接”" in describe(convert("正文", source_url=""))[0]


def test_links_to_other_drafts_lead_where_the_caller_says() -> None:
    places = {"https://draft.invalid/a.md": "https://a.cn/s/a.html", "https://draft.invalid/b.md": ""}
    article = convert("[甲](https://draft.invalid/a.md)、[乙](https://draft.invalid/b.md)", places=places)
    assert describe(article) == [
        "第 1 行：链接 https://a.cn/s/a.html 在微信里点不开，已改成脚注 [1]。",
        "第 1 行：链接“乙”没有可用的网址，只留了文字。",
    ]
    assert article.text.splitlines()[0] == "甲[1]、乙"


def test_a_relative_link_means_a_page_of_ours() -> None:
    article = convert("[甲](../about.html)", base_url="https://a.cn/s/x.html")
    assert article.text.splitlines()[-1] == "[1] 甲：https://a.cn/about.html"


def test_a_file_beside_the_draft_is_no_link_in_wechat() -> None:
    article = convert("[申请表](https://handover.invalid/notices/a.xlsx)")
    assert describe(article) == ["第 1 行：正文里的附件链接“申请表”在微信里点不开，文字留着。"]
    assert article.text == "申请表"


def test_pictures_to_upload_are_numbered_as_they_appear() -> None:
    article = convert("![](https://a.cn/b.png)\n\n![](https://a.cn/a.png)\n\n![](https://a.cn/b.png)")
    assert [(one.number, one.name, one.line) for one in article.pictures] == [(1, "b.png", 1), (2, "a.png", 3)]
    assert article.text.splitlines() == ["【此处放图 1：b.png】", "【此处放图 2：a.png】", "【此处放图 1：b.png】"]


def test_the_notes_have_what_is_to_be_copied_the_steps_and_the_losses() -> None:
    notes = write_notes(convert("[甲](https://a.cn/b)", author="市水务局", digest="停水"))
    assert notes.startswith("标题：通知\n作者：市水务局\n摘要：停水\n原文链接：https://a.cn/\n")
    assert "- 第 1 行：链接 https://a.cn/b 在微信里点不开，已改成脚注 [1]。\n" in notes
    assert "没有会在微信里丢掉的内容。" in write_notes(convert("一"))


def test_lines_are_those_of_the_file_through_all_that_is_made_of_it() -> None:
    markdown = "一\n二 [甲](https://a.cn/1)\n三 ![](https://a.cn/2.png)\n\n- 四\n- 五 [乙](https://a.cn/3)\n\n> 六\n> [丙](https://a.cn/4)\n"
    html = clean_html(render_markdown(markdown, first_line=11).html, "")
    assert [drop.line for drop in convert_article(WeChatSource("通知", html, source_url="x")).report] == [
        12,
        13,
        16,
        19,
    ]


def test_marks_change_nothing_but_that_they_are_there() -> None:
    files = [*(ROOT / "content").glob("*/*.md"), *(ROOT / "docs").glob("*.md"), *DATA.glob("*.md")]
    assert len(files) > 40
    for file in files:
        text = file.read_text(encoding="utf-8")
        marked = clean_html(render_markdown(text, first_line=1).html, "")
        # Before a table or a film that was typed as HTML, a mark alone makes a paragraph.
        assert drop_marks(marked).replace("<p></p>", "") == clean_html(render_markdown(text).html, ""), file
        assert read_marks(marked)


def test_a_mark_that_somebody_typed_says_nothing() -> None:
    html = render_markdown(f"一{make_mark(99)}", first_line=1).html
    assert read_marks(html) == (1,)


def test_lines_beyond_all_marks_have_none() -> None:
    assert (make_mark(0), make_mark(MAX_LINE + 1)) == ("", "")
    assert read_marks(make_mark(1) + make_mark(MAX_LINE)) == (1, MAX_LINE)


def test_articles_of_the_sample_city_are_left_as_they_are_made() -> None:
    for file in (ROOT / "content").glob("*/*.md"):
        article = convert(file.read_text(encoding="utf-8"))
        assert filter_html(article.html) == article.html, file


def write_expected(folder: Path) -> None:
    """Write the twins anew, to be read before they are kept."""
    for name in CASES:
        article = convert((folder / f"{name}.md").read_text(encoding="utf-8"))
        html = (
            article.html.replace("</p><", "</p>\n<")
            .replace("</section><", "</section>\n<")
            .replace("</li><", "</li>\n<")
        )
        (folder / f"{name}.html").write_text(html + "\n", encoding="utf-8")
        (folder / f"{name}.txt").write_text("\n".join((*describe(article), "")), encoding="utf-8")
