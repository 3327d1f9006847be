"""Mirroring leads nowhere it should not, gives no file a harmful name, and leaves servers in peace."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from http_server import Handler, Server
from mirror_fixtures import LATER, PDF, make_mirroring_site, mirror, paint, read_article, read_pictures, set_body
from site_fixtures import NOW, SmallSite

from aggregator.model import Post
from aggregator.pipeline.filenames import MAX_NAME, clean_file_name, is_web_page
from aggregator.pipeline.mirror import list_files
from aggregator.store.mirror import MAX_TRIES, RETRY_GROWTH


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return make_mirroring_site(tmp_path / "site")


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


# Trying again, within bounds ------------------------------------------------------------------------------------


def test_a_failure_is_tried_again_ever_later_and_then_given_up(site: SmallSite, server: Server) -> None:
    set_body(site, f'<img src="{server.url("/lost.jpg")}">')
    now = NOW
    site.update(now)
    for tries in range(1, MAX_TRIES):
        wait = timedelta(hours=RETRY_GROWTH ** (tries - 1))
        assert server.asked() == ["/lost.jpg"]
        assert mirror(site.update(now + wait - timedelta(seconds=1))) == (0, 0, 0, 1)
        assert server.asked() == []
        now += wait
        site.update(now)
    assert server.asked() == ["/lost.jpg"]
    assert mirror(site.update(now + timedelta(days=4000))) == (0, 0, 0, 0)
    assert server.asked() == []


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
