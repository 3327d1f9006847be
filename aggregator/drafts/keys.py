"""The keys of a draft's header: the names staff may write, and the one each of them means."""

from __future__ import annotations

import difflib
import re

KEYS: dict[str, tuple[str, ...]] = {
    "标题": ("title",),
    "日期": ("发布日期", "发布时间", "date"),
    "部门": ("发文机关", "发布机构", "department", "author"),
    "栏目": ("column", "category"),
    "摘要": ("summary",),
    "封面": ("cover",),
    "附件": ("attachment", "attachments"),
    "文号": ("发文字号", "number"),
    "索引号": ("index",),
    "成文日期": ("issued",),
    "有效性": ("validity",),
    "有效期至": ("expires",),
    "主题分类": ("subject",),
    "关联政策": ("policy",),
    "替代文件": ("replaces",),
    "解读形式": ("form",),
    "编号": ("id",),
    "定时": ("定时发布", "publish_at"),
    "下线": ("下线时间", "下线日期", "offline"),
    "撤回": ("withdrawn",),
    "撤回原因": ("withdrawn_reason",),
    "替代": ("replacement",),
    "置顶": ("pinned",),
    "来源": ("source",),
    "原文链接": ("link", "url"),
    "办理时间": ("hours",),
    "办理地点": ("address",),
    "联系电话": ("phone",),
    "办理时限": ("duration",),
    "收费标准": ("fee",),
    "人生事件": ("event",),
    "图标": ("icon",),
    "在线办理": ("online",),
}
"""Canonical key: its other names. The names of policies are those of the government-information catalogue."""

DATE_KEYS = ("日期", "成文日期", "有效期至", "下线")
LASTING = ("长期", "长期有效")
"""What 有效期至 may say instead of a day."""
REPEATABLE = ("附件", "关联政策", "替代文件")

# Below half, difflib proposes words that share one character by chance; 标提 and 标题 are exactly half alike.
_LIKENESS = 0.5
_SPACES = re.compile(r"\s+")
_CANONICAL = {name: key for key, names in KEYS.items() for name in (key, *names)}


def squeeze_key(name: str) -> str:
    """`name` without spaces, which typesetters put between two characters (标　题), and in lower case."""
    return _SPACES.sub("", name).lower()


def find_key(name: str) -> str | None:
    """The canonical key that `name` means, None for an unknown name."""
    return _CANONICAL.get(squeeze_key(name))


def suggest_key(name: str) -> str | None:
    """The known name that resembles `name` most, in the script it was written in; None if none does."""
    near = difflib.get_close_matches(squeeze_key(name), _CANONICAL, n=1, cutoff=_LIKENESS)
    return near[0] if near else None


def is_slip(name: str) -> bool:
    """Is `name` a known key but for one wrong character?"""
    typed = squeeze_key(name)
    return any(
        len(typed) == len(known) and sum(a != b for a, b in zip(typed, known, strict=True)) == 1 for known in _CANONICAL
    )
