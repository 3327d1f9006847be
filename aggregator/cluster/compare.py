"""Whether two posts are one piece of news, and if so why: the ladder of docs/architecture.md.

correction -> roundup -> time -> same text -> same address -> containment of 5-grams -> headlines -> facts -> names
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from aggregator.cluster.guard import (
    WHOLE_COPY,
    differ_in_facts,
    differ_in_names,
    differ_in_news,
    differ_in_subject,
)
from aggregator.cluster.headline import find_cited, has_other_subject, is_among, read_headline
from aggregator.cluster.pair import Pair
from aggregator.facts import Content, read_content, states
from aggregator.model import Document, LinkRelation, Match, Relation, Step, Verdict
from aggregator.text import MIN_EXACT, take_grams

MIN_CONTAINMENT = 0.6
"""Of the shorter text's grams in the longer one (docs/architecture.md, the ladder)."""

SAME_NEWS = 0.45
"""The same under one headline within SAME_DAYS: two editors' words on one event."""

SAME_DAYS = timedelta(days=3)

NEWS_TITLE = 8
"""Normalised characters from which a headline tells an event."""

LATER = timedelta(days=7)
"""Nobody edits news that is older: what follows is posted again as it was, or is another notice."""

LATER_CONTAINMENT = 0.75

MUCH_LATER = timedelta(days=20)
MUCH_LATER_CONTAINMENT = 0.98
"""Weeks later the same words with small changes are the next round: the list after its draft, another call."""

RECURRING = timedelta(days=180)
"""The same words half a year apart are this year's notice, unless they state a date or 文号 of their own."""

MIN_URL_CONTAINMENT = 0.3
"""At the same address less need agree; but items that all link to one home page share nothing else."""

MIN_LENGTH = 60
"""Normalised characters of the shorter text from which containment says anything."""

SUMMARY = 0.95
"""Containment from which less text than that, which states a fact, is the beginning of one under the same headline."""

EXCERPT_BELOW = 0.6
"""A copy shorter than this share of the longer text is an excerpt of it."""

SERIES = 200
"""Normalised characters below which one text under 第3号 and 第4号 is a series; a longer text's are pages."""

TOLD = 120
"""Normalised characters from which two accounts that post the same text mean the same under two headlines."""

TOLD_HEADLINE = 0.3
"""Share of each headline that the text must then tell."""

ALIKE = 0.5
"""Likeness from which two headlines over one short text speak of one thing."""

CORRECTED = timedelta(days=60)
"""A correction follows what it corrects within this time."""

CHANGED = 2
"""Facts that a correction changes at most, where the headline says which notice it corrects; 1 where it does not."""

SPECIFIC_TITLE = 20
"""Normalised characters from which a headline, though it states no date or number, is one notice's own."""

BRIEF = 600
"""Normalised characters up to which a notice may say when by 「明天」 alone; longer texts speak of a better 明天."""

# By when a notice without a date says that it speaks of another day, week or month than the same words later.
_PERIODS = (
    (re.compile("明[天日晚早]|今晚|今夜|后天"), timedelta(days=2)),
    (re.compile("[本上下]周(?![边围年岁])"), timedelta(days=6)),
    (re.compile("[本上下]月"), timedelta(days=25)),
)

_NUMBER = re.compile(r"[0-9一二三四五六七八九十百]+")


class _Ruling(NamedTuple):
    """What a rung decided; reason where `match` has none."""

    match: Match | None
    reason: str = ""


class _Rung(NamedTuple):
    name: str
    decide: Callable[[Pair], _Ruling | None]
    tell: Callable[[Pair], str]
    """What was measured, where it decided nothing."""


def compare(one: Document, other: Document) -> Match | None:
    """The match of two posts, or None where they have nothing to do with one another. Symmetric."""
    return _climb(Pair(one, other), _LADDER)


def compare_bodies(one: Document, other: Document) -> Match | None:
    """As `compare`, whatever news each headline leads with: for two posts that a common copy has brought together."""
    return _climb(Pair(one, other), _BODY_LADDER)


