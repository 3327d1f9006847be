"""inbox: which posts wait for staff, and why."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import click

from aggregator.cli.context import Workplace, json_option, print_json
from aggregator.model import HOLD_LABELS, HoldRule, Registry, WaitingPost


@click.command(help="列出没有发布、等人处理的文章：哪个账号的，为什么。")
@json_option
@click.pass_obj
def inbox(place: Workplace, as_json: bool) -> int:
    zone = ZoneInfo(place.load_settings()["TIMEZONE"])
    registry = place.load_registry()
    with place.open_reading() as store:
        waiting = sorted(store.inbox.load(), key=lambda one: (one.note.account, -one.date.timestamp(), one.note.key))
    if as_json:
        print_json({"posts": [_describe(one) for one in waiting], "total": len(waiting)})
        return 0
    for account, posts in groupby(waiting, key=lambda one: one.note.account):
        click.echo(_name(account, registry))
        for one in posts:
            click.echo(f"  {one.date.astimezone(zone):%Y-%m-%d %H:%M}  {one.post.title}")
            if one.post.url:
                click.echo(f"{'':20}{one.post.url}")
            for reason in one.note.reasons:
                click.echo(f"{'':20}{reason.text}")
    click.echo(f"共 {len(waiting)} 篇待处理。" if waiting else "没有待处理的文章。")
    if waiting:
        click.echo(
            "    办法：请发布单位改好，这里自动换成新的一版。\n"
            "    误报的，改 content/editorial.toml 或账号表，再运行 matrix publish。"
        )
    return 0


def describe_held(posts: int, rules: Iterable[tuple[HoldRule, int]]) -> str:
    """`待处理 3 篇（身份证号 1、突然大量发文 2）`."""
    counted = "、".join(f"{HOLD_LABELS[rule]} {number}" for rule, number in rules)
    return f"待处理 {posts} 篇（{counted}）"


def _name(account: str, registry: Registry) -> str:
    known = registry.account(account)
    return f"{known.name}({account})" if known else f"{account}（不在账号表里）"


def _describe(one: WaitingPost) -> dict[str, Any]:
    return {
        "account": one.note.account,
        "key": one.note.key,
        "url": one.post.url,
        "title": one.post.title,
        "date": one.date.isoformat(),
        "feed": one.note.feed,
        "first_seen": one.note.first_seen.isoformat(),
        "last_seen": one.last_seen.isoformat(),
        "reasons": [{"rule": reason.rule, "text": reason.text} for reason in one.note.reasons],
    }
