"""When two notices on one template are two: another fact, or another place or person, in the same sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from aggregator.facts.content import Content, take_small_grams
from aggregator.facts.find import Fact, find_facts, states

SHARED_SENTENCE = 0.45
"""Share of a sentence's grams, numbers aside, that makes it the same sentence of a template in the other text."""

LONG_SENTENCE = 300
"""Characters beyond which a sentence is taken clause by clause."""

LONG_PLACE = 10
"""Characters beyond which what stands in the position of a place is no place."""

MAX_ALIGNED = 20
"""Sentences aligned at most; one other place is enough."""

SLIPS_OF_ONE = 2
"""Slips of one sentence that count."""

MIN_SLIPS = 5
"""Single characters that differ, apart from facts, from which a copy counts as one with misread characters."""

TAKEN = 0.8
"""Share of a sentence's grams that makes it one taken from the other text."""

PLACES = 3
"""Sentences taken from which one can say from where."""

SPREAD = 1.3
"""Sentences of the longer text between the first and the last taken, by those taken, from which some were left out."""

HEAD = 12
"""Sentences of the head of a law, each shorter than LONG_HEAD characters, that say when it was adopted and amended."""

LONG_HEAD = 80

# What stands before one of these is a place or a body: replaced, the notice is another one.
_KINDS_OF_PLACE = (
    "路|街|大道|巷|弄|村|社区|小区|花园|镇|乡|街道|区|县|桥|隧道|站|线|学校|中学|小学|幼儿园|医院|公园|广场|局|中心"
)
_PLACE = rf"[一-鿿]{{1,8}}(?:{_KINDS_OF_PLACE})"
# Who is meant, by what stands beside a name.
_PERSON = (
    r"[一-鿿]{2,4}(?:同志|书记|局长|主任|市长|县长|区长|镇长|省长|部长|总统|总理|首相|国王|同学|先生|女士)"
    r"|[一-鿿]{2,4}[,、](?:男|女)[,、]|(?:人选|被告人|嫌疑人|党员)[一-鿿]{2,4}"
)
_FIRM = r"[一-鿿]{2,16}(?:公司|集团|厂|合作社)"
_NAMED = re.compile(f"{_PLACE}|{_PERSON}|{_FIRM}")
_FIRM_ENDS = re.compile(r"[一-鿿]{0,8}?(?:公司|集团|厂|合作社)")
_PERSON_NEAR = re.compile(_PERSON)
_PLACE_ENDS = re.compile(rf"[一-鿿]{{0,2}}?(?:{_KINDS_OF_PLACE})")
_PLACE_WHOLE = re.compile(rf"[一-鿿]{{1,10}}(?:{_KINDS_OF_PLACE})")

# A road for another road is another outage however much else agrees, a school for another another term; a street's
# notice names its own centre.
_ROAD = re.compile(r"路|街(?!道)|大道|巷|弄|小区|花园|村|桥|隧道|学校|中学|小学|幼儿园|医院")
_ROAD_ENDS = re.compile(rf"[一-鿿]{{0,2}}?(?:{_ROAD.pattern})")
_NAMED_ROAD = re.compile(rf"([一-鿿]{{2,8}}?)(?:{_ROAD.pattern})")
_GENERAL = re.compile(r"[本各我全市该此县区]*")
_HAN = re.compile(r"[一-鿿]")
# A date or a number alone: a signature's, a page's.
_BARE = re.compile(r"[\d\s年月日号时分:.,/()-]*")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+")

# In the head of a law: when it was adopted and amended.
_ADOPTED = re.compile(r"通过|公布|修订|修正")


class Conflict(NamedTuple):
    """What the one text says in a sentence that both have, and what the other says in its place."""

    kind: str
    old: str
    new: str


def find_conflicts(shorter: Content, longer: Content) -> tuple[Conflict, ...]:
    """Facts of the shorter text in whose place the longer one states another, in the same sentence.

    A fact that only one of them states is an addition (a header, a hotline, the year in brackets) and proves nothing.
    """
    conflicts: list[Conflict] = []
    doubted: list[tuple[str, str]] = []
    for sentence, grams in zip(shorter.sentences, shorter.sentence_grams, strict=True):
        missing = [fact for fact in find_facts(sentence) if not states(longer.facts, fact)]
        # What is only a date or a number is a signature's, and each that posts the text puts its own.
        if not missing or _BARE.fullmatch(sentence) or len(grams & longer.small_grams) < SHARED_SENTENCE * len(grams):
            continue
        # An excerpt may be cut in the middle of a number: 「补助5」 of 「补助5千元」.
        if sentence in longer.flat and not _DIGIT.match(sentence):
            continue
        other = longer.sentences[_find_nearest(sentence, grams, longer)]
        instead = [fact for fact in find_facts(other) if not states(shorter.facts, fact)]
        opposed = tuple(_oppose(missing, instead))
        if opposed:
            conflicts += opposed
            doubted.append((sentence, other))
        if len(doubted) >= MAX_ALIGNED:
            break
    if not conflicts or _are_misread(doubted, shorter, longer):
        return ()
    return tuple(sorted(conflicts))


