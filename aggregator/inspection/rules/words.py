"""Words that must not be used, and those that are better written otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from aggregator.check.words import find_words
from aggregator.inspection.case import Case
from aggregator.inspection.terms import SHIPPED
from aggregator.model import Finding


def find_forbidden_words(case: Case) -> Iterator[Finding]:
    words, exceptions = case.hold.words, case.hold.word_exceptions
    if not words or not find_words(case.stated_text, words, exceptions):
        return
    for number, line in case.stated:
        for word in find_words(line, words, exceptions):
            yield case.tell(number, f"有本市规定不能用的词：“{word}”。", "请改写这一句。")


def find_city_terms(case: Case) -> Iterator[Finding]:
    return _find_terms(case, case.settings.terms)


def find_shipped_terms(case: Case) -> Iterator[Finding]:
    if not case.settings.shipped_terms:
        return iter(())
    own = {wrong for wrong, _ in case.settings.terms}
    return _find_terms(case, tuple((term.wrong, term.right) for term in SHIPPED if term.wrong not in own))


def _find_terms(case: Case, terms: tuple[tuple[str, str], ...]) -> Iterator[Finding]:
    # A term that is given as its own replacement is one of ours that the city allows.
    rights = {wrong: right for wrong, right in terms if wrong != right}
    if not rights:
        return
    pattern = _compile(tuple(rights))
    if not pattern.search(case.stated_text):
        return
    excused = _compile(case.settings.term_exceptions) if case.settings.term_exceptions else None
    for number, line in case.stated:
        spans = [match.span() for match in excused.finditer(line)] if excused else []
        for match in pattern.finditer(line):
            if not any(start <= match.start() and match.end() <= end for start, end in spans):
                right = rights[match[0]]
                remedy = f"请改成“{right}”。" if right else "请换一个说法。"
                yield case.tell(number, f"写的是“{match[0]}”，不规范。", remedy)


@lru_cache(maxsize=8)
def _compile(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=lambda one: (-len(one), one))))
