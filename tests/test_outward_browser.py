"""Leaving the site and reporting a mistake, as readers do it: in a browser, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser_fixtures import browser as browser
from http_server import Server, run_server
from playwright.sync_api import Browser, Page
from site_fixtures import make_site

OUT = "https://shop.example/a?b=1&c=2"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A site that asks before a link leads away, and the path of a page with such links."""
    site = make_site(tmp_path_factory.mktemp("asking") / "site")
    site.set_settings(LEAVING="page", FEEDBACK_MAIL="fabu@linjiang.example")
    links = f"[网店]({OUT})和[国务院](https://www.gov.cn/)"
    site.set_draft("notices/lianjie.md", (links,), 标题="两个链接的通知", 日期="2026-03-12")
    # The browser's loop may be running already, beside which this process can run no other.
    assert site.run("publish").status == 0
    with run_server() as server:
        for file in site.output.rglob("*"):
            if file.is_file():
                path = f"/{file.relative_to(site.output).as_posix()}"
                server.serve(path, file.read_bytes(), Content_Type=TYPES.get(file.suffix, "text/plain"))
        yield server, f"/s/{site.stories()['两个链接的通知']['id']}.html"


def open_page(browser: Browser, address: str, *, script: bool = True) -> Page:
    page = browser.new_context(java_script_enabled=script).new_page()
    page.goto(address)
    return page


def test_a_link_away_leads_to_a_page_that_shows_the_address_and_waits(
    browser: Browser, asking: tuple[Server, str]
) -> None:
    server, path = asking
    page = open_page(browser, server.url(path))
    page.click("text=网店")
    page.wait_for_selector("[data-address]")
    assert page.url.startswith(server.url("/leaving.html#https%3A%2F%2Fshop.example"))
    assert page.inner_text("[data-address]") == OUT
    assert page.get_attribute("[data-go]", "href") == OUT
    assert page.get_attribute("[data-go]", "rel") == "noopener noreferrer"
    assert page.get_attribute("[data-go]", "referrerpolicy") == "no-referrer"
    assert page.is_hidden("[data-without]")


def test_a_link_stays_itself_for_who_copies_it_and_official_ones_are_followed(
    browser: Browser, asking: tuple[Server, str]
) -> None:
    server, path = asking
    page = open_page(browser, server.url(path))
    page.evaluate("addEventListener('click', event => event.preventDefault())")
    page.click("text=网店")
    page.click("text=国务院")
    page.wait_for_timeout(50)
    assert page.get_attribute("text=网店", "href") == OUT
    assert page.url == server.url(path)


def test_without_script_a_link_away_is_a_plain_link_that_says_so(browser: Browser, asking: tuple[Server, str]) -> None:
    server, path = asking
    page = open_page(browser, server.url(path), script=False)
    assert page.get_attribute("a.away", "href") == OUT
    assert "（站外链接）" in page.inner_text("a.away")
    leaving = open_page(browser, server.url(f"/leaving.html#{OUT}"), script=False)
    assert leaving.is_hidden("[data-go]")
    assert leaving.is_visible("[data-without]")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//shop.example",
        "https://gov.cn@shop.example/",
        "%",
        "",
        "shop.example",
    ],
)
def test_the_page_offers_web_addresses_alone(browser: Browser, asking: tuple[Server, str], address: str) -> None:
    server, _ = asking
    page = open_page(browser, server.url(f"/leaving.html#{address}"))
    assert page.is_hidden("[data-go]")
    assert page.get_attribute("[data-go]", "href") is None


def test_an_address_is_text_whatever_it_looks_like(browser: Browser, asking: tuple[Server, str]) -> None:
    server, _ = asking
    page = open_page(browser, server.url("/leaving.html#https://shop.example/<img src=x onerror=alert(1)>"))
    assert page.inner_text("[data-address]") == "https://shop.example/%3Cimg%20src=x%20onerror=alert(1)%3E"
    assert page.locator("[data-address] *").count() == 0


def test_who_found_a_mistake_need_not_copy_the_address(browser: Browser, asking: tuple[Server, str]) -> None:
    server, path = asking
    page = open_page(browser, server.url(path))
    page.click("text=我为政府网站找错")
    page.wait_for_selector("[data-address]")
    assert page.inner_text("[data-address]") == server.url(path)
    mail = page.get_attribute("[data-mail]", "href") or ""
    assert mail.startswith("mailto:fabu@linjiang.example?subject=")
    assert "%2Fs%2F" in mail
    page.goto(server.url("/feedback.html#https://shop.example/"))
    assert page.is_hidden("[data-address]")
