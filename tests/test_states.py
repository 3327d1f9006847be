"""Whether a story is public at a moment: a table of what staff say and what is true when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from fakes import NOON, make_post

from aggregator.channel import decide_state, read_terms, read_withdrawal
from aggregator.channel.states import FAR
from aggregator.model import LOCAL_ACCOUNT, BoundRuling, State, Terms, Withdrawal

DAY = timedelta(days=1)
BEFORE, AFTER, LATER = NOON - DAY, NOON + DAY, NOON + 2 * DAY


@pytest.mark.parametrize(
    ("terms", "state"),
    [
        (Terms(), State("published")),
        (Terms(appears=BEFORE), State("published")),
        (Terms(appears=NOON), State("published")),
        (Terms(appears=AFTER), State("scheduled", due=AFTER)),
        (Terms(expires=AFTER), State("published", due=AFTER)),
        (Terms(expires=NOON), State("expired", NOON)),
        (Terms(expires=BEFORE), State("expired", BEFORE)),
        (Terms(appears=AFTER, expires=BEFORE), State("scheduled", due=AFTER)),
        (Terms(withdrawal=Withdrawal()), State("withdrawn")),
        (Terms(withdrawal=Withdrawal(BEFORE)), State("withdrawn", BEFORE)),
        (Terms(withdrawal=Withdrawal(AFTER)), State("published", due=AFTER)),
        (Terms(expires=BEFORE, withdrawal=Withdrawal()), State("withdrawn")),
        (Terms(expires=BEFORE, withdrawal=Withdrawal(AFTER)), State("expired", BEFORE, AFTER)),
        (Terms(expires=LATER, withdrawal=Withdrawal(AFTER)), State("published", due=AFTER)),
        (Terms(expires=AFTER, withdrawal=Withdrawal(LATER)), State("published", due=AFTER)),
        (Terms(appears=AFTER, withdrawal=Withdrawal()), State("scheduled", due=AFTER)),
    ],
)
def test_what_is_true_at_noon(terms: Terms, state: State) -> None:
    """Of what holds at once: not yet there before withdrawn, withdrawn before expired."""
    assert decide_state(terms, NOON) == state


@pytest.mark.parametrize(
    "terms",
    [
        Terms(BEFORE, AFTER, Withdrawal(LATER)),
        Terms(LATER, AFTER, Withdrawal(LATER + DAY)),
        Terms(AFTER, LATER),
        Terms(expires=AFTER, withdrawal=Withdrawal(LATER)),
    ],
)
def test_nothing_changes_before_it_is_due(terms: Terms) -> None:
    """Who looks again only when it is due sees every change."""
    moment, state = NOON, decide_state(terms, NOON)
    while state.due:
        assert decide_state(terms, state.due - timedelta(seconds=1)) == state
        moment, before = state.due, state
        state = decide_state(terms, moment)
        assert state.name != before.name
    assert decide_state(terms, moment + 1000 * DAY) == state


MORNING = datetime.fromisoformat("2026-12-01T08:00:00+08:00")


@pytest.mark.parametrize(
    ("header", "terms"),
    [
        ({}, Terms(NOON)),
        ({"定时": "2026-12-01 08:00"}, Terms(MORNING)),
        ({"定时": "2026年12月1日 8时"}, Terms(MORNING)),
        ({"定时": "2026-12-01"}, Terms(MORNING - timedelta(hours=8))),
        ({"定时": "下周一"}, Terms(FAR)),
        ({"下线": "2026-12-01 08:00"}, Terms(NOON, MORNING)),
        ({"撤回": "是"}, Terms(NOON, None, Withdrawal())),
        ({"撤回": "否", "撤回原因": "时间有误"}, Terms(NOON)),
        (
            {"撤回": "2026-12-01 8:00", "撤回原因": "时间有误", "替代": "tz-2"},
            Terms(NOON, None, Withdrawal(MORNING, "时间有误", "tz-2")),
        ),
    ],
)
def test_what_a_header_says(header: dict[str, str], terms: Terms) -> None:
    """Without 定时 a draft appears at its own date; a 定时 that nobody can read is in the far future."""
    post = make_post("a", account=LOCAL_ACCOUNT, published=NOON, header=tuple(header.items()))
    assert read_terms(post) == terms


def test_a_post_of_a_feed_is_public_whatever_it_says() -> None:
    assert read_terms(make_post("a", published=AFTER, header=(("定时", "2036-01-01"),))) == Terms()


@pytest.mark.parametrize("date", ["2026-12-01 08:00:00+08:00", "2026-12-01T08:00:00+08:00", "2026-12-01 8:00"])
def test_what_an_entry_says(date: str) -> None:
    ruling = BoundRuling("k", "withdraw", ((1,),), "story", "有误", date, "tz-2")
    assert read_withdrawal(ruling) == Withdrawal(MORNING, "有误", "tz-2")
