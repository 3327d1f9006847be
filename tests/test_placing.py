"""Posts of the store put into stories: many copies, posts that wait for staff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import FOREST, FOREST_TITLE, MEDICAL, MEDICAL_TITLE, NOON
from hypothesis import given, settings
from hypothesis import strategies as st
from site_fixtures import ignore_progress

from aggregator.model import Account, HoldSettings, Post, Registry
from aggregator.pipeline.channel import place_waiting
from aggregator.pipeline.inbox import Gate
from aggregator.store import Store

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("arrivals")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        yield opened


def make_account(number: int, **values: object) -> Account:
    return Account(f"u{number}", f"单位{number}", f"单位{number}", "wechat", "town", "栖江市", **values)  # type: ignore[arg-type]


def make_copy(number: int, url: str = "") -> Post:
    """A copy with a line of the unit's own before and after."""
    place = "".join("东南西北中上下前后里"[int(digit)] for digit in str(number))
    text = f"{place}坊的居民朋友请看：\n{MEDICAL}\n如有疑问，可到{place}坊的便民服务厅，当面问清楚再办。"
    return Post(
        f"u{number}", f"k{number}", MEDICAL_TITLE, url=url, canonical_url=url, text=text, published=NOON, html="<p></p>"
    )


NOTICES = (
    Post("u1", "1", MEDICAL_TITLE, text=MEDICAL, published=NOON, html="<p></p>"),
    Post("u2", "2", f"【转发】{MEDICAL_TITLE}", text=f"{MEDICAL}\n转给家人。", published=NOON + HOUR, html="<p></p>"),
    Post("u3", "3", FOREST_TITLE, text=FOREST, published=NOON, html="<p></p>"),
    Post("u4", "4", f"转发：{FOREST_TITLE}", text=FOREST, published=NOON + HOUR, html="<p></p>"),
    Post(
        "u3", "5", "更正", published=NOON + 2 * HOUR, html="<p></p>",
        text=f"昨天发布的《{FOREST_TITLE}》中，报警电话有误，应为12119。因核对不严造成差错，特此更正，并向市民朋友致歉。",
    ),
)  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(order=st.permutations(NOTICES), sizes=st.lists(st.integers(1, 3), max_size=4))
def test_runs_in_any_order_make_the_same_stories_and_links(folder: Path, order: list[Post], sizes: list[int]) -> None:
    """A copy before its original, a correction before what it corrects: each run adds some posts to a real store."""
    (folder / "store.sqlite3").unlink(missing_ok=True)
    registry = Registry(tuple(make_account(number) for number in range(1, 5)))
    promised: set[str] = set()
    with Store.open(folder / "store.sqlite3") as store:
        for size in (*sizes, len(order)):
            run, order = order[:size], order[size:]
            for post in run:
                store.posts.save(post.account, [post], NOON)
            place_waiting(registry, store, NOON, ignore_progress)
            known = {story.id for story in store.stories.load()}
            assert promised <= known, "an address was lost"
            promised = known
        assert place_waiting(registry, store, NOON, ignore_progress) == 0
        keys = {stored.id: stored.post.key for stored in store.posts.load(range(1, 6))}
        named = {
            story.id: "".join(sorted(keys[member.post] for member in story.members)) for story in store.stories.load()
        }
        assert sorted(filter(None, named.values())) == ["12", "34", "5"]
        links = {(named[link.story], link.relation, named[link.other]) for link in store.stories.load_links()}
        assert links == {("5", "correction", "34"), ("34", "corrected-by", "5")}
        assert all(named[store.stories.find_target(story.id)] for story in store.stories.load() if story.merged_into)


def test_placing_all_again_in_small_batches_changes_nothing(store: Store) -> None:
    """All are compared before any is placed: no story comes apart for a moment because its posts do."""
    registry = Registry(tuple(make_account(number) for number in range(1, 5)))
    for post in NOTICES:
        store.posts.save(post.account, [post], NOON)
    place_waiting(registry, store, NOON, ignore_progress)
    before = store.stories.load()
    for account in registry.accounts:
        store.posts.mark_unplaced(account.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aggregator.pipeline.channel.BATCH", 1)
        patch.setattr("aggregator.pipeline.comparing.BATCH", 1)
        assert place_waiting(registry, store, NOON, ignore_progress) == 0
    assert store.stories.load() == before


@pytest.mark.parametrize("copies", [70, 120])
def test_one_notice_is_one_story_however_many_accounts_post_it(store: Store, copies: int) -> None:
    registry = Registry(tuple(make_account(number) for number in range(copies)))
    for number in range(copies):
        store.posts.save(f"u{number}", [make_copy(number)], NOON)
    place_waiting(registry, store, NOON, ignore_progress)
    assert [len(story.members) for story in store.stories.load() if story.members] == [copies]


def place(store: Store, *accounts: Account) -> list[list[str]]:
    """Settle the inbox and place what was let in; the accounts of each story's members."""
    registry = Registry(accounts)
    Gate(registry, HoldSettings(), store, NOON).settle()
    place_waiting(registry, store, NOON, ignore_progress)
    stories = [[member.post for member in story.members] for story in store.stories.load()]
    return [sorted(one.post.account for one in store.posts.load(members)) for members in stories]


def test_a_post_that_waits_for_staff_is_drawn_into_no_story(store: Store) -> None:
    """Neither by another post of its address, nor by leaving the registry with its account.

    It waits among the others, as older versions let it.
    """
    address = "https://a.cn/1"
    store.posts.save("u1", [make_copy(1, address)], NOON)
    assert place(store, make_account(1, selection="review")) == []
    store.posts.save("u2", [make_copy(2, address)], NOON)
    assert place(store, make_account(1, selection="review"), make_account(2)) == [["u2"]]
    assert place(store, make_account(2)) == [["u2"]]
    assert place(store, make_account(1), make_account(2)) == [["u1", "u2"]]


class StoppedError(Exception):
    """The run ends here, as when it is killed."""


@pytest.mark.parametrize("stage", ["建立索引", "比对文章", "归并重复"])
@pytest.mark.parametrize("moment", [0, 1])
def test_a_run_that_ends_midway_is_made_up_for_by_the_next(store: Store, stage: str, moment: int) -> None:
    """Whatever it was at: a new post, and one that no longer is a copy."""

    def stop(reached: str, done: int, total: int) -> None:
        if reached == stage and (done > 0) == bool(moment):
            raise StoppedError

    registry = Registry(tuple(make_account(number) for number in range(1, 5)))
    for post in NOTICES[:3]:
        store.posts.save(post.account, [post], NOON)
    place_waiting(registry, store, NOON, ignore_progress)
    store.posts.save("u2", [replace(NOTICES[1], text=FOREST, title="防火")], NOON)
    for post in NOTICES[3:]:
        store.posts.save(post.account, [post], NOON)
    with pytest.raises(StoppedError):
        place_waiting(registry, store, NOON, stop)
    place_waiting(registry, store, NOON, ignore_progress)
    posts = [sorted(member.post for member in story.members) for story in store.stories.load() if story.members]
    assert sorted(posts) == [[1], [2, 3, 4], [5]]
    assert store.posts.list_unplaced() == ()
    assert len(store.stories.load_links()) == 2
    assert len(store.stories.load_placements_of([story.id for story in store.stories.load()])) == 3
