"""The rows of a table as they were meant: a quotation mark that nobody closed costs its row, not those behind it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

LONGEST = 2_000_000
"""Characters; a longer cell is half the table, behind a quotation mark that was never closed."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    """The first one, from 1 on."""
    cells: tuple[str, ...]
    broken_to: int = 0
    """The last line of what cannot be read, where a quotation mark was not closed; 0 for what can."""


class Rows:
    """Iterates over the rows of a CSV text. `is_row` is asked of what may be the first row behind an open mark, and may
    be set once the columns are known.

    Marks that match are believed, whatever stands between them. No line is read more than a few times: what opens a
    mark of its own ends the reading of all that were open before it.
    """

    def __init__(self, text: str, separator: str) -> None:
        # An article with its markup may be longer than the bound of the module, 131,072.
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
        self.is_row: Callable[[Sequence[str]], bool] = lambda _: True
        self._lines = list(io.StringIO(text, newline=""))
        self._separator = separator
        self._is_at_end = False

    def __iter__(self) -> Iterator[Row]:
        line = 0
        while line < len(self._lines):
            line = yield from self._read_sound(line)
            if line < len(self._lines):
                row, line = self._read_unsound(line)
                yield row

    def _read_sound(self, first: int) -> Generator[Row, None, int]:
        """The rows from that line on whose marks match; the line behind them."""
        reader = csv.reader(self._take_lines(first), delimiter=self._separator, strict=True)
        line = first
        try:
            for cells in reader:
                yield Row(line + 1, tuple(cells))
                line = first + reader.line_num
        except csv.Error:
            return line
        return len(self._lines)

    def _read_unsound(self, first: int) -> tuple[Row, int]:
        """The row there, and the line behind it. What takes in no other, such as `"停水"通知`, is read as it stands."""
        end = self._find_flaw(first)
        following = self._find_row(first + 1, end or len(self._lines))
        if following == end:
            cells = self._read_loosely(first, end)
            if cells and (end == len(self._lines) or not self._lines[end].strip() or self._starts_row(end)):
                return Row(first + 1, cells), end
            following = self._find_row(end, len(self._lines))
        return Row(first + 1, (), broken_to=following), following

    def _find_flaw(self, first: int) -> int:
        """The line behind the one where text follows a closing mark; 0 where a mark is open to the end."""
        reader = csv.reader(self._take_lines(first), delimiter=self._separator, strict=True)
        with suppress(csv.Error):
            next(reader)
        return 0 if self._is_at_end else first + reader.line_num

    def _read_loosely(self, first: int, end: int) -> tuple[str, ...]:
        """The row that these lines are; () where they are none."""
        reader = csv.reader(self._take_lines(first, end), delimiter=self._separator)
        with suppress(csv.Error):
            cells = tuple(next(reader, []))
            return () if self._is_at_end else cells
        return ()

    def _find_row(self, start: int, end: int) -> int:
        """The first line of these that is the beginning of a row, or `end`."""
        return next((line for line in range(start, end) if self._starts_row(line)), end)

    def _starts_row(self, line: int) -> bool:
        try:
            cells = next(csv.reader(self._take_lines(line), delimiter=self._separator, strict=True), [])
        except csv.Error:
            cells = next(csv.reader([self._lines[line]], delimiter=self._separator), [])
        return self.is_row(cells)

    def _take_lines(self, start: int, end: int | None = None) -> Iterator[str]:
        """These lines; who asks for one more while reading a row has a mark that is open."""
        self._is_at_end = False
        for line in range(start, len(self._lines) if end is None else end):
            yield self._lines[line]
        self._is_at_end = True
