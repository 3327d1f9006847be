"""Two posts, and all that is measured on them to compare them, worked out when it is first asked for."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from aggregator.cluster.headline import Headline, measure_likeness, measure_support, read_headline
from aggregator.facts import Content, read_content
from aggregator.model import Document
from aggregator.urls import is_home_page

SAME_HEADLINE = 0.9
"""Likeness from which two headlines are one."""


class Pair:
    """`a` and `b` as the store numbers them; the shorter and the longer text of the two, by their grams."""

    def __init__(self, one: Document, other: Document) -> None:
        self.a, self.b = (one, other) if one.post <= other.post else (other, one)

    @cached_property
    def _ordered(self) -> tuple[Document, Document, Content, Content]:
        first, second = sorted((self.a, self.b), key=lambda document: (document.account, document.key))
        small, large = read_content(first.text), read_content(second.text)
        if small.normalized != large.normalized and len(small.grams) > len(large.grams):
            return second, first, large, small
        return first, second, small, large

    @cached_property
    def shorter(self) -> Document:
        return self._ordered[0]

    @cached_property
    def longer(self) -> Document:
        return self._ordered[1]

    @cached_property
    def small(self) -> Content:
        return self._ordered[2]

    @cached_property
    def large(self) -> Content:
        return self._ordered[3]

    @cached_property
    def gap(self) -> timedelta:
        return abs(self.a.date - self.b.date)

    @cached_property
    def is_equal(self) -> bool:
        # Not by the shorter and the longer one, which their grams would have to tell.
        one, other = read_content(self.a.text), read_content(self.b.text)
        if one.normalized != other.normalized:
            return False
        return (one.is_whole and other.is_whole) or self.a.text == self.b.text

    @cached_property
    def score(self) -> float:
        """Share of the shorter text's 5-grams that stand in the longer one."""
        grams = self.small.grams
        return len(grams & self.large.grams) / len(grams) if grams else 0.0

    @cached_property
    def ratio(self) -> float:
        """Length of the shorter text by that of the longer one; above 1 where that repeats itself."""
        return len(self.small.normalized) / max(1, len(self.large.normalized))

    @cached_property
    def headlines(self) -> tuple[Headline, Headline]:
        """Of the shorter and the longer text."""
        return read_headline(self.shorter.title), read_headline(self.longer.title)

    @cached_property
    def likeness(self) -> float:
        return measure_likeness(*self.headlines)

    @property
    def has_one_headline(self) -> bool:
        return self.likeness >= SAME_HEADLINE

    @cached_property
    def own_support(self) -> float:
        """Share of the shorter text's headline that the longer post tells."""
        return measure_support(self.headlines[0], self.headlines[1], self.large)

    @cached_property
    def lead_support(self) -> float:
        """Share of the longer text's headline that the shorter post tells."""
        return measure_support(self.headlines[1], self.headlines[0], self.small)

    @property
    def has_one_address(self) -> bool:
        """A site's front page is no post's own address, whoever links to it."""
        url = self.a.canonical_url
        return bool(url) and url == self.b.canonical_url and not is_home_page(url)

    @property
    def least_headline(self) -> int:
        """Characters of the shorter headline, normalised."""
        return min(len(headline.normalized) for headline in self.headlines)

    @property
    def has_one_account(self) -> bool:
        return self.a.account == self.b.account
