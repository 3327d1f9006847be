"""stories: which posts became one story, and why; why two of them did not; all of them made anew."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from aggregator import pipeline
from aggregator.cli.context import TerminalProgress, Workplace, json_option, print_json, read_clock
from aggregator.model import Explanation, Link, LinkRelation, Member, Rebuilding, Relation, StoredPost, Story, StoryMove
from aggregator.store import Store

_RELATIONS: Mapping[Relation, str] = {
    "lead": "首发",
    "duplicate": "转载",
    "excerpt": "摘编",
    "update": "更新",
    "full": "全文",
}
_LINKS: Mapping[LinkRelation, str] = {"correction": "更正了", "corrected-by": "已由此更正", "related": "相关"}

TOLD = 30
"""Stories told one by one before a rebuilding; the rest is counted."""


@click.command(help="列出归并结果：每条信息由哪些账号发布，为什么算同一条。")
@click.option("--all", "everything", is_flag=True, help="只有一个来源的也列出（默认只列有多个来源的）。")
@click.option(
    "--explain",
    nargs=2,
    metavar="甲 乙",
    help="逐步说明两篇文章为什么是、或不是同一条。写网址、消息编号，或“账号:文章编号”。",
)
@click.option("--rebuild", is_flag=True, help="重新统计常用词句、重新比对全部文章；先列出会改动什么，再问做不做。")
@click.option("--yes", is_flag=True, help="与 --rebuild 同用：不问，直接做。")
@json_option
@click.pass_obj
def stories(
    place: Workplace, everything: bool, explain: tuple[str, str] | None, rebuild: bool, yes: bool, as_json: bool
) -> int:
    if sum((everything, explain is not None, rebuild)) > 1:
        raise click.UsageError("--all、--explain、--rebuild 只能用一个。")
    if yes and not rebuild:
        raise click.UsageError("--yes 要和 --rebuild 一起用。")
    if explain:
        return _explain(place, explain, as_json)
    return _rebuild(place, yes, as_json) if rebuild else _list(place, everything, as_json)


def _list(place: Workplace, everything: bool, as_json: bool) -> int:
    settings = place.load_settings()
    with place.open_reading() as store:
        listed = tuple(story for story in store.stories.load() if story.members)
        links: dict[str, list[Link]] = {}
        for link in store.stories.load_links():
            links.setdefault(link.story, []).append(link)
        withdrawn = store.states.load_notices([story.id for story in listed]).keys()
        hidden = store.stories.find_hidden(store.rulings.load()) - withdrawn
        posts = _load_posts(store, listed)
    if as_json:
        base = settings["SITEURL"].rstrip("/")
        told = {story.id: _describe(story, posts, base, links.get(story.id, ())) for story in listed}
        print_json(
            {
                "stories": [told[one] for one in told if one not in hidden and one not in withdrawn],
                "hidden": [told[one] for one in told if one in hidden],
                "withdrawn": [told[one] for one in told if one in withdrawn],
            }
        )
        return 0
    titles = {story.id: posts[story.lead].post.title for story in listed}
    shown = [story for story in listed if everything or len(story.members) > 1 or story.id in links]
    for story in sorted(shown, key=lambda story: (-len(story.members), story.id)):
        mark = "（编辑部已撤下）" if story.id in hidden else "（已撤回）" if story.id in withdrawn else ""
        click.echo(f"{story.id}  {titles[story.id]}{mark}")
        for member in story.members:
            post = posts[member.post].post
            reason = f" — {member.reason}" if member.reason else ""
            click.echo(f"    {_RELATIONS[member.relation]} {post.account} 《{post.title}》{reason}")
        for link in links.get(story.id, ()):
            click.echo(f"    {_LINKS[link.relation]} → {link.other} 《{titles[link.other]}》 — {link.reason}")
    members = sum(len(story.members) for story in listed)
    click.echo(f"共 {members} 篇文章，归并为 {len(listed)} 条；省去重复 {members - len(listed)} 篇。")
    return 0


def _load_posts(store: Store, listed: tuple[Story, ...]) -> dict[int, StoredPost]:
    wanted = sorted({member.post for story in listed for member in story.members})
    return {stored.id: stored for stored in store.posts.load(wanted, bodies=False)}


def _describe(story: Story, posts: dict[int, StoredPost], base: str, links: Sequence[Link]) -> dict[str, Any]:
    lead = posts[story.lead].post
    return {
        "id": story.id,
        "url": f"{base}/s/{story.id}.html",
        "title": lead.title,
        "lead": {"account": lead.account, "key": lead.key, "url": lead.url},
        "members": [_describe_member(member, posts[member.post]) for member in story.members],
        "links": [_describe_link(link) for link in links],
    }


def _describe_member(member: Member, stored: StoredPost) -> dict[str, Any]:
    return {
        **_describe_post(stored),
        # The whole text of which the lead is an excerpt: of the lead's own words it is a duplicate.
        "relation": "duplicate" if member.relation == "full" else member.relation,
        "score": member.score,
        "reason": member.reason,
    }


def _describe_post(stored: StoredPost) -> dict[str, Any]:
    post = stored.post
    return {"account": post.account, "key": post.key, "url": post.url, "title": post.title}


def _describe_link(link: Link) -> dict[str, Any]:
    return {"story": link.other, "relation": link.relation, "reason": link.reason}


def _explain(place: Workplace, names: tuple[str, str], as_json: bool) -> int:
    registry = place.load_registry()
    with place.open_reading() as store:
        told = pipeline.explain_pair(*names, registry, store)
    if as_json:
        print_json(_describe_explanation(told))
        return 0
    for name, stored, story in zip("甲乙", told.posts, told.stories, strict=True):
        click.echo(f"{name}：{stored.post.account} 《{stored.post.title}》 {stored.date:%Y-%m-%d}，消息 {story.id}")
    for number, step in enumerate(told.steps, 1):
        click.echo(f"{number:>3}. {step.name}：{step.outcome}" + (f"。{step.detail}" if step.detail else ""))
    if told.link:
        click.echo(f"链接：甲 {_LINKS[told.link.relation]} 乙 — {told.link.reason}")
    return 0


def _describe_explanation(told: Explanation) -> dict[str, Any]:
    return {
        "posts": [
            {**_describe_post(stored), "story": story.id}
            for stored, story in zip(told.posts, told.stories, strict=True)
        ],
        "one_story": told.is_one_story,
        "link": _describe_link(told.link) if told.link else None,
        "steps": [asdict(step) for step in told.steps],
    }


def _rebuild(place: Workplace, yes: bool, as_json: bool) -> int:
    place.load_settings()
    registry, now = place.load_registry(), read_clock()
    asks = sys.stdin.isatty() and not as_json

    def confirm(found: Rebuilding) -> bool:
        if not as_json:
            progress.pause()
            _print_rebuilding(found)
        if yes or not found.moves:
            return True
        return asks and click.confirm("要这样改吗？")

    with place.open_locked() as store, TerminalProgress() as progress:
        found, done = pipeline.rebuild_stories(registry, store, now, progress, confirm)
    if as_json:
        print_json({"rebuild": {**asdict(found), "done": done}})
    elif done:
        click.echo("已完成。运行 matrix publish 更新网站。" if found.moves else "已完成，网站不用改动。")
    else:
        click.echo("什么也没有改。" if asks else "什么也没有改；确要这样改，加上 --yes 再运行一次。")
    return 0


def _print_rebuilding(found: Rebuilding) -> None:
    click.echo(
        f"全部重新归并后：{found.posts} 篇文章，{found.stories} 条；有变动的 {len(found.moves)} 条。网址都保留。"
    )
    for move in found.moves[:TOLD]:
        click.echo(f"    {move.story} 《{move.title}》：{_tell_move(move)}")
    if len(found.moves) > TOLD:
        click.echo(f"    另有 {len(found.moves) - TOLD} 条，用 --json 可以看到全部。")


def _tell_move(move: StoryMove) -> str:
    if move.merged_into:
        return f"并入 {move.merged_into}"
    if not move.members_after:
        return "不再有文章"
    if not move.members_before:
        return f"单独成一条，来源 {move.members_after} 个"
    told = [] if move.members_before == move.members_after else [f"来源 {move.members_before} → {move.members_after}"]
    return "，".join((*told, *(["换主稿"] if move.led_anew else []))) or "来源换了"
