"""A cleaned article -> HTML to be pasted into WeChat's editor, and what is lost or changed on the way.

parse | settle lines | elements | pictures | links | lists | card, attachments, notes | guards | styles
"""

from __future__ import annotations

from aggregator.model import Drop, WeChatArticle, WeChatSource
from aggregator.sanitize import html_to_text
from aggregator.wechat.body import drop_empty, rebuild_body
from aggregator.wechat.lines import settle_lines
from aggregator.wechat.links import Links
from aggregator.wechat.lists import rebuild_lists
from aggregator.wechat.pictures import place_pictures
from aggregator.wechat.report import sort_drops
from aggregator.wechat.styles import write_styles
from aggregator.wechat.tree import (
    NBSP,
    Element,
    even_out_blanks,
    make_element,
    parse_fragment,
    wrap_content,
    write_fragment,
)

MAX_TITLE = 64
"""Characters."""
MAX_DIGEST = 120
MAX_TEXT = 20_000
"""Characters of a body: "必须少于2万字符" (developers.weixin.qq.com, 草稿箱/新增草稿)."""

_CARD = "一分钟看懂"


def convert_article(article: WeChatSource) -> WeChatArticle:
    """The article ready to be pasted. What it returns stays as it is when it is made ready once more."""
    report: list[Drop] = []
    root = parse_fragment(article.html)
    settle_lines(root)
    rebuild_body(root, report)
    pictures = place_pictures(root, report)
    Links(root, article.places, article.base_url, report).rebuild()
    rebuild_lists(root, report)
    for title, rows in (("", article.facts), (_CARD, article.card)):
        if rows:
            _put_first(root, _make_card(title, rows))
    _add_attachments(root, article, report)
    html = _finish(root)
    text = html_to_text(html)
    report += _check_texts(article, text)
    return WeChatArticle(
        key=article.key,
        title=_cut(article.title, MAX_TITLE),
        digest=_cut(article.digest, MAX_DIGEST),
        author=article.author,
        source_url=article.source_url,
        html=html,
        text=text,
        report=sort_drops(report),
        pictures=pictures,
        genre=article.genre,
    )


def _finish(root: Element) -> str:
    """The HTML of the rebuilt tree: between two empty paragraphs, which take the harm that pasting does to the first
    and the last node."""
    even_out_blanks(root)
    drop_empty(root)
    guards = (make_element("p", NBSP, "guard"), make_element("p", NBSP, "guard"))
    if root.text:
        # Text that stands in no paragraph.
        wrap_content(root, make_element("section"))
    root.insert(0, guards[0])
    root.append(guards[1])
    return write_fragment(write_styles(write_fragment(root)))


def _make_card(title: str, rows: tuple[tuple[str, str], ...]) -> Element:
    card = make_element("section", kind="card")
    if title:
        card.append(make_element("p", title, "box-title"))
    for name, value in rows:
        row = make_element("p")
        if name:
            label = make_element("span", f"{name}：", "row-name")
            label.tail = " ".join(value.split())
            row.append(label)
        else:
            row.text = " ".join(value.split())
        card.append(row)
    return card


def _put_first(root: Element, element: Element) -> None:
    """Before all else, the text in no paragraph with which a body may begin included."""
    element.tail, root.text = root.text, None
    root.insert(0, element)


def _add_attachments(root: Element, article: WeChatSource, report: list[Drop]) -> None:
    if not article.attachments:
        return
    root.append(make_element("p", "附件（点文末“阅读原文”下载）", "notes-title"))
    for number, one in enumerate(article.attachments, 1):
        root.append(make_element("p", f"{number}. {one.title}", "note"))
        message = f"附件“{one.title}”带不进微信，文末写了名称，请读者点“阅读原文”下载。"
        report.append(Drop("attachment", message, one.line))


def _check_texts(article: WeChatSource, text: str) -> list[Drop]:
    found = []
    if len(article.title) > MAX_TITLE:
        message = f"标题有 {len(article.title)} 个字，微信最多 {MAX_TITLE} 个，后面的截掉了，请改短。"
        found.append(Drop("title", message, article.title_line))
    if len(article.digest) > MAX_DIGEST:
        message = f"摘要有 {len(article.digest)} 个字，微信最多 {MAX_DIGEST} 个，后面的截掉了，请改短。"
        found.append(Drop("digest", message, article.digest_line))
    if len(text) >= MAX_TEXT:
        message = f"正文有 {len(text)} 个字，微信要少于 {MAX_TEXT} 个。请删减，或者分成几篇。"
        found.append(Drop("length", message))
    if not article.source_url:
        message = "还没有发布到网站，没有“原文链接”。要用“阅读原文”，请先运行 matrix publish，再做一次。"
        found.append(Drop("source", message))
    return found


def _cut(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
