"""Anchors within a long text, and the table of contents that leads to them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

LEAST = 4
"""Parts from which a table of contents is worth its room."""

_HEADING = re.compile(r"<h([2-4])>(.*?)</h\1>", re.DOTALL)
_PARAGRAPH = re.compile(
    r"<p>(?=(?:<(?:strong|b)>)?\s*(第[一二三四五六七八九十百零〇\d]{1,6}条|[一二三四五六七八九十]{1,3}、[^<。；：]{2,30}</))"
)
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of a table of contents."""

    id: str
    title: str
    level: int
    """2 to 4 as in HTML; that of a paragraph which begins as a part does is 4."""


def place_anchors(body: str) -> tuple[str, tuple[Heading, ...]]:
    """A cleaned body with an id at each heading, each 第X条 and each 一、…, and the table of its contents.

    The table has the headings, or where there are hardly any the articles; it is empty for a short text.
    """
    headings: list[Heading] = []
    articles: list[Heading] = []

    def mark_heading(match: re.Match[str]) -> str:
        level, title = int(match[1]), _read_words(match[2])
        one = Heading(f"part-{len(headings) + 1}", title, level)
        headings.append(one)
        return f'<h{level} id="{one.id}">{match[2]}</h{level}>'

    def mark_paragraph(match: re.Match[str]) -> str:
        one = Heading(f"article-{len(articles) + 1}", _read_words(match[1]), 4)
        articles.append(one)
        return f'<p id="{one.id}">'

    body = _PARAGRAPH.sub(mark_paragraph, _HEADING.sub(mark_heading, body))
    shown = [one for one in headings if one.title]
    for listed in (shown, articles):
        if len(listed) >= LEAST:
            return body, tuple(listed)
    return body, ()


def _read_words(marked: str) -> str:
    return html.unescape(" ".join(_TAGS.sub("", marked).split())).strip()
