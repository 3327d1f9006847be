"""Behind a proxy: it is used as the environment says, wherever it stands, and is asked for nothing private."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from http_server import FEED, Handler, Server, run_server

from aggregator.fetch import ByteBudget, FeedRequest, fetch_feeds
from aggregator.fetch.request import FetchResult
from aggregator.model import FeedDocument, FeedError, FetchSettings

PUBLIC = "93.184.215.14"
"""An address on the public network, behind which the proxy of these tests puts the local server."""


class Proxy(Handler):
    """A forward proxy: absolute addresses in, the same request to the server it is told of, the answer back."""

    def do_GET(self) -> None:  # noqa: N802 - http.server's name
        self.server.seen.append((self.path, dict(self.headers)))
        address = urlsplit(self.path)
        port = self.server.targets.get(address.hostname or "", address.port)  # type: ignore[attr-defined]
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("GET", address.path, headers={"Host": address.netloc, "Connection": "close"})
        answer = connection.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name in ("Location", "Content-Type"):
            if value := answer.getheader(name):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        connection.close()

    def do_CONNECT(self) -> None:  # noqa: N802 - http.server's name
        self.server.seen.append((self.path, dict(self.headers)))
        self.answer(403)


@pytest.fixture
def server() -> Iterator[Server]:
    with run_server() as running:
        running.routes["/feed"] = lambda handler: handler.answer(body=FEED)
        yield running


@pytest.fixture
def proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with run_server(Proxy) as running:
        running.targets = {PUBLIC: server.server_port}  # type: ignore[attr-defined]
        monkeypatch.setenv("HTTP_PROXY", running.url(""))
        monkeypatch.setenv("HTTPS_PROXY", running.url(""))
        yield running


def fetch(url: str, *allow: str) -> FetchResult:
    async def collect() -> list[FetchResult]:
        settings = FetchSettings(allow=allow, timeout=5.0)
        return [one async for one in fetch_feeds([FeedRequest("rsj", url)], settings, Path(), ByteBudget())]

    (result,) = asyncio.run(collect())
    return result


def fail(url: str, *allow: str) -> str:
    result = fetch(url, *allow)
    assert isinstance(result, FeedError)
    return result.reason


def test_a_proxy_on_a_private_address_is_used_without_being_allowed(proxy: Server, server: Server):
    result = fetch(f"http://{PUBLIC}/feed")
    assert isinstance(result, FeedDocument)
    assert result.body == FEED
    assert proxy.asked() == [f"http://{PUBLIC}/feed"]
    assert server.asked() == ["/feed"]


def test_the_proxy_s_credentials_go_to_it_and_to_nobody_else(
    proxy: Server, server: Server, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", proxy.url("").replace("//", "//user:pass%20word@"))
    assert isinstance(fetch(f"http://{PUBLIC}/feed"), FeedDocument)
    given = proxy.seen[0][1]
    assert base64.b64decode(given["Proxy-Authorization"].removeprefix("Basic ")) == b"user:pass word"
    assert "Authorization" not in given
    assert "Proxy-Authorization" not in server.seen[0][1]


def test_a_proxy_named_without_a_scheme_is_one_for_http(proxy: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{proxy.server_port}")
    assert isinstance(fetch(f"http://{PUBLIC}/feed"), FeedDocument)


def test_the_user_s_netrc_is_not_read(proxy: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / ".netrc").write_text(f"machine {PUBLIC} login me password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert isinstance(fetch(f"http://{PUBLIC}/feed"), FeedDocument)
    assert "Authorization" not in proxy.seen[0][1]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.0.0.192",
        "168.63.129.16",
        "169.254.169.254",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "localhost",
        "127.1",
        "0x7f000001",
        "0",
    ],
)
def test_the_proxy_is_told_no_private_address(proxy: Server, host: str):
    fail(f"http://{host}/feed")
    fail(f"https://{host}/feed")
    assert proxy.asked() == []


@pytest.mark.parametrize("host", ["010.0.0.1", "0x8.8.8.8", "8.8", "134744072", "8.8.8.010", "010.0.0.1."])
def test_a_number_that_the_proxy_may_read_otherwise_than_we_do_is_not_given_to_it(proxy: Server, host: str):
    assert "写法不对" in fail(f"http://{host}/feed")
    assert "写法不对" in fail(f"https://{host}/feed")
    assert proxy.asked() == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_remedy_is_told(proxy: Server, host: str):
    assert "allow" in fail(f"http://{host}/feed")


def test_nor_does_a_redirect_get_there_through_it(proxy: Server, server: Server):
    server.routes["/away"] = lambda handler: handler.answer(302, Location="http://169.254.169.254/latest/")
    assert "内网" in fail(f"http://{PUBLIC}/away")
    assert proxy.asked() == [f"http://{PUBLIC}/away"]


def test_a_name_that_means_nothing_here_is_not_given_to_the_proxy(proxy: Server):
    assert "找不到域名 feed.invalid" in fail("http://feed.invalid/feed")
    assert proxy.asked() == []


def test_what_the_registry_allows_goes_through_the_proxy_too(proxy: Server, server: Server):
    assert isinstance(fetch(server.url("/feed"), "127.0.0.0/8"), FeedDocument)
    assert proxy.asked() == [server.url("/feed")]


def test_no_proxy_names_what_is_asked_directly(proxy: Server, server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,.qijiang.gov.cn")
    assert isinstance(fetch(server.url("/feed"), "127.0.0.0/8"), FeedDocument)
    assert proxy.asked() == []
    # Asked directly, it is checked as if there were no proxy.
    assert "内网" in fail(server.url("/feed"))


def test_the_proxy_s_exemption_is_no_other_feed_s(proxy: Server, server: Server, monkeypatch: pytest.MonkeyPatch):
    """While one feed is fetched through the proxy, another leads straight to the proxy's address."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    requests = [FeedRequest(f"a{n}", f"http://{PUBLIC}/feed") for n in range(4)]
    requests += [FeedRequest(f"b{n}", proxy.url("/feed")) for n in range(4)]

    async def collect() -> list[FetchResult]:
        return [one async for one in fetch_feeds(requests, FetchSettings(timeout=5.0), Path(), ByteBudget())]

    results = {one.account: one for one in asyncio.run(collect())}
    assert all(isinstance(result, FeedDocument) is name.startswith("a") for name, result in results.items())
    assert set(proxy.asked()) == {f"http://{PUBLIC}/feed"}


def test_https_goes_through_a_tunnel_and_a_refusal_of_it_is_told(proxy: Server):
    assert "代理服务器不让连接" in fail(f"https://{PUBLIC}/feed")
    assert proxy.asked() == [f"{PUBLIC}:443"]


def test_a_proxy_that_is_not_there_is_told(proxy: Server, monkeypatch: pytest.MonkeyPatch):
    proxy.server_close()
    assert "连不上代理" in fail(f"http://{PUBLIC}/feed")


@pytest.mark.parametrize("address", ["http://[::1", "socks5://127.0.0.1:1", "http://"])
def test_a_proxy_written_wrongly_is_a_failure_of_the_feed(proxy: Server, address: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", address)
    assert "代理" in fail(f"http://{PUBLIC}/feed")
