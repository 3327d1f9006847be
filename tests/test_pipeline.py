"""update and publish: what a run tells, that order does not matter, and what a second run or a wrong store does."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from site_fixtures import BRIDGE, GARDEN, LIBRARY, NOW, SUBSIDY, SWIMMING, Item, SmallSite, list_tree

from aggregator.pipeline import hold_lock

LATER = NOW + timedelta(hours=1)
TOTALS = {
    "updated", "unchanged", "failed", "skipped", "held", "waiting", "posts_new", "posts_changed", "posts_withdrawn",
    "stories_changed",
}  # fmt: skip


def outcomes(report: object) -> dict[str, str]:
    assert isinstance(report, dict)
    return {account["id"]: account["outcome"] for account in report["accounts"]}


# What an update tells -----------------------------------------------------------------------------------------


def test_an_update_counts_posts_by_account(tmp_path: Path, published_site: SmallSite) -> None:
    site = published_site.copy_to(tmp_path / "site")
    shutil.rmtree(site.site.state)
    first = site.call("update", "--json").document
    assert {one["id"]: (one["outcome"], one["posts_new"]) for one in first["accounts"]} == {
        "ranqi": ("updated", 1), "fabu": ("updated", 2), "hedong": ("updated", 1), "local": ("updated", 4),
    }  # fmt: skip
    assert set(first["totals"]) == TOTALS
    assert (first["totals"]["posts_new"], first["totals"]["stories_changed"]) == (8, 7)
    outcome_keys = {
        "id", "outcome", "posts_new", "posts_changed", "posts_withdrawn", "error", "feeds_waiting", "posts_held",
        "held_for",
    }  # fmt: skip
    assert all(set(one) == outcome_keys for one in first["accounts"])
    second = site.call("update", "--json").document
    assert set(outcomes(second).values()) == {"unchanged"}
    assert second["totals"]["stories_changed"] == 0


def test_a_feed_with_a_new_date_of_change_and_the_same_bytes_is_unchanged(small_site: SmallSite) -> None:
    os.utime(small_site.root / "content" / "registry" / "feeds" / "fabu.xml")
    report = small_site.update(LATER)
    assert {one.outcome for one in report.accounts} == {"unchanged"}


def test_a_changed_post_is_a_revision_and_no_new_post(small_site: SmallSite) -> None:
    small_site.set_feed("hedong", Item("hedong-1", "少儿图书馆绘本区焕新啦", (*LIBRARY, "周一闭馆。")))
    (changed,) = (one for one in small_site.update(LATER).accounts if one.id == "hedong")
    assert (changed.outcome, changed.posts_new, changed.posts_changed) == ("updated", 0, 1)
    with sqlite3.connect(small_site.site.store) as store:
        (kept,) = store.execute("SELECT title FROM revisions").fetchall()
    store.close()
    assert kept == ("少儿图书馆绘本区焕新",)


def test_one_account_can_be_updated_alone(small_site: SmallSite) -> None:
    small_site.set_feed("fabu", GARDEN)
    small_site.set_feed("hedong", replace(GARDEN, key="hedong-9", title="老街夜市开张"))
    result = small_site.call("update", "--account", "fabu", "--json")
    assert result.status == 0
    assert outcomes(result.document) == {"fabu": "updated"}
    assert outcomes(small_site.call("update", "--json").document)["hedong"] == "updated"


def test_an_unknown_account_is_a_wrong_command(small_site: SmallSite) -> None:
    result = small_site.call("update", "--account", "nobody")
    assert result.status == 2
    assert "nobody" in result.err


# The same whatever the order ----------------------------------------------------------------------------------


POSTS = {
    "ranqi": [Item("ranqi-1", "关于发放春季燃气取暖补贴的通知", SUBSIDY), replace(GARDEN, key="ranqi-2")],
    "fabu": [
        Item("fabu-1", "燃气取暖补贴可以申请了", SUBSIDY, NOW - timedelta(days=8)),
        Item("fabu-2", "跨江大桥引道施工期间单车道通行", BRIDGE),
        GARDEN,
    ],
    "hedong": [Item("hedong-1", "引道施工请绕行", BRIDGE[:2]), Item("hedong-2", "泳池开放", SWIMMING)],
}


def read_stories(site: SmallSite) -> dict[str, object]:
    """Story -> lead and members, without the order in which they are told."""
    return {
        story["id"]: (story["lead"], sorted((member["account"], member["key"]) for member in story["members"]))
        for story in site.call("stories", "--json").document["stories"]
    }


@pytest.fixture(scope="module")
def expected_stories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    site = SmallSite(tmp_path_factory.mktemp("ordered") / "site").set_up()
    for account, items in POSTS.items():
        site.set_feed(account, *items)
    site.update()
    return read_stories(site)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_neither_the_order_of_accounts_nor_of_entries_matters(
    tmp_path_factory: pytest.TempPathFactory, expected_stories: dict[str, object], data: st.DataObject
) -> None:
    site = SmallSite(tmp_path_factory.mktemp("shuffled") / "site").set_up()
    for account in data.draw(st.permutations(list(POSTS))):
        site.set_feed(account, *data.draw(st.permutations(POSTS[account])))
    site.update()
    assert read_stories(site) == expected_stories
    site.update(LATER)
    assert read_stories(site) == expected_stories


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(list(POSTS)))
def test_the_order_in_which_accounts_are_first_read_changes_no_members(
    tmp_path_factory: pytest.TempPathFactory, expected_stories: dict[str, object], order: list[str]
) -> None:
    """One account a day: which post founds a story may differ then, what belongs together may not."""
    site = SmallSite(tmp_path_factory.mktemp("daily") / "site").set_up()
    for day, account in enumerate(order):
        site.set_feed(account, *POSTS[account])
        site.update(NOW + timedelta(days=day))
    assert sorted(map(str, read_stories(site).values())) == sorted(map(str, expected_stories.values()))


# Review -------------------------------------------------------------------------------------------------------


def test_posts_of_accounts_under_review_are_held_until_the_account_is_trusted(small_site: SmallSite) -> None:
    before = small_site.addresses()
    small_site.set_account("zixun", selection="review")
    small_site.set_feed("zixun", GARDEN)
    updated, _ = small_site.publish(LATER)
    assert {one.id: (one.outcome, one.posts_new) for one in updated.accounts}["zixun"] == ("held", 1)
    assert small_site.addresses() == before
    assert all(GARDEN.title not in page.read_text(encoding="utf-8") for page in small_site.output.rglob("*.html"))
    small_site.set_account("zixun", selection="auto")
    small_site.publish(LATER + timedelta(hours=1))
    assert GARDEN.title in small_site.read_page("index.html")


# The store and other runs -------------------------------------------------------------------------------------


def test_a_store_of_a_newer_version_is_left_alone(small_site: SmallSite) -> None:
    with sqlite3.connect(small_site.site.store) as store:
        store.execute("PRAGMA user_version = 999")
    store.close()
    before = small_site.site.store.read_bytes()
    site = list_tree(small_site.output)
    for command in ("publish", "update", "build", "stories", "status"):
        result = small_site.call(command, "--json")
        assert result.status == 2, command
        assert "更新版本的程序" in result.document["error"]["message"]
    assert small_site.site.store.read_bytes() == before
    assert list_tree(small_site.output) == site


def test_a_damaged_store_is_told_with_the_way_back(small_site: SmallSite) -> None:
    site = list_tree(small_site.output)
    small_site.site.store.write_bytes("这不是数据库".encode() * 200)
    result = small_site.call("publish")
    assert result.status == 3
    assert "matrix restore" in result.err
    assert list_tree(small_site.output) == site


def test_a_second_run_beside_the_first_ends_at_once(small_site: SmallSite) -> None:
    with hold_lock(small_site.site):
        result = small_site.run("publish", "--json")
    assert result.status == 4
    assert "另一个 matrix 命令" in result.document["error"]["message"]
    assert small_site.call("update").status == 0
