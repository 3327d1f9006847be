"""A table (CSV, from Excel or a database) -> entries, one a row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from aggregator.dates import infer_date, parse_date
from aggregator.parse.entries import Enclosure, Entry, Markup, UnreadableError
from aggregator.parse.handover.columns import find_column, is_serial
from aggregator.parse.handover.rows import Row, Rows
from aggregator.parse.markup import is_yes
from aggregator.text import find_source
from aggregator.urls import is_web_url

ROWS_A_PART = 500
"""Rows read at once: some seconds of cleaning at most."""

_HEADER_WITHIN = 10
"""Rows at the top among which the names of the columns are looked for: a title and a date often stand above."""

_SEPARATOR = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
"""What Excel puts before a table to tell itself how to read it."""

_SEPARATORS = re.compile(r"[；;，,、|]\s*")
_ADDRESSES = re.compile(r"[\s；;，,、|]+")

_NO_HEADER = "找不到列名。请在第一行写上“标题”“日期”“正文”等列名，另存为 CSV 再放进来。"
_NOTHING_TOLD = "第 {line} 行没有标题也没有正文，没有读取。请补上，或删掉这一行。"
_UNCLOSED = "第 {line} 行的引号没有成对，这一行没有读取，下面的照常读取。请补上或删掉这一行的英文引号。"
_SAME_NUMBER = "第 {line} 行的编号“{id}”和第 {first} 行一样，内容却不同，当作另一篇收取。编号写错了的，请改正。"
_FEW = 2
"""So many columns make a line of a text look like a row by chance."""
_FAR = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Table:
    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()
    next_row: int = 0
    """Where to go on; 0 at the end."""


def read_table(text: str, start: int = 0) -> Table:
    """The rows from `start` on, ROWS_A_PART at most. Raises `UnreadableError` for a table without names of columns."""
    rows = Rows(text.replace("\0", ""), _find_separator(text))
    reader = iter(rows)
    columns = _find_header(reader)
    rows.look_like_rows = partial(_look_like_rows, columns)
    entries: list[Entry] = []
    problems: list[str] = []
    names = _Names()
    for number, row in enumerate(reader):
        cells = {} if row.broken else _name_cells(columns, row.cells)
        guid, first = names.find(row.line, cells)
        if number < start:
            continue
        if number >= start + ROWS_A_PART:
            return Table(tuple(entries), tuple(problems), number)
        if cells.get("title") or cells.get("body"):
            entries.append(_read_row(cells, guid))
            if first and cells.get("id"):
                problems.append(_SAME_NUMBER.format(line=row.line, id=cells["id"], first=first))
        elif row.broken:
            problems.append(_UNCLOSED.format(line=row.line))
        elif cells:
            problems.append(_NOTHING_TOLD.format(line=row.line))
    return Table(tuple(entries), tuple(problems))


class _Names:
    """What the rows of one table are known by. Rows that would have one name and say different things are numbered in
    their order: the second 停水通知 of a day is another notice, also once it was corrected.
    """

    def __init__(self) -> None:
        self._known: dict[str, dict[bytes, tuple[str, int]]] = {}

    def find(self, line: int, cells: dict[str, str]) -> tuple[str, int]:
        """(name, line of the first row that has it with other content, or 0)."""
        name = _identify(cells)
        if not name:
            return "", 0
        rows = self._known.setdefault(name, {})
        content = hashlib.blake2b(repr(sorted(cells.items())).encode("utf-8", "replace"), digest_size=16).digest()
        if content not in rows:
            rows[content] = (f"{name}#{len(rows) + 1}" if rows else name, line)
        found, _ = rows[content]
        return found, 0 if found == name else next(iter(rows.values()))[1]


def _look_like_rows(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> bool:
    """Of the lines within a cell: one has as many cells as the table has columns and a date where dates stand, or all
    have as many.
    """
    alike = [cells for cells in lines if len(cells) == len(columns)]
    if "date" not in columns:
        return len(columns) > _FEW and len(alike) == len(lines) > 0
    days = [cells[columns.index("date")] for cells in alike]
    return any(parse_date(day, now=_FAR) or infer_date(day, now=_FAR) for day in days)


def _find_separator(text: str) -> str:
    """The character between the cells."""
    if said := _SEPARATOR.match(text):
        return said[1]
    head = text[:2000].lstrip().split("\n", 1)[0]
    return max(",\t;", key=head.count)


def _find_header(rows: Iterator[Row]) -> Sequence[str]:
    """The part of a post that each column gives, "" for none; the reader then stands behind that row."""
    for _, row in zip(range(_HEADER_WITHIN), rows, strict=False):
        columns = [find_column(cell) for cell in row.cells]
        if ("title" in columns or "body" in columns) and len(set(columns) - {""}) >= min(2, len(columns)):
            return columns
    raise UnreadableError(_NO_HEADER)


def _name_cells(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """What the row says; of two columns for the same part the first that says anything counts."""
    cells: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and (said := cell.strip()):
            cells.setdefault(column, said)
    return cells


def _read_row(cells: dict[str, str], guid: str) -> Entry:
    link, title = cells.get("link", ""), cells.get("title", "")
    body = with_source(cells.get("body", ""), cells.get("source", ""))
    return Entry(
        guid=guid,
        link=link if is_web_url(link) else "",
        title=Markup(title, is_html="&" in title),
        contents=(Markup(body),) if body else (),
        summary=Markup(cells.get("summary", "")),
        published=cells.get("date", ""),
        author=cells.get("author", ""),
        categories=tuple(_SEPARATORS.split(cells.get("category", ""))),
        images=tuple(_ADDRESSES.split(cells.get("image", ""))),
        enclosures=tuple(Enclosure(one) for one in _ADDRESSES.split(cells.get("attachment", "")) if one),
        withdrawn="withdrawn" in cells and is_yes(cells["withdrawn"]),
    )


def _identify(cells: dict[str, str]) -> str:
    """What a row is known by: its own identifier; else nothing, where its address serves; else title and date."""
    identifier, title, day = cells.get("id", ""), cells.get("title", ""), cells.get("date", "")
    if identifier and not is_serial(identifier):
        return identifier
    if is_web_url(cells.get("link", "")) or not (title and day):
        return ""
    return "row:" + hashlib.blake2b(f"{title}\0{day}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def with_source(body: str, source: str) -> str:
    """A body with a line that names its source, where it does not name one itself."""
    if not source or find_source(body):
        return body
    line = f"来源：{source}"
    return f"{body}<p>{line}</p>" if "</" in body else f"{body}\n{line}"
