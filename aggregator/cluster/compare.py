"""Whether two posts are one piece of news, and if so why: the ladder of docs/architecture.md.

same address -> same normalised text -> containment of 5-grams -> facts guard
"""

from __future__ import annotations

import re
from datetime import timedelta

from aggregator.facts import find_differences, find_facts, find_replaced_places, is_road
from aggregator.model import Document, Match, Relation
from aggregator.text import MIN_EXACT, normalize, normalize_title, simplify, take_grams
from aggregator.urls import is_home_page

MIN_CONTAINMENT = 0.6
"""Of the shorter text's grams in the longer one (docs/architecture.md, the ladder)."""

MIN_URL_CONTAINMENT = 0.3
"""At the same address less need agree; but items that all link to one home page share nothing else."""

MIN_LENGTH = 60
"""Normalised characters of the shorter text from which containment says anything."""

EXCERPT_BELOW = 0.6
"""A copy shorter than this share of the longer text is an excerpt of it."""

LOCALIZED = 0.9
"""Containment from which a replaced place is a local touch, unless both headlines name theirs."""

SERIES = 200
"""Normalised characters below which one text under 第3号 and 第4号 is a series; a longer text's are pages."""

RECURRING = timedelta(days=180)
"""The same words half a year apart are this year's notice, not last year's once more."""

_NUMBER = re.compile(r"[0-9一二三四五六七八九十百]+")
_CORRECTION = re.compile(r"更正|勘误|订正")
_ROUNDUP = re.compile(r"早报|晚报|早知道|快讯|一周|要闻|汇总|速览|简报|周报|日报|集锦|回顾")


def compare(one: Document, other: Document) -> Match | None:
    """The match of two posts, or None where they are two pieces of news. Symmetric."""
    shorter, longer = sorted((one, other), key=lambda doc: (len(normalize(doc.text)), doc.account, doc.key))
    if _differ_in_kind(one.title, other.title):
        return None
    if abs(one.date - other.date) > RECURRING and not _same_address(one, other):
        return None
    small, large = normalize(shorter.text), normalize(longer.text)
    if small == large and len(small) >= MIN_EXACT and (len(small) >= SERIES or not _numbered_apart(one, other)):
        return _match(one, other, "duplicate", 1.0, "正文完全相同")
    score = measure_containment(small, large)
    if _same_address(one, other) and _agree(shorter, longer, score):
        return _match(one, other, "duplicate", max(score, MIN_URL_CONTAINMENT), "原文链接相同")
    if len(small) < MIN_LENGTH or score < MIN_CONTAINMENT:
        return None
    if find_differences(shorter.text, longer.text) or _titles_differ(shorter, longer):
        return None
    if _places_differ(shorter, longer, score):
        return None
    relation = _relate(shorter, longer, len(small) / len(large))
    percent = f"{score:.0%}"
    reasons: dict[Relation, str] = {
        "excerpt": f"摘自正文，{percent} 的文字见于全文；日期、数字、地点一致",
        "update": f"同一账号后来的补充，{percent} 的文字相同；日期、数字、地点一致",
    }
    return _match(one, other, relation, score, reasons.get(relation, f"正文 {percent} 相同；日期、数字、地点一致"))


def measure_containment(small: str, large: str) -> float:
    """Share of the smaller normalised text's 5-grams that stand in the larger one, 0 to 1."""
    grams = take_grams(small)
    return len(grams & take_grams(large)) / len(grams) if grams else 0.0


def _match(one: Document, other: Document, relation: Relation, score: float, reason: str) -> Match:
    a, b = sorted((one.post, other.post))
    return Match(a, b, relation, round(score, 4), reason)


def _same_address(one: Document, other: Document) -> bool:
    """A site's front page is no post's own address, whoever links to it."""
    return bool(one.canonical_url) and one.canonical_url == other.canonical_url and not is_home_page(one.canonical_url)


def _agree(shorter: Document, longer: Document, score: float) -> bool:
    # One account that puts two posts at one address may link all of them to its list of notices.
    if shorter.account == longer.account and (
        find_differences(shorter.text, longer.text)
        or _titles_differ(shorter, longer)
        or _places_differ(shorter, longer, score)
    ):
        return False
    return score >= MIN_URL_CONTAINMENT or normalize_title(shorter.title) == normalize_title(longer.title)


def _differ_in_kind(one: str, other: str) -> bool:
    """A correction is never its original, and a roundup never one of the pieces it carries."""
    return any(bool(kind.search(one)) != bool(kind.search(other)) for kind in (_CORRECTION, _ROUNDUP))


def _numbered_apart(one: Document, other: Document) -> bool:
    """The headlines are one but for a number: 第3号 and 第4号 of a series whose text says nothing of its own."""
    first, second = normalize_title(one.title), normalize_title(other.title)
    return first != second and _NUMBER.sub("#", first) == _NUMBER.sub("#", second)


def _titles_differ(one: Document, other: Document) -> bool:
    """Each headline states a fact (第12号, 11月20日) that the other post nowhere does."""
    missing_there = find_facts(simplify(one.title)) - find_facts(simplify(f"{other.title}\n{other.text}"))
    missing_here = find_facts(simplify(other.title)) - find_facts(simplify(f"{one.title}\n{one.text}"))
    return bool(missing_there and missing_here)


def _places_differ(shorter: Document, longer: Document, score: float) -> bool:
    """Another road in the same sentence is another outage; a street's own name put in is a local touch."""
    replaced = find_replaced_places(shorter.text, longer.text)
    if any(is_road(old) and is_road(new) for old, new in replaced):
        return True
    titles = simplify(shorter.title), simplify(longer.title)
    return bool(replaced) and (score < LOCALIZED or any(old in titles[0] and new in titles[1] for old, new in replaced))


def _relate(shorter: Document, longer: Document, ratio: float) -> Relation:
    if shorter.account == longer.account and shorter.date < longer.date and ratio < 1:
        return "update"
    return "excerpt" if ratio < EXCERPT_BELOW else "duplicate"
