"""Staff choose among the posts that wait: what there is, best first, and their word on it, put into effect at once.

A choice is an entry of `editorial.toml` and nothing else: what is written here by command is done by the next run just
as what is written by hand. The caller holds the site's lock, but for `list_candidates`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.channel import make_code
from aggregator.dates import SHANGHAI
from aggregator.errors import ConfigError
from aggregator.model import (
    CHOICE_LABELS,
    Choice,
    ChoiceKind,
    Decided,
    DecidedPost,
    Progress,
    Registry,
    Site,
    WaitingEntry,
)
from aggregator.pipeline.build_stage import build
from aggregator.pipeline.describing import load_entries
from aggregator.pipeline.editorial import demand_sound_editorial, read_editorial
from aggregator.pipeline.inbox import Gate
from aggregator.pipeline.listing import list_candidates
from aggregator.pipeline.replacements import link_replacements
from aggregator.pipeline.rulings import place_stories
from aggregator.pipeline.takeover import write_draft
from aggregator.pipeline.withdraw import write_address
from aggregator.registry import append_choices
from aggregator.store import Store
from aggregator.urls import canonical_url, is_web_url

__all__ = [
    "TakenOver",
    "accept_posts",
    "edit_post",
    "find_entries",
    "list_candidates",
    "reject_posts",
    "take_over_post",
]

_LIST = "运行 matrix inbox 看现在的清单。"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of a post that staff writes anew."""

    file: Path
    pictures: int
    missing: tuple[str, ...]
    """Addresses of pictures that could not be had: the draft shows them from there."""
    hidden: bool
    """Whether the file's name keeps it from being published."""
    post: DecidedPost


def accept_posts(
    site: Site, settings: dict[str, Any], registry: Registry, store: Store, now: datetime, progress: Progress,
    codes: Sequence[str], by: str,
) -> Decided:  # fmt: skip
    """Let posts in, and show them: one build for all. Each is named by its code, `account:key`, key or address.

    Raises ConfigError where one of them does not wait, or is of an account that is not there: nothing is written then.
    """
    former = demand_sound_editorial(site, registry, store)
    entries = find_entries(codes, store, former.choices)
    for entry in entries:
        if registry.account(entry.note.account) is None:
            raise ConfigError(
                f"《{entry.card.title}》的账号 {entry.note.account} 不在账号表里，不能采用。",
                "先把账号写回 content/registry/accounts.toml；只要这一篇的，用 matrix edit 改写成稿件。",
            )
    _write(site, "accept", entries, now, {"by": by})
    editorial, findings = read_editorial(site, registry, store)
    Gate(registry, editorial.hold, store, now, editorial.choices).settle()
    _, mistakes = place_stories(editorial.rulings, registry, store, now, progress, site.editorial.name)
    findings = (*findings, *mistakes, *link_replacements(site, editorial.rulings, store))
    report = build(site, settings, store, now, progress)
    return Decided("accept", tuple(_tell(one, store, settings) for one in entries), findings, report)


def reject_posts(
    site: Site, registry: Registry, store: Store, now: datetime, codes: Sequence[str], reason: str, by: str,
) -> Decided:  # fmt: skip
    """Let posts go, for this reason. A version that differs waits again. What is published stays as it is.

    Raises ConfigError where one of them does not wait: nothing is written then.
    """
    former = demand_sound_editorial(site, registry, store)
    entries = find_entries(codes, store, former.choices)
    _write(site, "reject", entries, now, {"reason": " ".join(reason.split()), "by": by})
    _, findings = read_editorial(site, registry, store)
    _drop(entries, store)
    return Decided("reject", tuple(_name(one) for one in entries), findings)


def edit_post(site: Site, registry: Registry, store: Store, now: datetime, code: str, by: str) -> Path:
    """The file of a new draft made of a post, which waits no longer. Raises ConfigError as `reject_posts`."""
    return take_over_post(site, registry, store, now, code, by).file


