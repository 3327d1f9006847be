"""What makes two posts two stories though most of their words are the same. Each answer is the reason, or ""."""

from __future__ import annotations

from datetime import timedelta

from aggregator.cluster.headline import find_replaced_subject, speaks_of_draft
from aggregator.cluster.pair import Pair
from aggregator.dates import SHANGHAI
from aggregator.facts import (
    MIN_SLIPS,
    Conflict,
    count_slips,
    find_alternatives,
    find_conflicts,
    find_other_names,
    find_other_version,
    find_own_subjects,
    find_replaced_names,
    is_culled,
    is_road,
    states,
)

WHOLE_COPY = 0.9
"""Containment, and share of the length, from which two texts are one, whatever their headlines call them."""

MOSTLY = 0.75
"""Containment, and share of the length, from which two posts lead with one news, however each puts it."""

OWN_HEADLINE = 0.5
"""Share of the shorter text's headline that the longer post must tell."""

LEAD_HEADLINE = 0.4
"""Share of the longer text's headline that the shorter post must tell: else the longer one leads with other news."""

PART = 0.2
"""Below this share of the longer text's length a post is one piece of many in it, unless the headlines are alike."""

PART_HEADLINE = 0.8
"""Likeness of headlines from which so short a text is an excerpt."""

LOCALIZED = 0.9
"""Containment from which a replaced place is a local touch, unless both headlines name theirs."""

NOTICE = 600
"""Normalised characters up to which one word for its alternative makes another notice; in more it is a slip."""

_DAYS = {"今": 0, "明": 1, "后": 2}


def differ_in_subject(pair: Pair) -> str:
    """By what the headlines say they are about."""
    if _differ_in_title_facts(pair):
        return "两个标题各有对方没有的日期或编号"
    subject = find_replaced_subject(*pair.headlines, pair.small, pair.large)
    if subject:
        return f"标题中一个是“{subject[0]}”，一个是“{subject[1]}”"
    first, second = pair.headlines
    if first.is_draft != second.is_draft and not speaks_of_draft(pair.large if first.is_draft else pair.small):
        return "一篇是公示或征求意见，另一篇不是"
    return ""


def differ_in_news(pair: Pair) -> str:
    """By the news that each leads with: a page that carries a brief among others, what people say of the news."""
    first, second = pair.headlines
    if first.is_reaction != second.is_reaction and min(pair.score, pair.ratio) < WHOLE_COPY:
        return "一篇是评论或反响，另一篇是消息本身"
    if min(pair.score, pair.ratio) >= MOSTLY:
        return ""
    if pair.ratio < PART and (pair.likeness < PART_HEADLINE or pair.lead_support < LEAD_HEADLINE):
        return f"短的一篇不到另一篇的 {PART:.0%}，标题也不同：可能只是其中一条"
    if pair.own_support < OWN_HEADLINE and pair.score < MOSTLY:
        return f"短的一篇标题所说的，另一篇只提到 {pair.own_support:.0%}"
    if pair.lead_support < LEAD_HEADLINE and pair.likeness < OWN_HEADLINE and not is_culled(pair.small, pair.large):
        return f"长的一篇标题所说的，另一篇只提到 {pair.lead_support:.0%}：它另有主题"
    return ""


def _differ_in_title_facts(pair: Pair) -> bool:
    """Each headline states a fact (第12号, 11月20日) that the other post nowhere does."""
    first, second = (headline.facts for headline in pair.headlines)
    return any(not states(pair.large.facts | second, fact) for fact in first) and any(
        not states(pair.small.facts | first, fact) for fact in second
    )


def differ_in_facts(pair: Pair) -> str:
    """Another date, number, 文号 in the same sentence."""
    version = find_other_version(pair.small, pair.large)
    if version:
        return f"不是同一个版本：{version.old} / {version.new}"
    conflicts = find_conflicts(pair.small, pair.large)
    # Who posts the city's notice in a street puts in whom to call there.
    is_local = pair.score >= LOCALIZED
    return _tell(next((one for one in conflicts if not (is_local and one.kind == "电话")), None))


def differ_in_names(pair: Pair) -> str:
    """Another road in the same sentence is another outage; a street's own name put in is a local touch."""
    subjects = find_own_subjects(pair.small, pair.large)
    if subjects:
        is_headline = subjects.old in pair.headlines[0].pairs and subjects.new in pair.headlines[1].pairs
        if is_headline or pair.score < LOCALIZED:
            return f"一篇反复说到“{subjects.old}”，另一篇反复说到“{subjects.new}”，对方都没有提"
    other = find_other_names(pair.small, pair.large)
    if other:
        return _tell(other)
    replaced = find_replaced_names(pair.small, pair.large)
    if any(_is_letter(one) for one in replaced) and count_slips(pair.small, pair.large) >= MIN_SLIPS:
        replaced = tuple(one for one in replaced if not _is_letter(one))
    decisive = next((_tell(one) for one in replaced if _is_decisive(one, pair)), "")
    if decisive or len(pair.small.normalized) > NOTICE:
        return decisive
    alternatives = find_alternatives(pair.small, pair.large)
    apart = (one for one in alternatives if one.kind != "日子" or not _is_one_day(one, pair))
    return next((_tell(one) for one in apart if _is_decisive(one, pair)), "")


def _is_one_day(replaced: Conflict, pair: Pair) -> bool:
    """Whether the 明天 of the one is the 今天 of the other, which was published a day later."""
    first, second = (
        document.date.astimezone(SHANGHAI).date() + timedelta(days=_DAYS[word[0]])
        for document, word in ((pair.shorter, replaced.old), (pair.longer, replaced.new))
    )
    return first == second


def _is_letter(replaced: Conflict) -> bool:
    return len(replaced.old) == 1 or len(replaced.new) == 1


def _is_decisive(replaced: Conflict, pair: Pair) -> bool:
    # Of one account's notices neither is the other's, adapted to where it is posted.
    if replaced.kind != "地点" or pair.score < LOCALIZED or pair.has_one_account:
        return True
    if is_road(replaced.old) and is_road(replaced.new):
        return True
    first, second = (headline.normalized for headline in pair.headlines)
    return replaced.old in first and replaced.new in second


def _tell(conflict: Conflict | None) -> str:
    return f"同一句里{conflict.kind}不同：{conflict.old} / {conflict.new}" if conflict else ""
