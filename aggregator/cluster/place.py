"""New, changed and withdrawn posts into stories; addresses stay with the post that founded them."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from aggregator.cluster.compare import compare
from aggregator.cluster.ruled import form_ruled_stars, list_bonds
from aggregator.cluster.stars import Star
from aggregator.model import NO_RULINGS, CandidateIndex, Document, Match, Rulings, Story, StoryChanges

PAIRS = 1000
"""Compared at a time: bounds the texts in memory."""

Pairs = tuple[tuple[tuple[int, int], ...], Mapping[int, Document]]
"""Posts to be compared, the lesser id first, and their documents by id."""

Decisions = list[tuple[str, str, str]]


class Circle(NamedTuple):
    """Posts to be placed, and all that is weighed with them."""

    posts: Sequence[int]
    seeds: frozenset[int]
    """They, and those that are in one story with one of them by now."""
    reached: frozenset[int]
    """The seeds, and all that matches or staff's word connect with them."""
    documents: Sequence[Document]
    matches: tuple[Match, ...]


def make_story_id(account: str, key: str) -> str:
    """13 letters and digits (64 bits) from the founding post's account and key: its address for good."""
    digest = hashlib.blake2b(f"{account}\0{key}".encode(), digest_size=8).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


def find_pairs(posts: Sequence[int], index: CandidateIndex, compared: Set[int] = frozenset()) -> Iterator[Pairs]:
    """Each of these posts with any other that the index finds for it, and the documents of all, some at a time.

    The index must already know all that are to be compared. Those that have just been `compared` with all others are
    left out: candidates are symmetric.
    """
    candidates = {post: set(index.find_candidates(post)) - compared for post in posts}
    pairs = sorted({(min(post, other), max(post, other)) for post, others in candidates.items() for other in others})
    for start in range(0, len(pairs), PAIRS):
        some = tuple(pairs[start : start + PAIRS])
        yield some, {one.post: one for one in index.load_documents(sorted({post for pair in some for post in pair}))}


def compare_pairs(pairs: Sequence[tuple[int, int]], documents: Mapping[int, Document]) -> tuple[Match, ...]:
    """The matches among these pairs; a post without a document matches nothing."""
    matches = (compare(documents[a], documents[b]) for a, b in pairs if a in documents and b in documents)
    return tuple(match for match in matches if match is not None)


def place_posts(posts: Sequence[int], index: CandidateIndex, rulings: Rulings = NO_RULINGS) -> StoryChanges:
    """The stories that change where these posts are put together by the matches the index knows, and staff's word.

    Only posts connected with them are looked at. Withdrawn ones are among the `posts`, not among the documents of
    the index. Placing the same posts again changes nothing.
    """
    circle = draw_circle(posts, index, rulings)
    return settle_circle(circle, form_ruled_stars(circle.documents, circle.matches, rulings), index, rulings)


def draw_circle(posts: Sequence[int], index: CandidateIndex, rulings: Rulings = NO_RULINGS) -> Circle:
    seeds = _find_seeds(posts, index.load_stories(posts))
    reached, matches = _close(seeds, list_bonds(rulings), index)
    return Circle(posts, seeds, frozenset(reached), index.load_documents(sorted(reached)), matches)


def settle_circle(circle: Circle, stars: Sequence[Star], index: CandidateIndex, rulings: Rulings) -> StoryChanges:
    """The stories that change where these are the `stars` of a circle.

    Where other posts have been placed since it was drawn, and that moved some which are in one story with its own, it
    is drawn anew.
    """
    existing = index.load_stories(sorted(circle.reached))
    if _find_seeds(circle.posts, existing) != circle.seeds:
        return place_posts(circle.posts, index, rulings)
    documents = {document.post: document for document in circle.documents}
    stories, decisions = _name_stories(stars, documents, existing, index)
    return StoryChanges(stories, decisions, circle.reached)


def _find_seeds(posts: Sequence[int], stories: Sequence[Story]) -> frozenset[int]:
    """These posts and the members of those of the stories which one of them is in, founded or led last."""
    own = frozenset(posts)
    seeds = set(own)
    for story in stories:
        members = {member.post for member in story.members}
        if story.founder in own or story.lead in own or not own.isdisjoint(members):
            seeds |= members
    return frozenset(seeds)