def _oppose(missing: list[Fact], instead: list[Fact]) -> Iterator[Conflict]:
    for fact in missing:
        texts = [one.text for one in instead if one.kind == fact.kind]
        if len(texts) > 1:
            texts.sort(key=lambda text: (-SequenceMatcher(None, fact.text, text, autojunk=False).ratio(), text))
        if texts:
            yield Conflict(fact.kind, fact.text, texts[0])


def _are_misread(doubted: list[tuple[str, str]], shorter: Content, longer: Content) -> bool:
    """Whether the numbers differ as the letters of this copy do: by one character here and there."""
    if any(len(one) > LONG_SENTENCE or len(other) > LONG_SENTENCE for one, other in doubted):
        return False
    changes = 0
    for pair in doubted:
        for old, new in list_changes(*pair):
            if _DIGIT.search(old + new):
                # Seen in the first sentence of most template notices, and aligning the others is what costs.
                if len(old) > 1 or len(new) > 1:
                    return False
                changes += 1
    return count_slips(shorter, longer) >= max(MIN_SLIPS, 2 * changes)


def list_changes(one: str, other: str) -> list[tuple[str, str]]:
    """(old, new) of each place at which two sentences differ; one of them may be empty."""
    return [(one[i:j], other[k:m]) for i, j, k, m in list_places(one, other)]


def list_places(one: str, other: str) -> list[tuple[int, int, int, int]]:
    """Beginning and end of each change in the one sentence and in the other."""
    # What both begin and end with aligns itself; the rest of two template sentences is short.
    start = _count_alike(one, other)
    end = _count_alike(one[start:][::-1], other[start:][::-1])
    old, new = one[start : len(one) - end], other[start : len(other) - end]
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(i + start, j + start, k + start, m + start) for tag, i, j, k, m in opcodes if tag != "equal"]


