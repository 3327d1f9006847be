"""stories: which posts became one story, and why."""

from __future__ import annotations

from typing import Any

import click

from aggregator.cli.context import Workplace, json_option, print_json
from aggregator.model import Member, StoredPost, Story
from aggregator.store import Store

_RELATIONS = {"lead": "首发", "duplicate": "转载", "excerpt": "摘编", "update": "更新"}


@click.command(help="列出归并结果：每条信息由哪些账号发布，为什么算同一条。")
@click.option("--all", "everything", is_flag=True, help="只有一个来源的也列出（默认只列有多个来源的）。")
@json_option
@click.pass_obj
def stories(place: Workplace, everything: bool, as_json: bool) -> int:
    settings = place.load_settings()
    with place.open_reading() as store:
        listed = tuple(story for story in store.stories.load() if story.members)
        posts = _load_posts(store, listed)
    if as_json:
        base = settings["SITEURL"].rstrip("/")
        print_json({"stories": [_describe(story, posts, base) for story in listed]})
        return 0
    shown = [story for story in listed if everything or len(story.members) > 1]
    for story in sorted(shown, key=lambda story: (-len(story.members), story.id)):
        click.echo(f"{story.id}  {posts[story.lead].post.title}")
        for member in story.members:
            post = posts[member.post].post
            reason = f" — {member.reason}" if member.reason else ""
            click.echo(f"    {_RELATIONS[member.relation]} {post.account} 《{post.title}》{reason}")
    members = sum(len(story.members) for story in listed)
    click.echo(f"共 {members} 篇文章，归并为 {len(listed)} 条；省去重复 {members - len(listed)} 篇。")
    return 0


def _load_posts(store: Store, listed: tuple[Story, ...]) -> dict[int, StoredPost]:
    wanted = sorted({member.post for story in listed for member in story.members})
    return {stored.id: stored for stored in store.posts.load(wanted, bodies=False)}


def _describe(story: Story, posts: dict[int, StoredPost], base: str) -> dict[str, Any]:
    lead = posts[story.lead].post
    return {
        "id": story.id,
        "url": f"{base}/s/{story.id}.html",
        "title": lead.title,
        "lead": {"account": lead.account, "key": lead.key, "url": lead.url},
        "members": [_describe_member(member, posts[member.post]) for member in story.members],
        "links": [],
    }


def _describe_member(member: Member, stored: StoredPost) -> dict[str, Any]:
    return {
        "account": stored.post.account,
        "key": stored.post.key,
        "url": stored.post.url,
        "title": stored.post.title,
        "relation": member.relation,
        "score": member.score,
        "reason": member.reason,
    }