def judge(one: Document, other: Document) -> Verdict:
    """The same match as that of `compare`, with the steps that led to it, as staff read them."""
    pair = Pair(one, other)
    steps: list[Step] = []
    for rung in _LADDER:
        ruling = rung.decide(pair)
        if ruling is not None:
            match = ruling.match
            outcome = "两条" if match is None else "两条，互相链接" if match.is_link else "同一条"
            return Verdict(match, (*steps, Step(rung.name, outcome, match.reason if match else ruling.reason)))
        steps.append(Step(rung.name, "不能断定", rung.tell(pair)))
    raise AssertionError  # the last rung always decides


def measure_containment(small: str, large: str) -> float:
    """Share of the smaller normalised text's 5-grams that stand in the larger one, 0 to 1."""
    grams = take_grams(small)
    return len(grams & take_grams(large)) / len(grams) if grams else 0.0


def _climb(pair: Pair, ladder: Sequence[_Rung]) -> Match | None:
    for rung in ladder:
        ruling = rung.decide(pair)
        if ruling is not None:
            return ruling.match
    raise AssertionError  # the last rung always decides


def _join(pair: Pair, relation: Relation, score: float, reason: str) -> _Ruling:
    return _Ruling(Match(pair.a.post, pair.b.post, relation, round(score, 4), reason))


def _link(pair: Pair, relation: LinkRelation, reason: str) -> _Ruling:
    return _Ruling(Match(pair.a.post, pair.b.post, relation, round(pair.score, 4), reason))


def _weigh_correction(pair: Pair) -> _Ruling | None:
    """A correction is never its original; it is linked to what it names or repeats."""
    # Not by the shorter and the longer text: many pairs are told apart by headlines and dates, unmeasured.
    if read_headline(pair.a.title).is_correction == read_headline(pair.b.title).is_correction:
        return None
    first = pair.headlines[0]
    newer, older = (pair.shorter, pair.longer) if first.is_correction else (pair.longer, pair.shorter)
    relation: LinkRelation = "correction" if newer is pair.a else "corrected-by"
    if not timedelta(days=-1) <= newer.date - older.date <= CORRECTED:
        return _Ruling(None, "一篇是更正，另一篇不在它之前两个月内")
    mark, title = read_headline(newer.title), read_headline(older.title)
    is_specific = len(title.normalized) >= SPECIFIC_TITLE or any(
        fact.kind in ("日期", "文号", "序号") for fact in title.facts
    )
    text = read_content(newer.text)
    if (is_specific or pair.gap <= SAME_DAYS) and is_among(title, (*mark.cited, *find_cited(text.flat))):
        return _link(pair, relation, f"更正中点名《{older.title}》")
    if mark.corrected == title.normalized and pair.score >= MIN_CONTAINMENT:
        changed = sum(not states(read_content(older.text).facts, fact) for fact in text.facts)
        if changed <= (CHANGED if is_specific else 1):
            return _link(pair, relation, f"标题相同，标明更正；正文 {pair.score:.0%} 相同，改动 {changed} 处")
    return _Ruling(None, "一篇是更正，更正的不是另一篇")


def _weigh_roundup(pair: Pair) -> _Ruling | None:
    """A roundup is never one of the pieces it carries; the same roundup under two headlines is one."""
    if read_headline(pair.a.title).is_roundup == read_headline(pair.b.title).is_roundup:
        return None
    if pair.is_equal or (pair.score >= WHOLE_COPY and pair.ratio >= WHOLE_COPY):
        return None
    return _Ruling(None, "一篇是多条新闻的汇编，另一篇不是")


def _weigh_time(pair: Pair) -> _Ruling | None:
    word = _find_period(pair)
    if word:
        return _Ruling(None, f"相隔 {pair.gap.days} 天，都说“{word}”：不是同一次")
    if pair.gap <= RECURRING or pair.has_one_address or (pair.is_equal and _is_dated(pair.small)):
        return None
    return _Ruling(None, f"相隔 {pair.gap.days} 天，是另一期或另一年的")


