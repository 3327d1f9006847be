"""The directory of accounts as residents use it, in a browser: typed, chosen, without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from browser_fixtures import browser as browser
from playwright.sync_api import Browser, Page, expect
from site_fixtures import SmallSite

from aggregator.plugins.stories import directory

Open = Callable[..., Page]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Tests print nothing."""


ACCOUNTS: dict[str, dict[str, object]] = {
    "gongan": {"name": "栖江公安", "organization": "栖江市公安局", "region": "栖江市"},
    "renshe": {"name": "栖江人社", "organization": "栖江市人力资源和社会保障局", "region": "栖江市",
               "platform": "website"},
    "wanghu": {"name": "望湖街道", "organization": "江北区望湖街道办事处", "region": "江北区", "kind": "town"},
    "changshou": {"name": "长寿微讯", "organization": "长寿区人民政府", "region": "长寿区", "kind": "county"},
    "jiuju": {"name": "旧局之窗", "organization": "栖江市旧局", "status": "merged", "successor": "gongan",
              "closed_on": "2026-01-31", "notice": "https://www.linjiang.example/n.html"},
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Of two sites' directories. They are published before a browser runs, beside which nothing else may."""
    root = tmp_path_factory.mktemp("directory")
    for name, rows in (("one", 100), ("many", 2)):
        site = SmallSite(root / name).set_up()
        for account, values in ACCOUNTS.items():
            site.set_account(account, feeds=[], **values)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(directory, "ROWS", rows)
            patch.setattr(directory, "FIRST", 1)
            site.publish()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        base = f"http://127.0.0.1:{server.server_port}"
        yield {name: f"{base}/{name}/output/accounts/index.html" for name in ("one", "many")}
        server.shutdown()
        thread.join()


@pytest.fixture(params=["one", "many"])
def published(request: pytest.FixtureRequest, addresses: dict[str, str]) -> str:
    """Address of a directory of one page, and of one whose search reads a file."""
    return addresses[str(request.param)]


@pytest.fixture
def page(browser: Browser, published: str) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 390, "height": 800}) as page:
        page.goto(published)
        yield page


def expect_shown(page: Page, *names: str) -> None:
    expect(page.locator(".accounts h3 a:visible")).to_have_text(list(names), timeout=30_000)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("qjsgaj", "栖江公安"),
        ("gongan", "栖江公安"),
        ("changshou", "长寿微讯"),
        ("zhangshou", "长寿微讯"),
        ("人力资源", "栖江人社"),
        ("江北 jd", "望湖街道"),
        ("ＪＪＺＣ", "旧局之窗"),
    ],
)
def test_an_account_is_found_by_what_is_typed(page: Page, typed: str, name: str) -> None:
    page.fill(".filter [name=q]", typed)
    expect_shown(page, name)
    expect(page.locator("output")).to_have_text("共 1 个账号")


def test_kind_region_and_platform_narrow_what_is_shown(page: Page) -> None:
    page.select_option("[name=kind]", "市级部门")
    expect_shown(page, "栖江公安", "栖江人社", "旧局之窗")
    page.select_option("[name=platform]", "网站")
    expect_shown(page, "栖江人社")
    page.click("[type=reset]")
    page.select_option("[name=region]", "江北区")
    expect_shown(page, "望湖街道")
    page.click(".accounts h3 a:visible")
    assert page.url.endswith("/accounts/wanghu/index.html")


def test_what_is_not_there_is_said(page: Page) -> None:
    page.fill(".filter [name=q]", "不存在的账号")
    expect(page.locator("output")).to_have_text("没有找到，请换个词，或少选一个条件。", timeout=30_000)


def test_an_address_with_a_query_can_be_passed_on(page: Page) -> None:
    page.goto(page.url + "?q=qjrs")
    expect_shown(page, "栖江人社")


def test_without_its_file_the_search_says_that_it_saw_this_page_alone(browser: Browser, published: str) -> None:
    with browser.new_page() as page:
        page.route("**/directory.json", lambda route: route.abort())
        page.goto(published)
        page.fill(".filter [name=q]", "望湖街道")
        expect_shown(page, "望湖街道")
        whole = page.locator("form[data-table]").count() == 0
        expect(page.locator("output")).to_have_text(
            "共 1 个账号" + ("" if whole else "（没能读到全部账号，只在本页里找）"), timeout=30_000
        )


def test_all_accounts_are_reached_without_script(browser: Browser, published: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(published)
    expect(page.locator("form.filter")).to_be_hidden()
    addresses = {str(link.get_attribute("href")).partition("#")[0] for link in page.locator("main nav a").all()} - {""}
    names = set(page.locator(".accounts h3 a").all_inner_texts())
    for address in sorted(addresses):
        page.goto(published.replace("accounts/index.html", address.removeprefix("../")))
        names |= set(page.locator(".accounts h3 a").all_inner_texts())
    assert names == {"栖江公安", "栖江人社", "望湖街道", "长寿微讯", "旧局之窗", "编辑部"}
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_scrolls_sideways_and_targets_are_large_enough(browser: Browser, published: str, width: int) -> None:
    with browser.new_page(viewport={"width": width, "height": 800}) as page:
        page.goto(published)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for part in page.locator("main :is(input, select, button, .jumps a, .after-it a):visible").all():
            box = part.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["width"] >= 44
