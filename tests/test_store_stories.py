"""Stories as they are kept: what clustering decides is written whole, and what it asks is answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import FOREST, MEDICAL, NOON, find_matches, make_post, outage

from aggregator.cluster import make_story_id, place_posts
from aggregator.model import Account, Match, Member, Placement, Post, Story, StoryChanges
from aggregator.store import Store, StoreError

ACCOUNTS = {
    name: Account(name, name, f"栖江市{name}", "wechat", "department", "栖江市", rank=rank)
    for name, rank in (("yb", 80), ("ly", 70), ("fq", 40))
}
HOUR = timedelta(hours=1)
PAGE = "https://yb.cn/1.html"
ORIGINAL = make_post("1", account="yb", title="医保通知", text=MEDICAL, canonical_url=PAGE, published=NOON - 2 * HOUR)
COPY = make_post("2", account="fq", title="转发：医保通知", text=MEDICAL, published=NOON - HOUR)
OTHER = make_post("3", account="ly", title="防火通告", text=FOREST)
ADDRESS = make_story_id("yb", "1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        yield opened


def place(store: Store, *posts: Post) -> StoryChanges:
    """Save the posts, and place what waits, as an update does."""
    for post in posts:
        store.posts.save(post.account, [post], NOON)
    batch = store.posts.list_unplaced()
    index = store.candidates(ACCOUNTS)
    store.index.save(batch, store.index.take_fingerprints(batch, frozenset()))
    reached = store.stories.save_matches(batch, find_matches(batch, index))
    changes = place_posts((*batch, *reached), index)
    store.stories.save(changes, (*batch, *reached), NOON)
    return changes


def list_members(store: Store) -> dict[str, tuple[int, ...]]:
    return {story.id: tuple(member.post for member in story.members) for story in store.stories.load()}


def test_posts_become_stories(store: Store) -> None:
    """Nothing waits any longer; the stories are as they were decided, lead first, with relation and reason."""
    changes = place(store, ORIGINAL, COPY, OTHER)
    assert store.posts.list_unplaced() == ()
    assert list_members(store) == {ADDRESS: (1, 2), make_story_id("ly", "3"): (3,)}
    assert set(store.stories.load()) == set(changes.stories)
    assert store.stories.load([ADDRESS])[0].members[1].reason == "正文完全相同"
    assert [decision.action for decision in store.stories.load_decisions()] == ["founded", "founded"]


def test_placing_all_again_changes_nothing(store: Store) -> None:
    """A repair run may place everything anew."""
    place(store, ORIGINAL, COPY, OTHER)
    before = store.stories.load()
    index = store.candidates(ACCOUNTS)
    found = find_matches([1, 2, 3], index)
    assert store.stories.save_matches([1, 2, 3], found) == ()
    again = place_posts([1, 2, 3], index)
    assert (again.stories, again.decisions) == ((), ())
    store.stories.save(again, [1, 2, 3], NOON)
    assert store.stories.load() == before
    assert store.candidates(ACCOUNTS).load_matches([1])[0].reason == "正文完全相同"


def test_a_withdrawn_copy_leaves_its_story(store: Store) -> None:
    """It is no longer listed as also published by anybody, nor found as a candidate."""
    place(store, ORIGINAL, COPY)
    store.posts.withdraw(2, NOON)
    place(store)
    assert list_members(store) == {ADDRESS: (1,)}
    index = store.candidates(ACCOUNTS)
    assert index.load_documents([1, 2]) == index.load_documents([1])
    assert index.find_candidates(1) == ()
    assert index.load_matches([1, 2]) == ()


def test_a_story_without_posts_keeps_its_address(store: Store) -> None:
    """Withdrawn, it has no member; a post that returns brings it back, be it the founder or the last lead."""
    place(store, ORIGINAL, COPY)
    for post in (1, 2):
        store.posts.withdraw(post, NOON)
        place(store)
    assert list_members(store) == {ADDRESS: ()}
    assert place(store).stories == ()
    place(store, COPY)
    assert list_members(store) == {ADDRESS: (2,)}
    place(store, ORIGINAL)
    assert list_members(store) == {ADDRESS: (1, 2)}
    assert [decision.action for decision in store.stories.load_decisions()] == [
        "founded", "lead", "withdrawn", "restored", "lead",
    ]  # fmt: skip


def test_a_merged_story_redirects(store: Store) -> None:
    """Its address leads to the story that took it in, at the end of any chain, and never in a circle."""
    place(store, ORIGINAL, make_post("2", account="fq", text=FOREST))
    place(store, COPY)
    taken = make_story_id("fq", "2")
    assert list_members(store) == {ADDRESS: (1, 2), taken: ()}
    assert store.stories.find_target(taken) == ADDRESS
    assert store.stories.list_merged(ADDRESS) == (taken,)
    store.stories.save(
        StoryChanges((Story(ADDRESS, 1, 1, (), merged_into="zzz"), Story(taken, 2, 2, (), merged_into=ADDRESS))),
        [],
        NOON,
    )
    assert [store.stories.find_target(story) for story in (ADDRESS, taken)] == ["zzz", "zzz"]
    assert store.stories.list_merged("zzz") == tuple(sorted((ADDRESS, taken)))
    store.stories.save(StoryChanges((Story(ADDRESS, 1, 1, (), merged_into=taken),)), [], NOON)
    assert store.stories.find_target(ADDRESS) == taken


def list_links(store: Store) -> set[tuple[str, str, str]]:
    return {(link.story, link.relation, link.other) for link in store.stories.load_links()}


def test_links_lead_from_story_to_story_and_back(store: Store) -> None:
    """They are kept between posts, so they are current whatever becomes of the posts' stories."""
    place(store, ORIGINAL, make_post("2", account="fq", text=outage()), OTHER)
    other, taken = make_story_id("ly", "3"), make_story_id("fq", "2")
    store.stories.save_matches(
        [1, 3], [Match(1, 3, "corrected-by", 0.9, "点名更正"), Match(1, 2, "related", 0.2, "提到")]
    )
    assert list_links(store) == {
        (ADDRESS, "corrected-by", other), (other, "correction", ADDRESS),
        (ADDRESS, "related", taken), (taken, "related", ADDRESS),
    }  # fmt: skip
    assert [link.reason for link in store.stories.load_links() if link.story == ADDRESS] == ["点名更正", "提到"]
    # Two stories are linked once, by what is closest: post 2 is of the correction's story now.
    store.stories.save(
        StoryChanges((
            Story(other, 3, 3, (Member(3, "lead", 1.0, ""), Member(2, "duplicate", 1.0, "正文完全相同"))),
            Story(taken, 2, 2, (), merged_into=other),
        )), [], NOON,
    )  # fmt: skip
    assert list_links(store) == {(ADDRESS, "corrected-by", other), (other, "correction", ADDRESS)}
    # Within one story there is nothing to be linked.
    store.stories.save(
        StoryChanges((
            Story(ADDRESS, 1, 1, tuple(Member(post, "duplicate", 1.0, "") for post in (1, 2, 3))),
            Story(other, 3, 3, (), merged_into=ADDRESS),
        )), [], NOON,
    )  # fmt: skip
    assert list_links(store) == set()


