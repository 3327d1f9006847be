"""What fetching refuses: the inner network, too many connections, files outside the site."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

import pytest
from fetch_fixtures import fail_one, fetch_one
from http_server import FEED, Handler, Server

from aggregator.fetch.addresses import is_allowed
from aggregator.fetch.request import MAX_BODY
from aggregator.model import FeedDocument, FetchSettings, NotModified, Validators

BOMB_SIZE = 300 * 1024 * 1024


class TestInnerNetwork:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "017700000001",
            "127.1",
            "0",
            "0.0.0.0",  # noqa: S104 - nothing is bound: it is asked for
            "１２７.0.0.1",
            "127。0。0。1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
        ],
    )
    def test_loopback_is_refused_in_every_spelling(self, server: Server, host: str):
        server.routes["/feed"] = lambda handler: handler.answer(body=FEED)
        fail_one(server.url("/feed", host), FetchSettings(timeout=5.0))
        assert not server.seen

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_the_remedy_is_told(self, server: Server, host: str):
        assert "allow" in fail_one(server.url("/feed", host), FetchSettings(timeout=5.0)).reason

    @pytest.mark.parametrize(
        "address",
        [
            "0.0.0.0",  # noqa: S104 - nothing is bound: it is judged
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::a00:1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "fe80::1%2",
            "fec0::1",
            "ff02::1",
            "100::1",
            "2001::1",
            "2001:20::1",
            "2001:db8::1",
            "3fff::1",
            "5f00::1",
            "fd00:ec2::254",
            "2002:a00:1::",
            "2002:7f00:1::1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "::ffff:0:10.0.0.1",
            "4000::1",
        ],
    )
    def test_what_is_not_public_is_not_dialled(self, address: str):
        assert not is_allowed(ipaddress.ip_address(address), ())

    @pytest.mark.parametrize("form", ["{}", "::ffff:{}", "64:ff9b::{}", "2002:{:x}:{:x}::1"])
    @pytest.mark.parametrize(
        "address",
        [
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.51.100.1",
            "203.0.113.1",
        ],
    )
    def test_metadata_and_special_addresses_are_not_dialled_in_any_form(self, form: str, address: str):
        number = int(ipaddress.IPv4Address(address))
        written = form.format(number >> 16, number & 0xFFFF) if ":x" in form else form.format(address)
        assert not is_allowed(ipaddress.ip_address(written), ())

    @pytest.mark.parametrize(
        "address",
        [
            "1.1.1.1",
            "114.114.114.114",
            "168.63.129.17",
            "192.31.196.1",
            "2400:3200::1",
            "64:ff9b::101:101",
            "::ffff:1.1.1.1",
        ],
    )
    def test_what_is_public_is(self, address: str):
        assert is_allowed(ipaddress.ip_address(address), ())

    @pytest.mark.parametrize(
        ("address", "allowed"),
        [("10.1.2.3", True), ("10.1.3.3", False), ("::ffff:10.1.2.3", True), ("fd00::1", True), ("fd01::1", False)],
    )
    def test_what_the_registry_allows_is(self, address: str, allowed: bool):
        networks = (ipaddress.ip_network("10.1.2.0/24"), ipaddress.ip_network("fd00::/16"))
        assert is_allowed(ipaddress.ip_address(address), networks) is allowed


class TestConnections:
    def test_a_closed_port_is_told(self, server: Server):
        server.server_close()
        assert "连不上" in fail_one(server.url("/feed")).reason

    def test_a_name_that_does_not_exist_is_told(self):
        assert "找不到域名 feed.invalid" in fail_one("http://feed.invalid/").reason

    def test_a_server_without_tls_is_told(self, server: Server):
        assert "加密" in fail_one(server.url("/feed").replace("http:", "https:")).reason

    def test_a_server_that_hangs_up_is_told(self, server: Server):
        server.routes["/feed"] = lambda handler: handler.wfile.close()
        assert "断开" in fail_one(server.url("/feed")).reason

    def test_a_server_that_speaks_no_http_is_told(self, server: Server):
        def route(handler: Handler) -> None:
            handler.wfile.write(b"SSH-2.0-x\r\n\r\n")

        server.routes["/feed"] = route
        assert "HTTP" in fail_one(server.url("/feed")).reason

    @pytest.mark.parametrize(
        "url", ["ftp://a.example/", "http://", "http://[::1", "http://a..example/", f"http://{'a' * 70}.example/"]
    )
    def test_an_address_that_is_none_is_a_value_too(self, url: str):
        fail_one(url)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose registry folder holds feed.xml."""
    folder = tmp_path / "site" / "content" / "registry"
    folder.mkdir(parents=True)
    (folder / "feed.xml").write_bytes(FEED)
    (tmp_path / "outside.xml").write_bytes(FEED)
    return tmp_path / "site"


