"""The header at the top of a draft: fenced by `---`, or bare `键: 值` lines until a blank one.

    read_header: find the block | read each line | Header of pairs, body and findings

A bare block must look like a header, for a body may well open with 「时间:11月25日」; where in doubt the text
stays in the body, as nothing that staff wrote may vanish from the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.drafts.keys import (
    COMMON,
    IN_TEXTS,
    KEYS,
    LISTS,
    MULTILINE,
    REPEATABLE,
    find_key,
    is_slip,
    squeeze_key,
    suggest_key,
)
from aggregator.drafts.lines import (
    count_block,
    is_indented,
    join_block,
    join_words,
    opens_block,
    read_item,
    split_flow_list,
    split_line,
    unquote,
)
from aggregator.model import Finding

_FENCE = re.compile(r"[-—－]{3,}\s*$")
_END = re.compile(r"(?:[-—－]{3,}|\.{3})\s*$")
_NEWLINES = re.compile(r"\r\n?")
_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Header:
    pairs: tuple[tuple[str, str], ...] = ()
    """Canonical key (an unknown one as written) and value, in the file's order; without empty values."""
    lines: tuple[int, ...] = ()
    """The line in the file of each pair, from 1."""
    body: str = ""
    findings: tuple[Finding, ...] = ()
    first_line: int = 1
    """The line in the file in which the body begins."""

    def value(self, key: str) -> str:
        """The value of the first `key`, "" without one."""
        return next((value for name, value in self.pairs if name == key), "")

    def values(self, key: str) -> tuple[str, ...]:
        return tuple(value for name, value in self.pairs if name == key)

    def line(self, key: str) -> int | None:
        """The line of the first `key`, None without one."""
        lines = (line for (name, _), line in zip(self.pairs, self.lines, strict=True) if name == key)
        return next(lines, None)

    def key_at(self, line: int | None) -> str:
        """The key that stands on `line` of the file, "" where none does."""
        keys = (key for (key, _), number in zip(self.pairs, self.lines, strict=True) if number == line)
        return next(keys, "")


def read_header(text: str, *, file: str) -> Header:
    """Split `text`, whose line ends may be of any kind, into header and body; findings name `file`."""
    lines = _NEWLINES.sub("\n", text.removeprefix("\ufeff")).split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if start == len(lines) or not _FENCE.match(lines[start]):
        end = _find_bare_end(lines, start)
        findings = _missing_blank(file, lines, end) if end > start else ()
        return _read_lines(lines, range(start, end), end, file, findings)
    start += 1
    fence = next((n for n in range(start, len(lines)) if _END.match(lines[n])), None)
    if fence is not None and _is_fenced(lines[start:fence]):
        return _read_lines(lines, range(start, fence), fence + 1, file, ())
    end = _find_bare_end(lines, start)
    if end == start:  # the `---` is a rule above the text
        return Header(body="\n".join(lines))
    return _read_lines(lines, range(start, end), end, file, (_unclosed(file, start),))


def _is_fenced(block: Sequence[str]) -> bool:
    """Is what lies between two `---` a header? The second may also be a rule far down in the text."""
    said = [line for line in block if line.strip() and not line.lstrip().startswith(_COMMENT)]
    if said and not split_line(said[0]):
        return False
    blank = next((n for n, line in enumerate(block) if not line.strip()), len(block))
    rest = [line for line in block[blank:] if line.strip() and not line.lstrip().startswith(_COMMENT)]
    return all(split_line(line) or is_indented(line) or read_item(line) is not None for line in rest)


def _find_bare_end(lines: Sequence[str], start: int) -> int:
    """The index behind the last line of a bare header that begins at `start`; `start` if there is none."""
    end = n = start
    keys: list[str | None] = []
    value = ""
    while n < len(lines) and lines[n].strip():
        line = lines[n]
        if keys and keys[-1] and not value and read_item(line) is not None:
            end = n = n + 1
            continue
        pairs = split_line(line)
        if not pairs and not (keys and _lacks_colon(line)):
            break
        key = find_key(pairs[0][0]) if pairs else None
        value = pairs[-1][1] if pairs else line
        keys.append(key)
        n += 1
        # An unknown key without a value (「各区人民政府:」) opens the text, unless known ones follow.
        if key or not pairs or (value and n - 1 == end):
            if key and opens_block(value):
                n += count_block(lines[n:])
            end = n
    first = split_line(lines[start]) if keys else ()
    opens = bool(first) and (
        (keys[0] is not None and keys[0] not in IN_TEXTS) or is_slip(first[0][0]) or "标题" in keys
    )
    return end if opens else start


