"""The directory of accounts: which page shows which, and what a publish of one post costs there."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_fixtures import BRIDGE, LIBRARY, NOW, SUBSIDY, SWIMMING, Item, SmallSite

from aggregator.model import Account
from aggregator.plugins.stories import directory, tabs
from aggregator.plugins.stories.directory import FRONT, STOPPED, TABLE, arrange_directory, list_pages_of
from aggregator.plugins.stories.planning import registered

BUDGET = 15 * 1024
"""Of a page after gzip, in bytes."""
NOTICE = Item("t-1", "关于发放春季燃气取暖补贴的通知", SUBSIDY)
NEWS = Item("t-2", "少儿图书馆绘本区焕新", LIBRARY, NOW - timedelta(days=8))

accounts = st.lists(
    st.builds(
        Account, id=st.uuids().map(str), name=st.just("甲"), organization=st.just("乙"), platform=st.just("wechat"),
        kind=st.sampled_from(("department", "town")), region=st.sampled_from(("", "江北区", "江南区")),
        status=st.sampled_from(("active", "active", "closed")),
    ),
    max_size=30,
)  # fmt: skip


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of many pages with a handful of accounts, from the next change of the registry on."""
    monkeypatch.setattr(directory, "ROWS", 2)
    monkeypatch.setattr(directory, "FIRST", 1)


