"""Links of one draft to another: they lead to the page of the other's story, wherever that is now."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from aggregator.artifacts import story_path
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.store import Store
from aggregator.urls import DRAFT_BASE, read_draft_url

_LINK = re.compile(r'<a href="(' + re.escape(DRAFT_BASE) + r'[^"]*)"[^>]*>')


def place_crossings(articles: Mapping[str, StoryArticle], bodies: dict[str, str], store: Store, root: str) -> None:
    """Set the links in `bodies`, by story; `root` leads from their page to the site's. A link that leads nowhere is
    none: its words stay."""
    named = {story: _list_paths(body) for story, body in bodies.items() if DRAFT_BASE in body}
    if not named:
        return
    stories = store.drafts.find_stories({path for paths in named.values() for path in paths})
    for story, paths in named.items():
        articles[story].asked.update((path, "draft") for path in paths)
        bodies[story] = _LINK.sub(lambda match: _write_link(match, stories, root), bodies[story])


def _list_paths(body: str) -> set[str]:
    return {_read_path(match) for match in _LINK.finditer(body)}


def _read_path(match: re.Match[str]) -> str:
    return read_draft_url(html.unescape(match[1]))


def _write_link(match: re.Match[str], stories: Mapping[str, str], root: str) -> str:
    story = stories.get(_read_path(match))
    return f'<a href="{root}{story_path(story)}">' if story else "<a>"
