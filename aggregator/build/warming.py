"""Worker processes, got ready early: this module imports nothing that takes a while."""

from __future__ import annotations

from aggregator.store import Store

PARALLEL = 400
"""Pages from which worker processes pay: they take half a second to start."""

WORKERS = "aggregator.build.workers"


def expects_many(store: Store, *, full: bool) -> bool:
    """Whether so much is about to be rendered that worker processes pay."""
    whole = full or store.artifacts.load_state().digests is None
    return whole and store.posts.count() >= PARALLEL


def warm_up(store: Store, *, full: bool) -> None:
    """Where all is about to be rendered, let the process that workers are forked from import what they need, while this
    one does something else.
    """
    if not expects_many(store, full=full):
        return
    # A build of one new post has no use for it.
    from aggregator.spawning import start_early

    start_early(WORKERS)
