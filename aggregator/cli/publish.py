"""publish, update."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from aggregator import pipeline
from aggregator.cli.build import log_build, print_build, report_changes
from aggregator.cli.context import TerminalProgress, Workplace, json_option, print_json, read_clock
from aggregator.cli.inbox import describe_held
from aggregator.cli.waiting import count_reviews, describe_reviews
from aggregator.model import AccountOutcome, Finding, Registry, UpdateReport

logger = logging.getLogger(__name__)

REPAIR = 1
"""Exit status: done, but staff must repair something that was left out."""

TOLD = 20
"""Findings that a run prints; `matrix check` prints them all."""

EDITORIAL = "editorial.toml"
"""File of the findings that are about staff's decisions."""

_OUTCOMES = {
    "updated": "有更新",
    "unchanged": "无变化",
    "failed": "失败",
    "skipped": "停用或无订阅源",
    "held": "待处理",
}


_force_option = click.option(
    "--force", is_flag=True, help="没到时间的、对方要求稍后再来的、已关闭的订阅源也收取；平时不必用。"
)


@click.command(help="收取各账号和稿件，归并重复，生成网站并上线。")
@_force_option
@json_option
@click.pass_obj
def publish(place: Workplace, force: bool, as_json: bool) -> int:
    settings, registry, now = place.load_settings(), place.load_registry(), read_clock()
    place.tell_oddities(settings)
    with place.open_locked() as store:
        with TerminalProgress() as progress:
            updated, built = pipeline.publish(place.site, settings, registry, store, now, progress, force=force)
        _log_update(updated)
        log_build(built)
        if as_json:
            with report_changes(store, built) as told:
                print_json({"update": _describe_update(updated), "build": told})
        else:
            _print_update(updated, registry)
            print_build(built, place)
    return _find_status(updated)


@click.command(help="只收取各账号和稿件、归并重复，不生成网站。")
@click.option("--account", "account", metavar="编号", help="只收取这一个账号，没到时间也收取。")
@_force_option
@json_option
@click.pass_obj
def update(place: Workplace, account: str | None, force: bool, as_json: bool) -> int:
    place.load_settings()
    registry, now = place.load_registry(), read_clock()
    with place.open_locked() as store, TerminalProgress() as progress:
        report = pipeline.update(place.site, registry, store, now, progress, only=account, force=force)
        _log_update(report)
    if as_json:
        print_json(_describe_update(report))
    else:
        _print_update(report, registry)
    return _find_status(report)


def _find_status(report: UpdateReport) -> int:
    """1 where a draft was left out or kept at its last good state, or where not one feed answered."""
    tried = [one for one in report.accounts if one.outcome != "skipped" and one.id != "local"]
    nothing_answered = bool(tried) and all(one.outcome == "failed" for one in tried)
    broken = any(finding.level == "error" for finding in report.findings)
    return REPAIR if broken or nothing_answered else 0


def _describe_update(report: UpdateReport) -> dict[str, Any]:
    return {
        "accounts": [{**asdict(one), "held_for": dict(one.held_for)} for one in report.accounts],
        "totals": _count_totals(report),
        "findings": [asdict(finding) for finding in report.findings],
        "inbox": {"posts": sum(one.posts_held for one in report.accounts), "released": report.posts_released},
        "review": count_reviews(report.reviews),
        "mirror": asdict(report.mirror),
        "seconds": dict(report.seconds),
    }


def _count_totals(report: UpdateReport) -> dict[str, int]:
    outcomes = {name: sum(one.outcome == name for one in report.accounts) for name in _OUTCOMES}
    counts = {
        name: sum(getattr(one, name) for one in report.accounts)
        for name in ("posts_new", "posts_changed", "posts_withdrawn")
    }
    return {**outcomes, "waiting": _count_waiting(report), **counts, "stories_changed": report.stories_changed}


def _count_waiting(report: UpdateReport) -> int:
    """Accounts that were skipped only because no feed of theirs was due."""
    return sum(one.outcome == "skipped" and one.feeds_waiting > 0 for one in report.accounts)


def _print_update(report: UpdateReport, registry: Registry) -> None:
    totals = _count_totals(report)
    counted = {label: totals[name] for name, label in _OUTCOMES.items()}
    counted[_OUTCOMES["skipped"]] -= totals["waiting"]
    counted["未到时间"] = totals["waiting"]
    states = "、".join(f"{label} {number}" for label, number in counted.items() if number)
    click.echo(f"账号 {len(report.accounts)} 个：{states}")
    click.echo(
        f"文章：新增 {totals['posts_new']}，修改 {totals['posts_changed']}，撤下 {totals['posts_withdrawn']}；"
        f"频道变动 {report.stories_changed} 条"
    )
    mirror = report.mirror
    if mirror.pictures or mirror.attachments or mirror.failed:
        click.echo(
            f"存到本站：图片 {mirror.pictures} 张，附件 {mirror.attachments} 个；没有取到 {mirror.failed} 个，"
            f"以后再取的共 {mirror.waiting} 个"
        )
    if report.posts_released:
        click.echo(f"待处理的文章中，按现在的规定放行 {report.posts_released} 篇")
    held = [one for one in report.accounts if one.posts_held]
    if held:
        click.echo(f"待处理的文章 {sum(one.posts_held for one in held)} 篇，没有发布（用 matrix inbox 查看）：")
        for one in held:
            click.echo(f"  {_name(one, registry)}：{describe_held(one.posts_held, one.held_for)}")
    if report.reviews:
        click.echo(describe_reviews(report.reviews))
    failed = [one for one in report.accounts if one.error]
    if failed:
        click.echo("收取中的问题：")
        for one in failed:
            click.echo(f"  {_name(one, registry)}:{one.error}")
    decisions = [one for one in report.findings if one.file == EDITORIAL]
    drafts = [one for one in report.findings if one.file != EDITORIAL]
    _print_findings("编辑部规定（editorial.toml）中的问题", decisions)
    _print_findings("稿件中的问题", drafts)


def _print_findings(heading: str, findings: Sequence[Finding]) -> None:
    """The first of them, what must be repaired before all."""
    if not findings:
        return
    click.echo(f"{heading}：")
    for finding in sorted(findings, key=lambda one: one.level != "error")[:TOLD]:
        click.echo(f"  {_describe_finding(finding)}")
    if len(findings) > TOLD:
        click.echo(f"  ……共 {len(findings)} 处，全部的用 matrix check 查看。")


def _name(one: AccountOutcome, registry: Registry) -> str:
    account = registry.account(one.id)
    return f"{account.name}({one.id})" if account else one.id


def _describe_finding(finding: Finding) -> str:
    where = f"{finding.file}:{finding.line}" if finding.line else finding.file
    if finding.counts_paragraphs:
        where = f"{finding.file} {finding.place}".rstrip()
    mark = "" if finding.level == "error" else "(提醒)"
    return f"{where} {mark}{finding.message}" + (f"\n    办法：{finding.remedy}" if finding.remedy else "")


def _log_update(report: UpdateReport) -> None:
    logger.info("update: %s", _count_totals(report))
    for one in report.accounts:
        if one.error:
            logger.warning("%s: %s", one.id, one.error)
        if one.posts_held:
            logger.warning("%s: %s", one.id, describe_held(one.posts_held, one.held_for))
    # Of what is published all the same, thousands would be told again by each update.
    reminders = sum(finding.level != "error" for finding in report.findings)
    if reminders:
        logger.info("reminders: %d; see `matrix check`", reminders)
    for finding in report.findings:
        if finding.level == "error":
            logger.warning("%s", _describe_finding(finding).replace("\n", " "))
