"""The tables of `editorial.toml` about checking drafts: what they state, and what is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.model import CheckSettings, Waiver
from aggregator.registry import parse_editorial


def test_settings_terms_and_waivers_are_read() -> None:
    text = (
        '[check]\nexcerpt = 0.5\nexplanation_days = 5\nholidays = [2027-02-05, "2027-02-08"]\n'
        '[terms]\n"栖江老城" = "栖江古城"\n"某某" = ""\n'
        '[[waive]]\nrule = "F5"\nfile = \'content\\policies\\a.md\'\nreason = "人事任免"\nuntil = 2027-06-30\n'
    )
    editorial, faults = parse_editorial(text)
    assert faults == ()
    assert editorial.check == CheckSettings(
        excerpt=0.5, explanation_days=5, holidays=(date(2027, 2, 5), date(2027, 2, 8)),
        terms=(("栖江老城", "栖江古城"), ("某某", "")),
    )  # fmt: skip
    assert editorial.waivers == (Waiver("F5", "policies/a.md", "人事任免", date(2027, 6, 30), 8),)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[check]\nexcerpts = 0.5\n", 2, "excerpt"),
        ("[check]\nexcerpt = 5\n", 2, "0.7"),
        ("[check]\npublish_days = 0\n", 2, "publish_days"),
        ("[check]\nshipped_terms = 1\n", 2, "false"),
        ('[check]\nworkdays = ["明天"]\n', 2, "2027"),
        ("[check]\nterm_exceptions = [1]\n", 2, "可以放过的说法"),
        ("check = 1\n", None, "[check]"),
        ('[terms]\n"旧" = 1\n', 1, "应当用的说法"),
        ("[waive]\n", None, "两层方括号"),
        ('[[waive]]\nrule = "F5"\n', 1, "policies/"),
        ('[[waive]]\nrule = 5\nfile = "a"\nreason = "b"\nuntil = 2027-01-01\n', 2, "F5"),
        ('[[waive]]\nrule = "F5"\nfile = "a"\nreason = " "\nuntil = 2027-01-01\n', 4, "为什么"),
        ('[[waive]]\nrule = "F5"\nfile = "a"\nreason = "b"\nuntil = 2027-01-01T08:00:00\n', 5, "2027-06-30"),
        ('[[waive]]\nrules = "F5"\nfile = "a"\nreason = "b"\nuntil = 2027-01-01\n', 2, "rule"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(text: str, line: int | None, says: str) -> None:
    _, (fault, *others) = parse_editorial(text)
    assert others == []
    assert says in fault.remedy
    assert line is None or fault.line == line