def take_over_post(site: Site, registry: Registry, store: Store, now: datetime, code: str, by: str) -> TakenOver:
    """As `edit_post`, with what else is to be told of it."""
    former = demand_sound_editorial(site, registry, store)
    (entry,) = find_entries((code,), store, former.choices)
    (waiting,) = store.inbox.load(entry.note.account, [entry.note.key])
    name = _name(entry)
    written = write_draft(site, registry, waiting, name.code, now)
    draft = written.file.relative_to(site.content).as_posix()
    try:
        _write(site, "edit", (entry,), now, {"draft": draft, "by": by})
    except ConfigError:
        # A second try would make a second draft.
        written.remove()
        raise
    read_editorial(site, registry, store)
    _drop((entry,), store)
    return TakenOver(written.file, len(written.pictures), written.missing, written.hidden, name)


def find_entries(names: Sequence[str], store: Store, choices: Sequence[Choice] = ()) -> tuple[WaitingEntry, ...]:
    """The posts that wait under these names, each once, in their order; no body is read. Raises ConfigError for a name
    that means none or several, and says who decided on it since."""
    named: defaultdict[str, list[WaitingEntry]] = defaultdict(list)
    for entry in load_entries(store):
        note, card = entry.note, entry.card
        code = make_code(note.account, note.key, card.content)
        own = (code, *note.names, *(f"{note.account}:{name}" for name in note.names))
        for name in dict.fromkeys((*own, *filter(None, (card.url, card.canonical_url)))):
            named[name].append(entry)
    if not names:
        raise ConfigError("没有写明是哪一篇。", _LIST)
    found: dict[tuple[str, str], WaitingEntry] = {}
    for name in names:
        word = name.strip()
        entries = (
            named.get(word) or named.get(word.lower()) or named.get(canonical_url(word) if is_web_url(word) else "")
        )
        if not entries:
            raise _miss(word, choices)
        if len(entries) > 1:
            told = "、".join(f"{one.note.account}:{one.note.key}" for one in entries)
            raise ConfigError(f"“{word}”有 {len(entries)} 篇待处理的文章。", f"写明是哪一篇：{told}。")
        found[entries[0].note.account, entries[0].note.key] = entries[0]
    return tuple(found.values())


def _miss(word: str, choices: Sequence[Choice]) -> ConfigError:
    for choice in reversed(choices):
        account, _, key = choice.post.partition(":")
        if word in (choice.post, key) or word.lower() == make_code(account, key, choice.content):
            who = choice.by or "编辑部"
            return ConfigError(f"“{word}”《{choice.title}》已经由 {who} {CHOICE_LABELS[choice.kind]}。", _LIST)
    return ConfigError(
        f"待处理的文章里没有“{word}”。", f"它可能已经发布、被发布单位撤回，或者内容又改了，代码跟着变了。{_LIST}"
    )


def _write(
    site: Site, kind: ChoiceKind, entries: Sequence[WaitingEntry], now: datetime, said: Mapping[str, str]
) -> None:
    append_choices(
        site.editorial,
        kind,
        [
            {
                "post": f"{entry.note.account}:{entry.note.key}",
                "title": " ".join(entry.card.title.split()),
                "content": entry.card.content,
                **said,
                "date": now.astimezone(SHANGHAI),
                "since": entry.note.first_seen.astimezone(SHANGHAI),
            }
            for entry in entries
        ],
    )


def _drop(entries: Sequence[WaitingEntry], store: Store) -> None:
    with store.transaction():
        for entry in entries:
            store.inbox.drop(entry.note.account, [entry.note.key])


def _tell(entry: WaitingEntry, store: Store, settings: Mapping[str, Any]) -> DecidedPost:
    """Where an accepted post stands now."""
    named = _name(entry)
    post = store.posts.find(named.account, named.key)
    story = next((one for one in store.stories.load_of((post,)) if one.members), None) if post else None
    if story is None:
        return named
    return replace(named, story=story.id, url=write_address(settings, story.id), joined=len(story.members) > 1)


def _name(entry: WaitingEntry) -> DecidedPost:
    note = entry.note
    return DecidedPost(make_code(note.account, note.key, entry.card.content), note.account, note.key, entry.card.title)
