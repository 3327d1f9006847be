"""Facts that tell one notice from another written on the same template: dates, times, amounts, numbers, places.

Two notices of water outages share nine words of ten; they are two stories because road and date differ.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache

from aggregator.text import split_lines, take_grams

_SENTENCE = re.compile(r"[。!?!?;;\n]+")

# Longest first: a 文号 and a date are one fact each, not three numbers.
_FACT = re.compile(
    r"[〔\[(（]\d{4}[〕\])）]\s*(?:第)?\s*\d+\s*号"
    r"|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日"
    r"|\d{1,2}[:：时]\d{0,2}"
    r"|\d{3,4}-\d{7,8}|1\d{10}"
    r"|\d+(?:\.\d+)?"
)
_SPELLING = re.compile(r"\s|(?<![\d.:])0+(?=\d)")
_BRACKETS = str.maketrans("[](（)）：", "〔〕〔〔〕〕:")
# NFKC has made III of Ⅲ.
_COLOUR = re.compile(r"[蓝黄橙红]色(?:预警|警报)?|(?:iv|i{1,3}|[一二三四])级(?:应急)?(?:响应|预警)")

# Typesetters put spaces around digits: 9 月 1 日 is the date that 9月1日 is.
_GAP = re.compile(r"(?<=\d)\s+(?=[年月日号时点分])|(?<=[年月日时第])\s+(?=\d)|(?<=[〕\])])\s+(?=第?\s*\d)")

# What stands before one of these is a place or a body: replaced, the notice is another one.
_PLACE = re.compile(
    r"[一-鿿]{1,8}(?:路|街|大道|巷|弄|村|社区|小区|花园|镇|乡|街道|区|县|桥|隧道|站|线|学校|中学|小学|医院|公园|广场|局|中心)"
)

# A road for another road is another outage however much else agrees; a street's notice names its own centre or school.
_ROAD = re.compile(r"路|街(?!道)|大道|巷|弄|小区|花园|村|桥|隧道")
_NAMED_ROAD = re.compile(rf"([一-鿿]{{2,8}}?)(?:{_ROAD.pattern})")
_GENERAL = re.compile(r"[本各我全市该此县区]*")

SHARED_SENTENCE = 0.45
"""Share of a sentence's grams, numbers aside, that makes it the same sentence of a template in the other text."""

LONG_SENTENCE = 300
"""Characters beyond which a sentence is taken clause by clause."""

MAX_ALIGNED = 20
"""Clauses aligned at most; one other place is enough."""

_MASK = re.compile(r"\d+")
_HAN = re.compile(r"[一-鿿]")


@lru_cache(maxsize=1024)
def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a plain text without boilerplate lines; a table's cell is a sentence."""
    return tuple(stripped for part in _SENTENCE.split("\n".join(split_lines(text))) if (stripped := part.strip()))


@lru_cache(maxsize=4096)
def find_facts(sentence: str) -> frozenset[str]:
    """Dates, times, document numbers, phone numbers, amounts, alert colours of one simplified sentence.

    Spelled alike however they were typed: 09月01日 is 9月1日, [2026]12号 is 〔2026〕12号.
    """
    found = {_SPELLING.sub("", fact).translate(_BRACKETS) for fact in _FACT.findall(_GAP.sub("", sentence))}
    return frozenset(found | set(_COLOUR.findall(sentence)))


@lru_cache(maxsize=1024)
def _find_all_facts(text: str) -> frozenset[str]:
    return frozenset().union(*(find_facts(sentence) for sentence in split_sentences(text)))


@lru_cache(maxsize=1024)
def _take_all_grams(text: str) -> frozenset[str]:
    return frozenset().union(*(_small_grams(sentence) for sentence in split_sentences(text)))


@lru_cache(maxsize=4096)
def _small_grams(text: str) -> frozenset[str]:
    masked = re.sub(r"[^0-9a-z一-鿿#]+", "", _MASK.sub("#", text))
    return frozenset(masked[i : i + 3] for i in range(max(1, len(masked) - 2)))


def find_differences(shorter: str, longer: str) -> tuple[str, ...]:
    """Facts of the shorter text that the longer one does not state, in sentences that both carry.

    A sentence that stands in one text only is an addition (a header, a hotline) and proves nothing. Where
    both carry the sentence with another date or number, the two are different notices.
    """
    facts = _find_all_facts(longer)
    return tuple(
        dict.fromkeys(
            fact for sentence in _list_shared(shorter, longer) for fact in sorted(find_facts(sentence) - facts)
        )
    )


def find_replaced_places(shorter: str, longer: str) -> tuple[tuple[str, str], ...]:
    """(place or body that only the shorter text names, what the longer one has in the same position).

    Where one road, estate or village stands for another, both are whole: (枫桥路, 长江路).
    """
    others = split_sentences(longer)
    flat = "".join(others)
    clauses = _split_long(others)
    missing = [
        clause
        for clause in _split_long(_list_shared(shorter, longer))
        if any(place not in flat for place in _PLACE.findall(clause))
    ]
    replaced = [pair for clause in missing[:MAX_ALIGNED] for pair in _align(clause, clauses, flat)]
    return tuple(dict.fromkeys(replaced))


def _split_long(sentences: tuple[str, ...]) -> tuple[str, ...]:
    """Sentences short enough to align: a list of a thousand names is one sentence, and aligning is quadratic."""
    return tuple(
        part[start : start + LONG_SENTENCE]
        for sentence in sentences
        for part in ([sentence] if len(sentence) <= LONG_SENTENCE else re.split(r"[、，,]", sentence))
        for start in range(0, max(1, len(part)), LONG_SENTENCE)
    )


def _list_shared(shorter: str, longer: str) -> tuple[str, ...]:
    """Sentences of the shorter text that the longer one has too, numbers aside."""
    grams = _take_all_grams(longer)
    return tuple(
        sentence
        for sentence in split_sentences(shorter)
        if len((own := _small_grams(sentence)) & grams) >= SHARED_SENTENCE * len(own)
    )


def _align(sentence: str, others: tuple[str, ...], flat: str) -> Iterator[tuple[str, str]]:
    """What stands in the place of something else in the most similar sentence of the other text."""
    grams = take_grams(sentence)
    nearest = max(others, key=lambda other: (len(grams & take_grams(other)), -abs(len(other) - len(sentence))))
    for tag, i, j, k, m in difflib.SequenceMatcher(None, sentence, nearest, autojunk=False).get_opcodes():
        old, new = sentence[i:j], nearest[k:m]
        named = _PLACE.search(sentence[max(0, i - 8) : j + 3])
        if tag == "replace" and named and _HAN.search(old) and _HAN.search(new) and old not in flat:
            yield _take_road(old, sentence[j:]), _take_road(new, nearest[m:])


def is_road(place: str) -> bool:
    """Whether this is the name of one road, estate or village, not any (「各小区」)."""
    named = _NAMED_ROAD.fullmatch(place)
    return named is not None and not _GENERAL.fullmatch(named.group(1))


def _take_road(name: str, rest: str) -> str:
    """The name with the 「路」 that follows it in both texts."""
    following = _ROAD.match(rest)
    return name + following.group() if following else name
