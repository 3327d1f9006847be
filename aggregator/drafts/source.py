"""A draft as rules look at it: as it was typed, with the lines on which things stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aggregator.dates import parse_date
from aggregator.drafts.header import Header
from aggregator.drafts.outline import scan_outline
from aggregator.drafts.places import find_genre
from aggregator.drafts.post import DATES_AHEAD, choose_title, split_attachments
from aggregator.model import DraftSource, HeaderLine, Reference


def make_source(path: str, header: Header, *, now: datetime) -> DraftSource:
    """The draft at `path` (posix, relative to content/)."""
    lines = tuple(header.body.split("\n"))
    outline = scan_outline(lines, header.first_line)
    heading = outline.headings[0].text if outline.headings else ""
    date = header.value("日期")
    return DraftSource(
        path=path,
        genre=find_genre(path),
        title=choose_title(header, heading, path),
        header=tuple(
            HeaderLine(key, value, line) for (key, value), line in zip(header.pairs, header.lines, strict=True)
        ),
        lines=lines,
        first_line=header.first_line,
        headings=outline.headings,
        references=(*_list_files(header), *outline.references),
        published=parse_date(date, now=now + DATES_AHEAD) if date else None,
    )


def _list_files(header: Header) -> Iterator[Reference]:
    """The files that the header names."""
    for (key, value), line in zip(header.pairs, header.lines, strict=True):
        if key == "封面":
            yield Reference("cover", value, line=line)
        elif key == "附件":
            for attachment in split_attachments(value):
                yield Reference("attachment", attachment.url, attachment.title, line)
