"""Waiting posts compared with those that the index finds for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from aggregator.cluster import Pairs, compare_pairs, find_pairs
from aggregator.model import CandidateIndex, Progress
from aggregator.pipeline.crew import Crew
from aggregator.store import Store

BATCH = 500
"""Posts whose matches are stored in one transaction: bounds memory, and what a killed run has to do again."""


def compare_posts(
    posts: Sequence[int], candidates: CandidateIndex, store: Store, progress: Progress, crew: Crew
) -> tuple[int, ...]:
    """Store what these posts, which must all be in the index, have to do with others.

    Returned are others that one of them matched before. The matches do not depend on who compares.
    """
    reached: dict[int, None] = {}
    saved: set[int] = set()
    results = crew.share(compare_pairs, _find_pairs(posts, candidates))
    for start, found in groupby(results, itemgetter(0)):
        batch = posts[start : start + BATCH]
        matches = [match for _, some in found for match in some]
        progress("比对文章", len(saved), len(posts))
        with store.transaction():
            reached.update(dict.fromkeys(store.stories.save_matches(batch, matches, saved)))
        saved.update(batch)
    progress("比对文章", len(posts), len(posts))
    return tuple(reached)


def _find_pairs(posts: Sequence[int], candidates: CandidateIndex) -> Iterator[tuple[int, Pairs]]:
    """(where a batch of these posts begins, some of what it is to be compared with); at least one of each batch."""
    asked: set[int] = set()
    for start in range(0, len(posts), BATCH):
        batch = posts[start : start + BATCH]
        pairs: Pairs = (), {}
        for pairs in find_pairs(batch, candidates, asked):
            yield start, pairs
        if not pairs[0]:
            yield start, pairs
        asked.update(batch)
