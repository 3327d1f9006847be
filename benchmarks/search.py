"""The search page in a real browser: what it finds, what a first search loads, what the index costs.

    python benchmarks/search.py [--quick] [--json]

*Quality*: 2,000 news pages of ../shared/data/articles, published with this theme, and the queries of
search_queries.txt, asked of the page as a reader would. True is what has all words of the query in its headline or
text, Traditional script and full width made alike by OpenCC and NFKC over whole texts, which is not how the index does
it. Recall counts all that the page shows when it is asked for more until there is no more; precision the first ten.

*Bytes*: 10,000 posts of about 1,080 characters, 27 a day; what a browser loads that has never been there, from the
search page with its style sheets and script to the first results, compressed by the server as docs/operations.md has
it. *Parts* is the number of parts of the index.

*Cost*: `matrix build` as a process with one new post, with this theme and with the same theme without its search page;
and the index's own bytes.

Needs Chromium. Linux only.
"""

from __future__ import annotations

import argparse
import json
import lzma
import shutil
import statistics
import sys
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from building.measure import tell
from building.ours import OurSite
from building.posts import ZONE, Post
from loopback.site import serve
from opencc import OpenCC
from playwright.sync_api import Browser, Page, sync_playwright

from aggregator.cluster.place import make_story_id

HERE = Path(__file__).resolve().parent
NEWS = HERE.parent.parent / "shared" / "data" / "articles" / "xwlb.jsonl.xz"
QUERIES = HERE / "search_queries.txt"
THEME = HERE.parent / "themes" / "portal"
PAGES, SIZE = 2_000, 10_000
QUICK_PAGES, QUICK_SIZE = 300, 1_000
LEAST_RECALL, LEAST_PRECISION, MOST_BYTES = 0.98, 0.9, 150_000
FIRST = ("公积金", "人力资源和社会保障局", "医保 报销", "停水", "习近平")
"""Queries of which a first search is measured: two characters, a long name, two words."""
ROUNDS = 5
PATIENCE = 60_000
"""Milliseconds after which something hangs."""

_CONVERTER = OpenCC("t2s")
_FLAT = str.maketrans(dict.fromkeys(" \t\u3000\xa0"))
_QUOTES = str.maketrans(dict.fromkeys('"“”「」'))


# Quality ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    query: str
    true: int
    recall: float
    precision: float


def read_news(count: int) -> list[Post]:
    """As posts of one account, each with a number of its own."""
    posts = []
    with lzma.open(NEWS, "rt", encoding="utf-8") as lines:
        for number, line in zip(range(count), lines, strict=False):
            item = json.loads(line)
            day = datetime.fromisoformat(item["date"]).replace(hour=19, minute=number % 60, tzinfo=ZONE)
            posts.append(Post(number, f"u{number % 3}", "news", item["title"], tuple(item["text"].split("\n")), day))
    return posts


@cache
def flatten(text: str) -> str:
    plain = _CONVERTER.convert(unicodedata.normalize("NFKC", text)).lower()
    return str(plain).translate(_FLAT)


def find_true(query: str, posts: Sequence[Post]) -> set[str]:
    """Headlines of the posts that have all words of a query."""
    words = [flatten(word.translate(_QUOTES)) for word in query.split()]
    return {
        str(post.number)
        for post in posts
        if all(word in flatten(post.title + "\n" + "\n".join(post.paragraphs)) for word in words)
    }


def ask(page: Page, query: str) -> list[str]:
    """Addresses of all results, as the page shows them."""
    page.locator("#search input[name=q]").fill(query)
    page.locator("#search button[type=submit]").click()
    settled = "() => document.getElementById('results').getAttribute('aria-busy') === 'false'"
    page.wait_for_function(settled, timeout=PATIENCE)
    more = page.locator("#more")
    while more.is_visible():
        more.click()
        page.wait_for_function(settled, timeout=PATIENCE)
    links: list[str] = page.eval_on_selector_all("#results a", "all => all.map(one => one.getAttribute('href'))")
    return links


def publish_news(scratch: Path, posts: Sequence[Post]) -> OurSite:
    site = OurSite(scratch / "news", len(posts))
    site.prepare(posts)
    site.dress_portal()
    site.reset()
    site.build()
    return site


