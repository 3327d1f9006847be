"""Mistakes of a registry are gathered and told at once: staff mend a file in one go, not one run a mistake."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aggregator.errors import ConfigError

FAULTS_TOLD = 20
"""A file of the wrong sort has a mistake on each line; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake. `message` and `remedy` are Chinese sentences without their full stop."""

    message: str
    remedy: str
    key: str = ""
    """The field it is about, by which its line is found; "" for the account as a whole."""
    line: int | None = None


def suggest_word(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, or ""."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), "")


def describe_faults(faults: Sequence[Fault], file: Path | None = None) -> ConfigError:
    """One error that tells all faults, in the order of their lines. At least one fault."""
    ordered = sorted(faults, key=lambda fault: fault.line or 0)
    first = ordered[0]
    if len(ordered) == 1:
        where = f"第 {first.line} 行：" if first.line and file is None else ""
        return ConfigError(f"{where}{first.message}。", f"{first.remedy}。", file=file, line=first.line)
    told = [
        (f"第 {fault.line} 行：" if fault.line else "") + f"{fault.message}。{fault.remedy}。"
        for fault in ordered[:FAULTS_TOLD]
    ]
    if len(ordered) > FAULTS_TOLD:
        told.append(f"另有 {len(ordered) - FAULTS_TOLD} 处。")
    listing = "".join(f"\n  {sentence}" for sentence in told)
    return ConfigError(f"共有 {len(ordered)} 处错误：{listing}", "逐条改正后再运行。", file=file, line=first.line)
