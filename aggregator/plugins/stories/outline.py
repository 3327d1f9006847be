"""A page before its articles are read: what it will need, so that the needs of many pages are met together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aggregator.plugins.stories.articles import StoryArticle

Articles = Mapping[str, StoryArticle]
"""By the story's id; what has lost its place in the channel is not there."""


@dataclass(frozen=True, slots=True)
class Outline:
    path: str
    template: str
    make: Callable[[Articles], dict[str, Any]]
    """What the template gets besides the site's own names, from the articles of `shows`."""
    shows: tuple[str, ...] = ()
    """Stories it needs."""
    story: str = ""
    """On an article's own page: that story, whose body it needs."""
    write: Callable[[Articles], bytes] | None = None
    """Of what is no page: makes its bytes without a template, whose name then stands for what they depend on."""


def give_nothing(_articles: Articles) -> dict[str, Any]:
    return {}