def read_page(site: SmallSite, path: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(site.read_page(path))


def list_names(site: SmallSite, path: str) -> list[str]:
    return [link.text for link in read_page(site, path).xpath("//ul[contains(@class, 'accounts')]//h3/a[@href]")]


# Pages --------------------------------------------------------------------------------------------------------


@given(accounts, st.integers(1, 8))
def test_every_account_is_on_one_page_and_no_page_has_more_than_it_holds(listed: list[Account], rows: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directory, "ROWS", rows)
        made = arrange_directory(listed)
        assert made.pages.keys() == {account.id for account in listed}
        pages = [page for chapter in made.summary["chapters"] for page in list_pages_of(chapter)]
        assert {*made.pages.values()} == ({*pages} if len(listed) > rows else {FRONT} if listed else set())
        assert all(list(made.pages.values()).count(page) <= rows for page in pages)


def test_few_accounts_are_one_page_by_kind_with_those_that_stopped_last(small_site: SmallSite) -> None:
    small_site.set_account("ranqi", status="merged", successor="fabu", closed_on="2026-03-01",
                           notice="https://www.linjiang.example/n.html")  # fmt: skip
    small_site.publish()
    assert list_names(small_site, FRONT) == ["临江fabu", "临江hedong", "编辑部", "临江ranqi"]
    page = read_page(small_site, FRONT)
    (row,) = page.xpath("//h2[@id='stopped']/following-sibling::ul/li")
    assert "已合并2026-03-01微信公众号" in " ".join(row.text_content().split())
    assert row.xpath(".//p[@class='after-it']/a/@href") == [
        "../accounts/fabu/index.html", "https://www.linjiang.example/n.html",
    ]  # fmt: skip
    assert not (small_site.output / TABLE).exists()


def test_rows_tell_kind_region_platform_organisation_and_the_latest_post(small_site: SmallSite) -> None:
    row = read_page(small_site, FRONT).xpath("//li[.//a[text()='临江ranqi']]")[0]
    assert " ".join(row.text_content().split()).endswith(
        "临江ranqi 临江市ranqi局 微信公众号临江市 2026年3月11日 关于发放春季燃气取暖补贴的通知"
    )
    assert (row.get("data-kind"), row.get("data-text")) == (
        "市级部门",
        "linjiangshiranqiju linjiangranqi ljsranqij ljranqi",
    )


@pytest.mark.usefixtures("few_rows")
def test_many_accounts_have_a_page_for_each_kind_and_are_all_reached_without_script(small_site: SmallSite) -> None:
    small_site.set_account("jiuzhan", status="closed")
    small_site.set_account("yijian")
    small_site.publish()
    front = read_page(small_site, FRONT)
    assert list_names(small_site, FRONT) == ["临江ranqi", "临江hedong", "编辑部"]
    links = {link.partition("#")[0] for link in front.xpath("//main//nav//a/@href")}
    pages = {link.removeprefix("../") for link in links} - {""}
    assert pages == {
        "accounts/kind-department.html", "accounts/kind-town.html", "accounts/kind-local.html", "accounts/stopped.html",
    }  # fmt: skip
    assert list_names(small_site, "accounts/kind-department.html") == ["临江ranqi", "临江fabu"]
    assert list_names(small_site, "accounts/kind-department-2.html") == ["临江yijian"]
    assert list_names(small_site, STOPPED) == ["临江jiuzhan"]


@pytest.mark.usefixtures("few_rows")
def test_the_search_file_has_all_accounts_and_their_pinyin(small_site: SmallSite) -> None:
    small_site.set_account("gongan", name="临江公安", organization="临江市公安局", status="closed")
    small_site.publish()
    table = json.loads((small_site.output / TABLE).read_text(encoding="utf-8"))
    rows = {row[0]: dict(zip(table["fields"], row, strict=True)) for row in table["rows"]}
    assert list(rows) == ["ranqi", "fabu", "hedong", "gongan", "local"]
    assert {"linjianggongan", "ljsgaj"} <= {*rows["gongan"]["text"].split()}
    assert table["tables"]["state"][rows["gongan"]["state"]] == "已停更"


# What a change costs ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("few_rows")
def test_a_new_post_renders_the_directory_page_that_shows_its_account_and_no_other(small_site: SmallSite) -> None:
    small_site.set_account("fabu", phone="12345")
    small_site.publish()
    small_site.set_feed("fabu", Item("fabu-9", "游泳馆设备更换完成", SWIMMING, NOW - timedelta(hours=1)))
    _, report = small_site.publish()
    assert [path for path in report.changed_paths if path.count("/") == 1 and path.startswith("accounts/")] == [
        "accounts/kind-department.html"
    ]
    small_site.set_feed("hedong", Item("hedong-9", "跨江大桥单车道通行", BRIDGE, NOW - timedelta(hours=1)))
    _, report = small_site.publish()
    shown = {path for path in report.changed_paths if path.count("/") == 1 and path.startswith("accounts/")}
    assert shown == {FRONT, "accounts/kind-town.html"}


@pytest.mark.usefixtures("few_rows")
def test_an_account_that_left_the_registry_is_among_those_that_stopped(small_site: SmallSite) -> None:
    small_site.set_account("fabu", phone="12345")
    small_site.publish()
    assert not (small_site.output / STOPPED).exists()
    del small_site.accounts["hedong"]
    small_site.write_registry()
    small_site.publish()
    assert list_names(small_site, STOPPED) == ["hedong"]
    assert "../accounts/stopped.html" in read_page(small_site, FRONT).xpath("//main//nav//a/@href")


def test_names_are_spelled_once(small_site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    spelled: list[tuple[str, ...]] = []

    def spell(names: tuple[str, ...]) -> str:
        spelled.append(names)
        return "pinyin"

    monkeypatch.setattr(registered, "spell_names", spell)
    small_site.set_feed("fabu", NEWS)
    small_site.publish()
    assert spelled == []
    small_site.set_account("fabu", phone="12345")
    small_site.publish()
    assert spelled == [("临江fabu", "临江市fabu局", "临江市")]


# An account's page --------------------------------------------------------------------------------------------


def test_an_account_page_has_a_tab_for_each_type_it_posts(small_site: SmallSite) -> None:
    small_site.set_feed("tongzhi", NOTICE, NEWS)
    small_site.publish()
    path = "accounts/tongzhi/index.html"
    nav = read_page(small_site, path).xpath("//nav[@aria-label='按类型看']/a")
    assert [(link.text, link.get("href")) for link in nav] == [
        ("全部", "../../accounts/tongzhi/index.html"),
        ("通知公告", "../../accounts/tongzhi/notices.html"),
        ("要闻动态", "../../accounts/tongzhi/news.html"),
    ]
    titles = read_page(small_site, "accounts/tongzhi/notices.html").xpath("//ol//h3/a/text()")
    assert titles == [NOTICE.title]
    small_site.set_feed("tongzhi", NOTICE, Item("t-2", "关于图书馆焕新的通知", LIBRARY, NEWS.date))
    _, report = small_site.publish()
    assert {"accounts/tongzhi/notices.html", "accounts/tongzhi/news.html"} <= {*report.removed_paths}


def test_tabs_look_among_the_newest_and_no_further(small_site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "WINDOW", 1)
    small_site.set_feed("tongzhi", NOTICE, NEWS)
    small_site.publish()
    assert not read_page(small_site, "accounts/tongzhi/index.html").xpath("//nav[@aria-label='按类型看']")


def test_an_account_page_tells_what_it_is_called_and_when_it_was_opened(small_site: SmallSite) -> None:
    small_site.set_account("fabu", handle="linjiang-fabu", opened_on="2019-05-01", phone="0599-1")
    small_site.publish()
    (profile,) = read_page(small_site, "accounts/fabu/index.html").xpath("//header[@class='panel profile']")
    text = " ".join(profile.text_content().split())
    assert "微信公众号 linjiang-fabu" in text
    assert "2019-05-01 开设" in text


# Size ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def make_city(tmp_path: Path) -> Callable[[int], SmallSite]:
    def make(count: int) -> SmallSite:
        site = SmallSite(tmp_path / "city").set_up()
        site.accounts = {
            f"a{n}": {
                "id": f"a{n}", "name": f"{chr(0x4E00 + n)}{chr(0x5E00 + n * 7 % 5000)}发布",
                "organization": f"临江市{chr(0x4E00 + n)}{chr(0x6E00 + n * 11 % 5000)}街道办事处",
                "platform": "website",
                "kind": "department" if n % 5 == 0 else "town", "region": f"{chr(0x5200 + n % 12)}区",
                "feeds": [],
            }
            for n in range(count)
        }  # fmt: skip
        site.write_registry()
        site.publish()
        return site

    return make


def test_pages_of_five_thousand_accounts_keep_their_budget(make_city: Callable[[int], SmallSite]) -> None:
    site = make_city(5000)
    pages = list((site.output / "accounts").glob("*.html"))
    assert len(pages) > 50
    assert max(len(gzip.compress(page.read_bytes())) for page in pages) <= BUDGET
    listed = {name for page in pages for name in re.findall(r"accounts/(a\d+)/index", page.read_text(encoding="utf-8"))}
    assert len(listed) == 5000
