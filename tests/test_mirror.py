"""Foreign pictures and attachments: served from the site, on every page and in feeds, and never in the way."""

from __future__ import annotations

import gzip
import io
import re
import time
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from feed_fixtures import MEDIA, read_json, read_xml
from http_server import Handler, Server
from mirror_fixtures import (
    FILE,
    LATER,
    PDF,
    list_blobs,
    make_mirroring_site,
    mirror,
    open_served,
    paint,
    read_article,
    read_pictures,
    set_body,
    set_feed,
    write_item,
)
from PIL import Image
from site_fixtures import ATOM, BASE, Item, Result, SmallSite, find_broken_links, run_python

from aggregator.model import MirrorReport


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return make_mirroring_site(tmp_path / "site")


# From the post to the page --------------------------------------------------------------------------------------


def test_a_picture_is_served_from_the_site_with_its_size(site: SmallSite, server: Server) -> None:
    url = server.serve("/a.jpg", paint())
    set_body(site, f'<img src="{url}" alt="大桥 &quot;通车&quot; &lt;图&gt;">')
    updated, _ = site.publish()
    assert mirror(updated) == (1, 0, 0, 0)
    (picture,) = read_pictures(site)
    assert FILE.fullmatch(picture["src"].removeprefix("../"))
    assert (picture["width"], picture["height"], picture["loading"]) == ("960", "480", "lazy")
    assert picture["alt"] == '大桥 "通车" <图>'
    assert open_served(site, picture["src"]).size == (960, 480)
    small, large = (entry.rsplit(" ", 1) for entry in picture["srcset"].split(", "))
    assert (small[1], large) == ("480w", [picture["src"], "960w"])
    assert open_served(site, small[0]).size == (480, 240)
    assert find_broken_links(site.output.resolve(), BASE) == []


def test_the_cover_is_our_copy_on_every_page_and_in_open_graph(site: SmallSite, server: Server) -> None:
    url = server.serve("/cover.png", paint(kind="PNG"))
    set_body(site, f'<img src="{url}">')
    site.publish()
    pages = [file.read_text(encoding="utf-8") for file in site.output.resolve().rglob("*.html")]
    assert not any(url in page for page in pages)
    (shared,) = read_article(site).xpath("//meta[@property='og:image']/@content")
    assert FILE.fullmatch(shared.removeprefix(f"{BASE}/"))
    assert FILE.search(site.read_page("index.html"))


def test_feeds_carry_absolute_addresses_of_our_copies(site: SmallSite, server: Server) -> None:
    set_body(
        site,
        f'<img src="{server.serve("/a.jpg", paint())}"><a href="{server.serve("/b.pdf", PDF)}">附件</a>',
        (server.url("/b.pdf"), "application/pdf", ""),
    )
    site.publish()
    root = ElementTree.parse(site.output / "feeds" / "channel.atom").getroot()  # noqa: S314 - our own file
    content = root.findtext(f"{ATOM}entry/{ATOM}content") or ""
    rss = (site.output / "feeds" / "channel.rss").read_text(encoding="utf-8")
    for link in re.findall(r'(?:src|href)="([^"]+)"', content):
        assert link.startswith(f"{BASE}/files/")
        assert (site.output / link.removeprefix(f"{BASE}/")).is_file()
    assert content.count(f"{BASE}/files/") == 4
    assert "127.0.0.1" not in rss + content


def test_feeds_tell_length_and_type_of_our_copies(site: SmallSite, server: Server) -> None:
    set_body(
        site,
        f'<img src="{server.serve("/a.jpg", paint())}"><img src="{server.serve("/b.jpg", paint("red"))}">'
        f'<a href="{server.serve("/b.pdf", PDF)}">附件</a>',
        (server.url("/b.pdf"), "application/pdf", ""),
    )
    site.publish()
    item = next(read_xml(site, "feeds/channel.rss").iter("item"))
    (enclosure,), pictures = item.findall("enclosure"), item.findall(MEDIA)
    assert (enclosure.get("type"), enclosure.get("length")) == ("application/pdf", str(len(PDF)))
    assert len(pictures) == 2
    for told in (*pictures, enclosure):
        file = site.output / unquote(told.get("url", "").removeprefix(f"{BASE}/"))
        assert told.get("fileSize", told.get("length")) == str(file.stat().st_size)
    assert [one.get("width") for one in pictures] == ["960", "960"]
    (attachment,) = next(iter(read_json(site, "feeds/channel.json")["items"]))["attachments"]
    assert (attachment["mime_type"], attachment["size_in_bytes"]) == ("application/pdf", len(PDF))
    # A feed of summaries has the cover alone, whatever was rendered before it.
    short = next(read_xml(site, "departments/rsj/feed.rss").iter("item"))
    assert [one.get("url") for one in short.findall(MEDIA)] == [pictures[0].get("url")]


