"""What was made last and is kept for the next that asks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.plugins.stories.recent import Recent


@given(names=st.lists(st.text("abcdef", min_size=1, max_size=3)), least=st.integers(1, 9))
def test_what_was_asked_for_last_is_there_and_never_more_than_twice_as_much(names: list[str], least: int) -> None:
    recent: Recent[str] = Recent(least, len)
    for index, name in enumerate(names):
        if recent.get(name) is None:
            assert recent.keep(name, name) is name
        lately: set[str] = set()
        for one in reversed(names[: index + 1]):
            if sum(map(len, lately | {one})) > least:
                break
            lately.add(one)
        held = {one for one in {*names} if one in {*recent._new, *recent._old}}
        assert lately <= held
        # Either half may go beyond its measure by the last that came.
        assert sum(map(len, held)) < 2 * (least + 3)
