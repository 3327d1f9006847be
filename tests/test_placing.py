"""Posts of the store put into stories: many copies, posts that wait for staff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import MEDICAL, MEDICAL_TITLE, NOON
from site_fixtures import ignore_progress

from aggregator.model import Account, HoldSettings, Post, Registry
from aggregator.pipeline.channel import place_waiting
from aggregator.pipeline.inbox import Gate
from aggregator.store import Store


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
