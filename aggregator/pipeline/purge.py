"""A story taken out for good: store, mirrored files, both site trees, logs. Only its tombstone stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.build.site import mend_idle
from aggregator.check import judge_post
from aggregator.errors import ConfigError
from aggregator.fetch import drop_copy
from aggregator.model import LOCAL_ACCOUNT, BuildReport, HoldSettings, Post, Progress, Site, Story
from aggregator.pipeline.build_stage import build
from aggregator.pipeline.mirror import list_files
from aggregator.pipeline.withdraw import is_purged, write_address
from aggregator.registry import read_editorial_text
from aggregator.store import Store

_LEAST = 4
"""Characters of a word by which a line of a log is known to be about a purged post."""

_ERASED = "（已清除）\n"


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did, and what it leaves to staff."""

    story: str
    url: str
    posts: int
    drafts: tuple[str, ...]
    """Files of `content/` that are still there."""
    twins: tuple[str, ...]
    """Addresses of other stories with the same text."""
    copies: tuple[str, ...]
    """Older stores beside the present one, which still have it."""
    named: bool
    """Whether an entry of `editorial.toml` still names it."""
    erased: bool
    """False where another program read the store, so that traces may be left in its file."""
    build: BuildReport


def purge_story(
    site: Site, settings: dict[str, Any], store: Store, now: datetime, progress: Progress, story: Story, reason: str
) -> Purged:
    """Purge a story and show its tombstone. Run once more, it clears away what a killed run left. Raises BuildError."""
    posts = store.purges.list_posts(story)
    drafts = tuple(path for path in store.drafts.list_paths(posts) if (site.content / path).is_file())
    twins = tuple(write_address(settings, one) for one in store.purges.list_twins(posts))
    named = False
    if not is_purged(story, store):
        words = store.purges.list_words(posts)
        _erase_lines(site.state / "logs", words)
        stated = read_editorial_text(site.editorial)
        named = isinstance(stated, str) and any(len(word) >= _LEAST and word in stated for word in words)
        files = {request for stored in store.posts.load(posts) for request in list_files(stored.post)}
        store.purges.purge(story.id, posts, reason, now)
        for request in files:
            drop_copy(site.root, request.url)
    report = build(site, settings, store, now, progress)
    mend_idle(site, store)
    store.mirror.sweep()
    copies = tuple(str(file) for file in sorted(site.state.glob(f"{site.store.name}.before-restore-*")))
    erased = store.purges.erase_traces()
    return Purged(story.id, write_address(settings, story.id), len(posts), drafts, twins, copies, named, erased, report)


def check_reason(reason: str, title: str, now: datetime) -> None:
    """The reason stays for good, so it must say nothing of what is purged. Raises ConfigError."""
    stated = Post(LOCAL_ACCOUNT, "", reason, text=reason)
    if judge_post(stated, HoldSettings(), (), now.year):
        raise ConfigError("原因里有个人信息，它会一直留在页面上。", "只写为什么清除，如“含个人信息”。")
    if len(title) >= _LEAST and title in reason:
        raise ConfigError("原因里有这一篇的标题，它会一直留在页面上。", "只写为什么清除，如“含个人信息”。")


def _erase_lines(folder: Path, words: Sequence[str]) -> None:
    """Take the lines of the logs that name what is purged."""
    told = [word for word in words if len(word) >= _LEAST]
    for file in sorted(folder.glob("matrix.log*")):
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        kept = [_ERASED if any(word in line for word in told) else line for line in lines]
        if kept != lines:
            file.write_text("".join(kept), encoding="utf-8")
