"""Every link of a published city leads to a page or file that is there, and to a place in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import pytest
from page_kinds import BASE, make_city, read_tree
from site_fixtures import SmallSite

SITE = f"https://www.qijiang.example{BASE}/"

SCRIPTED = ("feedback.html", "leaving.html")
"""Pages whose script reads what stands behind the #."""


@pytest.fixture(scope="module")
def site(published_city: SmallSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    city = published_city.copy_to(tmp_path_factory.mktemp("linked") / "site")
    make_city(city)
    return city.output.resolve()


@pytest.fixture(scope="module")
def pages(site: Path) -> Mapping[str, lxml.html.HtmlElement]:
    return read_tree(site)


def list_targets(path: str, page: lxml.html.HtmlElement) -> Iterator[tuple[str, str]]:
    """(file, place in it) of each address of the site that a page names: links, pictures, files, its own address."""
    sets = (one.split()[0] for value in page.xpath("//@srcset") for one in value.split(","))
    own = page.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url' or @name='Url']/@content")
    for address in (*page.xpath("//@href | //@src"), *sets, *own):
        whole = urljoin(SITE + path, address)
        if whole.startswith(SITE):
            parts = urlsplit(whole)
            yield unquote(parts.path).removeprefix(f"{BASE}/") or "index.html", unquote(parts.fragment)


def test_every_link_leads_somewhere(site: Path, pages: Mapping[str, lxml.html.HtmlElement]) -> None:
    files = {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
    places = {path: {*page.xpath("//@id")} for path, page in pages.items()}
    lost = {
        f"{path}: {target}#{place}"
        for path, page in pages.items()
        for target, place in list_targets(path, page)
        if target not in files or (place and target not in SCRIPTED and place not in places.get(target, ()))
    }
    assert lost == set()


def test_no_link_leads_out_of_the_base_path(pages: Mapping[str, lxml.html.HtmlElement]) -> None:
    """Of the host on which the site lies, its folder alone is the site's; the portal's own page is an account's."""
    host = SITE.removesuffix(f"{BASE}/")
    addresses = {urljoin(SITE + path, one) for path, page in pages.items() for one in page.xpath("//@href | //@src")}
    assert {one for one in addresses if one.startswith(host) and not one.startswith(SITE)} == {f"{host}/"}
