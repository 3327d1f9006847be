"""How worker processes are started, whoever runs them."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from multiprocessing.context import BaseContext


def choose_context(*modules: str) -> BaseContext:
    """How processes that run functions of these modules are started.

    Not by fork: a lock of the parent's threads, copied, may stay locked for ever.
    """
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([*modules])
    return context


def start_early(*modules: str) -> None:
    """Let the process that workers are forked from start and import these modules, while this one does something else.

    The first to be asked for counts: the process stays the same.
    """
    with hide_main():
        choose_context(*modules)
        if "forkserver" in multiprocessing.get_all_start_methods():
            from multiprocessing import forkserver  # does not exist on Windows

            forkserver.ensure_running()


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
