"""All stories made anew: what would change is known before it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aggregator.model import Progress, Rebuilding, Registry, Story, StoryMove
from aggregator.pipeline.channel import place_waiting
from aggregator.store import Store


class _RefusedError(Exception):
    """Undoes what was tried."""


def rebuild_stories(
    registry: Registry, store: Store, now: datetime, progress: Progress, confirm: Callable[[Rebuilding], bool]
) -> tuple[Rebuilding, bool]:
    """Count anew which phrases are frequent and compare all posts again; addresses stay.

    `confirm` sees what would change and says whether to keep it; the answer is returned. Otherwise all is as it was.
    """
    before = {story.id: story for story in store.stories.load()}
    try:
        with store.transaction():
            store.index.renew_snapshot(now)
            place_waiting(registry, store, now, progress)
            report = _compare(before, {story.id: story for story in store.stories.load()}, store)
            if not confirm(report):
                raise _RefusedError
    except _RefusedError:
        return report, False
    return report, True


def _compare(before: dict[str, Story], after: dict[str, Story], store: Store) -> Rebuilding:
    changed = [
        (before.get(identifier), story)
        for identifier, story in after.items()
        if _describe(before.get(identifier)) != _describe(story)
    ]
    leads = sorted({story.lead for _, story in changed})
    titles = {stored.id: stored.post.title for stored in store.posts.load(leads, bodies=False)}
    moves = tuple(
        StoryMove(
            story.id,
            titles[story.lead],
            len(former.members) if former else 0,
            len(story.members),
            story.merged_into,
            led_anew=bool(former and former.members and story.members and former.lead != story.lead),
        )
        for former, story in changed
    )
    return Rebuilding(sum(len(story.members) for story in after.values()), sum(map(_counts, after.values())), moves)


def _counts(story: Story) -> bool:
    return bool(story.members)


def _describe(story: Story | None) -> tuple[int, frozenset[int], str] | None:
    """What of a story a reader would notice: not the score by which a member belongs to it."""
    return (
        None if story is None else (story.lead, frozenset(member.post for member in story.members), story.merged_into)
    )
