"""Staff's word on stories: read, bound to the posts it is about, and put into effect where it changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.cluster import place_posts
from aggregator.model import LOCAL_ACCOUNT, Account, BoundRuling, Finding, Progress, Registry, Ruling, Rulings, Story
from aggregator.pipeline.channel import place_changes, place_waiting
from aggregator.store import Store

_STORY_ID = re.compile(r"(?:^|(?:^|/)s/)([a-z2-7]{13})(?:\.html)?(?:[?#].*)?$")
"""A story's id by itself, or in the address of its page (`cluster.make_story_id`, `plugins.stories.story_url`)."""

KINDS = {"merge": "合并", "split": "拆分", "lock": "锁定", "hide": "撤下", "withdraw": "撤回"}


@dataclass(frozen=True, slots=True)
class Unbound:
    """What is wrong with an entry."""

    message: str
    remedy: str


def place_stories(
    entries: Sequence[Ruling], registry: Registry, store: Store, now: datetime, progress: Progress, file: str
) -> tuple[int, tuple[Finding, ...]]:
    """Put what waits into stories, by staff's word as `file` has it now. Counts changed stories."""
    changed, findings = apply_rulings(entries, registry, store, now, file)
    changed += place_waiting(registry, store, now, progress)
    if findings:
        # What was not there may have come just now.
        again, findings = apply_rulings(entries, registry, store, now, file)
        changed += again
    return changed, findings


def apply_rulings(
    entries: Sequence[Ruling], registry: Registry, store: Store, now: datetime, file: str
) -> tuple[int, tuple[Finding, ...]]:
    """Let these entries hold, and no others; place anew only what they, or those that are gone, are about.

    Counts changed stories. An entry that names what does not exist is a finding; the others hold.
    """
    known_rulings = store.rulings.load()
    former = {ruling.key: ruling for ruling in known_rulings.bound}
    bound: dict[str, BoundRuling] = {}
    findings: list[Finding] = []
    for entry in entries:
        known = former.get(entry.key)
        found = _restate(known, entry) if known else _bind(entry, store)
        if isinstance(found, BoundRuling):
            bound[entry.key] = found
        else:
            message = f"[[{entry.kind}]]（{KINDS[entry.kind]}）{found.message}，这一条没有生效。"
            findings.append(Finding(file, message, f"{found.remedy}；已经过时的，删去这一条。", entry.line))
    rulings = replace(known_rulings, bound=tuple(bound[key] for key in sorted(bound)))
    changed = [one for one in (*former.values(), *bound.values()) if former.get(one.key) != bound.get(one.key)]
    with store.transaction():
        if tuple(former.values()) != rulings.bound:
            store.rulings.replace(rulings)
        accounts = {account.id: account for account in registry.accounts}
        stories = _place_anew(changed, rulings, accounts, store, now) if changed else 0
    return stories, tuple(findings)


def _place_anew(
    changed: Sequence[BoundRuling], rulings: Rulings, accounts: Mapping[str, Account], store: Store, now: datetime
) -> int:
    posts = sorted({post for ruling in changed for post in ruling.posts})
    changes = place_posts(posts, store.candidates(accounts), rulings)
    store.stories.save(changes, (), now)
    place_changes(posts, changes, accounts, rulings, store, now)
    return len(changes.stories)


def _bind(entry: Ruling, store: Store) -> BoundRuling | Unbound:
    parts: list[tuple[int, ...]] = []
    story = ""
    for target in entry.targets:
        found = find_post(target, entry.account, store) if entry.post else find_story(target, store)
        if isinstance(found, Unbound):
            return found
        if isinstance(found, Story):
            story = found.id
            members = tuple(member.post for member in found.members)
            if entry.kind == "lock":
                parts.append(members)
            else:
                founder = find_named_founder(target, found, store)
                parts.append(tuple(dict.fromkeys((founder, found.founder, found.lead, *members))))
        else:
            parts.append((found,))
    if entry.kind == "merge":
        story = ""
    return _restate(BoundRuling(entry.key, entry.kind, tuple(parts), story), entry)


def _restate(bound: BoundRuling, entry: Ruling) -> BoundRuling:
    """With what the entry now says of a decision that is bound already."""
    if entry.kind != "withdraw":
        return replace(bound, reason=entry.reason)
    return replace(bound, reason=entry.reason, date=entry.date, replacement=entry.replacement)


def find_story(target: str, store: Store) -> Story | Unbound:
    """The story at an address of ours, with an id, that a post is in, or a draft of this 编号."""
    identifier = _STORY_ID.search(target)
    story = store.rulings.find_story(identifier[1]) if identifier else None
    if story is None:
        posts = store.rulings.find_posts(target) or store.rulings.find_posts(f"{LOCAL_ACCOUNT}:{target}")
        stories = {one.id: one for one in store.stories.load_of(posts) if one.members}
        if len(stories) > 1:
            return Unbound(f"“{target}”有几条消息", "写本站页面的网址（以 /s/……html 结尾）")
        story = next(iter(stories.values()), None)
    if story is None:
        return Unbound(f"“{target}”找不到", "核对网址：打开本站的页面，复制地址栏里的网址")
    return story


def find_named_founder(target: str, story: Story, store: Store) -> int:
    """The founder of the story that was named, even where it was merged into `story` by now."""
    identifier = _STORY_ID.search(target)
    founder = store.rulings.find_founder(identifier[1]) if identifier else None
    return story.founder if founder is None else founder


def find_post(target: str, account: str, store: Store) -> int | Unbound:
    """The one post at an address, or the one that an account has in a story."""
    posts = store.rulings.find_posts(target)
    if not posts:
        story = find_story(target, store)
        if isinstance(story, Unbound):
            return story
        posts = tuple(member.post for member in story.members)
    accounts = store.rulings.list_accounts(posts)
    if account:
        posts = tuple(post for post in posts if accounts[post] == account)
        if not posts:
            return Unbound(f"“{target}”里没有账号 {account} 的文章", "核对账号编号，见 content/registry/accounts.toml")
    if len(posts) > 1 and len(set(accounts.values())) > 1 and not account:
        listed = "、".join(sorted(set(accounts.values())))
        return Unbound(f"“{target}”有 {len(posts)} 篇文章", f'加上一行写明是哪个账号的：account = "……"，有 {listed}')
    if len(posts) > 1:
        remedy = "把 post 改为那一篇原文的网址，或“账号编号:文章编号”"
        return Unbound(f"“{target}”有这个账号的 {len(posts)} 篇文章", remedy)
    return posts[0]
