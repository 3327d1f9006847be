"""The rows of a table as they were meant: a quotation mark that nobody closed costs its row, not those behind it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LONGEST = 2_000_000
"""Characters; a longer row is half the table, behind a quotation mark that was never closed."""

REREAD = 20
"""How often the lines of a table are read again, at most: a mark that is open until the end is found by reading all."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    """The first one, from 1 on."""
    cells: tuple[str, ...]
    broken: bool = False
    """Its quotation marks do not match: the cells are not what was meant."""


class Rows:
    """Iterates over the rows of a CSV text. `look_like_rows` is asked of lines within one cell, and may be set once
    the columns are known.
    """

    def __init__(self, text: str, separator: str) -> None:
        # A cell may be as long as the file: the bound of the module, 131,072, is less than an article with its markup.
        csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
        self.look_like_rows: Callable[[Sequence[Sequence[str]]], bool] = lambda _: False
        self._lines = list(io.StringIO(text, newline=""))
        self._separator = separator
        self._at = 0

    def __iter__(self) -> Iterator[Row]:
        spare = REREAD * len(self._lines)
        cells = csv.reader(self._take_lines(), delimiter=self._separator)
        while self._at < len(self._lines):
            first = self._at
            row = next(cells, [])
            if not self._is_swallowing(first):
                yield Row(first + 1, tuple(row))
                continue
            yield Row(first + 1, tuple(row), broken=True)
            spare -= self._at - first
            if spare > 0:
                self._at = first + 1
                cells = csv.reader(self._take_lines(), delimiter=self._separator)

    def _take_lines(self) -> Iterator[str]:
        while self._at < len(self._lines):
            self._at += 1
            yield self._lines[self._at - 1]

    def _is_swallowing(self, first: int) -> bool:
        """Whether the row from there on has taken in others: its last cell never ends, or has rows within it."""
        lines = self._lines[first : self._at]
        if len(lines) == 1:
            return False
        if sum(map(len, lines)) > LONGEST:
            return True
        try:
            # Raises where the end comes before the mark, and where text comes behind it.
            list(csv.reader(lines, delimiter=self._separator, strict=True))
        except csv.Error:
            return True
        # The line that closes a cell has the row's other cells behind it.
        whole = (line for line in lines[1:] if line.strip() and line.count('"') % 2 == 0)
        return self.look_like_rows(list(csv.reader(whole, delimiter=self._separator)))
