"""The theme: what every page must be, read as a specification. Fixtures and context are in theme_fixtures
and theme_pages."""

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
from theme_pages import (
    PAGES,
    SITE,
    THEME,
    list_links,
    list_metas,
    make_environment,
    read_text,
    render_page,
    render_pages,
)

PAGE_NAMES = tuple(PAGES)
CONTENT_PAGES = ("article", "brief", "service-brief", "article-bare", "policy", "policy-void", "service", "page")
COLUMN_PAGES = (
    "list", "month", "full-month", "channel-month", "archive", "policies", "services", "account", "accounts",
    "feeds",
)  # fmt: skip
OPTIONAL_SETTINGS = (
    "SITEURL", "ORGANIZER", "UNDERTAKER", "SITE_ID_CODE", "ICP", "POLICE_RECORD", "HOTLINE", "CONTACT", "DESCRIPTION",
)  # fmt: skip
OUTSIDE = ("https://", "http://")

# Budgets of the design, in bytes after gzip.
HTML_BUDGET = 15 * 1024


@pytest.fixture(scope="module")
def environment() -> jinja2.Environment:
    return make_environment()


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return render_pages()


@pytest.fixture(scope="module")
def pages(sources: dict[str, str]) -> dict[str, lxml.html.HtmlElement]:
    return {name: lxml.html.document_fromstring(source) for name, source in sources.items()}


# Every page ---------------------------------------------------------------------------------------------


def test_every_template_has_a_page_here() -> None:
    """A template that no fixture renders would be untested."""
    templates = {path.name for path in (THEME / "templates").glob("*.html")} - {"base.html", "list_base.html"}
    # No page of the site itself: tests/test_portals.py has it.
    templates.remove("embed.html")
    assert {template for template, *_ in PAGES.values()} == templates


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_renders_without_any_optional_setting(environment: jinja2.Environment, name: str) -> None:
    """Undefined names are errors here; an empty setting leaves no empty shell behind."""
    source = render_page(environment, name, **dict.fromkeys(OPTIONAL_SETTINGS, ""), menu=(), footer=())
    page = lxml.html.document_fromstring(source)
    assert not re.search(r"主办：|承办：|网站标识码|联系方式：", read_text(page, "//footer"))
    assert 'content=""' not in source
    if name != "redirect":
        assert not page.xpath("//link[@rel='canonical']")


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_declares_language_charset_and_title(sources: dict[str, str], pages: dict, name: str) -> None:
    assert sources[name].startswith('<!doctype html>\n<html lang="zh-CN">')
    assert '<meta charset="utf-8">' in sources[name][:1024]
    assert SITE["SITENAME"] in pages[name].findtext(".//title")


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
    page = lxml.html.document_fromstring(render_page(environment, name, root="ROOT/", SITEURL=""))
    body = page.xpath("//div[contains(@class, 'body')]")
    for element in page.xpath("//*[@href or @src]"):
        if body and body[0] in element.iterancestors():
            continue
        address = element.get("href") or element.get("src")
        assert address.startswith(("ROOT/", "#", "tel:", "mailto:", *OUTSIDE)), address
        assert not address.startswith(("ROOT//", "ROOT/http", "ROOT/ROOT")), address


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_pictures_have_size_and_alternative_text(pages: dict, name: str) -> None:
    """Width and height are always set, so that nothing jumps while loading."""
    for image in pages[name].xpath("//img"):
        assert min(int(image.get("width")), int(image.get("height"))) > 0
        assert image.get("alt") is not None


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_has_nothing_inline_and_nothing_from_elsewhere(pages: dict, name: str) -> None:
    """So that a Content-Security-Policy may forbid it. Only a story's own cover may lie elsewhere, and its host learns
    nothing of the reader. JSON-LD is no script."""
    page = pages[name]
    assert not page.xpath("//iframe|//style|//@style|//@*[starts-with(name(), 'on')]")
    for script in page.xpath("//script[not(@type='application/ld+json')]"):
        assert (script.text, "defer" in script.attrib) == (None, True)
        assert script.get("src").removeprefix(PAGES[name][2]).startswith("theme/")
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
        header={**dict.fromkeys(("文号", "联系电话", "图标", *city.CARD), HOSTILE), "有效性": "废止"},
        copies=tuple(replace(copy, title=HOSTILE, account=account) for copy in city.ARTICLE.copies),
        attachments=(city.Attachment("a/b.pdf", HOSTILE),),
    )
    changes: dict[str, object] = {
        "article": article, "articles": (article,), "account": account, "services": (article,), "reason": HOSTILE,
        "days": (city.Day(article.date.date(), (article, article)),), "heading": HOSTILE, "intro": HOSTILE,
        "groups": (city.AccountGroup(HOSTILE, (account,), HOSTILE),) if name.startswith("accounts")
        else ((HOSTILE, (article,)),),
        "spelled": {account.id: HOSTILE}, "choices": (("kind", HOSTILE, (HOSTILE, "乙")),), "kinds": ((HOSTILE, 1),),
    }  # fmt: skip
    if name == "list":
        changes["column"] = city.NOTICES
    source = render_page(environment, name, **changes)
    # What describes the page to machines is data, and nothing within it ends or begins an element.
    own = r'<script( type="application/ld\+json">[^<>&]*| src="[\w./]+" defer[^<>]*>)</script>'
    assert "<script" not in re.sub(own, "", source)
    page = lxml.html.document_fromstring(source)
    if name in CONTENT_PAGES:
        assert page.findtext(".//h1") == HOSTILE
        assert list_metas(page)["ArticleTitle"] == HOSTILE


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
        render_page(environment, "service", article=article),
        render_page(environment, "account", account=account),
        render_page(environment, "page", article=article, root=""),
    ):
        assert not [
            href for href in list_links(lxml.html.document_fromstring(source)) if href.startswith("javascript:")
        ]


