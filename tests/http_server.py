"""A real HTTP server on loopback whose answers a test decides, and which notes what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FEED = "<rss><channel><title>栖江人社</title></channel></rss>".encode()

Route = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request: answered by the route of its path, and noted."""

    server: Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        with self.server.lock:
            self.server.seen.append((self.path, dict(self.headers)))
            self.server.open += 1
            self.server.most_open = max(self.server.most_open, self.server.open)
        self.server.routes.get(path, lambda one: one.answer(404))(self)

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        with self.server.lock:
            # Before the last byte: once that has arrived the client may ask again, sooner than we count.
            self.server.open -= 1
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests read `seen` instead."""


class Server(ThreadingHTTPServer):
    """A real server on loopback."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, handler: type[Handler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.routes: dict[str, Route] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.lock = threading.Lock()
        self.open = self.most_open = 0

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what several tests are about."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    def serve(self, path: str, body: bytes, **headers: str) -> str:
        """Answer with this from now on. The address."""
        self.routes[path] = lambda handler: handler.answer(200, body, **headers)
        return self.url(path)

    def asked(self) -> list[str]:
        """The paths asked for since the last call."""
        with self.lock:
            paths = [path for path, _ in self.seen]
            self.seen.clear()
        return paths


@contextmanager
def run_server(handler: type[Handler] = Handler, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    with Server(handler) as running:
        if tls:
            # The handshake at the first read, in the request's own thread: who is silent holds up nobody.
            running.socket = tls.wrap_socket(running.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()
