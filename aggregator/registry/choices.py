"""The tables `[[accept]]`, `[[reject]]` and `[[edit]]` of `editorial.toml` -> Choices, or what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from aggregator.model import Choice, ChoiceKind
from aggregator.registry.faults import Fault, suggest_word
from aggregator.registry.lines import find_blocks, find_line
from aggregator.registry.rulings import check_date

CHOICES: tuple[ChoiceKind, ...] = get_args(ChoiceKind)

CHOICE_KEYS = ("post", "title", "content", "reason", "draft", "by", "date", "since")
"""What an entry may say."""

_EXAMPLE = 'post = "账号编号:文章编号"，或 post = "文章的网址"'


def read_choices(document: Mapping[str, object], text: str) -> tuple[tuple[Choice, ...], tuple[Fault, ...]]:
    """All entries in the order of their lines, and all mistakes. Whether what they name exists is not known here."""
    choices: list[Choice] = []
    faults: list[Fault] = []
    for kind in CHOICES:
        tables = document.get(kind, [])
        blocks = find_blocks(text, kind)
        if not isinstance(tables, list) or len(tables) != len(blocks) or not all(isinstance(t, dict) for t in tables):
            remedy = f"每条决定以 [[{kind}]] 开头，两层方括号"
            faults.append(Fault(f"{kind} 应当是一组表", remedy, line=find_line(text, blocks, 0)))
            continue
        line, seen = 1, 0
        for block, table in zip(blocks, tables, strict=True):
            # Counted on from the last one: there may be ten thousand.
            line, seen = line + text.count("\n", seen, block.start), block.start
            wrong = _list_faults(table)
            if wrong:
                faults += [
                    replace(one, message=f"[[{kind}]] {one.message}", line=find_line(text, (block,), 0, one.key))
                    for one in wrong
                ]
            else:
                stated = {key: str(table[key]).strip() for key in CHOICE_KEYS if key in table}
                choices.append(Choice(kind, line=line, **stated))
    return tuple(sorted(choices, key=lambda choice: choice.line or 0)), tuple(faults)


def blank_choices(text: str) -> str:
    """The text without these entries, every other line at its place."""
    blocks = sorted((block.start, block.end) for kind in CHOICES for block in find_blocks(text, kind))
    kept, last = [], 0
    for start, end in blocks:
        kept += [text[last:start], "\n" * text.count("\n", start, end)]
        last = end
    return "".join((*kept, text[last:]))


def _list_faults(table: Mapping[str, object]) -> list[Fault]:
    faults: list[Fault] = []
    for key, value in table.items():
        if key not in CHOICE_KEYS:
            suggestion = suggest_word(key, CHOICE_KEYS)
            remedy = f"是不是想写 {suggestion}" if suggestion else f"可用的有：{'、'.join(CHOICE_KEYS)}"
            faults.append(Fault(f"里的项 {key} 不认识", remedy, key))
        elif key in ("date", "since"):
            faults += [replace(one, message=one.message.replace("date", key), key=key) for one in check_date(value)]
        elif not (isinstance(value, str) and value.strip()):
            faults.append(Fault(f"的 {key} 应当是文字", f'写成 {key} = "……"', key))
    if "post" not in table and not faults:
        faults.append(Fault("没有写明是哪一篇", f"加上一行：{_EXAMPLE}"))
    return faults
