"""The same article as `article` makes, from HTML that is strictly nested, and without a tree.

Editors write whole elements, all their attributes quoted; such HTML means to any parser what it says, and nine tenths
of it are a few start tags again and again. So it is read as an automaton reads: where a document stands and the run of
tags that follows say what is written and where it stands then, and the writer is asked that but once. What is unclosed,
misplaced or of a rarer kind is left to the tree: where this reader answers, it answers as `rewrite_article` does.
"""

from __future__ import annotations

import re

from aggregator.sanitize.nested.machine import HREF, MACHINE
from aggregator.sanitize.nested.pieces import Hole, has_plain_references, read_tag, read_words

_MOST_NEWS = 1000
"""Moves that a document may need and none has made before: to find one takes as long as many tags in a tree."""

_HOLE = re.compile(
    r">(?:([^<>]+)(?=<)(?:<((?:img|a)\s[^<>]*)(?=>|\Z))?|<((?:img|a)\s[^<>]*)(?=>|\Z))",
)
"""Words, a picture or a link, or words and one of these: what differs each time, between runs of tags that come again
and again. Alternatives that begin alike, as they are found several times as fast."""


class _Walk:
    """A document on its way."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._state = MACHINE.start()
        self._written: list[str] = []
        self._size = 0
        self._news = 0
        self._link = ""

    def take(self, run: str, hole: int, shown: str = "", href: str = "") -> bool:
        """Whether the run and the hole are understood. `shown` are the words or the picture."""
        move = self._state.moves.get((run, hole))
        if move is None:
            self._news += 1
            move = MACHINE.find_move(self._state, run, hole) if hole >= 0 and self._news < _MOST_NEWS else None
            if move is None:
                return False
        markup, self._state, shows, is_indented, is_linked, takes_link = move
        if is_linked:
            markup = markup.replace(HREF, self._link)
        self._written.append(markup)
        if shows:
            self._written.append(shown.rstrip(" ").lstrip() if is_indented else shown.strip(" "))
        if takes_link:
            self._link = href
        self._size += len(markup)
        return self._size <= self._limit

    def finish(self) -> str | None:
        article = "".join(self._written)
        return article if len(article) <= self._limit else None


def rewrite_nested(text: str, base_url: str, *, limit: int) -> str | None:
    """The article in some HTML; None where it takes a tree to tell, or where it is longer than `limit` characters."""
    stripped = text.strip(" \t\n")
    if not (stripped.startswith("<") and stripped.endswith(">")) or not has_plain_references(text):
        return None
    # Runs without their last ">", each with what stands behind it.
    pieces = iter(_HOLE.split(f">{stripped[:-1]}"))
    walk = _Walk(limit)
    for run in pieces:
        words, tag, lone = next(pieces, None), next(pieces, None), next(pieces, None)
        if words and not walk.take(run, *read_words(words)):
            return None
        if tag and not walk.take("", *read_tag(tag, base_url)):
            return None
        if lone and not walk.take(run, *read_tag(lone, base_url)):
            return None
        if not words and not lone and not walk.take(run, Hole.END):
            return None
    return walk.finish()
