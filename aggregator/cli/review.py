"""review: which drafts wait for review, and a step of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import click

from aggregator.cli.check import find_draft
from aggregator.cli.context import Workplace, json_option, print_json, read_clock
from aggregator.cli.waiting import count_steps, describe_break, explain_break
from aggregator.errors import ConfigError, LockedError
from aggregator.model import (
    STEP_NAMES,
    Finding,
    IdentityKind,
    ReviewEntry,
    ReviewStep,
    ReviewVerdict,
    Site,
    Story,
    WaitingDraft,
)
from aggregator.pipeline.editorial import load_editorial
from aggregator.pipeline.reviewing import ReviewState, list_reviews, record_step, refresh_reviews
from aggregator.pipeline.rulings import find_story
from aggregator.review import find_break, is_demanded
from aggregator.store import Store

REPAIR = 1
"""Exit status: `editorial.toml` has a mistake, or the log is not as it was written."""

_STEPS: Mapping[str, ReviewStep] = {name: step for step, name in STEP_NAMES.items()}
_VERDICTS: Mapping[ReviewVerdict, str] = {"pass": "通过", "return": "退回"}
_KINDS: Mapping[IdentityKind, str] = dict(zip(get_args(IdentityKind), ("登录名", "git 邮箱"), strict=True))
_TOLD = 8
"""Characters of a content's hash that people compare."""


@click.command(
    help="发布前的三审：列出等审核的稿件；审一篇，通过或退回。\n\n"
    "不写稿件，就列出全部等审核的。稿件可以写文件的路径、标题、编号，已经公开的也可以写网址：\n\n"
    "\b\n"
    "  matrix review\n"
    "  matrix review content/notices/停水.md\n"
    "  matrix review content/notices/停水.md --pass\n"
    '  matrix review content/notices/停水.md --return "停水时间与来文不一致"\n\n'
    "初审、复审、终审由三个不同的人做，谁在审以登录的用户（或 git 里登记的邮箱）为准。"
    "稿件、图片或附件一改，就从初审重新开始。要不要审、审哪些栏目，写在 content/editorial.toml 的 [review]。",
)
@click.argument("name", required=False, metavar="[稿件]")
@click.option("--pass", "passed", is_flag=True, help="这一步通过。")
@click.option("--return", "reason", metavar="原因", help="退回：写明要改什么，改好以后从初审重新开始。")
@click.option("--step", "step", metavar="步骤", type=click.Choice(list(_STEPS)), help="做哪一步；不写就做下一步。")
@click.option("--log", "log", is_flag=True, help="列出全部审核记录，并核对有没有被改动过。")
@json_option
@click.pass_obj
def review(
    place: Workplace, name: str | None, passed: bool, reason: str | None, step: str | None, log: bool, as_json: bool
) -> int:
    zone, now = ZoneInfo(place.load_settings()["TIMEZONE"]), read_clock()
    if log:
        _refuse(name is not None or passed or reason is not None or step is not None, "--log 不能和别的一起写。")
        return _print_log(place, zone, as_json)
    _refuse(passed and reason is not None, "--pass 和 --return 只能写一个。")
    acts = passed or reason is not None
    _refuse(name is None and acts, "没有写审的是哪一篇。")
    _refuse(step is not None and not acts, "--step 要和 --pass 或 --return 一起写。")
    if name is not None and acts:
        verdict: ReviewVerdict = "pass" if passed else "return"
        return _record(place, name, verdict, _STEPS[step] if step else None, reason or "", now, as_json)
    waiting, findings = _look(place, name, now)
    if as_json:
        print_json({"waiting": [_describe_waiting(one) for one in waiting], "total": len(waiting)})
    else:
        _print_findings(findings)
        _print_waiting(waiting, place.site, zone)
    return REPAIR if findings else 0


def _refuse(wrong: bool, message: str) -> None:
    if wrong:
        raise ConfigError(message, "用 matrix review --help 查看用法。")


def _look(place: Workplace, name: str | None, now: datetime) -> tuple[tuple[WaitingDraft, ...], tuple[Finding, ...]]:
    """What waits, or the one of it that is named, and what is wrong in `editorial.toml`."""
    registry = place.load_registry()
    try:
        with place.open_locked() as store:
            state = refresh_reviews(place.site, registry, store, now)
            waiting = list_reviews(place.site, store, state.settings)
            chosen = waiting if name is None else (_choose(name, waiting, state, place.site, store),)
            return chosen, _list_mistakes(state.findings, place.site)
    except LockedError:
        if name is not None:
            raise
    # A list as of the run that is under way is better than none.
    with place.open_reading() as store:
        return list_reviews(place.site, store, load_editorial(store).review), ()


def _list_mistakes(findings: Sequence[Finding], site: Site) -> tuple[Finding, ...]:
    return tuple(one for one in findings if one.file == site.editorial.name and one.level == "error")


def _record(
    place: Workplace, name: str, verdict: ReviewVerdict, step: ReviewStep | None, reason: str, now: datetime,
    as_json: bool,
) -> int:  # fmt: skip
    registry = place.load_registry()
    with place.open_locked() as store:
        state = refresh_reviews(place.site, registry, store, now)
        draft = _choose(name, list_reviews(place.site, store, state.settings), state, place.site, store)
        entry = record_step(
            place.site, store, state.settings, draft.path, draft.content, verdict, now, step=step, reason=reason
        )
        left = next((one for one in list_reviews(place.site, store, state.settings) if one.path == draft.path), None)
    if as_json:
        print_json({"entry": _describe_entry(entry), "waiting": _describe_waiting(left) if left else None})
        return 0
    where = f"{place.site.content.name}/{draft.path}《{draft.title}》"
    click.echo(f"{STEP_NAMES[entry.step]}{_VERDICTS[entry.verdict]}：{where}")
    click.echo(f"记录为 {entry.by}（{_KINDS[entry.identity]}），内容 {entry.content[:_TOLD]}。")
    if left is None:
        click.echo("三审都已通过，运行 matrix publish 就发布。")
    elif left.reviewed.returned:
        click.echo("改好稿件以后，从初审重新开始。")
    else:
        missing = "、".join(STEP_NAMES[one] for one in left.reviewed.missing)
        click.echo(f"还差{missing}，要由别的人做。")
    return 0


