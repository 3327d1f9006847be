"""What a phone has to load: Lighthouse on five pages of the sample city, and the weight of every kind of page.

    python benchmarks/site.py [--quick] [--json]

Publishes the sample city and serves it on loopback, compressed. *Lighthouse* is the mobile preset (a slow phone on a
slow line, both simulated), with Chromium of the system; medians of three runs a page. *host* is Lighthouse's own
measure of the machine at that moment: TBT, and with it the score of performance, suffers from other work on it.
*Weights* are KB after gzip of what the page's HTML names: style sheets, scripts and pictures, those that load lazily
left out.

Needs `apt-get install chromium` and, put into .tools/ with npm, `make lighthouse`. Takes about five minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import posixpath
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
from building.city import BASE, ROOT, publish_city
from building.measure import tell
from loopback.site import pack, serve

from aggregator import __version__

FOLDER = ROOT / ".tools" / "lighthouse" / "node_modules"
PAGES = ("home", "list", "article", "policies", "search")
ROUNDS, QUICK_ROUNDS = 3, 1
PATIENCE = 300
"""Seconds after which something hangs."""

SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
"""Category -> least score."""
UNLISTED = ("search",)
"""Pages that ask search engines to leave them out, which Lighthouse counts against `seo`."""
FIGURES = {
    "LCP ms": ("largest-contentful-paint", 2500.0),
    "CLS": ("cumulative-layout-shift", 0.02),
    "TBT ms": ("total-blocking-time", 200.0),
}
"""Name -> (audit of Lighthouse, most): CLS is ours, the others are what Lighthouse calls good."""
MOST_KB = {"html": 15.0, "css": 10.0, "js": 10.0}
MOST_TOTAL = {"home": (300.0, 15), "article": (150.0, 8)}
"""Kind of page -> most (KB, requests)."""

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Weight:
    """KB after gzip."""

    html: float
    css: float
    js: float
    images: float
    requests: int

    @property
    def total(self) -> float:
        return self.html + self.css + self.js + self.images


def weigh(root: Path, path: str) -> Weight:
    """What the HTML of a page names and its browser loads at once."""
    page = lxml.html.document_fromstring((root / path).read_bytes())
    found = {
        "css": page.xpath("//link[@rel='stylesheet']/@href"),
        "js": page.xpath("//script/@src"),
        "images": page.xpath("//img[not(@loading='lazy')]/@src | //link[@rel='icon']/@href"),
    }
    files = {form: {root / find_path(path, one) for one in ones} for form, ones in found.items()}
    sizes = {form: sum(len(pack(file)) for file in ones) / 1024 for form, ones in files.items()}
    return Weight(html=len(pack(root / path)) / 1024, **sizes, requests=1 + sum(len(ones) for ones in files.values()))  # type: ignore[arg-type]


def find_path(page: str, link: str) -> str:
    """Of a file of the site that a page names; the page for what is not there names them from the site's base."""
    named = unquote(urlsplit(link).path).removeprefix(f"{BASE}/")
    return posixpath.normpath(named if link.startswith("/") else posixpath.join(posixpath.dirname(page), named))


def ask_lighthouse(address: str, program: str) -> Figures:
    """Scores and figures of one run."""
    command = [
        "node", str(FOLDER / "lighthouse" / "cli" / "index.js"), address, "--quiet", "--output=json",
        f"--only-categories={','.join(SCORES)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
    ]  # fmt: skip
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, "CHROME_PATH": program},
    )
    if run.returncode:
        raise SystemExit(f"Lighthouse: {run.stderr[-2000:]}")
    report = json.loads(run.stdout)
    audits = report["audits"]
    for category in SCORES:
        for one in report["categories"][category]["auditRefs"]:
            audit = audits[one["id"]]
            if category != "performance" and one["weight"] and audit["score"] not in (None, 1):
                tell(f"{address}: {category}: {one['id']}: {audit['title']}")
    return {
        **{category: report["categories"][category]["score"] * 100 for category in SCORES},
        **{name: audits[audit]["numericValue"] for name, (audit, _) in FIGURES.items()},
        "KB": audits["total-byte-weight"]["numericValue"] / 1024,
        "requests": len(audits["network-requests"]["details"]["items"]),
        "host": report["environment"]["benchmarkIndex"],
    }


