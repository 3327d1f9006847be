"""The theme: what every page must be, read as a specification. Fixtures and context are in theme_fixtures."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import jinja2
import lxml.html
import pytest
import theme_fixtures as city

PAGE_NAMES = tuple(city.PAGES)
CONTENT_PAGES = ("article", "article-bare", "policy", "policy-void", "service", "page")
COLUMN_PAGES = (
    "list", "month", "full-month", "channel-month", "archive", "policies", "services", "account", "accounts",
)  # fmt: skip
OPTIONAL_SETTINGS = (
    "SITEURL", "ORGANIZER", "UNDERTAKER", "SITE_ID_CODE", "ICP", "POLICE_RECORD", "HOTLINE", "CONTACT", "DESCRIPTION",
)  # fmt: skip
OUTSIDE = ("https://", "http://")

# Budgets of the design, in bytes after gzip.
HTML_BUDGET = 15 * 1024
HOME_REQUESTS = 15


@pytest.fixture(scope="module")
def environment() -> jinja2.Environment:
    return city.make_environment()


@pytest.fixture(scope="module")
def sources(environment: jinja2.Environment) -> dict[str, str]:
    return {name: city.render_page(environment, name) for name in PAGE_NAMES}


@pytest.fixture(scope="module")
def pages(sources: dict[str, str]) -> dict[str, lxml.html.HtmlElement]:
    return {name: lxml.html.document_fromstring(source) for name, source in sources.items()}


def metas(page: lxml.html.HtmlElement) -> dict[str, str]:
    return {tag.get("name"): tag.get("content") for tag in page.xpath("//head/meta[@name]")}


def text(page: lxml.html.HtmlElement, xpath: str = "//main") -> str:
    return " ".join("".join(page.xpath(xpath)[0].itertext()).split())


def links(page: lxml.html.HtmlElement) -> list[str]:
    return [anchor.get("href") for anchor in page.xpath("//a")]


# Every page ---------------------------------------------------------------------------------------------


def test_every_template_has_a_page_here() -> None:
    """A template that no fixture renders would be untested."""
    templates = {path.name for path in (city.THEME / "templates").glob("*.html")} - {"base.html", "list_base.html"}
    assert {template for template, *_ in city.PAGES.values()} == templates


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_renders_without_any_optional_setting(environment: jinja2.Environment, name: str) -> None:
    """Undefined names are errors here; an empty setting leaves no empty shell behind."""
    source = city.render_page(environment, name, **dict.fromkeys(OPTIONAL_SETTINGS, ""), menu=(), footer=())
    page = lxml.html.document_fromstring(source)
    assert not re.search(r"主办：|承办：|网站标识码|联系方式：", text(page, "//footer"))
    assert 'content=""' not in source
    if name != "redirect":
        assert not page.xpath("//link[@rel='canonical']")


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_declares_language_charset_and_title(sources: dict[str, str], pages: dict, name: str) -> None:
    assert sources[name].startswith('<!doctype html>\n<html lang="zh-CN">')
    assert '<meta charset="utf-8">' in sources[name][:1024]
    assert city.SITE["SITENAME"] in pages[name].findtext(".//title")


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_headings_start_at_one_and_skip_no_level(pages: dict, name: str) -> None:
    levels = [int(heading.tag[1]) for heading in pages[name].xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(following <= level + 1 for level, following in pairwise(levels))


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_has_landmarks_a_skip_link_and_named_navigation(pages: dict, name: str) -> None:
    page = pages[name]
    assert [len(page.xpath(f"//body//{tag}")) for tag in ("main", "footer")] == [1, 1]
    assert page.xpath("//body/*[1]")[0].get("href") == "#main"
    names = [nav.get("aria-label") or "unnamed" for nav in page.xpath("//nav")]
    assert sorted({*names} - {"unnamed"}) == sorted(names)


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_ids_and_meta_names_occur_once(pages: dict, name: str) -> None:
    """D5 of the publishing rules: no tag twice."""
    page = pages[name]
    counted = Counter(page.xpath("//@id")) + Counter(
        tag.lower() for tag in page.xpath("//meta/@name") if tag != "theme-color"
    )
    assert [key for key, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_every_link_has_a_name(pages: dict, name: str) -> None:
    assert all("".join(anchor.itertext()).strip() for anchor in pages[name].xpath("//a"))


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_every_internal_address_carries_the_root(environment: jinja2.Environment, name: str) -> None:
    """The site works under any base path and from disk: an address without its root would leave it."""
    page = lxml.html.document_fromstring(city.render_page(environment, name, root="ROOT/", SITEURL=""))
    body = page.xpath("//div[contains(@class, 'body')]")
    for element in page.xpath("//*[@href or @src]"):
        if body and body[0] in element.iterancestors():
            continue
        address = element.get("href") or element.get("src")
        assert address.startswith(("ROOT/", "#", "tel:", *OUTSIDE)), address
        assert not address.startswith(("ROOT//", "ROOT/http", "ROOT/ROOT")), address


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_pictures_have_size_and_alternative_text(pages: dict, name: str) -> None:
    """Width and height are always set, so that nothing jumps while loading."""
    for image in pages[name].xpath("//img"):
        assert min(int(image.get("width")), int(image.get("height"))) > 0
        assert image.get("alt") is not None


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_needs_no_script_and_nothing_from_elsewhere(pages: dict, name: str) -> None:
    """Only a story's own cover may lie elsewhere, and its host learns nothing of the reader."""
    page = pages[name]
    assert not page.xpath("//script|//iframe|//style|//@onclick")
    assert not [
        href for href in page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href") if href.startswith(OUTSIDE)
    ]
    for image in page.xpath("//img[starts-with(@src, 'http')]"):
        assert image.get("src") in {article.cover for article in city.OTHERS}
        assert image.get("referrerpolicy") == "no-referrer"


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_html_keeps_its_budget(sources: dict[str, str], name: str) -> None:
    assert len(gzip.compress(sources[name].encode())) <= HTML_BUDGET


