"""Marks of lines within a text: where in its file something stood, through all that is made of it.

Attributes do not outlive cleaning and elements change places; characters of the text stay where they are. Those of
the last private plane of Unicode mean nothing to anybody, each says the number of a line.
"""

from __future__ import annotations

import re

_FIRST = 0x100000
MAX_LINE = 0xFFFD
"""The plane's last two code points are no characters."""

_MARKS = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + MAX_LINE)}]")


def make_mark(line: int) -> str:
    """The mark of a line, "" for one beyond MAX_LINE."""
    return chr(_FIRST + line) if 0 < line <= MAX_LINE else ""


def read_marks(text: str) -> tuple[int, ...]:
    """The lines whose marks stand in the text, in its order."""
    return tuple(ord(mark) - _FIRST for mark in _MARKS.findall(text))


def drop_marks(text: str) -> str:
    return _MARKS.sub("", text)
