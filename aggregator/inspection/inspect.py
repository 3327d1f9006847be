"""One draft held against the rules, and what staff let stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from aggregator.inspection.case import Case
from aggregator.inspection.table import IDS, READING, RULES, WAIVERS
from aggregator.model import CheckSettings, DraftSource, Finding, HoldSettings, Waiver


def inspect_draft(case: Case) -> tuple[Finding, ...]:
    """What the rules find, by line; where `case` has no relatives, those that look at the draft alone."""
    found = [
        replace(finding, rule=rule.id, level=rule.level)
        for rule in RULES
        if case.relatives is not None or not rule.needs_others
        for finding in rule.find(case)
    ]
    return sort_findings(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Inspector:
    """Called with a draft, what the rules that look at it alone find in it. Can be handed to another process."""

    settings: CheckSettings
    hold: HoldSettings
    today: date

    def __call__(self, draft: DraftSource) -> tuple[Finding, ...]:
        return inspect_draft(Case(draft, self.today, self.settings, self.hold))


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.file, one.line or 0, one.rule, one.message)))


def waive_findings(findings: Iterable[Finding], waivers: Iterable[Waiver], today: date) -> tuple[Finding, ...]:
    """The findings, those that staff let stand marked with the reason."""
    reasons = {(waiver.rule, waiver.file): waiver.reason for waiver in waivers if today <= waiver.until}
    return tuple(
        # Thousands are told at each publish, and few of them are waived.
        one if one.waived == reason else replace(one, waived=reason)
        for one in findings
        for reason in (reasons.get((one.rule or READING, one.file), ""),)
    )


def check_waivers(waivers: Iterable[Waiver], files: Collection[str], today: date, name: str) -> tuple[Finding, ...]:
    """Waivers that have expired, or are about no rule or file that there is; `name` is the file they stand in."""
    findings = []
    for waiver in waivers:
        if waiver.rule not in IDS:
            message = f"[[waive]] 里的规则“{waiver.rule}”不认识。"
            findings.append(Finding(name, message, "规则的编号见 matrix check 的提示。", waiver.line))
        elif waiver.file not in files:
            message = f"[[waive]] 里的文件“{waiver.file}”不在了。"
            findings.append(Finding(name, message, "请改成现在的文件名，或者删去这一条。", waiver.line))
        elif waiver.until < today:
            message = f"“{waiver.file}”对规则 {waiver.rule} 的豁免已于 {waiver.until} 到期。"
            findings.append(Finding(name, message, "请改好稿件并删去这一条；确要延期的，改写 until。", waiver.line))
    return tuple(replace(one, level="warning", rule=WAIVERS) for one in findings)
