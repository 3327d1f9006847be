"""One preview of a site at a time: a second one says where the first one is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

NAME = "preview"


@contextmanager
def hold_session(state: Path) -> Iterator[tuple[str, Callable[[str], None]]]:
    """(address of the preview that runs already, what to call with our own). The address is "" if there is none, and
    "?" if it is only starting. `state` is the folder `.matrix`. The session goes with the process, however that ends.
    """
    state.mkdir(exist_ok=True)
    lock, file = FileLock(state / f"{NAME}.lock", timeout=0), state / f"{NAME}.json"
    try:
        lock.acquire()
    except Timeout:
        yield _read_address(file), lambda _: None
        return
    try:
        file.unlink(missing_ok=True)
        yield "", lambda address: _write_address(file, address)
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        lock.release()


def _write_address(file: Path, address: str) -> None:
    # The address lets in whoever knows it: nobody but this user may read it.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump({"address": address}, out)


def _read_address(file: Path) -> str:
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError):
        return "?"
