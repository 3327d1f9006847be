"""Staff's word on stories: it holds whatever comes in which order, and is undone when it is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import EXCERPT, FOREST, MEDICAL, NOON, QUESTIONS, FakeIndex, make_document, outage
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.cluster import make_story_id
from aggregator.model import NO_RULINGS, BoundRuling, Rulings

HOUR = timedelta(hours=1)

CITY = {
    document.post: document
    for document in (
        make_document(1, MEDICAL, title="医保参保缴费通知", account="yb", rank=80, names=("栖江市医疗保障局",)),
        make_document(2, f"{MEDICAL}\n转给家人。", title="医保参保缴费通知", account="fq", date=NOON + HOUR),
        make_document(3, EXCERPT, title="医保缴费开始了", account="rb", date=NOON + 2 * HOUR),
        make_document(4, FOREST, title="森林防火期通告", account="ly", rank=70),
        make_document(5, f"{FOREST}\n请互相转告。", title="森林防火期通告", account="fq", date=NOON + HOUR),
        make_document(6, outage(), title="停水通知", account="water", rank=60),
        make_document(7, QUESTIONS, title="参保问答", account="yb", rank=80, date=NOON + 3 * HOUR),
    )
}


def read_partition(groups: str) -> set[frozenset[int]]:
    """「12 3」 is the story of posts 1 and 2, and that of post 3."""
    return {frozenset(map(int, group)) for group in groups.split()}


PLAIN = read_partition("123 45 6 7")


def address_of(post: int) -> str:
    return make_story_id(CITY[post].account, CITY[post].key)


def merge(*parts: Sequence[int]) -> BoundRuling:
    return BoundRuling(f"merge {parts}", "merge", tuple(tuple(part) for part in parts))


def split(post: int) -> BoundRuling:
    return BoundRuling(f"split {post}", "split", ((post,),))


def lock(*posts: int) -> BoundRuling:
    return BoundRuling(f"lock {posts}", "lock", (posts,), story="story")


def hide(post: int) -> BoundRuling:
    return BoundRuling(f"hide {post}", "hide", ((post,),))


def make_index(posts: Iterable[int] = CITY, *rulings: BoundRuling) -> FakeIndex:
    index = FakeIndex()
    index.place([CITY[post] for post in posts], rulings=Rulings(rulings))
    return index


def cut(posts: Sequence[int], sizes: Sequence[int]) -> list[Sequence[int]]:
    batches = []
    for size in sizes:
        batches.append(posts[:size])
        posts = posts[size:]
    return [batch for batch in [*batches, posts] if batch]


def test_without_a_ruling_the_texts_decide() -> None:
    assert make_index().partition() == PLAIN


RULED = [
    ("merged", [merge([4], [6])], "123 456 7"),
    ("three merged", [merge([4], [6], [7])], "123 4567"),
    ("merged in two entries", [merge([4], [6]), merge([6], [7])], "123 4567"),
    ("split", [split(2)], "13 2 45 6 7"),
    ("the lead split", [split(1)], "1 23 45 6 7"),
    ("split and merged", [split(2), merge([2], [6])], "13 26 45 7"),
    ("locked", [lock(1, 2)], "12 3 45 6 7"),
    ("locked with a stranger", [lock(4, 6)], "123 46 5 7"),
    ("locked and split", [lock(1, 2, 3), split(3)], "12 3 45 6 7"),
    ("hidden", [hide(2)], "13 45 6 7"),
    ("hidden and merged", [hide(6), merge([4], [6])], "123 45 7"),
]
ARRIVALS = st.builds(cut, st.permutations(sorted(CITY)), st.lists(st.integers(1, 4), max_size=6))


@settings(deadline=None, max_examples=40)
@given(ARRIVALS, st.sampled_from(RULED))
def test_the_order_of_arrival_makes_no_difference(
    batches: list[Sequence[int]], ruled: tuple[str, list[BoundRuling], str]
) -> None:
    """Staff's word holds in each run, whatever came first; once it is taken back the texts decide again."""
    name, rulings, expected = ruled
    index = FakeIndex()
    for batch in batches:
        index.place([CITY[post] for post in batch], rulings=Rulings(tuple(rulings)))
    assert index.partition() == read_partition(expected), name
    addresses = set(index.stories)
    again = index.rule(Rulings(tuple(rulings)), CITY)
    assert (again.stories, again.decisions) == ((), ()), name
    index.rule(NO_RULINGS, {post for ruling in rulings for post in ruling.posts})
    assert index.partition() == PLAIN, name
    assert addresses <= set(index.stories), "an address was lost"
    assert set(index.addresses().values()) <= {"live", *index.stories}


