"""Waiting posts into the index by which copies are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aggregator.model import Fingerprint, Progress
from aggregator.pipeline.crew import Crew
from aggregator.store import Store
from aggregator.text import take_fingerprints

BATCH = 1000
"""Posts whose fingerprints are taken at a time."""

WRITTEN = 24 * BATCH
"""Posts written to the index in one transaction, some 2 KB of fingerprint each. Their keys are spread over the whole
index: a thousand posts more rewrite half its pages once they are fifty thousand."""

BATCH_CHARACTERS = 4_000_000
"""Characters of the texts held at a time, of posts that are megabytes long."""


def index_posts(posts: Sequence[int], store: Store, progress: Progress, crew: Crew) -> None:
    """All of them before any is compared: who finds whom is then no matter of batches."""
    common = store.index.load_common()
    held: list[int] = []
    prints: dict[int, Fingerprint] = {}
    done = 0
    tasks = ((batch, (texts, common)) for batch, texts in _read_batches(posts, store))
    for batch, taken in crew.share(take_fingerprints, tasks):
        progress("建立索引", done, len(posts))
        done += len(batch)
        held.extend(batch)
        prints.update(taken)
        if len(held) >= WRITTEN or done == len(posts):
            store.index.save(held, prints)
            held.clear()
            prints.clear()
    progress("建立索引", done, len(posts))


def _read_batches(posts: Sequence[int], store: Store) -> Iterator[tuple[Sequence[int], Sequence[tuple[int, str, str]]]]:
    """(posts, id with title and text of the live ones among them)."""
    for start in range(0, len(posts), BATCH):
        waiting = set(posts[start : start + BATCH])
        texts: list[tuple[int, str, str]] = []
        characters = 0
        for row in store.index.read_texts(posts[start : start + BATCH]):
            texts.append(row)
            characters += len(row[2])
            if characters > BATCH_CHARACTERS:
                batch = [one[0] for one in texts]
                yield batch, texts
                waiting.difference_update(batch)
                texts, characters = [], 0
        yield sorted(waiting), texts
