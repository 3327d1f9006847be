"""A draft made of somebody's post: its source stated, its text as Markdown, ready to be written anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from aggregator.dates import SHANGHAI
from aggregator.drafts.markdown import write_markdown
from aggregator.drafts.new import write_value
from aggregator.model import Post

_NOTE = "<!-- 由 {source} 的文章改写。改好以后运行 matrix publish 发布。这样用尖括号括起来的说明不会显示在页面上。 -->"


def write_reprint(
    post: Post, source: str, number: str, date: datetime, files: Mapping[str, str], cover: str = ""
) -> str:
    """The whole file. `files`: address -> name of our copy beside the draft; what is not in it keeps its address."""
    header = [
        ("标题", " ".join(post.title.split()) or "无标题"),
        ("日期", f"{date.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        ("编号", number),
        ("来源", source),
        *([("原文链接", post.url)] if post.url else []),
        *([("封面", cover)] if cover else []),
        *_list_attachments(post, files),
    ]
    lines = [f"{key}: {value if key in ('附件', '原文链接', '封面') else write_value(value)}" for key, value in header]
    note = _NOTE.format(source=" ".join(source.replace("--", "—").split()))
    return "\n".join(("---", *lines, "---", "", note, "", write_markdown(post.html, files)))


def _list_attachments(post: Post, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for one in post.attachments:
        address = files.get(one.url, one.url)
        title = " ".join(one.title.split()).translate({ord("["): "〔", ord("]"): "〕"})
        yield "附件", f"[{title}]({address})" if title else address
