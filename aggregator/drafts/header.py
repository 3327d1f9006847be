"""The header at the top of a draft: fenced by `---`, or bare `键: 值` lines until a blank one.

    read_header: find the block | read each line | Header of pairs, body and findings

A bare block must look like a header, for a body may well open with 「时间:11月25日」; where in doubt the text
stays in the body, as nothing that staff wrote may vanish from the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.drafts.keys import KEYS, REPEATABLE, find_key, is_slip, squeeze_key, suggest_key
from aggregator.model import Finding

_MAX_KEY = 20
_NAME = r"[^\s:：，。；！？《》“”()（）]"
# A value is taken with the spaces behind it: `(.*?)\s*$` tries every run of spaces within it anew.
_LINE = re.compile(rf"\s*({_NAME}(?:{_NAME}|[^\S\n]){{0,{_MAX_KEY}}}?)\s*[:：]\s*(.*)")
_FENCE = re.compile(r"-{3,}\s*$")
_END = re.compile(r"(?:-{3,}|\.{3})\s*$")
_ITEM = re.compile(r"\s*-\s+(.*)")
_NEWLINES = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Header:
    pairs: tuple[tuple[str, str], ...] = ()
    """Canonical key (an unknown one as written) and value, in the file's order; without empty values."""
    lines: tuple[int, ...] = ()
    """The line in the file of each pair, from 1."""
    body: str = ""
    findings: tuple[Finding, ...] = ()

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
        return _read_lines(lines[start:end], start + 1, lines[end:], file, findings)
    start += 1
    fence = next((n for n in range(start, len(lines)) if _END.match(lines[n])), None)
    if fence is not None and _is_fenced(lines[start:fence]):
        return _read_lines(lines[start:fence], start + 1, lines[fence + 1 :], file, ())
    end = _find_bare_end(lines, start)
    if end == start:  # the `---` is a rule above the text
        return Header(body="\n".join(lines))
    return _read_lines(lines[start:end], start + 1, lines[end:], file, (_unclosed(file, start),))


def _is_fenced(block: Sequence[str]) -> bool:
    """Is what lies between two `---` a header? The second may also be a rule far down in the text."""
    said = [line for line in block if line.strip() and not line.startswith("#")]
    if said and not _LINE.match(said[0]):
        return False
    blank = next((n for n, line in enumerate(block) if not line.strip()), len(block))
    return all(_LINE.match(line) or not line.strip() for line in block[blank:])


def _find_bare_end(lines: Sequence[str], start: int) -> int:
    """The index behind the last line of a bare header that begins at `start`; `start` if there is none."""
    end = start
    keys: list[str | None] = []
    for n in range(start, len(lines)):
        match = _LINE.match(lines[n])
        if not lines[n].strip() or not (match or (keys and _lacks_colon(lines[n]))):
            break
        key = find_key(match[1]) if match else None
        keys.append(key)
        # An unknown key without a value (「各区人民政府:」) opens the text, unless known ones follow.
        if key or match is None or (match[2] and n == end):
            end = n + 1
    first = _LINE.match(lines[start]) if keys else None
    if first is None or not (keys[0] or is_slip(first[1]) or "标题" in keys):
        return start
    return end


def _lacks_colon(line: str) -> bool:
    words = line.split(maxsplit=1)
    return len(words) == 2 and find_key(words[0]) is not None


def _read_lines(lines: Sequence[str], first: int, rest: Sequence[str], file: str, found: Iterable[Finding]) -> Header:
    pairs: list[tuple[str, str]] = []
    numbers: list[int] = []
    findings = list(found)
    seen: dict[str, int] = {}
    key = ""
    for number, line in enumerate(lines, first):
        if not line.strip() or line.startswith("#"):
            continue
        if key and (item := _ITEM.match(line)):
            pairs.append((key, _unquote(item[1].rstrip())))
            numbers.append(number)
            continue
        match = _LINE.match(line)
        if match is None:
            findings.append(_no_colon(file, number, line))
            continue
        name, value = match[1], _unquote(match[2].rstrip())
        key = find_key(name) or squeeze_key(name)
        if key not in KEYS:
            findings.append(_unknown_key(file, number, name))
        elif key in seen and key not in REPEATABLE:
            findings.append(_repeated_key(file, number, key, seen[key]))
        seen.setdefault(key, number)
        if value:
            pairs.append((key, value))
            numbers.append(number)
    return Header(tuple(pairs), tuple(numbers), "\n".join(rest), tuple(findings))


def _unquote(value: str) -> str:
    """YAML writers quote values; a quotation mark within the text stays."""
    for quote in ('"', "'"):
        if len(value) > 1 and value[0] == value[-1] == quote and value.count(quote) == 2:
            return value[1:-1].strip()
    return value


def _unknown_key(file: str, line: int, name: str) -> Finding:
    meant = suggest_key(name)
    remedy = f"您要写的可能是“{meant}”。" if meant else f"可以用的有：{'、'.join(KEYS)}。"
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
