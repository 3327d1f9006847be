"""Which posts stand around which lead: stars, not chains, so that no page with several articles bridges stories."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.cluster.compare import compare_bodies, measure_containment
from aggregator.model import Document, Match, Member, Relation
from aggregator.text import find_source, is_repost_title, normalize, normalize_title, simplify

SIGNATURE = 80
"""Characters at a text's end in which the issuing body signs."""

HEAD = 400
"""Characters at a text's beginning in which a document bears its number."""

_DOCUMENT_NUMBER = re.compile(
    r"^[^\S\n]*([一-鿿]{2,8}?)(?:规|任)?[发函字办通令][^\S\n]*[〔\[(【]\d{4}[〕\])】]\s*第?\d+号[^\S\n]*$", re.MULTILINE
)
"""A 文号 on a line of its own, 「栖人社发〔2026〕48号」, gives 「栖人社」 (党政机关公文格式, GB/T 9704-2012, 7.2.5)."""

WHOLE_COPY = 0.95
"""Score from which two texts of like length are one text under two headlines."""

PARTS = 2
"""Posts of which a roundup is made, at least."""

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


def form_stars(
    documents: Sequence[Document], matches: Sequence[Match], apart: Set[int] = frozenset()
) -> tuple[Star, ...]:
    """Partition the documents: each joins the best lead it matches. Depends on the set, not on any order.

    The posts `apart` stand alone, whatever they match.
    """
    edges = _connect(documents, matches)
    by_id = {document.post: document for document in documents}
    for post in sorted(apart):
        _bequeath(post, edges, by_id, apart)
        _cut(post, edges)
    # Most posts are like no other: nothing needs to be weighed for them.
    connected = [document for document in documents if edges[document.post]]
    # Once for each, since the text has to be simplified for it.
    sources = {document.post: _find_source(document) for document in connected}
    named = _count_named(connected, sources, edges)
    taken: set[int] = set()
    stars = [Star((_lead(document),)) for document in documents if not edges[document.post]]
    for lead in sorted(connected, key=lambda document: _lead_order(document, sources[document.post], named)):
        if lead.post in taken:
            continue
        free = [match for post, match in edges[lead.post].items() if post not in taken]
        taken.add(lead.post)
        taken.update(*((match.a, match.b) for match in free))
        beyond = _reach(lead, free, edges, by_id, taken)
        taken.update(*((match.a, match.b) for match in beyond))
        members = [_join(by_id, lead, match) for match in (*free, *beyond)]
        members.sort(key=lambda member: (-member.score, by_id[member.post].account, by_id[member.post].key))
        stars.append(Star((_lead(lead), *members)))
    return tuple(stars)


def _reach(
    lead: Document, matches: Sequence[Match], edges: Edges, by_id: Mapping[int, Document], taken: Collection[int]
) -> list[Match]:
    """Matches of the lead with posts that a member is a whole copy of, or that copy such a member whole.

    Two posts of one text may carry headlines of which the lead tells only the one; a page with several articles
    is not reached so, since it is no whole copy of any.
    """
    whole: dict[int, bool] = {}
    handed: dict[int, Match] = {}
    for match in matches:
        member = match.b if match.a == lead.post else match.a
        for post, edge in edges[member].items():
            if post not in taken:
                whole[post] = whole.get(post, False) or _is_whole(match) or _is_whole(edge)
                same = _find_handed(lead, by_id[member], by_id[post], match, edge)
                if same and (post not in handed or _strength(handed[post]) < _strength(same)):
                    handed[post] = same
    found = []
    for post in sorted(whole):
        own = compare_bodies(lead, by_id[post]) if whole[post] else None
        if own is None and post in handed:
            own = replace(handed[post], a=min(lead.post, post), b=max(lead.post, post))
        if own is not None and not own.is_link:
            found.append(own)
    return found


def _find_handed(lead: Document, member: Document, post: Document, match: Match, edge: Match) -> Match | None:
    """What a post and one of two twins have to do with each other at one address, and so the post and the other twin.

    Only that twin is found there.
    """
    if _share_address(member, post) and _read_words(lead) == _read_words(member):
        return edge
    if _share_address(lead, member) and _read_words(member) == _read_words(post):
        return match
    return None


def _share_address(one: Document, other: Document) -> bool:
    return one.canonical_url == other.canonical_url != ""


def _strength(match: Match) -> tuple[float, str, str]:
    return match.score, match.relation, match.reason


def _is_whole(match: Match) -> bool:
    return match.relation == "duplicate" and match.score >= WHOLE_COPY


def gather_star(documents: Sequence[Document], matches: Sequence[Match], reason: str) -> Star:
    """One star of all these documents, as staff decided: `reason` stands where no match with the lead does."""
    by_id = {document.post: document for document in documents}
    sources = {document.post: _find_source(document) for document in documents}
    named = _count_named(documents, sources, {post: by_id.keys() - {post} for post in by_id})
    lead = min(documents, key=lambda document: _lead_order(document, sources[document.post], named))
    matched = {frozenset((match.a, match.b)): match for match in matches if not match.is_link}
    members = []
    for document in documents:
        if document is not lead:
            match = matched.get(frozenset((lead.post, document.post))) or _suppose(lead, document, reason)
            members.append(_join(by_id, lead, match))
    members.sort(key=lambda member: (-member.score, by_id[member.post].account, by_id[member.post].key))
    return Star((_lead(lead), *members))


def _suppose(lead: Document, other: Document, reason: str) -> Match:
    small, large = sorted((normalize(lead.text), normalize(other.text)), key=len)
    return Match(lead.post, other.post, "duplicate", round(measure_containment(small, large), 4), reason)


