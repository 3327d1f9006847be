"""The search page as a resident uses it, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest
from browser_fixtures import browser as browser
from playwright.sync_api import Browser, BrowserContext, Page, expect
from site_fixtures import NOW, ROOT, Item, SmallSite, make_site

TIMEOUT = 60_000
"""Milliseconds after which something hangs."""

POLICY = "临江市灵活就业人员参加医保办法"
CSP = "default-src 'self'; img-src 'self' data:; script-src 'self'"


class Handler(SimpleHTTPRequestHandler):
    """The site below a folder, as some cities have it; its search page under a policy without anything inline."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/portal"))

    def end_headers(self) -> None:
        if "/search" in self.path:
            self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    site = make_site(tmp_path_factory.mktemp("search") / "site")
    site.set_settings(THEME=str(ROOT / "themes" / "portal"))
    notes = [
        Item(f"n{n}", f"第{n}期社区报", (f"本期说说各社区垃圾分类的第{n}种做法。",), NOW - timedelta(days=9 * n))
        for n in range(1, 46)
    ]
    site.set_feed("hedong", *notes)
    site.set_draft(
        "policies/yibao.md",
        ("灵活就业人员可以到任何一个服务窗口参加医保。", "缴费满半年，住院可以报销。"),
        标题=POLICY, 文号="临政发〔2026〕3号", 有效性="有效", 日期="2026-03-01",
    )  # fmt: skip
    site.set_draft(
        "policies/jiufa.md", ("旧办法：医保缴费到原窗口。",), 标题="医保缴费旧办法", 有效性="废止", 日期="2024-05-06"
    )
    site.publish()
    return site


@pytest.fixture(scope="module")
def address(city: SmallSite) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(Path(city.output).resolve())))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/portal"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def context(address: str, browser: Browser) -> Iterator[BrowserContext]:
    # The site before the browser: while that runs, its loop keeps others from running asyncio.
    made = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    made.set_default_timeout(TIMEOUT)
    expect.set_options(timeout=TIMEOUT)
    yield made
    made.close()


def open_page(context: BrowserContext, url: str) -> tuple[Page, list[str]]:
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(url)
    return page, faults


def ask(page: Page, query: str) -> None:
    page.locator("#search input[name=q]").fill(query)
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_have_attribute("aria-busy", "false")


def test_a_resident_searches_from_the_home_page_opens_a_result_and_comes_back(
    context: BrowserContext, address: str
) -> None:
    page, faults = open_page(context, f"{address}/index.html")
    page.locator(".name-card input[name=q]").fill("医保 报销")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    first = page.locator("#results > li").first
    expect(first.locator("a")).to_have_text(POLICY)
    expect(page.locator("#found")).to_contain_text("找到 1 条")
    expect(first.locator("mark").first).to_have_text("医保")
    expect(first).to_contain_text("临政发〔2026〕3号")
    expect(page.locator("#search input[name=q]")).to_have_value("医保 报销")
    first.locator("a").click()
    expect(page.locator("h1")).to_have_text(POLICY)
    page.go_back()
    expect(page.locator("#results > li").first.locator("a")).to_have_text(POLICY)
    assert faults == []


def test_the_address_of_a_search_can_be_shared_with_its_choices(context: BrowserContext, address: str) -> None:
    page, _ = open_page(context, f"{address}/search.html")
    ask(page, "医保")
    expect(page.locator("#results > li")).to_have_count(2)
    page.get_by_label("有效性").select_option("废止")
    expect(page.locator("#results > li")).to_have_count(1)
    other, _ = open_page(context, page.url)
    expect(other.locator("#results a")).to_have_text("医保缴费旧办法")
    expect(other.get_by_label("有效性")).to_have_value("废止")
    other.get_by_label("有效性").select_option("")
    other.get_by_label("年份").select_option("2026")
    expect(other.locator("#results a")).to_have_text(POLICY)
    other.get_by_label("栏目").select_option("services")
    expect(other.locator("#found")).to_contain_text("没有找到")
    expect(other.locator("#found")).to_contain_text("全部")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("靈活就業人員", POLICY),
        ("临政发[2026]3号", POLICY),
        ("臨政發（２０２６）３號", POLICY),
        ("“任何一个服务窗口”", POLICY),
        ("游泳馆恢复开放的公告", "游泳馆恢复开放的公告"),
        ("第7期", "第7期社区报"),
    ],
)
def test_however_it_is_written_it_is_found_first(context: BrowserContext, address: str, query: str, title: str) -> None:
    page, faults = open_page(context, f"{address}/search.html?q={quote(query)}")
    expect(page.locator("#results > li").first.locator("a")).to_have_text(title)
    assert faults == []


def test_all_results_can_be_had_and_the_keyboard_stays_where_they_begin(context: BrowserContext, address: str) -> None:
    page, _ = open_page(context, f"{address}/search.html?q={quote('垃圾分类')}")
    results = page.locator("#results > li")
    expect(results).to_have_count(10)
    expect(page.locator("#found")).to_contain_text("45 条")
    page.locator("#more").focus()
    page.keyboard.press("Enter")
    expect(results).to_have_count(30)
    expect(results.nth(10).locator("a")).to_be_focused()
    page.locator("#more").click()
    expect(results).to_have_count(45)
    expect(page.locator("#found")).to_have_text("找到 45 条。")
    expect(page.locator("#more")).to_be_hidden()
    dates = page.locator("#results time").all_inner_texts()
    assert dates == sorted(dates, reverse=True)


def test_nothing_found_says_how_to_go_on(context: BrowserContext, address: str) -> None:
    page, _ = open_page(context, f"{address}/search.html")
    ask(page, "火星移民")
    expect(page.locator("#found")).to_contain_text("没有找到“火星移民”")
    expect(page.locator("#ways")).to_be_visible()
    ask(page, "，。")
    expect(page.locator("#found")).to_contain_text("请输入")


def test_one_character_is_looked_for_in_titles(context: BrowserContext, address: str) -> None:
    page, _ = open_page(context, f"{address}/search.html?q={quote('桥')}")
    expect(page.locator("#results a")).to_have_text("跨江大桥引道施工期间单车道通行")
    expect(page.locator("#found")).to_contain_text("只查标题")


def test_without_a_network_the_page_says_what_to_do(context: BrowserContext, address: str) -> None:
    page, _ = open_page(context, f"{address}/search.html")
    context.set_offline(True)
    ask(page, "医保")
    expect(page.locator("#found")).to_contain_text("请检查网络")
    context.set_offline(False)
    page.locator("#search button").click()
    expect(page.locator("#results > li")).to_have_count(2)


def test_without_script_the_page_leads_on(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search.html")
    expect(page.get_by_text("现在脚本没有打开")).to_be_visible()
    page.get_by_role("link", name="按月份找").click()
    expect(page.locator("h1")).to_have_text("往期消息")
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_screen_and_everything_large_enough_to_be_hit(
    context: BrowserContext, address: str, width: int
) -> None:
    page, _ = open_page(context, f"{address}/search.html?q={quote('垃圾分类')}")
    page.set_viewport_size({"width": width, "height": 800})
    expect(page.locator("#results > li")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.eval_on_selector_all(
        "main input, main select, main button",
        "all => all.filter(one => one.offsetParent).map(one => one.offsetHeight)",
    )
    assert min(heights) >= 44
