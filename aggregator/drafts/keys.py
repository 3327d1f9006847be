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
    "解读形式": ("形式", "form"),
    "编号": ("id",),
    "定时": ("定时发布", "scheduled", "publish_at"),
    "下线": ("下线时间", "下线日期", "offline", "unpublish_at"),
    "置顶": ("pinned",),
    "撤回": ("withdrawn",),
    "撤回原因": ("withdrawn_reason", "withdrawal_reason", "reason"),
    "替代": ("replacement",),
    "审核": ("reviewed_by", "reviewer"),
    "来源": ("source",),
    "原文链接": ("link", "url"),
    "一句话": ("brief", "tldr"),
    "谁能办": ("who",),
    "办多少": ("amount",),
    "何时办": ("when",),
    "怎么办": ("how",),
    "电话": ("tel",),
    "事项名称": ("item",),
    "设定依据": ("basis",),
    "申请条件": ("conditions",),
    "办理材料": ("materials",),
    "办理流程": ("steps",),
    "办理时间": ("hours",),
    "办理地点": ("address",),
    "联系电话": ("phone",),
    "办理时限": ("duration",),
    "收费标准": ("fee",),
    "到现场次数": ("visits",),
    "投诉电话": ("complaints",),
    "施行日期": ("effective",),
    "主题词": ("标签", "keywords", "tags"),
    "人生事件": ("event",),
    "图标": ("icon",),
    "在线办理": ("online",),
    "替代应用": ("替代账号", "原应用", "原账号", "replaced_apps"),
}
"""Canonical key: its other names. The names of policies are those of the government-information catalogue."""

BRIEF_KEYS = ("一句话", "谁能办", "办多少", "何时办", "怎么办", "电话")
"""What the card 一分钟看懂 at the top of a page is made of, in its order."""

IN_TEXTS = frozenset(
    {*BRIEF_KEYS, "事项名称", "设定依据", "申请条件", "办理材料", "办理流程", "办理时间", "办理地点", "联系电话"}
    | {"办理时限", "收费标准", "到现场次数", "投诉电话", "施行日期"}
)
"""Keys that also open lines of a text: alone they make no header without a fence."""

FREE_TEXTS = frozenset({"摘要", *BRIEF_KEYS, "撤回原因"})
"""Keys whose values are sentences: what looks like another key on their line is theirs."""

MULTILINE = FREE_TEXTS | {"事项名称", "设定依据", "申请条件", "办理材料", "办理流程", "办理时间", "办理地点"}
"""Keys whose values may have lines; others are of one."""

_TYPED_FIRST = ("标题", "日期", "部门", "栏目", "摘要", "文号", "编号", "来源")
"""Keys that are known in spite of a wrong character: of the short ones, others are a character away from many words."""

DATE_KEYS = ("日期", "成文日期", "有效期至", "下线")
COMMON = ("标题", "日期", "部门", "摘要", "文号", "编号", "附件", "封面", "来源", "原文链接")
"""Keys that are named to somebody who wrote one that there isn't."""
LASTING = ("长期", "长期有效")
"""What 有效期至 may say instead of a day."""
NAMING = ("关联政策", "替代文件")
"""Keys whose values are the 编号 of other drafts."""
REPEATABLE = ("附件", *NAMING)
LISTS = frozenset({*REPEATABLE, "部门", "栏目", "主题分类", "主题词", "人生事件"})
"""Keys that may have several values; those of a key that isn't repeatable become one, with 、 between them."""

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
    """Is `name` a key that headers begin with, but for one wrong character?"""
    typed = squeeze_key(name)
    return any(
        len(typed) == len(known) and sum(a != b for a, b in zip(typed, known, strict=True)) == 1
        for key in _TYPED_FIRST
        for known in (key, *KEYS[key])
    )
