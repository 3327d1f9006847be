"""Numbers of persons that nobody masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aggregator.check.numbers import find_bank_cards, find_id_cards
from aggregator.check.phones import find_private_phones
from aggregator.inspection.case import Case
from aggregator.model import Finding

_MAY_HAVE = re.compile(r"\d[\d -]{9}")


def find_open_id_cards(case: Case) -> Iterator[Finding]:
    text = _join(case)
    found = find_id_cards(text, case.today.year) if text and case.hold.id_cards else ()
    return _tell(case, "身份证号", found, "请把中间的数字换成星号，写成“{}”，或者删去。")


def find_open_bank_cards(case: Case) -> Iterator[Finding]:
    text = _join(case)
    found = find_bank_cards(text, case.today.year) if text and case.hold.bank_cards else ()
    return _tell(case, "银行卡号", found, "请写成“{}”，或者删去；单位的收款账号请在前面写明户名。")


def find_open_phones(case: Case) -> Iterator[Finding]:
    text = _join(case)
    found = find_private_phones(text) if text and case.hold.phones else ()
    return _tell(case, "个人手机号", found, "请写成“{}”，或者改用单位的电话。")


def _join(case: Case) -> str:
    """The text to be searched, "" where it has no number of that length."""
    text = "\n".join(line for _, line in case.normalized)
    return text if _MAY_HAVE.search(text) else ""


def _tell(case: Case, kind: str, found: Iterable[str], remedy: str) -> Iterator[Finding]:
    for masked in found:
        digits = "[ -]?".join(r"[\dXx]" if one == "*" else one for one in masked)
        pattern = re.compile(rf"(?<!\d){digits}(?!\d)", re.IGNORECASE)
        lines = [number for number, line in case.normalized if pattern.search(line)]
        for line in lines or [None]:
            yield case.tell(line, f"{kind}没有遮盖：{masked}。", remedy.format(masked))