def _lead(document: Document) -> Member:
    return Member(document.post, "lead", 1.0, "")


def _join(by_id: Mapping[int, Document], lead: Document, match: Match) -> Member:
    other = by_id[match.b if match.a == lead.post else match.a]
    # The match is symmetric; "excerpt" and "update" say it of the lesser text, which may be the lead itself.
    relation: Relation = "duplicate"
    if match.relation == "update":
        relation = "update"
    elif match.relation == "excerpt":
        relation = "excerpt" if len(normalize(other.text)) <= len(normalize(lead.text)) else "full"
    return Member(other.post, relation, match.score, match.reason)


def _connect(documents: Sequence[Document], matches: Sequence[Match]) -> dict[int, dict[int, Match]]:
    edges: dict[int, dict[int, Match]] = {document.post: {} for document in documents}
    for match in matches:
        if match.a in edges and match.b in edges and not match.is_link:
            edges[match.a][match.b] = match
            edges[match.b][match.a] = match
    by_id = {document.post: document for document in documents}
    for roundup in [document for document in documents if _is_roundup(document, edges, by_id)]:
        # The same page from another account is one story with it still.
        copies = {post: match for post, match in edges[roundup.post].items() if _is_page(roundup, by_id[post], match)}
        _cut(roundup.post, edges)
        for post, match in copies.items():
            edges[roundup.post][post] = edges[post][roundup.post] = match
    return edges


def _bequeath(post: int, edges: dict[int, dict[int, Match]], by_id: Mapping[int, Document], apart: Set[int]) -> None:
    """Give the matches of a post that is to stand alone to another of the same headline and text.

    Of such twins the index compares only one with all others, on behalf of the rest.
    """
    own = _read_words(by_id[post])
    twins = [other for other in edges[post] if other not in apart and _read_words(by_id[other]) == own]
    if not twins:
        return
    heir = min(twins, key=lambda other: (by_id[other].account, by_id[other].key))
    for other, match in edges[post].items():
        if other != heir and other not in edges[heir]:
            edges[heir][other] = edges[other][heir] = replace(match, a=min(heir, other), b=max(heir, other))


def _read_words(document: Document) -> tuple[str, str]:
    return normalize_title(document.title), normalize(document.text)


def _cut(post: int, edges: dict[int, dict[int, Match]]) -> None:
    for other in edges.get(post, ()):
        del edges[other][post]
    if post in edges:
        edges[post] = {}


def _is_page(one: Document, other: Document, match: Match) -> bool:
    small, large = sorted((len(normalize(one.text)), len(normalize(other.text))))
    return _is_whole(match) and small >= WHOLE_COPY * large


def _is_roundup(document: Document, edges: Edges, by_id: Mapping[int, Document]) -> bool:
    """It contains two posts that are not one story with each other, and whose headlines are not its own.

    Nor is it one's own that names another thing besides: 「医保缴费通知和森林防火通告」.
    """
    # Measuring a text costs more than all else here, and most posts are like no other.
    if len(edges[document.post]) < PARTS:
        return False
    length = len(normalize(document.text))
    title = normalize_title(document.title)
    parts = {
        part: headline
        for part in edges[document.post]
        if len(normalize(by_id[part].text)) < ROUNDUP_PART * length
        and not _tells(headline := normalize_title(by_id[part].title), title)
    }
    return any(
        second not in edges[first] and not (_tells(title, one) and _tells(title, other) and _are_alike(one, other))
        for first, one in parts.items()
        for second, other in parts.items()
        if first < second
    )


def _are_alike(one: str, other: str) -> bool:
    return _tells(one, other) if len(one) > len(other) else _tells(other, one)


def _tells(headline: str, other: str) -> bool:
    """Whether one normalised headline says most of another."""
    grams = {other[i : i + 2] for i in range(len(other) - 1)}
    return bool(grams) and sum(gram in headline for gram in grams) >= SAME_TITLE * len(grams)


def _count_named(
    documents: Sequence[Document], sources: Mapping[int, str], edges: Mapping[int, Collection[int]]
) -> dict[int, int]:
    """How many copies name the account of a post as their source."""
    return {
        document.post: sum(_names(document, sources[copy]) for copy in edges[document.post]) for document in documents
    }


def _find_source(document: Document) -> str:
    return simplify(document.attribution or find_source(document.text))


def _names(document: Document, source: str) -> bool:
    return any(source and (simplify(name) in source or source in simplify(name)) for name in document.names if name)


def _lead_order(
    document: Document, source: str, named: Mapping[int, int]
) -> tuple[bool, bool, bool, int, int, datetime, str, str]:
    """Best lead first (docs/architecture.md, the ladder)."""
    reposted = is_repost_title(document.title) or bool(source and not _names(document, source))
    length = len(normalize(document.text))
    return (
        not named[document.post], not _issues(document), reposted, -document.rank, -length, document.date,
        document.account, document.key,
    )  # fmt: skip


def _issues(document: Document) -> bool:
    """Whether its account is the office that issued the text: it signs, or the text bears its 文号."""
    text = simplify(document.text)
    names = [simplify(name) for name in document.names if name]
    if any(name in text[-SIGNATURE:] for name in names):
        return True
    codes = _DOCUMENT_NUMBER.findall(f"{simplify(document.title)}\n{text[:HEAD]}")
    return any(_abbreviates(code, name) for code in codes for name in names)


def _abbreviates(code: str, name: str) -> bool:
    """「栖人社」 for 栖江市人力资源和社会保障局: its characters stand in the name in this order."""
    rest = iter(name)
    return all(character in rest for character in code)
