"""What one account must look like: raw values in, an `Account` or its faults out. No I/O.

TOML, CSV and OPML all end here, so that an import can bring in nothing that the registry would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import cast, get_args

from aggregator.model import LOCAL_ACCOUNT, Account, AccountStatus, Kind, Selection
from aggregator.registry.addresses import find_address_fault, find_feed_fault
from aggregator.registry.faults import Fault, suggest_word
from aggregator.registry.words import name_field, read_value, translate_value

ID_FORM = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""Ids appear in addresses and on the command line, where a leading hyphen would be an option."""

PLATFORM_FORM = re.compile(r"[a-z][a-z0-9-]{0,29}")

RESERVED_IDS = frozenset({"index", "con", "prn", "aux", "nul"})
"""`index` is a folder's own page; Windows can make no folder of the others' names (a device each)."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot carry, and what no name contains."""

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
"""ISO, and the ways in which Excel and people write a day."""

_DAYS = frozenset({"opened_on", "closed_on"})

_REFRESH = re.compile(r"(\d{1,4})([mhd])")
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}

FIELDS = tuple(field.name for field in fields(Account))
REQUIRED = tuple(field.name for field in fields(Account) if field.default is MISSING)
_MAY_BE_EMPTY = frozenset({"region"})
"""Feed readers know nothing of regions: an import leaves it to be filled in."""

DEFAULT_LOCAL = Account(
    id=LOCAL_ACCOUNT, name="编辑部", organization="编辑部", platform="website", kind="local", region=""
)
"""The account of staff's own drafts where the registry declares none."""


def check_account(raw: Mapping[str, object]) -> tuple[Account | None, tuple[Fault, ...]]:
    """An account from raw values (text, an integer for `rank`, a list for `feeds`, true or false for `mirror`), or
    all that is wrong."""
    values = {key: _normalise_value(key, raw[key]) for key in FIELDS if key in raw}
    faults = [_find_unknown(key) for key in raw if key not in FIELDS]
    for key in REQUIRED:
        if key not in values or (values[key] == "" and key not in _MAY_BE_EMPTY):
            faults.append(Fault(f"缺少 {name_field(key)}", f"补上 {key} 这一项", key))
            values.pop(key, None)
    for key, value in values.items():
        if fault := _CHECKS.get(key, _check_text)(key, value):
            faults.append(fault)
    return (None, tuple(faults)) if faults else (_make_account(values), ())


def _make_account(values: Mapping[str, object]) -> Account:
    """The checks have established every type that is asserted here."""
    text = {key: value for key, value in values.items() if isinstance(value, str)}
    others = {key: text.pop(key) for key in ("kind", "selection", "status") if key in text}
    return Account(
        **text,
        kind=cast(Kind, others["kind"]),
        selection=cast(Selection, others.get("selection", "auto")),
        status=cast(AccountStatus, others.get("status", "active")),
        feeds=cast("tuple[str, ...]", values.get("feeds", ())),
        rank=cast(int, values.get("rank", 50)),
        mirror=cast(bool, values.get("mirror", True)),
    )


def _normalise_value(key: str, value: object) -> object:
    """Blanks at the ends mean nothing; TOML has dates of its own; a list becomes a tuple."""
    if isinstance(value, str):
        value = value.strip()
        if key in _DAYS and (match := _DATE.fullmatch(value)):
            return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
        return value
    if key in _DAYS and type(value) is date:
        return value.isoformat()
    if key == "feeds" and isinstance(value, list | tuple):
        return tuple(feed.strip() if isinstance(feed, str) else feed for feed in value)
    return value


def _find_unknown(key: str) -> Fault:
    suggestion = suggest_word(key, FIELDS)
    remedy = f"是不是想写 {suggestion}" if suggestion else f"可用的有：{'、'.join(FIELDS)}"
    return Fault(f"不认识的项 {key}", remedy, key)


def _check_text(key: str, value: object) -> Fault | None:
    if not isinstance(value, str):
        return Fault(f"{name_field(key)} 应当是文字", f'写成 {key} = "…"，加上英文双引号', key)
    if _UNPRINTABLE.search(value):
        return Fault(f"{name_field(key)} 里有看不见的控制字符", "删去后重新输入这一项", key)
    return None