def test_a_picture_shown_small_by_its_page_stays_small(site: SmallSite, server: Server) -> None:
    set_body(site, f'<img src="{server.serve("/mark.png", paint(kind="PNG"))}" width="40" height="40">')
    site.publish()
    (picture,) = read_pictures(site)
    assert (picture["width"], picture["height"]) == ("40", "20")
    assert "srcset" not in picture


def test_a_moving_picture_still_moves(site: SmallSite, server: Server) -> None:
    frames = [Image.effect_noise((50, 50), 90).convert("P") for _ in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    set_body(site, f'<img src="{server.serve("/wave.gif", out.getvalue())}">')
    site.publish()
    (picture,) = read_pictures(site)
    assert (site.output / picture["src"].removeprefix("../")).read_bytes() == out.getvalue()
    assert picture["src"].endswith(".gif")


def test_attachments_keep_their_name_and_tell_their_true_size(site: SmallSite, server: Server) -> None:
    named = server.serve(
        "/down?id=7".partition("?")[0],
        PDF,
        Content_Disposition="attachment; filename*=UTF-8''%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf",
    )
    set_body(site, f'<p><a href="{named}?id=7">申请表</a></p>', (f"{named}?id=7", "application/pdf", ""))
    updated, _ = site.publish()
    assert mirror(updated) == (0, 1, 0, 0)
    page = read_article(site)
    (listed,) = (link for link in page.xpath("//section[@class='after']//a") if "files/" in link.get("href", ""))
    path = unquote(listed.get("href"))
    assert re.fullmatch(r"\.\./files/[0-9a-f]{32}/申请表\.pdf", path)
    assert (site.output / path.removeprefix("../")).read_bytes() == PDF
    assert "2 KB" in listed.text_content()
    assert listed.get("href") in [link.get("href") for link in page.xpath("//div[@class='body']//a")]
    assert find_broken_links(site.output.resolve(), BASE) == []


# WeChat, expiry, and other reasons why a picture is not there ---------------------------------------------------


def test_wechat_refuses_foreign_referers_and_we_send_none(site: SmallSite, server: Server) -> None:
    def answer(one: Handler) -> None:
        foreign = "Referer" in one.headers and "weixin.qq.com" not in one.headers["Referer"]
        one.answer(403) if foreign else one.answer(200, paint(), Content_Type="image/jpeg")

    server.routes["/mmbiz_jpg/abc/640"] = answer
    set_body(site, f'<section><img data-src="{server.url("/mmbiz_jpg/abc/640")}?wx_fmt=jpeg" data-w="1080"></section>')
    updated, _ = site.publish()
    assert mirror(updated) == (1, 0, 0, 0)
    (_, headers), = server.seen  # fmt: skip
    assert "Referer" not in headers
    assert headers["User-Agent"].startswith("account-matrix/")
    assert "mailto:web@linjiang.example" in headers["User-Agent"]
    assert read_pictures(site)[0]["src"].startswith("../files/")


def test_a_picture_that_expired_is_still_shown(site: SmallSite, server: Server) -> None:
    def answer(one: Handler) -> None:
        del server.routes["/once.jpg"]
        one.answer(200, paint())

    server.routes["/once.jpg"] = answer
    set_body(site, f'<img src="{server.url("/once.jpg")}">')
    site.publish()
    set_body(site, f'<p>又补充了一段。</p><img src="{server.url("/once.jpg")}">')
    updated, _ = site.publish(LATER)
    assert mirror(updated) == (0, 0, 0, 0)
    assert server.asked() == ["/once.jpg"]
    (picture,) = read_pictures(site)
    assert open_served(site, picture["src"]).size == (960, 480)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><title>404</title>",
        paint()[:900],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        bytes(11 << 20),
    ],
    ids=["empty", "page", "cut", "svg", "large"],
)
def test_what_is_no_picture_keeps_its_place_and_address(site: SmallSite, server: Server, body: bytes) -> None:
    url = server.serve("/broken.jpg", body)
    set_body(site, f'<img src="{url}" alt="图"><p>后文。</p>')
    updated, _ = site.publish()
    assert mirror(updated) == (0, 0, 1, 1)
    (picture,) = read_pictures(site)
    assert (picture["src"], picture["alt"]) == (url, "图")
    assert (picture["referrerpolicy"], picture["loading"]) == ("no-referrer", "lazy")
    assert list_blobs(site) == []
    assert not (site.output / "files").exists()


