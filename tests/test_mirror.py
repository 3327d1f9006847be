"""Foreign pictures and attachments: fetched through the guards, stored once, served from the site, never in the way."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import lxml.html
import pytest
from pelican.settings import read_settings
from PIL import Image, ImageDraw
from site_fixtures import ATOM, BASE, NOW, Item, SmallSite, find_broken_links, list_tree, run_python

from aggregator.model import MirrorReport, Post, UpdateReport
from aggregator.pipeline.filenames import MAX_NAME, clean_file_name, is_web_page
from aggregator.pipeline.mirror import list_files
from aggregator.store import Store
from aggregator.store.mirror import MAX_TRIES, RETRY_GROWTH, hash_file

LOOPBACK = '[fetch]\nallow = ["127.0.0.0/8"]\ncontact = "mailto:web@linjiang.example"\ntimeout = 5\n'
LATER = NOW + timedelta(hours=1)
PDF = b"%PDF-1.7\n" + b"\xe4\xba\xba" * 700
FILE = re.compile(r"files/[0-9a-f]{32}\.(webp|gif|jpg)")

Route = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request: answered by the route of its path, and noted."""

    server: Server

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.seen.append((self.path, dict(self.headers)))
            self.server.open += 1
            self.server.most_open = max(self.server.most_open, self.server.open)
        self.server.routes.get(self.path.partition("?")[0], lambda one: one.answer(404))(self)

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        with self.server.lock:
            self.server.open -= 1
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests read `seen` instead."""


class Server(ThreadingHTTPServer):
    """A picture server on loopback."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Route] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.lock = threading.Lock()
        self.open = self.most_open = 0

    def handle_error(self, *_: Any) -> None:
        """Clients that hang up at a limit are part of the tests."""

    def serve(self, path: str, body: bytes, **headers: str) -> str:
        self.routes[path] = lambda one: one.answer(200, body, **headers)
        return self.url(path)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def asked(self) -> Counter[str]:
        return Counter(path for path, _ in self.seen)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path / "site", fetch=LOOPBACK).set_up()
    made.set_account("rsj")
    return made


def paint(colour: str = "teal", width: int = 1200, height: int = 600, kind: str = "JPEG", **options: object) -> bytes:
    picture = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(picture).line((0, 0, width, height), fill="white", width=5)
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def write_item(key: str, html: str, *enclosures: tuple[str, str, str]) -> str:
    """An item of a feed; an enclosure is (address, type, title)."""
    told = "".join(f'<enclosure url={quoteattr(url)} type="{kind}" length="1"/>' for url, kind, _ in enclosures)
    return (
        f"<item><title>{key}的消息</title><link>https://{key}.linjiang.example/post.html</link>"
        f'<guid isPermaLink="false">{key}</guid><pubDate>{NOW:%a, %d %b %Y %H:%M:%S +0000}</pubDate>'
        f"<description>{escape(html)}</description>{told}</item>"
    )


def set_feed(site: SmallSite, *items: str, account: str = "rsj") -> None:
    head = "<title>账号</title><link>https://www.linjiang.example/</link><description>账号</description>"
    site.set_body(account, f'<?xml version="1.0"?>\n<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>')


def set_body(site: SmallSite, html: str, *enclosures: tuple[str, str, str]) -> None:
    set_feed(site, write_item("one", f"<p>正文第一段，说明事情的来龙去脉。</p>{html}", *enclosures))


def mirror(report: UpdateReport) -> tuple[int, int, int, int]:
    told = report.mirror
    return told.pictures, told.attachments, told.failed, told.waiting


def read_article(site: SmallSite) -> lxml.html.HtmlElement:
    (page,) = (site.output / "s").glob("*.html")
    return lxml.html.document_fromstring(page.read_bytes())


def read_pictures(site: SmallSite) -> list[dict[str, str]]:
    return [dict(picture.attrib) for picture in read_article(site).xpath("//div[@class='body']//img")]


def open_served(site: SmallSite, address: str) -> Image.Image:
    with Image.open(site.output / address.removeprefix("../")) as picture:
        picture.load()
        return picture


def list_blobs(site: SmallSite) -> list[str]:
    return sorted(file.name for file in (site.site.state / "files").rglob("*") if file.is_file())


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
        one.answer(200, paint()) if server.asked()["/once.jpg"] == 1 else one.answer(404)

    server.routes["/once.jpg"] = answer
    set_body(site, f'<img src="{server.url("/once.jpg")}">')
    site.publish()
    set_body(site, f'<p>又补充了一段。</p><img src="{server.url("/once.jpg")}">')
    updated, _ = site.publish(LATER)
    assert mirror(updated) == (0, 0, 0, 0)
    assert server.asked()["/once.jpg"] == 1
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


