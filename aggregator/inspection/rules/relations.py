"""A policy and its explanation: both there, in time, naming each other, and the one no copy of the other."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.dates import count_workdays
from aggregator.documents import FORMS, is_film, is_sound, read_form
from aggregator.inspection.case import Case, find_day, find_header_line, read_text
from aggregator.inspection.rules.documents import is_in_force
from aggregator.model import DraftSource, Finding
from aggregator.text import normalize, take_grams

_LEAST = 200
"""Normalised characters of an explanation below which sharing text proves nothing: it may be one picture's caption."""


def find_explanation_without_policy(case: Case) -> Iterator[Finding]:
    if case.draft.genre != "explanation" or case.draft.value("关联政策"):
        return
    remedy = "请在题头加上一行“关联政策: 政策的编号”。"
    yield case.tell(None, "这篇解读没有写是哪份政策的解读。", remedy)


def find_unknown_numbers(case: Case) -> Iterator[Finding]:
    if case.relatives is None:
        return
    for number, similar in case.relatives.unknown.items():
        line = next((one.line for one in case.draft.header if number in one.value and one.key in _NAMING), None)
        key = next((one.key for one in case.draft.header if number in one.value and one.key in _NAMING), _NAMING[0])
        remedy = (
            f"请改成“{similar}”。" if similar else "请核对编号、文号或者《》里的全名；那一篇没有编号的，请先给它写上。"
        )
        yield case.tell(line, f"{key}写的是“{number}”，没有一篇稿件是这个编号、文号或者名称。", remedy)


_NAMING = ("关联政策", "替代文件")


def find_unknown_form(case: Case) -> Iterator[Finding]:
    one = case.draft.find("解读形式")
    if one and read_form(one.value) is None:
        remedy = f"请改成 {'、'.join(FORMS)} 中的一种；不写的，程序按内容判断。"
        yield case.tell(one.line, f"解读形式写成了“{one.value}”。", remedy)


def find_media_without_text(case: Case) -> Iterator[Finding]:
    """Sound and film say nothing to who cannot hear or see, and to a search."""
    if case.draft.genre != "explanation":
        return
    media = [one for one in case.draft.references if is_film(one.target) or is_sound(one.target)]
    if media and len(normalize(case.text)) < _LEAST_TEXT:
        remedy = "请在正文里写上讲了什么，最好是全文，听不到、看不到的人也能读。"
        yield case.tell(media[0].line, "这篇解读有音频或者视频，没有文字版。", remedy)


_LEAST_TEXT = 60
"""Normalised characters from which a text may say what a recording says."""


def find_unexplained_policy(case: Case) -> Iterator[Finding]:
    """Not yet explained, or too late; what is not due yet is told by the next rule."""
    days = _count_waiting(case)
    limit = case.settings.explanation_days
    if days is None or case.relatives is None or days <= limit:
        return
    line = find_header_line(case.draft, "日期")
    explanations = case.relatives.explanations
    if explanations:
        message = f"解读“{explanations[0].title}”在发布后第 {days} 个工作日才发布，应当不晚于第 {limit} 个。"
        yield case.tell(line, message, "请核对两篇的日期；没有写错的，今后与文件同步发布。")
    else:
        remedy = f"请写一篇解读，题头写“关联政策: {case.draft.number or '这份文件的编号'}”。"
        yield case.tell(line, f"发布后已过 {days} 个工作日，还没有解读，应当不晚于第 {limit} 个。", remedy)


def find_policy_to_explain(case: Case) -> Iterator[Finding]:
    days = _count_waiting(case)
    limit = case.settings.explanation_days
    if days is not None and days <= limit and case.relatives is not None and not case.relatives.explanations:
        remedy = f"请在第 {limit} 个工作日以前发布解读，题头写“关联政策: {case.draft.number or '这份文件的编号'}”。"
        yield case.tell(find_header_line(case.draft, "日期"), f"还没有解读，发布后已过 {days} 个工作日。", remedy)


def _count_waiting(case: Case) -> int | None:
    """Working days from a policy in force to its first explanation, or to today; None where that says nothing."""
    if case.draft.genre != "policy" or case.relatives is None or case.published is None:
        return None
    if not is_in_force(case.draft.value("有效性")) or case.published > case.today:
        return None
    explanations = case.relatives.explanations
    days = [day for one in explanations if (day := find_day(one))]
    if explanations and not days:
        return None
    until = min(days, default=case.today)
    return count_workdays(case.published, until, case.settings.holidays, case.settings.workdays)


def find_mere_excerpt(case: Case) -> Iterator[Finding]:
    if case.draft.genre != "explanation" or case.relatives is None or not case.settings.excerpt:
        return
    own = normalize(case.text)
    if len(own) < _LEAST:
        return
    grams = take_grams(own)
    for policy in case.relatives.policies:
        share = len(grams & take_grams(normalize(read_text(policy)))) / len(grams)
        if share >= case.settings.excerpt:
            line = find_header_line(case.draft, "关联政策")
            message = f"这篇解读有 {share:.0%} 照抄{_name(policy)}的原文。"
            remedy = "解读不能只是摘抄：请用自己的话讲清楚为什么出台、谁受益、怎么办、和过去有什么不同。"
            yield case.tell(line, message, remedy)


def _name(policy: DraftSource) -> str:
    return policy.title if "《" in policy.title else f"《{policy.title}》"
