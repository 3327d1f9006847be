"""What two headlines say of two posts: of what kind each is, and whether they speak of one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from aggregator.facts import Content, Fact, find_facts
from aggregator.text import MIN_TITLE, clean_title, is_correction, normalize_title, simplify, squeeze, strip_correction

SAME_FRAME = 0.6
"""Likeness from which two headlines are one sentence with something put in another's place."""

LONG_NAME = 12
"""Characters beyond which what stands in another's place is no name but another way to say it."""

LONG_TITLE = 60
"""Normalised characters beyond which a headline is the text itself."""

# 一周年 is an anniversary, and what 人民日报 printed is one article.
_ROUNDUP = re.compile(
    r"早报|晚报|早知道|快讯|一周(?![年岁])|要闻|汇总|简报|周报|日报(?!刊|社|记者|报道|评论|发|头版|》)|集锦|回顾|\d点\d氪"
)
_REACTION = re.compile(r"反响|评论员|社论|时评|短评|快评|火线评论|侧记|综述|答记者问|发言摘编|记者手记|述评")
_STAGE = re.compile(r"征求意见|草案|公示|拟表彰|拟任|拟认定|预公告")
_CITED = re.compile(r"《([^《》]{4,80})》")


class Headline:
    """A headline; everything is worked out when it is first asked for."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._simple = simplify(title)

    @cached_property
    def normalized(self) -> str:
        return squeeze(self._clean)

    @cached_property
    def _clean(self) -> str:
        return clean_title(self._title)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Each two neighbouring characters."""
        return frozenset(self.normalized[i : i + 2] for i in range(len(self.normalized) - 1))

    @cached_property
    def facts(self) -> frozenset[Fact]:
        return find_facts(self._clean)

    @cached_property
    def cited(self) -> tuple[str, ...]:
        """Normalised, what it names in 《》."""
        return find_cited(self._simple)

    @cached_property
    def corrected(self) -> str:
        """Normalised headline of what it corrects, where it repeats that."""
        return strip_correction(self._title)

    @cached_property
    def is_correction(self) -> bool:
        """Whether it says that the post corrects another."""
        return is_correction(self._title)

    @cached_property
    def is_roundup(self) -> bool:
        """Whether it is that of a page of many news."""
        return bool(_ROUNDUP.search(self._simple))

    @cached_property
    def is_reaction(self) -> bool:
        """Whether it announces what others say of the news."""
        return bool(_REACTION.search(self._simple))

    @cached_property
    def is_draft(self) -> bool:
        """Whether the post puts up for comment what a later one decides."""
        return bool(_STAGE.search(self._simple))


read_headline = lru_cache(maxsize=4096)(Headline)
"""What is known of a headline; each is compared many times."""


def find_cited(text: str) -> tuple[str, ...]:
    """Normalised, what a simplified text names in 《》."""
    names = (normalize_title(name) for name in _CITED.findall(text))
    return tuple(name for name in names if len(name) >= MIN_TITLE)


def is_among(headline: Headline, cited: tuple[str, ...]) -> bool:
    """Whether one of the cited names is this headline, or its end: who issued it is often left out."""
    return any(headline.normalized.endswith(name) for name in cited)


def speaks_of_draft(content: Content) -> bool:
    return bool(_STAGE.search(content.flat))


def measure_likeness(one: Headline, other: Headline) -> float:
    """Share of the shorter headline's pairs of characters in the longer one, 0 to 1."""
    small, large = sorted((one, other), key=lambda headline: (len(headline.normalized), headline.normalized))
    return len(small.pairs & large.pairs) / len(small.pairs) if small.pairs else 0.0


def measure_support(headline: Headline, other: Headline, content: Content) -> float:
    """Share of a headline that another post (its headline, its text) tells, 0 to 1; 1 where it says next to nothing."""
    if len(headline.normalized) < MIN_TITLE:
        return 1.0
    return sum(pair in other.pairs or pair in content.normalized for pair in headline.pairs) / len(headline.pairs)


def find_replaced_subject(one: Headline, other: Headline, first: Content, second: Content) -> tuple[str, str] | None:
    """Of two headlines on one frame, what each says in the other's place, where its own text says it too and the
    other post nowhere does: (秘鲁, 洪都拉斯)."""
    if max(len(one.normalized), len(other.normalized)) > LONG_TITLE or one.normalized == other.normalized:
        return None
    for old, new in _list_replaced(one.normalized, other.normalized):
        there = old in second.normalized or old in other.normalized
        here = new in first.normalized or new in one.normalized
        if old in first.normalized and new in second.normalized and not there and not here:
            return old, new
    return None


def has_other_subject(one: Headline, other: Headline, content: Content) -> bool:
    """Whether two headlines on one frame over one short text (that of a picture) name what it does not: roads."""
    return any(
        old not in other.normalized
        and new not in one.normalized
        and old not in content.normalized
        and new not in content.normalized
        for old, new in _list_replaced(one.normalized, other.normalized)
    )


def _list_replaced(one: str, other: str) -> Iterator[tuple[str, str]]:
    """What differs between two headlines as a whole, then piece by piece; a single character with its neighbour."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.quick_ratio() < SAME_FRAME or matcher.ratio() < SAME_FRAME:
        return
    changes = [(i, j, k, m) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]
    whole = [(changes[0][0], changes[-1][1], changes[0][2], changes[-1][3])]
    for i, j, k, m in whole + changes:
        if i < j <= i + LONG_NAME and k < m <= k + LONG_NAME:
            more = 1 if max(j - i, m - k) == 1 else 0
            yield one[i : j + more], other[k : m + more]
