"""Grams and shards: what a query asks for is in as many small files as it has pairs of characters.

A shard has, of each article of its part in their order, the marks of those grams that fall into it: a byte from 1 to
255 each, and 0 behind each article. A mark stands for one gram in 255 by chance: what a browser finds it looks up in
the article's words before it shows it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from zlib import crc32

from aggregator.plugins.stories.search.folding import BREAK

MARKS = 255

_UNIT = 2
"""Bytes of UTF-16, in which browsers count."""
_BREAK = BREAK.encode("utf-16-le")
_MARK = bytes(value % MARKS + 1 for value in range(256))

_KEPT = 200_000
"""Pairs of characters whose hash is kept: some 30 MB. A text has few that the others of its part have not."""

_NONE = -1
"""In place of a hash, of a pair that a BREAK divides."""


def hash_gram(gram: str) -> int:
    """32 bits: the lowest choose the shard, the highest eight the mark, the eight below them the mark in a title."""
    return crc32(gram.encode("utf-16-le", "surrogatepass"))


class _Hashes(dict[int, int]):
    """Two characters as a number of 32 bits -> the pair's hash, or _NONE; made for each that is met."""

    def __missing__(self, pair: int) -> int:
        if len(self) >= _KEPT:
            self.clear()
        gram = pair.to_bytes(2 * _UNIT, sys.byteorder)
        divided = _BREAK in (gram[:_UNIT], gram[_UNIT:])
        self[pair] = found = _NONE if divided else crc32(gram)
        return found


_hashes = _Hashes()


def hash_grams(folded: str) -> list[int]:
    """Of all pairs of characters that no BREAK divides, each once, in an order that depends on the text alone."""
    data = folded.encode("utf-16-le", "surrogatepass")
    # The first, third, … pair, then the second, fourth, …: read as numbers, they are not even cut out.
    pairs = (_read_pairs(data, start) for start in (0, _UNIT))
    found = list(map(_hashes.__getitem__, dict.fromkeys(chain.from_iterable(pairs))))
    return [one for one in found if one != _NONE] if _NONE in found else found


def _read_pairs(data: bytes, start: int) -> list[int]:
    count = (len(data) - start) // (2 * _UNIT)
    return memoryview(data)[start : start + count * 2 * _UNIT].cast("I").tolist()


def make_shards(articles: Iterable[tuple[str, str, Sequence[str]]], size: int) -> Iterator[bytes]:
    """The shards of a part; `articles` are (folded title, folded text, what it is filtered by), `size` is a power of
    two.
    """
    shards = [bytearray() for _ in range(size)]
    last = size - 1
    for title, text, facets in articles:
        for number in hash_grams(f"{title}{BREAK}{text}"):
            shards[number & last].append(_MARK[number >> 24])
        # A single character is looked for in titles alone.
        for number in (*hash_grams(title), *map(hash_gram, dict.fromkeys(title.replace(BREAK, "")))):
            shards[number & last].append(_MARK[number >> 16 & 255])
        for number in map(hash_gram, facets):
            shards[number & last].append(_MARK[number >> 24])
        for shard in shards:
            shard.append(0)
    return map(bytes, shards)
