"""Drafts held against rules: pure, one rule a function.

    Case (a draft, its relatives, the settings, the day) | RULES | waive_findings -> Findings

A rule knows no file: `drafts` reads them, `pipeline` says which belong together.
"""

from aggregator.inspection.case import Case, Relatives
from aggregator.inspection.catalog import LEVELS, describe_rule, write_catalog
from aggregator.inspection.inspect import Inspector, check_waivers, inspect_draft, sort_findings, waive_findings
from aggregator.inspection.page import describe_counts, write_page
from aggregator.inspection.table import BETWEEN, HOLDING, READING, RULES, VERSION, Rule

__all__ = [
    "BETWEEN",
    "HOLDING",
    "LEVELS",
    "READING",
    "RULES",
    "VERSION",
    "Case",
    "Inspector",
    "Relatives",
    "Rule",
    "check_waivers",
    "describe_counts",
    "describe_rule",
    "inspect_draft",
    "sort_findings",
    "waive_findings",
    "write_catalog",
    "write_page",
]
