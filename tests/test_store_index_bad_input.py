"""Posts with nothing to say, or with too much of it: they stay strangers and cost next to nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from fakes import EXCERPT, MEDICAL, NOON
from index_fixtures import ACCOUNTS, place_all, post, write_long

from aggregator.model import Post
from aggregator.store import Store


def test_what_broken_sites_say_is_no_story_of_many_accounts(store: Store) -> None:
    """A third of the posts have no headline at all, by which a stranger could be told."""
    failure = "抱歉，您访问的文章暂时无法显示，可能是网络不稳定，也可能已经被发布者删除。请稍后刷新页面再试。"
    owners = {}
    for n in range(150):
        account = tuple(ACCOUNTS)[n % 5]
        title = f"{chr(0x4E00 + 131 * n)}{chr(0x4E01 + 97 * n)}{chr(0x4E02 + 89 * n)}" * 2 if n % 3 else ""
        bad = replace(post(account, str(n), "-", failure), title=title)
        owners |= dict.fromkeys(store.posts.save(account, [bad], NOON).new, account)
    place_all(store)
    stories = [{owners[member.post] for member in story.members} for story in store.stories.load()]
    assert len(stories) >= 100
    assert all(len(accounts) <= 1 for accounts in stories)


BAD: dict[str, Callable[[int], str]] = {
    "bodies under 80 characters": lambda n: f"今日{'晴雨雪雾风'[n % 5]}，{n}度，出门请注意安全，祝您生活愉快。",
    "only pictures": lambda _: "",
    "right-to-left": lambda n: "مرحبا بكم في المدينة " * 20 + f"{n}",
    "emoji": lambda n: "🎉🎊💐👍🏻❤️" * 100 + f"{n}",
    "a million characters": lambda n: write_long(n) * 2222,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_neither_costs_nor_merges(store: Store, comparisons: Counter[tuple[int, int]], name: str) -> None:
    """Strangers with nothing to say stay strangers, and few of them are compared at all."""
    count = 4 if "million" in name else 150
    accounts = ("yb", "ly", "fq", "rb", "water")
    for n in range(count):
        account = accounts[n % 5]
        title = f"{write_long(n)[:12]}" if n % 3 else ""
        bad = Post(account, str(n), title, text=BAD[name](n), html="<img>", published=NOON, aliases=(str(n),))
        store.posts.save(account, [bad], NOON)
    store.posts.save("yb", [post("yb", "医保", "医保参保缴费通知", MEDICAL)], NOON)
    store.posts.save("fq", [post("fq", "医保", "缴费开始", EXCERPT)], NOON)
    place_all(store)
    members = sorted((len(story.members) for story in store.stories.load() if story.members), reverse=True)
    assert comparisons.total() <= 40 * count
    assert members[0] == 2
    assert members[1] == 1
