"""Posts into stories: the same stories whatever the order of arrival, and addresses that stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import EXCERPT, FOREST, MEDICAL, MEDICAL_TRADITIONAL, NOON, QUESTIONS, FakeIndex, make_document, outage
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.cluster import draw_circle, form_ruled_stars, make_story_id, place_posts, settle_circle
from aggregator.model import NO_RULINGS, Document, StoryChanges

HOUR = timedelta(hours=1)
ROUNDUP = f"{MEDICAL}\n{FOREST}\n{outage()}\n{outage('长江路', '11月28日')}"
FORWARDED = f"点击上方蓝字关注我们\n{MEDICAL}\n来源：栖江医保"

CITY = {
    document.post: document
    for document in (
        make_document(
            1, MEDICAL, title="医保参保缴费通知", account="yb", rank=80, names=("栖江医保", "栖江市医疗保障局")
        ),
        make_document(2, MEDICAL_TRADITIONAL, title="【轉載】醫保", account="fq", date=NOON + HOUR),
        make_document(3, FORWARDED, title="转发：医保参保缴费", account="cj", date=NOON - HOUR),
        make_document(4, EXCERPT, title="医保缴费开始了", account="rb", date=NOON + 2 * HOUR),
        make_document(
            5, f"{MEDICAL}\n{QUESTIONS}", title="医保参保缴费通知", account="yb", rank=80, date=NOON + 48 * HOUR
        ),
        make_document(6, FOREST, title="森林防火期通告", account="ly", rank=70),
        make_document(7, f"来源：栖江林业\n{FOREST}", title="森林防火期通告", account="fq", date=NOON + HOUR),
        make_document(8, outage(), title="停水通知", account="water", rank=60),
        make_document(9, f"{outage()}\n如有疑问请拨打12345。", title="停水通知", account="fq", date=NOON + HOUR),
        make_document(10, outage("长江路", "11月28日"), title="停水通知", account="water", rank=60),
        make_document(11, outage(day="11月22日"), title="停水通知（更正）", account="water", rank=60),
        make_document(12, ROUNDUP, title="今天的栖江", account="rb", date=NOON + 5 * HOUR),
    )
}
NUMBERED = make_document(20, f"栖人社发〔2026〕48号\n{FOREST}", title="防火", names=("栖江市人力资源和社会保障局",))
STORIES = frozenset(map(frozenset, ({1, 2, 3, 4, 5}, {6, 7}, {8, 9}, {10}, {11}, {12})))


def make_index(*posts: int) -> FakeIndex:
    """An index in which these posts of the city have been placed together."""
    index = FakeIndex()
    index.place([CITY[post] for post in posts])
    return index


def cut(posts: Sequence[int], sizes: Sequence[int]) -> list[Sequence[int]]:
    """The posts in batches of these sizes, the last one with what is left."""
    batches = []
    for size in sizes:
        batches.append(posts[:size])
        posts = posts[size:]
    return [batch for batch in [*batches, posts] if batch]


def test_the_city() -> None:
    """Five notices and a roundup of them, told from one another."""
    assert make_index(*CITY).partition() == STORIES


ARRIVALS = st.builds(cut, st.permutations(sorted(CITY)), st.lists(st.integers(1, 5), max_size=11))


@settings(deadline=None, max_examples=30)
@given(ARRIVALS)
def test_the_order_of_arrival_makes_no_difference(batches: list[Sequence[int]]) -> None:
    """Whatever the order and the batches, the same posts stand together under the same leads."""
    index = FakeIndex()
    for batch in batches:
        index.place([CITY[post] for post in batch])
    assert index.partition() == STORIES
    assert {story.lead for story in index.stories.values() if story.members} == {1, 6, 8, 10, 11, 12}
    assert set(index.addresses().values()) <= {"live", *index.stories}


TEXTS = sorted({document.text for document in CITY.values()})
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(CITY)), st.sampled_from(["bring", "withdraw", "change"]), st.sampled_from(TEXTS)),
    min_size=6,
    max_size=20,
)


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_any_history_ends_in_the_same_stories(steps: list[tuple[int, str, str]]) -> None:
    """Posts that come, change, go and return leave the stories that placing the survivors at once would make."""
    index = FakeIndex()
    addresses: set[str] = set()
    for post, step, text in steps:
        if step == "withdraw":
            index.place([], [post] if post in index.documents else [])
        else:
            index.place([replace(CITY[post], text=text) if step == "change" else CITY[post]])
        assert addresses <= set(index.stories), "an address was lost"
        addresses = set(index.stories)
        live = sorted(one for members in index.partition() for one in members)
        assert live == sorted(index.documents), "a post is in two stories or in none"
    fresh = FakeIndex()
    fresh.place(index.documents.values())
    assert index.partition() == fresh.partition()


@pytest.mark.parametrize("posts", [(1,), (1, 2, 3), tuple(CITY)])
def test_placing_again_changes_nothing(posts: tuple[int, ...]) -> None:
    """A rerun writes no story and logs no decision."""
    index = make_index(*posts)
    again = index.place([CITY[post] for post in posts])
    assert (again.stories, again.decisions) == ((), ())


def test_roundups_do_not_bridge() -> None:
    """A page that carries four notices stands by itself, and they do too; also if it came first."""
    for order in ((12, 1, 6, 8), (1, 6, 8, 12), (1, 12, 6, 8)):
        index = FakeIndex()
        for post in order:
            index.place([CITY[post]])
        assert index.partition() == {frozenset({post}) for post in order}


def test_relations() -> None:
    """What each member is to the lead, best first, with a reason for all but the lead."""
    index = make_index(1, 2, 3, 4)
    members = index.story_of(1).members
    assert [member.relation for member in members] == ["lead", "duplicate", "duplicate", "excerpt"]
    assert [member.post for member in members] == [1, 3, 2, 4]
    assert [bool(member.reason) for member in members] == [False, True, True, True]


@pytest.mark.parametrize(
    ("name", "one", "other", "lead"),
    [
        ("the account that copies name", CITY[3], replace(CITY[1], rank=0, date=NOON + 9 * HOUR), 1),
        ("not the one that says it is a re-post", replace(CITY[2], rank=90), CITY[1], 1),
        ("the one that signs", make_document(20, MEDICAL, rank=90), CITY[1], 1),
        ("whose 文号 it bears", replace(NUMBERED, post=1, account="a", names=("江北区",), rank=90), NUMBERED, 20),
        ("who signs, if it forwards", make_document(20, MEDICAL, rank=90), replace(CITY[1], title="转发：医保"), 1),
        ("the higher rank", make_document(20, FOREST, rank=60), make_document(21, FOREST, rank=70), 21),
        ("the fuller text", make_document(20, FOREST), make_document(21, f"{FOREST}\n{QUESTIONS}"), 21),
        ("the earlier one", make_document(20, FOREST), make_document(21, FOREST, date=NOON - HOUR), 21),
        ("the account first in the alphabet", make_document(20, FOREST), make_document(19, FOREST, account="a"), 19),
    ],
)  # fmt: skip
def test_leads(name: str, one: Document, other: Document, lead: int) -> None:
    """Who stands for the story, by the ladder: named source, signature or 文号, original, rank, length, date."""
    index = FakeIndex()
    index.place([one, other])
    assert index.story_of(one.post).lead == lead, name
    assert len(index.partition()) == 1


# addresses ----------------------------------------------------------------------------------------------------


def test_a_story_id_is_a_promise() -> None:
    """13 letters and digits of account and key, the same in every run and version."""
    assert make_story_id("rsj", "https://rsj.qijiang.gov.cn/1.html") == "zv4bwhwecutje"
    assert make_story_id("local", "notices/停水通知.md") == "upg7we2fzmg4o"
    assert make_story_id("a", "bc") != make_story_id("ab", "c")


def address_of(post: int) -> str:
    return make_story_id(CITY[post].account, CITY[post].key)


def list_actions(changes: StoryChanges) -> list[str]:
    return [action for action, _, _ in changes.decisions]


def test_the_founder_names_the_story() -> None:
    """The first post to come founds it, of several at once the earliest; a better lead changes no address."""
    index = make_index(3)
    changes = index.place([CITY[1], CITY[2]])
    assert index.addresses() == {address_of(3): "live"}
    assert index.story_of(3).lead == 1
    assert changes.decisions == (("lead", address_of(3), "yb key1"),)
    together = make_index(1, 2, 3)
    assert together.addresses() == {address_of(3): "live"}
    assert make_index(3).stories.keys() == together.stories.keys()


def test_merge_and_split() -> None:
    """Two stories that turn out to be one: the later founded redirects; when they part, it lives again."""
    index = make_index(6)
    index.place([replace(CITY[7], text=MEDICAL)])
    assert index.addresses() == {address_of(6): "live", address_of(7): "live"}

    merged = index.place([CITY[7]])
    assert index.addresses() == {address_of(6): "live", address_of(7): address_of(6)}
    assert merged.decisions == (("merged", address_of(7), f"并入 {address_of(6)}"),)

    split = index.place([replace(CITY[7], text=MEDICAL)])
    assert index.addresses() == {address_of(6): "live", address_of(7): "live"}
    assert ("split", address_of(7), f"不再并入 {address_of(6)}") in split.decisions


def test_a_founder_that_goes_leaves_its_address_to_the_copies() -> None:
    """The story goes on under its address; the post that comes back is its own story's again."""
    index = make_index(3, 1)
    assert index.addresses() == {address_of(3): "live"}
    index.place([], [3])
    assert index.addresses() == {address_of(3): "live"}
    assert [member.post for member in index.story_of(1).members] == [1]
    index.place([CITY[3]])
    assert index.addresses() == {address_of(3): "live"}
    assert index.partition() == {frozenset({1, 3})}


