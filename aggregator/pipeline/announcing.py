"""After a build: a WebSub hub is told which feeds changed. What becomes of that is no matter of the site's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aggregator.artifacts import read_path
from aggregator.errors import ConfigError
from aggregator.model import BuildReport, FetchSettings, Site

logger = logging.getLogger(__name__)


def announce_feeds(site: Site, settings: Mapping[str, Any], report: BuildReport) -> BuildReport:
    """The report, with what came of it. Archives of feeds are not told of: nobody waits for them."""
    hub = settings.get("WEBSUB_HUB", "")
    artifacts = {path: read_path(path) for path in report.changed_paths} if hub else {}
    feeds = [path for path, artifact in artifacts.items() if artifact.kind == "feed" and not artifact.period]
    if not feeds:
        return report
    # Most sites have no hub, and most builds need not wait for what fetches.
    from aggregator.fetch import ping_hub

    base = settings["SITEURL"].rstrip("/")
    failure = asyncio.run(ping_hub(hub, [f"{base}/{path}" for path in feeds], _load_fetch(site)))
    if failure:
        logger.warning("hub %s: %s", hub, failure)
    return replace(report, feeds_announced=0 if failure else len(feeds), hub_failure=failure)


def _load_fetch(site: Site) -> FetchSettings:
    from aggregator.registry import load_registry

    try:
        return load_registry(site.registry).fetch
    except ConfigError:
        # A build that did not need the registry is not held up by its mistakes.
        return FetchSettings()
