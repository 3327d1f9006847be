"""status: is the site alive, when did each account last answer, and what becomes of its feeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from aggregator.cli.context import Workplace, json_option, print_json, read_clock
from aggregator.cli.inbox import describe_held
from aggregator.cli.waiting import count_reviews, describe_break, describe_reviews, explain_break
from aggregator.fetch import MOVE_HOLDS, may_adopt
from aggregator.model import Account, Burden, FeedState, WaitingDraft, WaitingNote
from aggregator.pipeline.build_stage import PUBLISHED
from aggregator.pipeline.burden import count_burden
from aggregator.pipeline.editorial import load_editorial
from aggregator.pipeline.inbox import count_rules
from aggregator.pipeline.reviewing import list_reviews
from aggregator.review import find_break

ALARM = 1
"""Exit status: the site was not published for longer than it should be, or the log of reviews was altered."""

_HOUR = 60
_DAY = 24 * _HOUR
"""Minutes."""

MAX_AGE = 24.0
"""Hours; a channel that publishes every half hour and was silent for a day is broken."""


@dataclass(frozen=True, slots=True)
class _AccountStatus:
    account: Account
    states: tuple[FeedState, ...]
    waiting: tuple[WaitingNote, ...]
    """Its posts in the inbox."""

    @property
    def last_success(self) -> datetime | None:
        return max((state.last_success for state in self.states if state.last_success), default=None)

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(state.error for state in self.states if state.error)

    @property
    def next_at(self) -> datetime | None:
        """When the first of its feeds is due; None if that is at the next run, or never."""
        moments = [state.memory.next_at for state in self.states if state.memory.closed_at is None]
        return min((moment for moment in moments if moment), default=None) if all(moments) else None


@click.command(help="网站上次何时发布，各账号上次何时有回应。网站太久没有发布，或者审核记录被改动过，退出码为 1。")
@click.option(
    "--max-age",
    default=MAX_AGE,
    show_default=True,
    type=click.FloatRange(min=0),
    metavar="小时",
    help="超过多久算没有发布。",
)
@json_option
@click.pass_obj
def status(place: Workplace, max_age: float, as_json: bool) -> int:
    zone = ZoneInfo(place.load_settings()["TIMEZONE"])
    registry, now = place.load_registry(), read_clock()
    published, posts = "", 0
    due: datetime | None = None
    burden: Burden | None = None
    waiting: defaultdict[str, list[WaitingNote]] = defaultdict(list)
    reviews: tuple[WaitingDraft, ...] = ()
    broken: tuple[int, str] | None = None
    known: dict[tuple[str, str], FeedState] = {}
    # Without a store the site was never published, which is what whoever watches it asks.
    if place.site.store.is_file():
        with place.open_reading() as store:
            published = store.feeds.get_fact(PUBLISHED)
            # Addresses that have left the registry are history.
            known = {(state.memory.account, state.memory.url): state for state in store.feeds.load_states()}
            posts, due = store.posts.count(), store.states.find_next()
            burden = count_burden(store, now)
            for held in store.inbox.load_notes():
                waiting[held.account].append(held)
            reviews = list_reviews(place.site, store, load_editorial(store).review)
            broken = find_break(store.reviews.load_log(), store.reviews.load_head())
    moment = datetime.fromisoformat(published) if published else None
    age = (now - moment).total_seconds() / 3600 if moment else None
    stale = age is None or age > max_age
    accounts = [
        _AccountStatus(
            account,
            tuple(known[account.id, url] for url in account.feeds if (account.id, url) in known),
            tuple(waiting[account.id]),
        )
        for account in registry.accounts
        if account.feeds
    ]
    if as_json:
        print_json(
            {
                "published_at": published or None,
                "age_hours": None if age is None else round(age, 2),
                "stale": stale,
                "posts": posts,
                "next_change": _write_moment(due),
                "burden": asdict(burden) if burden else None,
                "review": {**count_reviews(reviews), "broken": describe_break(broken)},
                "accounts": [_describe(one) for one in accounts],
            }
        )
        return ALARM if stale or broken else 0
    if moment is None:
        click.echo("网站还没有发布过。运行 matrix publish。")
    else:
        late = f",超过了 {max_age:g} 小时，请检查定时任务" if stale else ""
        click.echo(f"网站上次发布：{moment.astimezone(zone):%Y-%m-%d %H:%M}（{age:.1f} 小时前{late}）")
    if due:
        click.echo(f"下一次按时间的变动（定时、下线、撤回）：{due.astimezone(zone):%Y-%m-%d %H:%M}")
    if reviews:
        click.echo(describe_reviews(reviews))
    if broken:
        click.echo(explain_break(broken))
    if burden:
        _print_burden(burden)
    click.echo(f"存有文章 {posts} 篇。各账号上次有回应：")
    for one in sorted(accounts, key=lambda one: (one.last_success is not None, one.last_success, one.account.id)):
        last = f"{one.last_success.astimezone(zone):%Y-%m-%d %H:%M}" if one.last_success else "从未"
        stopped = "" if one.account.status == "active" else "(已停用)"
        trouble = f"  {';'.join(one.errors)}" if one.errors else ""
        click.echo(f"  {last:<16}  {one.account.name}({one.account.id}){stopped}{trouble}")
        for note in _note_account(one, now, zone):
            click.echo(f"{'':20}{note}")
    return ALARM if stale or broken else 0


def _print_burden(burden: Burden) -> None:
    click.echo(
        f"最近 {burden.days} 天省下的：并进别的消息、不用再发的文章 {burden.merged} 篇，"
        f"其中转载别的单位原文、不用再编辑的 {burden.copied} 篇"
    )
    if burden.accepted or burden.rejected or burden.edited:
        median, longest = burden.waited_median, burden.waited_longest
        waited = ""
        if median is not None and longest is not None:
            waited = f"；从收到到决定，一半在 {_tell_minutes(median)}以内，最长 {_tell_minutes(longest)}"
        click.echo(f"  处理：采用 {burden.accepted} 篇，不采用 {burden.rejected} 篇，改写 {burden.edited} 篇{waited}")
    if burden.waiting_longest is not None:
        click.echo(f"  还有 {burden.waiting} 篇待处理，最早的一篇等了 {_tell_minutes(burden.waiting_longest)}")


def _tell_minutes(minutes: float) -> str:
    """`40 分钟`, `3.5 小时`, `2 天`."""
    if minutes < _HOUR:
        return f"{minutes:.0f} 分钟"
    return f"{minutes / _HOUR:.1f} 小时" if minutes < 2 * _DAY else f"{minutes / _DAY:.0f} 天"


def _note_account(one: _AccountStatus, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """What else staff should know, a line each."""
    if one.waiting:
        yield f"{describe_held(len(one.waiting), count_rules(one.waiting).items())}，用 matrix inbox 查看"
    if one.account.status != "active":
        return
    if one.next_at and one.next_at > now:
        yield f"{one.next_at.astimezone(zone):%m-%d %H:%M} 之后再收取"
    for memory in (state.memory for state in one.states):
        failed = f"连续失败 {memory.failures} 次" if memory.failures > 1 else ""
        if memory.closed_at:
            yield f"{memory.url} 已由对方于 {memory.closed_at.astimezone(zone):%Y-%m-%d} 关闭，不再收取，文章保留"
        elif failed:
            yield f"{memory.url} {failed}，会自动再试"
        if memory.address:
            yield f"{memory.url} 已改从新地址 {memory.address} 收取；请在账号表里改成新地址"
        if memory.moved_to and memory.moved_since:
            since = f"{memory.url} 自 {memory.moved_since.astimezone(zone):%Y-%m-%d} 起转到 {memory.moved_to}"
            if may_adopt(memory.url, memory.moved_to):
                yield f"{since}；满 {MOVE_HOLDS.days} 天后自动改用"
            else:
                yield f"{since}；不是同一个域名或不再加密，没有改用，请核实后改账号表"


def _describe(one: _AccountStatus) -> dict[str, Any]:
    return {
        "id": one.account.id,
        "name": one.account.name,
        "status": one.account.status,
        "last_success": _write_moment(one.last_success),
        "posts_held": len(one.waiting),
        "feeds": [_describe_feed(state, one.waiting) for state in one.states],
    }


def _describe_feed(state: FeedState, waiting: Sequence[WaitingNote]) -> dict[str, Any]:
    memory = state.memory
    return {
        "url": memory.url,
        "outcome": state.outcome,
        "last_attempt": state.last_attempt.isoformat(),
        "last_success": _write_moment(state.last_success),
        "failures": memory.failures,
        "error": state.error,
        "next_at": _write_moment(memory.next_at),
        "closed_at": _write_moment(memory.closed_at),
        "address": memory.address or memory.url,
        "moved_to": memory.moved_to,
        "moved_since": _write_moment(memory.moved_since),
        "held_until": _write_moment(memory.held_until),
        "held_for": dict(count_rules(note for note in waiting if note.feed == memory.url)),
    }


def _write_moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
