"""A table (CSV, from Excel or a database) -> entries, one a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial

from aggregator.dates import infer_date, parse_date
from aggregator.parse.entries import Enclosure, Entry, Markup, UnreadableError
from aggregator.parse.handover.columns import find_column
from aggregator.parse.handover.naming import NAMELESS, Name, find_number, name_rows
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
_UNCLOSED = "第 {line} 行的引号没有成对，{lost}没有读取，下面的照常读取。请补上或删掉这一行的英文引号。"
_SAME_NUMBER = "第 {line} 行的编号“{id}”和第 {first} 行一样，内容却不同，当作另一篇收取。编号写错了的，请改正。"
_ROW_WITHIN = (
    "第 {line} 行的正文里有像另一行的内容“{within}”，当作正文读取了。如果是引号没有成对，请补上或删掉这一行的英文引号。"
)
_WHICH = "第 {line} 行要撤下，可是表里还有标题和日期（或编号）相同的别的行，分不清是哪一篇。请把原来的正文也写上。"
_FAR = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Table:
    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()
    next_row: int = 0
    """Where to go on; 0 at the end."""


@dataclass(frozen=True, slots=True)
class _NamedRow:
    cells: dict[str, str]
    """What the row says; empty where it cannot be read."""
    name: Name = NAMELESS
    problem: str = ""


def read_table(text: str, start: int = 0) -> Table:
    """The rows from `start` on, ROWS_A_PART at most. Raises `UnreadableError` for a table without names of columns."""
    rows = _read_rows(text)
    end = start + ROWS_A_PART
    part = rows[start:end]
    return Table(
        tuple(_read_row(row.cells, row.name) for row in part if row.cells),
        tuple(row.problem for row in part if row.problem),
        end if end < len(rows) else 0,
    )


@lru_cache(maxsize=1)  # else a long table would be read anew for each of its parts
def _read_rows(text: str) -> tuple[_NamedRow, ...]:
    """All that has something to say or to mend, below the names of the columns."""
    separator = _find_separator(text)
    rows = Rows(text.replace("\0", ""), separator)
    reader = iter(rows)
    columns = _find_header(reader)
    rows.is_row = partial(_is_row, columns)
    read = [(row, _name_cells(columns, row.cells)) for row in reader]
    names = name_rows([(row.line, cells) for row, cells in read])
    is_row = partial(_is_row_of, columns, separator)
    found = (_judge_row(row, cells, name, is_row) for (row, cells), name in zip(read, names, strict=True))
    return tuple(row for row in found if row)


def _judge_row(row: Row, cells: dict[str, str], name: Name, is_row: Callable[[str], bool]) -> _NamedRow | None:
    """What is read and what is told of a row; None for an empty one."""
    if row.broken_to:
        lost = "这一行" if row.broken_to == row.line else f"第 {row.line} 至 {row.broken_to} 行"
        return _NamedRow({}, problem=_UNCLOSED.format(line=row.line, lost=lost))
    if not (cells.get("title") or cells.get("body")):
        return _NamedRow({}, problem=_NOTHING_TOLD.format(line=row.line)) if cells else None
    if name.first and (number := find_number(cells)):
        return _NamedRow(cells, name, _SAME_NUMBER.format(line=row.line, id=number, first=name.first))
    body = cells.get("body", "")
    if not body and name.is_shared and "withdrawn" in cells and is_yes(cells["withdrawn"]):
        return _NamedRow({}, problem=_WHICH.format(line=row.line))
    if within := next(filter(is_row, body.splitlines()[1:]), "") if "\n" in body else "":
        return _NamedRow(cells, name, _ROW_WITHIN.format(line=row.line, within=within[:20]))
    return _NamedRow(cells, name)


def _is_row(columns: Sequence[str], row: Sequence[str]) -> bool:
    """Whether cells behind an open mark are a row: with a date where dates stand, or as many as there are columns."""
    cells = _name_cells(columns, row)
    if not (cells.get("title") or cells.get("body")):
        return False
    return len(row) == len(columns) or _is_date(cells.get("date", ""))


def _is_row_of(columns: Sequence[str], separator: str, line: str) -> bool:
    """Whether a line of a text could be nothing else: as many cells as columns, and a date where dates stand."""
    if line.count(separator) != len(columns) - 1:
        return False
    return _is_date(_name_cells(columns, line.replace('"', "").split(separator)).get("date", ""))


def _is_date(text: str) -> bool:
    return bool(text) and (parse_date(text, now=_FAR) or infer_date(text, now=_FAR)) is not None


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


def _read_row(cells: dict[str, str], name: Name) -> Entry:
    link, title = cells.get("link", ""), cells.get("title", "")
    withdrawn = "withdrawn" in cells and is_yes(cells["withdrawn"])
    body = with_source(cells.get("body", ""), cells.get("source", ""))
    return Entry(
        guid=name.guid,
        # Of several rows it is what it says that tells which one is to go: its place may have been another's.
        aliases=() if withdrawn and name.is_shared else name.aliases,
        link=link if is_web_url(link) else "",
        title=Markup(title, is_html="&" in title),
        contents=(Markup(body),) if body else (),
        summary=Markup(cells.get("summary", "")),
        published=cells.get("date", ""),
        author=cells.get("author", ""),
        categories=tuple(_SEPARATORS.split(cells.get("category", ""))),
        images=tuple(_ADDRESSES.split(cells.get("image", ""))),
        enclosures=tuple(Enclosure(one) for one in _ADDRESSES.split(cells.get("attachment", "")) if one),
        withdrawn=withdrawn,
    )


def with_source(body: str, source: str) -> str:
    """A body with a line that names its source, where it does not name one itself."""
    if not source or find_source(body):
        return body
    line = f"来源：{source}"
    return f"{body}<p>{line}</p>" if "</" in body else f"{body}\n{line}"
