"""A first publish of many drafts: the process that workers of all stages are forked from, got ready early."""

from __future__ import annotations

from itertools import islice

from aggregator.model import Site

MANY = 1000
"""Drafts from which it pays: of so many, worker processes make posts, pages and all between (`drafts.making.FEW`)."""

_MODULES = (
    "aggregator.drafts.workers", "aggregator.render", "aggregator.sanitize", "aggregator.parse.workers",
    "aggregator.cluster", "opencc", "aggregator.build.workers",
)  # fmt: skip
"""What they import, else anew in each of them."""


def warm_up(site: Site) -> None:
    """Where nothing was published yet and there is much to do, let that process import what all stages need."""
    if site.store.is_file() or len(list(islice(site.content.rglob("*.md"), MANY + 1))) <= MANY:
        return
    from aggregator.spawning import start_early

    start_early(*_MODULES)
