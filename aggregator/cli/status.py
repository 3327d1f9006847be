"""status: is the site alive, and when did each account last answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from aggregator.cli.context import Workplace, json_option, print_json, read_clock
from aggregator.model import Account, FeedState
from aggregator.pipeline.publish import PUBLISHED

STALE = 1
"""Exit status: the site was not published for longer than it should be."""

MAX_AGE = 24.0
"""Hours; a channel that publishes every half hour and was silent for a day is broken."""


@dataclass(frozen=True, slots=True)
class _AccountStatus:
    account: Account
    states: tuple[FeedState, ...]

    @property
    def last_success(self) -> datetime | None:
        return max((state.last_success for state in self.states if state.last_success), default=None)

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(state.error for state in self.states if state.error)


@click.command(help="网站上次何时发布，各账号上次何时有回应。网站太久没有发布时退出码为 1。")
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
    states: tuple[FeedState, ...] = ()
    # Without a store the site was never published, which is what whoever watches it asks.
    if place.site.store.is_file():
        with place.open_reading() as store:
            published = store.feeds.get_fact(PUBLISHED)
            states = store.feeds.load_states()
            posts = store.posts.count()
    moment = datetime.fromisoformat(published) if published else None
    age = (now - moment).total_seconds() / 3600 if moment else None
    stale = age is None or age > max_age
    accounts = [
        _AccountStatus(account, tuple(state for state in states if state.account == account.id))
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
                "accounts": [_describe(one) for one in accounts],
            }
        )
        return STALE if stale else 0
    if moment is None:
        click.echo("网站还没有发布过。运行 matrix publish。")
    else:
        late = f",超过了 {max_age:g} 小时，请检查定时任务" if stale else ""
        click.echo(f"网站上次发布：{moment.astimezone(zone):%Y-%m-%d %H:%M}（{age:.1f} 小时前{late}）")
    click.echo(f"存有文章 {posts} 篇。各账号上次有回应：")
    for one in sorted(accounts, key=lambda one: (one.last_success is not None, one.last_success, one.account.id)):
        last = f"{one.last_success.astimezone(zone):%Y-%m-%d %H:%M}" if one.last_success else "从未"
        closed = "" if one.account.status == "active" else "(已停用)"
        trouble = f"  {';'.join(one.errors)}" if one.errors else ""
        click.echo(f"  {last:<16}  {one.account.name}({one.account.id}){closed}{trouble}")
    return STALE if stale else 0


def _describe(one: _AccountStatus) -> dict[str, Any]:
    return {
        "id": one.account.id,
        "name": one.account.name,
        "status": one.account.status,
        "last_success": one.last_success.isoformat() if one.last_success else None,
        "feeds": [
            {
                "url": state.url,
                "outcome": state.outcome,
                "last_attempt": state.last_attempt.isoformat(),
                "last_success": state.last_success.isoformat() if state.last_success else None,
                "failures": state.failures,
                "error": state.error,
            }
            for state in one.states
        ],
    }
