"""The rules for drafts: each finds the fault that it is about, in the right line, and leaves alone what has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from inspection_fixtures import CARD, FAULTS, FOLDERS, ID, NOW, OWN_WORDS, POLICY, TODAY, Fault, make
from site_fixtures import ROOT

from aggregator.drafts import read_header
from aggregator.drafts.source import make_source
from aggregator.inspection import RULES, Case, Relatives, check_waivers, inspect_draft, waive_findings, write_catalog
from aggregator.model import CheckSettings, Finding, HoldSettings, Waiver

# the rules ---------------------------------------------------------------------------------------------------


def test_every_rule_has_a_text_with_its_fault() -> None:
    assert [fault.rule for fault in FAULTS] == [rule.id for rule in RULES]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
def test_a_fault_is_told_with_its_line_and_what_to_write(fault: Fault) -> None:
    found = fault.inspect(fault.bad, fault.case)
    assert [finding.line for finding in found] == [fault.line]
    assert fault.says in found[0].remedy
    assert found[0].message.endswith("。")
    assert found[0].level == next(rule.level for rule in RULES if rule.id == fault.rule)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
def test_what_has_no_such_fault_is_left_alone(fault: Fault) -> None:
    assert fault.inspect(fault.good, fault.case if fault.good_case is None else fault.good_case) == []


def test_without_its_relatives_a_draft_is_judged_by_itself() -> None:
    found = inspect_draft(Case(make("政策", POLICY.replace("2026-11-18", "2020-11-16")), TODAY))
    assert {finding.rule for finding in found} == {"F1"}


def test_personal_numbers_are_told_in_every_line_and_in_the_name_of_the_file() -> None:
    found = inspect_draft(Case(make("通知", f"甲 {ID}\n\n乙 {ID}\n", f"{ID}.md"), TODAY))
    assert [(one.rule, one.line) for one in found] == [("I4.1", None), ("I4.1", 1), ("I4.1", 3)]
    assert not any(ID in f"{one.message}{one.remedy}" for one in found)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("张三，手机 13812345678。", [4]),
        ("联系人：王五，电话：１３８１２３４５６７８", [4]),
        ("市水务局值班 张伟 13812345678", []),
        ("报名电话：13812345678", []),
    ],
)
def test_the_office_that_publishes_does_not_make_a_private_number_its_own(text: str, lines: list[int]) -> None:
    found = inspect_draft(Case(make("通知", f"标题: 名单\n部门: 栖江市住房和城乡建设局\n\n{text}\n"), TODAY))
    assert [one.line for one in found if one.rule == "I4.3"] == lines


def test_numbers_are_not_looked_for_where_staff_said_so() -> None:
    off = HoldSettings(id_cards=False, bank_cards=False, phones=False)
    text = f"标题: 题\n\n{ID} {CARD} 失主张先生13812345678\n"
    assert inspect_draft(Case(make("通知", text), TODAY, hold=off)) == ()


@pytest.mark.parametrize(
    "settings",
    [
        CheckSettings(shipped_terms=False),
        CheckSettings(term_exceptions=("“截止目前”",)),
        CheckSettings(terms=(("截止目前", "截止目前"),)),
    ],
    ids=["switched off", "an exception", "allowed by the city"],
)
def test_a_city_may_keep_a_term_that_the_program_calls_wrong(settings: CheckSettings) -> None:
    assert inspect_draft(Case(make("通知", "标题: 题\n\n不写“截止目前”\n"), TODAY, settings)) == ()


def test_numbers_that_orders_bear_are_no_wrong_numbers() -> None:
    for number in ("栖江市人民政府令第12号", "2026年第3号", "栖江市水务局公告 第3号"):
        found = inspect_draft(Case(make("政策", f"标题: 题\n文号: {number}\n\n文"), TODAY))
        assert [finding.rule for finding in found] == ["F1"], number


def test_an_explanation_that_came_too_late_is_named() -> None:
    late = make("解读", f"标题: 补贴怎么领\n日期: 2026-11-18\n关联政策: zlbt\n\n{OWN_WORDS}")
    policy = make("政策", POLICY.replace("2026-11-18", "2026-11-11"))
    (found,) = [
        one for one in inspect_draft(Case(policy, TODAY, relatives=Relatives(explanations=(late,)))) if one.rule == "F5"
    ]
    assert "补贴怎么领" in found.message
    assert "第 5 个工作日" in found.message


def test_a_guide_may_state_its_elements_without_headings() -> None:
    text = (
        "标题: 办证\n\n一、设定依据\n\n条例\n\n办理条件：满16岁\n\n材料：身份证\n地点：一楼\n时间：周一\n"
        "电话：12345\n\n**流程**\n"
    )
    assert inspect_draft(Case(make("指南", text), TODAY)) == ()


def test_findings_stand_in_the_order_of_their_lines_and_none_twice() -> None:
    text = f"标题: 题\n\n##甲\n截止目前，截止目前\n\n{ID}\n"
    found = inspect_draft(Case(make("通知", text), TODAY))
    assert [finding.line for finding in found] == [3, 4, 6]
    assert inspect_draft(Case(make("通知", text), TODAY)) == found


@pytest.mark.parametrize("folder", ["content", "aggregator/starter/content"])
def test_the_drafts_that_come_with_the_program_state_nothing_that_their_kind_forbids(folder: str) -> None:
    for file in (ROOT / folder).rglob("*.md"):
        path = file.relative_to(ROOT / folder)
        if path.parts[0] in FOLDERS.values():
            text = file.read_text(encoding="utf-8")
            source = make_source(path.as_posix(), read_header(text, file=path.name), now=NOW)
            assert [one for one in inspect_draft(Case(source, TODAY)) if one.level != "note"] == [], path


# waivers -----------------------------------------------------------------------------------------------------

FOUND = Finding("policies/a.md", "没有解读。", rule="F5", line=2)
WAIVER = Waiver("F5", "policies/a.md", "人事任免", TODAY, 7)


@pytest.mark.parametrize(
    ("waiver", "holds"),
    [
        (WAIVER, True),
        (replace(WAIVER, until=date(2026, 11, 19)), False),
        (replace(WAIVER, rule="F6"), False),
        (replace(WAIVER, file="policies/b.md"), False),
    ],
    ids=["on its last day", "a day late", "another rule", "another file"],
)
def test_a_waiver_is_about_one_rule_and_one_file_until_a_day(waiver: Waiver, holds: bool) -> None:
    (found,) = waive_findings((FOUND,), (waiver,), TODAY)
    assert found.waived == ("人事任免" if holds else "")


@pytest.mark.parametrize(
    ("waiver", "says"),
    [
        (replace(WAIVER, until=date(2026, 11, 19)), "2026-11-19 到期"),
        (replace(WAIVER, rule="F99"), "F99"),
        (replace(WAIVER, file="policies/gone.md"), "policies/gone.md"),
    ],
)
def test_a_waiver_that_does_nothing_is_told_itself(waiver: Waiver, says: str) -> None:
    (found,) = check_waivers((WAIVER, waiver), {"policies/a.md"}, TODAY, "editorial.toml")
    assert (found.file, found.line, found.level, found.rule) == ("editorial.toml", 7, "warning", "M9")
    assert says in found.message


# documentation -----------------------------------------------------------------------------------------------


def test_the_page_of_rules_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == write_catalog()
