"""The feeds of channel and lists, as another portal reads them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest
from feed_fixtures import (
    CONTENT,
    CREATOR,
    DELETED,
    FORMS,
    MODIFIED,
    find_entry,
    find_item,
    is_feed,
    list_ids,
    list_removed,
    read_json,
    read_links,
    read_xml,
)
from site_fixtures import ATOM, BASE, BRIDGE, LIBRARY, NOW, Item, SmallSite, list_tree, make_site

from aggregator.errors import ConfigError
from aggregator.plugins.stories.filing import read_filing

DAY = timedelta(days=1)
SUBSIDY_NOTICE, BRIDGE_NOTICE = "关于发放春季燃气取暖补贴的通知", "跨江大桥引道施工期间单车道通行"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    site = make_site(tmp_path / "site")
    site.publish()
    return site


def write_ruling(site: SmallSite, text: str) -> None:
    site.site.editorial.write_text(text, encoding="utf-8")


# What an entry says -------------------------------------------------------------------------------------------


def test_every_rss_item_has_a_description_and_its_whole_text(published_city: SmallSite) -> None:
    items = list(read_xml(published_city, "feeds/channel.rss").iter("item"))
    assert len(items) == 50
    for item in items:
        title = item.findtext("title")
        assert item.findtext("description"), title
        assert "<p>" in (item.findtext(CONTENT) or ""), title
        guid, source = item.find("guid"), item.find("source")
        assert guid is not None
        assert source is not None
        assert guid.get("isPermaLink") == "false", title
        assert item.findtext(CREATOR), title
        assert source.text, title
        assert source.get("url", "").startswith("https://"), title


def test_every_atom_entry_names_who_answers_for_it(published_city: SmallSite) -> None:
    entries = list(read_xml(published_city, "feeds/channel.atom").iter(f"{ATOM}entry"))
    assert len(entries) == 50
    for entry in entries:
        assert entry.findtext(f"{ATOM}author/{ATOM}name"), entry.findtext(f"{ATOM}title")
        assert entry.findtext(f"{ATOM}content"), entry.findtext(f"{ATOM}title")
        assert entry.findtext(f"{ATOM}source/{ATOM}title"), entry.findtext(f"{ATOM}title")


def test_every_json_feed_is_as_the_schema_says(published_city: SmallSite) -> None:
    feeds = [path for path in list_tree(published_city.output) if path.endswith("feed.json")]
    assert len(feeds) > 50
    for path in feeds:
        assert read_json(published_city, path)["feed_url"].endswith(f"/{path}")


def test_an_entry_has_the_same_id_in_every_feed(site: SmallSite) -> None:
    ids = {form: list_ids(site, f"feeds/channel.{form}") for form in FORMS}
    assert ids["rss"] == ids["atom"] == ids["json"]
    assert all(one.startswith("urn:uuid:") for one in ids["rss"])
    assert {*list_ids(site, "notices/feed.rss")} <= {*ids["rss"]}


def test_channel_columns_and_accounts_have_the_text_and_other_lists_a_summary(site: SmallSite) -> None:
    whole = ("feeds/channel.json", "notices/feed.json", "accounts/ranqi/feed.json")
    assert all(find_item(site, SUBSIDY_NOTICE, path)["content_html"].count("<p>") == 4 for path in whole)
    short = find_item(site, SUBSIDY_NOTICE, "departments/ranqi/feed.json")
    assert "content_html" not in short
    assert short["content_text"] == short["summary"]
    assert find_entry(site, SUBSIDY_NOTICE, "departments/ranqi/feed.atom").find(f"{ATOM}content") is None


def test_an_original_at_a_chinese_address_is_told_in_the_letters_of_a_uri(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    site.set_feed("ranqi", Item("公告", "燃气管道改造的通知", ("燃气管道改造，停气六小时。",)))
    site.publish()
    uri = "https://xn--55qt3e.linjiang.example/post.html"
    assert f'rel="via" href="{uri}"' in (site.output / "feeds/channel.atom").read_text(encoding="utf-8")
    item = find_item(site, "燃气管道改造的通知")
    assert item["external_url"] == uri
    story = item["url"].rpartition("/")[2].removesuffix(".html")
    assert json.loads((site.output / f"api/v1/stories/{story}.json").read_bytes())["source_url"] == uri


def test_times_are_those_of_the_site(site: SmallSite) -> None:
    entry = find_entry(site, SUBSIDY_NOTICE)
    assert entry.findtext(f"{ATOM}published") == "2026-03-11T12:00:00+08:00"
    assert read_xml(site, "feeds/channel.rss").findtext("item/pubDate") == "Fri, 13 Mar 2026 12:00:00 +0800"


def test_what_the_header_says_in_one_sentence_begins_the_summary(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    gist = "年底前交医保，每人420元。"
    site.set_draft("notices/a.md", ("手机、银行、社区都能办。",), 标题="医保缴费", 日期="2026-03-12", 一句话=gist)
    site.set_draft("notices/b.md", ("学校报名。",), 标题="报名", 日期="2026-03-11", 一句话=gist, 摘要="五月报名。")
    site.set_draft("notices/c.md", ("停水六小时。",), 标题="停水", 日期="2026-03-10")
    site.publish()
    for name, tag in (("channel.rss", "description"), ("channel.atom", f"{ATOM}summary")):
        kind = "item" if name.endswith("rss") else f"{ATOM}entry"
        told = [item.findtext(tag) for item in read_xml(site, f"feeds/{name}").iter(kind)]
        assert told == [gist, f"{gist} 五月报名。", "停水六小时。"]


def test_an_entry_is_updated_when_it_says_something_else_and_not_before(site: SmallSite) -> None:
    first = find_entry(site, BRIDGE_NOTICE).findtext(f"{ATOM}updated")
    copy = Item("fabu-1", "燃气取暖补贴可以申请了", LIBRARY, NOW - 8 * DAY)
    site.set_feed("fabu", copy, Item("fabu-2", BRIDGE_NOTICE, BRIDGE, NOW - 7 * DAY, ("交通",)))
    site.publish(NOW + DAY)
    assert "交通" in find_item(site, BRIDGE_NOTICE)["tags"]
    assert find_entry(site, BRIDGE_NOTICE).findtext(f"{ATOM}updated") == first == "2026-03-13T12:00:00+08:00"
    site.set_feed("fabu", copy, Item("fabu-2", BRIDGE_NOTICE, (*BRIDGE, "另行通知。"), NOW - 7 * DAY, ("交通",)))
    site.publish(NOW + 2 * DAY)
    assert find_entry(site, BRIDGE_NOTICE).findtext(f"{ATOM}updated") == "2026-03-22T12:00:00+08:00"
    assert find_item(site, BRIDGE_NOTICE)["date_modified"] == "2026-03-22T12:00:00+08:00"
    assert read_xml(site, "notices/feed.rss").findtext(f"item/{MODIFIED}") == "2026-03-22T12:00:00+08:00"


def test_a_feed_is_named_as_the_source_if_it_is_the_accounts_own(site: SmallSite) -> None:
    """The address of a bridge may have a key in it, or lie in the inner network."""
    own = find_item(site, SUBSIDY_NOTICE)["_source"]
    assert own == {
        "name": "临江ranqi", "url": f"{BASE}/accounts/ranqi/index.html", "feed_url": f"{BASE}/accounts/ranqi/feed.rss",
    }  # fmt: skip
    assert "feeds/ranqi.xml" not in "".join(
        data.decode() for path, (data, _) in list_tree(site.output).items() if is_feed(path)
    )


# Which feeds there are ----------------------------------------------------------------------------------------


def test_every_list_links_its_own_feeds(site: SmallSite) -> None:
    for page in (
        "notices/index.html",
        "services/index.html",
        "accounts/ranqi/index.html",
        "departments/ranqi/index.html",
    ):
        folder = page.removesuffix("index.html")
        root = lxml.html.document_fromstring(site.read_page(page))
        found = {
            (link.get("type"), link.get("href")) for link in root.xpath("//link[@rel='alternate']") if link.get("type")
        }
        linked = {(kind, f"feed.{form}") for kind, form in (
            ("application/rss+xml", "rss"), ("application/atom+xml", "atom"), ("application/feed+json", "json"),
        )}  # fmt: skip
        assert linked <= {(kind, href.rpartition("/")[2]) for kind, href in found}
        assert all((site.output / folder / name).is_file() for _, name in linked)
        assert len(root.xpath("//*[contains(@class, 'subscribe')]//a")) == 3


def test_the_settings_say_which_feeds_there_are(site: SmallSite) -> None:
    site.set_settings(FEEDS=("atom", "column"))
    site.publish()
    feeds = sorted(filter(is_feed, list_tree(site.output)))
    assert feeds == [
        "community/feed.atom",
        "feeds/channel.atom",
        "news/feed.atom",
        "notices/feed.atom",
        "services/feed.atom",
    ]
    assert "feeds/channel.rss" not in site.read_page("index.html")
    with pytest.raises(ConfigError, match=r"FEEDS 里没有“podcast”"):
        read_filing({"FEEDS": ("podcast",)})


def test_one_new_post_rewrites_the_feeds_of_its_own_lists(site: SmallSite) -> None:
    before = list_tree(site.output)
    text = ("北岸泵站例行检修，下游三个小区的水压会低一些，用水请错开早上七点，预计两小时。",)
    former = Item("hedong-1", "少儿图书馆绘本区焕新", LIBRARY, NOW - 40 * DAY)
    site.set_feed("hedong", former, Item("hedong-2", "泵站检修的通知", text))
    site.publish()
    after = list_tree(site.output)
    changed = {path for path in after if is_feed(path) and before.get(path) != after[path]}
    folders = ("community", "accounts/hedong", "departments/hedong", "regions/ranqi")
    # The month before the new one has a link to it.
    archives = {"archive/2026-03.atom", "accounts/hedong/2026-03.atom", "accounts/hedong/2026-02.atom"}
    assert changed == archives | {
        f"{name}.{form}" for name in ("feeds/channel", *(f"{one}/feed" for one in folders)) for form in FORMS
    }


# What is gone -------------------------------------------------------------------------------------------------


def test_a_withdrawn_story_leaves_every_feed_and_a_tombstone_in_its_place(site: SmallSite) -> None:
    story = site.stories()[BRIDGE_NOTICE]["id"]
    entry = find_entry(site, BRIDGE_NOTICE).findtext(f"{ATOM}id")
    write_ruling(site, f'[[withdraw]]\nstory = "{story}"\nreason = "有误"\n')
    site.publish(NOW + DAY)
    paths = ("feeds/channel.atom", "notices/feed.atom", "accounts/fabu/feed.atom", "archive/2026-03.atom")
    for path in (*paths, "feeds/channel.json", "notices/feed.json"):
        assert entry not in list_ids(site, path), path
        assert list_removed(site, path) == [entry], path
    assert entry not in list_ids(site, "feeds/channel.rss")
    (tombstone,) = read_xml(site, "feeds/channel.atom").iter(DELETED)
    assert tombstone.get("when") == "2026-03-21T12:00:00+08:00"
    assert read_links(tombstone) == {"alternate": f"s/{story}.html"}
    write_ruling(site, "")
    site.publish(NOW + 2 * DAY)
    assert [list_removed(site, path) for path in paths] == [[], [], [], []]
    assert find_entry(site, BRIDGE_NOTICE).findtext(f"{ATOM}updated") == "2026-03-22T12:00:00+08:00"


def test_a_merged_story_is_told_as_gone_and_its_page_leads_on(site: SmallSite) -> None:
    stories = {title: story["id"] for title, story in site.stories().items()}
    ids = {title: find_entry(site, title).findtext(f"{ATOM}id") for title in (BRIDGE_NOTICE, SUBSIDY_NOTICE)}
    write_ruling(
        site, f'[[merge]]\nstories = ["{stories[BRIDGE_NOTICE]}", "{stories[SUBSIDY_NOTICE]}"]\nreason = "同"\n'
    )
    site.publish(NOW + DAY)
    (gone,) = list_removed(site, "feeds/channel.atom")
    (kept,) = {*ids.values()} - {gone}
    assert gone in ids.values()
    assert kept in list_ids(site, "feeds/channel.atom")
    assert gone not in list_ids(site, "feeds/channel.atom")
    (tombstone,) = read_xml(site, "feeds/channel.atom").iter(DELETED)
    assert 'http-equiv="refresh"' in site.read_page(read_links(tombstone)["alternate"])


def test_a_purged_story_leaves_its_id_and_no_words(site: SmallSite) -> None:
    entry = find_entry(site, BRIDGE_NOTICE).findtext(f"{ATOM}id")
    site.purge(site.stories()[BRIDGE_NOTICE]["id"], NOW + DAY)
    site.set_feed("fabu")
    site.publish(NOW + DAY)
    assert list_removed(site, "feeds/channel.atom") == [entry]
    told = [data.decode() for path, (data, _) in list_tree(site.output).items() if is_feed(path)]
    assert not any("大桥" in text for text in told)


def test_what_has_expired_leaves_the_feeds_and_is_not_told_as_withdrawn(site: SmallSite) -> None:
    site.set_draft("notices/xian.md", BRIDGE[:1], 标题="限时", 日期="2026-03-19 10:00", 下线="2026-03-21")
    site.publish()
    entry = find_entry(site, "限时").findtext(f"{ATOM}id")
    site.publish(NOW + 3 * DAY)
    assert entry not in list_ids(site, "feeds/channel.atom")
    assert list_removed(site, "feeds/channel.atom") == []


def test_a_correction_and_what_it_corrects_lead_to_one_another(site: SmallSite) -> None:
    told = (f"日前发布的《{BRIDGE_NOTICE}》中，时间有误，应为每天六时，特此更正。", "其他内容不变，敬请谅解。")
    site.set_feed("hedong", Item("hedong-9", f"更正：{BRIDGE_NOTICE}", told, NOW - 6 * DAY))
    site.publish(NOW + DAY)
    new, old = find_item(site, f"更正：{BRIDGE_NOTICE}"), find_item(site, BRIDGE_NOTICE)
    assert new["_corrects"] == {"items": [{"id": old["id"], "url": old["url"]}]}
    assert old["_corrected_by"] == {"items": [{"id": new["id"], "url": new["url"]}]}
    related = read_links(find_entry(site, BRIDGE_NOTICE, "accounts/fabu/2026-03.atom"))["related"]
    assert f"{BASE}/{related}" == new["url"]
    site.set_feed("hedong", Item("hedong-9", "另一件事", LIBRARY, NOW - 6 * DAY))
    site.publish(NOW + 2 * DAY)
    assert "_corrected_by" not in find_item(site, BRIDGE_NOTICE, "accounts/fabu/feed.json")
