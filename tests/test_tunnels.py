"""https through a proxy: a real tunnel, with the server's certificate checked at its end."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from http_server import FEED, Handler, Server, run_server
from site_fixtures import ROOT

DATA = ROOT / "tests" / "data" / "tls"
TARGET = "93.184.215.14"
"""An address on the public network, which the certificate is for and behind which the proxy puts the local server."""

FETCH = """
import asyncio, sys
from pathlib import Path
from aggregator.fetch import ByteBudget, FeedRequest, fetch_feeds
from aggregator.model import FeedDocument, FetchSettings

async def fetch():
    settings = FetchSettings(timeout=20.0)
    return [one async for one in fetch_feeds([FeedRequest("rsj", sys.argv[1])], settings, Path(), ByteBudget())]

(answer,) = asyncio.run(fetch())
print(answer.body.decode() if isinstance(answer, FeedDocument) else answer.reason)
"""
"""In a process of its own: which certificates are trusted is settled when aiohttp is imported."""


class Tunneller(Handler):
    """A proxy that knows tunnels alone. Wherever one shall lead, it leads to the server of the test."""

    def do_CONNECT(self) -> None:  # noqa: N802 - http.server's name
        self.server.seen.append((self.path, dict(self.headers)))
        with socket.create_connection(("127.0.0.1", self.server.behind)) as far:  # type: ignore[attr-defined]
            self.send_response(200, "Connection established")
            self.end_headers()
            back = threading.Thread(target=pass_on, args=(far, self.connection))
            back.start()
            pass_on(self.connection, far)
            back.join()
        self.close_connection = True


def pass_on(source: socket.socket, target: socket.socket) -> None:
    """All bytes until the end, which is passed on too."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@dataclass
class Tunnel:
    """The server, the proxy before it, and a client that knows of the proxy."""

    server: Server
    proxy: Server

    def fetch(self, url: str, **environment: str) -> str:
        """The feed, or the reason why there is none."""
        known = {"HTTPS_PROXY": self.proxy.url(""), "SSL_CERT_FILE": str(DATA / "certificate.pem"), "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", FETCH, url], cwd=ROOT, env=known | environment, stdout=subprocess.PIPE, check=True
        )
        return done.stdout.decode().strip()


@pytest.fixture
def tunnel() -> Iterator[Tunnel]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / "certificate.pem", DATA / "key.pem")
    with run_server(tls=context) as server, run_server(Tunneller) as proxy:
        server.serve("/feed", FEED)
        proxy.behind = server.server_port  # type: ignore[attr-defined]
        yield Tunnel(server, proxy)


def test_a_feed_comes_through_the_tunnel_of_a_proxy_on_a_private_address(tunnel: Tunnel):
    assert tunnel.fetch(f"https://{TARGET}/feed") == FEED.decode()
    assert tunnel.proxy.asked() == [f"{TARGET}:443"]
    assert tunnel.server.asked() == ["/feed"]


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "[::1]", "localhost"])
def test_no_tunnel_is_dug_to_a_private_address(tunnel: Tunnel, host: str):
    assert "内网" in tunnel.fetch(f"https://{host}:{tunnel.server.server_port}/feed")
    assert tunnel.proxy.asked() == []


def test_nor_after_a_redirect_that_came_through_one(tunnel: Tunnel):
    tunnel.server.routes["/away"] = lambda handler: handler.answer(302, Location="https://169.254.169.254/latest/")
    assert "内网" in tunnel.fetch(f"https://{TARGET}/away")
    assert tunnel.proxy.asked() == [f"{TARGET}:443"]
    assert tunnel.server.asked() == ["/away"]


def test_who_answers_at_the_end_of_the_tunnel_must_prove_who_it_is(tunnel: Tunnel):
    assert "安全证书无效" in tunnel.fetch("https://93.184.215.15/feed")
    assert "安全证书无效" in tunnel.fetch(f"https://{TARGET}/feed", SSL_CERT_FILE="")
    assert tunnel.proxy.asked() == ["93.184.215.15:443", f"{TARGET}:443"]
    assert tunnel.server.asked() == []


def test_the_proxy_s_credentials_are_for_the_proxy_alone(tunnel: Tunnel):
    proxy = tunnel.proxy.url("").replace("//", "//user:pass%20word@")
    assert tunnel.fetch(f"https://{TARGET}/feed", HTTPS_PROXY=proxy) == FEED.decode()
    given = tunnel.proxy.seen[0][1]["Proxy-Authorization"]
    assert base64.b64decode(given.removeprefix("Basic ")) == b"user:pass word"
    assert not {"Authorization", "Proxy-Authorization"} & set(tunnel.server.seen[0][1])
