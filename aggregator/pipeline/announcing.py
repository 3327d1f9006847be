"""After a build: a WebSub hub is told which feeds changed. What becomes of that is no matter of the site's; what it was
not told stays noted until the next build.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aggregator.errors import ConfigError
from aggregator.model import BuildReport, FetchSettings, Site
from aggregator.store import Store

logger = logging.getLogger(__name__)


def announce_feeds(site: Site, settings: Mapping[str, Any], store: Store, report: BuildReport) -> BuildReport:
    """The report, with what came of it. Also told are feeds of earlier builds that the hub does not know of."""
    hub = settings.get("WEBSUB_HUB", "")
    feeds = store.announcements.list_paths() if hub else ()
    if not feeds:
        return report
    # Most sites have no hub, and most builds need not wait for what fetches.
    from aggregator.fetch import ping_hub

    base = settings["SITEURL"].rstrip("/")
    told, failure = asyncio.run(ping_hub(hub, [f"{base}/{path}" for path in feeds], _load_fetch(site)))
    if failure:
        logger.warning("hub %s: %s", hub, failure)
    store.announcements.forget(feeds[:told])
    return replace(report, feeds_announced=told, hub_failure=failure)


def _load_fetch(site: Site) -> FetchSettings:
    from aggregator.registry import load_registry

    try:
        return load_registry(site.registry).fetch
    except ConfigError:
        # A build that did not need the registry is not held up by its mistakes.
        return FetchSettings()
