"""Feeds into the store: those that are due, fetched and parsed beside one another, saved as they come."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from aggregator.fetch import (
    ByteBudget,
    FeedRequest,
    find_held_hosts,
    find_host,
    find_jitter,
    is_due,
    plan_next,
    read_refresh,
)
from aggregator.model import (
    Account,
    AccountOutcome,
    FeedDocument,
    FeedError,
    FeedMemory,
    FolderDocument,
    NotModified,
    Outcome,
    ParsedFeed,
    Progress,
    Registry,
    SavedPosts,
    Site,
    Validators,
)
from aggregator.pipeline.handover import describe_problems, read_folder
from aggregator.pipeline.inbox import Gate
from aggregator.store import Store

if TYPE_CHECKING:
    from aggregator.parse.workers import ParsePool

WORKERS = min(os.cpu_count() or 1, 4)
"""Processes that parse. Fetching and saving leave more than half of a processor free; each takes some 60 MB."""

COMMIT_FEEDS = 32
COMMIT_SECONDS = 0.1
"""Feeds that are stored by one commit, and for how long the first of them waits for the others: a commit writes every
page that it touched, and feeds touch the same ones. That much is read again where a run is killed."""

CUT_OFF_HOSTS = 3
"""So many hosts don't vanish together."""

Answer = FeedDocument | FolderDocument | NotModified | FeedError
Parsed = ParsedFeed | FeedError | None
"""None where the answer brought nothing to parse."""


@dataclass(slots=True)
class _Tally:
    """What the feeds of one account have brought so far."""

    account: Account
    feeds_open: int
    """Feeds that are neither closed by their server nor of an account that stopped."""
    outcomes: list[Outcome] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    errors: list[str] = field(default_factory=list)


def read_feeds(
    site: Site, registry: Registry, accounts: Sequence[Account], store: Store, now: datetime, progress: Progress,
    measure: Callable[[str], None], gate: Gate, *, force: bool = False,
) -> tuple[AccountOutcome, ...]:  # fmt: skip
    """Bring the feeds of these accounts into the store: those that are due, or all if `force`d.

    Each feed's posts, as far as the gate lets them in, are saved together with what is remembered of it.
    """
    known = store.feeds.load_memories()
    memories = {
        account.id: [known.get((account.id, url), FeedMemory(account.id, url)) for url in account.feeds]
        for account in accounts
        if account.status == "active"
    }
    held_hosts = find_held_hosts(known.values(), now)
    due = {
        (memory.account, memory.url): memory
        for feeds in memories.values()
        for memory in feeds
        if force or is_due(memory, now, held_hosts)
    }
    tallies = {
        account.id: _Tally(account, sum(force or one.closed_at is None for one in memories.get(account.id, ())))
        for account in accounts
    }
    requests = [FeedRequest(one.account, one.url, one.validators, one.address) for one in due.values()]

    reached: set[str] = set()

    async def run() -> None:
        done = 0
        progress("收取订阅源", 0, len(requests))
        async with aclosing(_read_answers(requests, registry, site, store, now)) as answers:
            async for batch in answers:
                measure("fetch")
                with store.transaction():
                    for answer, parsed in batch:
                        if not isinstance(answer, FeedError) or answer.status is not None:
                            reached.add(find_host(answer.url))
                        memory = due[answer.account, answer.url]
                        _save(answer, parsed, memory, store, now, tallies[answer.account], gate)
                measure("store")
                done += len(batch)
                progress("收取订阅源", done, len(requests))

    if requests:
        asyncio.run(run())
    if _is_cut_off(due.values(), reached):
        store.feeds.excuse(memory for memory in due.values() if find_host(memory.url))
    measure("fetch")
    return tuple(_conclude(tally, gate) for tally in tallies.values())


def _is_cut_off(asked: Iterable[FeedMemory], reached: set[str]) -> bool:
    """Whether it is our own line that was down: many hosts asked, and none of them heard. That is no feed's failure,
    and must not put the whole channel off for a day."""
    hosts = {find_host(memory.url) for memory in asked} - {""}
    return len(hosts) >= CUT_OFF_HOSTS and not hosts & reached


