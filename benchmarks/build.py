"""A build of the site, beside Hugo on the same posts and pages; and what one new post costs as the archive grows.

    python benchmarks/build.py [--quick | --feeds | --million] [--json]

Makes posts of about 1,080 characters, puts them into a store of ours and into Markdown files for Hugo, and lets both
build the same pages with themes that are equally bare, in turns: 10,000 and 50,000 posts. Ours alone has 100,000 and
1,000,000. Everything is written to memory (/dev/shm), except the million where that is too small for it.

Ours is the wall time of `matrix build` as a process, the posts already in the store: the median of the rounds. Hugo's
figure is the best of all its runs at that size, into an empty or an existing destination. "publish" is the whole of
`matrix publish` from Markdown files, in turns with Hugo, too, which has a figure of its own there. What feeds and API
take is the difference to a build without them, with the shipped theme and posts of 2,200 characters with eight
pictures. Memory is the sum over main and workers at its highest. Linux only.

It takes eleven minutes on two cores and needs 16 GB of free memory. Runs of their own are --feeds, twenty minutes, and
--million, twenty minutes with 24 GB free in /dev/shm or in the folder for temporary files. --quick takes two minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from building.hugo import VERSION, HugoSite, install_hugo
from building.measure import Run, count_files, count_free, find_median, tell
from building.ours import OurSite
from building.peers import install_eleventy, install_pelican, run_eleventy, run_pelican
from building.posts import write_files, write_posts
from building.report import print_feeds, print_head, print_million, print_report

from aggregator import __version__

SHM = Path("/dev/shm")  # noqa: S108  the file system in memory is what is asked for
SIZES, LARGE, MILLION = (10_000, 50_000), 100_000, 1_000_000
QUICK, QUICK_LARGE = (1_000, 3_000), 6_000
PAIRS = 2
"""Builds with and without feeds and API: their difference is small beside that of two builds of one kind."""

BUILDS = 3
"""Full builds of ours at each size: Hugo takes minutes for a round."""

NEW = 3
"""New posts one after another, each built by itself."""

ROOM = 24 * 10**9
"""Bytes that a million posts take: store, site, and the store's growth."""

_FOLDERS = ("notices", "explanations", "news")
"""Where drafts lie that are articles like any other."""

_DRAFT = "标题: {post.title}\n日期: {local:%Y-%m-%d %H:%M}\n部门: 单位{post.account}\n"

Figures = dict[str, float]


