"""An address, once published, is kept: whatever becomes of title, date, file, account or lead.

Each test publishes a small site, changes one thing, publishes again, and compares all that was promised: the pages
of the stories and the ids of the feeds' entries.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import lxml.html
import pytest
from site_fixtures import BRIDGE, NOW, SUBSIDY, SWIMMING, Item, SmallSite

LATER = NOW + timedelta(days=1)
BRIDGE_POST = Item("fabu-2", "跨江大桥引道施工期间单车道通行", BRIDGE, NOW - timedelta(days=7))
COPY = Item("fabu-1", "燃气取暖补贴可以申请了", SUBSIDY, NOW - timedelta(days=8))
SWIMMING_HEAD = {"标题": "游泳馆恢复开放的公告", "日期": "2026-03-12 09:00"}


def find_page(site: SmallSite, title: str) -> str:
    """Path of the page of the story with this headline."""
    path: str = site.stories()[title]["url"].removeprefix("https://fabu.linjiang.example/")
    return path


def read_heading(site: SmallSite, path: str) -> str:
    headings: list[str] = lxml.html.document_fromstring(site.read_page(path)).xpath("//main//h1//text()")
    return "".join(headings).strip()


def change(site: SmallSite, *, now: datetime = LATER) -> None:
    """Publish what was changed; every address must be as it was."""
    promised = site.addresses()
    site.publish(now)
    assert site.addresses() == promised


# Posts --------------------------------------------------------------------------------------------------------


def test_a_retitled_post_keeps_its_address(small_site: SmallSite) -> None:
    path = find_page(small_site, BRIDGE_POST.title)
    small_site.set_feed("fabu", COPY, replace(BRIDGE_POST, title="跨江大桥引道施工提前结束"))
    change(small_site)
    assert read_heading(small_site, path) == "跨江大桥引道施工提前结束"


def test_a_redated_post_keeps_its_address(small_site: SmallSite) -> None:
    path = find_page(small_site, BRIDGE_POST.title)
    small_site.set_feed("fabu", COPY, replace(BRIDGE_POST, date=NOW - timedelta(days=70)))
    change(small_site)
    assert "2026-01-09" in small_site.read_page(path)


def test_a_rewritten_post_keeps_its_address(small_site: SmallSite) -> None:
    path = find_page(small_site, BRIDGE_POST.title)
    small_site.set_feed("fabu", COPY, replace(BRIDGE_POST, text=(*BRIDGE, "施工单位将在完工后恢复绿化。")))
    change(small_site)
    assert "恢复绿化" in small_site.read_page(path)


def test_a_post_that_left_its_feed_keeps_its_page(small_site: SmallSite) -> None:
    """Feeds carry the newest posts alone; what leaves them is not taken back."""
    small_site.set_feed("fabu", Item("fabu-3", "游园会志愿者招募", ("花朝节游园会招募志愿者，" * 6,)))
    pages = set(small_site.addresses()["pages"])
    small_site.publish(LATER)
    assert pages < set(small_site.addresses()["pages"])
    assert "压浆加固" in small_site.read_page(find_page(small_site, BRIDGE_POST.title))


def test_a_post_whose_feed_gives_it_another_guid_is_the_same_post(small_site: SmallSite) -> None:
    """Known by its link, which the feed left as it was."""
    moved = small_site.root / "content" / "registry" / "feeds" / "fabu.xml"
    moved.write_text(moved.read_text(encoding="utf-8").replace(">fabu-2</guid>", ">tag:new,2026:2</guid>"))
    change(small_site)


# Drafts -------------------------------------------------------------------------------------------------------


def rename_file(site: SmallSite) -> None:
    folder = site.root / "content" / "notices"
    (folder / "youyong.md").rename(folder / "游泳馆公告（终稿）.md")


def move_to_another_folder(site: SmallSite) -> None:
    (site.root / "content" / "notices" / "youyong.md").rename(site.root / "content" / "news" / "youyong.md")


def retitle(site: SmallSite) -> None:
    site.set_draft("notices/youyong.md", SWIMMING, **{**SWIMMING_HEAD, "标题": "游泳馆开放时间调整"})


def redate(site: SmallSite) -> None:
    site.set_draft("notices/youyong.md", SWIMMING, **{**SWIMMING_HEAD, "日期": "2026-03-14"})


def rewrite(site: SmallSite) -> None:
    site.set_draft("notices/youyong.md", (*SWIMMING, "每周一闭馆清洗。"), **SWIMMING_HEAD)


def add_number(site: SmallSite) -> None:
    site.set_draft("notices/youyong.md", SWIMMING, **SWIMMING_HEAD, 编号="gg-youyong")


def add_number_and_rename(site: SmallSite) -> None:
    (site.root / "content" / "notices" / "youyong.md").unlink()
    site.set_draft("notices/2026/kaifang.md", SWIMMING, **SWIMMING_HEAD, 编号="gg-youyong")


def rename_numbered_and_rewrite(site: SmallSite) -> None:
    (site.root / "content" / "news" / "zhongshu.md").unlink()
    header = {"标题": "北山新林又添三百棵", "日期": "2026-03-13", "编号": "xw-zhongshu"}
    site.set_draft("news/2026/beishan.md", ("第二批志愿者上山，补种三百棵。",), **header)


@pytest.mark.parametrize(
    "edit",
    [rename_file, move_to_another_folder, retitle, rewrite, add_number, add_number_and_rename,
     rename_numbered_and_rewrite],
)  # fmt: skip
def test_a_draft_keeps_its_address(small_site: SmallSite, edit: Callable[[SmallSite], None]) -> None:
    edit(small_site)
    change(small_site)
    assert "本文已" not in "".join(small_site.read_page(f"s/{page}") for page in small_site.addresses()["pages"])


def test_a_redated_draft_keeps_its_address(small_site: SmallSite) -> None:
    path = find_page(small_site, SWIMMING_HEAD["标题"])
    redate(small_site)
    change(small_site)
    assert "2026-03-14" in small_site.read_page(path)


def test_a_number_that_was_added_holds_when_all_else_changes_afterwards(small_site: SmallSite) -> None:
    add_number(small_site)
    change(small_site)
    (small_site.root / "content" / "notices" / "youyong.md").unlink()
    header = {"标题": "泳池夏季延时", "日期": "2026-03-12 09:00", "编号": "gg-youyong"}
    small_site.set_draft("notices/xiaji.md", ("夏季延长到晚上九点半，夜场另售票。",), **header)
    change(small_site, now=LATER + timedelta(days=1))


def test_two_drafts_that_swap_their_names_keep_their_addresses_by_number(small_site: SmallSite) -> None:
    news = small_site.root / "content" / "news"
    header = {"标题": "江堤步道夜间亮灯", "日期": "2026-03-11", "编号": "xw-liangdeng"}
    other = small_site.set_draft("news/liangdeng.md", ("江堤步道换上暖色路灯，夜里散步更安心。",), **header)
    small_site.publish(LATER)
    (news / "zhongshu.md").rename(news / "swap.md")
    other.rename(news / "zhongshu.md")
    (news / "swap.md").rename(other)
    change(small_site, now=LATER + timedelta(days=1))


def test_a_withdrawn_draft_leaves_a_notice_at_its_address(small_site: SmallSite) -> None:
    path = find_page(small_site, SWIMMING_HEAD["标题"])
    pages = small_site.addresses()["pages"]
    (small_site.root / "content" / "notices" / "youyong.md").unlink()
    small_site.publish(LATER)
    assert small_site.addresses()["pages"] == pages
    page = lxml.html.document_fromstring(small_site.read_page(path))
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert read_heading(small_site, path) == "本文已于 2026年3月21日 撤回"
    assert SWIMMING[0][:20] not in small_site.read_page(path)
    assert path not in small_site.read_page("index.html")
    assert all(path not in link for _, link in small_site.read_rss())


def test_a_draft_that_comes_back_has_its_address_again(small_site: SmallSite) -> None:
    file = small_site.root / "content" / "notices" / "youyong.md"
    promised, text = small_site.addresses(), file.read_bytes()
    file.unlink()
    small_site.publish(LATER)
    file.write_bytes(text)
    small_site.publish(LATER + timedelta(days=1))
    assert small_site.addresses() == promised
    assert read_heading(small_site, find_page(small_site, SWIMMING_HEAD["标题"])) == SWIMMING_HEAD["标题"]


def test_another_text_in_a_withdrawn_drafts_place_gets_an_address_of_its_own_by_number(small_site: SmallSite) -> None:
    pages = set(small_site.addresses()["pages"])
    header = {"标题": "垃圾分类积分兑换", "日期": "2026-03-15", "编号": "xw-jifen"}
    small_site.set_draft("news/zhongshu.md", ("积分可以兑换洗衣液和垃圾袋，每月十五日在小区门口兑换。",), **header)
    small_site.publish(LATER)
    (fresh,) = set(small_site.addresses()["pages"]) - pages
    assert read_heading(small_site, f"s/{fresh}") == "垃圾分类积分兑换"


# Stories ------------------------------------------------------------------------------------------------------


def test_a_fuller_official_copy_takes_the_lead_and_not_the_address(small_site: SmallSite) -> None:
    path = find_page(small_site, "跨江大桥引道施工期间单车道通行")
    small_site.set_account("gonglu", rank=80)
    full = (*BRIDGE, "施工单位临江路桥公司值班电话全天有人接听，欢迎监督。", "临江市gonglu局")
    small_site.set_feed("gonglu", Item("gonglu-1", "跨江大桥引道加固施工公告", full, NOW - timedelta(days=6)))
    change(small_site)
    assert read_heading(small_site, path) == "跨江大桥引道加固施工公告"
    assert small_site.stories()["跨江大桥引道加固施工公告"]["lead"]["account"] == "gonglu"


def test_another_rank_takes_the_lead_and_not_the_address(small_site: SmallSite) -> None:
    path = find_page(small_site, "关于发放春季燃气取暖补贴的通知")
    small_site.set_account("fabu", rank=90)
    promised = small_site.addresses()["pages"]
    small_site.publish(LATER)
    assert small_site.addresses()["pages"] == promised
    assert read_heading(small_site, path) == COPY.title


def test_an_account_that_is_renamed_keeps_its_addresses(small_site: SmallSite) -> None:
    small_site.set_account("ranqi", name="临江燃气服务", organization="临江市能源局")
    change(small_site)
    assert "临江燃气服务" in small_site.read_page("accounts/ranqi/index.html")


def test_an_account_with_another_id_keeps_its_posts_addresses(small_site: SmallSite) -> None:
    promised = small_site.addresses()
    result = small_site.call("accounts", "rename", "ranqi", "nengyuan", "--json")
    assert (result.status, result.document) == (0, {"old": "ranqi", "new": "nengyuan", "posts": 1})
    updated, _ = small_site.publish(LATER)
    assert small_site.addresses() == promised
    assert [one.posts_new for one in updated.accounts if one.id == "nengyuan"] == [0]
    assert small_site.stories()["关于发放春季燃气取暖补贴的通知"]["lead"]["account"] == "nengyuan"
    assert (small_site.output / "accounts" / "nengyuan" / "index.html").is_file()


def test_an_account_that_left_the_registry_keeps_its_addresses(small_site: SmallSite) -> None:
    del small_site.accounts["hedong"]
    small_site.write_registry()
    change(small_site)
    assert (small_site.output / "accounts" / "hedong" / "index.html").is_file()


@pytest.fixture
def halves(small_site: SmallSite) -> SmallSite:
    """Two accounts that published a half each of one notice, which no one can tell to be one."""
    for account, text, days in (("chengguan", SUBSIDY[:2], 5), ("minzheng", SUBSIDY[2:], 4)):
        small_site.set_account(account, rank=10)
        item = Item(f"{account}-1", "取暖补贴申请和审核办法", text, NOW - timedelta(days=days))
        small_site.set_feed(account, item)
    # Without the notice whose text it is, which would hold the halves together from the beginning.
    small_site.set_feed("ranqi", Item("ranqi-1", "河道清淤完成", ("北河清淤两千方，水清岸绿。" * 8,)))
    small_site.set_feed("fabu", replace(COPY, title="花展开幕", text=("郁金香和风信子一同开放。" * 8,)), BRIDGE_POST)
    small_site.publish(LATER)
    return small_site


def test_a_post_that_joins_two_stories_makes_one_address_lead_to_the_other(halves: SmallSite) -> None:
    stories = [story for story in halves.call("stories", "--json").document["stories"] if "审核办法" in story["title"]]
    assert [len(story["members"]) for story in stories] == [1, 1]
    promised = halves.addresses()
    header = {"标题": "取暖补贴申请和审核办法", "日期": "2026-03-18", "编号": "tz-quannuan"}
    halves.set_draft("notices/quannuan.md", SUBSIDY, **header)
    halves.publish(LATER + timedelta(days=1))

    assert halves.addresses()["pages"] == promised["pages"]
    assert len(halves.stories()["取暖补贴申请和审核办法"]["members"]) == 3
    joined = halves.stories()["取暖补贴申请和审核办法"]
    (merged,) = (story for story in stories if story["id"] != joined["id"])
    redirect = lxml.html.document_fromstring(halves.read_page(f"s/{merged['id']}.html"))
    assert redirect.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url=../s/{joined['id']}.html"]
    assert redirect.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert promised["rss"].items() - dict(halves.read_rss()).items() == {
        (entry, link) for entry, link in promised["rss"].items() if merged["id"] in link
    }

    # And apart again: both have their own pages, where they were.
    (halves.root / "content" / "notices" / "quannuan.md").unlink()
    halves.publish(LATER + timedelta(days=2))
    assert halves.addresses() == promised


# The store ----------------------------------------------------------------------------------------------------


def test_all_addresses_come_back_from_a_backup(small_site: SmallSite) -> None:
    """Also those that the present input alone no longer tells: a post that left, a renamed file, a renamed account."""
    small_site.set_feed("fabu", COPY)
    rename_file(small_site)
    small_site.call("accounts", "rename", "ranqi", "nengyuan")
    small_site.publish(LATER)
    promised, backup = small_site.addresses(), small_site.root.parent / "backup.zip"
    assert small_site.call("backup", str(backup)).status == 0
    small_site.output.unlink()
    shutil.rmtree(small_site.site.state)
    assert small_site.call("restore", str(backup)).status == 0
    small_site.publish(LATER + timedelta(days=1))
    assert small_site.addresses() == promised


def test_unchanged_input_gives_the_same_addresses_without_the_store(small_site: SmallSite) -> None:
    promised = small_site.addresses()
    small_site.output.unlink()
    shutil.rmtree(small_site.site.state)
    small_site.publish(LATER)
    assert small_site.addresses() == promised
