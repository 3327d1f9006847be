"""How well copies of a piece of news are found, and template notices kept apart: confusion counts on labelled pairs.

    python benchmarks/story_quality.py [--quick] [--json]

Reads ../shared/data/pairs beside the checkout: pairs of real news labelled by hand and by rule, and synthetic
clusters of official texts with their re-posts. Each set is put into a store of its own and placed by the real
pipeline; "joined" is what stands in one story at the end. --quick takes a quarter of the clusters and half the pairs.
Failures are listed with the step of the ladder that decided.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import os
import platform
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from aggregator import __version__
from aggregator.cluster import judge
from aggregator.dates import parse_date
from aggregator.model import Account, Document, Post, Registry
from aggregator.pipeline.channel import place_waiting
from aggregator.store import Store
from aggregator.text import normalize
from aggregator.urls import canonical_url

PAIRS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "pairs"
NOW = datetime(2026, 11, 20, tzinfo=UTC)

TARGETS = {
    "clusters precision": 0.985,
    "clusters recall": 0.96,
    "hand same": 0.85,
    "rule precision": 0.995,
    "rule recall": 0.98,
}
"""At least this much; of what is no copy, at most NOT_SAME."""
NOT_SAME = 0.04


@dataclass(frozen=True)
class Pair:
    one: str
    other: str
    label: str
    """same, or what else: different, related, roundup, template."""
    origin: str
    """hand or rule for real pairs; for clusters, what was done to the two texts."""


@dataclass(frozen=True)
class Placed:
    """What the pipeline made of a set of posts."""

    documents: Mapping[str, Document]
    story: Mapping[str, str]
    candidates: Mapping[str, frozenset[str]]

    def joins(self, one: str, other: str) -> bool:
        return self.story[one] == self.story[other]

    def explain(self, one: str, other: str) -> str:
        """The step that decided, as staff read it."""
        if other not in self.candidates[one] and one not in self.candidates[other]:
            return "候选：索引没有找到"
        verdict = judge(self.documents[one], self.documents[other])
        step = verdict.steps[-1]
        joined = verdict.match is not None and not verdict.match.is_link
        if joined != self.joins(one, other):
            return f"归并：{'两篇相配，不在同一条' if joined else '两篇不相配，因同一首发文章在同一条'}"
        return f"{step.name}：{step.outcome} {step.detail}".strip()


def read_lines(file: Path) -> list[dict[str, Any]]:
    text = lzma.decompress(file.read_bytes()) if file.suffix == ".xz" else file.read_bytes()
    return [json.loads(line) for line in text.decode().splitlines()]


def is_taken(name: str, share: int) -> bool:
    """One of `share`, the same in every run."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest()) % share == 0


def read_real(folder: Path, quick: bool) -> tuple[dict[str, Post], list[Pair]]:
    pairs = [Pair(row["a"], row["b"], row["label"], row["from"]) for row in read_lines(folder / "pairs.jsonl")]
    if quick:
        pairs = [pair for pair in pairs if is_taken(pair.one, 2)]
    wanted = {name for pair in pairs for name in (pair.one, pair.other)}
    rows = [row for row in read_lines(folder / "documents.jsonl.xz") if row["id"] in wanted]
    posts = {
        row["id"]: Post(
            account=row["source"],
            key=row["id"],
            title=" ".join(row["title"].split()),
            canonical_url=canonical_url(row["url"]),
            text=row["text"],
            published=parse_date(row["date"], now=NOW),
        )
        for row in rows
    }
    return posts, pairs


def read_clusters(folder: Path, quick: bool) -> tuple[dict[str, Post], dict[str, dict[str, Any]]]:
    rows = read_lines(folder / "synthetic_clusters.jsonl.xz")
    by_name = {f"s{row['id']}": row for row in rows if not quick or is_taken(row["cluster"], 4)}
    posts = {
        name: Post(account=row["acct"] or "其他", key=name, title=row["title"], text=row["body"], published=NOW)
        for name, row in by_name.items()
    }
    return posts, by_name


def place(posts: Mapping[str, Post]) -> Placed:
    """The posts through the real store, index and pipeline."""
    accounts = tuple(
        Account(name, name, name, "website", "department", "示例市")
        for name in sorted({post.account for post in posts.values()})
    )
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.sqlite") as store:
        for account in accounts:
            store.posts.save(account.id, [post for post in posts.values() if post.account == account.id], NOW)
        place_waiting(Registry(accounts), store, NOW, lambda *_: None)
        names = {store.posts.find(post.account, name): name for name, post in posts.items()}
        stories = store.stories.load()
        index = store.candidates({account.id: account for account in accounts})
        documents = index.load_documents(sorted(names))
        found = {
            names[document.post]: frozenset(names[post] for post in index.find_candidates(document.post))
            for document in documents
        }
    story = {names[member.post]: one.id for one in stories for member in one.members}
    return Placed({names[document.post]: document for document in documents}, story, found)