def test_candidates(store: Store) -> None:
    """Others with the same address, the same text or a part of it; what differs altogether is none."""
    place(store, ORIGINAL, COPY, OTHER, make_post("4", account="fq", text=f"{FOREST}\n{outage()}"))
    index = store.candidates(ACCOUNTS)
    (first,) = index.load_documents([1])
    assert (first.rank, first.names) == (80, ("yb", "栖江市yb"))
    assert index.find_candidates(1) == (2,)
    assert index.find_candidates(2) == (1,)
    assert index.find_candidates(3) == (4,)
    place(store, make_post("5", account="ly", text="短", canonical_url=PAGE))
    assert index.find_candidates(1) == (2, 5)


def test_a_source_that_staff_state_is_part_of_the_document(store: Store) -> None:
    """The 来源 of a draft's header; an account that left the registry has no names and no rank."""
    place(store, make_post("1", account="gone", header=(("来源", "栖江日报"),)))
    document = store.candidates(ACCOUNTS).load_documents([1])[0]
    assert (document.attribution, document.names, document.rank) == ("栖江日报", (), 0)


def test_placements(store: Store) -> None:
    """Where each story stands; what has no placement any more stands nowhere."""
    place(store, ORIGINAL, OTHER)
    ids = sorted(story.id for story in store.stories.load())
    placements = [Placement(story, "news", "动态", NOON, pinned=True) for story in reversed(ids)]
    store.stories.save_placements(placements)
    assert store.stories.load_placements_of(ids) == {one.story: one for one in placements}
    newer = Placement(ids[1], "notices", "通知", NOON + HOUR)
    store.stories.save_placements([newer])
    assert store.stories.load_placements_of(ids) == {ids[0]: placements[1], ids[1]: newer}
    store.stories.save_placements([], removed=[ids[1]])
    assert list(store.stories.load_placements_of(ids)) == [ids[0]]


def test_an_account_that_takes_a_former_id_gets_addresses_of_its_own(store: Store) -> None:
    """Its guid 1 is not the guid 1 of the account that was renamed, whose page stays."""
    place(store, ORIGINAL)
    store.posts.rename_account("yb", "yibao")
    fresh = make_post("1", account="yb", title="防火通告", text=FOREST)
    place(store, fresh)
    (numbered,) = {story.id for story in store.stories.load()} - {ADDRESS}
    assert list_members(store) == {ADDRESS: (1,), numbered: (2,)}
    store.posts.mark_unplaced("yb")
    assert place(store).stories == ()


def test_no_story_is_written_over_another(store: Store) -> None:
    """An address belongs to the post that founded it."""
    place(store, ORIGINAL, OTHER)
    before = store.stories.load()
    with pytest.raises(StoreError, match=ADDRESS):
        store.stories.save(StoryChanges((Story(ADDRESS, 2, 2, ()),)), [], NOON)
    assert store.stories.load() == before
