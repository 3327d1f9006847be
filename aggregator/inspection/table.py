"""All rules by id: what docs/rules.md shows, and what a draft is held against.

Ids with the letters A to I, N and W are those of the requirements that sites and accounts are inspected by; M are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aggregator.inspection.case import Case
from aggregator.inspection.rules import documents, facts, numbers, relations, services, structure, words
from aggregator.model import Finding, Level


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    level: Level
    title: str
    """Chinese: what a draft has that it must not have, or lacks."""
    source: str
    find: Callable[[Case], Iterator[Finding]]
    needs_others: bool = False
    """It looks at other drafts, too, or at the calendar: what it finds changes while the draft does not."""
    holds: bool = False
    """A draft with such a finding is not published."""


READING = "M0"
"""What is found while a file is read: keys that nobody knows, dates that are none."""

WAIVERS = "M9"
"""What is wrong with waivers."""

_GUIDE = "国办发〔2017〕47号《政府网站发展指引》"
_MARKS = "国办秘函〔2019〕19号《政府网站与政务新媒体检查指标》"
_OFFICIAL = "GB/T 9704-2012《党政机关公文格式》"
_OPEN = "政府信息公开条例"
_ACCESS = "无障碍环境建设法；GB/T 37668-2019"
_PERSONAL = "个人信息保护法；国办发〔2018〕123号"
_OURS = "本程序"

RULES: tuple[Rule, ...] = (
    Rule("I4.1", "error", "身份证号没有遮盖", _PERSONAL, numbers.find_open_id_cards, holds=True),
    Rule("I4.2", "error", "银行卡号没有遮盖", _PERSONAL, numbers.find_open_bank_cards, holds=True),
    Rule("I4.3", "error", "个人手机号没有遮盖", _PERSONAL, numbers.find_open_phones),
    Rule("I4.4", "error", "有本市禁用词（`[hold]` 的 `words`）", _MARKS, words.find_forbidden_words),
    Rule("I4.5", "error", "用语与本市规定不一致（`[terms]`）", _MARKS, words.find_city_terms),
    Rule("I4.6", "warning", "用语不规范（程序自带的词表）", _MARKS, words.find_shipped_terms),
    Rule("F1", "note", "政策的题头缺项", _GUIDE, documents.find_missing_fields),
    Rule("F3", "error", "成文日期晚于发布日期", _OPEN, documents.find_issued_after_published),
    Rule("F3.1", "warning", "成文后超过 20 个工作日才公开", _OPEN, documents.find_published_late),
    Rule("F5", "warning", "政策没有解读，或解读晚于 3 个工作日", _GUIDE, relations.find_unexplained_policy, True),
    Rule("F5.1", "note", "政策还没有解读，期限未到", _GUIDE, relations.find_policy_to_explain, True),
    Rule("F6", "warning", "解读照抄政策原文", _GUIDE, relations.find_mere_excerpt, True),
    Rule("F7", "warning", "解读形式不在规定的七种之内", _MARKS, relations.find_unknown_form),
    Rule("F7.1", "warning", "音频、视频解读没有文字版", _ACCESS, relations.find_media_without_text),
    Rule("F8", "error", "解读没有写关联政策", _GUIDE, relations.find_explanation_without_policy),
    Rule("F8.1", "error", "关联政策、替代文件指的文件不存在", _GUIDE, relations.find_unknown_numbers, True),
    Rule("F10", "error", "有效性不在规定的五种之内", _GUIDE, documents.find_wrong_validity),
    Rule("F10.1", "warning", "废止的文件没有写替代文件", _GUIDE, documents.find_missing_successor),
    Rule("F11", "error", "题头的文号格式不对", _OFFICIAL, documents.find_wrong_number),
    Rule("F11.1", "warning", "正文里的文号格式不对", _OFFICIAL, documents.find_wrong_number_in_text),
    Rule("W6", "error", "办事指南缺 4 个以上要素", _MARKS, services.find_useless_guide),
    Rule("G1", "warning", "办事指南缺要素", _MARKS, services.find_missing_elements),
    Rule("C8", "error", "办事指南有“其他材料”一类的话", _MARKS, services.find_catch_all),
    Rule("G4", "warning", "联系电话不是“区号-号码”", _MARKS, services.find_wrong_phone),
    Rule("G4.1", "warning", "办理时限没有写明天数", _MARKS, services.find_vague_term),
    Rule("C11", "error", "图片、链接、附件打不开", _MARKS, structure.find_dead_links, True),
    Rule("M1", "warning", "图片没有文字说明", _ACCESS, structure.find_pictures_without_words),
    Rule("M2", "warning", "小标题跳级", _ACCESS, structure.find_skipped_headings),
    Rule("M3", "warning", "小标题的 # 后面没有空格", _OURS, structure.find_unspaced_headings),
    Rule("M4", "error", "引用的文号与政策不一致", _OURS, facts.find_other_number_quoted, True),
    Rule("M5", "error", "施行日期与政策不一致", _OURS, facts.find_other_start, True),
    Rule("M6", "warning", "数字、日期与政策的同一句话不一致", _OURS, facts.find_other_facts, True),
    Rule("M7", "warning", "电话与政策不一致", _OURS, facts.find_other_phone, True),
    Rule("M8", "warning", "摘要、卡片里的数字在正文里找不到", _OURS, facts.find_unproved_summary, True),
)
"""In the order in which docs/rules.md lists them."""

UNSURE = frozenset(("C11", "F6", "F10", "G1", "W6"))
"""Ids of rules whose threshold is not known from a text: whoever passes them has not passed an inspection."""

BETWEEN = frozenset(rule.id for rule in RULES if rule.needs_others)
"""Ids of rules that look at other drafts, too."""

HOLDING = frozenset(rule.id for rule in RULES if rule.holds)

IDS = frozenset((READING, WAIVERS, *(rule.id for rule in RULES)))

VERSION = 3
"""Raised when what rules find in an unchanged draft changes, so that all drafts are looked at anew."""
