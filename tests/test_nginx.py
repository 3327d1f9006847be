"""The server's configuration in docs/ does what docs/deploy.md says, with a real nginx and a real browser."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser_fixtures import browser as browser
from nginx_fixtures import run_nginx
from playwright.sync_api import Browser
from site_fixtures import BRIDGE, NOW, Item, SmallSite, make_site

from aggregator.artifacts import read_path

CARD = {"一句话": "看这里。", "谁能办": "所有人", "电话": "12345"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A site with every kind of page, each with what could ask for more than the policy allows."""
    site = make_site(tmp_path_factory.mktemp("served") / "site")
    site.set_settings(PRECOMPRESS=True, LEAVING="page", FEEDBACK_MAIL="a@linjiang.example")
    text = ("# 办法\n\n| 甲 | 乙 |\n|:-:|--:|\n| 一 | 二 |", "[站外](https://shop.example/)")
    site.set_draft(
        "policies/banfa.md",
        text,
        标题="管理办法",
        编号="zc",
        日期="2026-03-11",
        有效性="废止",
        文号="临政发〔2026〕3号",
    )
    site.set_draft("explanations/jiedu.md", ("解读。",), 标题="解读办法", 日期="2026-03-12", 关联政策="zc", **CARD)
    site.set_draft("notices/chehui.md", ("撤回。",), 标题="停水", 日期="2026-03-02", 撤回="2026-03-15", 撤回原因="有误")
    # The browser's loop may be running already, beside which this process can run no other.
    assert site.run("publish").status == 0
    return site