# No way in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/a.jpg",
        "file:///etc/passwd",
        "http://u:p@127.0.0.1/",
    ],
)
def test_a_redirect_into_the_inner_network_is_refused(site: SmallSite, server: Server, target: str) -> None:
    server.routes["/a.jpg"] = lambda one: one.answer(302, Location=target)
    set_body(site, f'<img src="{server.url("/a.jpg")}">')
    assert mirror(site.update()) == (0, 0, 1, 1)


def test_an_inner_address_is_not_even_dialled(site: SmallSite, server: Server) -> None:
    site.fetch = ""
    site.set_account("rsj")
    set_body(site, f'<img src="{server.serve("/a.jpg", paint())}">')
    assert mirror(site.update()) == (0, 0, 1, 1)
    assert server.seen == []


def test_redirects_are_followed(site: SmallSite, server: Server) -> None:
    server.serve("/b.jpg", paint())
    server.routes["/a.jpg"] = lambda one: one.answer(301, Location="/b.jpg")
    set_body(site, f'<img src="{server.url("/a.jpg")}">')
    assert mirror(site.update()) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "title", "media_type", "served"),
    [
        ("申请表.PDF", "", "", "申请表.pdf"),
        ("../../etc/passwd.pdf", "", "", "etc passwd.pdf"),
        ("..\\..\\a.docx", "", "", "a.docx"),
        ("a\u202efdp.xlsx", "", "", "a fdp.xlsx"),
        ("x" * 300 + ".zip", "", "", "x" * MAX_NAME + ".zip"),
        ("download", "关于补贴的通知.doc", "application/octet-stream", "关于补贴的通知.doc"),
        ("download", "关于补贴的通知", "application/pdf", "关于补贴的通知.pdf"),
        ("", "", "application/pdf", "附件.pdf"),
        (".htaccess", "", "", ""),
        ("index.html", "说明", "application/pdf", ""),
        ("logo.svg", "", "image/svg+xml", ""),
        ("tool.exe", "", "application/x-msdownload", ""),
        ("page", "说明", "text/html", ""),
    ],
)
def test_an_attachment_has_a_harmless_name_or_none(name: str, title: str, media_type: str, served: str) -> None:
    assert clean_file_name(name, title, media_type) == served


def test_a_page_in_place_of_an_attachment_is_not_stored(site: SmallSite, server: Server) -> None:
    url = server.serve("/form.pdf", b"\xef\xbb\xbf\n<!DOCTYPE HTML><title>gone</title>")
    set_body(site, "<p>见附件。</p>", (url, "application/pdf", ""))
    updated, _ = site.publish()
    assert mirror(updated) == (0, 0, 1, 1)
    assert url in [link.get("href") for link in read_article(site).xpath("//section[@class='after']//a")]
    assert is_web_page(b"<HTML>")
    assert not is_web_page(PDF)


def test_what_looks_like_a_picture_within_a_value_is_none() -> None:
    post = Post("a", "k", "t", html='<p><img src="https://h.example/a.jpg?x=1&amp;y=2" alt="<img src=">x</p>')
    assert [request.url for request in list_files(post)] == ["https://h.example/a.jpg?x=1&y=2"]


def test_only_foreign_web_addresses_are_asked_for() -> None:
    post = Post(
        "a", "k", "t",
        html='<img src="pictures/a.jpg"><img src="https://u:p@h.example/b.jpg"><img alt="" src="http://h.example/c.jpg">',
        image="s/n5/d.webp",
    )  # fmt: skip
    assert [request.url for request in list_files(post)] == ["http://h.example/c.jpg"]


# Stored once, asked for once ------------------------------------------------------------------------------------


def test_one_picture_at_two_addresses_is_stored_once(site: SmallSite, server: Server) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 17.0, 5.0)}
    one = server.serve("/one.jpg", paint())
    two = server.serve("/two.jpg", paint(exif=exif))
    set_body(site, f'<img src="{one}"><img src="{two}">')
    updated, _ = site.publish()
    assert mirror(updated) == (2, 0, 0, 0)
    first, second = read_pictures(site)
    assert first["src"] == second["src"]
    blobs = list_blobs(site)
    assert len(blobs) == 2  # the wide and the narrow form
    for name in blobs:
        assert name.partition(".")[0] == hash_file((site.site.state / "files" / name[:2] / name).read_bytes())


