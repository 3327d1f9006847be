"""What staff are told about pictures and attachments, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.model import Finding, UseKind

_KINDS: dict[UseKind, str] = {"picture": "图片", "attachment": "附件", "draft": "链接的稿件"}
_SHOWN_LINES = 8

WORDLESS = "M1"
"""Of the rules in `inspection`, the one that asks for the words of pictures; staff may waive it."""


def describe_missing(
    path: str, name: str, kind: UseKind, line: int | None, near: Sequence[str], *, on_computer: bool
) -> Finding:
    """`near` are files that lie there and look alike; `on_computer`: the draft names a place on somebody's disk."""
    what = f"{_KINDS[kind]}“{name}”"
    if kind == "draft":
        message = f"{what}没有找到。"
        remedy = "如果它改了名，原来发布过的网址仍然打得开；否则请改成现在的文件名。"
    elif on_computer:
        message = f"{what}写的是您电脑里的位置，别人看不到，没有带上。"
        remedy = f"请把它复制到稿件旁边，正文里只写文件名“{name}”。"
    else:
        message = f"{what}没有找到，没有带上。"
        remedy = "请把它放在稿件旁边，或者改正文件名。"
    if near:
        remedy += f"那里名字相近的有：{'、'.join(near)}。"
    return Finding(path, message, remedy, line, "warning")


def describe_no_picture(path: str, file: str, line: int | None) -> Finding:
    name = file.rpartition("/")[2]
    message = f"“{name}”不是网页能显示的图片，没有显示。"
    remedy = f"请另存为 JPG 或 PNG；如果是给读者下载的，请写成“[说明]({name})”，前面不要感叹号。"
    return Finding(path, message, remedy, line, "warning")


def describe_pasted(path: str, line: int | None) -> Finding:
    remedy = "请把图片另存成文件，放在稿件旁边，正文里写“![图片说明](文件名.jpg)”。"
    return Finding(path, "正文里直接贴了图片的数据，没有显示。", remedy, line, "warning")


def describe_bare_address(path: str, address: str, line: int | None) -> Finding:
    message = f"链接“{address}”不是完整的网址，没有用上。"
    return Finding(path, message, f"请写成“https://{address}”。", line, "warning")


def describe_wordless(path: str, pictures: Sequence[tuple[str, int | None]]) -> tuple[Finding, ...]:
    """`pictures` are (name, line) of those without words, in the text's order; not empty."""
    name, first = pictures[0]
    remedy = f"请在方括号里写一句图片说明，看不见图的人靠它了解内容：![图上是什么]({name})。"
    if len(pictures) == 1:
        return (Finding(path, f"图片“{name}”没有说明文字。", remedy, first, "warning", WORDLESS),)
    lines = [str(line) for _, line in pictures if line]
    more = " 等" if len(lines) > _SHOWN_LINES else ""
    where = f"（第 {'、'.join(lines[:_SHOWN_LINES])}{more} 行）" if lines else ""
    message = f"有 {len(pictures)} 张图片没有说明文字{where}。"
    return (Finding(path, message, remedy, first, "warning", WORDLESS),)


def describe_refusal(path: str, file: str, kind: UseKind, line: int | None, reason: str, remedy: str) -> Finding:
    """A file that is there and yet cannot be published."""
    name = file.rpartition("/")[2]
    return Finding(path, f"{_KINDS[kind]}“{name}”没有带上：{reason}", remedy, line, "warning")
