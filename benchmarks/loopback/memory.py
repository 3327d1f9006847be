"""The memory of all processes that are started meanwhile, summed over main and workers. Linux only."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.1
"""Seconds between two looks."""

_SIZE = re.compile(r"^(Rss|Pss): +(\d+) kB$", re.MULTILINE)


@dataclass
class Peak:
    """Highest sums, in bytes."""

    shared_out: int = 0
    """PSS: what several processes share counts once."""
    resident: int = 0
    """RSS: it counts in each of them."""


@contextmanager
def watch_memory() -> Iterator[Peak]:
    """Of processes below this one that were not there at the beginning."""
    peak, known, ended = Peak(), _find_children(), threading.Event()

    def watch() -> None:
        while not ended.wait(PAUSE):
            sizes = [_read_sizes(process) for process in _find_children() - known]
            peak.shared_out = max(peak.shared_out, sum(size.get("Pss", 0) for size in sizes))
            peak.resident = max(peak.resident, sum(size.get("Rss", 0) for size in sizes))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def _find_children() -> set[int]:
    """The processes that this one has started, with all that those have started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # The name in brackets may hold anything.
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
    found = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def _read_sizes(process: int) -> dict[str, int]:
    with suppress(OSError):
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        return {name: int(size) * 1024 for name, size in _SIZE.findall(text)}
    return {}
