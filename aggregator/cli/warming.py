"""What worker processes are forked from, got ready while the command itself is still being imported."""

from __future__ import annotations

from itertools import islice

from aggregator.model.site import Site
from aggregator.spawning import start_early

MANY = 1000
"""Drafts from which it pays: of so many, worker processes make posts, pages and all between (`drafts.making.FEW`)."""

FEEDS = ("aggregator.parse.workers",)
"""What those import that parse feeds."""

ALL = (
    "aggregator.drafts.workers", "aggregator.render", "aggregator.sanitize", *FEEDS, "aggregator.cluster", "opencc",
    "aggregator.build.workers",
)  # fmt: skip
"""What those of all stages import, else anew in each of them."""


def warm_up(site: Site) -> None:
    """For a run that reads feeds and drafts. Only where nothing was published yet can all be new at once."""
    start_early(*(FEEDS if site.store.is_file() or not _has_many(site) else ALL))


def _has_many(site: Site) -> bool:
    return len(list(islice(site.content.rglob("*.md"), MANY + 1))) > MANY