# META tags ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_every_page_names_the_site(pages: dict, name: str) -> None:
    """国办发〔2017〕47号, annex: SiteName, SiteDomain, SiteIDCode on every page."""
    tags = list_metas(pages[name])
    assert tags["SiteName"] == "栖江发布"
    assert tags["SiteDomain"] == "fabu.qijiang.example"
    assert tags["SiteIDCode"] == "3300000000"


@pytest.mark.parametrize("name", COLUMN_PAGES)
def test_column_pages_describe_their_column(pages: dict, name: str) -> None:
    tags = list_metas(pages[name])
    assert all(tags[key] for key in ("ColumnName", "ColumnType", "ColumnDescription", "ColumnKeywords"))
    assert "ArticleTitle" not in tags


@pytest.mark.parametrize("name", CONTENT_PAGES)
def test_content_pages_state_what_they_show(pages: dict, name: str) -> None:
    """D3, D4: the title, date and source of the tags are those the reader sees."""
    page, tags = pages[name], list_metas(pages[name])
    assert tags["ArticleTitle"] == page.findtext(".//h1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", tags["PubDate"])
    assert f"来源：{tags['ContentSource']}" in read_text(page)
    assert tags["ColumnName"]
    assert "ColumnDescription" not in tags
    if name != "page":
        assert tags["PubDate"] in read_text(page)


def test_home_has_no_column_tags(pages: dict) -> None:
    assert not [name for name in list_metas(pages["home"]) if name.startswith("Column")]


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_address_of_the_page_is_stated_once(pages: dict, name: str) -> None:
    canonical = pages[name].xpath("//link[@rel='canonical']/@href")
    here = city.EXPLANATION.url if name == "redirect" else PAGES[name][1]
    assert canonical == ([] if name == "404" else [f"https://fabu.qijiang.example/{here}"])


@pytest.mark.parametrize("name", ["withdrawn", "redirect", "404", "leaving"])
def test_pages_without_news_stay_out_of_search_engines(pages: dict, name: str) -> None:
    assert list_metas(pages[name])["robots"] == "noindex"


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
