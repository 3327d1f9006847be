"""inbox: which posts wait for staff, the best first, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import click

from aggregator import pipeline
from aggregator.cli.context import Workplace, json_option, print_json, read_clock
from aggregator.errors import ConfigError
from aggregator.model import HOLD_LABELS, Candidate, HoldRule, Registry

SHOWN = 30
"""Posts printed unless more are asked for: a screen or two."""


@click.command(
    help="列出没有发布、等人处理的文章，最值得发的排在最前：为什么等着，为什么排在这里。\n\n"
    "每篇前面是它的代码，用 matrix accept、reject、edit 处理时写它；内容改了，代码就变了。"
)
@click.option("--account", "account", metavar="编号", help="只列这一个账号的。")
@click.option("--limit", type=click.IntRange(min=1), metavar="篇数", help=f"最多列几篇；不写列 {SHOWN} 篇。")
@json_option
@click.pass_obj
def inbox(place: Workplace, account: str | None, limit: int | None, as_json: bool) -> int:
    zone = ZoneInfo(place.load_settings()["TIMEZONE"])
    registry, now = place.load_registry(), read_clock()
    with place.open_reading() as store:
        waiting = pipeline.list_candidates(registry, store, now)
    if account is not None:
        if registry.account(account) is None and all(one.account != account for one in waiting):
            raise ConfigError(f"账号 {account} 不在登记表里。", "用 matrix accounts export 查看全部账号的编号。")
        waiting = tuple(one for one in waiting if one.account == account)
    if as_json:
        print_json({"posts": [_describe(one) for one in waiting[:limit]], "total": len(waiting)})
        return 0
    shown = waiting[: limit or SHOWN]
    for number, one in enumerate(shown, 1):
        click.echo(f"{number:>3}. {one.code}  {one.title}")
        click.echo(f"{'':13}{_name(one.account, registry)}  {one.date.astimezone(zone):%Y-%m-%d %H:%M}")
        if one.url:
            click.echo(f"{'':13}{one.url}")
        click.echo(f"{'':13}待处理：{''.join(one.reasons)}")
        click.echo(f"{'':13}排序：{'；'.join(one.merits)}")
    more = f"，这里列了 {len(shown)} 篇，要多看加上 --limit 篇数" if len(shown) < len(waiting) else ""
    click.echo(f"共 {len(waiting)} 篇待处理{more}。" if waiting else "没有待处理的文章。")
    if waiting:
        click.echo(
            "    采用：matrix accept 代码…；不采用：matrix reject 代码… --reason 原因；改写：matrix edit 代码\n"
            "    发布单位改好的，这里自动换成新的一版；误报的，也可以改 content/editorial.toml 或账号表。"
        )
    return 0


def describe_held(posts: int, rules: Iterable[tuple[HoldRule, int]]) -> str:
    """`待处理 3 篇（身份证号 1、突然大量发文 2）`."""
    counted = "、".join(f"{HOLD_LABELS[rule]} {number}" for rule, number in rules)
    return f"待处理 {posts} 篇（{counted}）"


def _name(account: str, registry: Registry) -> str:
    known = registry.account(account)
    return f"{known.name}({account})" if known else f"{account}（不在账号表里）"


def _describe(one: Candidate) -> dict[str, Any]:
    return {
        "code": one.code,
        "account": one.account,
        "key": one.key,
        "url": one.url,
        "title": one.title,
        "date": one.date.isoformat(),
        "feed": one.note.feed,
        "first_seen": one.note.first_seen.isoformat(),
        "last_seen": one.last_seen.isoformat(),
        "reasons": [{"rule": reason.rule, "text": reason.text} for reason in one.note.reasons],
        "former": one.former,
        "merits": list(one.merits),
        "score": one.score,
    }
