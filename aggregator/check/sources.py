"""Who a reprint says it comes from, and whether that is on the city's allow-list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aggregator.model import Account
from aggregator.text import find_source, simplify, squeeze

_ATTRIBUTION = re.compile(
    r"(?<![一-鿿])(?:(?:文章|信息|消息|内容|稿件|新闻|原文|本文)?来源|稿源|(?:本文)?转载?自)\s*[:|丨]"
)
"""At the start of a line or after a date; 「数据来源:」, 「图片来源:」 say nothing of the text."""

_OUR_OWN = ("本站", "本网", "本台", "本报", "本号", "原创", "自采", "本单位")


def list_own_names(accounts: Iterable[Account]) -> tuple[str, ...]:
    """Names and organizations of our own accounts, normalised: what they write may always be reprinted."""
    names = {_normalize(name) for account in accounts for name in (account.name, account.organization)}
    return tuple(sorted(name for name in names if len(name) > 1))


def find_foreign_source(text: str, allowed: Iterable[str], own: Iterable[str]) -> str:
    """The first source stated that is neither allowed nor our own; "" if there is none. `own` is normalised."""
    sources = [source for line in simplify(text).splitlines() if (source := _read_source(line))]
    if not sources:
        return ""
    known = (*(name for one in allowed if (name := _normalize(one))), *own, *_OUR_OWN)
    return next((source for source in sources if not _normalize(source).startswith(known)), "")


def _read_source(line: str) -> str:
    match = _ATTRIBUTION.search(line)
    return find_source(line[match.start() :]).strip("()[]<>《》【】「」\"'") if match else ""


def _normalize(name: str) -> str:
    return squeeze(simplify(name))
