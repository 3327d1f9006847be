"""Our update as far as all posts are stored, without drafts, pictures and stories.

    matrix_update.py SITE

Prints {"seconds", "posts", "failed"}: of reading the feeds alone.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from aggregator.model import HoldSettings, Site
from aggregator.pipeline.feeds import read_feeds
from aggregator.pipeline.inbox import Gate
from aggregator.registry import load_registry
from aggregator.store import Store


def main() -> None:
    site, now = Site(Path(sys.argv[1])), datetime.now(UTC)
    registry = load_registry(site.registry)
    with Store.open(site.store) as store:
        started = time.perf_counter()
        gate = Gate(registry, HoldSettings(), store, now)
        outcomes = read_feeds(site, registry, registry.accounts, store, now, lambda *_: None, lambda _: None, gate)
        seconds = time.perf_counter() - started
        failed = sum(outcome.outcome == "failed" for outcome in outcomes)
        print(json.dumps({"seconds": seconds, "posts": store.posts.count(), "failed": failed}))


if __name__ == "__main__":
    main()
