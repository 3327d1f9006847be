"""What the theme's scripts add, in a real browser, under a base path; and what stands without them."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from io import BytesIO

import pytest
import zxingcpp
from browser_fixtures import browser as browser
from http_server import Server, run_server
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from theme_pages import PAGES, THEME, hash_asset, make_environment, render_page

TIMEOUT = 30_000
"""Milliseconds after which something hangs."""

BASE = "/portal"
WECHAT = "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/86.0 Mobile MicroMessenger/8.0.30"

SPEECH = """
window.spoken = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: function () { return []; },
  cancel: function () { window.speaking = null; },
  speak: function (utterance) { window.spoken.push(utterance.text); window.speaking = utterance; },
} });
window.endSentence = function () { window.speaking.onend(); };
"""
"""A voice that says nothing and notes what it is given: a browser without sound has none."""


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    environment = make_environment()
    with run_server() as server:
        for name in ("home", "article", "brief", "feeds"):
            body = render_page(environment, name, root="../" * PAGES[name][1].count("/"))
            server.serve(f"{BASE}/{name}/{PAGES[name][1]}", body.encode(), Content_Type="text/html")
            for file in (THEME / "static").rglob("*"):
                if file.is_file():
                    path = f"{BASE}/{name}/{hash_asset(file.relative_to(THEME / 'static').as_posix())}"
                    kind = mimetypes.guess_type(file.name)[0] or "text/plain"
                    server.serve(path, file.read_bytes(), Content_Type=kind)
        yield server


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    made.set_default_timeout(TIMEOUT)
    made.add_init_script(SPEECH)
    yield made
    made.close()


def open_page(context: BrowserContext, site: Server, name: str) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(site.url(f"{BASE}/{name}/{PAGES[name][1]}"))
    return page


def measure(page: Page, selector: str) -> float:
    size = page.locator(selector).first.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    return float(size)


# Large type ---------------------------------------------------------------------------------------------


def test_large_type_works_without_script(browser: Browser, site: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = open_page(context, site, "article")
    assert measure(page, ".body p") == 17
    page.get_by_text("大字版").click()
    assert (measure(page, ".body p"), measure(page, "h1")) == (22, 29)
    page.get_by_text("大字版").click()
    assert measure(page, ".body p") == 17
    context.close()


def test_large_type_is_a_switch_for_the_keyboard(context: BrowserContext, site: Server) -> None:
    page = open_page(context, site, "article")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Tab")
    switch = page.get_by_role("switch", name="大字版")
    expect(switch).to_be_focused()
    page.keyboard.press("Space")
    expect(switch).to_be_checked()
    assert page.locator(".switch").evaluate("element => getComputedStyle(element).outlineWidth") == "3px"


def test_large_type_is_remembered_and_forgotten_again(context: BrowserContext, site: Server) -> None:
    page = open_page(context, site, "article")
    page.get_by_text("大字版").click()
    home = open_page(context, site, "home")
    assert measure(home, ".lead h3") == 25
    expect(home.get_by_role("link", name="打 12345")).to_be_visible()
    home.get_by_text("大字版").click()
    assert measure(open_page(context, site, "article"), ".body p") == 17


def test_where_nothing_may_be_remembered_the_switch_works_all_the_same(context: BrowserContext, site: Server) -> None:
    """Private windows and embedded browsers refuse the storage."""
    refuse = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    context.add_init_script(refuse)
    page = open_page(context, site, "article")
    page.get_by_text("大字版").click()
    assert measure(page, ".body p") == 22
    expect(page.get_by_role("button", name="听全文")).to_be_visible()


# Menus --------------------------------------------------------------------------------------------------


def test_menus_close_on_escape_and_on_a_click_elsewhere(context: BrowserContext, site: Server) -> None:
    page = open_page(context, site, "home")
    menu = page.locator(".menu details")
    menu.nth(0).locator("summary").click()
    expect(menu.nth(0)).to_have_attribute("open", "")
    menu.nth(1).locator("summary").click()
    expect(menu.nth(0)).not_to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator(".menu details[open]")).to_have_count(0)
    expect(menu.nth(1).locator("summary")).to_be_focused()
    menu.nth(2).locator("summary").click()
    page.locator(".day").first.click()
    expect(page.locator(".menu details[open]")).to_have_count(0)


# Reading aloud ------------------------------------------------------------------------------------------


def test_an_article_is_read_sentence_by_sentence_paused_and_stopped(context: BrowserContext, site: Server) -> None:
    page = open_page(context, site, "brief")
    play, stop = page.locator("[data-speak]"), page.locator("[data-stop]")
    expect(stop).to_be_hidden()
    play.click()
    expect(play).to_have_text("暂停")
    page.evaluate("endSentence()")
    spoken = page.evaluate("spoken")
    assert spoken[0].startswith("栖江市发布人才租房补贴办法")
    assert len(spoken) == 2
    play.click()
    expect(play).to_have_text("继续听")
    play.click()
    assert page.evaluate("spoken")[2:] == spoken[1:]
    stop.click()
    expect(play).to_have_text("听全文")
    expect(stop).to_be_hidden()
    play.click()
    assert page.evaluate("spoken").count(spoken[0]) == 2


def test_all_of_an_article_is_read_and_the_card_too(context: BrowserContext, site: Server) -> None:
    page = open_page(context, site, "brief")
    page.locator("[data-speak]").click()
    page.evaluate("() => { while (window.speaking) endSentence(); }")
    spoken = page.evaluate("spoken")
    assert "毕业 5 年内、无自有住房的高校毕业生，每月可领租房补贴。" in spoken
    assert "博士 2000 元，本科 1200 元" in spoken
    assert max(map(len, spoken)) <= 120
    expect(page.locator("[data-speak]")).to_have_text("听全文")


def test_where_nothing_can_speak_nothing_is_offered(context: BrowserContext, site: Server) -> None:
    context.add_init_script("delete window.SpeechSynthesisUtterance;")
    page = open_page(context, site, "article")
    expect(page.get_by_role("button", name="听全文")).to_be_hidden()
    expect(page.get_by_role("button", name="复制链接")).to_be_visible()


# Copying ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secure", [True, False])
def test_addresses_are_copied_also_without_https(context: BrowserContext, site: Server, secure: bool) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not secure:
        context.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false });")
    page = open_page(context, site, "feeds")
    button = page.get_by_role("button", name="RSS")
    button.click()
    expect(button).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == "https://fabu.qijiang.example/feeds/channel.rss"
    expect(page.get_by_role("status")).to_have_text("已复制")
    article = open_page(context, site, "article")
    article.get_by_role("button", name="复制链接").click()
    expect(article.get_by_role("button", name="已复制")).to_be_visible()
    assert article.evaluate("navigator.clipboard.readText()") == "https://fabu.qijiang.example/s/n1.html"


# WeChat, tables, paper ----------------------------------------------------------------------------------


def test_in_wechat_the_way_out_of_it_stands_out(browser: Browser, context: BrowserContext, site: Server) -> None:
    ground = "element => getComputedStyle(element).backgroundColor"
    hint = open_page(context, site, "article").locator(".in-wechat")
    expect(hint).to_be_visible()
    plain = hint.evaluate(ground)
    inside = browser.new_context(user_agent=WECHAT, viewport={"width": 390, "height": 844})
    assert open_page(inside, site, "article").locator(".in-wechat").evaluate(ground) != plain
    inside.close()


def test_a_table_wider_than_the_page_can_be_moved_by_keyboard(context: BrowserContext, site: Server) -> None:
    page = open_page(context, site, "article")
    frame = page.locator(".body .scroll")
    expect(frame).to_have_attribute("tabindex", "0")
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.scroll').scrollLeft > 0")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    expect(page.locator(".body .scroll")).to_have_count(0)


def test_nothing_moves_when_the_scripts_have_run(context: BrowserContext, site: Server) -> None:
    """What they show keeps its place until then: cumulative layout shift at most 0.02."""
    context.add_init_script(
        "window.shift = 0;"
        "new PerformanceObserver(list => list.getEntries().forEach(one => { window.shift += one.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    for name in ("home", "article", "brief", "feeds"):
        page = open_page(context, site, name)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("shift") <= 0.02, name


def test_paper_has_the_address_and_its_code_and_no_buttons(context: BrowserContext, site: Server) -> None:
    page = open_page(context, site, "article")
    page.emulate_media(media="print")
    expect(page.locator(".qr svg")).to_be_visible()
    expect(page.locator(".page-address")).to_contain_text("https://fabu.qijiang.example/s/n1.html")
    for hidden in (".tools", ".menu", ".switch"):
        expect(page.locator(hidden).first).to_be_hidden()


# The code -----------------------------------------------------------------------------------------------


def test_a_phone_reads_the_code_off_a_screen(context: BrowserContext, site: Server) -> None:
    shot = open_page(context, site, "article").locator(".qr").screenshot()
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(shot)))
    assert found.text == "https://fabu.qijiang.example/s/n1.html"
