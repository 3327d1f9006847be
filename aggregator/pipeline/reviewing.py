"""Review of drafts as staff do it: what waits, and a step of it.

    refresh_reviews: content/ as it is now -> what waits | list_reviews -> WaitingDrafts | record_step -> ReviewEntry

Nothing here publishes: the next publish does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from aggregator.errors import ConfigError
from aggregator.identity import find_identity
from aggregator.model import (
    LOCAL_ACCOUNT,
    Finding,
    Registry,
    ReviewEntry,
    ReviewSettings,
    ReviewStep,
    ReviewVerdict,
    Site,
    WaitingDraft,
)
from aggregator.pipeline.draft_reviews import DraftReviews, decide_all
from aggregator.pipeline.editorial import read_editorial
from aggregator.review import chain_entry, choose_step, is_demanded
from aggregator.store import Store


@dataclass(frozen=True, slots=True)
class ReviewState:
    """`content/` held against what must be reviewed."""

    settings: ReviewSettings
    findings: tuple[Finding, ...]
    """Of level "error": mistakes of `editorial.toml`, and drafts that cannot be reviewed before they are mended."""
    paths: frozenset[str]
    """All drafts that could be read."""


def refresh_reviews(site: Site, registry: Registry, store: Store, now: datetime) -> ReviewState:
    """Read what changed in `content/`, and note what waits for review as it is now. To be used under the lock."""
    # What reads and judges drafts takes a while to import, and a list of what waits has no use for it.
    from aggregator.pipeline.draft_rules import DraftRules
    from aggregator.pipeline.drafts import read_local_drafts

    editorial, mistakes = read_editorial(site, registry, store)
    rules = DraftRules(editorial, store, now, site.editorial.name)
    reviews = DraftReviews(store, editorial.review, now)
    account = registry.account(LOCAL_ACCOUNT)
    batch = read_local_drafts(site, store, rules, reviews, now, mirror=account is None or account.mirror)
    paths = frozenset(batch.paths)
    batch = reviews.hold_back(rules.hold_back(batch))
    reviews.save(published=False)
    findings = tuple(one for one in (*mistakes, *batch.findings) if one.level == "error")
    return ReviewState(editorial.review, findings, paths)


def list_reviews(site: Site, store: Store, settings: ReviewSettings) -> tuple[WaitingDraft, ...]:
    """The drafts that wait as `content/` was last read, by path; without those whose file has gone since."""
    held = [
        one
        for path, one in store.reviews.load_held().items()
        if is_demanded(path, settings) and (site.content / PurePosixPath(path)).is_file()
    ]
    decided = decide_all(store, {one.content for one in held}, settings)
    return tuple(
        WaitingDraft(one.path, one.content, one.key, one.title, one.claims, one.since, decided[one.content])
        for one in held
        if not decided[one.content].is_done
    )


def record_step(
    site: Site, store: Store, settings: ReviewSettings, path: str, content: str, verdict: ReviewVerdict,
    now: datetime, *, step: ReviewStep | None = None, reason: str = "",
) -> ReviewEntry:  # fmt: skip
    """Pass or return the draft at `path`, of which the person at work has seen `content`; the line of the log.

    `step` is the next one unless another is named. To be used under the lock. Raises ConfigError, and nothing is
    written: the draft does not wait, it is another by now, or this person may not do this step.
    """
    if verdict == "return" and not reason.strip():
        raise ConfigError("没有写退回的原因。", '写成 --return "要改什么"。')
    by = find_identity(settings.identity, site.root)
    draft = next((one for one in list_reviews(site, store, settings) if one.path == path), None)
    if draft is None:
        raise ConfigError(f"{path} 不在等审核的稿件里。", "用 matrix review 查看哪些稿件在等审核。")
    if draft.content != content:
        raise ConfigError(f"{path} 刚才又改过，还没有按新的内容审。", "重新打开稿件看一遍，再审。")
    done = choose_step(draft.reviewed, settings, by, verdict, step)
    entry = ReviewEntry(0, now, path, content, done, verdict, by, settings.identity, reason.strip())
    with store.transaction():
        entry = chain_entry(entry, store.reviews.load_head())
        store.reviews.append(entry)
    return entry