def _find_period(pair: Pair) -> str:
    """「明天」 in two notices that state no day and were issued on different ones; "" where nothing says so."""
    periods = [words for words, span in _PERIODS if pair.gap >= span]
    if not periods or pair.has_one_address or len(pair.large.normalized) > BRIEF:
        return ""
    one, other = (
        f"{headline.normalized}\n{content.flat}"
        for headline, content in zip(pair.headlines, (pair.small, pair.large), strict=True)
    )
    said = next((found.group() for words in periods if (found := words.search(one)) and words.search(other)), "")
    # Facts are asked for last, since they are what costs.
    return "" if not said or _names_day(pair.small) or _names_day(pair.large) else said


def _names_day(content: Content) -> bool:
    return any(fact.kind == "日期" and "日" in fact.text for fact in content.facts)


def _is_dated(content: Content) -> bool:
    """Whether a text says when it was issued: the same words next year would say otherwise."""
    return any(
        fact.kind == "文号" or (fact.kind == "日期" and "年" in fact.text and "月" in fact.text)
        for fact in content.facts
    )


def _weigh_equality(pair: Pair) -> _Ruling | None:
    length = len(pair.small.normalized)
    if not pair.is_equal or length < MIN_EXACT:
        return None
    if length < SERIES and not _is_specific(pair):
        return _Ruling(None, "正文相同，但只有几句套话，标题各说各的")
    return _join(pair, "duplicate", 1.0, "正文完全相同")


def _is_specific(pair: Pair) -> bool:
    """Whether one short text can only be one notice: not what stands under every picture and every attachment."""
    first, second = (headline.normalized for headline in pair.headlines)
    if first == second and (first or pair.has_one_account):
        return True
    is_dated = any(fact.kind in ("日期", "时间", "文号") for fact in pair.small.facts)
    if not first or not second:
        # Without a headline only the text can tell: what a broken site says in place of an article is everybody's.
        return is_dated or bool(pair.small.roads)
    if _NUMBER.sub("#", first) == _NUMBER.sub("#", second):
        return False
    if has_other_subject(*pair.headlines, pair.small):
        return False
    if pair.likeness >= ALIKE or is_dated:
        return True
    # An account that posts pictures puts the same lines under each of them; and what a broken site says in place of an
    # article has nothing of what its headline announced.
    is_told = min(pair.own_support, pair.lead_support) >= TOLD_HEADLINE
    return is_told and not pair.has_one_account and len(pair.small.normalized) >= TOLD


def _weigh_address(pair: Pair) -> _Ruling | None:
    if not pair.has_one_address:
        return None
    first, second = (headline.normalized for headline in pair.headlines)
    has_own_headline = first == second and len(first) >= NEWS_TITLE
    # What is at one address may be an item each of a list of notices, all the more where one account posts both.
    is_page = has_own_headline and not pair.has_one_account
    if not is_page and any(differ(pair) for differ in (differ_in_subject, differ_in_facts, differ_in_names)):
        return None
    if pair.score >= MIN_URL_CONTAINMENT or has_own_headline:
        return _join(pair, "duplicate", max(pair.score, MIN_URL_CONTAINMENT), "原文链接相同")
    return None


def _weigh_text(pair: Pair) -> _Ruling | None:
    length = len(pair.small.normalized)
    if length < MIN_LENGTH and not _is_summary(pair):
        return _Ruling(None, f"正文太短（{length} 字），看不出是不是同一条")
    needed = _need_containment(pair)
    if pair.score >= needed:
        return None
    return _relate(pair) or _Ruling(None, f"正文只有 {pair.score:.0%} 相同，至少要 {needed:.0%}")


def _is_summary(pair: Pair) -> bool:
    """Whether so short a text is the beginning of the other: under one headline, with a fact, word for word."""
    return (
        len(pair.small.normalized) >= MIN_EXACT
        and pair.score >= SUMMARY
        and pair.gap <= SAME_DAYS
        and pair.has_one_headline
        and pair.least_headline >= NEWS_TITLE
        and bool(pair.small.facts)
    )


