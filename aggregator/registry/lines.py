"""Where things stand in the text of `accounts.toml`: tomllib keeps no line numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_OPAQUE = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|\#[^\n]*",
    re.DOTALL,
)
"""Strings and comments (TOML 1.0): what looks like a header or a key inside them is none."""

_HEADER = re.compile(r"^[ \t]*(\[{1,2})[ \t]*([\w.-]+)[ \t]*\]{1,2}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """One table: its header's line and what follows, up to its last value. Offsets into the text."""

    start: int
    end: int


@lru_cache(maxsize=1)  # asked for once a mistake, of one and the same text
def blank_opaque(text: str) -> str:
    """The text with strings and comments blanked, every other character at its place."""
    return _OPAQUE.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " " if match[0].startswith("#") else "_", match[0])


def find_blocks(text: str, name: str) -> tuple[Block, ...]:
    """The tables `[name]` or `[[name]]`, in order; comment lines after the last value are left to the next."""
    blanked = blank_opaque(text)
    headers = list(_HEADER.finditer(blanked))
    ends = [*(header.start() for header in headers), len(blanked)][1:]
    blocks = []
    for header, end in zip(headers, ends, strict=True):
        if header[2] == name:
            last = header.start() + len(blanked[header.start() : end].rstrip())
            # Only to the end of the line: there may be ten thousand blocks.
            rest = text[last : text.find("\n", last) if "\n" in text[last:end] else end]
            blocks.append(Block(header.start(), last + len(rest.rstrip())))
    return tuple(blocks)


def find_line(text: str, blocks: Sequence[Block], index: int, key: str = "") -> int | None:
    """The line (from 1) of a key in the n-th block, or of the block's header where it has no such key.

    None where the text writes its tables in another way (inline), so that there is no n-th block.
    """
    if index >= len(blocks):
        return None
    block = blocks[index]
    pattern = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*[=.]", re.MULTILINE)
    found = pattern.search(blank_opaque(text), block.start, block.end) if key else None
    return text.count("\n", 0, found.start() if found else block.start) + 1
