"""The column, the label and the order of a story. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from aggregator.model import PAGES, Account, Genre, Kind, Placement, Post, StoredPost

_COLUMN_OF_GENRE: dict[Genre, str] = {
    "notice": "notices",
    "policy": "policies",
    "explanation": "explanations",
    "service": "services",
    "news": "news",
    "page": PAGES,
}

# Read in this order; the first that stands in the headline (or a category), NFKC, names label and column.
_LABELS: tuple[tuple[str, str, str], ...] = (
    (r"早报|晚报|一周要闻|快讯", "要闻", "news"),
    (r"图解|一图读懂|一图看懂|漫画", "图解", "explanations"),
    (r"问答|[0-9十]+问|百问百答", "问答", "explanations"),
    (r"解读|政策明白卡|读懂|看懂", "解读", "explanations"),
    (r"更正|勘误", "更正", "notices"),
    (r"预警|警报|应急响应", "预警", "notices"),
    (
        r"(?:办法|规定|细则|条例|实施方案|规划|若干措施)(?:[((][^))]*[))])?[》」]?(?:[((][^))]*[))])?$|^关于印发",
        "政策",
        "policies",
    ),
    (r"停水|停电|停气|管制|绕行|封闭|改道|施工", "提醒", "notices"),
    (r"公示|任前", "公示", "notices"),
    (r"公告", "公告", "notices"),
    (r"通告", "通告", "notices"),
    (r"通知", "通知", "notices"),
    (r"招聘|招募|招考|报名|征集", "报名", "notices"),
    (r"提醒|提示|须知|倡议|温馨", "提醒", "notices"),
    (r"办理指南|办事指南|怎么办|如何办|办理流程|指南$", "办事", "services"),
)

# Compiled once: the interpreter's own memory of patterns costs as much as searching a headline.
_PATTERNS = tuple((re.compile(pattern), label, column) for pattern, label, column in _LABELS)

_COLUMN_OF_LABEL = {label: column for _, label, column in _LABELS}

_LABEL_OF_GENRE: dict[Genre, str] = {
    "notice": "通知",
    "policy": "政策",
    "explanation": "解读",
    "service": "办事",
    "news": "动态",
    "page": "",
}

_LABEL_OF_KIND: dict[Kind, str] = {"town": "社区", "county": "县区"}


def place_story(story: str, members: Sequence[StoredPost], account: Account | None) -> Placement:
    """Where a story stands; `members` with the lead first, `account` the lead's.

    Staff's own draft among them says by its folder what the story is; else headline and account decide.
    """
    lead = members[0]
    draft = next((member.post for member in members if member.post.genre != "post"), None)
    label, column = classify_post(lead.post)
    if draft is not None:
        column = _COLUMN_OF_GENRE[draft.genre]
        # A draft's label may be finer than its folder (公示 in notices), never another column's.
        label = label if label and _COLUMN_OF_LABEL[label] == column else _LABEL_OF_GENRE[draft.genre]
    else:
        if account is not None and account.kind == "town":
            # Residents look for what their street says in one place, whatever form it has.
            column = "community"
        label = label or (_LABEL_OF_KIND.get(account.kind, "动态") if account else "动态")
    return Placement(story, column, label, lead.date, pinned=draft is not None and _is_pinned(draft))


def classify_post(post: Post) -> tuple[str, str]:
    """(label, column) by headline, then by category; no label and 要闻动态 where neither says anything."""
    for text in (unicodedata.normalize("NFKC", one) for one in (post.title, *post.categories)):
        for pattern, label, column in _PATTERNS:
            if pattern.search(text):
                return label, column
    return "", "news"


def _is_pinned(post: Post) -> bool:
    return dict(post.header).get("置顶", "") in {"是", "true", "1", "yes"}