@pytest.fixture(scope="module")
def served(site: SmallSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with run_nginx(tmp_path_factory.mktemp("nginx"), site.output) as address:
        yield address


def ask(address: str, path: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def list_kinds(site: SmallSite) -> dict[str, str]:
    """Template or kind -> path of one page of it."""
    pages: dict[str, str] = {}
    for file in sorted(site.output.rglob("*.html")):
        path = file.relative_to(site.output).as_posix()
        kind = read_path(path).kind
        shows = re.findall(
            r'<h1>(本文已|这条)|class="(facts elements|notice red|brief)"', file.read_text(encoding="utf-8")
        )
        pages.setdefault(f"{kind} {shows}" if kind == "story" else f"{kind} {path.partition('/')[0]}", path)
    return pages


def test_pages_state_their_charset_and_may_load_nothing_but_our_own(site: SmallSite, served: str) -> None:
    status, headers, body = ask(served, "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body == (site.output / "index.html").read_bytes()
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Server"] == "nginx"


def test_who_asks_again_gets_304_until_something_changed(served: str) -> None:
    for path in ("/", "/feeds/channel.rss", "/api/v1/index.json", "/sitemap.xml", "/embed/notices.html"):
        _, headers, _ = ask(served, path)
        assert headers["Cache-Control"] == "no-cache"
        for condition in ({"If_None_Match": headers["ETag"]}, {"If_Modified_Since": headers["Last-Modified"]}):
            status, _, body = ask(served, path, **condition)
            assert (status, body) == (304, b"")


def test_what_the_build_compressed_is_sent_as_it_is(site: SmallSite, served: str) -> None:
    for path in ("index.html", "feeds/channel.atom"):
        _, headers, body = ask(served, f"/{path}", Accept_Encoding="gzip")
        assert (headers["Content-Encoding"], headers["Vary"]) == ("gzip", "Accept-Encoding")
        assert body == (site.output / f"{path}.gz").read_bytes()
        assert gzip.decompress(body) == (site.output / path).read_bytes()


def test_files_with_a_hash_in_their_names_are_kept_for_good(site: SmallSite, served: str) -> None:
    for file in (site.output / "theme").glob("*.*"):
        if file.suffix not in (".gz", ".br"):
            _, headers, _ = ask(served, f"/theme/{file.name}")
            assert "immutable" in headers["Cache-Control"]
            assert len(headers.get_all("Cache-Control", [])) == 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("feeds/channel.rss", "application/rss+xml"),
        ("feeds/channel.atom", "application/atom+xml"),
        ("feeds/channel.json", "application/feed+json"),
        ("feeds/channel.opml", "text/x-opml"),
        ("notices/feed.json", "application/feed+json"),
        ("api/v1/index.json", "application/json"),
    ],
)
def test_feeds_and_the_api_have_their_types_and_may_be_read_by_other_sites(served: str, path: str, kind: str) -> None:
    _, headers, _ = ask(served, f"/{path}")
    assert (headers.get_content_type(), headers["Access-Control-Allow-Origin"]) == (kind, "*")
    assert "Access-Control-Allow-Origin" not in ask(served, "/")[1]


def test_what_is_meant_to_be_embedded_may_be_and_nothing_else(served: str) -> None:
    policies = {path: ask(served, path)[1]["Content-Security-Policy"] for path in ("/embed/notices.html", "/")}
    assert policies["/embed/notices.html"].endswith("frame-ancestors *")
    assert policies["/"].endswith("frame-ancestors 'self'")


@pytest.mark.parametrize(
    ("name", "kind"), [("a.webp", "image/webp"), ("a.opml", "text/x-opml"), ("a.svg", "image/svg+xml")]
)
def test_other_files_have_their_types(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / name).write_bytes(b"x")
    with run_nginx(tmp_path, tmp_path / "root") as address:
        assert ask(address, f"/{name}")[1].get_content_type() == kind


def test_what_is_not_there_gets_our_page_with_all_safeguards(site: SmallSite, served: str) -> None:
    for path in ("/nothing", "/theme/gone.css", "/.index.html.new"):
        status, headers, body = ask(served, path)
        assert (status, body) == (404, (site.output / "404.html").read_bytes())
        assert headers["Content-Security-Policy"]
        assert "Cache-Control" not in headers


def test_a_folder_leads_to_its_list_below_whatever_name_the_server_has(served: str) -> None:
    status, headers, _ = ask(served, "/notices")
    assert (status, headers["Location"]) == (301, "/notices/")
    assert ask(served, "/notices/")[0] == 200


def test_a_new_build_is_seen_at_once_and_what_did_not_change_stays_known(small_site: SmallSite, tmp_path: Path) -> None:
    with run_nginx(tmp_path, small_site.output) as address:
        home, about = ask(address, "/")[1]["ETag"], small_site.stories()["关于我们"]["url"]
        page = urlsplit(about).path
        known = ask(address, page)[1]["ETag"]
        small_site.set_feed("hedong", Item("new", "大桥夜间封闭", BRIDGE, NOW))
        small_site.publish()
        assert "大桥夜间封闭" in ask(address, "/", If_None_Match=home)[2].decode()
        assert ask(address, page, If_None_Match=known)[0] == 304


def test_a_site_may_stand_below_a_path(small_site: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "fabu").symlink_to(small_site.output)
    with run_nginx(tmp_path, tmp_path / "www") as address:
        assert ask(address, "/fabu/")[2] == (small_site.output / "index.html").read_bytes()
        assert ask(address, "/fabu")[1]["Location"] == "/fabu/"
        (style,) = re.findall(r'href="(theme/tokens[^"]+)"', small_site.read_page("index.html"))
        assert "immutable" in ask(address, f"/fabu/{style}")[1]["Cache-Control"]


def test_no_page_breaks_the_policy(site: SmallSite, served: str, browser: Browser) -> None:
    pages = list_kinds(site)
    assert len(pages) > 12
    told: list[str] = []
    context = browser.new_context()
    context.add_init_script(
        "addEventListener('securitypolicyviolation', event => console.error(event.violatedDirective))"
    )
    page = context.new_page()
    page.on("console", lambda message: told.append(f"{page.url} {message.type}: {message.text}"))
    page.on("pageerror", lambda error: told.append(f"{page.url}: {error}"))
    for path in pages.values():
        page.goto(f"{served}/{path}")
    assert told == []
    # And a breach would have been told.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<i style=\"color: red\">x</i>')")
    page.wait_for_timeout(100)
    assert "style-src-attr" in told[-1]