def _count_alike(one: str, other: str) -> int:
    """Characters that both begin with."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def count_slips(shorter: Content, longer: Content) -> int:
    """Different single characters, no digits, by which sentences of the two differ: the marks of a bad copy."""
    slips: set[tuple[str, str]] = set()
    for sentence, other in align_sentences(shorter, longer):
        changes = list_changes(sentence, other)
        single = sorted(change for change in changes if max(map(len, change)) == 1 and _HAN.search("".join(change)))
        # Names that took each other's place differ by many characters, in the one sentence that states them.
        slips.update(single[:SLIPS_OF_ONE])
        if len(slips) > 2 * MAX_ALIGNED:
            break
    return len(slips)


def align_sentences(shorter: Content, longer: Content) -> Iterator[tuple[str, str]]:
    """Sentences of the shorter text that the longer one has in other words, each with these; MAX_ALIGNED at most."""
    aligned = 0
    for sentence, grams in zip(shorter.sentences, shorter.sentence_grams, strict=True):
        if sentence in longer.flat or len(grams & longer.small_grams) < SHARED_SENTENCE * len(grams):
            continue
        other = longer.sentences[_find_nearest(sentence, grams, longer)]
        if max(len(sentence), len(other)) <= LONG_SENTENCE:
            yield sentence, other
            aligned += 1
        if aligned >= MAX_ALIGNED:
            return


def is_culled(shorter: Content, longer: Content) -> bool:
    """Whether the shorter text was put together from several places of the longer one, as somebody does who knows it.

    What stands in it in one piece may be one item of a page.
    """
    places = {
        _find_nearest(sentence, grams, longer)
        for sentence, grams in zip(shorter.sentences, shorter.sentence_grams, strict=True)
        if not _BARE.fullmatch(sentence) and len(grams & longer.small_grams) >= TAKEN * len(grams)
    }
    return len(places) >= PLACES and max(places) - min(places) + 1 >= SPREAD * len(places)


def find_other_version(one: Content, other: Content) -> Conflict | None:
    """When each was last adopted or amended, as its head says, where both say it and not the same."""
    first, second = _find_version(one), _find_version(other)
    return Conflict("版本日期", first, second) if first and second and first != second else None


def _find_version(content: Content) -> str:
    dates = [
        fact.text
        for sentence in content.sentences[:HEAD]
        if len(sentence) < LONG_HEAD and _ADOPTED.search(sentence)
        for fact in find_facts(sentence)
        if fact.kind == "日期" and "年" in fact.text and "日" in fact.text
    ]
    return max(dates, key=lambda text: [int(number) for number in _NUMBER.findall(text)], default="")


def _find_nearest(sentence: str, grams: frozenset[str], longer: Content) -> int:
    """The sentence of the longer text most like this one."""
    return max(
        range(len(longer.sentences)),
        key=lambda index: (
            len(grams & longer.sentence_grams[index]),
            -abs(len(longer.sentences[index]) - len(sentence)),
            -index,
        ),
    )


def find_replaced_names(shorter: Content, longer: Content) -> tuple[Conflict, ...]:
    """Places, bodies and persons that only the shorter text names, with what the longer one has in their position.

    Where one road, estate, village or school stands for another, both are whole: (地点, 枫桥路, 长江路).
    """
    flat = longer.flat
    clauses: list[tuple[str, frozenset[str]]] = []
    found: list[Conflict] = []
    aligned = 0
    for sentence, grams in zip(shorter.sentences, shorter.sentence_grams, strict=True):
        if sentence in flat or len(grams & longer.small_grams) < SHARED_SENTENCE * len(grams):
            continue
        for clause in _split_long(sentence):
            if clause in flat or all(name in flat for name in _NAMED.findall(clause)):
                continue
            clauses = clauses or [
                (part, take_small_grams(part)) for other in longer.sentences for part in _split_long(other)
            ]
            found += _align(clause, clauses, shorter.flat, flat)
            aligned += 1
            if aligned >= MAX_ALIGNED:
                return tuple(dict.fromkeys(found))
    return tuple(dict.fromkeys(found))


def find_other_names(shorter: Content, longer: Content) -> Conflict | None:
    """Where both name roads, or firms, and none that the other names."""
    for kind, own, others in (("地点", shorter.roads, longer.roads), ("单位", shorter.firms, longer.firms)):
        if not own or not others or any(name in longer.flat for name in own):
            continue
        if not any(name in shorter.flat for name in others) and count_slips(shorter, longer) < MIN_SLIPS:
            return Conflict(kind, own[0], others[0])
    return None


def _split_long(sentence: str) -> list[str]:
    """Clauses short enough to align: a list of a thousand names is one sentence, and aligning is quadratic."""
    parts = [sentence] if len(sentence) <= LONG_SENTENCE else re.split(r"[、，,]", sentence)
    return [part[start : start + LONG_SENTENCE] for part in parts for start in range(0, len(part), LONG_SENTENCE)]


def _align(clause: str, others: list[tuple[str, frozenset[str]]], own: str, flat: str) -> Iterator[Conflict]:
    """What stands in the place of something else in the most similar clause of the other text."""
    grams = take_small_grams(clause)
    nearest, _ = max(others, key=lambda other: (len(grams & other[1]), -abs(len(other[0]) - len(clause)), other[0]))
    for tag, i, j, k, m in SequenceMatcher(None, clause, nearest, autojunk=False).get_opcodes():
        old, new = clause[i:j], nearest[k:m]
        if tag != "replace" or not (_HAN.search(old) and _HAN.search(new)) or old in flat:
            continue
        if _PERSON_NEAR.search(clause[max(0, i - 3) : j + 3]) and new not in own:
            yield Conflict("人物", old, new)
        elif _FIRM_ENDS.match(clause[j : j + 12]) and new not in own:
            yield Conflict("单位", old, new)
        elif len(new) <= LONG_PLACE and (
            _PLACE_WHOLE.fullmatch(old) or (len(old) <= LONG_PLACE and _PLACE_ENDS.match(clause[j : j + 4]))
        ):
            yield Conflict("地点", _take_road(clause, i, j), _take_road(nearest, k, m))


def find_own_subjects(one: Content, other: Content) -> Conflict | None:
    """What each text speaks of again and again and the other never: 韩嵩 in the one, 王峻 in the other."""
    first = _find_own_subject(one, other)
    second = _find_own_subject(other, one) if first else ""
    if not second or count_slips(one, other) >= MIN_SLIPS:
        return None
    return Conflict("主题", first, second)


def _find_own_subject(content: Content, other: Content) -> str:
    return next((word for word in content.subjects if word not in other.normalized), "")


def is_road(place: str) -> bool:
    """Whether this is the name of one road, estate, village, school or hospital, not any (「各小区」)."""
    named = _NAMED_ROAD.fullmatch(place)
    return named is not None and not _GENERAL.fullmatch(named.group(1))


def _take_road(clause: str, start: int, end: int) -> str:
    """What stands there with the 「路」 or 「中心小学」 that follows it; a character alone with the one before it."""
    following = _ROAD_ENDS.match(clause, end)
    if not following:
        return clause[start:end]
    if start == end - 1 and _HAN.match(clause[start - 1 : start]):
        start -= 1
    return clause[start : following.end()]
