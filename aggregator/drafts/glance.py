"""What is remembered of each draft's file, so that one that nobody touched need not be opened.

    look_through: stamps of files | the same as remembered? then its excerpt stands for its bytes

The excerpt is what other drafts' reading asks of an unchanged one: lines with its 编号, and the Word and PDF files that
it names. Of a Word file, the store remembers that apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from aggregator.drafts.memory import RENDER_VERSION
from aggregator.drafts.numbers import excerpt_numbers
from aggregator.drafts.office import excerpt_mentions
from aggregator.drafts.places import look_at
from aggregator.model import Glance

_SETTLED = 2_000_000_000
"""Nanoseconds. File systems tell the time in steps of up to two seconds (FAT): a file that changed just now may change
once more without looking any different."""


class Glances:
    """The files under `content` as `known` remembers them."""

    def __init__(
        self, content: Path, known: Mapping[str, Glance], now: datetime, version: int = RENDER_VERSION
    ) -> None:
        self._root = str(content)
        self._known = known
        self._version = version
        self._settled_before = int(now.timestamp()) * 1_000_000_000 - _SETTLED
        self._stamps: dict[str, str] = {}
        self._new: dict[str, Glance] = {}

    def look(self, path: str) -> Glance | None:
        """As `look_through`, of one."""
        return next(self.look_through((path,)))[1]

    def look_through(self, paths: Iterable[str]) -> Iterator[tuple[str, Glance | None]]:
        """Yield each path with what is remembered of the draft there, None where its file must be read."""
        for path in paths:
            try:
                status = look_at(self._root, path)
            except OSError:
                yield path, None
                continue
            modified, changed = status.st_mtime_ns, status.st_ctime_ns
            stamp = f"{self._version}-{modified}-{changed}-{status.st_size}-{status.st_ino}"
            known = self._known.get(path)
            if known is not None and known.stamp == stamp:
                yield path, known
                continue
            if max(modified, changed) < self._settled_before:
                self._stamps[path] = stamp
            yield path, None

    def note(self, path: str, content_hash: str, excerpt: bytes = b"") -> None:
        """Remember what was read of a file after it was looked at."""
        if stamp := self._stamps.get(path):
            self._new[path] = Glance(stamp, content_hash, excerpt)

    def list_new(self) -> tuple[tuple[str, Glance], ...]:
        return tuple(self._new.items())


def excerpt_text(data: bytes) -> bytes:
    """Of the bytes of a draft that is text."""
    return b"\n".join((*excerpt_numbers(data), *excerpt_mentions(data)))
