"""Who a post is: which of its identifiers can be trusted, its key, and every name it is known by.

Feeds repeat guids ("0", one for all posts of a day), link every post to the home page, and list a post twice. An
identifier that posts with different content share within one feed identifies none of them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aggregator.model import Post
from aggregator.urls import canonical_url, is_home_page

_PLACEHOLDERS = frozenset(
    {"", "0", "-1", "1", "#", "-", "null", "none", "nil", "undefined", "n/a", "nan", "guid", "id"}
)
_LONGEST_GUID = 1000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post without a key, under its address' canonical form, and what it could be known by."""

    post: Post
    guid: str
    aliases: tuple[str, ...] = ()


def assign_identities(candidates: Iterable[Candidate], home: str) -> tuple[Post, ...]:
    """Give each post its key, aliases and canonical URL, and keep each post once, in order.

    `home` is the address of the feed's site, which is no post's own.
    """
    usable = [_take_usable(candidate, canonical_url(home)) for candidate in candidates]
    shared_guids = _find_ambiguous(usable, lambda candidate: candidate.guid)
    shared_urls = _find_ambiguous(usable, lambda candidate: candidate.post.canonical_url)
    posts: dict[str, Post] = {}
    keys_by_url: dict[str, str] = {}
    for candidate in usable:
        post = candidate.post
        guid = "" if candidate.guid in shared_guids else candidate.guid
        url = "" if post.canonical_url in shared_urls else post.canonical_url
        named = _name_post(
            post if url == post.canonical_url else replace(post, canonical_url=url), guid, candidate.aliases
        )
        # Not ambiguous and yet shared: the same post under another guid.
        key = keys_by_url.setdefault(url, named.key) if url else named.key
        posts[key] = _merge_copies(posts[key], named) if key in posts else named
    return tuple(posts.values())


def hash_content(title: str, text: str, published: datetime | None = None) -> str:
    """The identity of a post that has no other: its title and text, and, among aliases, its date."""
    stamp = published.astimezone(UTC).isoformat() if published else ""
    digest = hashlib.blake2b("\0".join((title, text, stamp)).encode("utf-8", "replace"), digest_size=16)
    return f"hash:{digest.hexdigest()}"


def _take_usable(candidate: Candidate, home: str) -> Candidate:
    guid = " ".join(candidate.guid.split())
    if guid.lower() in _PLACEHOLDERS or len(guid) > _LONGEST_GUID:
        guid = ""
    url = candidate.post.canonical_url
    if is_home_page(candidate.post.url) or url == home:
        url = ""
    post = candidate.post if url == candidate.post.canonical_url else replace(candidate.post, canonical_url=url)
    return Candidate(post, guid, candidate.aliases)


def _find_ambiguous(candidates: list[Candidate], identify: Callable[[Candidate], str]) -> set[str]:
    groups: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if identity := identify(candidate):
            groups[identity].append(candidate)
    return {
        identity for identity, group in groups.items() if not all(_are_copies(group[0], other) for other in group[1:])
    }


def _are_copies(first: Candidate, second: Candidate) -> bool:
    """Whether two entries that share an identifier are one post, listed twice or revised."""
    a, b = first.post, second.post
    same_title, same_text = a.title == b.title, a.text == b.text
    if first.guid and first.guid == second.guid:
        return (same_title and not _are_apart(a, b)) or (same_text and bool(a.text))
    # The same page under two guids, or without any: "今日天气", each day anew, are as many posts.
    if first.guid != second.guid and not a.text:
        return same_title and same_text and a.published == b.published
    return same_title and (same_text or (not first.guid and a.published == b.published))


def _are_apart(a: Post, b: Post) -> bool:
    """Whether two posts of one guid and headline say different things at different addresses or, for want of them, on
    different days. Notices of one day or one kind share both; what says when it was updated is a revision.
    """
    if a.text == b.text:
        return False
    if a.canonical_url and b.canonical_url:
        return a.canonical_url != b.canonical_url
    return not (a.updated or b.updated) and a.published != b.published


def _name_post(post: Post, guid: str, others: tuple[str, ...]) -> Post:
    key = guid or post.canonical_url or hash_content(post.title, post.text)
    aliases = [key, guid, *others, post.canonical_url]
    if not is_home_page(guid):
        aliases.append(canonical_url(guid))
    # A date that leans on the moment of reading would make another name at each.
    if (post.text or post.published) and not post.is_date_inferred:
        # With the date: the same words, sent again a month later, are another notice.
        aliases.append(hash_content(post.title, post.text, post.published))
    return replace(post, key=key, aliases=tuple(dict.fromkeys(alias for alias in aliases if alias)))


def _merge_copies(first: Post, second: Post) -> Post:
    """One post of two copies: the later revision under the first one's key."""
    newer = first
    if second.updated and (first.updated is None or second.updated > first.updated):
        newer = second
    return replace(newer, key=first.key, aliases=tuple(dict.fromkeys((*first.aliases, *second.aliases))))
