"""Stories that have a page and no place in the channel: withdrawn, purged, merged into another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from aggregator.artifacts import story_path
from aggregator.model import Notice, Rulings, Story
from aggregator.store import Store
from aggregator.urls import is_web_url

State = Literal["merged", "withdrawn", "purged"]


@dataclass(frozen=True, slots=True)
class Replacement:
    """What to read in place of a withdrawn story."""

    title: str
    url: str
    """Path in the site, or an address elsewhere."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What stands at the address of such a story."""

    id: str
    state: State
    title: str
    url: str
    date: datetime
    at: datetime | None = None
    """Since when, where that is known of it."""
    reason: str = ""
    replacement: Replacement | None = None
    target: str = ""
    """The story that a merged one leads to."""


def find_gone(store: Store, stories: Sequence[Story], zone: ZoneInfo) -> Iterator[Gone]:
    """Those of these stories without a place that are told of: not what appears in the future."""
    leads = {one.id: one for one in store.posts.load([story.lead for story in stories], bodies=False)}
    notices = store.states.load_notices([story.id for story in stories])
    scheduled = store.states.list_scheduled() if stories else frozenset()
    rulings = store.rulings.load() if stories else Rulings()
    for story in stories:
        lead = leads[story.lead]
        gone = Gone(story.id, "withdrawn", lead.post.title, story_path(story.id), lead.date.astimezone(zone))
        if story.merged_into:
            target = store.stories.find_target(story.id)
            if not scheduled or _has_page(store, target, scheduled):
                yield replace(gone, state="merged", target=target)
        elif notice := notices.get(story.id):
            at, replacement = notice.at.astimezone(zone), _find_replacement(store, notice)
            state: State = "purged" if notice.purged else "withdrawn"
            yield replace(gone, state=state, at=at, reason=notice.reason, replacement=replacement)
        elif not story.members and lead.id in scheduled:
            # Nobody is told of it before its time.
            continue
        elif lead.withdrawn_at:
            yield replace(gone, at=lead.withdrawn_at.astimezone(zone), reason="发布单位已撤下原文。")
        else:
            yield replace(gone, reason=_find_reason(story, rulings))


def _has_page(store: Store, identifier: str, scheduled: Set[int]) -> bool:
    (story,) = store.stories.load((identifier,))
    return bool(story.members) or story.lead not in scheduled or bool(store.states.load_notices((identifier,)))


def _find_replacement(store: Store, notice: Notice) -> Replacement | None:
    """What the notice leads to: a page of ours that is there, or one elsewhere."""
    if notice.target:
        target = store.stories.find_target(notice.target)
        if not store.stories.find_placed((target,)):
            return None
        return Replacement(store.stories.load_titles((target,))[target], story_path(target))
    return Replacement(notice.replacement, notice.replacement) if is_web_url(notice.replacement) else None


def _find_reason(story: Story, rulings: Rulings) -> str:
    """Why a story with a live lead is not in the channel: staff hid it, or the last post of it."""
    stated = (rulings.hidden_stories.get(story.id, ""), rulings.hidden_posts.get(story.lead, ""))
    return next(filter(None, stated), "本站编辑部已撤下。")
