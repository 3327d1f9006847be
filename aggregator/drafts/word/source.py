"""A Word draft as rules look at it: its paragraphs in place of lines."""

from __future__ import annotations

from datetime import datetime

from aggregator.dates import parse_date
from aggregator.drafts.places import find_genre
from aggregator.drafts.post import DATES_AHEAD, choose_title
from aggregator.drafts.word.post import complete_header
from aggregator.drafts.word.text import WordText
from aggregator.model import DraftSource, HeaderLine, Heading


def make_word_source(path: str, word: WordText, *, now: datetime) -> DraftSource:
    """The draft at `path` (posix, relative to content/). What it names and is not there is told by reading it."""
    header = complete_header(path, word, now=now)
    date = header.value("日期")
    first = header.first_line
    heading = next((n for n, line in enumerate(word.paragraphs, first) if word.heading and line in word.heading), None)
    return DraftSource(
        path=path,
        genre=find_genre(path),
        title=choose_title(header, word.heading, path),
        header=tuple(
            HeaderLine(key, value, line or None) for (key, value), line in zip(header.pairs, header.lines, strict=True)
        ),
        lines=word.paragraphs,
        first_line=first,
        headings=(Heading(1, word.heading, heading),) if word.heading else (),
        published=parse_date(date, now=now + DATES_AHEAD) if date else None,
    )
