"""The theme: what home, lists and content pages show. Fixtures and context are in theme_fixtures and theme_pages."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import jinja2
import lxml.html
import pytest
import theme_fixtures as city
from theme_pages import hash_asset, list_links, make_environment, read_text, render_page, render_pages

HOME_REQUESTS = 15
"""Budget of the design."""


@pytest.fixture(scope="module")
def environment() -> jinja2.Environment:
    return make_environment()


@pytest.fixture(scope="module")
def pages() -> dict[str, lxml.html.HtmlElement]:
    return {name: lxml.html.document_fromstring(source) for name, source in render_pages().items()}


# Home and lists -----------------------------------------------------------------------------------------


def test_home_shows_each_day_as_one_big_card_and_small_ones(pages: dict) -> None:
    groups = pages["home"].xpath("//ol[@class='group']")
    assert [len(group.xpath("./li[contains(@class, 'lead')]")) for group in groups] == [1] * len(city.DAYS)
    assert [len(group) for group in groups] == [len(day.articles) for day in city.DAYS]


def test_home_loads_one_picture_at_once_and_keeps_its_request_budget(pages: dict) -> None:
    page = pages["home"]
    eager = [image.get("src") for image in page.xpath("//img[not(@loading)]")]
    assert [source for source in eager if "motifs" in source] == [hash_asset("motifs/river.svg")]
    files = {*eager, *page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href"), *page.xpath("//script/@src")}
    assert 1 + len(files) <= HOME_REQUESTS


def test_home_has_service_tiles_after_the_first_day(pages: dict) -> None:
    assert pages["home"].xpath("//main/section[1]/following-sibling::*[1]/@class") == ["rail"]
    assert len(pages["home"].xpath("//ul[@class='tiles']/li")) == len(city.SERVICES_ALL)


def test_home_warns_while_a_warning_is_pinned(environment: jinja2.Environment, pages: dict) -> None:
    assert city.ALERT.title in read_text(pages["home"], "//p[contains(@class, 'alert')]")
    calm = (city.Day(city.ALERT.date.date(), (replace(city.ALERT, pinned=False),)),)
    assert 'class="notice' not in render_page(environment, "home", days=calm)


def test_home_lists_the_telephones_of_the_settings(pages: dict, environment: jinja2.Environment) -> None:
    assert "tel:12393" in pages["home"].xpath("//ul[@class='hotlines']//@href")
    assert "常用电话" not in render_page(environment, "home", HOTLINES=())


def test_large_type_has_big_tiles_for_what_is_asked_for_most(pages: dict) -> None:
    tiles = pages["home"].xpath("//ul[@class='large-tiles']//a")
    assert [tile.findtext("b") for tile in tiles] == ["打 12345", "看通知", "办事情", "找部门"]
    assert tiles[0].get("href") == "tel:12345"


def test_a_list_says_in_which_form_an_explanation_explains(pages: dict) -> None:
    (card,) = pages["home"].xpath("//li[contains(h3, '老旧小区')]")
    assert card.xpath("p/span[contains(@class, 'tag')]/text()") == ["解读", "图解"]


def test_the_page_about_feeds_gives_each_address_in_full(pages: dict) -> None:
    page = pages["feeds"]
    addresses = [f"https://fabu.qijiang.example/feeds/channel.{form}" for form in ("rss", "atom")]
    assert page.xpath("//button/@data-copy") == addresses
    assert page.xpath("//ul[@class='feeds']//span[@class='url']/text()") == addresses
    assert page.xpath("//ul[@class='feeds']//a/@href") == ["../feeds/channel.rss", "../feeds/channel.atom"]


def test_bottom_menu_works_without_script(pages: dict) -> None:
    """Home and three menus; one open at a time, because they share a name."""
    menus = pages["article"].xpath("//nav[@class='menu']/details")
    assert [menu.get("name") for menu in menus] == ["menu"] * 3
    assert "https://zwfw.qijiang.example/" in pages["article"].xpath("//nav[@class='menu']//@href")


def test_month_page_leads_to_its_neighbours(pages: dict) -> None:
    page = pages["month"]
    assert read_text(page, "//h1") == "通知公告 2026年10月"
    beside = [f"../{city.MONTHS[2].url}", f"../{city.MONTHS[0].url}"]
    assert page.xpath("//p[@class='steps']/a/@href") == [*beside, "../notices/index.html"]


def test_month_page_names_nothing_that_a_later_message_changes(pages: dict) -> None:
    """No other month but those beside it, and no count: or every new message would change all of the archive."""
    for name in ("month", "account-month"):
        assert pages[name].xpath("//ul[@class='months']") == []
        assert not re.search(r"\d 篇", read_text(pages[name]))


def test_very_full_month_leads_to_its_days(pages: dict) -> None:
    page = pages["full-month"]
    assert len(page.xpath("//ul[@class='months']/li")) == 31
    assert "暂时还没有" not in read_text(page)


def test_archive_lists_every_month_by_year(pages: dict) -> None:
    page = pages["archive"]
    assert [heading.text for heading in page.xpath("//main//h2")] == ["2026年", "2025年"]
    assert len(page.xpath("//ul[@class='months']/li")) == len(city.MONTHS)


def test_lists_without_articles_say_so(environment: jinja2.Environment) -> None:
    parts = {"home": "days", "list": "days", "account": "days", "archive": "months", "policies": "articles"}
    for name, part in {**parts, "services": "groups"}.items():
        assert "暂时还没有" in render_page(environment, name, **{part: ()})


def test_merged_account_leads_to_its_successor(pages: dict) -> None:
    assert "本账号已合并（2026-09-30）。 后续消息请看望湖街道" in read_text(pages["account-merged"])
    assert f"../../{city.STREET.url}" in list_links(pages["account-merged"])


def test_accounts_can_be_reached_by_kind(pages: dict) -> None:
    targets = {href.partition("#")[2] for href in list_links(pages["home"]) if "#" in href} & {"市级部门", "街道乡镇"}
    assert targets <= set(pages["accounts"].xpath("//@id"))
    assert len(targets) == 2


# Content pages ------------------------------------------------------------------------------------------


def test_article_names_the_accounts_that_carried_it_too(pages: dict) -> None:
    section = pages["article"].xpath("//section[h2='也由这些账号发布']")[0]
    assert [tag.text for tag in section.xpath(".//span[contains(@class, 'tag')]")] == ["转载", "摘编"]
    assert "https://mp.weixin.qq.com/s/wanghu" in section.xpath(".//@href")


def test_article_offers_attachments_with_size_and_a_way_out_of_wechat(pages: dict) -> None:
    section = pages["article"].xpath("//section[h2='附件']")[0]
    assert "47 KB" in read_text(section, ".")
    assert "在浏览器打开" in read_text(section, ".")
    expected = ["../s/n1/防范应对工作方案.docx", "https://files.qijiang.example/contacts"]
    assert section.xpath(".//a/@href") == expected


def test_article_puts_corrections_before_its_title(pages: dict) -> None:
    article = pages["article"].xpath("//article")[0]
    assert article.xpath("./div[contains(@class, 'notice')]/following-sibling::header/h1")
    assert city.EXPLANATION.title in read_text(article, "./div[contains(@class, 'notice')]")


def test_article_says_what_it_corrects_and_where_the_whole_text_is(pages: dict) -> None:
    notice = pages["article"].xpath("//article/div[contains(@class, 'notice brand')]")[0]
    assert f"本文更正的是：{city.OLD_POLICY.title}" in read_text(notice, ".")
    assert "本文是节选，全文由" in read_text(notice, ".")
    assert {f"../{city.OLD_POLICY.url}", "https://rsj.cn/full"} <= set(notice.xpath(".//@href"))


def test_related_news_stands_at_the_end(pages: dict) -> None:
    section = pages["article"].xpath("//section[h2='相关消息']")[0]
    assert section.xpath(".//a/@href") == [f"../{city.SERVICE.url}"]
    assert not pages["article-bare"].xpath("//section[h2='相关消息']")


def test_date_of_first_sight_is_not_called_date_of_publication(pages: dict) -> None:
    assert "收录时间" in read_text(pages["article-bare"])
    assert "发布时间" not in read_text(pages["article-bare"])


def test_article_links_original_and_account(pages: dict) -> None:
    assert city.ARTICLE.source_url in list_links(pages["article"])
    assert f"../{city.OFFICE.url}" in list_links(pages["article"])


def test_policy_states_its_validity_and_its_explanations(pages: dict) -> None:
    page = pages["policy"]
    facts = {row.findtext("dt"): read_text(row, "dd") for row in page.xpath("//dl[@class='facts']/div")}
    assert facts["文号"] == "栖人社发〔2026〕48号"
    assert facts["有效性"] == "有效"
    assert facts["发布日期"] == "2026年11月18日"
    assert len(page.xpath("//ul[@class='cards']/li")) == len(city.POLICY.explanations)


def test_void_policy_warns_and_names_its_successor(pages: dict) -> None:
    notice = read_text(pages["policy-void"], "//div[@class='notice red']")
    assert "本文件已废止" in notice
    assert city.POLICY.title in notice


def test_service_lists_the_eight_elements_and_can_be_called(pages: dict) -> None:
    page = pages["service"]
    names = [name.text for name in page.xpath("//dl//dt")]
    assert names[:8] == ["事项名称", "设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程"]
    assert {"tel:0599-8112233", "tel:12393", "tel:12345"} <= set(list_links(page))
    assert "https://zwfw.qijiang.example/yibao" in page.xpath("//a[@class='button']/@href")


def test_withdrawn_page_says_when_why_and_what_instead(pages: dict) -> None:
    page = pages["withdrawn"]
    assert read_text(page, "//h1") == "本文已于 2026年11月21日 撤回"
    assert "内容有误。" in read_text(page)
    assert f"../{city.EXPLANATION.url}" in list_links(page)


def test_redirect_leads_on_with_and_without_the_browsers_help(pages: dict) -> None:
    page = pages["redirect"]
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url=../{city.EXPLANATION.url}"]
    assert f"../{city.EXPLANATION.url}" in page.xpath("//main//a/@href")


def test_article_states_its_address_for_those_who_print_it(pages: dict, environment: jinja2.Environment) -> None:
    address = f"https://fabu.qijiang.example/{city.ARTICLE.url}"
    (section,) = pages["article"].xpath("//section[h2='本文网址'] | //section[div/h2='本文网址']")
    assert address in read_text(section, ".")
    assert section.xpath("./div/*[local-name() = 'svg']/@aria-label") == ["二维码"]
    assert "本文网址" not in render_page(environment, "article", SITEURL="")


# 一分钟看懂 ---------------------------------------------------------------------------------------------


def read_data(page: lxml.html.HtmlElement) -> dict[str, object]:
    (element,) = page.xpath("//script[@type='application/ld+json']")
    data = json.loads(element.text)
    assert data["@context"] == "https://schema.org"
    return data["@graph"][0]


@pytest.mark.parametrize("name", ["brief", "service-brief"])
def test_the_card_stands_between_title_and_body(pages: dict, name: str) -> None:
    article = pages[name].xpath("//article")[0]
    (card,) = article.xpath("./header[h1]/following-sibling::section[@class='brief']")
    assert card.xpath("./following-sibling::div[contains(@class, 'body')]")
    rows = {row.findtext("dt"): read_text(row, "dd") for row in card.xpath(".//dl/div")}
    assert {"一句话": read_text(card, "p"), **rows} == city.CARD
    assert card.xpath(".//a/@href") == ["tel:0599-8123456", "tel:12333"]


def test_a_guides_card_is_a_government_service_to_machines(pages: dict) -> None:
    data = read_data(pages["service-brief"])
    assert (data["@type"], data["name"]) == ("GovernmentService", city.SERVICE.title)
    assert data["description"] == city.CARD["一句话"]
    assert data["audience"] == {"@type": "Audience", "audienceType": city.CARD["谁能办"]}
    assert data["offers"] == {"@type": "Offer", "description": city.CARD["办多少"]}
    assert data["availableChannel"]["serviceUrl"] == "https://zwfw.qijiang.example/yibao"
    assert data["availableChannel"]["servicePhone"]["telephone"] == city.CARD["电话"]
    assert data["url"] == f"https://fabu.qijiang.example/{city.BRIEF_SERVICE.url}"


def test_any_other_card_is_news_about_a_service(pages: dict) -> None:
    data = read_data(pages["brief"])
    assert (data["@type"], data["headline"]) == ("NewsArticle", city.BRIEF.title)
    assert data["abstract"] == city.CARD["一句话"]
    assert data["about"]["@type"] == "GovernmentService"
    assert data["datePublished"].startswith("2026-11-21")


@pytest.mark.parametrize("key", city.CARD)
def test_what_a_card_lacks_is_left_out(environment: jinja2.Environment, key: str) -> None:
    """Neither an empty row nor an empty field; one key is enough for a card."""
    alone = replace(city.BRIEF, header={key: city.CARD[key]})
    page = lxml.html.document_fromstring(render_page(environment, "brief", article=alone))
    assert [term.text for term in page.xpath("//section[@class='brief']//dt")] == ([key] if key != "一句话" else [])
    assert ("about" in read_data(page)) == (key != "一句话")
    assert all(read_data(page).values())
    without = replace(city.BRIEF, header={name: text for name, text in city.CARD.items() if name != key})
    page = lxml.html.document_fromstring(render_page(environment, "brief", article=without))
    assert city.CARD[key] not in read_text(page)


def test_a_page_without_a_card_is_news_about_nothing_else(pages: dict) -> None:
    assert not pages["article"].xpath("//section[@class='brief']")
    assert "about" not in read_data(pages["article"])


def test_nothing_in_a_card_ends_its_data(environment: jinja2.Environment) -> None:
    evil = "</script><!--<script>alert(1)</script>&amp;\u2028"
    article = replace(city.BRIEF, title=evil, header=dict.fromkeys(city.CARD, evil))
    page = lxml.html.document_fromstring(render_page(environment, "brief", article=article))
    assert read_data(page)["headline"] == evil
    assert len(page.xpath("//script[not(@src)]")) == 1
