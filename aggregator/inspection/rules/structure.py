"""Pictures without words, headings out of order, marks that Markdown does not take, links that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from aggregator.inspection.case import Case
from aggregator.model import Finding

_NO_WORDS = re.compile(
    r"(?:图片?|照片|截图|微信图片|微信截图|image|img|picture|photo|screenshot|dsc|未命名|[\W\d_])*", re.IGNORECASE
)
_NAMES = {"picture": "图片", "link": "链接", "attachment": "附件", "cover": "封面"}
_NO_SPACE = re.compile(r"(#{1,6})([^#\s][^#]*)")


def find_pictures_without_words(case: Case) -> Iterator[Finding]:
    for one in case.draft.references:
        if one.kind != "picture":
            continue
        name = PurePosixPath(one.target.replace("\\", "/")).name
        if _NO_WORDS.fullmatch(one.text) or one.text in (name, PurePosixPath(name).stem):
            said = f"写的是“{one.text}”" if one.text else "没有写"
            remedy = f"请写成“![图里是什么]({one.target})”，看不见图的人靠它知道内容。"
            yield case.tell(one.line, f"图片“{name}”的文字说明{said}。", remedy)


def find_skipped_headings(case: Case) -> Iterator[Finding]:
    before = 1
    for heading in case.draft.headings:
        if heading.level > before + 1:
            marks, right = "#" * heading.level, "#" * (before + 1)
            message = f"小标题“{heading.text}”用了 {marks}，跳过了 {right}。"
            yield case.tell(heading.line, message, f"请改成“{right} {heading.text}”。")
        before = heading.level


def find_unspaced_headings(case: Case) -> Iterator[Finding]:
    if not case.draft.is_markdown:
        return
    known = {heading.line for heading in case.draft.headings}
    for index, line in enumerate(case.draft.lines):
        # 「#话题#」 is a topic.
        match = _NO_SPACE.fullmatch(line.strip()) if line.startswith("#") else None
        if match and case.draft.locate(index) not in known:
            message = f"“{line.strip()}”的 # 后面少了空格，会原样显示，不是小标题。"
            yield case.tell(case.draft.locate(index), message, f"请改成“{match[1]} {match[2]}”。")


def find_dead_links(case: Case) -> Iterator[Finding]:
    for one in case.draft.references:
        if one.target in case.lost:
            similar = case.lost[one.target]
            remedy = f"请改成“{similar}”。" if similar else "请核对名称，或者把文件放到稿件旁边。"
            yield case.tell(one.line, f"{_NAMES[one.kind]}指向“{one.target}”，没有这个文件或页面。", remedy)