def test_a_merged_story_redirects_and_lives_again() -> None:
    index = make_index()
    index.rule(Rulings((merge([4], [6]),)), [4, 6])
    assert index.addresses()[address_of(6)] in {address_of(4), address_of(5)}
    assert index.story_of(6).lead == 4
    joined = next(member for member in index.story_of(4).members if member.post == 6)
    assert (joined.relation, joined.reason) == ("duplicate", "编辑部决定合并")
    index.rule(NO_RULINGS, [4, 6])
    assert index.addresses()[address_of(6)] == "live"
    assert index.story_of(6).id == address_of(6)


def test_what_a_merged_story_attracts_later_is_in_the_whole() -> None:
    """A copy of the one part that comes later, and the parts themselves when their texts change."""
    rulings = Rulings((merge([4], [6]),))
    index = make_index((4, 6), merge([4], [6]))
    index.place([CITY[5]], rulings=rulings)
    assert frozenset({4, 5, 6}) in index.partition()
    index.place([replace(CITY[6], text=f"{outage()}\n请提前储水，互相转告。")], rulings=rulings)
    assert frozenset({4, 5, 6}) in index.partition()
    index.place([], [6], rulings)
    assert frozenset({4, 5}) in index.partition()


def test_a_merge_stands_by_the_members_when_the_founder_has_gone() -> None:
    rulings = Rulings((merge([4, 5], [6]),))
    index = make_index((4, 5, 6))
    index.rule(rulings, [4, 5, 6])
    index.place([], [4], rulings)
    assert index.partition() == {frozenset({5, 6})}


def test_nothing_joins_a_locked_story_and_nothing_leaves_it() -> None:
    """Not a copy, not a better lead's story; not when a member's text becomes another."""
    rulings = Rulings((lock(1, 2),))
    index = make_index((1, 2))
    index.rule(rulings, [1, 2])
    index.place([CITY[3]], rulings=rulings)
    index.place([replace(CITY[2], text=FOREST)], rulings=rulings)
    index.place([CITY[4]], rulings=rulings)
    assert index.partition() == {frozenset({1, 2}), frozenset({3}), frozenset({4})}
    assert [member.reason for member in index.story_of(1).members] == ["", "编辑部已锁定这条消息的来源"]
    index.place([], [2], rulings)
    assert frozenset({1}) in index.partition()
    index.place([CITY[2]], rulings=rulings)
    assert frozenset({1, 2}) in index.partition(), "a member that returns is a member still"


def test_a_split_post_has_an_address_of_its_own_and_keeps_it() -> None:
    """The story stays where it is; when the word is taken back, the post's address leads to the story."""
    index = make_index((1, 2))
    home = index.story_of(1).id
    index.rule(Rulings((split(2),)), [2])
    assert (index.story_of(1).id, index.story_of(2).id) == (home, address_of(2))
    index.place([CITY[3]], rulings=Rulings((split(2),)))
    assert index.partition() == {frozenset({1, 3}), frozenset({2})}
    index.rule(NO_RULINGS, [2])
    assert index.addresses() == {home: "live", address_of(2): home}


def test_a_hidden_post_comes_back_under_its_address() -> None:
    index = make_index((6,))
    changes = index.rule(Rulings((hide(6),)), [6])
    assert index.addresses() == {address_of(6): "withdrawn"}
    assert changes.decisions == (("withdrawn", address_of(6), "编辑部决定不发布"),)
    index.place([CITY[6]], rulings=Rulings((hide(6),)))
    assert index.addresses() == {address_of(6): "withdrawn"}
    index.rule(NO_RULINGS, [6])
    assert index.addresses() == {address_of(6): "live"}


@pytest.mark.parametrize("ruling", [split(8), hide(8), lock(8)])
def test_a_roundup_stays_one_whatever_is_decided_of_its_parts(ruling: BoundRuling) -> None:
    """A page with two notices does not swallow the one of them because staff took the other aside."""
    both = make_document(9, f"{FOREST}\n{outage()}\n{QUESTIONS}", title="今天的栖江", account="rb")
    copy = make_document(8, FOREST, title="防火通告", account="x")
    index = FakeIndex()
    index.place([both, copy, CITY[6]], rulings=Rulings((ruling,)))
    assert frozenset({6}) in index.partition()
    assert frozenset({9}) in index.partition()
