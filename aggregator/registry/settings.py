"""The `[fetch]` and `[stories]` tables -> their settings, or all that is wrong with them."""

from __future__ import annotations

import ipaddress
from dataclasses import fields
from typing import cast

from aggregator.model import FetchSettings, StorySettings
from aggregator.registry.faults import Fault, suggest_word

MAX_CONCURRENCY = 256
MAX_TIMEOUT = 600

MIN_WINDOW = 30
MAX_WINDOW = 4000

_STORY_KEYS = tuple(field.name for field in fields(StorySettings))
_KEYS = tuple(field.name for field in fields(FetchSettings))


def check_settings(table: object) -> tuple[FetchSettings, tuple[Fault, ...]]:
    """The settings a `[fetch]` table states; the defaults together with the faults if it has any."""
    default = FetchSettings()
    if not isinstance(table, dict):
        return default, (Fault("fetch 应当是一张表", "写成 [fetch]，下面每行一项"),)
    faults = tuple(
        Fault(f"[fetch] 的 {wrong[0]}", wrong[1], key)
        for key, value in table.items()
        if (wrong := _find_wrong(key, value))
    )
    if faults:
        return default, faults
    values = cast("dict[str, object]", table)
    return FetchSettings(
        allow=tuple(cast("list[str]", values.get("allow", []))),
        contact=cast(str, values.get("contact", default.contact)).strip(),
        concurrency=cast(int, values.get("concurrency", default.concurrency)),
        timeout=float(cast(float, values.get("timeout", default.timeout))),
    ), ()


def check_stories(table: object) -> tuple[StorySettings, tuple[Fault, ...]]:
    """The settings a `[stories]` table states; the defaults together with the faults if it has any."""
    default = StorySettings()
    if not isinstance(table, dict):
        return default, (Fault("stories 应当是一张表", "写成 [stories]，下面每行一项"),)
    faults: list[Fault] = []
    for key, value in table.items():
        if key not in _STORY_KEYS:
            suggestion = suggest_word(key, _STORY_KEYS)
            remedy = f"是不是想写 {suggestion}" if suggestion else f"可用的有：{'、'.join(_STORY_KEYS)}"
            faults.append(Fault(f"[stories] 的项 {key} 不认识", remedy, key))
        elif type(value) is not int or not MIN_WINDOW <= value <= MAX_WINDOW:
            wrong = f"[stories] 的 window 应当是天数，{MIN_WINDOW} 到 {MAX_WINDOW} 的整数"
            faults.append(Fault(wrong, f"写成 window = {default.window}", key))
    return (default if faults else StorySettings(**table)), tuple(faults)


def _find_wrong(key: str, value: object) -> tuple[str, str] | None:
    match key:
        case "allow":
            if not isinstance(value, list) or not all(isinstance(network, str) for network in value):
                return "allow 应当是一列网段", '写成 allow = ["10.1.2.0/24"]'
            return next(filter(None, map(_find_network_wrong, value)), None)
        case "contact":
            # It goes into a header as it is: no line end, no byte beyond ASCII.
            if not isinstance(value, str) or not (value.isascii() and value.isprintable()):
                return "contact 应当是英文字符的邮箱或网址", '写成 contact = "webmaster@example.gov.cn"'
        case "concurrency":
            if type(value) is not int or not 1 <= value <= MAX_CONCURRENCY:
                return f"concurrency 应当是 1 到 {MAX_CONCURRENCY} 的整数", "写成 concurrency = 16"
        case "timeout":
            if type(value) not in (int, float) or not 0 < cast(float, value) <= MAX_TIMEOUT:
                return f"timeout 应当是秒数，大于 0，不超过 {MAX_TIMEOUT}", "写成 timeout = 30"
        case _:
            suggestion = suggest_word(key, _KEYS)
            remedy = f"是不是想写 {suggestion}" if suggestion else f"可用的有：{'、'.join(_KEYS)}"
            return f"项 {key} 不认识", remedy
    return None


def _find_network_wrong(network: str) -> tuple[str, str] | None:
    try:
        meant = ipaddress.ip_network(network, strict=False)
    except ValueError:
        return f"allow 里的“{network}”不是网段", '写成 allow = ["10.1.2.0/24"]'
    try:
        ipaddress.ip_network(network)
    except ValueError:
        single = f"{network.partition('/')[0]}/{meant.max_prefixlen}"
        return f"allow 里的“{network}”不是网段的起始地址", f"整个网段写作 {meant}，单个地址写作 {single}"
    return None
