"""Grams and shards: what a query asks for is in as many small files as it has pairs of characters.

A shard has, of each article of its part in their order, the marks of those grams that fall into it: a byte from 1 to
255 each, and 0 behind each article. A mark stands for one gram in 255 by chance: what a browser finds it looks up in
the article's words before it shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from zlib import crc32

from aggregator.plugins.stories.search.folding import BREAK

MARKS = 255

_UNIT = 2
"""Bytes of UTF-16, in which browsers count."""
_BREAK = BREAK.encode("utf-16-le")
_SLICES = tuple(slice(start, start + 2 * _UNIT) for start in range(0, 1 << 14, _UNIT))
_MARK = bytes(value % MARKS + 1 for value in range(256))


def hash_gram(gram: str) -> int:
    """32 bits: the lowest choose the shard, the highest eight the mark, the eight below them the mark in a title."""
    return crc32(gram.encode("utf-16-le", "surrogatepass"))


def hash_grams(folded: str) -> list[int]:
    """Of all pairs of characters that no BREAK divides, each once, in the order of the text."""
    data = folded.encode("utf-16-le", "surrogatepass")
    grams: dict[bytes, None] = {}
    for start in range(0, len(data) - _UNIT, len(_SLICES) * _UNIT):
        block = data[start : start + (len(_SLICES) + 1) * _UNIT]
        grams.update(dict.fromkeys(map(block.__getitem__, islice(_SLICES, len(block) // _UNIT - 1))))
    return [crc32(gram) for gram in grams if gram[:_UNIT] != _BREAK and gram[_UNIT:] != _BREAK]


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
