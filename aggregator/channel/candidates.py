"""Which of the posts that wait staff should look at first, with the reason. Pure.

Points, so that each can be told: none of them decides alone, but that what is out already, or too late, stands below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from aggregator.channel.needs import find_deadline, find_needs
from aggregator.channel.versions import hash_version, make_code
from aggregator.dates import SHANGHAI
from aggregator.model import (
    CHOICE_LABELS,
    Account,
    Candidate,
    Choice,
    Post,
    PublishedCopy,
    WaitingCard,
    WaitingEntry,
)
from aggregator.text import MIN_EXACT, MIN_TITLE, find_source, hash_text, normalize, normalize_title

DESCRIBED_BY = 1
"""Number of this way to describe a post; with the next one all are described anew."""

RANK_POINTS = 0.4
"""For each point of an account's rank, 0 to 100."""

FRESH_POINTS = ((0, 20), (1, 15), (3, 10), (7, 5))
"""Days since the post's date -> points."""

CARRIER_POINTS = 8
MOST_CARRIERS = 4
"""For each further department that says the same, up to so many."""

NEED_POINTS = 12
DEADLINE_POINTS = 15
DEADLINE_DAYS = 7
"""For words about residents' need; for a deadline within so many days."""

LATE_POINTS = -60
"""For a deadline that has gone by."""

PUBLISHED_POINTS = -60
"""For what the channel has already: nobody misses it."""

WHOLE_POINTS = 5
"""For each of: enough text, a picture, a date, a source."""

ENOUGH = 100
SHORT = 30
"""Characters of a text that says something, and of one that hardly does."""

ALIKE = {"text": timedelta(days=180), "address": timedelta.max, "headline": timedelta(days=7)}
"""Within what time two posts that share it say the same: a text may be next year's (`cluster.compare.RECURRING`), a
headline next week's 停水通知."""


def describe_post(post: Post, first_seen: datetime) -> WaitingCard:
    """What choosing asks of a post."""
    text = normalize(post.text)
    headline = normalize_title(post.title)
    day = (post.published or first_seen).astimezone(SHANGHAI).date()
    return WaitingCard(
        content=hash_version(post), title=post.title, url=post.url, canonical_url=post.canonical_url,
        published=post.published,
        exact=hash_text(text) if len(text) >= MIN_EXACT else "",
        headline=hash_text(headline) if len(headline) >= MIN_TITLE else "",
        length=len(text), pictured=bool(post.image) or "<img" in post.html,
        sourced=bool(post.author or find_source(post.text)),
        needs=find_needs(post.title, post.text), deadline=find_deadline(f"{post.title}\n{post.text}", day),
    )  # fmt: skip


def rank_candidates(
    entries: Iterable[WaitingEntry],
    accounts: Mapping[str, Account],
    published: Mapping[tuple[str, str], PublishedCopy],
    former: Mapping[tuple[str, str], Choice],
    now: datetime,
) -> tuple[Candidate, ...]:
    """Best first; `published` and `former` are by account and key: what the channel has of it, and what staff said of
    another version."""
    listed = sorted(entries, key=lambda one: (one.note.account, one.note.key))
    groups = _group_copies(listed)
    candidates = []
    for number, entry in enumerate(listed):
        name = (entry.note.account, entry.note.key)
        carriers = {_name_department(listed[other].note.account, accounts) for other in groups[number]}
        points = list(_weigh(entry, accounts.get(entry.note.account), carriers, published.get(name), accounts, now))
        told = _tell_former(former[name]) if name in former else ""
        reasons = [reason.text for reason in entry.note.reasons]
        candidates.append(
            Candidate(
                make_code(*name, entry.card.content), entry.note, entry.card.title, entry.card.url, entry.date,
                entry.last_seen,
                reasons=(*reasons, *([told] if told else [])),
                merits=tuple(merit for _, merit in points if merit),
                score=round(sum(score for score, _ in points), 1), former=told,
            )
        )  # fmt: skip
    return tuple(sorted(candidates, key=lambda one: (-one.score, -one.date.timestamp(), one.account, one.key)))


