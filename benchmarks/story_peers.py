"""The MinHash libraries that story_speed.py and stories.py measure; runs in their virtual environment, not in ours.

    python story_peers.py NAME speed POSTS.jsonl SIZE,SIZE,…
    python story_peers.py NAME quality PAIRS.json

Prints one JSON document. Both do what finding copies needs: a MinHash of 128 permutations of the 5-grams, query,
insert.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

PERMUTATIONS = 128
GRAM = 5
THRESHOLD = 0.5

Insert = Callable[[int, str], None]
Sketch = Callable[[str], Sequence[int]]


def cut_grams(text: str) -> list[str]:
    return [text[i : i + GRAM] for i in range(max(1, len(text) - GRAM + 1))]


def make_datasketch() -> tuple[Insert, Sketch]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)

    def sketch(text: str) -> MinHash:
        made = MinHash(num_perm=PERMUTATIONS)
        # In one batch: four times as fast as gram by gram.
        made.update_batch([gram.encode() for gram in cut_grams(text)])
        return made

    def insert(number: int, text: str) -> None:
        made = sketch(text)
        index.query(made)
        index.insert(number, made)

    return insert, lambda text: sketch(text).hashvalues


def make_rensa() -> tuple[Insert, Sketch]:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=32)

    def sketch(text: str) -> RMinHash:
        made = RMinHash(num_perm=PERMUTATIONS, seed=1)
        made.update(cut_grams(text))
        return made

    def insert(number: int, text: str) -> None:
        made = sketch(text)
        index.query(made)
        index.insert(number, made)

    return insert, lambda text: sketch(text).digest()


MAKERS = {"datasketch": make_datasketch, "rensa": make_rensa}


def measure_speed(name: str, file: Path, sizes: Sequence[int]) -> dict[str, Any]:
    """Posts, seconds and peak memory in MB of each part."""
    insert, _ = MAKERS[name]()
    parts = []
    begun = 0
    with file.open(encoding="utf-8") as lines:
        for size in sizes:
            texts = [json.loads(line)["text"] for line in islice(lines, size - begun)]
            started = time.perf_counter()
            for number, text in enumerate(texts, begun):
                insert(number, text)
            seconds = time.perf_counter() - started
            parts.append((size - begun, seconds, read_peak()))
            print(f"{name}: {size} posts, the last {size - begun} in {seconds:.0f} s", file=sys.stderr, flush=True)
            begun = size
    return {"parts": parts}


def read_peak() -> float:
    """MB. Not getrusage's, which begins with what the process had that started this one."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure_quality(name: str, file: Path) -> dict[str, dict[str, float]]:
    """On each set of pairs, at the threshold of estimated likeness at which precision and recall together are best."""
    import numpy

    _, sketch = MAKERS[name]()
    document = json.loads(file.read_text(encoding="utf-8"))
    real = {key: numpy.array(sketch(squeeze(text))) for key, text in document["real"]["texts"].items()}
    found = {
        origin: [
            (float((real[one] == real[other]).mean()), same)
            for one, other, same, label in document["real"]["pairs"]
            if label == origin
        ]
        for origin in ("hand", "rule")
    }
    clusters = numpy.array([sketch(squeeze(text)) for text in document["clusters"]["texts"]])
    labels = numpy.array(document["clusters"]["labels"])
    found["clusters"] = [
        pair
        for row in range(len(clusters) - 1)
        for pair in zip(
            (clusters[row + 1 :] == clusters[row]).mean(axis=1).tolist(),
            (labels[row + 1 :] == labels[row]).tolist(),
            strict=True,
        )
    ]
    return {kind: find_best(pairs) for kind, pairs in found.items()}


def squeeze(text: str) -> str:
    return "".join(text.split())


def find_best(pairs: Iterable[tuple[float, bool]]) -> dict[str, float]:
    """Threshold, precision and recall where their harmonic mean is greatest."""
    ordered = sorted(pairs, reverse=True)
    true = sum(same for _, same in ordered)
    best = {"threshold": 1.0, "precision": 0.0, "recall": 0.0, "f1": 0.0}
    right = 0
    for joined, (score, same) in enumerate(ordered, 1):
        right += same
        if joined < len(ordered) and ordered[joined][0] == score:
            continue
        f1 = 2 * right / (joined + true)
        if f1 > best["f1"]:
            best = {"threshold": score, "precision": right / joined, "recall": right / true, "f1": f1}
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=MAKERS)
    parser.add_argument("what", choices=("speed", "quality"))
    parser.add_argument("file", type=Path)
    parser.add_argument("sizes", nargs="?", default="")
    arguments = parser.parse_args()
    if arguments.what == "speed":
        result = measure_speed(arguments.name, arguments.file, [int(size) for size in arguments.sizes.split(",")])
    else:
        result = measure_quality(arguments.name, arguments.file)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