class TestFiles:
    def test_a_file_arrives_and_is_then_not_modified(self, site: Path):
        document = fetch_one("feed.xml", root=site)
        assert isinstance(document, FeedDocument)
        assert (document.body, document.base_url) == (FEED, "")
        assert isinstance(fetch_one("feed.xml", document.validators, root=site), NotModified)

    def test_a_file_of_unchanged_time_and_size_is_not_read(self, site: Path):
        file = site / "content" / "registry" / "feed.xml"
        status = file.stat()
        file.write_bytes(FEED[::-1])
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        validators = Validators(etag=f"{status.st_mtime_ns}-{status.st_size}")
        assert isinstance(fetch_one("feed.xml", validators, root=site), NotModified)

    def test_a_touched_file_with_the_same_bytes_is_not_modified(self, site: Path):
        document = fetch_one("feed.xml", root=site)
        assert isinstance(document, FeedDocument)
        os.utime(site / "content" / "registry" / "feed.xml", ns=(1, 1))
        assert isinstance(fetch_one("feed.xml", document.validators, root=site), NotModified)

    def test_a_file_elsewhere_in_the_site_is_taken(self, site: Path):
        (site / "feeds").mkdir()
        (site / "feeds" / "a.xml").write_bytes(FEED)
        (site / "content" / "registry" / "linked").symlink_to(site / "feeds")
        assert isinstance(fetch_one("../../feeds/a.xml", root=site), FeedDocument)
        assert isinstance(fetch_one("linked/a.xml", root=site), FeedDocument)

    def test_nothing_outside_the_site_is_read(self, site: Path, tmp_path: Path):
        (site / "content" / "registry" / "link.xml").symlink_to(tmp_path / "outside.xml")
        for path in ("link.xml", "../../../outside.xml", str(tmp_path / "outside.xml")):
            assert "之外" in fail_one(path, root=site).reason

    def test_a_site_behind_a_symbolic_link_is_one(self, site: Path, tmp_path: Path):
        (tmp_path / "alias").symlink_to(site)
        assert isinstance(fetch_one("feed.xml", root=tmp_path / "alias"), FeedDocument)

    def test_what_cannot_be_read_is_told(self, site: Path):
        folder = site / "content" / "registry"
        (folder / "loop.xml").symlink_to("loop.xml")
        (folder / "empty.xml").touch()
        os.mkfifo(folder / "pipe.xml")
        with (folder / "large.xml").open("wb") as file:
            file.truncate(MAX_BODY + 1)
        for path, told in {
            "none.xml": "找不到文件",
            "feed.xml/x": "找不到文件",
            ".": "账号表也在这个文件夹里",
            "../..": "账号表也在这个文件夹里",
            "pipe.xml": "不是文件，也不是文件夹",
            "loop.xml": "符号链接",
            "a\0b": "核对路径",
            "empty.xml": "空",
            "large.xml": "15 MB",
        }.items():
            assert told in fail_one(path, root=site).reason
