"""Which documents a story has to do with, and how sure that is: pure, from names that the store has found.

Sure is a document whose whole name is named and that no other bears. What several bear, or what is named without its
region, may be meant: such a page is shown, and said to be a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from aggregator.model import Mention, NamedDocument, Place


@dataclass(frozen=True, slots=True)
class Cited:
    """Stories of documents, by id; none in both."""

    sure: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()


def find_cited(story: str, mentions: Sequence[Mention], documents: Iterable[NamedDocument], *, explains: bool) -> Cited:
    """The documents that a story is about: by its header, else by its headline, else by its text.

    `documents` bear names of its `mentions`. What an explanation (`explains`) names in its text alone is sure only if
    it is one document: of several, some are quoted.
    """
    named = _Named(story, documents)
    if any(one.place == "policy" for one in mentions):
        return named.settle(_of(mentions, "policy"))
    in_text = named.settle(_of(mentions, "text"))
    in_title = named.settle(_of(mentions, "title"), in_text.sure)
    if in_title.sure or in_title.unsure:
        return in_title
    if explains and len(in_text.sure | in_text.unsure) > 1:
        return Cited(unsure=in_text.sure | in_text.unsure)
    return in_text


def find_successors(story: str, mentions: Sequence[Mention], documents: Iterable[NamedDocument]) -> frozenset[str]:
    """The documents that its header says to have taken its place."""
    return _Named(story, documents).settle(_of(mentions, "successor")).sure


def _of(mentions: Iterable[Mention], place: Place) -> tuple[Mention, ...]:
    return tuple(one for one in mentions if one.place == place)


class _Named:
    """The documents by their names, as one story sees them."""

    def __init__(self, story: str, documents: Iterable[NamedDocument]) -> None:
        self._story = story
        self._whole: dict[int, set[str]] = {}
        self._partly: dict[int, set[str]] = {}
        for one in documents:
            (self._whole if one.exact else self._partly).setdefault(one.name, set()).add(one.story)

    def settle(self, mentions: Iterable[Mention], known: Set[str] = frozenset()) -> Cited:
        """`known` are documents that are meant: of several of one name it is theirs."""
        sure: set[str] = set()
        guesses: list[set[str]] = []
        for mention in mentions:
            whole = self._whole.get(mention.name, set())
            if self._story in whole:
                # Its own name.
                continue
            if mention.exact and len(whole) == 1:
                sure |= whole
            else:
                guesses.append((whole or self._partly.get(mention.name, set())) - {self._story})
        for guess in guesses:
            sure |= guess & known
        unsure = {story for guess in guesses if not guess & sure for story in guess}
        return Cited(frozenset(sure), frozenset(unsure))
