"""`matrix preview` as a process, and the server alone over a desk that a test decides."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from site_fixtures import ROOT, environment

from aggregator.model import DraftCard, DraftShelf, Finding, Proof
from aggregator.preview import Action, Answer, InboxRow, InboxShelf
from aggregator.preview.guard import HOST, Guard
from aggregator.preview.hub import Hub
from aggregator.preview.routes import Routes
from aggregator.preview.server import make_app

PATIENCE = 60
"""Seconds after which something hangs."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(slots=True)
class Preview:
    """A running preview, as a browser without scripts asks it."""

    address: str
    cookie: str = ""
    process: subprocess.Popen[str] | None = None

    @property
    def base(self) -> str:
        return f"http://{urlsplit(self.address).netloc}"

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Reply:
        """One request, with the cookie of `enter`; a header of "" is not sent."""
        sent = {"Host": f"{HOST}:{self.port}", "Cookie": self.cookie}
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {**sent, "Content-Length": str(len(body.encode()))}.items():
                if value:
                    connection.putheader(name, value)
            connection.endheaders(body.encode())
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def enter(self) -> Reply:
        """Open the printed address."""
        reply = self.ask(f"/?{urlsplit(self.address).query}")
        self.cookie = reply.headers["Set-Cookie"].partition(";")[0]
        return reply


@contextmanager
def run_preview(root: Path, *options: str) -> Iterator[Preview]:
    """`matrix preview` on the site in `root`, until the end of the block."""
    command = [sys.executable, "-m", "aggregator", "-C", str(root), "preview", "--no-open", "--json"]
    process = subprocess.Popen(
        [*command, *(options or ("--port", "0"))], cwd=ROOT, env=environment(), text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    said = ""
    try:
        while not said.rstrip().endswith("}"):
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            said += line
        preview = Preview(json.loads(said)["address"], process=process)
        preview.enter()
        yield preview
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


@dataclass
class FakeDesk:
    """A `preview.Desk` of drafts that a test sets; it notes what was done."""

    drafts: dict[str, Callable[[], Proof]] = field(default_factory=dict)
    actions: tuple[Action, ...] = (
        Action("accept", "采用", "waiting"),
        Action("reject", "不用", "waiting", asks="理由"),
        Action("wechat", "复制到微信", "draft"),
        Action("board", "打印公告栏", "draft", opens=True),
    )
    done: list[tuple[str, str, str]] = field(default_factory=list)
    waiting: tuple[InboxRow, ...] = ()
    name: str = "临江发布"

    def warm_up(self) -> None:
        """Nothing to load."""

    def list_drafts(self, query: str) -> DraftShelf:
        cards = tuple(
            DraftCard(path, path, "new", datetime(2026, 3, 20, tzinfo=UTC)) for path in self.drafts if query in path
        )
        return DraftShelf(cards, len(cards))

    def list_waiting(self) -> InboxShelf:
        return InboxShelf(self.waiting, len(self.waiting))

    def make_proof(self, path: str) -> Proof | None:
        return self.drafts[path]() if path in self.drafts else None

    def make_waiting_proof(self, code: str) -> Proof | None:
        known = {one.code: one for one in self.waiting}
        return show(known[code].title) if code in known else None

    def list_findings(self, path: str) -> tuple[Finding, ...]:
        return (Finding(path, "这一行看不懂。", line=2),)

    def read_page(self, path: str) -> bytes | None:
        return b"<p>ok</p>" if path == "index.html" else None

    def read_beside(self, path: str) -> bytes | None:
        return b"picture" if path == "notices/a.png" else None

    def act(self, action: str, target: str, words: str) -> Answer:
        self.done.append((action, target, words))
        if action == "board":
            return Answer("", html="<!doctype html><title>公告栏</title><h1>公告栏</h1>")
        html = "<p>贴进<b>微信</b></p>" if action == "wechat" else ""
        return Answer("已经做好。", html=html, text="贴进微信" if html else "")


def show(title: str) -> Proof:
    page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Proof(page.encode(), title, "new")


@contextmanager
def run_server(desk: FakeDesk) -> Iterator[tuple[Preview, Guard, Hub]]:
    """The server over `desk`, in a thread of this process."""
    guard, hub = Guard(), Hub()
    loop = asyncio.new_event_loop()
    routes = Routes(desk, guard, hub)

    async def start() -> web.AppRunner:
        runner = web.AppRunner(make_app(routes, guard), shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        guard.port = runner.addresses[0][1]
        return runner

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(start(), loop).result(PATIENCE)
    try:
        preview = Preview(guard.address)
        preview.enter()
        yield preview, guard, hub
    finally:
        loop.call_soon_threadsafe(hub.close)
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()
        routes.close()