def _close(seeds: Set[int], bonds: Mapping[int, Set[int]], index: CandidateIndex) -> tuple[set[int], tuple[Match, ...]]:
    """All posts that matches or staff's word connect with the seeds, and the matches among them."""
    matches: dict[tuple[int, int], Match] = {}
    component: set[int] = set()
    frontier = set(seeds)
    while frontier:
        component |= frontier
        reached = {post for one in frontier for post in bonds.get(one, ())}
        for match in index.load_matches(sorted(frontier)):
            if not match.is_link:
                reached |= {match.a, match.b}
                matches[match.a, match.b] = match
        frontier = reached - component
    return component, tuple(matches.values())


def _name_stories(
    stars: Sequence[Star], documents: Mapping[int, Document], existing: Sequence[Story], index: CandidateIndex
) -> tuple[tuple[Story, ...], tuple[tuple[str, str, str], ...]]:
    """Give each star the story its founder founded, or a new one; the others it takes in redirect to it."""
    heirs = _find_heirs(stars, existing)
    inherited: defaultdict[int, list[Story]] = defaultdict(list)
    for story in existing:
        if story.id in heirs:
            inherited[heirs[story.id]].append(story)
    changed: list[Story] = []
    decisions: Decisions = []
    for star in stars:
        if star.lead in inherited:
            keep, *taken_in = sorted(
                inherited[star.lead], key=lambda story: (bool(story.merged_into), *_founded(story, documents))
            )
            story = Story(keep.id, keep.founder, star.lead, star.members)
        else:
            keep, taken_in = None, []
            founder = min(star.posts, key=lambda post: _founding_order(documents[post]))
            story = Story(_name(documents[founder], index), founder, star.lead, star.members)
        decisions += _explain(keep, story, documents)
        if story != keep:
            changed.append(story)
        for merged in taken_in:
            redirect = Story(merged.id, merged.founder, merged.lead, (), merged_into=story.id)
            if redirect != merged:
                changed.append(redirect)
                decisions.append(("merged", merged.id, f"并入 {story.id}"))
    for story in existing:
        if story.id not in heirs and not story.merged_into and story.members:
            changed.append(Story(story.id, story.founder, story.lead, ()))
            hidden = any(member.post in documents for member in story.members)
            decisions.append(("withdrawn", story.id, "编辑部决定不发布" if hidden else "所有来源均已撤回"))
    return tuple(changed), tuple(decisions)


def _find_heirs(stars: Sequence[Star], existing: Sequence[Story]) -> dict[str, int]:
    """Story id -> lead of the star that keeps its address: where its founder is, or where its members went."""
    star_of = {post: star.lead for star in stars for post in star.posts}
    heirs: dict[str, int] = {}
    for story in existing:
        former = [story.founder, story.lead, *(member.post for member in story.members)]
        heir = next((star_of[post] for post in former if post in star_of), None)
        if heir is not None:
            heirs[story.id] = heir
    return heirs


def _founding_order(document: Document) -> tuple[float, str, str]:
    return document.date.timestamp(), document.account, document.key


def _founded(story: Story, documents: Mapping[int, Document]) -> tuple[float, str, str]:
    """When a story began, by what its founder says; a founder that is gone began before all others."""
    founder = documents.get(story.founder)
    return _founding_order(founder) if founder else (0.0, "", story.id)


def _name(document: Document, index: CandidateIndex) -> str:
    """The address of the story that this post founds.

    An account that took over the id of a renamed one may use a guid that was used before: the address from which
    the older story cannot be moved is numbered.
    """
    name, number = make_story_id(document.account, document.key), 2
    while index.find_founder(name) not in (None, document.post):
        name, number = make_story_id(document.account, f"{document.key}\0{number}"), number + 1
    return name


def _explain(former: Story | None, story: Story, documents: Mapping[int, Document]) -> Decisions:
    lead = documents[story.lead]
    source = f"{lead.account} {lead.key}"
    if former is None:
        return [("founded", story.id, source)]
    if former.merged_into:
        return [("split", story.id, f"不再并入 {former.merged_into}")]
    if not former.members:
        return [("restored", story.id, source)]
    return [("lead", story.id, source)] if former.lead != story.lead else []