def compare(size: int, rounds: int, scratch: Path, program: Path) -> Figures:
    """Ours and Hugo in turns."""
    ours, hugo = OurSite(scratch / "ours", size), HugoSite(scratch / "hugo", size, program)
    ours.prepare()
    hugo.prepare()
    full: list[Run] = []
    new: list[Run] = []
    nothing: list[Run] = []
    theirs: list[Run] = []
    for _ in range(rounds):
        theirs.append(hugo.build(empty=True))
        for _ in range(max(1, BUILDS // rounds)):
            ours.reset()
            full.append(ours.build())
        files, files_hugo = count_files(ours.output), count_files(hugo.output)
        for _ in range(NEW):
            ours.add_post()
            new.append(ours.build())
            nothing.append(ours.build())
        hugo.add_post()
        theirs.append(hugo.build(empty=False))
    return {
        "hugo": min(run.wall for run in theirs),
        "hugo processor": min(run.processor for run in theirs),
        "hugo files": files_hugo,
        **describe(full, new, nothing, files),
    }


def describe(full: list[Run], new: list[Run], nothing: list[Run], files: int) -> Figures:
    return {
        "full": find_median(full),
        "full processor": min(run.processor for run in full),
        "new": find_median(new),
        "new processor": min(run.processor for run in new),
        "nothing": find_median(nothing),
        "files": files,
    }


def grow(site: OurSite) -> Figures:
    """Ours alone: one full build, new posts, and the memory of one more."""
    site.reset(copy=False)
    full = [site.build()]
    files = count_files(site.output)
    new: list[Run] = []
    nothing: list[Run] = []
    for _ in range(NEW):
        site.add_post()
        new.append(site.build())
        nothing.append(site.build())
    site.add_post()
    return {**describe(full, new, nothing, files), "memory": site.build(watched=True).memory}


def grow_alone(size: int, scratch: Path) -> Figures:
    site = OurSite(scratch / "ours", size)
    site.prepare()
    return grow(site)


def dress(size: int, scratch: Path) -> Figures:
    """The shipped theme and all plugins of a new site."""
    site = OurSite(scratch / "ours", size)
    site.prepare()
    site.dress_portal()
    return grow(site)


def weigh_feeds(size: int, rounds: int, scratch: Path) -> Figures:
    """The shipped theme with posts of WeChat's size, with and without feeds and API, in turns; each is the first of a
    round as often as the second, behind a build that nobody measures: memory that is used for the first time is slow.
    """
    site = OurSite(scratch / "ours", size, wechat=True)
    site.prepare()
    site.dress_portal()
    site.reset()
    site.build()
    runs: dict[str, list[Run]] = {}
    variants: list[tuple[str, dict[str, object]]] = [("full", {}), ("without", {"FEEDS": (), "API": False})]
    for number in range(rounds):
        for name, settings in variants if number % 2 else variants[::-1]:
            site.dress_portal(**settings)
            site.reset()
            runs.setdefault(name, []).append(site.build())
    return {
        **{name: find_median(of_name) for name, of_name in runs.items()},
        **{f"{name} processor": min(run.processor for run in of_name) for name, of_name in runs.items()},
    }


def publish_files(size: int, rounds: int, scratch: Path, program: Path) -> Figures:
    """A first `matrix publish` of Markdown files, and Hugo in turns with it: machines are not as fast at all times."""
    site, hugo = OurSite(scratch / "ours", 0), HugoSite(scratch / "hugo", size, program)
    site.prepare()
    hugo.prepare()
    # Accounts of feeds would be asked for them.
    (site.content / "registry" / "accounts.toml").write_text("", encoding="utf-8")
    tell(f"ours: writing {size} files")
    write_files(site.content, write_posts(size), _DRAFT, _FOLDERS)
    runs: list[Run] = []
    theirs: list[Run] = []
    for _ in range(rounds):
        theirs += [hugo.build(empty=True), hugo.build(empty=False)]
        shutil.rmtree(site.root / ".matrix", ignore_errors=True)
        site.output.unlink(missing_ok=True)
        runs.append(site.publish())
    return {
        "publish": find_median(runs),
        "publish processor": min(run.processor for run in runs),
        "files": count_files(site.output),
        "hugo": min(run.wall for run in theirs),
    }


def run_peers(size: int, scratch: Path) -> Figures:
    """Eleventy, where npm can install it, and Pelican as it is."""
    pelican = run_pelican(scratch / "pelican", install_pelican(scratch / "venv"), size)
    figures = {"pelican": pelican.wall, "pelican files": count_files(scratch / "pelican" / "public")}
    program = install_eleventy(scratch / "npm")
    if program is None:
        tell("Eleventy: not run, as npm cannot install it here")
        return figures
    eleventy = run_eleventy(scratch / "eleventy", program, size)
    return {**figures, "eleventy": eleventy.wall, "eleventy files": count_files(scratch / "eleventy" / "public")}


def find_room(root: Path) -> Path:
    """For a million posts: in memory, else on the disk. Raises SystemExit where there is room on neither."""
    for folder in (root, Path(tempfile.gettempdir())):
        if count_free(folder) >= ROOM and (folder != root or _count_memory() >= ROOM + 2 * 10**9):
            return folder
    raise SystemExit(f"neither {root} nor the temporary folder has {ROOM / 1e9:.0f} GB free for 1,000,000 posts")


def _count_memory() -> int:
    """Bytes that programs may still take."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) * 1024


def in_scratch(root: Path, work: Callable[[Path], Figures]) -> Figures:
    """In a folder that is gone afterwards, however that ends."""
    with tempfile.TemporaryDirectory(prefix="matrix-build-", dir=root) as folder:
        return work(Path(folder))


def measure(root: Path, *, quick: bool) -> dict[str, Figures]:
    sizes, large, rounds = (QUICK, QUICK_LARGE, 1) if quick else (SIZES, LARGE, 3)
    figures: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory(prefix="matrix-hugo-") as folder:
        program = install_hugo(Path(folder))
        for size in sizes:
            tell(f"== {size} posts, ours and Hugo")
            # Hugo takes minutes for the larger number.
            figures[f"{size}"] = in_scratch(
                root, lambda scratch, size=size: compare(size, rounds if size == sizes[0] else 1, scratch, program)
            )
        tell("== from Markdown files")
        figures["markdown"] = in_scratch(root, lambda scratch: publish_files(sizes[0], rounds, scratch, program))
    tell("== the shipped theme and all plugins")
    figures["portal"] = in_scratch(root, lambda scratch: dress(sizes[0], scratch))
    tell(f"== {large} posts, ours")
    figures[f"{large}"] = in_scratch(root, lambda scratch: grow_alone(large, scratch))
    tell("== other generators")
    figures["peers"] = in_scratch(root, lambda scratch: run_peers(sizes[0], scratch))
    return figures


def measure_feeds(root: Path) -> dict[str, Figures]:
    figures: dict[str, Figures] = {}
    for number in (SIZES[0], LARGE):
        tell(f"== feeds and API, {number} posts of WeChat's size")
        figures[f"{number}"] = in_scratch(root, lambda scratch, number=number: weigh_feeds(number, PAIRS, scratch))
    return figures


def stop(number: int, _frame: object) -> None:
    """End as after Ctrl-C, so that what was written is removed."""
    raise SystemExit(128 + number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 and 3,000 posts, one round")
    parser.add_argument("--feeds", action="store_true", help="what feeds and API take, and nothing else")
    parser.add_argument("--million", action="store_true", help="1,000,000 posts, ours alone, and nothing else")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    root = SHM if SHM.is_dir() and os.access(SHM, os.W_OK) else Path(tempfile.gettempdir())
    if arguments.million:
        root = find_room(root)
        figures = {"million": in_scratch(root, lambda scratch: grow_alone(MILLION, scratch))}
    else:
        figures = measure_feeds(root) if arguments.feeds else measure(root, quick=arguments.quick)
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "program": __version__,
        "peer": VERSION,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "written to": str(root),
    }
    sizes, large = (QUICK, QUICK_LARGE) if arguments.quick else (SIZES, LARGE)
    if arguments.json:
        print(json.dumps({"about": about, "figures": figures}, ensure_ascii=False, indent=2))
    else:
        print(", ".join(f"{key} {value}" for key, value in about.items()))
        print_head()
        if arguments.million:
            print_million(figures["million"])
        elif arguments.feeds:
            print_feeds(figures)
        else:
            print_report(figures, sizes, large)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
