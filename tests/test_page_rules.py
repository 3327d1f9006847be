"""Every page of a built site keeps the rules for META tags and for structured data, and says who may find it."""

from __future__ import annotations

import lxml.html
import pytest
from page_rules import find_data_faults, find_tag_faults, read_graph
from site_fixtures import BASE, NOW, Item, SmallSite, make_site

from aggregator.artifacts import read_path

COLUMNS = ("front", "period", "tab", "archive", "accounts", "index", "map", "feeds", "search")
KINDS = {"home": "home", **dict.fromkeys(COLUMNS, "column")}
"""Kind of artifact -> kind of page; pages of stories are told by what they show."""

CODE = "3300000000"
Pages = dict[str, lxml.html.HtmlElement]

POLICY = {
    "标题": "燃气取暖补贴管理办法", "编号": "zc-ranqi", "日期": "2026-03-10 10:00", "文号": "临政发〔2026〕3号",
    "索引号": "LJ001-2026-00003", "成文日期": "2026-03-06", "有效性": "有效", "主题词": "燃气；补贴",
    "发文机关": "临江市人民政府",
}  # fmt: skip
CARD = {
    "一句话": "每户每年领三百六十元。", "谁能办": "城镇户", "办多少": "三百六十元", "何时办": "全年",
    "电话": "0599-8211231",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A site with every kind of page: also one that expired, one that is withdrawn, and one that redirects."""
    site = make_site(tmp_path_factory.mktemp("rules") / "site")
    site.set_settings(
        SITE_ID_CODE=CODE, CITY="临江市", DESCRIPTION="全市消息一处看全。", ORGANIZER="临江市人民政府办公室"
    )
    text = ("本办法自发布之日起施行，由市燃气管理处负责解释。", "符合条件的用户向户籍所在地申请，每年办理一次。")
    site.set_draft("policies/ranqi.md", text, **POLICY)
    site.set_draft("explanations/ranqi.md", ("这份办法管的是每家每户的取暖费。",), 标题="一图看懂取暖补贴",
                   日期="2026-03-11 09:00", 关联政策="zc-ranqi", **CARD)  # fmt: skip
    site.set_draft("notices/guoqi.md", ("报名已经截止的一则公告，只供查阅。",), 标题="报名公告", 日期="2026-03-01",
                   下线="2026-03-15")  # fmt: skip
    site.set_draft("notices/chehui.md", ("写错了日期的一则公告。",), 标题="停水公告", 日期="2026-03-02",
                   撤回="2026-03-15", 撤回原因="日期有误")  # fmt: skip
    site.publish()
    # Two stories become one: the page of the second leads on.
    item = Item("hedong-2", "转发：跨江大桥引道施工", ("另一件事。" * 20,), NOW)
    site.set_feed("hedong", item)
    site.publish()
    merged = sorted(story["id"] for title, story in site.stories().items() if "大桥" in title)
    assert len(merged) == 2
    site.site.editorial.write_text(f'[[merge]]\nstories = ["{merged[0]}", "{merged[1]}"]\n', encoding="utf-8")
    site.publish()
    return site


@pytest.fixture(scope="module")
def pages(site: SmallSite) -> Pages:
    """All but those that are shown within others'."""
    return {
        file.relative_to(site.output).as_posix(): lxml.html.document_fromstring(file.read_bytes())
        for file in sorted(site.output.rglob("*.html"))
        if read_path(file.relative_to(site.output).as_posix()).kind != "embed"
    }


def name_kind(path: str, page: lxml.html.HtmlElement) -> str:
    artifact = read_path(path)
    if artifact.kind == "story":
        return "content" if page.xpath("//article") else "other"
    return KINDS.get(artifact.kind, "other")


def find_page(pages: Pages, heading: str) -> lxml.html.HtmlElement:
    (found,) = (page for page in pages.values() if page.findtext(".//h1") == heading)
    return found


def test_every_page_has_the_tags_of_its_kind(pages: Pages) -> None:
    faults = {path: list(find_tag_faults(page, name_kind(path, page))) for path, page in pages.items()}
    assert {path: found for path, found in faults.items() if found} == {}
    kinds = {name_kind(path, page) for path, page in pages.items()}
    assert kinds == {"home", "column", "content", "other"}


def test_every_pages_data_is_lawful_and_its_crumbs_are_seen(pages: Pages) -> None:
    faults = {path: list(find_data_faults(page)) for path, page in pages.items()}
    assert {path: found for path, found in faults.items() if found} == {}
    told = {node["@type"] for page in pages.values() for node in read_graph(page)}
    assert told == {
        "WebSite", "GovernmentOrganization", "NewsArticle", "Legislation", "GovernmentService", "WebPage",
        "BreadcrumbList",
    }  # fmt: skip


def test_the_date_of_a_page_is_that_of_the_feed(site: SmallSite, pages: Pages) -> None:
    entries = lxml.etree.parse(site.output / "feeds" / "channel.atom").getroot()
    space = {"a": "http://www.w3.org/2005/Atom"}
    for entry in entries.iterfind("a:entry", space):
        path = entry.find("a:link", space).get("href").removeprefix(f"{BASE}/")
        (stated,) = pages[path].xpath("//meta[@name='PubDate']/@content")
        assert entry.findtext("a:published", "", space)[:16].replace("T", " ") == stated


def test_the_home_page_says_who_runs_the_site_and_how_it_is_searched(pages: Pages) -> None:
    (site,) = read_graph(pages["index.html"], "WebSite")
    (office,) = read_graph(pages["index.html"], "GovernmentOrganization")
    assert (site["name"], site["url"]) == ("临江发布", f"{BASE}/")
    assert site["potentialAction"]["target"]["urlTemplate"] == f"{BASE}/search.html?q={{search_term_string}}"
    assert (office["name"], office["areaServed"]["name"]) == ("临江市人民政府办公室", "临江市")
    assert site["publisher"]["@id"] == office["@id"]


def test_a_policy_is_legislation_with_its_number_day_and_force(pages: Pages) -> None:
    (law,) = read_graph(find_page(pages, "燃气取暖补贴管理办法"), "Legislation")
    assert law["legislationIdentifier"] == "临政发〔2026〕3号"
    assert law["legislationDate"] == "2026-03-06"
    assert law["legislationPassedBy"]["name"] == "临江市人民政府"
    assert law["legislationLegalForce"] == "https://schema.org/InForce"


def test_a_reprint_names_its_original(pages: Pages) -> None:
    (news,) = read_graph(find_page(pages, "关于发放春季燃气取暖补贴的通知"), "NewsArticle")
    assert news["isBasedOn"] == "https://ranqi-1.linjiang.example/post.html"
    assert news["author"] == news["publisher"] == {"@type": "GovernmentOrganization", "name": "临江市ranqi局"}
    assert news["dateModified"] >= news["datePublished"]
    (own,) = read_graph(find_page(pages, "游泳馆恢复开放的公告"), "NewsArticle")
    assert "isBasedOn" not in own


def test_a_guide_says_where_when_and_by_which_number(pages: Pages) -> None:
    (guide,) = read_graph(find_page(pages, "结婚登记"), "GovernmentService")
    assert guide["hoursAvailable"]["description"] == "工作日"
    assert guide["availableChannel"]["servicePhone"]["telephone"] == "0599-8211231"
    assert guide["availableChannel"]["serviceLocation"]["name"] == "各区婚姻登记处"


def test_only_pages_with_news_may_be_found(pages: Pages) -> None:
    """Withdrawn, expired and merged pages, and those that only help, stay out of search engines."""
    hidden = {
        path for path, page in pages.items() if page.xpath("//meta[@name='robots'][starts-with(@content, 'noindex')]")
    }
    headings = {pages[path].findtext(".//h1") for path in hidden if path.startswith("s/")}
    assert headings == {"报名公告", "本文已于 2026年3月15日 撤回", "这条消息已合并"}
    helping = {path for path in pages if read_path(path).kind in {"lost", "leaving", "search"}}
    assert {path for path in hidden if not path.startswith("s/")} == helping


def test_every_page_names_its_one_address(pages: Pages) -> None:
    for path, page in pages.items():
        canonical = page.xpath("//link[@rel='canonical']/@href")
        if path == "404.html":
            assert canonical == []
        elif page.findtext(".//h1") == "这条消息已合并":
            assert canonical[0].removeprefix(f"{BASE}/") in pages
        else:
            assert canonical == [f"{BASE}/{path}"]
            assert page.xpath("//meta[@property='og:url']/@content") in ([], [f"{BASE}/{path}"])
