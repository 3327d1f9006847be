"""static/filter.js in a browser: lists that are filtered while one types."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_fixtures import browser as browser
from playwright.sync_api import Browser, Page
from theme_pages import THEME

SCRIPT = THEME / "static" / "filter.js"
BUDGET = 2 * 1024
PAGE = """<!doctype html><meta charset="utf-8"><script src="{script}" defer></script>
<form class="filter later" data-filter="papers" data-unit="份文件">
<input type="search" name="q">
<select name="year"><option value="">全部</option><option>2025</option><option>2026</option></select>
<button type="reset">清空</button><output></output></form>
<div id="papers">
<section data-group><h2>一</h2><ul>
<li data-item data-year="2025" data-text="butie bt">《补贴》办法</li>
<li data-item data-year="2026">ＡＢＣ计划</li></ul></section>
<section data-group><h2>二</h2><ul>
<li data-item data-year="2025|2026" data-text="lvhua lh">绿化 条例</li></ul></section>
</div>"""


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "page.html").write_text(PAGE.format(script=SCRIPT.as_uri()), encoding="utf-8")
    with browser.new_page() as page:
        page.goto((tmp_path / "page.html").as_uri())
        yield page


def read_shown(page: Page) -> list[str]:
    return [one.inner_text() for one in page.locator("[data-item]").all() if one.is_visible()]


def test_script_keeps_its_budget_and_the_language_of_old_phones() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    assert len(gzip.compress(source.encode())) <= BUDGET
    assert not any(sign in source for sign in ("?.", "??", "${", "eval(", ".style"))


def test_form_appears_and_tells_how_many_there_are(page: Page) -> None:
    assert page.locator("form").is_visible()
    assert page.locator("output").inner_text() == "共 3 份文件"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("补贴", ["《补贴》办法"]),
        ("  ABC ", ["ＡＢＣ计划"]),
        ("ａｂｃ", ["ＡＢＣ计划"]),
        ("BT", ["《补贴》办法"]),
        ("bu'tie", ["《补贴》办法"]),
        ("lü", ["绿化 条例"]),
        ("条例 绿", ["绿化 条例"]),
        ("条例 补贴", []),
    ],
)
def test_every_word_must_occur(page: Page, typed: str, shown: list[str]) -> None:
    page.fill("[name=q]", typed)
    assert read_shown(page) == shown


def test_a_chosen_year_and_words_hold_together(page: Page) -> None:
    page.select_option("select", "2026")
    assert read_shown(page) == ["ＡＢＣ计划", "绿化 条例"]
    page.fill("[name=q]", "绿")
    assert read_shown(page) == ["绿化 条例"]
    assert page.locator("output").inner_text() == "共 1 份文件"


def test_groups_without_anything_to_show_are_hidden(page: Page) -> None:
    page.fill("[name=q]", "计划")
    assert [one.is_visible() for one in page.locator("[data-group]").all()] == [True, False]
    page.fill("[name=q]", "没有的")
    assert page.locator("output").inner_text() == "没有找到，请换个词，或少选一个条件。"


def test_state_is_kept_in_the_address_and_read_from_it(page: Page) -> None:
    page.fill("[name=q]", "绿")
    page.select_option("select", "2026")
    page.wait_for_url("**/page.html?q=*&year=2026")
    page.reload()
    assert page.input_value("[name=q]") == "绿"
    assert page.input_value("select") == "2026"
    assert read_shown(page) == ["绿化 条例"]
    page.click("[type=reset]")
    page.wait_for_url("**/page.html")
    assert len(read_shown(page)) == 3


def test_an_address_with_an_unknown_choice_shows_all(page: Page) -> None:
    page.goto(page.url + "?year=1900")
    assert page.input_value("select") == ""
    assert len(read_shown(page)) == 3


def test_enter_stays_on_the_page(page: Page) -> None:
    page.fill("[name=q]", "绿")
    page.press("[name=q]", "Enter")
    assert read_shown(page) == ["绿化 条例"]


def test_a_listener_with_more_items_than_the_page_takes_over(page: Page) -> None:
    page.evaluate(
        """document.querySelector('form').addEventListener('filter', function (event) {
          if (!event.detail.asked) return;
          event.preventDefault();
          event.detail.tell(String(event.detail.fits({text: event.detail.fold('ＸＹ'), values: {year: '2026'}})));
        })"""
    )
    page.fill("[name=q]", "xy")
    assert page.locator("output").inner_text() == "true"
    page.select_option("select", "2025")
    assert page.locator("output").inner_text() == "false"
    page.click("[type=reset]")
    page.wait_for_function("document.querySelector('output').textContent === '共 3 份文件'")