@pytest.mark.parametrize(
    ("order", "returning"),
    [((1, 3), 3), ((3, 1), 3), ((3, 1), 1)],
    ids=["the founder", "the founder, gone first", "the last lead"],
)
def test_withdrawn_and_restored(order: tuple[int, ...], returning: int) -> None:
    """When all have gone the address stays, withdrawn; the founder or the last lead brings it back."""
    index = make_index(3, 1)
    for post in order:
        gone = index.place([], [post])
    assert index.addresses() == {address_of(3): "withdrawn"}
    assert gone.decisions == (("withdrawn", address_of(3), "所有来源均已撤回"),)
    assert index.place([], order).stories == (), "a rerun changes nothing"
    restored = index.place([CITY[returning]])
    assert index.addresses() == {address_of(3): "live"}
    assert list_actions(restored) == ["restored"]


def test_a_merged_story_follows_its_posts() -> None:
    """Where the founder goes, what was taken in stays under the address that took it in."""
    index = make_index(6)
    index.place([replace(CITY[7], text=MEDICAL)])
    index.place([CITY[7]])
    index.place([], [6])
    assert index.addresses() == {address_of(6): "live", address_of(7): address_of(6)}
    assert index.story_of(7).id == address_of(6)


def test_a_neighbour_in_another_story_is_asked_again() -> None:
    """An excerpt of two notices stands with one but names the other as its source; when it goes, so does that."""
    common = "\n".join(MEDICAL.splitlines()[1:5])
    named = make_document(2, f"{common}\n{QUESTIONS * 2}", title="医保问答", account="jd", rank=50, names=("枫桥街道",))
    better = make_document(3, f"{common}\n{QUESTIONS * 2}", title="医保问答", account="rb", rank=60)
    other = make_document(4, f"{common}\n{FOREST}", title="医保与防火", account="yb", rank=90, names=("栖江医保",))
    copies = [make_document(n, f"来源：栖江医保\n{common}\n{FOREST}", title="医保与防火") for n in (5, 6)]
    excerpt = make_document(7, f"{common}\n来源：枫桥街道", title="医保", account="cj")
    index = FakeIndex()
    index.place([named, better, other, *copies, excerpt])
    assert index.story_of(7).lead == 4
    assert index.story_of(3).lead == 2
    index.place([], [7])
    assert index.story_of(3).lead == 3


