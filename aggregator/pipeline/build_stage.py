"""The build: a stage by itself, so that `matrix build` need not import those before it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aggregator.build.site import build_site
from aggregator.model import BuildReport, Progress, Site
from aggregator.store import Store

PUBLISHED = "published-at"
"""Fact in the store: ISO time of the last build that ended well."""


def build(
    site: Site, settings: dict[str, Any], store: Store, now: datetime, progress: Progress, *, full: bool = False,
    verify: bool = False,
) -> BuildReport:  # fmt: skip
    """Render and switch; the time of success is kept for `status`. Raises BuildError, ConfigError."""
    progress("生成页面", 0, 0)
    report = build_site(site, settings, store, progress, full=full, verify=verify)
    store.feeds.set_fact(PUBLISHED, now.isoformat(timespec="seconds"))
    return report
