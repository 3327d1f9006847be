"""Feeds into the store: fetch, parse, save, one after the other as answers come."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.fetch import FeedRequest, fetch_feeds
from aggregator.model import (
    Account,
    AccountOutcome,
    FeedDocument,
    FeedError,
    NotModified,
    Outcome,
    ParsedFeed,
    Progress,
    Registry,
    SavedPosts,
    Site,
    Validators,
)
from aggregator.parse import parse_posts
from aggregator.store import Store

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Tally:
    """What the feeds of one account have brought so far."""

    account: Account
    outcomes: list[Outcome] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    errors: list[str] = field(default_factory=list)


def read_feeds(
    site: Site, registry: Registry, accounts: Sequence[Account], store: Store, now: datetime, progress: Progress,
    measure: Callable[[str], None],
) -> tuple[AccountOutcome, ...]:  # fmt: skip
    """Bring the feeds of these accounts into the store. Each feed's posts and validators are saved together."""
    validators = store.feeds.load_validators()
    requests = [
        FeedRequest(account.id, url, validators.get((account.id, url), Validators()))
        for account in accounts
        if account.status == "active"
        for url in account.feeds
    ]
    tallies: dict[str, _Tally] = {account.id: _Tally(account) for account in accounts}

    async def run() -> None:
        done = 0
        progress("收取订阅源", 0, len(requests))
        async for answer in fetch_feeds(requests, registry.fetch, site.root):
            measure("fetch")
            _take(answer, store, now, tallies[answer.account], measure)
            done += 1
            progress("收取订阅源", done, len(requests))

    asyncio.run(run())
    measure("fetch")
    return tuple(_conclude(tally) for tally in tallies.values())


def _take(
    answer: FeedDocument | NotModified | FeedError,
    store: Store,
    now: datetime,
    tally: _Tally,
    measure: Callable[[str], None],
) -> None:
    parsed = _parse(answer, now) if isinstance(answer, FeedDocument) else answer
    measure("parse")
    if isinstance(parsed, FeedError):
        store.feeds.record(parsed.account, parsed.url, "failed", now, error=parsed.reason)
        tally.outcomes.append("failed")
        tally.errors.append(f"{parsed.url}:{parsed.reason}")
    elif isinstance(parsed, NotModified) or not isinstance(answer, FeedDocument):
        store.feeds.record(parsed.account, parsed.url, "unchanged", now)
        tally.outcomes.append("unchanged")
    else:
        with store.transaction():
            rivals = set(tally.account.feeds) - {parsed.url}
            saved = store.posts.save(parsed.account, parsed.posts, now, parsed.url, rivals)
            outcome: Outcome = "updated" if saved != SavedPosts() else "unchanged"
            store.feeds.record(
                parsed.account, parsed.url, outcome, now, validators=_trust(answer, parsed), posts_new=len(saved.new)
            )
        tally.outcomes.append(outcome)
        tally.new += len(saved.new)
        tally.changed += len(saved.changed)
    measure("store")


def _trust(document: FeedDocument, parsed: ParsedFeed) -> Validators:
    """The validators to keep. A damaged feed's own are dropped: aiohttp hands on a cut compressed body as if it
    were whole, and the server would answer "not modified" to its ETag ever after."""
    return Validators(body_hash=document.validators.body_hash) if parsed.warnings else document.validators


def _parse(document: FeedDocument, now: datetime) -> ParsedFeed | FeedError:
    try:
        return parse_posts(document, now=now)
    except Exception:
        logger.exception("parsing %s of %s", document.url, document.account)
        return FeedError(document.account, document.url, "读取内容时程序出错，这次跳过。请把日志发给技术人员。")


def _conclude(tally: _Tally) -> AccountOutcome:
    """An account has failed if none of its feeds answered; held if what it brought waits for staff."""
    outcomes = set(tally.outcomes)
    outcome: Outcome = "skipped"
    if outcomes:
        outcome = next(one for one in ("updated", "unchanged", "failed") if one in outcomes)
    if outcome == "updated" and tally.account.selection == "review":
        outcome = "held"
    return AccountOutcome(tally.account.id, outcome, tally.new, tally.changed, 0, ";".join(tally.errors))
