"""Why two posts are, or are not, one story."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.model.post import StoredPost
from aggregator.model.story import Link, Step, Story


@dataclass(frozen=True, slots=True)
class Explanation:
    posts: tuple[StoredPost, StoredPost]
    stories: tuple[Story, Story]
    """In which they stand; one and the same, or two."""
    link: Link | None
    """From the first story to the second."""
    steps: tuple[Step, ...]
    """In the order in which it was decided; the last says what came of it."""

    @property
    def is_one_story(self) -> bool:
        return self.stories[0].id == self.stories[1].id
