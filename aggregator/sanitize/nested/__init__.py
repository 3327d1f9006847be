"""The same article as `article` makes, from HTML that is strictly nested, and without a tree.

Editors write whole elements, all their attributes quoted; such HTML means to any parser what it says, and nine tenths
of it are a few start tags again and again. So it is read as an automaton reads: where a document stands and the run of
tags that follows say what is written and where it stands then, and the writer is asked that but once. What is unclosed,
misplaced or of a rarer kind is left to the tree: where this reader answers, it answers as `rewrite_article` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from aggregator.sanitize.nested.machine import HREF, MACHINE
from aggregator.sanitize.nested.pieces import Hole, has_plain_references, read_tag, read_words

_MOST_NEWS = 1000
"""Moves that a document may need and none has made before: to find one takes as long as many tags in a tree."""

_HOLE = re.compile(
    r">(?:([^<>]+)(?=<)(?:<((?:img|a)\s[^<>]*)(?=>|\Z))?|<((?:img|a)\s[^<>]*)(?=>|\Z))",
)
"""Words, a picture or a link, or words and one of these: what differs each time, between runs of tags that come again
and again. Alternatives that begin alike, as they are found several times as fast."""


def rewrite_nested(text: str, base_url: str, *, limit: int) -> str | None:
    """The article in some HTML; None where it takes a tree to tell, or where it is longer than `limit` characters."""
    stripped = text.strip(" \t\n")
    if not (stripped.startswith("<") and stripped.endswith(">")) or not has_plain_references(text):
        return None
    state, written, link, size, news = MACHINE.start(), [], "", 0, 0
    # One loop without calls: each line of an article comes by here.
    for run, hole, shown, href in _list_holes(stripped, base_url):
        move = state.moves.get((run, hole))
        if move is None:
            news += 1
            move = MACHINE.find_move(state, run, hole) if hole >= 0 and news < _MOST_NEWS else None
            if move is None:
                return None
        markup, state, shows, is_indented, is_linked, takes_link = move
        if is_linked:
            markup = markup.replace(HREF, link)
        written.append(markup)
        if shows:
            written.append(shown.rstrip(" ").lstrip() if is_indented else shown.strip(" "))
        if takes_link:
            link = href
        size += len(markup)
        if size > limit:
            return None
    article = "".join(written)
    return article if len(article) <= limit else None


def _list_holes(text: str, base_url: str) -> Iterator[tuple[str, int, str, str]]:
    """Each run of tags with the hole behind it: what that shows (words, or the picture) and the link's attribute."""
    # Runs without their last ">", each with what stands behind it; behind the last one there is nothing.
    pieces: Iterator[Any] = iter((*_HOLE.split(f">{text[:-1]}"), None, None, None))
    for run, words, tag, lone in zip(pieces, pieces, pieces, pieces, strict=True):
        if words:
            yield run, *read_words(words)
        if tag:
            yield "", *read_tag(tag, base_url)
        if lone:
            yield run, *read_tag(lone, base_url)
        elif not words:
            yield run, Hole.END, "", ""
