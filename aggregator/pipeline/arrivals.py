"""What of a feed's posts is news: told by the content that is stored, and found out only for those that matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from aggregator.model import KnownPost, Post, WaitingNote
from aggregator.store.rows import hash_content


class Arrivals:
    """The posts of one feed, against those of its account that are stored or wait."""

    def __init__(
        self, posts: Sequence[Post], stored: Mapping[str, KnownPost], waiting: Mapping[str, WaitingNote]
    ) -> None:
        self.posts = posts
        self._stored = stored
        self._waiting = waiting

    @cached_property
    def new(self) -> frozenset[str]:
        """Keys of the posts that were never seen, under any of their names."""
        return frozenset(
            post.key
            for post in self.posts
            if post.key not in self._waiting and not any(name in self._stored for name in list_names(post))
        )

    @cached_property
    def news(self) -> tuple[Post, ...]:
        """The posts that are new or changed: neither published as they are, nor waiting as they are."""
        return tuple(
            post
            for post in self.posts
            if post.key in self.new or not (self.is_published(post) or self.is_waiting(post))
        )

    def is_published(self, post: Post) -> bool:
        """Whether this is what is published already. To hash a post takes as long as to store it."""
        for known in (self._stored[name] for name in list_names(post) if name in self._stored):
            dated = post
            if post.is_date_inferred and known.published is not None:
                # The store keeps the first such date.
                dated = replace(post, published=known.published, updated=known.updated)
            if hash_content(dated) == known.content_hash:
                return True
        return False

    def is_waiting(self, post: Post) -> bool:
        """Whether this is what waits already."""
        note = self._waiting.get(post.key)
        return note is not None and note.content_hash == hash_content(post)


def list_names(post: Post) -> tuple[str, ...]:
    """Under which a post may be stored."""
    return (post.key, *post.aliases)
