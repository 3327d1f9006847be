"""Texts as the search compares them: one spelling for all that look or mean the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

BREAK = " "
"""Stands for whatever lies between two pieces of text that no word reaches across."""

_BLANK = "\x01"
_BLANKS = re.compile(f"(?<=[0-9a-z]){_BLANK}+(?=[0-9a-z])")
_BREAKS = re.compile(f"{BREAK}{{2,}}")

# The same ranges as in search.js, as old browsers know no \p{L}. 〇 (U+3007) is a numeral.
_MARKS = re.compile(
    r"[\x00-/:-@\[-`{-\xbf\u2000-\u2bff\u3000-\u3006\u3008-\u3020\u3030\u30fb\ufe10-\ufe6f\uff00-\uffff]"
)
_SPACES = re.compile(r"[ \t\xa0\u2000-\u200f\u202f\u2060\u3000\ufeff]")


class _Folds(dict[int, str]):
    """Character -> how it is compared; made for each that is met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def fold(text: str) -> str:
    """NFKC, Simplified, lower case, character by character; marks become BREAK. Blanks go, since titles and forms are
    spaced out (通 知), but those between Latin words or numbers.
    """
    folded = text.translate(_open_folds())
    if _BLANK in folded:
        folded = _BLANKS.sub(BREAK, folded).replace(_BLANK, "")
    return _BREAKS.sub(BREAK, folded)


def simplify_characters(text: str) -> str:
    """Traditional to Simplified character by character, which leaves each in its place."""
    return text.translate(_open_table()) if _open_traditional().search(text) else text


@cache
def list_traditional() -> tuple[str, str]:
    """The Traditional characters, and what each becomes: for browsers, when somebody types one."""
    table = _open_table()
    return "".join(map(chr, sorted(table))), "".join(table[code] for code in sorted(table))


@cache
def _open_folds() -> _Folds:
    return _Folds()


@cache
def _open_traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _open_table()))}]")


@cache
def _open_table() -> Mapping[int, str]:
    # Here, as OpenCC's import and tables take a tenth of a second, and most builds have the answer in few characters.
    from opencc import OpenCC

    converter: OpenCC = OpenCC("t2s")
    alone = [chr(code) for code in range(0x3400, 0xA000)]
    changed = zip(alone, str(converter.convert("\n".join(alone))).split("\n"), strict=True)
    # Those beyond the basic plane would be two units in a browser and shift what follows.
    return {ord(old): new for old, new in changed if old != new and len(new) == 1 and ord(new) < 1 << 16}


def _fold_character(character: str) -> str:
    if _SPACES.match(character):
        return _BLANK
    if ord(character) >= 1 << 16:
        return character
    plain = simplify_characters(unicodedata.normalize("NFKC", character)).lower()
    return _MARKS.sub(BREAK, plain)
