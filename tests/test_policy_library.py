"""The library of policies: pages by years, and a filter that reaches them all."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import lxml.html
import pytest
from browser_fixtures import browser as browser
from playwright.sync_api import Browser, Page, expect
from site_fixtures import BRIDGE, NOW, SUBSIDY, SmallSite, make_site

from aggregator.plugins.stories import library

HTML_BUDGET = 15 * 1024


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing of it concerns a test."""


@contextmanager
def serve(site: SmallSite) -> Iterator[str]:
    """The address of the site's tree on a real server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.output.resolve()))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """Policies of three years, of which the front page shows six; one year is too full for a page."""
    site = make_site(tmp_path_factory.mktemp("library") / "site")
    for number in range(18):
        year = (2026, 2025, 2024)[number % 3 if number < 9 else 1]
        site.set_draft(
            f"policies/p{number}.md", (f"第{number}件：" + BRIDGE[1],), 标题=f"临江市第{number}号事项管理办法",
            日期=f"{year}-0{number % 3 + 1}-1{number % 9}", 部门="临江市财政局" if number % 2 else "临江市教育局",
            文号=f"临政发〔{year}〕{number + 1}号", 有效性="废止" if number == 8 else "有效",
        )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "NEWEST", 6)
        patch.setattr(library, "SHELF", 5)
        site.publish()
    return site


def test_a_year_has_a_page_and_a_full_one_leads_to_its_months(shelf: SmallSite) -> None:
    front = lxml.html.fromstring(shelf.read_page("policies/index.html"))
    years = [(link.get("data-year"), link.xpath("string(span)")) for link in front.xpath("//a[@data-year]")]
    assert years == [("2026", "3 份"), ("2025", "12 份"), ("2024", "3 份")]
    assert len(front.xpath("//*[@data-item]")) == 6
    full = lxml.html.fromstring(shelf.read_page("policies/2025.html"))
    parts = full.xpath("//a[@data-part]/@href")
    assert not full.xpath("//*[@data-item]")
    items = [
        item for part in parts for item in lxml.html.fromstring(shelf.read_page(part[3:])).xpath("//*[@data-item]")
    ]
    assert len(items) == 12
    assert len(lxml.html.fromstring(shelf.read_page("policies/2024.html")).xpath("//*[@data-item]")) == 3


def test_a_new_policy_leaves_the_other_years_as_they_are(small_site: SmallSite) -> None:
    for year in ("2025", "2026"):
        small_site.set_draft(
            f"policies/{year}.md", (f"{year}：" + BRIDGE[1],), 标题=f"{year}年的管理办法", 日期=f"{year}-03-01"
        )
    small_site.publish()
    small_site.set_draft("policies/new.md", (BRIDGE[1],), 标题="临江市停车收费办法", 日期="2026-03-01")
    _, report = small_site.publish()
    assert {"policies/index.html", "policies/2026.html", "policies/2026-03.html"} <= {*report.changed_paths}
    assert "policies/2025.html" not in report.changed_paths


def test_a_full_page_of_the_library_keeps_its_budget(small_site: SmallSite) -> None:
    for number in range(130):
        date = f"{NOW - timedelta(days=number // 2):%Y-%m-%d}"
        small_site.set_draft(
            f"policies/p{number}.md", (f"第{number}件：" + BRIDGE[number % 3],), 日期=date, 有效性="有效",
            标题=f"关于印发《临江市{number * 7919 % 997}类{SUBSIDY[number % 4][number % 9 :][:14]}管理办法》的通知",
            文号=f"临政发〔2026〕{number}号", 部门=f"临江市第{number % 12}局", 索引号=f"LJ{number * 31:05}",
        )  # fmt: skip
    small_site.publish()
    for path in ("policies/index.html", *(f"policies/2026-0{month}.html" for month in (1, 2, 3))):
        assert len(gzip.compress(small_site.read_page(path).encode())) <= HTML_BUDGET, path


@pytest.fixture
def front(shelf: SmallSite, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(30_000)
    with serve(shelf) as address:
        page.goto(f"{address}policies/index.html")
        yield page
    page.close()


def test_the_filter_reaches_the_years_that_the_front_page_does_not_show(front: Page) -> None:
    output = front.locator("output")
    expect(output).to_have_text("共 18 份文件，先列出最新的 6 份")
    front.get_by_role("searchbox").fill("第8号事项")
    expect(output).to_have_text("共 1 份文件")
    expect(front.locator("[data-item]:visible")).to_contain_text("临政发〔2024〕9号")
    front.get_by_role("searchbox").fill("")
    front.get_by_label("年份", exact=True).select_option("2025")
    expect(output).to_have_text("共 12 份文件")
    front.get_by_label("发文机关").select_option("临江市财政局")
    expect(output).to_have_text(f"共 {front.locator('[data-item]:visible').count()} 份文件")
    expect(front.locator("[data-item]:visible", has_text="教育局")).to_have_count(0)
    front.get_by_label("有效性").select_option("废止")
    expect(output).to_contain_text("没有找到")
    front.wait_for_url("**year=2025**")
    front.reload()
    expect(front.get_by_label("年份", exact=True)).to_have_value("2025")


def test_without_a_script_the_years_are_there_and_no_form(shelf: SmallSite, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    with serve(shelf) as address:
        page = context.new_page()
        page.goto(f"{address}policies/index.html")
        expect(page.locator("form.filter")).to_be_hidden()
        page.get_by_role("link", name="2024年").click()
        expect(page.locator("[data-item]")).to_have_count(3)
    context.close()
