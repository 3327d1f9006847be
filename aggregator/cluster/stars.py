"""Which posts stand around which lead: stars, not chains, so that no page with several articles bridges stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Document, Match, Member
from aggregator.text import find_source, is_repost_title, normalize, normalize_title, simplify, take_grams

SIGNATURE = 80
"""Characters at a text's end in which the issuing body signs."""

ROUNDUP_PART = 0.7
"""A post is a possible part of another below this share of its length."""

SAME_TITLE = 0.5
"""Share of title grams from which two headlines speak of one thing."""

Edges = Mapping[int, Mapping[int, Match]]


@dataclass(frozen=True, slots=True)
class Star:
    members: tuple[Member, ...]
    """The lead first."""

    @property
    def lead(self) -> int:
        return self.members[0].post

    @property
    def posts(self) -> frozenset[int]:
        return frozenset(member.post for member in self.members)


def form_stars(documents: Sequence[Document], matches: Sequence[Match]) -> tuple[Star, ...]:
    """Partition the documents: each joins the best lead it matches. Depends on the set, not on any order."""
    edges = _connect(documents, matches)
    by_id = {document.post: document for document in documents}
    # Most posts are like no other: nothing needs to be weighed for them.
    connected = [document for document in documents if edges[document.post]]
    named = _count_named(connected, edges)
    taken: set[int] = set()
    stars = [Star((_lead(document),)) for document in documents if not edges[document.post]]
    for lead in sorted(connected, key=lambda document: _lead_order(document, named)):
        if lead.post in taken:
            continue
        free = [match for post, match in edges[lead.post].items() if post not in taken]
        taken.add(lead.post)
        members = [_join(by_id, lead, match) for match in free]
        taken.update(member.post for member in members)
        members.sort(key=lambda member: (-member.score, by_id[member.post].account, by_id[member.post].key))
        stars.append(Star((_lead(lead), *members)))
    return tuple(stars)


def _lead(document: Document) -> Member:
    return Member(document.post, "lead", 1.0, "")


def _join(by_id: Mapping[int, Document], lead: Document, match: Match) -> Member:
    other = by_id[match.b if match.a == lead.post else match.a]
    # The match is symmetric; "excerpt" and "update" say it of the lesser text, which may be the lead itself.
    relation = match.relation
    if relation == "excerpt" and len(normalize(other.text)) > len(normalize(lead.text)):
        relation = "duplicate"
    return Member(other.post, relation, match.score, match.reason)


def _connect(documents: Sequence[Document], matches: Sequence[Match]) -> dict[int, dict[int, Match]]:
    edges: dict[int, dict[int, Match]] = {document.post: {} for document in documents}
    for match in matches:
        if match.a in edges and match.b in edges:
            edges[match.a][match.b] = match
            edges[match.b][match.a] = match
    by_id = {document.post: document for document in documents}
    for roundup in [document for document in documents if _is_roundup(document, edges, by_id)]:
        for part in edges[roundup.post]:
            del edges[part][roundup.post]
        edges[roundup.post] = {}
    return edges


def _is_roundup(document: Document, edges: Edges, by_id: Mapping[int, Document]) -> bool:
    """It contains two posts that are not one story with each other, and whose headlines are not its own."""
    length = len(normalize(document.text))
    parts = [
        part
        for part in edges[document.post]
        if len(normalize(by_id[part].text)) < ROUNDUP_PART * length
        and not _same_headline(document.title, by_id[part].title)
    ]
    return any(second not in edges[first] for first in parts for second in parts if first < second)


def _same_headline(one: str, other: str) -> bool:
    small, large = sorted((normalize_title(one), normalize_title(other)), key=len)
    grams = {small[i : i + 2] for i in range(len(small) - 1)}
    return bool(grams) and sum(gram in large for gram in grams) >= SAME_TITLE * len(grams)


def _count_named(documents: Sequence[Document], edges: Edges) -> dict[int, int]:
    """How many copies name the account of a post as their source."""
    sources = {document.post: _find_source(document) for document in documents}
    return {
        document.post: sum(_names(document, sources[copy]) for copy in edges[document.post]) for document in documents
    }


def _find_source(document: Document) -> str:
    return simplify(document.attribution or find_source(document.text))


def _names(document: Document, source: str) -> bool:
    return any(source and (simplify(name) in source or source in simplify(name)) for name in document.names if name)


def _lead_order(document: Document, named: Mapping[int, int]) -> tuple[bool, bool, bool, int, int, datetime, str, str]:
    """Best lead first (docs/architecture.md, the ladder)."""
    source = _find_source(document)
    reposted = is_repost_title(document.title) or bool(source and not _names(document, source))
    signature = simplify(document.text[-SIGNATURE:])
    signed = any(simplify(name) in signature for name in document.names if name)
    length = len(take_grams(normalize(document.text)))
    return (
        not named[document.post], reposted, not signed, -document.rank, -length, document.date, document.account,
        document.key,
    )  # fmt: skip
