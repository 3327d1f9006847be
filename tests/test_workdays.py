"""Working days between two days, by the calendar that the State Council announces."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.dates import count_workdays


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 16), date(2026, 11, 20), 4),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 9, 30), date(2026, 10, 8), 1),
        (date(2026, 10, 8), date(2026, 10, 12), 3),
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2020, 1, 1), 0),
        (date(2040, 1, 2), date(2040, 1, 6), 4),
    ],
    ids=["a week", "a weekend", "National Day", "a Saturday worked", "the same day", "backwards", "unknown year"],
)  # fmt: skip
def test_weekends_and_holidays_are_none(start: date, end: date, days: int) -> None:
    assert count_workdays(start, end) == days


def test_a_city_may_add_days_off_and_days_of_work() -> None:
    monday, sunday = date(2040, 1, 2), date(2040, 1, 8)
    assert count_workdays(monday, sunday, off=(date(2040, 1, 3),), worked=(sunday,)) == 4


def test_a_mistyped_year_is_not_counted_through() -> None:
    assert count_workdays(date(1026, 1, 1), date(9026, 1, 1)) < 400
