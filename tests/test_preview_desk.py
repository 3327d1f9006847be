"""The whole desk in a real browser: what waits is chosen, a draft is copied for WeChat, printed and reviewed."""

from __future__ import annotations

import getpass
from collections.abc import Iterator

import pytest
from browser_fixtures import browser as browser
from playwright.sync_api import Browser, Page, expect
from preview_fixtures import Preview, run_preview
from selection_fixtures import reviewed as reviewed
from selection_fixtures import site as site
from site_fixtures import SmallSite

TIMEOUT = 60_000
"""Milliseconds after which something hangs."""

DRAFT = "---\n标题: 滨江路停水通知\n日期: 2026-03-18\n---\n\n滨江路停水，见[供水公司](https://water.example/)。\n"


@pytest.fixture(scope="module", autouse=True)
def ready(reviewed: SmallSite) -> None:
    """The site is made before there is a browser, whose loop keeps others in this process from running."""


@pytest.fixture
def preview(site: SmallSite) -> Iterator[Preview]:
    with run_preview(site.root) as running:
        yield running


@pytest.fixture
def page(browser: Browser, preview: Preview) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.set_default_timeout(TIMEOUT)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=preview.base)
    opened = context.new_page()
    opened.goto(preview.address)
    yield opened
    context.close()


def write_draft(site: SmallSite, text: str = DRAFT) -> str:
    (site.root / "content" / "notices" / "tingshui.md").write_text(text, encoding="utf-8")
    return "notices/tingshui.md"


def test_what_is_accepted_is_on_the_site_at_once(site: SmallSite, preview: Preview, page: Page) -> None:
    first = page.locator("section[aria-labelledby=waiting] .cards li").first
    expect(first.locator(".merits")).not_to_be_empty()
    page.get_by_role("link", name="老街的春天来了").click()
    page.get_by_role("button", name="采用", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("已采用《老街的春天来了》", timeout=TIMEOUT)
    expect(page.locator("#frame, #report")).to_have_count(0)
    page.get_by_role("link", name="看这一页").click()
    expect(page.locator("h1")).to_contain_text("老街的春天来了")
    assert "老街的春天来了" in site.stories()
    assert "[[accept]]" in site.site.editorial.read_text(encoding="utf-8")
    page.goto(preview.base)
    expect(page.locator("#list")).not_to_contain_text("老街的春天来了")


def test_what_is_rejected_needs_a_reason_and_leaves_the_inbox(site: SmallSite, page: Page) -> None:
    page.get_by_role("link", name="老街的春天来了").click()
    page.get_by_role("button", name="不采用").click()
    expect(page.locator("#answer")).to_have_text("请先写原因。", timeout=TIMEOUT)
    page.get_by_label("原因").fill("与本市无关")
    page.get_by_role("button", name="不采用").click()
    expect(page.locator("#answer")).to_contain_text("不采用《老街的春天来了》", timeout=TIMEOUT)
    assert 'reason = "与本市无关"' in site.site.editorial.read_text(encoding="utf-8")
    page.get_by_role("link", name="回到稿件台").click()
    expect(page.locator("#list")).not_to_contain_text("老街的春天来了")


def test_what_is_to_be_rewritten_becomes_a_draft_in_the_desk(site: SmallSite, page: Page) -> None:
    page.get_by_role("link", name="老街的春天来了").click()
    page.get_by_role("button", name="改写成稿件").click()
    page.get_by_role("link", name="打开这篇稿件").click()
    expect(page.locator("h1")).to_have_text("老街的春天来了", timeout=TIMEOUT)
    name = page.locator(".file").inner_text().strip()
    assert "老街的春天来了" in (site.root / name).read_text(encoding="utf-8")


def test_what_somebody_else_decided_meanwhile_is_told(site: SmallSite, page: Page) -> None:
    page.get_by_role("link", name="老街的春天来了").click()
    assert site.run("accept", "jiedao:chun-1").status == 0
    page.get_by_role("button", name="采用", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("已经由", timeout=TIMEOUT)


def test_a_draft_is_copied_for_wechat_and_printed_for_the_board(site: SmallSite, preview: Preview, page: Page) -> None:
    page.goto(f"{preview.base}/draft?path={write_draft(site)}")
    page.get_by_role("button", name="复制到微信").click()
    expect(page.locator("#answer")).to_contain_text("正文已复制", timeout=TIMEOUT)
    copied = page.evaluate("async () => (await (await navigator.clipboard.read())[0].getType('text/html')).text()")
    assert "style=" in copied
    assert "[1]" in copied
    assert "class=" not in copied
    folder = site.root / "微信-滨江路停水通知"
    assert {"正文.html", "说明.txt", "封面-900x383.jpg"} <= {one.name for one in folder.iterdir()}
    with page.expect_popup() as opened:
        page.get_by_role("button", name="打印公告栏").click()
    expect(opened.value.locator("h1")).to_contain_text("滨江路停水通知", timeout=TIMEOUT)
    assert opened.value.locator("svg").count() == 1


def test_a_draft_is_reviewed_by_the_person_at_the_machine_once(site: SmallSite, preview: Preview, page: Page) -> None:
    site.site.editorial.write_text("[review]\nrequired = true\n", encoding="utf-8")
    page.goto(f"{preview.base}/draft?path={write_draft(site)}")
    page.get_by_role("button", name="审核通过").click()
    expect(page.locator("#answer")).to_contain_text("初审通过，记录为", timeout=TIMEOUT)
    expect(page.locator("#report .state")).to_have_text("待审核", timeout=TIMEOUT)
    expect(page.locator("#report")).to_contain_text("等复审")
    page.get_by_role("button", name="审核通过").click()
    expect(page.locator("#answer")).to_contain_text("同一个人", timeout=TIMEOUT)
    page.goto(preview.base)
    expect(page.locator("#list .cards li", has_text="滨江路停水通知")).to_contain_text("待审核")
    log = site.run("review", "--log").out
    assert getpass.getuser() in log
    assert site.run("publish").status == 0
    assert "滨江路停水通知" not in site.stories()
