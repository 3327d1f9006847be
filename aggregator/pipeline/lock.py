"""One run at a time on one site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from aggregator.errors import LockedError
from aggregator.model import Site


@contextmanager
def hold_lock(site: Site) -> Iterator[None]:
    """Hold the site's lock; it goes with the process, however that ends. Raises LockedError at once."""
    site.state.mkdir(exist_ok=True)
    lock = FileLock(site.state / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError("另一个 matrix 命令正在处理这个站点。", "等它结束再运行。") from error
    try:
        yield
    finally:
        lock.release()
