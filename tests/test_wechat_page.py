"""The page from which an article is copied, as staff open it: from the disk, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser_fixtures import browser as browser
from playwright.sync_api import Browser, Page
from site_fixtures import SmallSite
from wechat_fixtures import water as water

from aggregator.wechat import filter_html
from aggregator.wechat.styles import SHEET


@pytest.fixture
def opened(water: SmallSite, browser: Browser) -> Iterator[Page]:
    """The page as staff open it: by a double click, from the disk."""
    water.call("wechat", "content/notices/停水.md", "--out", str(water.root / "out"))
    context = browser.new_context()
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto((water.root / "out" / "正文.html").as_uri())
    yield page
    context.close()


_PASTE = """
const box = document.createElement("div");
box.contentEditable = "true";
box.style.width = "677px";
document.body.prepend(box);
window.pasted = {};
box.addEventListener("paste", (event) => {
  window.pasted.html = event.clipboardData.getData("text/html");
  window.pasted.text = event.clipboardData.getData("text/plain");
});
box.focus();
"""

_LOOKS = """
(root) => [...document.querySelector(root).querySelectorAll("*")].map((one) => {
  const seen = getComputedStyle(one);
  const names = ["color", "backgroundColor", "fontSize", "fontWeight", "lineHeight", "margin", "padding", "border",
    "borderLeft", "textAlign", "textDecoration", "listStyleType"];
  return [one.tagName, one.textContent, ...names.map((name) => seen[name])];
})
"""


def test_one_button_copies_the_body_as_rich_text_and_says_what_comes_next(opened: Page) -> None:
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.get_by_role("button", name="复制正文").click()
    assert "按 Ctrl+V 粘贴" in opened.get_by_role("status").inner_text()
    opened.evaluate(_PASTE)
    opened.keyboard.press("Control+V")
    pasted = opened.evaluate("window.pasted")
    html = re.sub(r"^.*?<!--StartFragment-->|<!--EndFragment-->.*$", "", pasted["html"], flags=re.DOTALL)
    assert html == opened.locator("#body").inner_html()
    assert filter_html(html) == html.replace("&nbsp;", "\u00a0")
    assert "【此处放图 1：现场 1.jpg" in pasted["text"]
    assert errors == []


def test_a_browsers_own_editor_shows_what_was_pasted_as_it_was(opened: Page) -> None:
    opened.get_by_role("button", name="复制正文").click()
    opened.evaluate(_PASTE)
    opened.keyboard.press("Control+V")
    assert opened.evaluate(_LOOKS, "[contenteditable]") == opened.evaluate(_LOOKS, "#body")


def test_each_field_has_a_button_that_copies_it(opened: Page) -> None:
    opened.evaluate(_PASTE)
    for label, value in (("标题", "关于城区停水的通知"), ("作者", "临江市水务局"), ("摘要", "周三夜里停水。")):
        opened.locator(f'button[data-name="{label}"]').click()
        opened.locator("[contenteditable]").focus()
        opened.keyboard.press("Control+V")
        assert opened.evaluate("window.pasted.text") == value


def test_browsers_spell_each_style_as_it_is_written(opened: Page) -> None:
    """So that an editor that reads and writes them changes nothing."""
    written = opened.evaluate("[...document.querySelectorAll('#body [style]')].map((one) => one.getAttribute('style'))")
    rules = [" ".join(rule.split()) for rule in re.findall(r"\{([^}]*)\}", SHEET)]
    spell = (
        "(styles) => { const p = document.createElement('p'); "
        "return styles.map((one) => { p.style = one; return p.style.cssText; }); }"
    )
    assert opened.evaluate(spell, written) == written
    assert opened.evaluate(spell, rules) == rules


def test_the_column_is_as_wide_as_wechats(opened: Page) -> None:
    opened.set_viewport_size({"width": 1280, "height": 900})
    width = opened.evaluate("getComputedStyle(document.getElementById('body')).width")
    assert width == "677px"
