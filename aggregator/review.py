"""What review demands, how far it has come, and whether its log is whole. Pure.

    hash_review(draft) -> content | decide_review(content, entries, settings) -> Reviewed
        | choose_step -> ReviewStep | chain_entry -> ReviewEntry | find_break(entries)

A content is a draft's bytes, its title, and the bytes of the pictures and attachments that it shows. What was passed is
passed wherever it lies; anything else is another content, and begins with the first step.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from aggregator.errors import ConfigError
from aggregator.model import (
    REVIEW_STEPS,
    STEP_NAMES,
    Draft,
    FileUse,
    PublicDraft,
    Reviewed,
    ReviewEntry,
    ReviewSettings,
    ReviewStep,
    ReviewVerdict,
)
from aggregator.urls import read_handed_url

NO_HEAD = (0, "")
"""Number and hash of the last line of a log without lines."""

_HASH_SIZE = 32


def is_demanded(path: str, settings: ReviewSettings) -> bool:
    """Whether the draft at this path (posix, relative to `content/`) must be reviewed."""
    return settings.required or path.partition("/")[0].lower() in settings.columns


def hash_review(draft: Draft) -> str:
    """Names what is reviewed of a draft that was read in this run, its files placed."""
    # A PDF stands for itself, as its page's attachment.
    own = (draft.digest, *(_digest(one.url) for one in draft.post.attachments if not draft.digest))
    # The title may be the file's name.
    return _hash([*own, draft.post.title, *_list_shown(draft.uses)])


def is_same(draft: Draft, public: PublicDraft) -> bool:
    """Whether a draft that was read in this run is as it was when it was last let through."""
    if public.content:
        return public.content == draft.review
    return public.file_hash == draft.content_hash and _list_shown(public.uses) == _list_shown(draft.uses)


def decide_review(content: str, entries: Iterable[ReviewEntry], settings: ReviewSettings) -> Reviewed:
    """What is missing for this content. `entries` in the order of the log, of any contents.

    Each step counts once, and so does each person. One who is known to the system and one who is known to git may be
    the same, so that only passes of the kind that is demanded now count. What was returned stays so.
    """
    passes: dict[ReviewStep, ReviewEntry] = {}
    for entry in entries:
        if entry.content != content:
            continue
        if entry.verdict == "return":
            return Reviewed((), tuple(passes.values()), entry)
        known = {one.by for one in passes.values()}
        if entry.identity == settings.identity and entry.step not in passes and entry.by not in known:
            passes[entry.step] = entry
    return Reviewed(tuple(step for step in REVIEW_STEPS if step not in passes), tuple(passes.values()))


def choose_step(
    reviewed: Reviewed, settings: ReviewSettings, by: str, verdict: ReviewVerdict, wanted: ReviewStep | None
) -> ReviewStep:
    """The step that this person does now: the next one, or that which is `wanted`. Raises ConfigError: not allowed."""
    if reviewed.returned is not None:
        raise ConfigError(
            f"这一稿已经由 {reviewed.returned.by} 退回（{STEP_NAMES[reviewed.returned.step]}）。",
            "改好稿件再审；稿件一改，就从初审重新开始。",
        )
    if reviewed.step is None:
        raise ConfigError("这一稿三审都已通过，不用再审。", "运行 matrix publish 发布；要撤下，用 matrix withdraw。")
    step = wanted or reviewed.step
    done = dict(reviewed.passed_by)
    if step in done:
        missing = "、".join(STEP_NAMES[one] for one in reviewed.missing)
        raise ConfigError(f"{STEP_NAMES[step]}已经由 {done[step]} 通过。", f"还差{missing}。")
    allowed = settings.list_reviewers(step)
    if allowed and by not in allowed:
        raise ConfigError(
            f"{STEP_NAMES[step]}由 {'、'.join(allowed)} 做，现在登录的是 {by}。",
            "请他们来审；要换人，改 content/editorial.toml 的 [review]。",
        )
    former = next((one for one in reviewed.passes if one.by == by), None)
    if verdict == "pass" and former is not None:
        raise ConfigError(
            f"{by} 已经做过{STEP_NAMES[former.step]}，同一个人不能再做{STEP_NAMES[step]}。",
            "三审要由三个不同的人做：请另一位同事用自己的账户登录，再运行同样的命令。",
        )
    return step


def chain_entry(entry: ReviewEntry, head: tuple[int, str]) -> ReviewEntry:
    """The entry as the line behind `head` (number and hash of the last one)."""
    number, previous = head
    linked = replace(
        entry, number=number + 1, previous=previous, reason_hash=_hash([entry.reason]) if entry.reason else ""
    )
    return replace(linked, hash=_hash_entry(linked))


def find_break(entries: Sequence[ReviewEntry], head: tuple[int, str]) -> tuple[int, str] | None:
    """(line, what is wrong) of the first line that is not as it was written; None for a log that is whole.

    `head` is what was noted of the last line when it was written.
    """
    previous = ""
    for number, entry in enumerate(entries, start=1):
        if entry.number != number:
            return number, f"审核记录第 {number} 行不见了。"
        if entry.previous != previous:
            # The line before was made to fit anew; this one knows what it was.
            return max(number - 1, 1), f"审核记录第 {max(number - 1, 1)} 行被改动过。"
        if entry.hash != _hash_entry(entry) or (entry.reason and entry.reason_hash != _hash([entry.reason])):
            return number, f"审核记录第 {number} 行被改动过。"
        previous = entry.hash
    last = len(entries)
    if last < head[0]:
        return last + 1, f"审核记录第 {last + 1} 行到第 {head[0]} 行不见了。"
    if (last, previous) != head:
        return max(last, 1), f"审核记录第 {max(last, 1)} 行被改动过。"
    return None


def _list_shown(uses: Iterable[FileUse]) -> tuple[str, ...]:
    """What a draft shows of the files beside it: by which name, and with which content."""
    shown = ((one.kind, one.spelling, _digest(one.address)) for one in uses if one.kind != "draft")
    return tuple(word for one in sorted(shown) for word in one)


def _digest(address: str) -> str:
    handed = read_handed_url(address)
    return handed[0] if handed else ""


def _hash_entry(entry: ReviewEntry) -> str:
    return _hash(
        [
            entry.previous, str(entry.number), str(int(entry.at.timestamp())), entry.path, entry.content, entry.step,
            entry.verdict, entry.by, entry.identity, entry.reason_hash,
        ]
    )  # fmt: skip


def _hash(words: Sequence[str]) -> str:
    # As JSON, so that none can pass for another by where its parts end.
    stated = json.dumps(words, ensure_ascii=True, separators=(",", ":")).encode()
    return hashlib.blake2b(stated, digest_size=_HASH_SIZE).hexdigest()