def measure_real(folder: Path, quick: bool) -> dict[str, Any]:
    posts, pairs = read_real(folder, quick)
    placed = place(posts)
    joined = Counter((pair.origin, pair.label) for pair in pairs if placed.joins(pair.one, pair.other))
    total = Counter((pair.origin, pair.label) for pair in pairs)
    failures = [
        (placed.explain(pair.one, pair.other), pair.label, pair.one, pair.other)
        for pair in pairs
        if placed.joins(pair.one, pair.other) != (pair.label == "same")
    ]
    right, wrong = joined["rule", "same"], joined["rule", "different"]
    return {
        "posts": len(posts),
        "counts": {f"{origin} {label}": [joined[origin, label], total[origin, label]] for origin, label in total},
        "hand": {label: joined["hand", label] / total["hand", label] for origin, label in total if origin == "hand"},
        "rule": {"precision": share(right, right + wrong), "recall": share(right, total["rule", "same"])},
        "failures": sorted(failures),
    }


def measure_clusters(folder: Path, quick: bool) -> dict[str, Any]:
    posts, rows = read_clusters(folder, quick)
    placed = place(posts)
    kinds: dict[str, list[int]] = {}
    failures: list[tuple[str, str, str, str]] = []
    noise: list[str] = []
    counts: Counter[str] = Counter()
    for one, other in combinations(posts, 2):
        same, joined = rows[one]["cluster"] == rows[other]["cluster"], placed.joins(one, other)
        if not same and not joined:
            continue
        kind = "+".join(sorted((rows[one]["kind"], rows[other]["kind"])))
        if same:
            found = kinds.setdefault(kind, [0, 0])
            found[0] += joined
            found[1] += 1
            counts["found" if joined else "missed"] += 1
        else:
            counts["wrong"] += 1
            counts["templates"] += all(rows[name]["kind"].startswith("tpl_") for name in (one, other))
            if normalize(posts[one].text) == normalize(posts[other].text) and posts[one].title == posts[other].title:
                noise.append(f"{one} {other}")
        if same != joined:
            failures.append((placed.explain(one, other), kind, one, other))
    return {
        "posts": len(posts),
        "counts": {name: counts[name] for name in ("found", "missed", "wrong", "templates")},
        "precision": share(counts["found"], counts["found"] + counts["wrong"]),
        "recall": share(counts["found"], counts["found"] + counts["missed"]),
        "noise": noise,
        "kinds": {kind: found for kind, found in sorted(kinds.items()) if found[0] < found[1]},
        "failures": sorted(failures),
    }


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def check(real: Mapping[str, Any], clusters: Mapping[str, Any]) -> Iterator[tuple[str, float, str, bool]]:
    """(figure, value, target, whether it is met)."""
    values = {
        "clusters precision": clusters["precision"],
        "clusters recall": clusters["recall"],
        "hand same": real["hand"].get("same", 1.0),
        "rule precision": real["rule"]["precision"],
        "rule recall": real["rule"]["recall"],
    }
    for name, value in values.items():
        yield name, value, f">= {TARGETS[name]}", value >= TARGETS[name]
    for label in ("related", "different", "roundup"):
        value = real["hand"].get(label, 0.0)
        yield f"hand {label}", value, f"<= {NOT_SAME}", value <= NOT_SAME
    wrong = clusters["counts"]["templates"] - len(clusters["noise"])
    yield "templates joined", wrong, "<= 0", wrong <= 0


def print_failures(title: str, failures: Sequence[tuple[str, str, str, str]]) -> None:
    print(f"\n{title}: {len(failures)}")
    by_cause: dict[str, list[tuple[str, str, str, str]]] = {}
    for failure in failures:
        by_cause.setdefault(failure[0].split("：")[0], []).append(failure)
    for cause, ones in sorted(by_cause.items(), key=lambda item: -len(item[1])):
        print(f"  {cause}: {len(ones)}")
        for reason, label, one, other in ones:
            print(f"    {one} {other} ({label}) {reason.partition('：')[2]}")


def measure(folder: Path, quick: bool) -> dict[str, Any]:
    real, clusters = measure_real(folder, quick), measure_clusters(folder, quick)
    return {"real": real, "clusters": clusters, "targets": list(check(real, clusters))}


def print_report(report: Mapping[str, Any]) -> None:
    real, clusters = report["real"], report["clusters"]
    print(f"\nreal pairs, {real['posts']} posts: joined of all")
    for name, (joined, total) in sorted(real["counts"].items()):
        print(f"  {name:18}{joined:6} of {total}")
    counts = ", ".join(f"{name} {value}" for name, value in clusters["counts"].items())
    print(f"synthetic clusters, {clusters['posts']} posts: pairs {counts}")
    print(f"  label noise, two clusters with one text and headline: {', '.join(clusters['noise']) or '-'}")
    print()
    for name, value, target, met in report["targets"]:
        print(f"{name:20}{value:8.4f}  {target:10}{'' if met else 'MISSED'}")
    print_failures("real pairs judged otherwise", real["failures"])
    print_failures("synthetic pairs judged otherwise", clusters["failures"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a quarter of the clusters, half the pairs")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    arguments = parser.parse_args()
    if not PAIRS.is_dir():
        raise SystemExit(f"{PAIRS} is not there: the labelled pairs lie beside the checkout")
    report = measure(PAIRS, arguments.quick)
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "program": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
    }
    if arguments.json:
        print(json.dumps({"about": about, **report}, ensure_ascii=False, indent=2))
    else:
        print(", ".join(f"{key} {value}" for key, value in about.items()))
        print_report(report)


if __name__ == "__main__":
    main()
