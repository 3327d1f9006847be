"""What search engines, readers of feeds and other people's pages get: sitemap, robots.txt, OPML, embedded pages."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import lxml.html
import pytest
from site_fixtures import BASE, LIBRARY, NOW, ROOT, SWIMMING, Item, SmallSite, find_target

from aggregator.artifacts import companions
from aggregator.plugins.stories import sitemaps

MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read_places(site: SmallSite, path: str) -> dict[str, str | None]:
    """Path in the site -> lastmod, of a sitemap or its index."""
    tree = ElementTree.parse(site.output / path)  # noqa: S314 - our own file
    return {
        place.findtext(f"{MAPS}loc", "").removeprefix(f"{BASE}/"): place.findtext(f"{MAPS}lastmod")
        for place in tree.getroot()
    }


def read_all(site: SmallSite) -> dict[str, str | None]:
    return {page: at for part in read_places(site, "sitemap.xml") for page, at in read_places(site, part).items()}


def is_indexable(file: Path) -> bool:
    return 'name="robots" content="noindex"' not in file.read_text(encoding="utf-8")


def test_the_sitemap_has_every_article_that_may_be_found_and_no_other(small_site: SmallSite) -> None:
    small_site.set_draft("notices/x.md", LIBRARY[1:], 标题="限时", 日期="2026-03-19", 下线="2026-03-19 18:00")
    small_site.set_draft("notices/y.md", SWIMMING[1:], 标题="撤回的", 日期="2026-03-19", 撤回="2026-03-19")
    small_site.publish()
    places = read_all(small_site)
    stories = {f"s/{file.name}" for file in (small_site.output / "s").iterdir() if is_indexable(file)}
    assert {page for page in places if page.startswith("s/")} == stories
    assert len(stories) == 7
    assert all(page == "" or is_indexable(small_site.output / page) for page in places)
    assert {"", "archive/index.html", "accounts/fabu/index.html", "departments/ranqi/index.html"} <= places.keys()


def test_lastmod_is_when_the_content_changed_and_not_when_the_site_was_built(small_site: SmallSite) -> None:
    page = small_site.stories()["少儿图书馆绘本区焕新"]["url"].removeprefix(f"{BASE}/")
    small_site.build(NOW + timedelta(days=3), full=True)
    assert read_all(small_site)[page] == "2026-02-08T12:00:00+08:00"
    assert read_places(small_site, "sitemap.xml")["sitemap-2026-02.xml"] == "2026-02-08T12:00:00+08:00"
    small_site.set_feed("hedong", Item("hedong-1", "少儿图书馆绘本区焕新", SWIMMING[1:], NOW - timedelta(days=40)))
    small_site.publish(NOW + timedelta(days=4))
    assert read_all(small_site)[page] == "2026-03-24T12:00:00+08:00"
    assert read_places(small_site, "sitemap.xml")["sitemap-2026-02.xml"] == "2026-03-24T12:00:00+08:00"


def test_a_month_of_too_many_addresses_has_several_files(
    small_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_all(small_site)
    for module in (companions, sitemaps):
        monkeypatch.setattr(module, "PART", 3)
    small_site.build(full=True)
    assert "sitemap-2026-03.2.xml" in read_places(small_site, "sitemap.xml")
    assert len(read_places(small_site, "sitemap-2026-03.xml")) == 3
    assert read_all(small_site) == before
    for title in ("甲", "乙", "丙"):
        small_site.set_draft(f"notices/{title}.md", (title * 30,), 标题=title, 日期="2026-03-18")
    small_site.publish()
    assert "sitemap-2026-03.3.xml" in read_places(small_site, "sitemap.xml")
    assert len(read_all(small_site)) == len(before) + 3


def test_robots_txt_names_the_sitemap_and_what_staff_disallow(small_site: SmallSite) -> None:
    assert small_site.read_page("robots.txt") == f"User-agent: *\nDisallow:\n\nSitemap: {BASE}/sitemap.xml\n"
    small_site.set_settings(ROBOTS_DISALLOW=("/embed/", "/api/"))
    small_site.build()
    assert "Disallow: /embed/\nDisallow: /api/\n" in small_site.read_page("robots.txt")


def test_search_engines_are_told_nothing_where_the_site_says_so(small_site: SmallSite) -> None:
    small_site.set_settings(SEARCH_ENGINES=False, OPML=False, EMBED=False)
    small_site.build()
    left = {file.name for file in small_site.output.iterdir()}
    assert not {name for name in left if name.startswith(("sitemap-", "robots", "embed", "sitemap.xml"))}
    assert not (small_site.output / "feeds" / "channel.opml").exists()
    small_site.set_settings(SEARCH_ENGINES=True)
    small_site.build()
    assert (small_site.output / "sitemap-2026-03.xml").exists()


def test_the_list_of_feeds_names_feeds_that_are_there_each_once(small_site: SmallSite) -> None:
    small_site.set_settings(SITENAME='临江"发布" & <服务>')
    small_site.build()
    tree = ElementTree.parse(small_site.output / "feeds" / "channel.opml")  # noqa: S314 - our own file
    outlines = [one for one in tree.iter("outline") if one.get("type") == "rss"]
    feeds = [one.get("xmlUrl", "").removeprefix(f"{BASE}/") for one in outlines]
    assert "feeds/channel.atom" in feeds
    assert len(feeds) == len(set(feeds))
    assert all((small_site.output / feed).is_file() for feed in feeds)
    assert tree.findtext("head/title") == '临江"发布" & <服务>'


def test_an_embedded_page_has_no_script_and_leads_out_of_its_frame(small_site: SmallSite) -> None:
    for name in ("index", "notices", "accounts/fabu"):
        page = f"embed/{name}.html"
        root = lxml.html.document_fromstring((small_site.output / page).read_bytes())
        assert not root.xpath("//script | //iframe | //@style")
        links = root.xpath("//a")
        assert len(links) > 2, name
        assert {link.get("target") for link in links} == {"_top"}
        targets = {find_target(page, link, BASE) for _, _, link, _ in root.iterlinks()}
        assert all((small_site.output / str(target)).is_file() for target in targets)
        assert not is_indexable(small_site.output / page)


def test_an_embedded_page_shows_the_ten_newest(small_site: SmallSite) -> None:
    for number in range(12):
        text = "".join(chr(0x4E00 + (number * 977 + place * 31) % 9000) for place in range(80))
        day = f"2026-03-{number + 4:02}"
        small_site.set_draft(f"notices/n{number}.md", (text,), 标题=f"第{number}号公告", 日期=day)
    small_site.publish()
    page = small_site.read_page("embed/notices.html")
    dates = re.findall(r'<time datetime="([^"]+)"', page)
    assert re.findall(r'target="_top">(第\d+号公告)<', page)[:2] == ["第11号公告", "第10号公告"]
    assert len(dates) == 10
    assert dates == sorted(dates, reverse=True)


def test_the_code_for_other_peoples_pages_is_documented() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert '<iframe src="https://' in text
    assert "frame-ancestors" in text