def test_one_broken_picture_costs_no_other(site: SmallSite, server: Server) -> None:
    good, bad = server.serve("/good.jpg", paint()), server.serve("/bad.jpg", paint()[:500])
    set_body(site, f'<img src="{bad}"><img src="{good}"><img src="{server.url("/lost.jpg")}">')
    updated, _ = site.publish()
    assert mirror(updated) == (1, 0, 2, 2)
    assert [picture["src"].startswith("../files/") for picture in read_pictures(site)] == [False, True, False]


def test_a_compressed_bomb_is_not_read_to_its_end(site: SmallSite, server: Server) -> None:
    url = server.serve("/bomb.png", gzip.compress(bytes(40 << 20)), Content_Encoding="gzip")
    set_body(site, f'<img src="{url}">')
    began = time.perf_counter()
    assert mirror(site.update()) == (0, 0, 1, 1)
    assert time.perf_counter() - began < 30


# What staff decide, what commands tell --------------------------------------------------------------------------


def test_an_account_can_be_left_out(site: SmallSite, server: Server) -> None:
    url = server.serve("/a.jpg", paint())
    site.set_account("rsj", mirror=False)
    set_body(site, f'<img src="{url}">')
    updated, _ = site.publish()
    assert updated.mirror == MirrorReport()
    assert server.seen == []
    assert read_pictures(site)[0]["src"] == url
    site.set_account("rsj", mirror=True)
    updated, _ = site.publish(LATER)
    assert mirror(updated) == (1, 0, 0, 0)
    assert read_pictures(site)[0]["src"].startswith("../files/")
    site.set_account("rsj", mirror=False)
    site.publish(LATER)
    assert read_pictures(site)[0]["src"] == url


def test_one_account_updated_alone_fetches_its_own_files(site: SmallSite, server: Server) -> None:
    site.set_account("wjw")
    set_body(site, f'<img src="{server.serve("/a.jpg", paint())}">')
    set_feed(
        site, write_item("two", f'<p>另一件事。</p><img src="{server.serve("/b.jpg", paint("red"))}">'), account="wjw"
    )
    assert site.call("update", "--account", "wjw", "--json").document["mirror"]["pictures"] == 1
    assert server.asked() == ["/b.jpg"]


def test_update_tells_what_was_mirrored(site: SmallSite, server: Server) -> None:
    body = paint()
    set_body(site, f'<img src="{server.serve("/a.jpg", body)}"><img src="{server.url("/lost.jpg")}">')
    result = site.call("update", "--json")
    assert result.status == 0
    assert result.document["mirror"] == {
        "pictures": 1, "attachments": 0, "failed": 1, "waiting": 1, "bytes": len(body)
    }  # fmt: skip
    assert "mirror" in result.document["seconds"]
    set_body(site, f'<img src="{server.serve("/c.jpg", paint("red"))}">')
    assert "存到本站：图片 1 张，附件 0 个；没有取到 0 个，以后再取的共 1 个" in site.call("update", "--force").out


def test_a_site_without_foreign_files_does_without_the_part_that_makes_pictures(small_site: SmallSite) -> None:
    small_site.set_feed("hedong", Item("hedong-2", "夜市开张", ("老街夜市今晚开张。",)))
    result = update_without(small_site, "aggregator.images")
    assert result.status == 0, result.err
    assert result.document["totals"]["posts_new"] == 1


def test_a_site_that_has_nobody_to_ask_does_without_the_part_that_asks_the_network(small_site: SmallSite) -> None:
    small_site.site.registry.write_text("", encoding="utf-8")
    result = update_without(small_site, "aiohttp", "aggregator.parse")
    assert result.status == 0, result.err


def update_without(site: SmallSite, *modules: str) -> Result:
    """`matrix update`, which fails where it imports one of the modules."""
    code = "import sys; from aggregator.cli import main; sys.argv = sys.argv[1:]\ntry: main()\nfinally: " + (
        f"assert sys.modules.keys().isdisjoint({modules})"
    )
    return run_python("-c", code, "matrix", "-C", str(site.root), "update", "--json", "--force")
