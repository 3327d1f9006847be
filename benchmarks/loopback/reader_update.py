"""One update by lemon24/reader, run by the Python of the peer's own environment.

    reader_update.py STORE WORKERS    addresses of feeds on standard input, one a line

Prints {"seconds", "posts", "version"}: of `update_feeds` alone, the feeds being known to its store before.
"""

import json
import sys
import time

import reader

store, workers = sys.argv[1:]
with reader.make_reader(store) as peer:
    known = {feed.url for feed in peer.get_feeds()}
    for address in sys.stdin.read().split():
        if address not in known:
            peer.add_feed(address)
    started = time.perf_counter()
    peer.update_feeds(workers=int(workers), scheduled=False)
    seconds = time.perf_counter() - started
    posts = peer.get_entry_counts().total
    failed = [feed.url for feed in peer.get_feeds(broken=True)]
    print(json.dumps({"seconds": seconds, "posts": posts, "failed": len(failed), "version": reader.__version__}))
