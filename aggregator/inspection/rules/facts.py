"""What a policy, its explanation, its guide and the summaries say otherwise of one thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from aggregator.facts import Fact, find_conflicts, find_facts, read_content, states
from aggregator.inspection.case import Case, find_header_line, read_text
from aggregator.inspection.rules.documents import is_in_force
from aggregator.model import DraftSource, Finding
from aggregator.text import simplify, squeeze

_KINDS = {"文号": "文号", "日期": "日期", "时间": "时间", "电话": "电话", "数字": "数字"}
"""Kinds of facts that must agree; ordinals and weekdays stand in everybody's own words."""

_QUOTED = re.compile(
    r"《([^《》]{4,60})》\s*[（(]\s*([一-鿿]{1,12}[〔\[［(（【]\s*\d{4}\s*[〕\]］)）】]\s*第?\s*\d+\s*号)\s*[)）]"
)
_DAY = r"((?:\d{4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*日)"
_STARTS = re.compile(rf"{_DAY}\s*(?:起|开始)?\s*(?:正式)?\s*(?:施行|实施|执行|生效)")
_PHONE_OF = re.compile(
    r"(咨询|监督|投诉|举报|报名|服务|受理)(?:电话|热线)\s*[：:为]\s*((?:0\d{2,3}-?)?\d{7,8}|1\d{4}(?!\d)|1\d{10})"
)
_SUMMARIES = ("摘要", "一句话", "谁能办", "办多少", "何时办", "怎么办", "电话")
"""Keys that say in short what the text says: the summary, and the card 一分钟看懂."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def find_other_number_quoted(case: Case) -> Iterator[Finding]:
    for policy, number in _list_numbered(case):
        title = squeeze(simplify(policy.title))
        for line, match in case.lines_with(_QUOTED):
            if squeeze(simplify(match[1])) in title and _take(match[2], "文号") != _take(number, "文号"):
                yield case.tell(
                    line, f"《{match[1]}》的文号写成了“{match[2]}”。", f"政策原文是“{number}”，请改成一致。"
                )


def _list_numbered(case: Case) -> Iterator[tuple[DraftSource, str]]:
    for policy in case.relatives.policies if case.relatives else ():
        if number := policy.value("文号"):
            yield policy, number


def _take(text: str, kind: str) -> frozenset[Fact]:
    return frozenset(fact for fact in find_facts(simplify(text)) if fact.kind == kind)


def find_other_start(case: Case) -> Iterator[Finding]:
    """From when on a policy holds: the one date that residents plan by."""
    for policy in case.relatives.policies if case.relatives else ():
        days = {_read_day(match[1]) for match in _STARTS.finditer(read_text(policy))}
        own = [(line, match) for line, match in case.lines_with(_STARTS)]
        if len(days) != 1 or not own:
            continue
        (day,) = days
        if not any(_agree(_read_day(match[1]), day) for _, match in own):
            line, match = own[0]
            said = "".join(f"{number}{unit}" for number, unit in zip(day, "年月日", strict=True) if number)
            message = f"施行日期写成了“{match[1]}”，政策“{policy.title}”写的是“{said}”。"
            yield case.tell(line, message, f"请核对，改成“{said}”。")


def _read_day(text: str) -> tuple[str, str, str]:
    """Year, which may be "", month and day."""
    numbers = _NUMBER.findall(text)
    year, month, day = numbers if len(numbers) > 2 else ("", *numbers)
    return year, month.lstrip("0"), day.lstrip("0")


def _agree(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    return one[1:] == other[1:] and (not one[0] or not other[0] or one[0] == other[0])


def find_other_facts(case: Case) -> Iterator[Finding]:
    """In a sentence that a draft has from its policy, another number in its place."""
    for policy in case.relatives.policies if case.relatives else ():
        own, other = read_content(case.text), read_content(read_text(policy))
        # Most say nothing that their policy does not, which is told at once.
        if all(states(other.facts, fact) for fact in own.facts):
            continue
        for conflict in find_conflicts(own, other):
            if conflict.kind in _KINDS:
                message = f"{conflict.kind}写的是“{conflict.old}”，政策“{policy.title}”同一句话里是“{conflict.new}”。"
                yield case.tell(_locate(case, conflict.old), message, f"请核对原文；写错了的，改成“{conflict.new}”。")


def find_other_phone(case: Case) -> Iterator[Finding]:
    own = _list_phones(case.text)
    for policy in case.relatives.policies if case.relatives and own else ():
        others = _list_phones(read_text(policy))
        for label, phones in own.items():
            if len(phones) == 1 == len(others.get(label, ())) and phones != others[label]:
                (phone,), (other,) = phones, others[label]
                message = f"{label}电话写的是“{phone}”，政策“{policy.title}”写的是“{other}”。"
                yield case.tell(_locate(case, phone), message, "请打一遍核对，两处改成一致。")


def _list_phones(text: str) -> dict[str, frozenset[str]]:
    phones: dict[str, frozenset[str]] = {}
    for match in _PHONE_OF.finditer(text):
        phones[match[1]] = phones.get(match[1], frozenset()) | {match[2]}
    return phones


def find_unproved_summary(case: Case) -> Iterator[Finding]:
    """Numbers, dates and telephones of the summary and the card that neither the text nor its policy states."""
    values = [one for one in case.draft.header if one.key in _SUMMARIES and _NUMBER.search(one.value)]
    # That of a document that is over says what replaced it.
    if not values or not case.text.strip() or not is_in_force(case.draft.value("有效性")):
        return
    texts = [case.text, *(read_text(policy) for policy in (case.relatives.policies if case.relatives else ()))]
    # Also what the header states: a guide's 办理时限.
    texts += [f"{one.value}\n{case.draft.title}" for one in case.draft.header if one.key not in _SUMMARIES]
    numbers = {number for text in texts for number in _NUMBER.findall(unicodedata.normalize("NFKC", text))}
    for one in values:
        value = unicodedata.normalize("NFKC", one.value)
        if all(number in numbers for number in _NUMBER.findall(value)):
            continue
        known = frozenset().union(*(read_content(text).facts for text in texts))
        for fact in sorted(find_facts(simplify(value))):
            if _matters(fact, value) and not states(known, fact) and not _stands(fact, numbers):
                message = f"{one.key}里的“{fact.text}”，正文里找不到。"
                yield case.tell(one.line, message, "请与正文核对，改成一致。")


def _matters(fact: Fact, value: str) -> bool:
    """A year and a bare number are often worked out from the text: 64岁 of 「未满65周岁」."""
    if fact.kind == "数字":
        return re.search(rf"{re.escape(fact.text)}\s*(?:元|万|亿|%|个?工作日)", value.replace(",", "")) is not None
    return fact.kind in _KINDS and (fact.kind != "日期" or "日" in fact.text)


def _stands(fact: Fact, numbers: set[str]) -> bool:
    """A number that the text writes in another way: 7月 for 7月1日, 3200 for 3,200."""
    return fact.kind != "文号" and all(number in numbers for number in _NUMBER.findall(fact.text.replace(",", "")))


def _locate(case: Case, fact: str) -> int | None:
    """The line of a fact, which is spelled alike here and otherwise there."""
    digits = r"\D{0,4}?".join(f"0*{re.escape(one)}" for one in _NUMBER.findall(fact))
    pattern = re.compile(rf"(?<!\d){digits}(?!\d)")
    lines = (number for number, line in case.normalized if number and pattern.search(line.replace(",", "")))
    return next(lines, find_header_line(case.draft, "关联政策"))
