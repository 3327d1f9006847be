"""The preview as an editor uses it, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from browser_fixtures import browser as browser
from playwright.sync_api import Browser, BrowserContext, Page, expect
from preview_fixtures import FakeDesk, Preview, run_preview, run_server, show
from site_fixtures import SmallSite

from aggregator.preview import InboxRow

TIMEOUT = 30_000
"""Milliseconds after which something hangs."""

GOOD = "---\n标题: 滨江路停水通知\n日期: 2026-03-18\n---\n\n滨江路因管道检修停水，请提前储水。\n"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    made.set_default_timeout(TIMEOUT)
    yield made
    made.close()


@pytest.fixture
def preview(small_site: SmallSite) -> Iterator[Preview]:
    with run_preview(small_site.root) as running:
        yield running


def save(site: SmallSite, text: str, path: str = "notices/tingshui.md") -> None:
    """As editors do: beside the name, then renamed."""
    file = site.root / "content" / path
    fresh = file.with_name(f"{file.name}.tmp")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


def open_desk(context: BrowserContext, preview: Preview) -> Page:
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(preview.address)
    page.faults = faults  # type: ignore[attr-defined]
    return page


def test_an_editor_writes_sees_the_finding_repairs_and_sees_it_go(
    small_site: SmallSite, preview: Preview, context: BrowserContext
) -> None:
    page = open_desk(context, preview)
    assert page.url == f"{preview.base}/"
    expect(page.get_by_role("link", name="游泳馆恢复开放的公告")).to_be_visible(timeout=TIMEOUT)
    save(small_site, GOOD.replace("2026-03-18", "三月四十日"))
    # The list follows by itself, and what was written last comes first.
    first = page.locator("#list .cards li").first
    expect(first).to_contain_text("滨江路停水通知", timeout=TIMEOUT)
    expect(first).to_contain_text("未发布")
    first.get_by_role("link").click()
    report, frame = page.locator("#report"), page.frame_locator("#frame")
    expect(report).to_contain_text("日期", timeout=TIMEOUT)
    expect(report).to_contain_text("第 3 行")
    expect(frame.locator("h1")).to_contain_text("滨江路停水通知", timeout=TIMEOUT)
    expect(frame.locator(".matrix-preview")).to_contain_text("预览")
    save(small_site, GOOD.replace("请提前储水", "请早做准备").replace("停水通知", "检修停水通知"))
    expect(report).not_to_contain_text("第 3 行", timeout=TIMEOUT)
    expect(frame.locator(".body")).to_contain_text("请早做准备", timeout=TIMEOUT)
    expect(page.get_by_role("heading", level=1)).to_have_text("滨江路检修停水通知")
    expect(frame.locator(".matrix-preview")).to_have_text("预览 · 未发布")
    assert frame.locator('meta[name="robots"]').get_attribute("content") == "noindex"
    assert page.faults == []  # type: ignore[attr-defined]


def test_the_page_stands_in_a_phone_with_large_type_and_as_wide_as_a_desktop(
    small_site: SmallSite, preview: Preview, context: BrowserContext
) -> None:
    save(small_site, GOOD)
    page = open_desk(context, preview)
    page.goto(f"{preview.base}/draft?path=notices/tingshui.md")
    frame, heading = page.locator("#frame"), page.frame_locator("#frame").locator("h1")
    read_size = "one => parseFloat(getComputedStyle(one).fontSize)"
    expect(heading).to_be_visible(timeout=TIMEOUT)
    assert page.locator("#frame").evaluate("one => one.getBoundingClientRect().width") == 390
    size = heading.evaluate(read_size)
    page.get_by_role("button", name="大字手机").click()
    expect(frame).to_have_attribute("src", "/site/s/preview.html?path=notices%2Ftingshui.md&type=large")
    expect(heading).to_have_css("font-size", f"{size * 1.5:g}px", timeout=TIMEOUT)
    page.get_by_role("button", name="电脑").click()
    expect(frame).to_have_class("desktop")
    assert frame.evaluate("one => one.getBoundingClientRect().width") > 700
    assert page.get_by_role("button", name="电脑").get_attribute("aria-pressed") == "true"
    assert page.faults == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/", "/draft?path=notices/youyong.md"])
def test_on_a_telephone_nothing_of_the_desk_is_wider_than_the_screen(
    preview: Preview, context: BrowserContext, path: str
) -> None:
    page = open_desk(context, preview)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{preview.base}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_pictures_beside_a_draft_are_shown_from_where_they_lie(
    small_site: SmallSite, preview: Preview, context: BrowserContext
) -> None:
    (small_site.root / "content" / "notices" / "图 1.png").write_bytes(PICTURE)
    save(small_site, f"{GOOD}\n![断水的路段](图 1.png)\n")
    page = open_desk(context, preview)
    page.goto(f"{preview.base}/draft?path=notices/tingshui.md")
    picture = page.frame_locator("#frame").locator(".body img")
    expect(picture).to_have_js_property("naturalWidth", 1, timeout=TIMEOUT)


def test_a_held_draft_a_scheduled_and_one_that_was_set_aside_say_so(
    small_site: SmallSite, preview: Preview, context: BrowserContext
) -> None:
    ahead = f"{datetime.now() + timedelta(days=300):%Y-%m-%d} 08:00"  # noqa: DTZ005  as staff write it
    save(small_site, GOOD.replace("---\n\n", f"定时: {ahead}\n---\n\n"), "notices/dingshi.md")
    save(small_site, GOOD + "\n王某某，身份证号 11010519491231002X。\n", "notices/cuowu.md")
    save(small_site, GOOD, "notices/_caogao.md")
    page = open_desk(context, preview)
    for name, state in (("dingshi", "定时"), ("cuowu", "有错，不发布"), ("_caogao", "不发布")):
        page.goto(f"{preview.base}/draft?path=notices/{name}.md")
        expect(page.locator("#report .state")).to_have_text(state)
        expect(page.frame_locator("#frame").locator(".matrix-preview")).to_contain_text(
            f"预览 · {state}", timeout=TIMEOUT
        )
    page.goto(preview.base)
    shown = page.locator("#list .cards .state").all_inner_texts()
    assert {"定时", "有错，不发布", "不发布", "已发布"} <= set(shown)


def test_when_the_preview_ends_the_page_says_so(small_site: SmallSite, context: BrowserContext) -> None:
    with run_preview(small_site.root) as running:
        page = open_desk(context, running)
        expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#lost")).to_be_visible(timeout=TIMEOUT)


def test_buttons_that_the_desk_gives_do_what_they_say(context: BrowserContext) -> None:
    date = datetime.fromisoformat("2026-03-01T08:00+08:00")
    waiting = InboxRow("k3f9x2", "来稿一篇", "河东街道", date, "", ("账号设为先审后发",))
    desk = FakeDesk({"notices/a.md": lambda: show("甲")}, waiting=(waiting,))
    with run_server(desk) as (preview, _, _):
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=preview.base)
        page = open_desk(context, preview)
        expect(page.locator("#list")).to_contain_text("账号设为先审后发")
        page.get_by_role("link", name="来稿一篇").click()
        page.get_by_label("理由").fill("与本市无关")
        page.get_by_role("button", name="不用").click()
        expect(page.locator("#answer")).to_have_text("已经做好。", timeout=TIMEOUT)
        assert desk.done == [("reject", "k3f9x2", "与本市无关")]
        page.goto(f"{preview.base}/draft?path=notices/a.md")
        page.get_by_role("button", name="复制到微信").click()
        expect(page.locator("#answer")).to_have_text("已经做好。", timeout=TIMEOUT)
        assert "<b>微信</b>" in page.evaluate(
            "async () => (await (await navigator.clipboard.read())[0].getType('text/html')).text()"
        )
        with page.expect_popup() as opened:
            page.get_by_role("button", name="打印公告栏").click()
        expect(opened.value.locator("h1")).to_have_text("公告栏", timeout=TIMEOUT)
        assert page.faults == []  # type: ignore[attr-defined]


def test_a_page_of_another_site_can_neither_read_nor_frame_nor_change(context: BrowserContext, tmp_path: Path) -> None:
    desk = FakeDesk({"notices/a.md": lambda: show("甲")})
    with run_server(desk) as (preview, _, _), run_server(FakeDesk()) as (other, _, _):
        open_desk(context, preview)
        page = open_desk(context, other)
        # Another port is another origin of the same site: its cookies go along, nothing else does.
        page.evaluate(
            "url => { const form = document.createElement('form'); form.method = 'post'; form.target = '_blank'; "
            "form.action = url; document.body.append(form); form.submit(); }",
            f"{preview.base}/do/accept",
        )
        asked = page.evaluate(
            "url => fetch(url, {credentials: 'include'}).then(() => 'read', () => 'refused')", f"{preview.base}/"
        )
        assert asked == "refused"
        page.wait_for_timeout(200)
        assert desk.done == []


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63600000000200"
    "0148afa4710000000049454e44ae426082"
)
"""A PNG of one pixel."""
