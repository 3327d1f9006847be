"""One story out of many copies: how well it is found, and how fast, beside two MinHash libraries.

    python benchmarks/stories.py [--quick] [--json]

Runs story_quality.py (labelled pairs of ../shared/data/pairs) and story_speed.py (posts of its own making), and judges
the peers on the same pairs, each at the threshold that serves it best. --quick takes a part of the pairs and a
twentieth of the posts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import story_quality
import story_speed
from story_speed import tell

DURATION = "Takes some 20 minutes on two quiet cores, with --quick some 5; progress is told on the standard error."


def write_pairs(file: Path, quick: bool) -> None:
    """The labelled pairs with their texts, for the peers' environment to read."""
    posts, pairs = story_quality.read_real(story_quality.PAIRS, quick)
    clusters, rows = story_quality.read_clusters(story_quality.PAIRS, quick)
    names = list(clusters)
    document = {
        "real": {
            "texts": {key: post.text for key, post in posts.items()},
            "pairs": [(pair.one, pair.other, pair.label == "same", pair.origin) for pair in pairs],
        },
        "clusters": {
            "texts": [clusters[name].text for name in names],
            "labels": [str(rows[name]["cluster"]) for name in names],
        },
    }
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def weigh_ours(quality: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The figures of story_quality.py as those of the peers are given."""
    counts, clusters = quality["real"]["counts"], quality["clusters"]
    weighed = {}
    for origin in ("hand", "rule"):
        joined = {name.split()[1]: pair for name, pair in counts.items() if name.startswith(origin)}
        right, wrong = joined["same"][0], sum(pair[0] for label, pair in joined.items() if label != "same")
        weighed[origin] = add_f1(right / max(1, right + wrong), right / joined["same"][1])
    weighed["clusters"] = add_f1(clusters["precision"], clusters["recall"])
    return weighed


def add_f1(precision: float, recall: float) -> dict[str, float]:
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(1e-9, precision + recall)}


def measure(quick: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        python = story_speed.make_peers(Path(folder) / "peers")
        file = Path(folder) / "pairs.json"
        write_pairs(file, quick)
        tell("placing the labelled pairs and clusters")
        quality = story_quality.measure(story_quality.PAIRS, quick)
        compared = {"ours": weigh_ours(quality)}
        for name in story_speed.PEERS:
            tell(f"judging the pairs with {name}")
            compared[name] = story_speed.run_peer(python, name, "quality", file)
        speed = story_speed.measure(quick, python)
    return {"quality": quality, "quality beside peers": compared, "speed": speed}


def print_compared(compared: dict[str, dict[str, dict[str, float]]]) -> None:
    print("\npairs joined, peers each at its best threshold")
    print(f"{'':12}{'pairs':10}{'threshold':>10}{'precision':>10}{'recall':>8}{'f1':>8}")
    for kind in ("hand", "rule", "clusters"):
        for name, figures in compared.items():
            one = figures[kind]
            threshold = f"{one['threshold']:.2f}" if "threshold" in one else "-"
            print(f"{name:12}{kind:10}{threshold:>10}{one['precision']:>10.3f}{one['recall']:>8.3f}{one['f1']:>8.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=DURATION)
    parser.add_argument("--quick", action="store_true", help="a part of the pairs, a twentieth of the posts")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    arguments = parser.parse_args()
    if not story_quality.PAIRS.is_dir():
        raise SystemExit(f"{story_quality.PAIRS} is not there: the labelled pairs lie beside the checkout")
    about, report = story_speed.describe_run(), measure(arguments.quick)
    if arguments.json:
        print(json.dumps({"about": about, **report}, ensure_ascii=False, indent=2))
        return
    print(", ".join(f"{key} {value}" for key, value in about.items()))
    story_quality.print_report(report["quality"])
    print_compared(report["quality beside peers"])
    story_speed.print_report(report["speed"])


if __name__ == "__main__":
    main()
