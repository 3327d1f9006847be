"""Numbers of identity cards and bank cards that nobody masked.

Official accounts mask them. Each is proved by its own check digit, so that order numbers and 文号 are none.
"""

from __future__ import annotations

import re
from datetime import date

_START = r"(?<![\dA-Za-z*.])"
_END = r"(?![\dA-Za-z*]|\.\d)"
"""Whatever is longer, masked, or stands in a word or an address is no number of a person."""

# Ahead of its place, so that what stands before in another group of digits does not hide a number.
_ID_CARD = re.compile(
    rf"{_START}(?=(\d{{6}}([ -]?)\d{{8}}\2\d{{3}}[\dXx]|\d{{6}}([ -])\d{{4}}\3\d{{4}}\3\d{{3}}[\dXx]"
    rf"|\d{{4}}([ -])\d{{4}}\4\d{{4}}\4\d{{4}}\4?\d[\dXx]){_END})"
)
_OLD_ID_CARD = re.compile(rf"{_START}\d{{15}}{_END}")
_NAMED_ID = re.compile(r"身份证|证件号|公民身份")
_CREDIT_CODE = re.compile(r"信用代码|机构代码|纳税人识别号|税号")

_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
"""GB/T 2260, the first two digits; 83 are residence permits of people from Taiwan."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
"""GB 11643-1999: weights of the first 17 digits, and the last character by the sum's remainder of 11."""

_BANK_CARD = re.compile(
    rf"{_START}(?=(\d{{16,19}}|\d{{4}}([ -])\d{{4}}\2\d{{4}}\2\d{{4}}(?:\2\d{{1,3}})?|\d{{6}}[ -]\d{{10,13}}){_END})"
)
_ISSUER = re.compile(
    r"62\d{14,17}|955[5-9]\d{15}|(?:103\d|4367|4563|6013)\d{15}|(?:6014|4055)\d{13}|(?:4|5[1-5])\d{15}"
)
"""UnionPay; the debit cards that ICBC, ABC, CCB, BOC and BOCOM gave out before it, which are still in use; Visa and
MasterCard, which have 16 digits (ISO/IEC 7812)."""

_OTHER_NUMBER = re.compile(
    r"(?:订单|流水|受理|编码|编号|文号|案号|单号|项目|许可|备案|批准|批号|登记|证书|合同|条码|条形码|序列|回执|宗地|不动产单元)"
    r"[^\d\n。;；]{0,8}$"
)
_CARD = re.compile(r"(?:卡号?|账\s*号|帐\s*号|账户|帐户|存折|一卡通)[^\d\n]{0,4}$")
"""What names a card's number, whatever stands before it: 「已登记，卡号…」 is no number of a registration."""

_HOLDER = re.compile(
    r"(?:户\s*名|账户名称?|开户名|单位名称|收款单位|收款人|账户)[^\d\n:：]{0,6}[:：\s]\s*"
    r"((?:(?!开\s*户|[账帐卡]\s*[号户]|户\s*名)[^\d\s,，。;；:：()（）]){2,30})"
)
"""A card's or an account's holder, as far as the next blank or label: a person's bank is no holder."""

_BODY = re.compile(
    r"局|委员会|办公室|中心|公司|财政|基金会|总会|协会|学会|红十字会|学校|大学|医院|法院|检察院|政府|办事处|专户|事务所|银行"
)
"""An account of a body is published on purpose: deposits for tenders, donations."""

NEAR = 30
"""Characters before a number in which its name is looked for."""

AROUND = 80
"""Characters before and after a bank card's number in which its holder is looked for."""


def find_id_cards(text: str, this_year: int) -> tuple[str, ...]:
    """Identity card numbers in a text of half-width digits, masked. Only where they are named so those with a wrong
    check digit, as one mistyped digit hides nobody, and the old ones of 15 digits.
    """
    joined = (
        (_take_before(text, match.start(), NEAR), re.sub("[ -]", "", match[1]).upper())
        for match in _ID_CARD.finditer(text)
    )
    found = [
        number
        for before, number in joined
        if _has_birthday(number, this_year)
        and (_is_proved(number) or _NAMED_ID.search(before))
        and not _CREDIT_CODE.search(before)
    ]
    found += [
        match[0]
        for match in _OLD_ID_CARD.finditer(text)
        if _is_old_id_card(match[0]) and _NAMED_ID.search(_take_before(text, match.start(), NEAR))
    ]
    return tuple(dict.fromkeys(_mask(number, 6) for number in found))


def find_bank_cards(text: str, this_year: int) -> tuple[str, ...]:
    """Numbers of bank cards in a text of half-width digits, masked."""
    found = []
    for match in _BANK_CARD.finditer(text):
        number = re.sub(r"\D", "", match[1])
        if not (_ISSUER.fullmatch(number) and _passes_luhn(number)):
            continue
        if len(number) == 18 and _is_id_card(number, this_year):
            continue
        before = _take_before(text, match.start(), NEAR)
        is_other = _OTHER_NUMBER.search(before) and not _CARD.search(before)
        if not is_other and not _is_of_body(text, match.start(), match.end(1)):
            found.append(_mask(number, 4))
    return tuple(dict.fromkeys(found))


def _is_of_body(text: str, start: int, end: int) -> bool:
    """By the holder named last before a number, else by the first one behind it."""
    holders = _HOLDER.findall(_take_before(text, start, AROUND))[-1:] or _HOLDER.findall(text[end : end + AROUND])[:1]
    return any(_BODY.search(holder) for holder in holders)


def _take_before(text: str, place: int, length: int) -> str:
    return text[max(0, place - length) : place]


def _is_id_card(number: str, this_year: int) -> bool:
    return _has_birthday(number, this_year) and _is_proved(number)


def _has_birthday(number: str, this_year: int) -> bool:
    """Whether 18 digits are built as an identity card's number: place, day, anything."""
    year = int(number[6:10])
    return bool(_PROVINCE.match(number)) and 1900 <= year <= this_year and _is_day(year, number[10:14])


def _is_proved(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return number[17] == _CHECK[total % 11]


def _is_old_id_card(number: str) -> bool:
    return bool(_PROVINCE.match(number)) and _is_day(1900 + int(number[6:8]), number[8:12])


def _is_day(year: int, month_day: str) -> bool:
    try:
        date(year, int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return False
    return True


def _passes_luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _mask(number: str, shown: int) -> str:
    """The inbox is no place to spread what must not be published."""
    return number[:shown] + "*" * (len(number) - shown - 4) + number[-4:]