def _weigh(
    entry: WaitingEntry, account: Account | None, carriers: set[str], copy: PublishedCopy | None,
    accounts: Mapping[str, Account], now: datetime,
) -> Iterator[tuple[float, str]]:  # fmt: skip
    """(points, what is said of them; "" where that is not worth a word)."""
    card = entry.card
    if copy:
        carriers = carriers | {_name_department(one, accounts) for one in copy.accounts}
        if copy.own:
            yield 0, f"已发布的《{copy.title}》改了内容，采用后换成这一版"
        else:
            yield PUBLISHED_POINTS, f"频道里已有相同的一条《{copy.title}》"
    if len(carriers) > 1:
        yield CARRIER_POINTS * min(len(carriers) - 1, MOST_CARRIERS), f"{len(carriers)} 个单位都发了"
    yield _weigh_date(entry.date, now)
    if card.needs:
        yield NEED_POINTS, f"群众要办要知道的事：{'、'.join(card.needs)}"
    if card.deadline:
        yield _weigh_deadline(card.deadline, now)
    yield _weigh_account(account)
    yield _weigh_completeness(card)


def _weigh_date(posted: datetime, now: datetime) -> tuple[float, str]:
    days = max(0, (now.astimezone(SHANGHAI).date() - posted.astimezone(SHANGHAI).date()).days)
    points = next((points for limit, points in FRESH_POINTS if days <= limit), 0)
    return points, "今天发的" if days == 0 else "昨天发的" if days == 1 else f"{days} 天前发的"


def _weigh_deadline(deadline: date, now: datetime) -> tuple[float, str]:
    left = (deadline - now.astimezone(SHANGHAI).date()).days
    told = f"{deadline.month}月{deadline.day}日"
    if left < 0:
        return LATE_POINTS, f"截止时间已过（{told}）"
    return (DEADLINE_POINTS if left <= DEADLINE_DAYS else 0), f"有截止时间（{told}）"


def _weigh_account(account: Account | None) -> tuple[float, str]:
    if account is None:
        return 0, "账号不在账号表里"
    return RANK_POINTS * account.rank, f"权威程度 {account.rank}"


def _weigh_completeness(card: WaitingCard) -> tuple[float, str]:
    parts = (
        ("正文", card.length >= ENOUGH), ("图片", card.pictured), ("日期", card.published is not None),
        ("来源", card.sourced),
    )  # fmt: skip
    points = WHOLE_POINTS * sum(there for _, there in parts)
    if card.length < SHORT:
        return points - WHOLE_POINTS, "没有正文" if card.length == 0 else f"正文只有 {card.length} 字"
    missing = "、".join(name for name, there in parts if not there)
    return points, f"缺{missing}" if missing else "正文、图片、日期、来源齐全"


def _tell_former(choice: Choice) -> str:
    who = f"{choice.by} " if choice.by else ""
    why = f"（{choice.reason}）" if choice.reason else ""
    return f"内容改过了：原来的一版 {choice.date[:10]} 由 {who or '编辑部'}{CHOICE_LABELS[choice.kind]}{why}。"


def _name_department(account: str, accounts: Mapping[str, Account]) -> str:
    known = accounts.get(account)
    return (known.organization or known.name) if known else account


def _group_copies(entries: Sequence[WaitingEntry]) -> list[list[int]]:
    """Of each entry, the numbers of those that say the same: one text, one address, or one headline of one week."""
    heads = list(range(len(entries)))

    def find(one: int) -> int:
        while heads[one] != one:
            heads[one] = heads[heads[one]]
            one = heads[one]
        return one

    def join(one: int, other: int) -> None:
        first, second = sorted((find(one), find(other)))
        heads[second] = first

    same: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        card = entry.card
        for kind, value in (("text", card.exact), ("address", card.canonical_url), ("headline", card.headline)):
            if value:
                same[kind, value].append(number)
    for (kind, _), numbers in same.items():
        ordered = sorted(numbers, key=lambda number: entries[number].date)
        for one, other in pairwise(ordered):
            if entries[other].date - entries[one].date <= ALIKE[kind]:
                join(one, other)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number in range(len(entries)):
        groups[find(number)].append(number)
    return [groups[find(number)] for number in range(len(entries))]
