"""Which grams are frequent: counted in the stories of a sample, or, of posts that are in none yet, in days.

Not in posts: the copies of one notice, which all come within some days, would make all its grams frequent.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Protocol, TypeVar, TypeVarTuple

from aggregator.text import find_repeated, gather_grams

FREQUENT = 1024
"""A gram is frequent in the stories, or days, of more than one in so many posts of the sample: a hundred thousand posts
then hold some hundred of it, as many as can be compared with one."""

UNIT = 500
"""Posts looked at of one story or day, and texts held at a time."""

_BLOCKS = 2
"""Of a text of a million grams the first eight thousand are counted."""

_RANGES = 16
"""Parts in which the hashes are counted: what is at hand in a processor is counted twice as fast, and other processes
take parts each. All grams of a sample are some ten megabytes."""

_RANGE = (1 << 32) // _RANGES

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

ReadTexts = Callable[[Sequence[int]], Iterable[tuple[int, str, str]]]
"""(id, title, text) of posts."""


class Share(Protocol):
    """What the function gives for the arguments of each task, in their order, whoever works on it."""

    def __call__(
        self, function: Callable[[*Ts], T], tasks: Iterable[tuple[None, tuple[*Ts]]]
    ) -> Iterator[tuple[None, T]]: ...


def do_alone(function: Callable[[*Ts], T], tasks: Iterable[tuple[None, tuple[*Ts]]]) -> Iterator[tuple[None, T]]:
    """As `Share`."""
    return ((key, function(*arguments)) for key, arguments in tasks)


def count_frequent(units: Mapping[int, str], read_texts: ReadTexts, share: Share = do_alone) -> list[int]:
    """Hashes of the frequent grams, ascending. `units`: of each post the story or the day that it counts for."""
    least = max(4, len(units) // FREQUENT)
    ranges = [array("I") for _ in range(_RANGES)]
    for _, gathered in share(gather_grams, _read_units(units, read_texts)):
        for grams in gathered:
            start = 0
            for number, one in enumerate(ranges, 1):
                end = bisect_left(grams, number * _RANGE, start)
                one.extend(grams[start:end])
                start = end
    repeated = share(find_repeated, ((None, (one, least)) for one in ranges))
    return [gram for _, grams in repeated for gram in grams]


def _read_units(
    units: Mapping[int, str], read_texts: ReadTexts
) -> Iterator[tuple[None, tuple[Sequence[Sequence[str]], int]]]:
    """The texts of some stories or days at a time, each whole, as `gather_grams` takes them."""
    some: list[list[int]] = []
    for _, posts in groupby(sorted(units, key=units.__getitem__), units.__getitem__):
        some.append(list(islice(posts, UNIT)))
        if sum(map(len, some)) >= UNIT:
            yield None, (_load(some, read_texts), _BLOCKS)
            some = []
    if some:
        yield None, (_load(some, read_texts), _BLOCKS)


def _load(groups: Sequence[Sequence[int]], read_texts: ReadTexts) -> list[list[str]]:
    texts = {post: text for post, _, text in read_texts([post for group in groups for post in group])}
    return [[texts[post] for post in group] for group in groups]
