"""update, publish: the main job."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aggregator.errors import ConfigError
from aggregator.model import (
    LOCAL_ACCOUNT,
    AccountOutcome,
    BuildReport,
    Finding,
    Progress,
    Registry,
    SavedPosts,
    Site,
    UpdateReport,
)
from aggregator.pipeline.build_stage import build
from aggregator.pipeline.describing import describe_waiting
from aggregator.pipeline.draft_reviews import DraftReviews
from aggregator.pipeline.draft_rules import DraftRules
from aggregator.pipeline.drafts import list_refusals, list_taken_back, read_local_drafts
from aggregator.pipeline.editorial import read_editorial
from aggregator.pipeline.feeds import read_feeds
from aggregator.pipeline.inbox import Gate
from aggregator.pipeline.mirror import mirror_files
from aggregator.pipeline.replacements import link_replacements
from aggregator.pipeline.reviewing import list_reviews
from aggregator.pipeline.rulings import place_stories
from aggregator.store import Store

_PRUNED = "history-pruned-on"


class _Stopwatch:
    """Wall time by stage; a stage may come up many times."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def measure(self, stage: str) -> None:
        """Book the time since the last call on `stage`."""
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now


def update(
    site: Site, registry: Registry, store: Store, now: datetime, progress: Progress, only: str | None = None, *,
    force: bool = False,
) -> UpdateReport:  # fmt: skip
    """Read feeds and drafts into stories. `only` is the one account to read. Raises ConfigError for an unknown one.

    Feeds that are not due are left alone, unless `force`d or their account is named.
    """
    if only is not None and registry.account(only) is None:
        raise ConfigError(f"账号 {only} 不在登记表里。", "用 matrix accounts export 查看全部账号的编号。")
    watch = _Stopwatch()
    store.states.release(now)
    accounts = [account for account in registry.accounts if only in (None, account.id) and account.id != LOCAL_ACCOUNT]
    force = force or only is not None
    editorial, findings = read_editorial(site, registry, store)
    gate = Gate(registry, editorial.hold, store, now, editorial.choices)
    released = gate.settle()
    watch.measure("inbox")
    outcomes = list(read_feeds(site, registry, accounts, store, now, progress, watch.measure, gate, force=force))
    describe_waiting(store)
    if only in (None, LOCAL_ACCOUNT):
        rules = DraftRules(editorial, store, now, site.editorial.name)
        reviews = DraftReviews(store, editorial.review, now)
        local, complaints = _read_local(site, registry, store, rules, reviews, now, progress, watch.measure)
        outcomes.append(local)
        findings = (*findings, *complaints)
    reached = {account.id for account in registry.accounts if only in (None, account.id)}
    mirrored = mirror_files(site, registry, reached, store, now, progress)
    if only in (None, LOCAL_ACCOUNT):
        findings = (*findings, *list_refusals(store))
    watch.measure("mirror")
    stories, mistakes = place_stories(editorial.rulings, registry, store, now, progress, site.editorial.name)
    mistakes = (*mistakes, *link_replacements(site, editorial.rulings, store))
    watch.measure("stories")
    if only in (None, LOCAL_ACCOUNT):
        mistakes = (*mistakes, *list_taken_back(store))
    _prune_daily(store, now)
    return UpdateReport(
        tuple(outcomes), (*findings, *mistakes), stories, tuple(watch.seconds.items()), mirrored, released,
        list_reviews(site, store, editorial.review),
    )  # fmt: skip


def publish(
    site: Site, settings: dict[str, Any], registry: Registry, store: Store, now: datetime, progress: Progress, *,
    force: bool = False,
) -> tuple[UpdateReport, BuildReport]:  # fmt: skip
    return update(site, registry, store, now, progress, force=force), build(site, settings, store, now, progress)


def _read_local(
    site: Site, registry: Registry, store: Store, rules: DraftRules, reviews: DraftReviews, now: datetime,
    progress: Progress, measure: Callable[[str], None],
) -> tuple[AccountOutcome, tuple[Finding, ...]]:  # fmt: skip
    progress("读取稿件", 0, 0)
    account = registry.account(LOCAL_ACCOUNT)
    batch = read_local_drafts(site, store, rules, reviews, now, mirror=account is None or account.mirror)
    measure("drafts")
    if not batch.paths and store.drafts.load_known():
        # An unmounted disk or a moved folder must not take the whole site's own articles back.
        missing = Finding(
            str(site.content),
            "content 文件夹里一篇稿件也没有，已发布的稿件暂时保留。",
            "检查文件夹是否被移走；确要全部撤下，请逐篇删除并至少留一篇。",
        )
        return AccountOutcome(LOCAL_ACCOUNT, "held", error=missing.message), (missing, *batch.findings)
    files = frozenset(batch.paths)
    batch = reviews.hold_back(rules.hold_back(batch))
    saved = store.drafts.save(batch, now)
    reviews.save(published=True)
    store.glances.save(batch.glances, batch.refusals)
    rules.note_judged()
    others = (*reviews.choose_findings(), *rules.inspect_between(site, batch))
    findings = rules.tell(batch.findings, others, files)
    measure("store")
    outcome = AccountOutcome(
        LOCAL_ACCOUNT,
        "updated" if saved != SavedPosts() else "unchanged",
        len(saved.new),
        len(saved.changed),
        len(saved.withdrawn),
    )
    return outcome, findings


def _prune_daily(store: Store, now: datetime) -> None:
    today = now.date().isoformat()
    if store.feeds.get_fact(_PRUNED) != today:
        store.feeds.prune_history(now)
        store.feeds.set_fact(_PRUNED, today)
