"""TOML as people type it: what is wrong with the form of a text, in words they can act on."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from aggregator.registry.faults import Fault

_LINE = re.compile(r"at line (\d+)")
_CHINESE_MARKS = re.compile("[“”‘’＝，［］【】]")


def read_toml(text: str) -> dict[str, Any] | Fault:
    """The document, or why it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _explain_syntax(text, str(error))


def _explain_syntax(text: str, detail: str) -> Fault:
    lines = text.splitlines() or [""]
    match = _LINE.search(detail)
    number = min(int(match[1]), len(lines)) if match else len(lines)
    culprit = lines[number - 1].strip()
    if "overwrite" in detail:
        return Fault(f"同一项写了两次：{culprit}", "删去其中一个", line=number)
    remedy = "检查引号、等号和方括号是否齐全；文字要放在英文双引号里"
    if _CHINESE_MARKS.search(culprit):
        remedy = "这一行用了中文标点，引号、等号、逗号和方括号要用英文半角的"
    return Fault(f"这一行不合 TOML 的写法：{culprit}", remedy, line=number)
