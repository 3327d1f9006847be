"""Service guides: the eight elements, and what they must not ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.inspection.case import Case
from aggregator.model import Finding

SERIOUS = 4
"""Missing elements from which a guide counts as useless (国办秘函〔2019〕19号)."""

_ELEMENTS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    ("设定依据", ("设定依据",), re.compile("依据")),
    ("申请条件", ("谁能办",), re.compile("条件|办理对象|服务对象|受理范围|谁可以|谁能")),
    ("办理材料", (), re.compile("材料")),
    ("办理地点", ("办理地点",), re.compile("地点|地址|窗口|在哪")),
    ("办理时间", ("办理时间", "何时办"), re.compile("时间|何时")),
    ("联系电话", ("联系电话", "电话"), re.compile("电话|联系方式|咨询")),
    ("办理流程", ("怎么办",), re.compile("流程|程序|步骤|怎么办|如何办")),
)
"""Element, the header's keys that state it, what its heading says. The eighth, 事项名称, is the title."""

_HEADLIKE = 16
"""Characters of a line that can be a heading which nobody marked."""
_LABEL = re.compile(r"\s*(?:[一二三四五六七八九十\d]+[、.．]|（[一二三四五六七八九十]+）)?\s*([^：:]{2,12})[：:]")

_CATCH_ALL = re.compile(
    r"(?:以及|及|和|等)?其[他它](?:需要提交的|需要的|必要的|相关的?|有关的?|应当提交的)?(?:证明|申请|申报)?材料"
    r"|法律[、，]?\s*(?:行政)?法规(?:和|、|及)?(?:规章)?规定的其[他它](?:条件|材料|情形)"
)
_PHONE = re.compile(r"\d[\d\s()（）-]{4,}\d")
_GOOD_PHONE = re.compile(r"0\d{2,3}-\d{7,8}(?:-\d{1,6})?|1[3-9]\d{9}|(?:400|800)-?\d{3}-?\d{4}|1\d{4}|9\d{4,5}|1[01]\d")
_GOOD_TERM = re.compile(r"当场|即时|即办|随到随办|\d+\s*(?:个)?(?:工作日|小时|分钟)")


def find_useless_guide(case: Case) -> Iterator[Finding]:
    missing = _list_missing(case)
    if len(missing) >= SERIOUS:
        yield _tell(case, missing)


def find_missing_elements(case: Case) -> Iterator[Finding]:
    missing = _list_missing(case)
    if 0 < len(missing) < SERIOUS:
        yield _tell(case, missing)


def _tell(case: Case, missing: list[str]) -> Finding:
    remedy = "请补上：时间、地点、电话写在题头，依据、条件、材料、流程各写一节。"
    return case.tell(None, f"办事指南缺 {len(missing)}/8 个要素：{'、'.join(missing)}。", remedy)


def _list_missing(case: Case) -> list[str]:
    if case.draft.genre != "service":
        return []
    labels = [heading.text for heading in case.draft.headings]
    for line in case.plain:
        stripped = line.strip()
        if stripped and len(stripped) <= _HEADLIKE:
            labels.append(stripped)
        if match := _LABEL.match(line):
            labels.append(match[1])
    stated = {one.key for one in case.draft.header}
    return [
        name
        for name, keys, pattern in _ELEMENTS
        if not stated.intersection(keys) and not any(pattern.search(label) for label in labels)
    ]


def find_catch_all(case: Case) -> Iterator[Finding]:
    if case.draft.genre != "service":
        return
    for line, match in case.lines_with(_CATCH_ALL):
        yield case.tell(line, f"写了“{match[0]}”，办事的人不知道要带什么。", "请逐项写清楚，没有别的就删去。")


def find_wrong_phone(case: Case) -> Iterator[Finding]:
    for one in case.draft.header:
        if one.key not in ("联系电话", "电话"):
            continue
        for match in _PHONE.finditer(one.value):
            if not _GOOD_PHONE.fullmatch(match[0].strip()):
                remedy = "请写成“区号-号码”，例如“0599-8211231”。"
                yield case.tell(one.line, f"{one.key}写成了“{match[0].strip()}”，手机上点了拨不出去。", remedy)


def find_vague_term(case: Case) -> Iterator[Finding]:
    one = case.draft.find("办理时限")
    if case.draft.genre == "service" and one and not _GOOD_TERM.search(one.value):
        yield case.tell(one.line, f"办理时限写成了“{one.value}”。", "请写“当场办结”，或“5个工作日”这样的天数。")
