"""What of a feed's posts is news: told by the content that is stored, and found out only for those that matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from aggregator.model import KnownPost, Post, WaitingNote
from aggregator.store.rows import hash_content


class Arrivals:
    """The posts of one feed, against those of its account that are stored or wait."""

    def __init__(self, posts: Sequence[Post], stored: Mapping[str, KnownPost], waiting: Iterable[WaitingNote]) -> None:
        self.posts = posts
        self._stored = stored
        self._waiting = group_notes(waiting)

    @cached_property
    def new(self) -> frozenset[str]:
        """Keys of the posts that were never seen, under any of their names."""
        return frozenset(
            post.key
            for post in self.posts
            if not any(name in self._waiting or name in self._stored for name in list_names(post))
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
        notes = self.find_notes(post)
        return any(note.content_hash == content_hash for content_hash in [hash_content(post)] for note in notes)

    def find_notes(self, post: Post) -> tuple[WaitingNote, ...]:
        """What waits under any of the post's names: its key may have changed since."""
        return find_notes(self._waiting, post)


def group_notes(notes: Iterable[WaitingNote]) -> Mapping[str, WaitingNote]:
    """Name -> what waits under it."""
    return {name: note for note in notes for name in note.names}


def find_notes(waiting: Mapping[str, WaitingNote], post: Post) -> tuple[WaitingNote, ...]:
    """Of the notes grouped by name those that share one with the post, each once; that of its own key first."""
    return tuple({note.key: note for name in list_names(post) if (note := waiting.get(name))}.values())


def list_names(post: Post) -> tuple[str, ...]:
    """Under which a post may be stored."""
    return (post.key, *post.aliases)
