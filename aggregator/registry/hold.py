"""The `[hold]` table of `editorial.toml` -> HoldSettings, or all that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any, cast

from aggregator.model import HoldSettings
from aggregator.registry.faults import Fault, suggest_word

MAX_TIMES = 1000
MAX_DAYS = 365
MAX_POSTS = 10_000

_KEYS = tuple(field.name for field in fields(HoldSettings))
_SWITCHES = ("id_cards", "bank_cards", "phones", "domain")
_LISTS = {
    "words": '写成 words = ["词一", "词二"]',
    "word_exceptions": '写成 word_exceptions = ["反对词一"]',
    "sources": '写成 sources = ["新华社", "人民日报"]',
    "domains": '写成 domains = ["people.com.cn"]',
    "exempt": '写成 exempt = ["rsj"]，填账号的编号',
}
_COUNTS = {"burst_least": MAX_POSTS, "burst_days": MAX_DAYS, "usual": MAX_POSTS}
# Upper case is spelled out: ignoring case, Python folds each Han character of a range whenever a command starts.
_DOMAIN = re.compile(r"(?:[A-Za-z0-9一-鿿](?:[A-Za-z0-9一-鿿-]*[A-Za-z0-9一-鿿])?\.)+[A-Za-z一-鿿][A-Za-z0-9一-鿿-]*")


def check_hold(table: object) -> tuple[HoldSettings, tuple[Fault, ...]]:
    """The settings a `[hold]` table states; the defaults together with the faults if it has any."""
    if not isinstance(table, dict):
        return HoldSettings(), (Fault("hold 应当是一张表", "写成 [hold]，下面每行一项"),)
    faults = tuple(
        Fault(f"[hold] 的 {wrong[0]}", wrong[1], key)
        for key, value in table.items()
        if (wrong := _find_wrong(key, value))
    )
    if faults:
        return HoldSettings(), faults
    values: dict[str, Any] = {
        key: tuple(map(str.strip, value)) if isinstance(value, list) else value for key, value in table.items()
    }
    return HoldSettings(**values), ()


def _find_wrong(key: str, value: object) -> tuple[str, str] | None:
    if key in _SWITCHES:
        return None if isinstance(value, bool) else (f"{key} 应当是 true 或 false", f"写成 {key} = false，不加引号")
    if key in _LISTS:
        return _find_list_wrong(key, value)
    if key in _COUNTS:
        good = type(value) is int and 1 <= value <= _COUNTS[key]
        return (
            None
            if good
            else (f"{key} 应当是 1 到 {_COUNTS[key]} 的整数", f"写成 {key} = {getattr(HoldSettings(), key)}")
        )
    if key == "burst":
        good = type(value) in (int, float) and (value == 0 or 1 < cast(float, value) <= MAX_TIMES)
        return None if good else (f"burst 应当是大于 1、不超过 {MAX_TIMES} 的倍数，0 表示不检查", "写成 burst = 10")
    if key == "language":
        good = type(value) in (int, float) and 0 <= cast(float, value) <= 1
        return None if good else ("language 应当是 0 到 1 的数，0 表示不检查", "写成 language = 0.5")
    suggestion = suggest_word(key, _KEYS)
    return f"项 {key} 不认识", f"是不是想写 {suggestion}" if suggestion else f"可用的有：{'、'.join(_KEYS)}"


def _find_list_wrong(key: str, value: object) -> tuple[str, str] | None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return f"{key} 应当是一列文字", _LISTS[key]
    if not all(one.strip() for one in value):
        return f"{key} 里有一项是空的", "删去空的一项"
    if key == "domains" and (wrong := next((one for one in value if not _DOMAIN.fullmatch(one.strip())), None)):
        return f"domains 里的“{wrong}”不是域名", '只写域名，不写 https:// 和路径，例如 "people.com.cn"'
    return None
