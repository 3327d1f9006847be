"""A Markdown file, with or without a header, -> an entry."""

from __future__ import annotations

import re
from datetime import datetime

from aggregator.model import HandedFile
from aggregator.parse.entries import Entry, Markup
from aggregator.parse.handover.columns import find_column, is_serial, read_name_date, read_name_title
from aggregator.parse.handover.tables import with_source
from aggregator.parse.markup import is_yes
from aggregator.render import render_markdown
from aggregator.urls import is_web_url

_FENCE = re.compile(r"-{3,}\s*$")
_LINE = re.compile(r"\s*([^\s:：，。；！？][^:：，。；！？]{0,20}?)\s*[:：]\s*(.*)")
_NEWLINES = re.compile(r"\r\n?")
_SEPARATORS = re.compile(r"[；;，,、|]\s*")


def read_text(text: str, file: HandedFile, *, now: datetime) -> Entry:
    """The post of a Markdown file; title and date come from its header, its first heading, its name."""
    header, body = split_header(_NEWLINES.sub("\n", text))
    rendered = render_markdown(body, page_title=header.get("title", ""))
    title = header.get("title", "") or rendered.title or read_name_title(file.name)
    link, identifier = header.get("link", ""), header.get("id", "")
    html = with_source(rendered.html, header.get("source", ""))
    return Entry(
        guid=identifier if identifier and not is_serial(identifier) else f"{file.url.rstrip('/')}/{file.name}",
        link=link if is_web_url(link) else "",
        title=Markup(title, is_html=False),
        contents=(Markup(html),) if html.strip() else (),
        summary=Markup(header.get("summary", ""), is_html=False),
        published=header.get("date", "") or read_name_date(file.name, now),
        author=header.get("author", ""),
        categories=tuple(_SEPARATORS.split(header.get("category", ""))),
        images=(header["image"],) if "image" in header else (),
        withdrawn="withdrawn" in header and is_yes(header["withdrawn"]),
    )


def split_header(text: str) -> tuple[dict[str, str], str]:
    """What a header at the top states, and the text below it: between two `---`, or bare lines up to a blank one.

    A bare line of a name that we don't know belongs to the text: 「时间有限：……」 opens many an article.
    """
    lines = text.lstrip("\n").split("\n")
    fenced = bool(_FENCE.match(lines[0])) and any(_FENCE.match(line) for line in lines[1:])
    header: dict[str, str] = {}
    for number, line in enumerate(lines[1:] if fenced else lines, start=1 if fenced else 0):
        if fenced and _FENCE.match(line):
            return header, "\n".join(lines[number + 1 :])
        match = _LINE.match(line)
        column = find_column(match[1]) if match else ""
        if match and column and match[2].strip():
            header.setdefault(column, match[2].strip().strip("\"'"))
        elif not fenced and not column:
            return ({}, text) if line.strip() else (header, "\n".join(lines[number:]))
    return ({}, text) if not fenced else (header, "")
