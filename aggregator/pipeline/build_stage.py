"""The build: a stage by itself, so that `matrix build` need not import those before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aggregator.build.site import build_site
from aggregator.model import BuildReport, Progress, Site
from aggregator.pipeline.announcing import announce_feeds
from aggregator.store import Store

if TYPE_CHECKING:
    from aggregator.build.workers import Crew

PUBLISHED = "published-at"
"""Fact in the store: ISO time of the last build that ended well."""


def build(
    site: Site, settings: dict[str, Any], store: Store, now: datetime, progress: Progress, *, full: bool = False,
    verify: bool = False, crew: Crew | None = None,
) -> BuildReport:  # fmt: skip
    """Render, switch, tell the hub; the time of success is kept for `status`. `crew`: workers that are there already.
    `verify`: the mirror's files are held against their names before they are held against the site's.

    Raises BuildError, ConfigError.
    """
    _settle_due(site, store, now, progress)
    broken = store.mirror.drop_broken() if verify else ()
    progress("生成页面", 0, 0)
    report = build_site(site, settings, store, progress, full=full, verify=verify, crew=crew)
    store.feeds.set_fact(PUBLISHED, now.isoformat(timespec="seconds"))
    return announce_feeds(site, settings, store, replace(report, broken_files=broken))


def _settle_due(site: Site, store: Store, now: datetime, progress: Progress) -> None:
    """Put into effect what time alone has changed since the last run. Raises ConfigError."""
    due = store.states.find_next()
    if due is None or due > now:
        return
    # Most builds have nothing of it to do, and need not wait for what compares posts.
    from aggregator.pipeline.channel import place_waiting
    from aggregator.pipeline.replacements import link_replacements
    from aggregator.registry import load_registry

    place_waiting(load_registry(site.registry), store, now, progress)
    link_replacements(site, (), store)