async def _read_answers(
    requests: Sequence[FeedRequest], registry: Registry, site: Site, store: Store, now: datetime
) -> AsyncGenerator[list[tuple[Answer, Parsed]]]:
    """The answers as they come, with what is in them; meanwhile others are fetched and parsed."""
    budget = ByteBudget()
    results: asyncio.Queue[tuple[Answer, Parsed] | None] = asyncio.Queue()

    async def read(document: FeedDocument, pool: ParsePool) -> None:
        results.put_nowait((document, await pool.parse(document, now)))

    async def read_files(document: FolderDocument, pool: ParsePool) -> None:
        known = store.handover.load_known(document.account, document.url)
        account = registry.account(document.account)
        mirror = account is None or account.mirror
        results.put_nowait((document, await read_folder(document, known, pool, now, mirror=mirror)))

    async def run() -> None:
        # Only here: where no feed is due, nothing need wait for what fetches and parses.
        from aggregator.fetch import fetch_feeds
        from aggregator.parse.workers import ParsePool

        answers = fetch_feeds(requests, registry.fetch, site.root, budget)
        with ParsePool(WORKERS) as pool:
            async with asyncio.TaskGroup() as readers, aclosing(answers):
                async for answer in answers:
                    if isinstance(answer, FeedDocument):
                        readers.create_task(read(answer, pool))
                    elif isinstance(answer, FolderDocument):
                        readers.create_task(read_files(answer, pool))
                    else:
                        results.put_nowait((answer, None))

    task = asyncio.create_task(run())
    task.add_done_callback(lambda _: results.put_nowait(None))
    try:
        while batch := await _take_batch(results):
            yield batch
            budget.release(sum(len(answer.body) for answer, _ in batch if isinstance(answer, FeedDocument)))
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _take_batch(results: asyncio.Queue[tuple[Answer, Parsed] | None]) -> list[tuple[Answer, Parsed]]:
    """What is there to be stored at once; nothing once None has come, which is left where it was."""
    batch: list[tuple[Answer, Parsed]] = []
    end: float | None = None
    with suppress(TimeoutError):
        while len(batch) < COMMIT_FEEDS:
            async with asyncio.timeout_at(end):
                result = await results.get()
            if result is None:
                results.put_nowait(None)
                break
            batch.append(result)
            end = end or asyncio.get_running_loop().time() + COMMIT_SECONDS
    return batch


def _save(
    answer: Answer, parsed: Parsed, memory: FeedMemory, store: Store, now: datetime, tally: _Tally, gate: Gate
) -> None:
    """Keep what one feed brought, and when and where it is asked next."""
    jitter, refresh = find_jitter(memory.account, memory.url), read_refresh(tally.account.refresh)
    if isinstance(answer, FeedDocument) and isinstance(parsed, FeedError):
        # What the server said of its answer holds even where the answer is no feed.
        answer = replace(parsed, hints=answer.hints)
    if isinstance(answer, FeedError):
        store.feeds.record(plan_next(memory, answer, now, jitter, refresh), "failed", now, error=answer.reason)
        tally.outcomes.append("failed")
        tally.errors.append(f"{answer.url}:{answer.reason}")
    elif isinstance(answer, NotModified) or not isinstance(parsed, ParsedFeed):
        store.feeds.record(plan_next(memory, answer, now, jitter, refresh), "unchanged", now)
        tally.outcomes.append("unchanged")
    else:
        memory = replace(memory, validators=_trust(answer, parsed), ttl=parsed.ttl)
        with store.transaction():
            screened = gate.screen(parsed, tally.account, find_host(answer.base_url))
            saved = _save_posts(screened.feed, tally.account, store, now)
            posts_new = len(saved.new) + screened.new
            store.handover.remember(parsed.account, parsed.url, parsed.files)
            outcome: Outcome = "held" if screened.held else "updated" if saved != SavedPosts() else "unchanged"
            problems = describe_problems(parsed.warnings) if isinstance(answer, FolderDocument) else ""
            planned = plan_next(memory, answer, now, jitter, refresh)
            store.feeds.record(planned, outcome, now, posts_new=posts_new, error=problems)
        if problems:
            tally.errors.append(f"{answer.url}:{problems}")
        tally.outcomes.append(outcome)
        tally.new += posts_new
        tally.changed += len(saved.changed)
        tally.withdrawn += len(saved.withdrawn)


def _save_posts(parsed: ParsedFeed, account: Account, store: Store, now: datetime) -> SavedPosts:
    saved = store.posts.save(parsed.account, parsed.posts, now, parsed.url, account.feeds)
    return replace(saved, withdrawn=store.posts.withdraw_named(parsed.account, parsed.deleted, now, parsed.url))


def _trust(document: FeedDocument | FolderDocument, parsed: ParsedFeed) -> Validators:
    """The validators to keep. A damaged feed's own are dropped: aiohttp hands on a cut compressed body as if it
    were whole, and the server would answer "not modified" to its ETag ever after. Where a bridge could not get a
    post's body nothing is kept, for it may come with the next answer, or stand in the same one still."""
    if any(post.lacks_body for post in parsed.posts):
        return Validators()
    return Validators(body_hash=document.validators.body_hash) if parsed.warnings else document.validators


def _conclude(tally: _Tally, gate: Gate) -> AccountOutcome:
    """An account has failed if none of its feeds answered; it is held while anything of it waits for staff."""
    outcomes = set(tally.outcomes)
    outcome: Outcome = "skipped"
    if outcomes:
        outcome = next(one for one in ("held", "updated", "unchanged", "failed") if one in outcomes)
    waiting = gate.count_posts(tally.account.id)
    if waiting and outcome in ("updated", "unchanged"):
        outcome = "held"
    return AccountOutcome(
        tally.account.id,
        outcome,
        tally.new,
        tally.changed,
        tally.withdrawn,
        ";".join(tally.errors),
        feeds_waiting=tally.feeds_open - len(tally.outcomes),
        posts_held=waiting,
        held_for=tuple(gate.count_rules(tally.account.id).items()),
    )