# Escaping -----------------------------------------------------------------------------------------------

HOSTILE = '<script>alert("1")</script>&"\''


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_hostile_text_stays_text(environment: jinja2.Environment, name: str) -> None:
    """Titles, names and headers come from feeds: markup in them is shown, never obeyed."""
    account = replace(city.LABOUR, name=HOSTILE, organization=HOSTILE, description=HOSTILE, avatar=HOSTILE)
    article = replace(
        city.ARTICLE,
        title=HOSTILE,
        account=account,
        tag=HOSTILE,
        summary=HOSTILE,
        header={"文号": HOSTILE, "有效性": "废止", "联系电话": HOSTILE, "图标": HOSTILE},
        copies=tuple(replace(copy, title=HOSTILE, account=account) for copy in city.ARTICLE.copies),
        attachments=(city.Attachment("a/b.pdf", HOSTILE),),
    )
    changes: dict[str, object] = {
        "article": article, "articles": (article,), "account": account, "services": (article,), "reason": HOSTILE,
        "days": (city.Day(article.date.date(), (article, article)),), "heading": HOSTILE, "intro": HOSTILE,
        "groups": ((HOSTILE, (account if name == "accounts" else article,)),), "kinds": ((HOSTILE, 1),),
    }  # fmt: skip
    if name == "list":
        changes["column"] = city.NOTICES
    source = city.render_page(environment, name, **changes)
    assert "<script" not in source
    page = lxml.html.document_fromstring(source)
    if name in CONTENT_PAGES:
        assert page.findtext(".//h1") == HOSTILE
        assert metas(page)["ArticleTitle"] == HOSTILE


