"""What a story's page says of the other texts: who else published it, its full text, corrections, related news."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest
from site_fixtures import BASE, BRIDGE, LIBRARY, NOW, SUBSIDY, Item, SmallSite, make_site

from aggregator.model import Match
from aggregator.store import Store

SUBSIDIES = "关于发放春季燃气取暖补贴的通知"
ROAD = "跨江大桥引道施工期间单车道通行"
CORRECTION = (
    f"3月13日发布的《{ROAD}》中，限行时间有误，应为每天22时至次日6时，特此更正。",
    "其他内容不变，给出行的市民带来不便，敬请谅解。",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """An excerpt that leads by its office, its full text, a correction, and two stories that are related."""
    site = make_site(tmp_path_factory.mktemp("pages") / "site")
    site.set_feed("ranqi", Item("ranqi-1", SUBSIDIES, SUBSIDY[:2]))
    site.set_feed(
        "fabu",
        Item("fabu-1", SUBSIDIES, ("来源：临江ranqi", *SUBSIDY), NOW - timedelta(days=8)),
        Item("fabu-2", ROAD, BRIDGE, NOW - timedelta(days=7)),
        Item("fabu-3", f"更正：{ROAD}", CORRECTION, NOW - timedelta(days=6)),
    )
    site.set_feed("hedong", Item("hedong-1", "少儿图书馆绘本区焕新", LIBRARY, NOW - timedelta(days=40)))
    site.update()
    with Store.open(site.site.store) as store:
        posts = sorted(store.rulings.find_posts(name)[0] for name in ("ranqi:ranqi-1", "hedong:hedong-1"))
        known = store.candidates({}).load_matches(posts)
        store.stories.save_matches(posts, [*known, Match(posts[0], posts[1], "related", 0.1, "标题中提到")])
    site.publish()
    return site


def read(site: SmallSite, title: str) -> lxml.html.HtmlElement:
    address = site.stories()[title]["url"].removeprefix(f"{BASE}/")
    return lxml.html.fromstring(site.read_page(address)).xpath("//article")[0]


def find_address(site: SmallSite, title: str) -> str:
    return "../" + str(site.stories()[title]["url"]).removeprefix(f"{BASE}/")


def test_an_excerpt_points_to_the_full_text(site: SmallSite) -> None:
    """At the top, to the address at which the whole stands."""
    page = read(site, SUBSIDIES)
    notice = page.xpath("./div[contains(@class, 'notice')]")[0]
    assert "本文是节选，全文由 临江fabu 发布" in " ".join(notice.text_content().split())
    assert "https://fabu-1.linjiang.example/post.html" in notice.xpath(".//@href")


def test_who_else_published_it_is_listed_with_date_and_link(site: SmallSite) -> None:
    (row,) = read(site, SUBSIDIES).xpath(".//ul[@class='copies']/li")
    assert row.xpath("./span[1]")[0].text_content() == "全文"
    assert row.xpath(".//time/@datetime") == ["2026-03-12T12:00:00+08:00"]
    assert "https://fabu-1.linjiang.example/post.html" in row.xpath(".//@href")


def test_to_programs_the_full_text_is_a_duplicate(site: SmallSite) -> None:
    """The relations of `stories --json` are those that were promised."""
    assert [member["relation"] for member in site.stories()[SUBSIDIES]["members"]] == ["lead", "duplicate"]


def test_what_was_corrected_leads_to_the_correction_and_back(site: SmallSite) -> None:
    corrected, correction = read(site, ROAD), read(site, f"更正：{ROAD}")
    notice = corrected.xpath("./div[@class='notice orange']")[0]
    assert "这条消息有更正" in notice.text_content()
    assert notice.xpath(".//a/@href") == [find_address(site, f"更正：{ROAD}")]
    back = correction.xpath("./div[@class='notice brand']")[0]
    assert "本文更正的是" in back.text_content()
    assert back.xpath(".//a/@href") == [find_address(site, ROAD)]


def test_related_news_is_listed_on_both_pages(site: SmallSite) -> None:
    for title, other in ((SUBSIDIES, "少儿图书馆绘本区焕新"), ("少儿图书馆绘本区焕新", SUBSIDIES)):
        section = read(site, title).xpath(".//section[h2='相关消息']")[0]
        assert section.xpath(".//a/@href") == [find_address(site, other)]


def test_nothing_leads_to_what_staff_took_down(site: SmallSite, tmp_path: Path) -> None:
    copy = site.copy_to(tmp_path / "site")
    hidden = find_address(copy, ROAD)
    copy.site.editorial.write_text('[[hide]]\nstory = "fabu:fabu-2"\n', encoding="utf-8")
    copy.publish()
    page = read(copy, f"更正：{ROAD}")
    assert hidden not in page.xpath(".//@href")
    assert not page.xpath("./div[@class='notice brand']")