def test_an_address_that_is_taken_is_numbered() -> None:
    """By a post of an account that has given up its id: the same key of the same account, and yet another story."""
    index = make_index(1)
    index.documents[1] = replace(CITY[1], account="yibao")
    index.place([replace(CITY[6], account=CITY[1].account, key=CITY[1].key)])
    index.place([replace(CITY[8], account=CITY[1].account, key=CITY[1].key)])
    assert index.story_of(1).id == make_story_id(CITY[1].account, CITY[1].key)
    assert len({index.story_of(post).id for post in (1, 6, 8)}) == 3


# circles drawn ahead --------------------------------------------------------------------------------------------


def test_a_circle_that_others_have_changed_is_drawn_anew() -> None:
    """Stars formed for a post when it was in one story with another say nothing once that one is elsewhere."""
    index = FakeIndex()
    index.place([make_document(1, MEDICAL), make_document(2, MEDICAL), make_document(3, FOREST)])
    circle = draw_circle((1,), index)
    stars = form_ruled_stars(circle.documents, circle.matches)
    assert settle_circle(circle, stars, index, NO_RULINGS) == place_posts((1,), index)
    index.place([make_document(2, FOREST)])
    assert settle_circle(circle, stars, index, NO_RULINGS) == place_posts((1,), index)
    assert circle.reached == {1, 2}
    assert place_posts((1,), index).posts == {1}