def test_only_web_addresses_become_links(environment: jinja2.Environment) -> None:
    """An address with another scheme, such as javascript:, stays text."""
    evil = "javascript:alert(1)"
    article = replace(
        city.ARTICLE,
        source_url=evil,
        copies=(replace(city.ARTICLE.copies[0], url=evil),),
        header={"在线办理": evil},
        attachments=(city.Attachment(evil, "附件"),),
    )
    account = replace(city.MERGED, homepage=evil, notice=evil)
    for source in (
        city.render_page(environment, "service", article=article),
        city.render_page(environment, "account", account=account),
        city.render_page(environment, "page", article=article, root=""),
    ):
        assert not [href for href in links(lxml.html.document_fromstring(source)) if href.startswith("javascript:")]


# META tags ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_every_page_names_the_site(pages: dict, name: str) -> None:
    """国办发〔2017〕47号, annex: SiteName, SiteDomain, SiteIDCode on every page."""
    tags = metas(pages[name])
    assert tags["SiteName"] == "栖江发布"
    assert tags["SiteDomain"] == "fabu.qijiang.example"
    assert tags["SiteIDCode"] == "3300000000"


@pytest.mark.parametrize("name", COLUMN_PAGES)
def test_column_pages_describe_their_column(pages: dict, name: str) -> None:
    tags = metas(pages[name])
    assert all(tags[key] for key in ("ColumnName", "ColumnType", "ColumnDescription", "ColumnKeywords"))
    assert "ArticleTitle" not in tags


@pytest.mark.parametrize("name", CONTENT_PAGES)
def test_content_pages_state_what_they_show(pages: dict, name: str) -> None:
    """D3, D4: the title, date and source of the tags are those the reader sees."""
    page, tags = pages[name], metas(pages[name])
    assert tags["ArticleTitle"] == page.findtext(".//h1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", tags["PubDate"])
    assert f"来源：{tags['ContentSource']}" in text(page)
    assert tags["ColumnName"]
    assert "ColumnDescription" not in tags
    if name != "page":
        assert tags["PubDate"] in text(page)


def test_home_has_no_column_tags(pages: dict) -> None:
    assert not [name for name in metas(pages["home"]) if name.startswith("Column")]


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_address_of_the_page_is_stated_once(pages: dict, name: str) -> None:
    canonical = pages[name].xpath("//link[@rel='canonical']/@href")
    here = city.EXPLANATION.url if name == "redirect" else city.PAGES[name][1]
    assert canonical == ([] if name == "404" else [f"https://fabu.qijiang.example/{here}"])


@pytest.mark.parametrize("name", ["withdrawn", "redirect", "404"])
def test_pages_without_news_stay_out_of_search_engines(pages: dict, name: str) -> None:
    assert metas(pages[name])["robots"] == "noindex"


def test_lists_announce_their_own_feeds(pages: dict) -> None:
    feeds = pages["list"].xpath("//link[@rel='alternate']/@href")
    assert feeds == ["../feeds/channel.rss", "../feeds/channel.atom", "../feeds/notices.rss", "../feeds/notices.atom"]


def test_shared_links_show_title_and_summary(pages: dict) -> None:
    """Open Graph, with an absolute picture address or none."""
    graph = {tag.get("property"): tag.get("content") for tag in pages["article"].xpath("//meta[@property]")}
    assert graph["og:title"] == city.ARTICLE.title
    assert graph["og:description"] == city.ARTICLE.summary
    assert graph["og:url"] == f"https://fabu.qijiang.example/{city.ARTICLE.url}"
    picture = pages["article-bare"].xpath("//meta[@property='og:image']/@content")
    assert picture == ["https://fabu.qijiang.example/s/n5/canteen.webp"]


# Home and lists -----------------------------------------------------------------------------------------


def test_home_shows_each_day_as_one_big_card_and_small_ones(pages: dict) -> None:
    groups = pages["home"].xpath("//ol[@class='group']")
    assert [len(group.xpath("./li[contains(@class, 'lead')]")) for group in groups] == [1] * len(city.DAYS)
    assert [len(group) for group in groups] == [len(day.articles) for day in city.DAYS]