def _choose(name: str, waiting: Sequence[WaitingDraft], state: ReviewState, site: Site, store: Store) -> WaitingDraft:
    """The waiting draft that is named by path, title, 编号 or address. Raises ConfigError where there is none."""
    found = [one for one in waiting if name in (one.title, one.key)]
    if len(found) > 1:
        listed = "、".join(f"{site.content.name}/{one.path}" for one in found)
        raise ConfigError(f"“{name}”有 {len(found)} 篇：{listed}。", "写文件的路径。")
    if found:
        return found[0]
    story = find_story(name, store)
    path = store.drafts.find_path(story.id) if isinstance(story, Story) else ""
    path = path or find_draft(site, Path(name))
    if draft := next((one for one in waiting if one.path == path), None):
        return draft
    if finding := next((one for one in state.findings if one.file == path), None):
        raise ConfigError(f"{path} 还不能审：{finding.message}", finding.remedy)
    if path not in state.paths:
        raise ConfigError(f"{path} 不是一篇稿件。", "写稿件的路径，例如 content/notices/停水.md。")
    if not is_demanded(path, state.settings):
        raise ConfigError(
            f"{path} 不用审核，发布时直接公开。", "要求审核，在 content/editorial.toml 的 [review] 里写明栏目。"
        )
    raise ConfigError(
        f"{path} 现在的内容不用再审：三审都已通过，或者要求审核以前就是公开的。", "还没有公开的，运行 matrix publish。"
    )


def _print_waiting(waiting: Sequence[WaitingDraft], site: Site, zone: ZoneInfo) -> None:
    for one in waiting:
        click.echo(f"{site.content.name}/{one.path}《{one.title}》")
        reviewed = one.reviewed
        for entry in reviewed.passes:
            click.echo(f"    {STEP_NAMES[entry.step]}已过：{entry.by}，{entry.at.astimezone(zone):%Y-%m-%d %H:%M}")
        if reviewed.returned:
            back = reviewed.returned
            told = f"{back.by}，{back.at.astimezone(zone):%Y-%m-%d %H:%M}，{back.reason}"
            click.echo(f"    {STEP_NAMES[back.step]}退回：{told}\n    等修改；改好以后，从初审重新开始")
        elif reviewed.step:
            since = max([one.since, *(entry.at for entry in reviewed.passes)])
            told = f"从 {since.astimezone(zone):%Y-%m-%d %H:%M} 起；内容 {one.content[:_TOLD]}"
            click.echo(f"    等{STEP_NAMES[reviewed.step]}，{told}")
        if one.claims:
            click.echo(f"    稿件里写的审核人：{one.claims}（未经核实）")
    none = "没有等审核的稿件。审哪些栏目，写在 content/editorial.toml 的 [review]。"
    click.echo(f"共 {len(waiting)} 篇：{count_steps(waiting)}。" if waiting else none)


def _print_findings(findings: Sequence[Finding]) -> None:
    for one in findings:
        where = f"{one.file}:{one.line}" if one.line else one.file
        click.echo(f"{where} {one.message}\n    办法：{one.remedy}")


def _describe_waiting(one: WaitingDraft) -> dict[str, Any]:
    """For `--json`."""
    reviewed = one.reviewed
    return {
        "file": one.path,
        "title": one.title,
        "content": one.content,
        "since": one.since.isoformat(),
        "step": reviewed.step,
        "missing": list(reviewed.missing),
        "passed": [_describe_entry(entry) for entry in reviewed.passes],
        "returned": _describe_entry(reviewed.returned) if reviewed.returned else None,
        "claimed": one.claims,
    }


def _print_log(place: Workplace, zone: ZoneInfo, as_json: bool) -> int:
    with place.open_reading() as store:
        entries, head = store.reviews.load_log(), store.reviews.load_head()
    broken = find_break(entries, head)
    if as_json:
        print_json({"log": [_describe_entry(one) for one in entries], "broken": describe_break(broken)})
    else:
        for one in entries:
            reason = f"：{one.reason}" if one.reason else ""
            # Somebody may have written anything into it.
            done = STEP_NAMES.get(one.step, one.step) + _VERDICTS.get(one.verdict, one.verdict)
            click.echo(
                f"{one.number:>5}  {one.at.astimezone(zone):%Y-%m-%d %H:%M}  {done}  "
                f"{one.by}（{_KINDS.get(one.identity, one.identity)}）  {one.path}  内容 {one.content[:_TOLD]}{reason}"
            )
        click.echo(f"共 {len(entries)} 行。" if entries else "还没有审核记录。")
        if broken:
            click.echo(explain_break(broken))
    return REPAIR if broken else 0


def _describe_entry(one: ReviewEntry) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": one.at.isoformat(),
        "file": one.path,
        "content": one.content,
        "step": one.step,
        "verdict": one.verdict,
        "by": one.by,
        "identity": one.identity,
        "reason": one.reason,
        "previous": one.previous,
        "hash": one.hash,
    }
