"""What policies must state, and how 文号 are written everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from aggregator.dates import SHANGHAI, count_workdays, parse_date
from aggregator.inspection.case import Case, find_header_line
from aggregator.model import Finding

_OPEN, _CLOSE = r"[〔\[［(（【{｛]", r"[〕\]］)）】}｝]"
_GOOD = re.compile(r"[一-鿿A-Za-z]+〔\d{4}〕[1-9]\d*号")
_ORDER = re.compile(r"[^〔〕\[\]［］【】{}]*(?:令|公告|通告|决定)?第?\s*\d+\s*号")
"""Orders and announcements are numbered without a year in brackets: 栖江市人民政府令第12号, 2026年第3号."""
_WRITTEN = re.compile(rf"([一-鿿A-Za-z]+?)\s*{_OPEN}\s*(\d{{4}})\s*年?\s*{_CLOSE}\s*(?:第\s*)?0*(\d+)\s*号")
_IN_TEXT = re.compile(
    r"([一-鿿]{1,8}(?:发|办|函|字|规|文|号|令|通|政))(?:\s*[\[［(（【]\s*(\d{4})\s*[\]］)）】]\s*(?:第\s*)?"
    r"|〔(\d{4})〕\s*第\s*)0*(\d+)\s*号"
)
_AHEAD = timedelta(days=100 * 365)
"""A date of issue may lie ahead, since that is a mistake to be told."""

_VALIDITY = ("有效", "失效", "废止", "已修改", "尚未生效")
_OVER = ("废止", "失效")
_MUST = ("文号", "索引号", "成文日期", "部门", "有效性", "主题分类")
"""国办发〔2017〕47号; what is left of its list stands in every header."""


def find_wrong_number(case: Case) -> Iterator[Finding]:
    for one in case.draft.header:
        if one.key != "文号" or _GOOD.fullmatch(one.value):
            continue
        written = _WRITTEN.fullmatch(one.value.strip())
        if written:
            right = f"{written[1]}〔{written[2]}〕{written[3]}号"
            yield case.tell(one.line, f"文号写成了“{one.value}”。", f"请改成“{right}”：用六角括号，不写“第”。")
        elif not _ORDER.fullmatch(one.value.strip()):
            remedy = "请写成“机关代字〔年份〕序号号”，例如“栖政发〔2026〕12号”。"
            yield case.tell(one.line, f"文号写成了“{one.value}”，看不出年份和序号。", remedy)


def find_wrong_number_in_text(case: Case) -> Iterator[Finding]:
    told = set()
    for index, line in enumerate(case.plain):
        if "号" not in line:
            continue
        for match in _IN_TEXT.finditer(line):
            right = f"{match[1]}〔{match[2] or match[3]}〕{match[4]}号"
            if match[0] not in told:
                told.add(match[0])
                yield case.tell(case.draft.locate(index), f"正文里的文号写成了“{match[0]}”。", f"请改成“{right}”。")


def find_issued_after_published(case: Case) -> Iterator[Finding]:
    issued, published = _find_issued(case), case.published
    if issued and published and issued > published:
        message = f"成文日期 {issued} 晚于发布日期 {published}。"
        yield case.tell(find_header_line(case.draft, "成文日期"), message, "请核对这两个日期，改正写错的一个。")


def find_published_late(case: Case) -> Iterator[Finding]:
    issued, published, limit = _find_issued(case), case.published, case.settings.publish_days
    if case.draft.genre != "policy" or not issued or not published or published <= issued:
        return
    days = count_workdays(issued, published, case.settings.holidays, case.settings.workdays)
    if days > limit:
        line = find_header_line(case.draft, "成文日期")
        message = f"成文日期 {issued}，发布日期 {published}，隔了 {days} 个工作日，应当在 {limit} 个工作日内公开。"
        yield case.tell(line, message, "请核对日期；没有写错的，今后及时公开。")


def _find_issued(case: Case) -> date | None:
    value = case.draft.value("成文日期")
    found = parse_date(value, now=datetime.combine(case.today, time(), SHANGHAI) + _AHEAD) if value else None
    return found.astimezone(SHANGHAI).date() if found else None


def find_wrong_validity(case: Case) -> Iterator[Finding]:
    one = case.draft.find("有效性")
    if one and one.value not in _VALIDITY:
        yield case.tell(one.line, f"有效性写成了“{one.value}”。", f"请改成 {'、'.join(_VALIDITY)} 中的一个。")


def find_missing_successor(case: Case) -> Iterator[Finding]:
    one = case.draft.find("有效性")
    if one and one.value == "废止" and not case.draft.value("替代文件"):
        remedy = "请加上一行“替代文件: 新文件的编号”；没有新文件的，请在 editorial.toml 里写明。"
        yield case.tell(one.line, "这份文件已经废止，没有写由哪一份替代。", remedy)


def find_missing_fields(case: Case) -> Iterator[Finding]:
    if case.draft.genre != "policy":
        return
    missing = [key for key in _MUST if not case.draft.value(key)]
    if missing:
        yield case.tell(None, f"题头缺少 {len(missing)} 项：{'、'.join(missing)}。", "请按原文件补上。")


def is_in_force(validity: str) -> bool:
    """Whether a policy of this 有效性 still has to be explained."""
    return validity not in _OVER
