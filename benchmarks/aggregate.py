"""One update of many accounts, beside lemon24/reader on the same server; and the memory of one of 5,000 accounts.

    python benchmarks/aggregate.py [--quick] [--json]

Makes its feeds, a server on loopback and an environment for the peer, and runs both programs in turns, each as a
process with an empty store: a first update of light feeds (74 KB, 20 posts), one of WeChat-style feeds (552 KB, 20
posts), and one in which every feed answers 304. The peer has its best number of threads, found before.

"update" is what one update takes within the running program, until all posts are stored: the peer's `update_feeds`,
our stages fetch, parse and store with the start of our worker processes, as far as it was not done while the program
was imported. "whole" is the process from its start to its end. Both without forming stories, which the peer does not
have; "stories" is what ours spent on them.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from loopback.feeds import POSTS, make_light_feed, make_wechat_feed
from loopback.memory import watch_memory

import aggregator

PEER = ("reader==3.26", "feedparser==6.0.14")
WORKERS = (1, 2, 4, 8)
"""Threads that the peer may have; the best number is used."""

PARTS = Path(__file__).resolve().parent / "loopback"
Figures = dict[str, float]


@dataclass(frozen=True)
class Case:
    name: str
    feeds: int
    make: Callable[[int], bytes]
    target: int
    """How many times as fast as the peer."""


CASES = (Case("light", 300, make_light_feed, 10), Case("wechat", 100, make_wechat_feed, 30))
UNMODIFIED_TARGET = 5
CROWD = 5000
MEMORY_TARGET = 300
"""MB."""


def make_feeds(folder: Path, number: int, make: Callable[[int], bytes]) -> None:
    folder.mkdir()
    for one in range(number):
        (folder / f"{one}.xml").write_bytes(make(one))


@contextmanager
def run_server(folder: Path) -> Iterator[str]:
    """The folder's files on loopback; gives the address that their names are appended to."""
    process = subprocess.Popen(
        [sys.executable, PARTS / "server.py", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait()


def make_peer(folder: Path) -> Path:
    """An environment of its own for the peer; the path of its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True, stderr=subprocess.DEVNULL)
    return python


def make_site(root: Path, addresses: list[str]) -> None:
    accounts = ['[fetch]\nallow = ["127.0.0.0/8"]\n']
    accounts += [
        f'[[account]]\nid = "u{number}"\nname = "单位{number}"\norganization = "示例单位{number}"\n'
        f'platform = "website"\nkind = "department"\nregion = "示例市"\nfeeds = ["{address}"]\nmirror = false\n'
        for number, address in enumerate(addresses)
    ]
    registry = root / "content" / "registry" / "accounts.toml"
    registry.parent.mkdir(parents=True)
    registry.write_text("\n".join(accounts), encoding="utf-8")
    shutil.copy(PARTS.parent.parent / "pelicanconf.py", root)


def run_ours(root: Path) -> tuple[dict[str, object], float]:
    """What one `matrix update` reports, and its wall seconds as a process."""
    started = time.perf_counter()
    process = subprocess.run(
        [sys.executable, "-m", "aggregator", "-C", root, "update", "--json"], capture_output=True, text=True
    )
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"ours: status {process.returncode}: {_find_complaints(process.stdout)}\n{process.stderr}")
    return json.loads(process.stdout), wall


def _find_complaints(output: str) -> str:
    """What the report of a failed run says of it: the first few accounts' errors, and what was found in files."""
    try:
        report = json.loads(output)
    except ValueError:
        return output[-2000:]
    errors = [one["error"] for one in report.get("accounts", ()) if one["error"]]
    return json.dumps([report.get("error"), *errors[:3], *report.get("findings", ())], ensure_ascii=False)


def read_figures(report: dict[str, object], wall: float) -> Figures:
    seconds = report["seconds"]
    assert isinstance(seconds, dict)
    stories = seconds["stories"]
    return {"update": seconds["fetch"] + seconds["store"], "whole": wall - stories, "stories": stories}


def update_ours(root: Path, outcome: str, feeds: int, posts: int) -> Figures:
    """One update, in which so many feeds and posts must have come."""
    report, wall = run_ours(root)
    accounts = report["accounts"]
    assert isinstance(accounts, list)
    # Besides the feeds there is the account of staff's drafts.
    came = sum(account["outcome"] == outcome for account in accounts if account["id"] != "local")
    if (came, sum(account["posts_new"] for account in accounts)) != (feeds, posts):
        raise SystemExit(f"ours: not as expected: {report['totals']}")
    return read_figures(report, wall)


def update_peer(python: Path, store: Path, workers: int, addresses: list[str]) -> Figures:
    """One update, after which every post must be in the peer's store."""
    started = time.perf_counter()
    process = subprocess.run(
        [python, PARTS / "reader_update.py", store, str(workers)],
        input="\n".join(addresses),
        text=True,
        check=True,
        stdout=subprocess.PIPE,
        # Its own copy of feedparser needs a module that its distribution does not bring.
        env={**os.environ, "READER_NO_VENDORED_FEEDPARSER": "1"},
    )
    wall = time.perf_counter() - started
    report = json.loads(process.stdout)
    if (report["posts"], report["failed"]) != (len(addresses) * POSTS, 0):
        raise SystemExit(f"peer: not as expected: {report}")
    return {"update": report["seconds"], "whole": wall}


def find_workers(python: Path, folder: Path, addresses: list[str]) -> tuple[int, int]:
    """The peer's best numbers of threads, for a first update and for one of answers 304."""
    first, unmodified = {}, {}
    for workers in WORKERS:
        store = folder / f"search-{workers}.sqlite3"
        first[workers] = update_peer(python, store, workers, addresses)["update"]
        unmodified[workers] = update_peer(python, store, workers, addresses)["update"]
    return min(first, key=first.__getitem__), min(unmodified, key=unmodified.__getitem__)


def compare(case: Case, python: Path, address: str, rounds: int) -> dict[str, dict[str, object]]:
    """{run: its medians} of a first update and of one in which nothing has changed."""
    addresses = [f"{address}/{case.name}/{number}.xml" for number in range(case.feeds)]
    ours: dict[str, list[Figures]] = {"first": [], "304": []}
    peers: dict[str, list[Figures]] = {"first": [], "304": []}
    with tempfile.TemporaryDirectory() as scratch:
        workers = dict(
            zip(ours, find_workers(python, Path(scratch), addresses[: max(case.feeds // 5, 4)]), strict=True)
        )
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            root, store = Path(scratch) / "site", Path(scratch) / "peer.sqlite3"
            make_site(root, addresses)
            for run, outcome in (("first", "updated"), ("304", "unchanged")):
                posts = case.feeds * POSTS if run == "first" else 0
                ours[run].append(update_ours(root, outcome, case.feeds, posts))
                peers[run].append(update_peer(python, store, workers[run], addresses))
    return {run: _summarise(case, run, ours[run], peers[run], workers[run]) for run in ours}


def _summarise(case: Case, run: str, ours: list[Figures], peers: list[Figures], workers: int) -> dict[str, object]:
    def take_median(figures: list[Figures], name: str) -> float:
        return statistics.median(one[name] for one in figures)

    return {
        "feeds": case.feeds,
        "target": case.target if run == "first" else UNMODIFIED_TARGET,
        "peer threads": workers,
        **{
            name: {
                "ours": (mine := take_median(ours, name)),
                "peer": (theirs := take_median(peers, name)),
                "ratio": theirs / mine,
            }
            for name in ("update", "whole")
        },
        "stories": take_median(ours, "stories"),
    }


def measure_crowd(address: str, accounts: int) -> Figures:
    """One update of so many accounts until all posts are stored; memory is the highest sum over main and workers."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "site"
        make_site(root, [f"{address}/crowd/{number}.xml" for number in range(accounts)])
        with watch_memory() as peak:
            process = subprocess.run(
                [sys.executable, PARTS / "matrix_update.py", root], check=True, stdout=subprocess.PIPE
            )
        report = json.loads(process.stdout)
        if (report["posts"], report["failed"]) != (accounts * POSTS, 0):
            raise SystemExit(f"ours: not as expected: {report}")
        return {
            "accounts": accounts,
            "update": report["seconds"],
            "PSS MB": peak.shared_out / 1e6,
            "RSS MB": peak.resident / 1e6,
        }


def print_tables(cases: dict[str, dict[str, dict[str, object]]], crowd: Figures) -> None:
    print(f"\n{'':34}{'ours':>8}{'reader':>9}{'ratio':>8}{'target':>8}{'threads':>9}")
    for name, runs in cases.items():
        for run, medians in runs.items():
            for figure in ("update", "whole"):
                seconds = medians[figure]
                assert isinstance(seconds, dict)
                label = f"{medians['feeds']} {name} feeds, {run}: {figure}"
                print(
                    f"{label:34}{seconds['ours']:8.2f}{seconds['peer']:9.2f}{seconds['ratio']:8.1f}"
                    f"{medians['target']:8}{medians['peer threads']:9}"
                )
            print(f"{'  stories, apart':34}{medians['stories']:8.2f}")
    print(
        f"\n{crowd['accounts']:.0f} accounts in one update: {crowd['PSS MB']:.0f} MB PSS, {crowd['RSS MB']:.0f} MB RSS "
        f"(target {MEMORY_TARGET} in all), {crowd['update']:.0f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round, of a tenth of the feeds")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    arguments = parser.parse_args()
    scale, rounds = (10, 1) if arguments.quick else (1, 3)
    # As an installed package is, and the peer's: a checkout whose Python may not write stays uncompiled for ever.
    compileall.compile_dir(Path(aggregator.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        python = make_peer(folder / "peer")
        shares = tuple(Case(case.name, case.feeds // scale, case.make, case.target) for case in CASES)
        served = folder / "feeds"
        served.mkdir()
        for case in shares:
            make_feeds(served / case.name, case.feeds, case.make)
        make_feeds(served / "crowd", CROWD // scale, make_light_feed)
        with run_server(served) as address:
            cases = {case.name: compare(case, python, address, rounds) for case in shares}
            crowd = measure_crowd(address, CROWD // scale)
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "program": aggregator.__version__,
        "peer": ", ".join(PEER),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
    }
    if arguments.json:
        print(json.dumps({"about": about, "cases": cases, "crowd": crowd}, ensure_ascii=False, indent=2))
    else:
        print(", ".join(f"{key} {value}" for key, value in about.items()))
        print_tables(cases, crowd)


if __name__ == "__main__":
    main()
