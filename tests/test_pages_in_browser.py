"""Every kind of page in a real browser: what people with a keyboard, large type, a small phone or no script meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_fixtures import browser as browser
from page_kinds import BASE, KINDS, list_templates, make_city
from playwright.sync_api import Browser, BrowserContext, Page
from site_fixtures import SmallSite
from site_server import serve_site

TIMEOUT = 60_000
"""Milliseconds after which something hangs."""

PHONE, DESKTOP = (390, 844), (1280, 900)

LEAST_TARGET = 44
"""Pixels of what is tapped, whichever way (THEME.md, tokens)."""

SCRIPTS = Path(__file__).parent / "data" / "browser"


@dataclass(frozen=True, slots=True)
class Pages:
    address: str
    paths: Mapping[str, str]

    def open(self, context: BrowserContext, kind: str) -> Page:
        """A page that redirects at once is looked at as it is without that."""
        page = context.new_page()
        if kind == "redirect":
            page.route(f"{self.address}/{self.paths[kind]}", _without_refresh)
        page.goto(f"{self.address}/{self.paths[kind]}")
        return page


def _without_refresh(route: Any) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('http-equiv="refresh"', 'name="refreshed"'))


@pytest.fixture(scope="module")
def pages(published_city: SmallSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    city = published_city.copy_to(tmp_path_factory.mktemp("browsed") / "site")
    paths = make_city(city)
    with serve_site(city.output, BASE) as address:
        yield Pages(address, paths)


@pytest.fixture(scope="module")
def context(pages: Pages, browser: Browser) -> Iterator[BrowserContext]:
    """After `pages`: while Playwright's loop runs, no site can be made."""
    assert pages
    made = browser.new_context(locale="zh-CN")
    made.set_default_timeout(TIMEOUT)
    yield made
    made.close()


@pytest.fixture(scope="module")
def context_without_script(pages: Pages, browser: Browser) -> Iterator[BrowserContext]:
    assert pages
    made = browser.new_context(locale="zh-CN")
    made.set_default_timeout(TIMEOUT)
    # axe is a script itself: what is off is the site's own.
    made.route("**/*.js", lambda route: route.abort())
    yield made
    made.close()


def show(page: Page, size: tuple[int, int], mode: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if mode == "dark" else "light", reduced_motion="reduce")
    page.locator("#large-type").evaluate("(box, wanted) => box.checked === wanted || box.click()", mode == "large")


def test_every_template_has_a_page_here() -> None:
    assert {*KINDS} == list_templates()


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(pages: Pages, context: BrowserContext, kind: str) -> None:
    page = pages.open(context, kind)
    found = [f"{size[0]}: {one}" for size in (PHONE, DESKTOP) for one in look(page, size, "light")]
    # Where no more than colours or sizes differ, no other rule can find anything; larger letters need less contrast.
    for size in (PHONE, DESKTOP):
        for mode, rule in (("dark", "color-contrast"), ("large", "target-size")):
            found += [f"{size[0]} {mode}: {one}" for one in look(page, size, mode, rule)]
    page.close()
    assert found == []


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_without_script(pages: Pages, context_without_script: BrowserContext, kind: str) -> None:
    page = pages.open(context_without_script, kind)
    found = look(page, PHONE, "light")
    page.close()
    assert found == []


def look(page: Page, size: tuple[int, int], mode: str, *rules: str) -> list[str]:
    """What axe-core finds by its rules, or by these alone."""
    show(page, size, mode)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    violations = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"][:3]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [360, 768])
def test_nothing_is_wider_than_the_screen_and_all_targets_can_be_hit(
    pages: Pages, context: BrowserContext, kind: str, width: int
) -> None:
    page = pages.open(context, kind)
    script = (SCRIPTS / "targets.js").read_text(encoding="utf-8")
    for mode in ("light", "large"):
        show(page, (width, 800), mode)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, mode
        assert page.evaluate(script, LEAST_TARGET) == [], mode
    page.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_keyboard_reaches_all_in_order_and_shows_where_it_is(
    pages: Pages, context: BrowserContext, kind: str, size: tuple[int, int]
) -> None:
    page = pages.open(context, kind)
    show(page, size, "light")
    expected = page.evaluate((SCRIPTS / "focusable.js").read_text(encoding="utf-8"))
    reached: list[Any] = []
    for _ in range(len(expected) + 1):
        page.keyboard.press("Tab")
        at = page.evaluate((SCRIPTS / "focused.js").read_text(encoding="utf-8"))
        if at is None:
            break
        reached.append(at)
    page.close()
    assert [one["number"] for one in reached] == expected
    assert [one["html"] for one in reached if one["ring"] < 3] == []
