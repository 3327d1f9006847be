"""A draft made of a post says the same words as the post, whatever stands in its HTML."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.drafts import read_drafts
from aggregator.drafts.markdown import write_markdown
from aggregator.drafts.reprint import write_reprint
from aggregator.model import Attachment, FeedDocument, ParsedFeed, Post
from aggregator.parse import parse_posts
from aggregator.render import render_markdown
from aggregator.sanitize import clean_html, html_to_text

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def read_again(html: str) -> str:
    return clean_html(render_markdown(write_markdown(html, {})).html, "")


def squeeze(html: str) -> str:
    return "".join(html_to_text(html).split())


@pytest.mark.parametrize(
    "html",
    [
        "<p>1. 不是列表。</p><p># 不是标题</p><p>- 也不是</p><p>+ 不是</p><p>&gt; 不是引文</p>",
        "<p>a*b*c 与 d_e_f，[x](y)，`z`，a~~b~~，5 &lt; 6 &amp; 7 &gt; 3，&amp;lt;</p>",
        "<p>::: 提示</p><p>：：： 重要</p><p>正文</p><p>: 不是解释</p>",
        "<p><strong>甲</strong><strong>乙</strong>：<em>丙</em>。</p><p><strong>“通知”</strong>的说明</p>",
        "<p>第一行<br>第二行</p><p>H<sub>2</sub>O <u>下划线</u> <mark>标记</mark></p>",
        "<h2>一、总则</h2><ul><li>甲<ul><li>乙</li></ul></li><li>丙</li></ul><ol start=\"3\"><li>三</li></ol>",
        "<table><tr><th>线路</th><th>时间</th></tr><tr><td>1|2 路</td><td>8:00</td></tr></table>",
        "<table><tr><td colspan=\"2\">合并</td></tr><tr><td>甲</td><td><p>乙</p><p>丙</p></td></tr></table>",
        "<dl><dt>名词</dt><dd>解释</dd></dl><details><summary>问？</summary><p>答。</p></details>",
        "<figure><img src=\"https://a.example/图 (1).jpg\" alt=\"站[牌]\"><figcaption>新站牌</figcaption></figure>",
        "<pre><code>a  b\n\nc</code></pre><blockquote><p>引文</p><p>又一段</p></blockquote><hr>",
        "<p>[^1] 与 ![[图.jpg]] 与 [x]（y.jpg）</p><p>---</p><p>===</p>",
    ],
)  # fmt: skip
def test_the_words_stay(html: str) -> None:
    clean = clean_html(html, "")
    assert squeeze(read_again(clean)) == squeeze(clean)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>一、总则</h2><p>第一<strong>条</strong></p>", "## 一、总则\n\n第一**条**\n"),
        ("<p>见<a href=\"https://a.example/x\">原文</a>。</p>", "见[原文](https://a.example/x)。\n"),
        ("<p><img src=\"https://a.example/1.jpg\" alt=\"站牌\"></p>", "![站牌](站-1.jpg)\n"),
        ("<ul><li>甲</li><li>乙</li></ul>", "- 甲\n- 乙\n"),
        ("<table><tr><th>甲</th></tr><tr><td>乙</td></tr></table>", "| 甲 |\n| --- |\n| 乙 |\n"),
        ("", "\n"),
    ],
)  # fmt: skip
def test_it_is_markdown_that_staff_can_write_on(html: str, markdown: str) -> None:
    assert write_markdown(html, {"https://a.example/1.jpg": "站-1.jpg"}) == markdown


def test_pictures_in_what_stays_html_are_ours_too() -> None:
    html = '<table><tr><td colspan="2"><img src="https://a.example/1.jpg"></td></tr></table>'
    assert 'src="站-1.jpg"' in write_markdown(html, {"https://a.example/1.jpg": "站-1.jpg"})


def test_every_real_post_keeps_its_words(shared_data: Path) -> None:
    lost, seen = [], 0
    for file in sorted(path for path in (shared_data / "feeds").rglob("*") if path.is_file()):
        parsed = parse_posts(FeedDocument("a", "https://a.example/f", file.read_bytes()), now=NOW)
        for post in parsed.posts[:5] if isinstance(parsed, ParsedFeed) else ():
            seen += 1
            if squeeze(read_again(post.html)) != squeeze(post.html):
                lost.append(f"{file.name}: {post.title}")
    assert seen > 200
    assert lost == []


def test_the_header_states_where_it_is_from(tmp_path: Path) -> None:
    """Whatever a headline has in it; and the draft is read without a finding."""
    post = Post(
        "rsj", "1", '提醒：“双节”前办好 "社保卡" [图]', "https://rsj.example/1", html="<p>到窗口办理即可，不收费。</p>",
        published=NOW, image="https://rsj.example/1.jpg",
        attachments=(Attachment("https://rsj.example/表 1.pdf", "表[1]"),),
    )  # fmt: skip
    file = tmp_path / "news" / "a.md"
    file.parent.mkdir()
    file.write_text(write_reprint(post, "栖江人社 --> 局", "xw-1", NOW, {}, post.image), encoding="utf-8")
    batch = read_drafts(tmp_path, now=NOW)
    (draft,) = batch.drafts
    assert (draft.post.title, draft.post.key, draft.post.published) == (post.title, "xw-1", NOW)
    header = dict(draft.post.header)
    assert (header["来源"], header["原文链接"], header["封面"]) == ("栖江人社 --> 局", post.url, post.image)
    assert [one.url for one in draft.post.attachments] == ["https://rsj.example/表 1.pdf"]
    assert draft.post.text == "到窗口办理即可，不收费。"
