"""The Chinese names of an account's fields and values, as spreadsheets and messages show them."""

from __future__ import annotations

LABELS = {
    "id": "编号",
    "name": "名称",
    "organization": "主办单位",
    "platform": "平台",
    "kind": "类型",
    "region": "地区",
    "feeds": "订阅源",
    "selection": "选用方式",
    "rank": "权威",
    "status": "状态",
    "phone": "电话",
    "homepage": "主页",
    "description": "简介",
    "handle": "平台账号",
    "opened_on": "开设日期",
    "closed_on": "停更日期",
    "notice": "停更公告",
    "successor": "接替账号",
    "mirror": "镜像",
    "refresh": "收取间隔",
}
"""Field of `model.Account` -> column, in the columns' order."""

PLATFORMS = {
    "wechat": "微信",
    "weibo": "微博",
    "toutiao": "今日头条",
    "douyin": "抖音",
    "kuaishou": "快手",
    "website": "网站",
    "app": "客户端",
}
"""Only the usual ones: any other platform keeps its code."""

KINDS = {
    "department": "部门",
    "county": "县区",
    "town": "街道乡镇",
    "public-service": "公共服务",
    "local": "本站",
}

SELECTIONS = {"auto": "自动", "review": "先审"}

STATUSES = {"active": "正常", "merged": "已合并", "closed": "已关停"}

MIRRORS = {"true": "是", "false": "否"}

VALUES = {"platform": PLATFORMS, "kind": KINDS, "selection": SELECTIONS, "status": STATUSES, "mirror": MIRRORS}


def write_word(value: object) -> str:
    """A single value as text: TOML's `true` and `false` everywhere."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_flag(word: str) -> bool | str:
    """true and false, whatever their case; anything else is returned as it is, to be reported."""
    return {"true": True, "false": False}.get(word.lower(), word)


def name_field(key: str) -> str:
    """The field as a message names it: `kind（类型）`."""
    return f"{key}（{LABELS[key]}）" if key in LABELS else key


def translate_value(key: str, value: str) -> str:
    """A value's Chinese name for a spreadsheet; itself where it has none."""
    return VALUES.get(key, {}).get(value, value)


def read_value(key: str, word: str) -> str:
    """The value behind a Chinese name; anything else is returned as it is, so that codes are understood too."""
    return next((value for value, name in VALUES.get(key, {}).items() if name == word), word)
