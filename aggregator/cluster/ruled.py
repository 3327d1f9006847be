"""Stars under staff's word: what is split stands alone, what is locked stays as it was, what is merged is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aggregator.cluster.stars import Star, form_stars, gather_star
from aggregator.model import NO_RULINGS, Document, Match, Rulings

LOCKED = "编辑部已锁定这条消息的来源"
MERGED = "编辑部决定合并"


def form_ruled_stars(
    documents: Sequence[Document], matches: Sequence[Match], rulings: Rulings = NO_RULINGS
) -> tuple[Star, ...]:
    """As `form_stars`, with staff's word over it. Hidden posts are in none, nor are drafts before their time."""
    by_id = {document.post: document for document in documents}
    hidden = rulings.hidden_posts.keys() | rulings.scheduled
    groups = [live for group in rulings.locks if (live := sorted(group & by_id.keys() - hidden))]
    locked = {post for group in groups for post in group}
    # Cut only once roundups are known: a page with two notices is one also where the one of them is locked.
    apart = (rulings.apart | hidden | locked) & by_id.keys()
    stars = [star for star in form_stars(documents, matches, apart) if star.lead not in hidden | locked]
    stars += [gather_star([by_id[post] for post in group], matches, LOCKED) for group in groups]
    for parts in rulings.merges:
        named = _find_named(parts, stars)
        if len(named) > 1:
            posts = sorted(post for star in named for post in star.posts)
            stars = [star for star in stars if star not in named]
            stars.append(gather_star([by_id[post] for post in posts], matches, MERGED))
    return tuple(stars)


def _find_named(parts: Iterable[Iterable[int]], stars: Sequence[Star]) -> list[Star]:
    """The star of each part: that of the first of its posts which is still there."""
    star_of = {post: star for star in stars for post in star.posts}
    found = (next((star_of[post] for post in part if post in star_of), None) for part in parts)
    return list(dict.fromkeys(star for star in found if star is not None))


def list_bonds(rulings: Rulings) -> dict[int, frozenset[int]]:
    """Post -> the posts that stand in one story with it by staff's word, whether they match or not."""
    bonds: dict[int, frozenset[int]] = {}
    for group in (*rulings.locks, *(frozenset(p for part in parts for p in part) for parts in rulings.merges)):
        for post in group:
            bonds[post] = bonds.get(post, frozenset()) | group
    return bonds
