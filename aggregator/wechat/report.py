"""What is told to who pastes an article: what is lost, line by line, and what to do in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aggregator.model import Drop, WeChatArticle

STEPS = (
    "点“复制正文”，在公众号后台（mp.weixin.qq.com）新建图文消息，点进正文框，按 Ctrl+V 粘贴。",
    "把标题、作者、摘要和原文链接逐项复制过去。",
    "正文里每一处“【此处放图 …】”，删掉这几个字，换成同一编号的图片。",
    "上传封面，保存草稿，在手机上预览一遍再群发。",
)


def sort_drops(drops: Iterable[Drop]) -> tuple[Drop, ...]:
    """Each once, by line; what has none comes last."""
    return tuple(sorted(dict.fromkeys(drops), key=lambda drop: (drop.line is None, drop.line or 0)))


def describe_drop(drop: Drop) -> str:
    """「第 12 行：链接 … 已改成脚注 [1]。」"""
    return f"第 {drop.line} 行：{drop.message}" if drop.line else drop.message


def write_notes(article: WeChatArticle) -> str:
    """All of it as plain text, for who does not open the page."""
    return "\n".join((*_list_notes(article), ""))


def _list_notes(article: WeChatArticle) -> Iterator[str]:
    yield f"标题：{article.title}"
    yield f"作者：{article.author}"
    yield f"摘要：{article.digest}"
    yield f"原文链接：{article.source_url or '（还没有）'}"
    yield ""
    yield "怎样发到微信"
    yield from (f"{number}. {step}" for number, step in enumerate(STEPS, 1))
    yield ""
    yield "微信里会变的地方" if article.report else "没有会在微信里丢掉的内容。"
    yield from (f"- {describe_drop(drop)}" for drop in article.report)