def test_home_loads_one_picture_at_once_and_keeps_its_request_budget(pages: dict) -> None:
    page = pages["home"]
    eager = [image.get("src") for image in page.xpath("//img[not(@loading)]")]
    assert [source for source in eager if "motifs" in source] == [city.hash_asset("motifs/river.svg")]
    files = {*eager, *page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href")}
    assert 1 + len(files) <= HOME_REQUESTS


def test_home_has_service_tiles_after_the_first_day(pages: dict) -> None:
    assert [child.get("class") for child in pages["home"].xpath("//main/*")][2] == "rail"
    assert len(pages["home"].xpath("//ul[@class='tiles']/li")) == len(city.SERVICES_ALL)


def test_home_warns_while_a_warning_is_pinned(environment: jinja2.Environment, pages: dict) -> None:
    assert city.ALERT.title in text(pages["home"], "//p[contains(@class, 'alert')]")
    calm = (city.Day(city.ALERT.date.date(), (replace(city.ALERT, pinned=False),)),)
    assert 'class="notice' not in city.render_page(environment, "home", days=calm)


def test_bottom_menu_works_without_script(pages: dict) -> None:
    """Home and three menus; one open at a time, because they share a name."""
    menus = pages["article"].xpath("//nav[@class='menu']/details")
    assert [menu.get("name") for menu in menus] == ["menu"] * 3
    assert "https://zwfw.qijiang.example/" in pages["article"].xpath("//nav[@class='menu']//@href")


def test_month_page_leads_to_its_neighbours(pages: dict) -> None:
    page = pages["month"]
    assert text(page, "//h1") == "通知公告 2026年10月"
    beside = [f"../{city.MONTHS[2].url}", f"../{city.MONTHS[0].url}"]
    assert page.xpath("//p[@class='steps']/a/@href") == [*beside, "../notices/index.html"]


def test_month_page_names_nothing_that_a_later_message_changes(pages: dict) -> None:
    """No other month but those beside it, and no count: or every new message would change all of the archive."""
    for name in ("month", "account-month"):
        assert pages[name].xpath("//ul[@class='months']") == []
        assert not re.search(r"\d 篇", text(pages[name]))


def test_very_full_month_leads_to_its_days(pages: dict) -> None:
    page = pages["full-month"]
    assert len(page.xpath("//ul[@class='months']/li")) == 31
    assert "暂时还没有" not in text(page)


def test_archive_lists_every_month_by_year(pages: dict) -> None:
    page = pages["archive"]
    assert [heading.text for heading in page.xpath("//main//h2")] == ["2026年", "2025年"]
    assert len(page.xpath("//ul[@class='months']/li")) == len(city.MONTHS)


def test_lists_without_articles_say_so(environment: jinja2.Environment) -> None:
    parts = {"home": "days", "list": "days", "account": "days", "archive": "months", "policies": "articles"}
    for name, part in {**parts, "services": "groups"}.items():
        assert "暂时还没有" in city.render_page(environment, name, **{part: ()})


def test_merged_account_leads_to_its_successor(pages: dict) -> None:
    assert "本账号已合并（2026-09-30）。 后续消息请看望湖街道" in text(pages["account-merged"])
    assert f"../../{city.STREET.url}" in links(pages["account-merged"])


def test_accounts_can_be_reached_by_kind(pages: dict) -> None:
    targets = {href.partition("#")[2] for href in links(pages["home"]) if "#" in href} & {"市级部门", "街道乡镇"}
    assert targets <= set(pages["accounts"].xpath("//@id"))
    assert len(targets) == 2


# Content pages ------------------------------------------------------------------------------------------


def test_article_names_the_accounts_that_carried_it_too(pages: dict) -> None:
    section = pages["article"].xpath("//section[h2='也由这些账号发布']")[0]
    assert [tag.text for tag in section.xpath(".//span[contains(@class, 'tag')]")] == ["转载", "摘编"]
    assert "https://mp.weixin.qq.com/s/wanghu" in section.xpath(".//@href")


def test_article_offers_attachments_with_size_and_a_way_out_of_wechat(pages: dict) -> None:
    section = pages["article"].xpath("//section[h2='附件']")[0]
    assert "47 KB" in text(section, ".")
    assert "在浏览器打开" in text(section, ".")
    expected = ["../s/n1/防范应对工作方案.docx", "https://files.qijiang.example/contacts"]
    assert section.xpath(".//a/@href") == expected


def test_article_puts_corrections_before_its_title(pages: dict) -> None:
    article = pages["article"].xpath("//article")[0]
    assert article.xpath("./div[contains(@class, 'notice')]/following-sibling::header/h1")
    assert city.EXPLANATION.title in text(article, "./div[contains(@class, 'notice')]")


def test_article_says_what_it_corrects_and_where_the_whole_text_is(pages: dict) -> None:
    notice = pages["article"].xpath("//article/div[contains(@class, 'notice brand')]")[0]
    assert f"本文更正的是：{city.OLD_POLICY.title}" in text(notice, ".")
    assert "本文是节选，全文由" in text(notice, ".")
    assert {f"../{city.OLD_POLICY.url}", "https://rsj.cn/full"} <= set(notice.xpath(".//@href"))


def test_related_news_stands_at_the_end(pages: dict) -> None:
    section = pages["article"].xpath("//section[h2='相关消息']")[0]
    assert section.xpath(".//a/@href") == [f"../{city.SERVICE.url}"]
    assert not pages["article-bare"].xpath("//section[h2='相关消息']")


def test_date_of_first_sight_is_not_called_date_of_publication(pages: dict) -> None:
    assert "收录时间" in text(pages["article-bare"])
    assert "发布时间" not in text(pages["article-bare"])


def test_article_links_original_and_account(pages: dict) -> None:
    assert city.ARTICLE.source_url in links(pages["article"])
    assert f"../{city.OFFICE.url}" in links(pages["article"])


def test_policy_states_its_validity_and_its_explanations(pages: dict) -> None:
    page = pages["policy"]
    facts = {row.findtext("dt"): text(row, "dd") for row in page.xpath("//dl[@class='facts']/div")}
    assert facts["文号"] == "栖人社发〔2026〕48号"
    assert facts["有效性"] == "有效"
    assert facts["发布日期"] == "2026年11月18日"
    assert len(page.xpath("//ul[@class='cards']/li")) == len(city.POLICY.explanations)


def test_void_policy_warns_and_names_its_successor(pages: dict) -> None:
    notice = text(pages["policy-void"], "//div[@class='notice red']")
    assert "本文件已废止" in notice
    assert city.POLICY.title in notice


def test_service_lists_the_eight_elements_and_can_be_called(pages: dict) -> None:
    page = pages["service"]
    names = [name.text for name in page.xpath("//dl//dt")]
    assert names[:8] == ["事项名称", "设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程"]
    assert {"tel:0599-8112233", "tel:12393", "tel:12345"} <= set(links(page))
    assert "https://zwfw.qijiang.example/yibao" in page.xpath("//a[@class='button']/@href")


def test_withdrawn_page_says_when_why_and_what_instead(pages: dict) -> None:
    page = pages["withdrawn"]
    assert text(page, "//h1") == "本文已于 2026年11月21日 撤回"
    assert "内容有误。" in text(page)
    assert f"../{city.EXPLANATION.url}" in links(page)


def test_redirect_leads_on_with_and_without_the_browsers_help(pages: dict) -> None:
    page = pages["redirect"]
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url=../{city.EXPLANATION.url}"]
    assert f"../{city.EXPLANATION.url}" in page.xpath("//main//a/@href")
