"""New, changed and withdrawn posts into stories; addresses stay with the post that founded them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence

from aggregator.cluster.compare import compare
from aggregator.cluster.stars import Star, form_stars
from aggregator.model import CandidateIndex, Document, Fingerprint, Match, Story, StoryChanges

Decisions = list[tuple[str, str, str]]


def make_story_id(account: str, key: str) -> str:
    """13 letters and digits (64 bits) from the founding post's account and key: its address for good."""
    digest = hashlib.blake2b(f"{account}\0{key}".encode(), digest_size=8).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


def place_posts(
    documents: Sequence[Document],
    gone: Sequence[int],
    fingerprints: Mapping[int, Fingerprint],
    index: CandidateIndex,
) -> StoryChanges:
    """The stories that these new or changed posts, and the `gone` (withdrawn) ones, change.

    The index must already know the documents by their fingerprints. Only posts connected with them by a match
    are looked at. Placing the same posts again changes nothing.
    """
    matches = _find_matches(documents, fingerprints, index)
    placed = {document.post for document in documents} | set(gone)
    former = index.load_stories(sorted(placed))
    seeds = placed | {member.post for story in former for member in story.members}
    component, known = _close(seeds, matches, placed, index)
    everyone = index.load_documents(sorted(component))
    stars = form_stars(everyone, (*matches, *known))
    existing = index.load_stories(sorted(component | set(gone)))
    stories, decisions = _name_stories(stars, {document.post: document for document in everyone}, existing, index)
    return StoryChanges(stories, matches, decisions)


def _find_matches(
    documents: Sequence[Document], fingerprints: Mapping[int, Fingerprint], index: CandidateIndex
) -> tuple[Match, ...]:
    loaded = {document.post: document for document in documents}
    candidates = {document.post: index.find_candidates(document, fingerprints[document.post]) for document in documents}
    missing = sorted({post for posts in candidates.values() for post in posts} - loaded.keys())
    loaded.update((document.post, document) for document in index.load_documents(missing))
    pairs = sorted({(min(one, other), max(one, other)) for one, posts in candidates.items() for other in posts})
    found = (compare(loaded[a], loaded[b]) for a, b in pairs if a in loaded and b in loaded)
    return tuple(match for match in found if match is not None)


def _close(
    seeds: Iterable[int], matches: Sequence[Match], placed: set[int], index: CandidateIndex
) -> tuple[set[int], tuple[Match, ...]]:
    """All posts that matches connect with the seeds, and the matches already known among them."""
    neighbours: dict[int, set[int]] = {}
    for match in matches:
        neighbours.setdefault(match.a, set()).add(match.b)
        neighbours.setdefault(match.b, set()).add(match.a)
    known: dict[tuple[int, int], Match] = {}
    component: set[int] = set()
    frontier = set(seeds)
    while frontier:
        component |= frontier
        reached = {post for one in frontier for post in neighbours.get(one, ())}
        for match in index.load_matches(sorted(frontier)):
            # Also whom a changed post no longer matches: it may have named their lead.
            reached |= {match.a, match.b}
            # What was known of a post that has changed since is superseded by what was found just now.
            if match.a not in placed and match.b not in placed:
                known[match.a, match.b] = match
        frontier = reached - component
    return component, tuple(known.values())


def _name_stories(
    stars: Sequence[Star], documents: Mapping[int, Document], existing: Sequence[Story], index: CandidateIndex
) -> tuple[tuple[Story, ...], tuple[tuple[str, str, str], ...]]:
    """Give each star the story its founder founded, or a new one; the others it takes in redirect to it."""
    heirs = _find_heirs(stars, existing)
    changed: list[Story] = []
    decisions: Decisions = []
    for star in stars:
        inherited = sorted(
            (story for story in existing if heirs.get(story.id) == star.lead),
            key=lambda story: (bool(story.merged_into), *_founded(story, documents)),
        )
        if inherited:
            keep, taken_in = inherited[0], inherited[1:]
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
            decisions.append(("withdrawn", story.id, "所有来源均已撤回"))
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
