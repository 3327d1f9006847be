"""What comes out of a printer: one A4 page, with nothing clipped.

No test of a site stands here: where a browser runs, asyncio is taken.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
import zxingcpp
from board_fixtures import SHEETS, WATER
from browser_fixtures import browser as browser
from PIL import Image
from playwright.sync_api import Browser, Page

from aggregator.board import fit_sheet, write_board
from aggregator.model import Article


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 900, "height": 1300})
    page.emulate_media(media="print")
    yield page
    page.close()


@pytest.mark.parametrize("article", SHEETS.values(), ids=SHEETS)
def test_it_is_one_page_on_paper_and_nothing_is_clipped(page: Page, article: Article) -> None:
    page.set_content(write_board(fit_sheet(article), article))
    pdf = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Type\s*/Page\b", pdf) == [b"/Type /Page"]
    assert re.search(rb"/MediaBox\s*\[0 0 59[456][.\d]* 84[123][.\d]*\]", pdf), "A4"
    for part in ("main", ".text", "h1"):
        room, taken = page.eval_on_selector(part, "one => [one.clientHeight, one.scrollHeight]")
        assert taken <= room + 1, part
    foot = page.eval_on_selector("footer", "one => one.getBoundingClientRect().bottom")
    sheet = page.eval_on_selector("main", "one => one.getBoundingClientRect().bottom")
    assert foot < sheet
    assert page.eval_on_selector(".hint", "one => getComputedStyle(one).display") == "none"


def test_the_page_stands_alone(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(write_board(fit_sheet(WATER), WATER))
    assert asked == []
    assert page.locator("script").count() == 0


def test_the_code_is_read_from_the_page(page: Page) -> None:
    page.set_content(write_board(fit_sheet(WATER), WATER))
    with Image.open(io.BytesIO(page.locator("footer").screenshot())) as shown:
        assert [code.text for code in zxingcpp.read_barcodes(shown.convert("L"))] == [WATER.url]
