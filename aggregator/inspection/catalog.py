"""docs/rules.md out of the table of rules, so that the two never differ."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.inspection.table import READING, RULES, UNSURE, WAIVERS
from aggregator.inspection.terms import SHIPPED
from aggregator.model import Finding, Level

LEVELS: Mapping[Level, str] = {"error": "必须改", "warning": "提醒", "note": "供参考"}

_HEAD = """# 稿件检查的规则

`matrix check` 按这些规则检查稿件。由程序里的规则表生成（`aggregator.inspection.write_catalog`），
测试会核对，请不要手改。

- **必须改**：有这样的问题，`matrix check` 的退出码是 1。
- **提醒**：改好更好。
- **供参考**：知道就行。
- 标“不发布”的，`matrix publish` 也把稿件留下不发，已经发布的仍是上一版；其他的只列出来。

编号以 A—I、N、W 开头的，对应检查指标和文件的要求；M 开头的是本程序自己的。依据是规则的来由，不等于通过了检查；
标“待核”的，门槛没有查到原文。

| 编号 | 级别 | 查什么 | 依据 |
| --- | --- | --- | --- |
"""

_TAIL = """
## 豁免

确有理由的，可以让一个文件不受一条规则约束，写在 `content/editorial.toml` 里，写明理由和到期日：

    [[waive]]
    rule = "F5"
    file = "policies/人事任免.md"
    reason = "人事任免不需要解读"
    until = 2027-06-30

到期以后照常检查，并提醒豁免已到期。

## 自带的词表

只收确定的错误；本市的说法写在 `editorial.toml` 的 `[terms]` 里。

| 不写 | 写 | 依据 |
| --- | --- | --- |
"""


def describe_rule(finding: Finding) -> str:
    """「必须改 W6，待核」: what a report says of the rule behind a finding."""
    return f"{LEVELS[finding.level]} {finding.rule}{'，待核' if finding.rule in UNSURE else ''}"


def write_catalog() -> str:
    """The text of docs/rules.md."""
    rows = [f"| {READING} | 提醒 | 题头看不懂、日期认不出、文件读不了（读不了的必须改） | 本程序 |"]
    rows += [
        f"| {rule.id} | {LEVELS[rule.level]}{'，不发布' if rule.holds else ''} | {rule.title} "
        f"| {rule.source}{'（待核）' if rule.id in UNSURE else ''} |"
        for rule in RULES
    ]
    rows.append(f"| {WAIVERS} | 提醒 | 豁免到期，或者写的规则、文件不存在 | 本程序 |")
    terms = [f"| {term.wrong} | {term.right} | {term.source} |" for term in SHIPPED]
    return _HEAD + "\n".join(rows) + "\n" + _TAIL + "\n".join(terms) + "\n"