def measure_quality(site: OurSite, posts: Sequence[Post], browser: Browser) -> list[Found]:
    stories = {f"s/{make_story_id(post.account, post.name)}.html": str(post.number) for post in posts}
    found: list[Found] = []
    with serve(site.output) as (base, _):
        page = browser.new_page()
        page.goto(f"{base}/search.html")
        for line in QUERIES.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            kind, query = line.split("\t")
            true = find_true(query, posts)
            shown = [stories[address] for address in ask(page, query)]
            recall = len(true & {*shown}) / len(true) if true else 1.0
            first = shown[:10]
            precision = sum(one in true for one in first) / len(first) if first else 1.0
            found.append(Found(kind, query, len(true), recall, precision))
            tell(f"{query}: {len(true)} true, {len(shown)} shown, recall {recall:.3f}, precision {precision:.3f}")
        page.close()
    return found


# Bytes and cost -----------------------------------------------------------------------------------------------


def measure_bytes(site: OurSite, browser: Browser) -> dict[str, float]:
    """Of each first search, with nothing in the browser."""
    loaded = {}
    for query in FIRST:
        with serve(site.output) as (base, counter):
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{base}/search.html?q={query}")
            page.wait_for_function(
                "() => /条|没有/.test(document.getElementById('found').textContent)", timeout=PATIENCE
            )
            page.wait_for_load_state("networkidle")
            loaded[query] = float(counter.bytes)
            tell(f"{query}: {counter.bytes} bytes, {counter.files} files, {page.text_content('#found')}")
            context.close()
    return loaded


def measure_cost(site: OurSite, scratch: Path, rounds: int) -> dict[str, float]:
    bare = scratch / "theme"
    shutil.copytree(THEME, bare, dirs_exist_ok=True)
    (bare / "templates" / "search.html").unlink()
    figures: dict[str, float] = {}
    for name in ("without index", "with index"):
        site.reset()
        site.dress_portal(**({"THEME": str(bare)} if name == "without index" else {}))
        figures[f"full build {name}"] = site.build().wall
        runs = []
        for _ in range(rounds):
            site.add_post()
            runs.append(site.build().wall)
        figures[f"one new post {name}"] = statistics.median(runs)
    index = [file for file in (site.output / "search").rglob("*") if file.is_file()]
    figures["index bytes a post"] = sum(f.stat().st_size for f in index if f.suffix != ".json") / site.posts
    figures["words bytes a post"] = sum(f.stat().st_size for f in index if f.suffix == ".json") / site.posts
    figures["files"] = len(index)
    figures["parts"] = len(json.loads((site.output / "search" / "index.json").read_bytes())["parts"])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    pages, size, rounds = (QUICK_PAGES, QUICK_SIZE, 2) if options.quick else (PAGES, SIZE, ROUNDS)
    program = shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is absent; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        posts = read_news(pages) if NEWS.exists() else []
        news = publish_news(scratch, posts)
        city = OurSite(scratch / "city", size)
        city.prepare()
        cost = measure_cost(city, scratch, rounds)
        # Not before: processes of a browser would be waited for with those of a build.
        with sync_playwright() as playwright:
            options_of_containers = ["--no-sandbox", "--disable-dev-shm-usage"]
            browser = playwright.chromium.launch(executable_path=program, args=options_of_containers)
            found = measure_quality(news, posts, browser) if posts else []
            loaded = measure_bytes(city, browser)
            browser.close()
    figures = {
        "recall": statistics.mean(one.recall for one in found) if found else 0.0,
        "worst recall": min((one.recall for one in found), default=0.0),
        "precision of the first ten": statistics.mean(one.precision for one in found) if found else 0.0,
        "bytes of a first search, most": max(loaded.values()),
        **{f"bytes, {query}": number for query, number in loaded.items()},
        **cost,
    }
    if options.json:
        print(json.dumps({"figures": figures, "queries": [vars_of(one) for one in found]}, ensure_ascii=False))
        return
    for one in found:
        print(f"{one.kind:14}{one.true:6}  recall {one.recall:5.3f}  precision {one.precision:5.3f}  {one.query}")
    print(f"\n{len(found)} queries over {pages} pages; {size} posts for bytes and cost\n")
    for name, value in figures.items():
        print(f"{name:48}{value:12.3f}")
    print()
    if found:
        judge("recall", figures["recall"] >= LEAST_RECALL, f">= {LEAST_RECALL}")
        judge(
            "precision of the first ten",
            figures["precision of the first ten"] >= LEAST_PRECISION,
            f">= {LEAST_PRECISION}",
        )
    judge("bytes of a first search, most", figures["bytes of a first search, most"] <= MOST_BYTES, f"<= {MOST_BYTES}")


def judge(name: str, kept: bool, target: str) -> None:
    print(f"{name:48}{target:>12}  {'' if kept else 'missed'}")


def vars_of(one: Found) -> dict[str, object]:
    return {"kind": one.kind, "query": one.query, "true": one.true, "recall": one.recall, "precision": one.precision}


if __name__ == "__main__":
    main()
