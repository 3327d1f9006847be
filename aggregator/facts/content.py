"""What is worked out once of a text and asked many times: its sentences, their facts and grams."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from functools import cached_property
from itertools import islice
from operator import add

from aggregator.facts.find import Fact, find_facts
from aggregator.text import split_lines, squeeze, take_grams

LIMIT = 100_000
"""Characters of a text that are compared: the longest statutes are shorter, and a megabyte says no more."""

SHELF = 200_000
"""Characters of all texts whose contents are kept: some hundred bytes each, while the same posts are compared."""

REPEATED = 3
"""Times that a text says a word from which it speaks of it."""

_SENTENCE = re.compile(r"[。!?;\n]+|\.(?!\d)")
_ROAD = re.compile(r"(?<=[对在至从到、,(与和及经沿于由:])[一-鿿]{2,4}(?:路(?!交通|运输)|街(?!道)|大道|巷|弄)")
_FIRM = re.compile(r"[一-鿿]{3}(?:股份)?有限(?:责任)?公司|[一-鿿]{4}(?:集团|合作社)")
_MASK = re.compile(r"\d+")
_SMALL_NOISE = re.compile(r"[^0-9a-z一-鿿#]+")

# Two characters that may be a word; 五家 and 5家 are one.
_WORD = re.compile(r"[一-鿿]{2}(?<![〇一二两三四五六七八九十百千万亿].)(?<![〇一二两三四五六七八九十百千万亿])")


# Of nearly every sentence; made once, since making slices costs more than taking them.
_SLICES = tuple(slice(start, start + 3) for start in range(1024))


class Content:
    """A text without boilerplate, simplified; everything is worked out when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.is_whole = len(text) <= LIMIT
        self._lines = split_lines(text[:LIMIT])

    @cached_property
    def normalized(self) -> str:
        return squeeze("\n".join(self._lines))

    @cached_property
    def grams(self) -> frozenset[str]:
        return take_grams(self.normalized)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """Pairs of characters that it says again and again, most often first."""
        counts = Counter(map(add, self.normalized, self.normalized[1:]))
        often = [(-count, pair) for pair, count in counts.items() if count >= REPEATED and _WORD.fullmatch(pair)]
        return tuple(pair for _, pair in sorted(often))

    @cached_property
    def roads(self) -> tuple[str, ...]:
        """The roads it names, after a word that names begin after."""
        return tuple(dict.fromkeys(_ROAD.findall(self.flat)))

    @cached_property
    def firms(self) -> tuple[str, ...]:
        """The firms it names: the end of each name, since Chinese does not say where it begins."""
        return tuple(dict.fromkeys(_FIRM.findall(self.flat)))

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """A table's cell is a sentence."""
        return tuple(stripped for part in _SENTENCE.split("\n".join(self._lines)) if (stripped := part.strip()))

    @cached_property
    def flat(self) -> str:
        return "".join(self.sentences)

    @cached_property
    def facts(self) -> frozenset[Fact]:
        return frozenset().union(*map(find_facts, self.sentences))

    @cached_property
    def sentence_grams(self) -> tuple[frozenset[str], ...]:
        """3-grams of each sentence, all numbers taken for one."""
        return tuple(map(take_small_grams, self.sentences))

    @cached_property
    def small_grams(self) -> frozenset[str]:
        return frozenset().union(*self.sentence_grams)


def take_small_grams(sentence: str) -> frozenset[str]:
    masked = _SMALL_NOISE.sub("", _MASK.sub("#", sentence))
    count = max(1, len(masked) - 2)
    if count <= len(_SLICES):
        return frozenset(map(masked.__getitem__, islice(_SLICES, count)))
    return frozenset(masked[i : i + 3] for i in range(count))


class _Shelf:
    """The contents last asked for, as many as SHELF characters."""

    def __init__(self) -> None:
        self._contents: OrderedDict[str, Content] = OrderedDict()
        self._size = 0

    def take(self, text: str) -> Content:
        content = self._contents.get(text)
        if content is not None:
            self._contents.move_to_end(text)
            return content
        content = self._contents[text] = Content(text)
        self._size += len(text)
        while self._size > SHELF and len(self._contents) > 2:
            oldest, _ = self._contents.popitem(last=False)
            self._size -= len(oldest)
        return content


read_content = _Shelf().take
"""The content of a text."""
