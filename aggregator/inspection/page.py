"""The findings as one HTML page that stands alone: to be sent, printed, or opened from a folder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from itertools import groupby

from aggregator.dates import SHANGHAI
from aggregator.inspection.catalog import LEVELS
from aggregator.inspection.table import UNSURE
from aggregator.model import CheckReport, Finding, Level

_STYLE = """
body { font: 18px/1.7 -apple-system, "PingFang SC", "Microsoft YaHei", sans-serif; max-width: 50em; margin: 2em auto;
  padding: 0 1em; color: #1f2329; background: #fff; }
h1 { font-size: 1.5em; } h2 { font-size: 1.1em; margin: 2em 0 .5em; overflow-wrap: anywhere; }
ul { list-style: none; padding: 0; } li { border-left: 4px solid; padding: .2em .8em; margin: .8em 0; }
li p { margin: 0; overflow-wrap: anywhere; } .level { font-weight: bold; }
.error { border-color: #b3261e; } .error .level { color: #b3261e; }
.warning { border-color: #8a5a00; } .warning .level { color: #8a5a00; }
.note, .waived { border-color: #5f6368; } .note .level, .waived .level { color: #5f6368; }
"""


def write_page(report: CheckReport, now: datetime) -> str:
    """The whole page. It has neither script nor anything from elsewhere."""
    day = now.astimezone(SHANGHAI)
    summary = f"{day:%Y-%m-%d %H:%M} 检查稿件 {report.files} 篇：{describe_counts(report.findings)}。"
    parts = [
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>稿件检查</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>稿件检查</h1>\n<p>{summary}</p>\n",
    ]
    for file, findings in groupby(report.findings, key=lambda one: one.file):
        parts.append(f"<h2>{escape(file)}</h2>\n<ul>\n{''.join(map(_write_finding, findings))}</ul>\n")
    return "".join((*parts, "</body>\n</html>\n"))


def _write_finding(finding: Finding) -> str:
    kind = "waived" if finding.waived else finding.level
    label = "已豁免" if finding.waived else LEVELS[finding.level]
    rule = f"规则 {finding.rule}，待核" if finding.rule in UNSURE else f"规则 {finding.rule}"
    line = finding.place and f"{finding.place}："
    waived = f"<p>豁免的理由：{escape(finding.waived)}</p>" if finding.waived else ""
    return (
        f'<li class="{kind}"><p><span class="level">{label}</span> {line}{escape(finding.message)}</p>'
        f"<p>{escape(finding.remedy)}（{escape(rule)}）</p>{waived}</li>\n"
    )


def describe_counts(findings: Iterable[Finding]) -> str:
    """「必须改 2 处，提醒 5 处」; 「没有发现问题」."""
    findings = tuple(findings)
    levels: tuple[Level, ...] = ("error", "warning", "note")
    counts = [(LEVELS[level], sum(one.level == level and not one.waived for one in findings)) for level in levels]
    counts.append(("已豁免", sum(bool(one.waived) for one in findings)))
    return "，".join(f"{label} {count} 处" for label, count in counts if count) or "没有发现问题"
