"""From a save to the page that shows it, in `matrix preview` beside 10,000 and 100,000 published posts.

    python benchmarks/preview.py [--quick] [--json]

Puts posts into a store, with their lists as a build leaves them, and 1,000 drafts into content/; runs the real command
as a process with the theme of the project, opens a draft in Chromium (of the system, without a window), and saves the
draft as editors do: beside its name, then renamed. A save takes until the browser's frame shows the new words; the
report beside it is asked for at the same time. "start" is the time from the command to the first page in the browser.
Medians of the saves after one that is not counted, and the slowest.

The whole takes about two minutes on two cores. Linux, with `apt-get install chromium`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from building.measure import tell
from building.ours import OurSite
from building.posts import write_markdown, write_post
from playwright.sync_api import Browser, sync_playwright

from aggregator import __version__
from aggregator.model import Site
from aggregator.plugins.stories.filing import read_filing
from aggregator.plugins.stories.planning import plan_changes
from aggregator.store import Store

SIZES, QUICK = (10_000, 100_000), (1_000, 3_000)
SAVES, QUICK_SAVES = 30, 8
DRAFTS = 1_000
TARGET = 1.0
"""Seconds from a save to the page."""

PATIENCE = 60_000
"""Milliseconds after which something hangs."""

Figures = dict[str, float]


def prepare(root: Path, posts: int) -> Site:
    """A site with that many posts, and drafts that nobody published yet."""
    ours, site = OurSite(root, posts), Site(root)
    ours.prepare()
    ours.reset(copy=False)
    ours.dress_portal()
    with Store.open(site.store) as store:
        plan_changes(store, site.registry, ZoneInfo("Asia/Shanghai"), read_filing({}))
    folder = site.content / "news"
    folder.mkdir()
    for number in range(DRAFTS):
        post = write_post(number, DRAFTS)
        (folder / f"{post.name}.md").write_text(f"标题: {post.title}\n\n{write_markdown(post)}", encoding="utf-8")
    return site


def measure(site: Site, browser: Browser, saves: int) -> Figures:
    started = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "aggregator",
        "-C",
        str(site.root),
        "preview",
        "--no-open",
        "--json",
        "--port",
        "0",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout is not None
    try:
        said = ""
        while not said.rstrip().endswith("}"):
            said += process.stdout.readline()
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(json.loads(said)["address"])
        start = time.perf_counter() - started
        page.goto(f"{page.url}draft?path=news/p7.md")
        page.wait_for_load_state()
        taken = [save(site, page, number) for number in range(saves + 1)][1:]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE / 1000)
    return {"start": start, "median": statistics.median(taken), "slowest": max(taken)}


def save(site: Site, page: object, number: int) -> float:
    file, words = site.content / "news" / "p7.md", f"第{number}次保存"
    fresh = file.with_suffix(".tmp")
    fresh.write_text(f"标题: 改了又改的消息\n\n{words}。\n\n{write_markdown(write_post(7, DRAFTS))}", encoding="utf-8")
    saved = time.perf_counter()
    fresh.replace(file)
    page.frame_locator("#frame").get_by_text(words).wait_for()  # type: ignore[attr-defined]
    return time.perf_counter() - saved


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the posts and fewer saves")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("Chromium is absent; on Debian: apt-get install chromium")
    sizes, saves = (QUICK, QUICK_SAVES) if options.quick else (SIZES, SAVES)
    figures: dict[str, Figures] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                site = prepare(Path(folder) / "site", size)
                tell(f"preview beside {size} posts: {saves} saves")
                figures[str(size)] = measure(site, browser, saves)
        version = browser.version
        browser.close()
    about = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "system": platform.system(), "python": platform.python_version(), "chromium": version, "matrix": __version__,
        "saves": saves, "drafts": DRAFTS,
    }  # fmt: skip
    if options.json:
        print(json.dumps({"about": about, "seconds": figures}, ensure_ascii=False))
        return
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(f"\nseconds from a save to the page; the target is {TARGET}")
    print(f"{'posts':>9} {'median':>8} {'slowest':>8} {'start':>8}")
    for size, one in figures.items():
        late = "" if one["median"] <= TARGET else "  missed"
        print(f"{size:>9} {one['median']:>8.3f} {one['slowest']:>8.3f} {one['start']:>8.3f}{late}")


if __name__ == "__main__":
    main()
