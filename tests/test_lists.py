"""Lists of departments, regions, topics and tags, the pages that name them, and the site map: as visitors get them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import lxml.html
import pytest
from site_fixtures import BASE, LIBRARY, NOW, Item, SmallSite, find_broken_links

from aggregator.artifacts import hash_name, read_path
from aggregator.model import BuildReport

NEWS = ("南湖闸门今晚八点起分三次下泄，沿岸步道临时封闭，请不要下河。", "水位回落后由城管巡查，确认无险情再开放。")
DATE = "2026-03-19 10:00"
TOPICS = (("fangxun", "防汛", "汛期用得上的消息。", ("防汛", "台风")),)


def list_titles(site: SmallSite, path: str) -> list[str]:
    """Headlines on a page of a list, in its order."""
    return [link.text_content() for link in lxml.html.fromstring(site.read_page(path)).cssselect(".card h3 a")]


def list_links(site: SmallSite, path: str, within: str) -> dict[str, str]:
    """Words -> address, relative to the page."""
    page = lxml.html.fromstring(site.read_page(path))
    return {link.text_content(): link.get("href") for link in page.cssselect(f"{within} a")}


def add_draft(site: SmallSite, **header: str) -> BuildReport:
    site.set_draft("news/nanhu.md", NEWS, 标题="南湖泄洪", 日期=DATE, **header)
    return site.publish()[1]


def page_of(site: SmallSite, title: str) -> str:
    return str(site.stories()[title]["url"]).removeprefix(f"{BASE}/")


# Departments --------------------------------------------------------------------------------------------------


def test_a_department_has_what_its_accounts_lead_and_what_it_signs(small_site: SmallSite) -> None:
    add_draft(small_site, 部门="临江市 ranqi 局")
    assert list_titles(small_site, "departments/ranqi/index.html") == ["南湖泄洪", "关于发放春季燃气取暖补贴的通知"]
    # The copy is on the page of its account, and not the office's own news.
    assert list_titles(small_site, "accounts/fabu/index.html") != list_titles(small_site, "departments/fabu/index.html")
    assert list_titles(small_site, "departments/ranqi/2026-03.html")


def test_its_page_names_its_accounts_with_their_telephones(small_site: SmallSite) -> None:
    small_site.set_account("ranqi", phone="0599-8100001")
    small_site.set_account("ranqi2", organization="临江市ranqi局", platform="website", phone="0599-8100002")
    small_site.set_feed("ranqi2")
    report = small_site.publish()[1]
    page = lxml.html.fromstring(small_site.read_page("departments/ranqi/index.html"))
    assert [one.text_content().strip() for one in page.cssselect(".unit .name a")] == ["临江ranqi", "临江ranqi2"]
    assert [one.get("href") for one in page.cssselect(".unit a.tel")] == ["tel:0599-8100001", "tel:0599-8100002"]
    assert "departments/ranqi/index.html" in report.changed_paths


def test_several_units_that_sign_together_each_have_it_and_its_page_leads_to_each(small_site: SmallSite) -> None:
    add_draft(small_site, 部门="临江市ranqi局、临江市档案馆")
    office = f"departments/{hash_name('临江市档案馆')}/index.html"
    assert list_titles(small_site, office) == ["南湖泄洪"]
    assert "南湖泄洪" in list_titles(small_site, "departments/ranqi/index.html")
    assert list_links(small_site, page_of(small_site, "南湖泄洪"), ".title .meta") == {
        "临江市ranqi局": "../departments/ranqi/index.html", "临江市档案馆": f"../{office}",
    }  # fmt: skip


def test_a_unit_of_drafts_that_gets_an_account_has_one_page_still(small_site: SmallSite) -> None:
    add_draft(small_site, 部门="临江市档案馆")
    former = f"departments/{hash_name('临江市档案馆')}/index.html"
    small_site.set_account("dag", organization="临江市档案馆")
    small_site.set_feed("dag")
    report = small_site.publish()[1]
    assert former in report.removed_paths
    assert list_titles(small_site, "departments/dag/index.html") == ["南湖泄洪"]


def test_another_order_of_the_registry_moves_no_article_out_of_its_department(small_site: SmallSite) -> None:
    small_site.set_account("ranqi2", organization="临江市ranqi局", platform="website")
    small_site.set_feed("ranqi2")
    small_site.publish()
    small_site.accounts = dict(reversed(small_site.accounts.items()))
    small_site.write_registry()
    small_site.publish()
    assert not (small_site.output / "departments" / "ranqi").exists()
    assert list_titles(small_site, "departments/ranqi2/index.html") == ["关于发放春季燃气取暖补贴的通知"]


# Regions ------------------------------------------------------------------------------------------------------


def test_a_region_has_what_its_accounts_posted_and_an_article_names_only_its_own(small_site: SmallSite) -> None:
    small_site.set_account("hedong", region="河东区")
    small_site.set_feed(
        "hedong",
        Item("hedong-1", "少儿图书馆绘本区焕新", LIBRARY, NOW - timedelta(days=40)),
        Item("hedong-2", "南湖泄洪", NEWS, NOW - timedelta(days=1)),
    )
    add_draft(small_site, 部门="临江市水务局")
    assert list_titles(small_site, "regions/hedong/index.html") == ["南湖泄洪", "少儿图书馆绘本区焕新"]
    assert not (small_site.output / "regions" / "ranqi").exists()
    assert "河东区" in list_links(small_site, page_of(small_site, "少儿图书馆绘本区焕新"), ".filed")
    assert list_links(small_site, page_of(small_site, "南湖泄洪"), ".filed") == {}


# Tags and topics ----------------------------------------------------------------------------------------------


def test_tags_of_drafts_and_categories_of_feeds_are_one_list(small_site: SmallSite) -> None:
    small_site.set_feed("hedong", Item("hedong-9", "河东排涝泵站检修", LIBRARY, NOW - timedelta(days=2), ("防 汛",)))
    add_draft(small_site, 标签="防汛，供水")
    path = f"tags/{hash_name('防汛')}/index.html"
    assert list_titles(small_site, path) == ["南湖泄洪", "河东排涝泵站检修"]
    assert list_links(small_site, page_of(small_site, "南湖泄洪"), ".filed") == {
        "#供水": f"../tags/{hash_name('供水')}/index.html", "#防汛": f"../{path}",
    }  # fmt: skip
    assert sorted(list_links(small_site, "tags/index.html", ".lists")) == ["供水1 篇", "防汛2 篇"]


def test_a_topic_has_its_introduction_and_may_stand_in_the_menu(small_site: SmallSite) -> None:
    small_site.set_settings(TOPICS=TOPICS, MENU=(("看", (("防汛专题", "topic:fangxun"),)),))
    assert small_site.publish()[1].menu_left_out == ("防汛专题",)
    report = add_draft(small_site, 标签="台风")
    assert report.menu_left_out == ()
    assert list_titles(small_site, "topics/fangxun/index.html") == ["南湖泄洪"]
    assert "汛期用得上的消息。" in small_site.read_page("topics/fangxun/index.html")
    assert list_links(small_site, "index.html", ".menu")["防汛专题"] == "topics/fangxun/index.html"


def test_other_tags_of_a_topic_take_effect_at_the_next_build(small_site: SmallSite) -> None:
    add_draft(small_site, 标签="台风")
    small_site.set_settings(TOPICS=TOPICS)
    assert "topics/fangxun/index.html" in small_site.build().changed_paths
    small_site.set_settings(TOPICS=(("fangxun", "防汛", "", ("防汛",)),))
    assert "topics/fangxun/index.html" in small_site.build().removed_paths


def test_a_purge_leaves_no_tag_of_what_it_took(small_site: SmallSite) -> None:
    add_draft(small_site, 标签="绝密词", 部门="绝密处")
    story = small_site.stories()["南湖泄洪"]["id"]
    (small_site.root / "content" / "news" / "nanhu.md").unlink()
    small_site.purge(story)
    with closing(sqlite3.connect(small_site.site.store)) as store:
        assert "绝密" not in "".join(store.iterdump())


# What there is and what costs nothing ---------------------------------------------------------------------------


def test_a_new_article_renders_the_fronts_and_months_of_its_own_lists_alone(small_site: SmallSite) -> None:
    small_site.set_settings(TOPICS=TOPICS)
    add_draft(small_site, 部门="临江市ranqi局", 标签="防汛、台风")
    small_site.set_draft("news/xin.md", LIBRARY, 标题="新消息", 日期=DATE, 部门="临江市ranqi局", 标签="防汛")
    changed = small_site.publish()[1].changed_paths
    tag = f"tags/{hash_name('防汛')}"
    kinds = ("departments", "regions", "tags", "topics", "sitemap.html", "sitemap-pages")
    pages = {path for path in changed if read_path(path).kind != "feed"}
    assert {path for path in pages if path.startswith(kinds)} == {
        "departments/index.html", "departments/ranqi/2026-03.html", "departments/ranqi/index.html",
        f"{tag}/2026-03.html", f"{tag}/index.html", "tags/index.html", "topics/fangxun/2026-03.html",
        "topics/fangxun/index.html", "topics/index.html",
    }  # fmt: skip


def test_the_site_map_leads_to_every_list_month_and_page_and_no_article_changes_it(small_site: SmallSite) -> None:
    small_site.set_settings(TOPICS=TOPICS)
    add_draft(small_site, 部门="临江市ranqi局", 标签="防汛")
    links = list_links(small_site, "sitemap.html", "main")
    assert {"通知公告", "部门账号", "临江市ranqi局", "防汛", "2026年3月", "关于我们"} <= links.keys()
    assert "sitemap.html" in list_links(small_site, "index.html", "footer").values()
    small_site.set_draft("news/xin.md", LIBRARY, 标题="新消息", 日期=DATE, 部门="临江市ranqi局")
    assert "sitemap.html" not in small_site.publish()[1].changed_paths
    small_site.set_draft("pages/about.md", LIBRARY, 标题="本站介绍", 编号="about")
    assert "sitemap.html" in small_site.publish()[1].changed_paths
    small_site.set_draft("news/jiu.md", NEWS[:1], 标题="往事", 日期="2019-05-01")
    assert "sitemap.html" in small_site.publish()[1].changed_paths
    assert "2019年5月" in list_links(small_site, "sitemap.html", "main")


def test_no_link_of_the_lists_leads_nowhere(small_site: SmallSite) -> None:
    small_site.set_settings(TOPICS=TOPICS)
    add_draft(small_site, 部门="临江市档案馆，临江市ranqi局", 标签="防汛、供水")
    assert find_broken_links(small_site.output, BASE) == []


@pytest.mark.parametrize("chosen", [(), ("tag",), ("department", "sitemap")])
def test_a_site_may_do_without(small_site: SmallSite, chosen: tuple[str, ...]) -> None:
    add_draft(small_site, 部门="临江市ranqi局", 标签="防汛")
    small_site.set_settings(LISTS=chosen)
    small_site.build()
    found = [name for name in ("departments", "regions", "tags", "topics") if (small_site.output / name).exists()]
    assert found == [f"{kind}s" for kind in chosen if kind != "sitemap"]
    assert (small_site.output / "sitemap.html").exists() == ("sitemap" in chosen)
    assert find_broken_links(small_site.output, BASE) == []


def test_entries_of_the_menu_with_nothing_behind_them_are_told(small_site: SmallSite) -> None:
    entries = (("街道", "column:community"), ("政策", "column:policies"), ("热线", "tel:12345"), ("部门", "page:none"))
    small_site.set_settings(MENU=(("看", entries),))
    told = small_site.call("build", "--json").document["menu_left_out"]
    assert told == ["政策", "部门"]
    assert "没有内容、暂不显示的菜单项：政策、部门" in small_site.call("build").out
    assert small_site.call("publish", "--json").document["build"]["menu_left_out"] == told
