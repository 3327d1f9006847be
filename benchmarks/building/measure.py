"""One command as a process: its wall time, the processor time of all its processes, and its memory. Linux only."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from loopback.memory import Peak, watch_memory

_PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): processes that outlive their parent become ours, so that what they took is counted."""

PATIENCE = 30.0
"""Seconds for the last of them to end."""


@dataclass(frozen=True, slots=True)
class Run:
    wall: float
    processor: float
    """User and system seconds of all its processes."""
    memory: float
    """MB: the highest sum over its processes (PSS), or the peak of the largest one where that is more."""
    output: bytes


def tell(text: str) -> None:
    """What is being done, on stderr."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def run_command(command: Sequence[str | Path], folder: Path | None = None, *, watched: bool = False) -> Run:
    """Run it to its end; `watched` looks at its memory, which takes a little time of its own.

    Everything it started is ended, too, when this process is interrupted.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = _read_processor()
    with watch_memory() if watched else nullcontext(Peak()) as peak, tempfile.TemporaryFile() as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=folder, start_new_session=True)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            _reap()
            raise
        wall = time.perf_counter() - started
        process.returncode = status
        out.seek(0)
        output = out.read()
    _reap()
    if status:
        raise SystemExit(f"{' '.join(map(str, command))}: status {status}: {output.decode(errors='replace')[-2000:]}")
    return Run(wall, _read_processor() - before, max(peak.shared_out / 1e6, usage.ru_maxrss * 1024 / 1e6), output)


def find_median(runs: Sequence[Run]) -> float:
    return statistics.median(run.wall for run in runs)


def count_files(folder: Path) -> int:
    # A link to a folder, as our output is, is looked into.
    return sum(len(names) for _, _, names in os.walk(f"{folder}/"))


def count_free(folder: Path) -> int:
    """Bytes that can still be written there."""
    info = os.statvfs(folder)
    return info.f_bavail * info.f_frsize


def _read_processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap() -> None:
    """Wait for workers that end a moment after their parent."""
    until = time.monotonic() + PATIENCE
    with suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