def _lacks_colon(line: str) -> bool:
    words = line.split(maxsplit=1)
    return len(words) == 2 and find_key(words[0]) is not None


def _read_lines(text: Sequence[str], block: range, body: int, file: str, found: Iterable[Finding]) -> Header:
    """The header that stands in the lines of these indices; the body begins at the index `body`."""
    lines, first = text[block.start : block.stop], block.start + 1
    entries: list[tuple[str, str, int]] = []
    findings = list(found)
    seen: dict[str, int] = {}
    n = 0
    while n < len(lines):
        line, number = lines[n], first + n
        n += 1
        if not line.strip() or line.lstrip().startswith(_COMMENT):
            continue
        item = read_item(line)
        if entries and item is not None:
            entries.append((entries[-1][0], item, number))
            continue
        pairs = split_line(line)
        if entries and is_indented(line) and not (pairs and find_key(pairs[0][0])):
            # YAML goes on with a value on lines that are set in.
            key, value, at = entries[-1]
            entries[-1] = (key, join_words(value, line.strip()), at)
            continue
        if not pairs:
            findings.append(_no_colon(file, number, line))
            continue
        for name, value in pairs:
            key = find_key(name) or squeeze_key(name)
            if key not in KEYS:
                findings.append(_unknown_key(file, number, name))
            elif key in seen and key not in REPEATABLE:
                findings.append(_repeated_key(file, number, key, seen[key]))
            seen.setdefault(key, number)
            if opens_block(value):
                more = lines[n : n + count_block(lines[n:])]
                n += len(more)
                value = join_block(value, more)
            entries += [(key, one, number) for one in _list_values(key, unquote(value))]
    pairs_read = _merge_values(entries)
    return Header(
        tuple((key, value) for key, value, _ in pairs_read),
        tuple(number for *_, number in pairs_read),
        "\n".join(text[body:]),
        tuple(findings),
        # A header without a body ends the file.
        min(body, len(text) - 1) + 1,
    )


def _list_values(key: str, value: str) -> tuple[str, ...]:
    if key in REPEATABLE and "\n" in value:
        return tuple(line.strip() for line in value.split("\n"))
    if key in LISTS and (items := split_flow_list(value)) is not None:
        return items
    return (value if key in MULTILINE else " ".join(value.split("\n")),)


def _merge_values(entries: Iterable[tuple[str, str, int]]) -> tuple[tuple[str, str, int], ...]:
    """Without empty values, with those of a list as one, and without those of a key that was written again."""
    merged: dict[object, tuple[str, str, int]] = {}
    for key, value, number in entries:
        if not value:
            continue
        one = (key, number, len(merged)) if key in REPEATABLE else key
        if one not in merged:
            merged[one] = (key, value, number)
        elif key in LISTS:
            merged[one] = (key, f"{merged[one][1]}、{value}", merged[one][2])
    return tuple(merged.values())


def _unknown_key(file: str, line: int, name: str) -> Finding:
    meant = suggest_key(name)
    remedy = f"您要写的可能是“{meant}”。" if meant else f"常用的有：{'、'.join(COMMON)}；不需要的话请删掉这一行。"
    return Finding(file, f"题头里的“{name}”不认识，没有用上。", remedy, line, "warning")


def _repeated_key(file: str, line: int, key: str, earlier: int) -> Finding:
    return Finding(file, f"题头里的“{key}”写了两次，用的是第 {earlier} 行的那一个。", "请只留一个。", line, "warning")


def _missing_blank(file: str, lines: Sequence[str], end: int) -> tuple[Finding, ...]:
    if end == len(lines) or not lines[end].strip():
        return ()
    message = "题头和正文之间没有空行，从这一行起算作正文。"
    return (Finding(file, message, "请在这一行的上面空一行。", end + 1, "warning"),)


def _unclosed(file: str, line: int) -> Finding:
    message = "题头以“---”开始，却没有用“---”结束。"
    return Finding(file, message, "请在题头最后一行的下面另起一行，写上“---”。", line, "warning")


def _no_colon(file: str, line: int, text: str) -> Finding:
    return Finding(
        file,
        f"题头里的这一行看不懂：“{text.strip()}”。",
        "题头每行写成“键: 值”，例如“标题: 关于开展秋季招聘会的通知”；题头和正文之间空一行。",
        line,
        "warning",
    )
