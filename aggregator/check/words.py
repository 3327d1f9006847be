"""Words that the city must not publish, whatever the script and width they are written in."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.text import simplify

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Soft hyphens, zero-width spaces and marks of direction split a word for a program, and for no reader."""


def find_words(text: str, words: tuple[str, ...], exceptions: tuple[str, ...]) -> tuple[str, ...]:
    """The words in the text, simplified, in the order of the text. One within a phrase of `exceptions` is none."""
    if not words:
        return ()
    plain = _normalize(text)
    excused = [match.span() for match in _compile(exceptions).finditer(plain)] if exceptions else []
    return tuple(
        dict.fromkeys(
            match[0]
            for match in _compile(words).finditer(plain)
            if not any(start <= match.start() and match.end() <= end for start, end in excused)
        )
    )


@lru_cache(maxsize=8)
def _compile(words: tuple[str, ...]) -> re.Pattern[str]:
    """All words at once, the longer ones first."""
    normalized = sorted(
        {plain for word in words if (plain := _normalize(word).strip())}, key=lambda one: (-len(one), one)
    )
    return re.compile("|".join(_bound(word) for word in normalized) or r"(?!)")


def _bound(word: str) -> str:
    """A Latin word is one only between its ends: `av` does not stand in `have`."""
    start = r"(?<![0-9a-z])" if word[0].isascii() and word[0].isalnum() else ""
    end = r"(?![0-9a-z])" if word[-1].isascii() and word[-1].isalnum() else ""
    return f"{start}{re.escape(word)}{end}"


def _normalize(text: str) -> str:
    return _INVISIBLE.sub("", simplify(text))
