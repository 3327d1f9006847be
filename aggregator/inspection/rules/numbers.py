"""Numbers of persons that nobody masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from aggregator.check.numbers import find_bank_cards, find_id_cards
from aggregator.check.phones import find_private_phones
from aggregator.inspection.case import Case
from aggregator.model import Finding

_LONG = re.compile(r"\d[\d -]{13}")
_MOBILE = re.compile(r"[1１][3-9３-９]\d[\d -]{8}")
"""Also of full-width digits: a first look, which most drafts are done with."""


def find_open_id_cards(case: Case) -> Iterator[Finding]:
    looked_for = case.hold.id_cards and _LONG.search(case.stated_text)
    found = find_id_cards(case.normalized_text, case.today.year) if looked_for else ()
    return _tell(case, "身份证号", found, "请把中间的数字换成星号，写成“{}”，或者删去。")


def find_open_bank_cards(case: Case) -> Iterator[Finding]:
    looked_for = case.hold.bank_cards and _LONG.search(case.stated_text)
    found = find_bank_cards(case.normalized_text, case.today.year) if looked_for else ()
    return _tell(case, "银行卡号", found, "请写成“{}”，或者删去；单位的收款账号请在前面写明户名。")


def find_open_phones(case: Case) -> Iterator[Finding]:
    looked_for = case.hold.phones and _MOBILE.search(case.stated_text)
    found = dict.fromkeys(_list_private_phones(case) if looked_for else ())
    return _tell(case, "个人手机号", found, "请写成“{}”，或者改用单位的电话。")


def _list_private_phones(case: Case) -> Iterator[str]:
    # The office that publishes is no sign of whose number the body states: each draft names one in its header.
    summary = (one.value for one in case.draft.header if one.key == "摘要")
    header = (f"{one.key}：{one.value}" for one in case.draft.header)
    for lines in (header, (case.draft.title, *summary, case.text)):
        yield from find_private_phones(unicodedata.normalize("NFKC", "\n".join(lines)))


def _tell(case: Case, kind: str, found: Iterable[str], remedy: str) -> Iterator[Finding]:
    for masked in found:
        digits = "[ -]?".join(r"[\dXx]" if one == "*" else one for one in masked)
        pattern = re.compile(rf"(?<!\d){digits}(?!\d)", re.IGNORECASE)
        lines = [number for number, line in case.normalized if pattern.search(line)]
        for line in lines or [None]:
            yield case.tell(line, f"{kind}没有遮盖：{masked}。", remedy.format(masked))
