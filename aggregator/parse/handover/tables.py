"""A table (CSV, from Excel or a database) -> entries, one a row."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aggregator.parse.entries import Enclosure, Entry, Markup, UnreadableError
from aggregator.parse.handover.columns import find_column, is_serial
from aggregator.parse.markup import is_yes
from aggregator.text import find_source
from aggregator.urls import is_web_url

ROWS_A_PART = 500
"""Rows read at once: some seconds of cleaning at most."""

LONGEST_CELL = 1_000_000
"""Characters; a longer cell is half the table, behind a quotation mark that was never closed."""

_HEADER_WITHIN = 10
"""Rows at the top among which the names of the columns are looked for: a title and a date often stand above."""

_SEPARATOR = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
"""What Excel puts before a table to tell itself how to read it."""

_SEPARATORS = re.compile(r"[；;，,、|]\s*")
_ADDRESSES = re.compile(r"[\s；;，,、|]+")

_NO_HEADER = "找不到列名。请在第一行写上“标题”“日期”“正文”等列名，另存为 CSV 再放进来。"
_NOTHING_TOLD = "第 {line} 行没有标题也没有正文，没有读取。请补上，或删掉这一行。"
_UNCLOSED = "第 {line} 行有一格超过 {limit} 万字，多半是引号没有成对，没有读取。请检查这一行的引号。"


@dataclass(frozen=True, slots=True)
class Table:
    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()
    next_row: int = 0
    """Where to go on; 0 at the end."""


def read_table(text: str, start: int = 0) -> Table:
    """The rows from `start` on, ROWS_A_PART at most. Raises `UnreadableError` for a table without names of columns."""
    # A cell may be as long as the file: the bound of the module, 131,072, is less than an article with its markup.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=_find_separator(text))
    columns = _find_header(reader)
    entries: list[Entry] = []
    problems: list[str] = []
    for number, row in enumerate(reader):
        if number < start:
            continue
        if number >= start + ROWS_A_PART:
            return Table(tuple(entries), tuple(problems), number)
        cells = _name_cells(columns, row)
        if any(len(cell) > LONGEST_CELL for cell in cells.values()):
            problems.append(_UNCLOSED.format(line=reader.line_num, limit=LONGEST_CELL // 10_000))
        elif cells.get("title") or cells.get("body"):
            entries.append(_read_row(cells))
        elif cells:
            problems.append(_NOTHING_TOLD.format(line=reader.line_num))
    return Table(tuple(entries), tuple(problems))


def _find_separator(text: str) -> str:
    """The character between the cells."""
    if said := _SEPARATOR.match(text):
        return said[1]
    head = text[:2000].lstrip().split("\n", 1)[0]
    return max(",\t;", key=head.count)


def _find_header(rows: Iterator[list[str]]) -> Sequence[str]:
    """The part of a post that each column gives, "" for none; the reader then stands behind that row."""
    for _, row in zip(range(_HEADER_WITHIN), rows, strict=False):
        columns = [find_column(cell) for cell in row]
        if ("title" in columns or "body" in columns) and len(set(columns) - {""}) >= min(2, len(row)):
            return columns
    raise UnreadableError(_NO_HEADER)


def _name_cells(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """What the row says; of two columns for the same part the first that says anything counts."""
    cells: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and (said := cell.strip()):
            cells.setdefault(column, said)
    return cells


def _read_row(cells: dict[str, str]) -> Entry:
    link = cells.get("link", "")
    title, day = cells.get("title", ""), cells.get("date", "")
    body = with_source(cells.get("body", ""), cells.get("source", ""))
    return Entry(
        guid=_identify(cells.get("id", ""), link, title, day),
        link=link if is_web_url(link) else "",
        title=Markup(title, is_html="&" in title),
        contents=(Markup(body),) if body else (),
        summary=Markup(cells.get("summary", "")),
        published=day,
        author=cells.get("author", ""),
        categories=tuple(_SEPARATORS.split(cells.get("category", ""))),
        images=tuple(_ADDRESSES.split(cells.get("image", ""))),
        enclosures=tuple(Enclosure(one) for one in _ADDRESSES.split(cells.get("attachment", "")) if one),
        withdrawn="withdrawn" in cells and is_yes(cells["withdrawn"]),
    )


def _identify(identifier: str, link: str, title: str, day: str) -> str:
    """What the row is known by: its own identifier; else nothing, where its address serves; else title and date."""
    if identifier and not is_serial(identifier):
        return identifier
    if is_web_url(link) or not (title and day):
        return ""
    return "row:" + hashlib.blake2b(f"{title}\0{day}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def with_source(body: str, source: str) -> str:
    """A body with a line that names its source, where it does not name one itself."""
    if not source or find_source(body):
        return body
    line = f"来源：{source}"
    return f"{body}<p>{line}</p>" if "</" in body else f"{body}\n{line}"