def measure(root: Path, paths: Mapping[str, str], program: str, rounds: int) -> dict[str, Figures]:
    """Page -> medians; the pages take turns, so that other work on the machine falls on all."""
    runs: dict[str, list[Figures]] = {page: [] for page in PAGES}
    with serve(root) as (address, _):
        for number in range(rounds):
            for page in PAGES:
                runs[page].append(ask_lighthouse(f"{address}/{paths[page]}", program))
                tell(f"round {number + 1}: {page} {runs[page][-1]['performance']:.0f}")
    return {
        page: {name: statistics.median(one[name] for one in found) for name in found[0]} for page, found in runs.items()
    }


def print_lighthouse(figures: Mapping[str, Figures]) -> None:
    names = [*SCORES, *FIGURES, "KB", "requests", "host"]
    print(f"{'':10}" + "".join(f"{name:>15}" for name in names))
    for page, found in figures.items():
        print(
            f"{page:10}"
            + "".join(f"{found[name]:>15.3f}" if name == "CLS" else f"{found[name]:>15.0f}" for name in names)
        )
    print(
        f"{'budget':10}" + "".join(f"{one:>15}" for one in (*SCORES.values(), *(most for _, most in FIGURES.values())))
    )
    for name, least in SCORES.items():
        worst = min(found[name] for page, found in figures.items() if name != "seo" or page not in UNLISTED)
        judge(f"{least} / {name} of the worst page", least / worst)
    for name, (_, most) in FIGURES.items():
        judge(f"{name} of the worst page / {most:g}", max(found[name] for found in figures.values()) / most)


def print_weights(weights: Mapping[str, Weight]) -> None:
    names = [one.name for one in fields(Weight)]
    print(f"\n{'KB, gzip':14}" + "".join(f"{name:>10}" for name in (*names, "total")))
    for kind, one in weights.items():
        print(
            f"{kind:14}"
            + "".join(f"{getattr(one, name):>10.1f}" for name in names[:-1])
            + f"{one.requests:>10}{one.total:>10.1f}"
        )
    for name, most in MOST_KB.items():
        judge(f"{name} of the heaviest page / {most:g} KB", max(getattr(one, name) for one in weights.values()) / most)
    for kind, (most, requests) in MOST_TOTAL.items():
        judge(f"total of {kind} / {most:g} KB", weights[kind].total / most)
        judge(f"requests of {kind} / {requests}", weights[kind].requests / requests)


def judge(name: str, ratio: float) -> None:
    """A budget is kept where its ratio is 1 at most."""
    print(f"{name:48}{ratio:>8.3f}{'' if ratio <= 1 else '  missed'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one run a page")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    options = parser.parse_args()
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("Chromium is absent; on Debian: apt-get install chromium")
    if not FOLDER.is_dir() or shutil.which("node") is None:
        raise SystemExit("Lighthouse is absent: make lighthouse")
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        root, paths = publish_city(Path(folder) / "site")
        weights = {kind: weigh(root, path) for kind, path in paths.items()}
        figures = measure(root, paths, program, rounds)
    version = json.loads((FOLDER / "lighthouse" / "package.json").read_text(encoding="utf-8"))["version"]
    about = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "system": platform.system(), "lighthouse": version, "matrix": __version__, "rounds": rounds,
    }  # fmt: skip
    if options.json:
        told = {kind: {**asdict(one), "total": one.total} for kind, one in weights.items()}
        print(json.dumps({"about": about, "lighthouse": figures, "weights": told}, ensure_ascii=False))
        return
    print(", ".join(f"{name} {value}" for name, value in about.items()) + "\n")
    print_lighthouse(figures)
    print_weights(weights)


if __name__ == "__main__":
    main()
