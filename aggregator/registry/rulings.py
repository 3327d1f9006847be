"""The tables `[[merge]]`, `[[split]]`, `[[lock]]` and `[[hide]]` of `editorial.toml` -> Rulings, or what is wrong."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aggregator.model import Ruling, RulingKind
from aggregator.registry.faults import Fault, suggest_word
from aggregator.registry.lines import find_blocks, find_line

NOTES = ("reason", "by", "date")
"""What every entry may say of itself."""

KEYS: Mapping[RulingKind, tuple[str, ...]] = {
    "merge": ("stories",),
    "split": ("post", "story", "account"),
    "lock": ("story",),
    "hide": ("story", "post", "account"),
    "withdraw": ("story", "replacement"),
}
"""Table -> what it may name."""

_EXAMPLES: Mapping[RulingKind, str] = {
    "merge": 'stories = ["第一条的网址", "第二条的网址"]',
    "split": 'post = "文章的网址"',
    "lock": 'story = "消息的网址"',
    "hide": 'story = "消息的网址"，或 post = "文章的网址"',
    "withdraw": 'story = "消息的网址"',
}

TABLES: tuple[RulingKind, ...] = tuple(KEYS)


def read_rulings(document: Mapping[str, object], text: str) -> tuple[tuple[Ruling, ...], tuple[Fault, ...]]:
    """Staff's decisions on stories, in the order of their lines, and all mistakes; `text` is what was parsed.

    Whether the posts and stories that they name exist is the store's affair.
    """
    rulings: list[Ruling] = []
    faults: list[Fault] = []
    for kind in TABLES:
        tables = document.get(kind, [])
        blocks = find_blocks(text, kind)
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            remedy = f"每条决定以 [[{kind}]] 开头，两层方括号"
            faults.append(Fault(f"{kind} 应当是一组表", remedy, line=find_line(text, blocks, 0)))
            continue
        for number, table in enumerate(tables):
            ruling, wrong = _check_ruling(kind, table)
            if wrong:
                faults += [
                    replace(
                        fault, message=f"[[{kind}]] {fault.message}", line=find_line(text, blocks, number, fault.key)
                    )
                    for fault in wrong
                ]
            else:
                rulings.append(replace(ruling, line=find_line(text, blocks, number)))
    rulings.sort(key=lambda ruling: ruling.line or 0)
    return tuple(rulings), tuple(faults)


def _check_ruling(kind: RulingKind, table: Mapping[str, object]) -> tuple[Ruling, list[Fault]]:
    faults = [_find_unknown(kind, key) for key in table if key not in (*KEYS[kind], *NOTES)]
    for key in table:
        if key == "stories":
            faults += _check_stories(table[key])
        elif key == "date":
            faults += check_date(table[key])
        elif key in (*KEYS[kind], *NOTES) and not _is_text(table[key]):
            faults.append(Fault(f"的 {key} 应当是文字", f'写成 {key} = "……"', key))
    named = [key for key in ("stories", "story", "post") if key in table and key in KEYS[kind]]
    if not named and not faults:
        # Else one of the mistakes is in the word that names it.
        faults.append(Fault("没有写明是哪一条", f"加上一行：{_EXAMPLES[kind]}"))
    elif len(named) > 1:
        faults.append(Fault("同时写了 story 和 post", "只留一个：story 是整条消息，post 是其中一篇文章", named[1]))
    elif kind == "split" and named == ["story"] and "account" not in table:
        remedy = '加上一行：account = "账号编号"，或改写 post = "文章的网址"'
        faults.append(Fault("没有写明拆出哪一篇", remedy, "story"))
    elif kind == "hide" and named == ["story"] and "account" in table:
        faults.append(Fault("同时写了 story 和 account", "只撤下其中一篇的，把 story 改为 post", "account"))
    if faults:
        return Ruling(kind, ()), faults
    value = table[named[0]]
    targets = tuple(str(one).strip() for one in (value if isinstance(value, list) else [value]))
    account, reason, by, date, instead = (str(table.get(key, "")).strip() for key in ("account", *NOTES, "replacement"))
    about_post = kind == "split" or named == ["post"]
    return Ruling(kind, targets, about_post, account, reason, by, date, instead), []


def _find_unknown(kind: RulingKind, key: str) -> Fault:
    known = (*KEYS[kind], *NOTES)
    suggestion = suggest_word(key, known)
    remedy = f"是不是想写 {suggestion}" if suggestion else f"可用的有：{'、'.join(known)}"
    return Fault(f"里的项 {key} 不认识", remedy, key)


def _check_stories(value: object) -> list[Fault]:
    example = f"写成 {_EXAMPLES['merge']}"
    if not isinstance(value, list) or not all(_is_text(one) for one in value):
        return [Fault("的 stories 应当是一列网址", example, "stories")]
    if len({str(one).strip() for one in value}) < 2:
        return [Fault("的 stories 至少要有两条不同的消息", example, "stories")]
    return []


def check_date(value: object) -> Sequence[Fault]:
    try:
        if isinstance(value, str):
            datetime.date.fromisoformat(value)
        elif not isinstance(value, datetime.date):
            raise ValueError
    except ValueError:
        return [Fault("的 date 应当是日期", "写成 date = 2026-11-20", "date")]
    return []


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
