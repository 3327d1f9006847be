"""What is to be rendered, handed out from both ends to processes that render beside one another."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.artifacts import find_segment, read_path

SHARES = 3
"""A chunk is at most this part of what is left for each process."""


class Shares:
    """Paths in chunks, smaller as less is left. Whoever takes from one end goes on where it ended: pages beside one
    another show the same stories, which it has read by then.

    Where it can be, a chunk ends with a month: a month's pages come before the stories that they show. A part of the
    search index is never divided, however large it is, as all its files are made at once.
    """

    def __init__(self, paths: Sequence[str], processes: int, largest: int, least: int) -> None:
        self._paths, self._processes, self._largest, self._least = paths, processes, largest, least
        self._start, self._end = 0, len(paths)

    def __bool__(self) -> bool:
        return self._start < self._end

    def take_first(self) -> tuple[int, Sequence[str]]:
        """(where it starts, the next chunk from the beginning); there must be something left."""
        start, size = self._start, self._choose_size()
        ends = range(start + size // 2 + 1, start + size)
        self._start = self._leave_part(next((end for end in ends if self._starts_month(end)), start + size), 1)
        return start, self._paths[start : self._start]

    def take_last(self) -> tuple[int, Sequence[str]]:
        """(where it starts, the next chunk from the end); there must be something left."""
        end, size = self._end, self._choose_size()
        starts = range(end - size // 2 - 1, end - size, -1)
        self._end = self._leave_part(next((start for start in starts if self._starts_month(start)), end - size), -1)
        return self._end, self._paths[self._end : end]

    def _choose_size(self) -> int:
        left = self._end - self._start
        return min(left, self._largest, max(self._least, left // (self._processes * SHARES)))

    def _leave_part(self, index: int, step: int) -> int:
        """The next index, that way, that divides no part of the search index."""
        while self._start < index < self._end and self._divides_part(index):
            index += step
        return index

    def _divides_part(self, index: int) -> bool:
        part = find_segment(self._paths[index])
        return bool(part) and part == find_segment(self._paths[index - 1])

    def _starts_month(self, index: int) -> bool:
        return _is_month(self._paths[index]) and not _is_month(self._paths[index - 1])


def _is_month(path: str) -> bool:
    artifact = read_path(path)
    return artifact.kind == "period" and len(artifact.period) == len("2026-03")
