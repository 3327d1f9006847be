"""The tables `[check]`, `[terms]` and `[[waive]]` of `editorial.toml`, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from aggregator.model import CheckSettings, Waiver
from aggregator.registry.faults import Fault, suggest_word
from aggregator.registry.lines import find_blocks, find_line

MAX_DAYS = 250

CHECK_KEYS = tuple(field.name for field in fields(CheckSettings) if field.name != "terms")
WAIVE_KEYS = ("rule", "file", "reason", "until")

_DAYS = ("holidays", "workdays")
_EXAMPLES = {
    "rule": 'rule = "F5"',
    "file": 'file = "policies/文件名.md"',
    "reason": 'reason = "为什么可以不改"',
    "until": "until = 2027-06-30",
}


def read_check(document: Mapping[str, object], text: str) -> tuple[CheckSettings, tuple[Fault, ...]]:
    """What `[check]` and `[terms]` state, and all mistakes; `text` is what was parsed."""
    check, terms = document.get("check", {}), document.get("terms", {})
    faults: list[Fault] = []
    for name, table in (("check", check), ("terms", terms)):
        if not isinstance(table, dict):
            wrong = [Fault(f"{name} 应当是一张表", f"写成 [{name}]，下面每行一项")]
        else:
            find = _find_check_wrong if name == "check" else _find_term_wrong
            wrong = [fault for key, value in table.items() if (fault := find(key, value))]
        blocks = find_blocks(text, name)
        faults += [replace(fault, line=find_line(text, blocks, 0, fault.key)) for fault in wrong]
    if faults or not isinstance(check, dict) or not isinstance(terms, dict):
        return CheckSettings(), tuple(faults)
    values: dict[str, Any] = {
        key: tuple(_read_day(one) if key in _DAYS else str(one).strip() for one in value)
        if isinstance(value, list)
        else value
        for key, value in check.items()
    }
    rights = tuple((wrong.strip(), str(right).strip()) for wrong, right in terms.items())
    return CheckSettings(**values, terms=rights), ()


def _find_check_wrong(key: str, value: object) -> Fault | None:
    match key:
        case "shipped_terms":
            good, remedy = isinstance(value, bool), "写成 shipped_terms = false，不加引号"
        case "explanation_days" | "publish_days":
            good, remedy = type(value) is int and 1 <= value <= MAX_DAYS, f"写成 {key} = 3，1 到 {MAX_DAYS} 的整数"
        case "excerpt":
            good = type(value) in (int, float) and 0 <= float(str(value)) <= 1
            remedy = "写成 excerpt = 0.7，0 到 1 的数，0 表示不检查"
        case "term_exceptions":
            good = isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)
            remedy = '写成 term_exceptions = ["可以放过的说法"]'
        case "holidays" | "workdays":
            good = isinstance(value, list) and all(_is_day(one) for one in value)
            remedy = f"写成 {key} = [2027-02-05, 2027-02-06]"
        case _:
            suggestion = suggest_word(key, CHECK_KEYS)
            remedy = f"是不是想写 {suggestion}" if suggestion else f"可用的有：{'、'.join(CHECK_KEYS)}"
            return Fault(f"[check] 的项 {key} 不认识", remedy, key)
    return None if good else Fault(f"[check] 的 {key} 写得不对", remedy, key)


def _find_term_wrong(key: str, value: object) -> Fault | None:
    if key.strip() and isinstance(value, str):
        return None
    return Fault(f"[terms] 里的 {key} 写得不对", '写成 "不用的说法" = "应当用的说法"，没有可换的写 ""')


def read_waivers(document: Mapping[str, object], text: str) -> tuple[tuple[Waiver, ...], tuple[Fault, ...]]:
    """The `[[waive]]` entries in their order, and all mistakes. Whether rule and file exist is not known here."""
    tables = document.get("waive", [])
    blocks = find_blocks(text, "waive")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        fault = Fault("waive 应当是一组表", "每条豁免以 [[waive]] 开头，两层方括号", line=find_line(text, blocks, 0))
        return (), (fault,)
    waivers: list[Waiver] = []
    faults: list[Fault] = []
    for number, table in enumerate(tables):
        wrong = _list_waiver_faults(table)
        faults += [replace(fault, line=find_line(text, blocks, number, fault.key)) for fault in wrong]
        if not wrong:
            file = str(table["file"]).strip().replace("\\", "/").removeprefix("./").removeprefix("content/")
            rule, reason = str(table["rule"]).strip(), str(table["reason"]).strip()
            waivers.append(Waiver(rule, file, reason, _read_day(table["until"]), find_line(text, blocks, number)))
    return tuple(waivers), tuple(faults)


def _list_waiver_faults(table: Mapping[str, object]) -> list[Fault]:
    faults = []
    for key, value in table.items():
        if key not in WAIVE_KEYS:
            suggestion = suggest_word(key, WAIVE_KEYS)
            remedy = f"是不是想写 {suggestion}" if suggestion else f"可用的有：{'、'.join(WAIVE_KEYS)}"
            faults.append(Fault(f"[[waive]] 里的项 {key} 不认识", remedy, key))
        elif key == "until" and not _is_day(value):
            faults.append(Fault("[[waive]] 的 until 应当是日期", f"写成 {_EXAMPLES[key]}", key))
        elif key != "until" and not (isinstance(value, str) and value.strip()):
            faults.append(Fault(f"[[waive]] 的 {key} 应当是文字", f"写成 {_EXAMPLES[key]}", key))
    missing = [key for key in WAIVE_KEYS if key not in table]
    if missing and not faults:
        remedy = f"加上一行：{_EXAMPLES[missing[0]]}"
        faults.append(Fault(f"[[waive]] 没有写 {'、'.join(missing)}", remedy))
    return faults


def _is_day(value: object) -> bool:
    try:
        _read_day(value)
    except ValueError:
        return False
    return True


def _read_day(value: object) -> date:
    """A day as TOML has it, or as text. Raises ValueError."""
    # A date with a time of day is a datetime, which is no day.
    return value if type(value) is date else date.fromisoformat(value if isinstance(value, str) else "")
