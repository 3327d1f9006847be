"""`matrix stories --explain` and `--rebuild`: why two posts are one story, and all stories made anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from site_fixtures import BASE, BRIDGE, LIBRARY, SUBSIDY, Item, SmallSite, make_site

SUBSIDIES = "关于发放春季燃气取暖补贴的通知"


@pytest.fixture
def site(published_site: SmallSite, tmp_path: Path) -> SmallSite:
    return published_site.copy_to(tmp_path / "site")


def list_steps(site: SmallSite, one: str, other: str) -> dict[str, tuple[str, str]]:
    """Name of each step -> its outcome and figures."""
    told = site.call("stories", "--explain", one, other, "--json").document
    return {step["name"]: (step["outcome"], step["detail"]) for step in told["steps"]}


# explain ---------------------------------------------------------------------------------------------------------


def test_two_posts_of_one_story_are_explained_step_by_step(published_site: SmallSite) -> None:
    told = published_site.call("stories", "--explain", "ranqi:ranqi-1", "fabu:fabu-1", "--json").document
    assert told["one_story"]
    assert [(post["account"], post["key"]) for post in told["posts"]] == [("ranqi", "ranqi-1"), ("fabu", "fabu-1")]
    assert told["posts"][0]["story"] == told["posts"][1]["story"] == published_site.stories()[SUBSIDIES]["id"]
    steps = [step["name"] for step in told["steps"]]
    assert steps[:2] == ["编辑部的决定", "查找"]
    assert told["steps"][1]["outcome"] == "会比对"
    assert "全文指纹相同" in told["steps"][1]["detail"]
    assert (steps[-1], told["steps"][-1]["outcome"]) == ("结果", "同一条")


def test_two_posts_that_have_nothing_in_common(published_site: SmallSite) -> None:
    """The steps end with the one that told them apart, and with both leads."""
    steps = list_steps(published_site, "ranqi:ranqi-1", "hedong:hedong-1")
    assert steps["查找"][0] == "不会比对"
    assert "相同 0 个（至少要 3 个）" in steps["查找"][1]
    assert steps["结果"] == ("两条", f"主稿分别是《{SUBSIDIES}》和《少儿图书馆绘本区焕新》")


def test_copies_that_the_index_shows_by_one_of_them(tmp_path: Path) -> None:
    """Of posts of one headline and text no two others are compared; both are compared with that one."""
    site = make_site(tmp_path / "site")
    for account in ("chengbei", "chengdong", "chengxi"):
        site.set_feed(account, Item(f"{account}-1", SUBSIDIES, SUBSIDY))
    site.update()
    names = [("chengbei:chengbei-1", "chengdong:chengdong-1"), ("chengbei:chengbei-1", "chengxi:chengxi-1"),
             ("chengdong:chengdong-1", "chengxi:chengxi-1"), ("ranqi:ranqi-1", "chengxi:chengxi-1")]  # fmt: skip
    steps = [list_steps(site, *pair) for pair in names]
    assert {step["查找"][0] for step in steps} == {"会比对", "由代表比对"}
    assert {step["结果"][0] for step in steps} == {"同一条"}


def test_staff_read_it_as_a_numbered_list(published_site: SmallSite) -> None:
    out = published_site.call("stories", "--explain", "ranqi:ranqi-1", "fabu:fabu-1").out
    assert out.startswith(f"甲：ranqi 《{SUBSIDIES}》")
    assert "  1. 编辑部的决定：没有。" in out
    assert "：同一条。" in out.splitlines()[-1]


def test_posts_are_named_by_story_address_or_original(published_site: SmallSite) -> None:
    """A story stands for its lead."""
    story = published_site.stories()[SUBSIDIES]
    for name in (story["url"], story["id"], f"s/{story['id']}.html", "https://ranqi-1.linjiang.example/post.html"):
        told = published_site.call("stories", "--explain", name, "hedong:hedong-1", "--json").document
        assert told["posts"][0]["key"] == "ranqi-1", name


def test_what_staff_decided_is_part_of_the_explanation(site: SmallSite) -> None:
    site.site.editorial.write_text('[[split]]\npost = "fabu:fabu-1"\nreason = "另有补充"\n', encoding="utf-8")
    site.update()
    steps = list_steps(site, "ranqi:ranqi-1", "fabu:fabu-1")
    assert steps["编辑部的决定"] == ("有", "拆分 《燃气取暖补贴可以申请了》（另有补充）")
    assert steps["结果"][0] == "两条"


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("ranqi:nothing", "fabu:fabu-1", "“ranqi:nothing”找不到"),
        ("fabu:fabu-1", "fabu:fabu-1", "是同一篇文章"),
        (f"{BASE}/s/aaaaaaaaaaaaa.html", "fabu:fabu-1", "找不到"),
    ],
)
def test_what_cannot_be_explained(published_site: SmallSite, one: str, other: str, told: str) -> None:
    result = published_site.call("stories", "--explain", one, other)
    assert result.status == 2
    assert told in result.err
    assert "办法：" in result.err


def test_a_hidden_post_is_in_no_story_that_could_be_explained(site: SmallSite) -> None:
    site.site.editorial.write_text('[[hide]]\npost = "fabu:fabu-1"\n', encoding="utf-8")
    site.update()
    result = site.call("stories", "--explain", "ranqi:ranqi-1", "fabu:fabu-1")
    assert result.status == 2


@pytest.mark.parametrize("options", [("--all", "--rebuild"), ("--explain", "a", "b", "--rebuild"), ("--yes",)])
def test_options_that_do_not_go_together(published_site: SmallSite, options: tuple[str, ...]) -> None:
    assert published_site.call("stories", *options).status == 2


# rebuild ---------------------------------------------------------------------------------------------------------


def change_unseen(site: SmallSite, key: str, text: tuple[str, ...]) -> None:
    """The stored text is another, and nobody was told: what an older program made of it is out of date."""
    with closing(sqlite3.connect(site.site.store)) as store, store:
        store.execute(
            "UPDATE bodies SET text = ? WHERE post = (SELECT id FROM posts WHERE key = ?)", ("\n".join(text), key)
        )


def test_a_rebuild_without_changes_changes_nothing(site: SmallSite) -> None:
    before = site.stories()
    told = site.call("stories", "--rebuild", "--json").document["rebuild"]
    assert (told["moves"], told["done"]) == ([], True)
    assert site.stories() == before
    assert site.publish()[1].changed_paths == ()


def test_a_rebuild_says_what_it_would_change_before_it_does(site: SmallSite) -> None:
    """Without --yes, where nobody can be asked, all stays as it was."""
    change_unseen(site, "fabu-1", BRIDGE)
    before = site.stories()
    result = site.call("stories", "--rebuild")
    assert result.status == 0
    assert f"《{SUBSIDIES}》：来源 2 → 1" in result.out
    assert "什么也没有改；确要这样改，加上 --yes 再运行一次。" in result.out
    assert site.stories() == before
    told = site.call("stories", "--rebuild", "--json").document["rebuild"]
    assert not told["done"]
    assert {move["members_after"] for move in told["moves"]} >= {1}
    assert site.stories() == before


def test_a_rebuild_keeps_all_addresses(site: SmallSite) -> None:
    """Stories that come apart and stories that come together: every page that was there is there."""
    change_unseen(site, "fabu-1", LIBRARY)
    pages = site.addresses()["pages"]
    told = site.call("stories", "--rebuild", "--yes", "--json").document["rebuild"]
    assert told["done"]
    assert [member["account"] for member in site.stories()[SUBSIDIES]["members"]] == ["ranqi"]
    site.publish()
    assert set(pages) <= set(site.addresses()["pages"])
    again = site.call("stories", "--rebuild", "--json").document["rebuild"]
    assert again["moves"] == []


def test_a_rebuild_leaves_staff_their_way(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    site.site.editorial.write_text('[[split]]\npost = "fabu:fabu-1"\n', encoding="utf-8")
    site.publish()
    assert site.call("stories", "--rebuild", "--json").document["rebuild"]["moves"] == []