def _check_id(key: str, value: object) -> Fault | None:
    if fault := _check_text(key, value):
        return fault
    if not ID_FORM.fullmatch(str(value)):
        return Fault(
            f"{name_field(key)}“{value}”不合规则",
            "只用小写英文字母、数字和连字符，不以连字符开头，最多 40 个字符，例如 rsj",
            key,
        )
    if value in RESERVED_IDS:
        return Fault(f"{name_field(key)}“{value}”是保留字", "换一个编号", key)
    return None


def _check_platform(key: str, value: object) -> Fault | None:
    fault = _check_text(key, value)
    if fault or PLATFORM_FORM.fullmatch(str(value)):
        return fault
    return Fault(
        f"{name_field(key)}“{value}”不合规则",
        _remedy_word(key, str(value)) or "用小写英文代号，例如 wechat、weibo、toutiao、douyin、website",
        key,
    )


def _check_choice(choices: tuple[str, ...]) -> Callable[[str, object], Fault | None]:
    def check(key: str, value: object) -> Fault | None:
        fault = _check_text(key, value)
        if fault or value in choices:
            return fault
        word = str(value)
        suggestion = suggest_word(word, choices)
        listing = "、".join(f"{choice}（{translate_value(key, choice)}）" for choice in choices)
        remedy = _remedy_word(key, word) or (f"是不是想写 {suggestion}" if suggestion else f"可用的有：{listing}")
        return Fault(f"{name_field(key)}“{word}”不认识", remedy, key)

    return check


def _remedy_word(key: str, word: str) -> str:
    """For a Chinese name written where its code belongs."""
    value = read_value(key, word)
    return f'写成 {key} = "{value}"' if value != word else ""


def _check_feeds(key: str, value: object) -> Fault | None:
    if not isinstance(value, tuple) or not all(isinstance(feed, str) for feed in value):
        return Fault(f"{name_field(key)} 应当是一列地址", '写成 feeds = ["https://…/feed.xml"]', key)
    for feed in value:
        fault = _check_text(key, feed)
        if fault:
            return fault
        if wrong := find_feed_fault(feed):
            return Fault(f"{name_field(key)}“{feed}”：{wrong[0]}", wrong[1], key)
    if len(set(value)) < len(value):
        return Fault(f"{name_field(key)} 里同一个地址写了两次", "删去重复的一个", key)
    return None


def _check_rank(key: str, value: object) -> Fault | None:
    if type(value) is not int:  # True and False are integers to isinstance
        return Fault(f"{name_field(key)} 应当是整数", "写成 rank = 50，不加引号，数大者优先", key)
    return None


def _check_mirror(key: str, value: object) -> Fault | None:
    if not isinstance(value, bool):
        remedy = "写成 mirror = false，不加引号；表格里写“是”或“否”"
        return Fault(f"{name_field(key)} 应当是 true 或 false", remedy, key)
    return None


def _check_refresh(key: str, value: object) -> Fault | None:
    fault = _check_text(key, value)
    if fault or not value:
        return fault
    match = _REFRESH.fullmatch(str(value))
    if match and 0 < int(match[1]) * _MINUTES[match[2]] <= _MINUTES["d"]:
        return None
    remedy = '写成 refresh = "6h"：数字后面是 m（分钟）、h（小时）或 d（天），最多 1 天'
    return Fault(f"{name_field(key)}“{value}”不是能认出的时长", remedy, key)


def _check_link(key: str, value: object) -> Fault | None:
    """A page: an http(s) address or, for a notice, a path on our own site."""
    fault = _check_text(key, value)
    if fault or not value or (key == "notice" and str(value).startswith("/")):
        return fault
    wrong = find_address_fault(str(value))
    return Fault(f"{name_field(key)}“{value}”：{wrong[0]}", wrong[1], key) if wrong else None


def _check_day(key: str, value: object) -> Fault | None:
    fault = _check_text(key, value)
    if fault or not value:
        return fault
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return Fault(f"{name_field(key)}“{value}”不是日期", f'写成 {key} = "2026-09-01"', key)
    return None


_CHECKS: Mapping[str, Callable[[str, object], Fault | None]] = {
    "id": _check_id,
    "platform": _check_platform,
    "kind": _check_choice(get_args(Kind)),
    "selection": _check_choice(get_args(Selection)),
    "status": _check_choice(get_args(AccountStatus)),
    "feeds": _check_feeds,
    "rank": _check_rank,
    "mirror": _check_mirror,
    "refresh": _check_refresh,
    "homepage": _check_link,
    "notice": _check_link,
    "opened_on": _check_day,
    "closed_on": _check_day,
}
"""Fields that are not plain text."""
