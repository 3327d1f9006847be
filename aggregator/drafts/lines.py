"""One line of a header: the keys on it and what stands behind each; and values that YAML spreads over lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.drafts.keys import FREE_TEXTS, IN_TEXTS, KEYS, find_key

_MAX_KEY = 20
_NAME = r"[^\s:：，。；！？《》“”()（）]"
# A value is taken with the spaces behind it: `(.*?)\s*$` tries every run of spaces within it anew.
_LINE = re.compile(rf"\s*({_NAME}(?:{_NAME}|[^\S\n]){{0,{_MAX_KEY}}}?)\s*[:：](.*)")
# 【标题】…, **标题**：… and **标题：**…, as notes in chats and pasted Markdown have it; for keys that we know.
_DRESSED = re.compile(r"\s*(?:【([^【】]{1,20})】[ \t]*[:：]?|\*\*([^*:：]{1,20})(?:\*\*\s*[:：]|[:：]\s*\*\*))(.*)")
_ITEM = re.compile(r"\s*-\s+(.*)")
_BLOCK = re.compile(r"([|>])[-+1-9]{0,2}")
_COMMA = re.compile(r"\s*[,，、]\s*")
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SEPARATORS = " \t\u3000；;|｜"


def _write_names(*, chinese: bool, of_texts: bool) -> str:
    known = {name for key in KEYS if of_texts or key not in IN_TEXTS for name in (key, *KEYS[key])}
    return "|".join(sorted((name for name in known if name.isascii() != chinese), key=lambda name: (-len(name), name)))


def _compile_next(**which: bool) -> re.Pattern[str]:
    # One separator, not a run of them: a run would be tried from each of its characters.
    return re.compile(rf"(?<=[\s；;|｜])({_write_names(**which)})[^\S\n]{{0,3}}[:：]", re.IGNORECASE)


_NEXT = {
    (chinese, of_texts): _compile_next(chinese=chinese, of_texts=of_texts)
    for chinese in (True, False)
    for of_texts in (True, False)
}


def split_line(line: str) -> tuple[tuple[str, str], ...]:
    """The (name, value) pairs on a line of a header; () for what is none. `标题：… 日期：…` has two."""
    dressed = _DRESSED.match(line)
    name = (dressed[1] or dressed[2]) if dressed else ""
    if dressed and find_key(name):
        rest = dressed[3]
    else:
        match = _LINE.match(line)
        if match is None:
            return ()
        name, rest = match[1], match[2]
    key = find_key(name)
    if key is None or key in FREE_TEXTS or rest.lstrip().startswith(('"', "'")):
        return ((name, rest.strip()),)
    pairs: list[tuple[str, str]] = []
    start = 0
    for found in _NEXT[not name.isascii(), key in IN_TEXTS].finditer(rest):
        pairs.append((name, rest[start : found.start()].strip(_SEPARATORS)))
        name, start = found[1], found.end()
    # Only what stands before another key has lost what parts the two.
    pairs.append((name, rest[start:].strip()))
    return tuple(pairs)


def read_item(line: str) -> str | None:
    """What a line of a YAML list says, None for another line."""
    match = _ITEM.match(line)
    return unquote(match[1].rstrip()) if match else None


def unquote(value: str) -> str:
    """YAML writers quote values; a quotation mark within the text stays."""
    for quote in ('"', "'"):
        if len(value) > 1 and value[0] == value[-1] == quote and value.count(quote) == 2:
            return value[1:-1].strip()
    return value


def split_flow_list(value: str) -> tuple[str, ...] | None:
    """The items of `[甲, "乙"]`, None for what is no list; a link of Markdown is none."""
    if not (value.startswith("[") and value.endswith("]")) or "](" in value:
        return None
    return tuple(item for part in _COMMA.split(value[1:-1].strip()) if (item := unquote(part.strip())))


def is_indented(line: str) -> bool:
    """Does the line go on with a value? Ideographic spaces begin a paragraph of the text."""
    return line[:1] in (" ", "\t") and line.strip() != ""


def opens_block(value: str) -> bool:
    """Does YAML's `|` or `>` stand where a value would be?"""
    return _BLOCK.fullmatch(value) is not None


def count_block(lines: Sequence[str]) -> int:
    """How many of `lines` belong to a value of several lines that begins above them."""
    count = 0
    for number, line in enumerate(lines, 1):
        if line.strip() and not is_indented(line):
            break
        if line.strip():
            count = number
    return count


def join_block(mark: str, lines: Sequence[str]) -> str:
    """The text of a value that begins with `mark`: `|` keeps its lines, `>` and "" fold them."""
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    stripped = [line[depth:].rstrip() for line in lines]
    if mark.startswith("|"):
        return "\n".join(stripped).strip("\n")
    text = ""
    for line in stripped:
        text = join_words(text, line) if line else f"{text.rstrip()}\n"
    return text.strip()


def join_words(text: str, more: str) -> str:
    """Two lines as one: Chinese is written without a space between them."""
    if not text or not more or text.endswith("\n") or _HAN.match(text[-1]) or _HAN.match(more):
        return text + more
    return f"{text} {more}"