def test_a_second_publish_fetches_nothing_and_changes_no_byte(site: SmallSite, server: Server) -> None:
    set_body(
        site,
        f'<img src="{server.serve("/a.jpg", paint())}"><img src="{server.url("/lost.jpg")}">',
        (server.serve("/b.pdf", PDF), "application/pdf", ""),
    )
    site.publish()
    before, asked = list_tree(site.output.resolve()), server.asked()
    updated, built = site.publish(NOW + timedelta(minutes=30))
    assert mirror(updated) == (0, 0, 0, 1)
    assert server.asked() == asked
    assert (built.rendered, built.removed) == (0, 0)
    assert list_tree(site.output.resolve()) == before


def test_files_are_a_second_name_of_what_is_stored(site: SmallSite, server: Server) -> None:
    set_body(site, f'<img src="{server.serve("/a.jpg", paint())}">')
    site.publish()
    set_body(site, f'<p>改了一句。</p><img src="{server.url("/a.jpg")}">')
    _, built = site.publish(LATER)
    assert not any(path.startswith("files/") for path in (*built.changed_paths, *built.removed_paths))
    (picture,) = read_pictures(site)
    served = site.output / picture["src"].removeprefix("../")
    assert served.stat().st_ino == (site.site.state / "files" / served.name[:2] / served.name).stat().st_ino


def test_files_of_no_published_page_leave_the_site_and_stay_in_the_store(site: SmallSite, server: Server) -> None:
    set_body(site, f'<img src="{server.serve("/a.jpg", paint())}">')
    site.publish()
    set_body(site, "<p>图片不再需要。</p>")
    _, built = site.publish(LATER)
    assert sum(path.startswith("files/") for path in built.removed_paths) == 2
    assert not (site.output / "files").exists()
    assert len(list_blobs(site)) == 2


def test_a_lost_file_takes_down_neither_page_nor_build(site: SmallSite, server: Server) -> None:
    url = server.serve("/a.jpg", paint())
    set_body(site, f'<img src="{url}">')
    site.publish()
    shutil.rmtree(site.site.state / "files")
    site.build(full=True)
    assert read_pictures(site)[0]["src"] == url


def test_pelican_alone_writes_the_same_files(site: SmallSite, server: Server, tmp_path: Path) -> None:
    set_body(site, f'<img src="{server.serve("/a.jpg", paint())}">')
    site.publish()
    settings = read_settings(str(site.site.config), override={"OUTPUT_PATH": str(tmp_path / "fresh")})
    settings["PELICAN_CLASS"](settings).run()
    ours, theirs = list_tree(site.output.resolve()), list_tree(tmp_path / "fresh")
    assert {path: data for path, (data, _) in theirs.items()} == {path: data for path, (data, _) in ours.items()}


# Trying again, within bounds ------------------------------------------------------------------------------------


def test_a_failure_is_tried_again_ever_later_and_then_given_up(site: SmallSite, server: Server) -> None:
    set_body(site, f'<img src="{server.url("/lost.jpg")}">')
    now = NOW
    site.update(now)
    for tries in range(1, MAX_TRIES):
        wait = timedelta(hours=RETRY_GROWTH ** (tries - 1))
        assert server.asked()["/lost.jpg"] == tries
        assert mirror(site.update(now + wait - timedelta(seconds=1))) == (0, 0, 0, 1)
        assert server.asked()["/lost.jpg"] == tries
        now += wait
        site.update(now)
    assert server.asked()["/lost.jpg"] == MAX_TRIES
    assert mirror(site.update(now + timedelta(days=4000))) == (0, 0, 0, 0)
    assert server.asked()["/lost.jpg"] == MAX_TRIES


def test_a_picture_that_comes_back_is_shown(site: SmallSite, server: Server) -> None:
    set_body(site, f'<img src="{server.url("/late.jpg")}">')
    site.publish()
    server.serve("/late.jpg", paint())
    updated, _ = site.publish(LATER)
    assert mirror(updated) == (1, 0, 0, 0)
    assert read_pictures(site)[0]["src"].startswith("../files/")


