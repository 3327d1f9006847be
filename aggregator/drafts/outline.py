"""Headings, pictures and links of a draft's text, each with its line, as staff typed them.

The text is searched, not parsed: what Markdown would not take (a space in a picture's name) is what rules are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Literal

from aggregator.drafts.places import PICTURES
from aggregator.model import Heading, Reference

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"(`+)[^`].*?\1")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t\u3000]+(.*?))?[ \t]*#*[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_NO_PARAGRAPH = re.compile(r"\s*(?:[#>|]|[-*+]\s|\d+[.)]\s|:{3}|<|!\[)|\s*$")
"""Lines below which a row of dashes is a rule or belongs to a table; a picture's caption is none either."""

_TARGET = r"\(\s*(?:<([^<>]*)>|((?:[^()\\]|\\.|\([^()]*\))*?))(?:\s+[\"'“(][^()]*[\"'”)])?\s*\)"
_INLINE = re.compile(rf"([!！]?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]{_TARGET}")
_WIDE = re.compile(
    r"([!！]?)\[([^\[\]]*)\]（[ \t]*<?((?:[^<>（）]|（[^（）]*）)*?\.[A-Za-z0-9]{1,5}(?:#[^\s<>（）]*)?)>?[ \t]*）"
)
"""With the brackets of a Chinese keyboard: only names of files, as `render` reads them."""

_WIKI = re.compile(r"!\[\[([^\[\]|]+)(?:\|([^\[\]]*))?\]\]")
_DEFINITION = re.compile(r" {0,3}\[(?!\^)([^\[\]]+)\]:\s*<?(\S+?)>?(?:\s+[\"'(].*)?$")
_BY_NAME = re.compile(r"(!?)\[([^\[\]]+)\]\[([^\[\]]*)\]")
_TAG = re.compile(r"<(img|a)\s([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(src|alt|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_FILE = re.compile(r"\.[A-Za-z0-9]{1,5}(?:#[^\s()<>]*)?$")
"""Backslashes in names of files are those of Windows, as `render` reads them."""


@dataclass(frozen=True, slots=True)
class Outline:
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]


def scan_outline(lines: Sequence[str], first_line: int | None) -> Outline:
    """The outline of a body whose first line has this number in its file."""
    headings: list[Heading] = []
    references: list[Reference] = []
    named = {match[1].casefold(): match[2] for line in lines if (match := _DEFINITION.match(line))}
    previous = ""
    for index, line in _skip_code(lines):
        number = None if first_line is None else first_line + index
        if atx := _ATX.match(line):
            headings.append(Heading(len(atx[1]), (atx[2] or "").strip(), number))
        elif (under := _SETEXT.match(line)) and not _NO_PARAGRAPH.match(previous):
            above = None if number is None else number - 1
            headings.append(Heading(1 if under[1][0] == "=" else 2, previous.strip(), above))
        if "[" in line or "<" in line:
            references += _find_references(line, number, named)
        previous = line
    return Outline(tuple(headings), tuple(references))


def _skip_code(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(index, line without code); nothing of a fenced block."""
    fence = ""
    for index, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
            yield index, ""
        elif mark:
            fence = mark[1]
            yield index, ""
        else:
            yield index, _CODE.sub("", line) if "`" in line else line


def _find_references(line: str, number: int | None, named: dict[str, str]) -> Iterator[Reference]:
    for match in _WIKI.finditer(line):
        yield Reference("picture", match[1].strip(), (match[2] or "").strip(), number)
    line = _WIKI.sub("", line)
    if _DEFINITION.match(line):
        return
    yield from _find_inline(line, number)
    for match in _BY_NAME.finditer(line):
        if target := named.get((match[3] or match[2]).casefold()):
            yield Reference("picture" if match[1] else "link", target, match[2].strip(), number)
    for match in _TAG.finditer(line):
        values = {one[1].lower(): unescape(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(match[2])}
        if match[1].lower() == "img":
            yield Reference("picture", values.get("src", ""), values.get("alt", "").strip(), number)
        elif "href" in values:
            yield Reference("link", values["href"], "", number)
    for match in _AUTOLINK.finditer(line):
        yield Reference("link", match[1], match[1], number)


def _find_inline(text: str, number: int | None) -> Iterator[Reference]:
    """`![…](…)` and `[…](…)`; a picture within a link's words is one, too."""
    for match in _INLINE.finditer(text):
        target = (match[3] if match[3] is not None else match[4] or "").strip()
        if not _FILE.search(target):
            target = _ESCAPED.sub(r"\1", target)
        if target:
            yield Reference(_tell_kind(match[1], target), target, match[2].strip(), number)
        if not match[1] and "![" in match[2]:
            yield from _find_inline(match[2], number)
    for match in _WIDE.finditer(text):
        target = match[3].strip()
        yield Reference(_tell_kind(match[1], target), target, match[2].strip(), number)


def _tell_kind(mark: str, target: str) -> Literal["picture", "link"]:
    # A Chinese exclamation mark may also end the sentence before a link.
    return "picture" if mark == "!" or (mark and target.lower().endswith(tuple(PICTURES))) else "link"
