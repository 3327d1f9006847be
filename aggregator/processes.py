"""Worker processes for foreign bytes: a bound on memory, and nothing in them but what the work needs."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path

from pebble import ProcessPool


def open_pool(workers: int, memory: int, module: str) -> ProcessPool:
    """A pool whose processes start at the first task, each with `memory` bytes beside what it starts with.

    `module` is the one with the functions it will run. Hold `hide_main` open as long as the pool lives.
    """
    # Not fork: the parent has threads, and a copied lock may stay locked for ever.
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([module])
    return ProcessPool(max_workers=workers, initializer=_bound_memory, initargs=(memory,), context=context)


@contextmanager
def hide_main() -> Iterator[None]:
    """Meanwhile, new processes do not import the main module, with the command line and Pelican in its train.

    `multiprocessing.spawn._fixup_main_from_name` leaves it out where it is a package's `__main__`.
    """
    main = sys.modules["__main__"]
    said = getattr(main, "__spec__", None)
    main.__spec__ = ModuleSpec("aggregator.__main__", None)
    try:
        yield
    finally:
        main.__spec__ = said


def _bound_memory(memory: int) -> None:
    """Runs in each new worker. Windows has no such limits, and macOS doesn't enforce them."""
    if sys.platform != "linux":
        return
    import resource  # does not exist on Windows

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    used = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