def _need_containment(pair: Pair) -> float:
    if pair.gap > MUCH_LATER:
        return MUCH_LATER_CONTAINMENT
    if pair.gap > LATER:
        return LATER_CONTAINMENT
    if pair.gap <= SAME_DAYS and pair.has_one_headline and pair.least_headline >= NEWS_TITLE:
        return SAME_NEWS
    return MIN_CONTAINMENT


def _weigh_subject(pair: Pair) -> _Ruling | None:
    return _set_apart(pair, differ_in_subject(pair))


def _weigh_news(pair: Pair) -> _Ruling | None:
    return _set_apart(pair, differ_in_news(pair))


def _set_apart(pair: Pair, reason: str) -> _Ruling | None:
    return (_relate(pair) or _Ruling(None, reason)) if reason else None


def _weigh_facts(pair: Pair) -> _Ruling | None:
    reason = differ_in_facts(pair)
    return _Ruling(None, reason) if reason else None


def _weigh_names(pair: Pair) -> _Ruling | None:
    reason = differ_in_names(pair)
    return _Ruling(None, reason) if reason else None


def _relate(pair: Pair) -> _Ruling | None:
    """Two stories of which a resident who reads the one will want the other."""
    if pair.gap > CORRECTED:
        return None
    first, second = pair.headlines
    if is_among(second, first.cited):
        return _link(pair, "related", f"标题中提到《{pair.longer.title}》")
    if is_among(first, second.cited):
        return _link(pair, "related", f"标题中提到《{pair.shorter.title}》")
    if first.is_reaction != second.is_reaction and pair.score >= MIN_CONTAINMENT:
        return _link(pair, "related", "一篇是消息，另一篇是对它的评论或反响")
    return None


def _conclude(pair: Pair) -> _Ruling:
    percent = f"{pair.score:.0%}"
    if pair.has_one_account and pair.shorter.date < pair.longer.date and pair.ratio < 1:
        return _join(pair, "update", pair.score, f"同一账号后来的补充，{percent} 的文字相同；日期、数字、地点一致")
    if pair.ratio < EXCERPT_BELOW:
        return _join(pair, "excerpt", pair.score, f"摘自正文，{percent} 的文字见于全文；日期、数字、地点一致")
    return _join(pair, "duplicate", pair.score, f"正文 {percent} 相同；日期、数字、地点一致")


_LADDER = (
    _Rung("更正", _weigh_correction, lambda pair: "都是更正" if pair.headlines[0].is_correction else "都不是更正"),
    _Rung("汇编", _weigh_roundup, lambda pair: "都是汇编" if pair.headlines[0].is_roundup else "都不是多条新闻的汇编"),
    _Rung("时间", _weigh_time, lambda pair: f"相隔 {pair.gap.days} 天"),
    _Rung(
        "全文",
        _weigh_equality,
        lambda pair: f"不完全相同：{len(pair.small.normalized)} 字与 {len(pair.large.normalized)} 字",
    ),
    _Rung("原文链接", _weigh_address, lambda pair: "相同，但内容不同" if pair.has_one_address else "不同"),
    _Rung(
        "正文",
        _weigh_text,
        lambda pair: f"短的一篇有 {pair.score:.0%} 见于长的一篇，至少要 {_need_containment(pair):.0%}",
    ),
    _Rung("标题", _weigh_subject, lambda pair: f"相似 {pair.likeness:.0%}，没有矛盾"),
    _Rung(
        "主题",
        _weigh_news,
        lambda pair: f"短的一篇标题有 {pair.own_support:.0%} 见于另一篇，长的一篇标题有 {pair.lead_support:.0%}",
    ),
    _Rung(
        "日期与数字", _weigh_facts, lambda pair: f"{len(pair.small.facts)} 处与 {len(pair.large.facts)} 处，没有矛盾"
    ),
    _Rung("地点与人物", _weigh_names, lambda _: "没有矛盾"),
    _Rung("结论", _conclude, lambda _: ""),
)
_BODY_LADDER = tuple(rung for rung in _LADDER if rung.decide is not _weigh_news)
