"""`editorial.toml` -> Editorial. A mistake in it stops nothing: the pipeline goes on with the last good text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from aggregator.model import Editorial
from aggregator.registry.choices import CHOICES, read_choices
from aggregator.registry.faults import Fault, suggest_word
from aggregator.registry.hold import check_hold
from aggregator.registry.inspection import read_check, read_waivers
from aggregator.registry.lines import find_blocks, find_line
from aggregator.registry.reviews import read_review
from aggregator.registry.rulings import TABLES, read_rulings
from aggregator.registry.syntax import read_toml

_TABLES: Mapping[str, str] = {
    **{name: f"[{name}]" for name in ("hold", "check", "terms", "review")},
    **{name: f"[[{name}]]" for name in (*TABLES, *CHOICES, "waive")},
}
"""Name of a table -> how it is written."""


def read_editorial_text(file: Path) -> str | Fault | None:
    """The file's text; None where there is no such file, and a Fault where it cannot be read."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as error:
        return Fault(f"读不出来：{error.strerror}", "检查文件的读取权限")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Fault("不是 UTF-8 编码", "用编辑器“另存为”，编码选 UTF-8", line=line)


def parse_editorial(text: str) -> tuple[Editorial, tuple[Fault, ...]]:
    """What the text states, and every mistake in it, in the order of their lines. With a mistake nothing counts."""
    document = read_toml(text)
    if isinstance(document, Fault):
        return Editorial(), (document,)
    faults = [_find_unknown_table(text, key) for key in document if key not in _TABLES]
    hold, wrong = check_hold(document.get("hold", {}))
    faults += _locate(text, "hold", wrong)
    rulings, mistaken = read_rulings(document, text)
    check, misset = read_check(document, text)
    waivers, miswaived = read_waivers(document, text)
    choices, mischosen = read_choices(document, text)
    review, misreviewed = read_review(document.get("review", {}))
    faults += (*mistaken, *misset, *miswaived, *mischosen, *_locate(text, "review", misreviewed))
    if faults:
        return Editorial(), tuple(sorted(faults, key=lambda fault: fault.line or 0))
    return Editorial(hold, rulings, check, waivers, review, choices), ()


def _locate(text: str, table: str, faults: Iterable[Fault]) -> list[Fault]:
    """The faults of the one table of this name, with their lines."""
    blocks = find_blocks(text, table)
    return [replace(fault, line=find_line(text, blocks, 0, fault.key)) for fault in faults]


def _find_unknown_table(text: str, key: str) -> Fault:
    suggestion = suggest_word(key, _TABLES)
    remedy = f"是不是想写 {_TABLES[suggestion]}" if suggestion else f"这里只能写 {'、'.join(_TABLES.values())}"
    line = find_line(text, find_blocks(text, key), 0)
    if line is None and (match := re.search(rf"^[ \t]*{re.escape(key)}[ \t]*[=.]", text, re.MULTILINE)):
        line = text.count("\n", 0, match.start()) + 1
    return Fault(f"不认识的项 {key}", remedy, line=line)