def test_what_is_beyond_the_bound_of_a_run_comes_in_the_next(
    site: SmallSite, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = [server.serve(f"/{number}.png", paint(width=20 + number, height=9, kind="PNG")) for number in range(7)]
    set_body(site, "".join(f'<img src="{url}">' for url in urls))
    monkeypatch.setattr("aggregator.pipeline.mirror.FILES_PER_RUN", 3)
    assert [mirror(site.update(NOW + timedelta(hours=hour))) for hour in range(4)] == [
        (3, 0, 0, 4), (3, 0, 0, 1), (1, 0, 0, 0), (0, 0, 0, 0),
    ]  # fmt: skip


def test_a_run_ends_when_it_has_received_enough(
    site: SmallSite, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [server.serve(f"/{number}.pdf", PDF + bytes([number])) for number in range(30)]
    set_body(site, "<p>见附件。</p>", *((url, "application/pdf", "") for url in files))
    monkeypatch.setattr("aggregator.pipeline.mirror.BYTES_PER_RUN", 3 * len(PDF))
    report = site.update().mirror
    assert 3 <= report.attachments <= 6
    assert report.waiting == 30 - report.attachments
    assert report.failed == 0


def test_a_host_that_does_not_answer_is_left_alone_for_the_run(site: SmallSite, server: Server) -> None:
    silent = server.url("").replace(str(server.server_port), "1")  # nobody listens on port 1
    set_body(site, "".join(f'<img src="{silent}/{number}.jpg">' for number in range(20)))
    told = site.update().mirror
    assert 3 <= told.failed <= 5
    assert told.waiting == 20
    assert mirror(site.update(NOW + timedelta(minutes=30))) == (0, 0, 0, 20)


def test_a_host_that_is_overloaded_is_left_alone_at_once(site: SmallSite, server: Server) -> None:
    for number in range(20):
        server.routes[f"/{number}.jpg"] = lambda one: one.answer(429, Retry_After="9")
    set_body(site, "".join(f'<img src="{server.url(f"/{number}.jpg")}">' for number in range(20)))
    site.update()
    assert len(server.seen) <= 2


def test_no_host_gets_more_than_two_requests_at_once(site: SmallSite, server: Server) -> None:
    def answer(one: Handler) -> None:
        time.sleep(0.05)
        one.answer(200, paint(width=30, height=30))

    for number in range(8):
        server.routes[f"/{number}.jpg"] = answer
    set_body(site, "".join(f'<img src="{server.url(f"/{number}.jpg")}">' for number in range(8)))
    assert mirror(site.update()) == (8, 0, 0, 0)
    assert server.most_open == 2


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
    assert server.asked() == {"/b.jpg": 1}


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
    code = "import sys; from aggregator.cli import main; sys.argv = sys.argv[1:]\ntry: main()\nfinally: " + (
        "assert 'aggregator.images' not in sys.modules"
    )
    result = run_python("-c", code, "matrix", "-C", str(small_site.root), "update", "--json", "--force")
    assert result.status == 0, result.err
    assert result.document["totals"]["posts_new"] == 1


# Backup ---------------------------------------------------------------------------------------------------------


def test_files_come_back_from_a_backup(site: SmallSite, server: Server, tmp_path: Path) -> None:
    set_body(
        site, f'<img src="{server.serve("/a.jpg", paint())}">', (server.serve("/b.pdf", PDF), "application/pdf", "")
    )
    site.publish()
    before, blobs = list_tree(site.output.resolve()), list_blobs(site)
    backup = tmp_path / "backup.zip"
    told = site.call("backup", str(backup), "--json").document
    assert told["bytes"] == backup.stat().st_size
    with zipfile.ZipFile(backup) as archive:
        stored = [one for one in archive.infolist() if one.filename.startswith("files/")]
        assert len(stored) == 3
        assert {one.compress_type for one in stored} == {zipfile.ZIP_STORED}
        assert told["files"] == 3
        assert told["files_bytes"] == sum(one.file_size for one in stored)
    shutil.rmtree(site.site.state)
    (site.root / "output").unlink()
    server.routes.clear()
    assert site.call("restore", str(backup)).status == 0
    assert list_blobs(site) == blobs
    updated, _ = site.publish(LATER)
    assert mirror(updated) == (0, 0, 0, 0)
    after = list_tree(site.output.resolve())
    assert {path: data for path, (data, _) in after.items()} == {path: data for path, (data, _) in before.items()}


@pytest.mark.parametrize("name", ["files/../../escaped.webp", "files/aa/" + "0" * 32 + ".webp", "files/aa/aaaa.webp"])
def test_a_backup_with_a_file_that_is_not_what_it_says_is_refused(site: SmallSite, tmp_path: Path, name: str) -> None:
    set_body(site, "<p>没有图片。</p>")
    site.update()
    backup = tmp_path / "backup.zip"
    assert site.call("backup", str(backup)).status == 0
    with zipfile.ZipFile(backup, "a") as archive:
        archive.writestr(name, b"something else")
    store = site.site.store.read_bytes()
    assert site.call("restore", str(backup)).status == 2
    assert site.site.store.read_bytes() == store
    assert not list(tmp_path.rglob("escaped*"))
    with Store.open(site.site.store) as opened:
        assert opened.mirror.list_files() == ()
