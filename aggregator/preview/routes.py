"""What the server answers. Work is done in one thread, so that the server stays awake and a store is one thread's."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TypeVar

from aiohttp import web

from aggregator.errors import ConfigError, MatrixError
from aggregator.model import Finding, Proof
from aggregator.preview.desk import Answer, Desk
from aggregator.preview.guard import FILE_POLICY, PAGE_POLICY, Guard
from aggregator.preview.hub import Hub
from aggregator.preview.marks import mark_page
from aggregator.preview.pages import STATIC, Pages

logger = logging.getLogger(__name__)

HEARTBEAT = 15.0
"""Seconds without a save after which open pages are told that we are still here."""

KEPT = 2.0
"""Seconds for which a proof that was just made is good: a page and what is said beside it are asked for together."""

# The program's own table: what Windows has in its registry may call a script plain text.
_TYPES = mimetypes.MimeTypes()
_TYPES.add_type("image/webp", ".webp")
_PAGES = frozenset({"text/html", "application/xml", "application/rss+xml", "application/atom+xml", "image/svg+xml"})

T = TypeVar("T")
Ask = tuple[str, str]
"""("draft", path) or ("waiting", code)."""


class Routes:
    """The handlers, over one desk."""

    def __init__(self, desk: Desk, guard: Guard, hub: Hub) -> None:
        self._desk, self._guard, self._hub = desk, guard, hub
        self._thread = ThreadPoolExecutor(1, "preview")
        self._pages = Pages(guard.token)
        self._made: tuple[Ask, int, float, Proof | None] | None = None

    def list(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.show_start),
            web.get("/draft", self.show_draft),
            web.get("/waiting", self.show_waiting),
            web.get("/report", self.show_report),
            web.get("/site/s/preview.html", self.show_proof),
            web.get("/site/{path:.*}", self.show_page),
            web.get("/beside/{path:.+}", self.show_beside),
            web.get("/desk/{name}", self.show_own),
            web.get("/open/{action}", self.open_page),
            web.post("/do/{action}", self.act),
            web.get("/events", self.tell_changes),
        ]

    async def warm_up(self) -> None:
        """What the first page needs; a mistake in the site's files is shown by that page."""
        with suppress(MatrixError):
            await self._run(self._desk.warm_up)

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    # Pages of our own ------------------------------------------------------------------------------------------

    async def show_start(self, request: web.Request) -> web.Response:
        version, query = self._hub.version, request.query.get("q", "").strip()
        try:
            shelf = await self._run(lambda: self._desk.list_drafts(query))
            waiting = await self._run(self._desk.list_waiting)
        except Exception as error:  # noqa: BLE001  whatever a draft does, the desk stays
            return self._show_error(error)
        return _html(self._pages.write_start(self._desk, shelf, waiting, query, version))

    async def show_draft(self, request: web.Request) -> web.Response:
        return await self._show_one(("draft", request.query.get("path", "")))

    async def show_waiting(self, request: web.Request) -> web.Response:
        return await self._show_one(("waiting", request.query.get("code", "")))

    async def _show_one(self, ask: Ask) -> web.Response:
        version = self._hub.version
        try:
            proof = await self._make(ask)
        except Exception as error:  # noqa: BLE001  as above
            if ask[0] == "waiting":
                return self._show_error(error)
            proof = await self._explain(ask[1], error)
        if proof is None:
            return self._show_missing()
        return _html(self._pages.write_one(self._desk, ask, proof, version))

    async def show_report(self, request: web.Request) -> web.Response:
        """What stands beside a draft's page, alone: it changes with each save."""
        ask: Ask = ("draft", request.query.get("path", ""))
        try:
            proof = await self._make(ask)
        except Exception as error:  # noqa: BLE001  as above
            proof = await self._explain(ask[1], error)
        return self._show_missing() if proof is None else _html(self._pages.write_report(proof))

    # Pages of the site -----------------------------------------------------------------------------------------

    async def show_proof(self, request: web.Request) -> web.Response:
        query = request.query
        ask = ("draft", query["path"]) if "path" in query else ("waiting", query.get("code", ""))
        try:
            proof = await self._make(ask)
        except Exception as error:  # noqa: BLE001  as above
            return self._show_error(error, PAGE_POLICY)
        if proof is None:
            return self._show_missing(PAGE_POLICY)
        if not proof.page:
            return _html(self._pages.write_message("这一篇读不出来，没有页面可看。", "原因写在旁边。"), PAGE_POLICY)
        return _html(mark_page(proof, large=query.get("type") == "large").decode(), PAGE_POLICY)

    async def show_page(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        data = await self._run(lambda: self._desk.read_page(path))
        if data is None:
            return self._show_missing(PAGE_POLICY)
        kind = _find_type(path or "index.html")
        return web.Response(body=data, headers=_name_type(kind, PAGE_POLICY if kind in _PAGES else FILE_POLICY))

    async def show_beside(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        data = await self._run(lambda: self._desk.read_beside(path))
        if data is None:
            return self._show_missing(FILE_POLICY)
        kind = _find_type(path)
        headers = _name_type(kind, FILE_POLICY)
        if not kind.startswith("image/"):
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=data, headers=headers)

    async def show_own(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        file = STATIC / name
        if name not in {one.name for one in STATIC.iterdir()}:
            return self._show_missing()
        return web.Response(body=file.read_bytes(), headers=_name_type(_find_type(name), FILE_POLICY))

    # Actions ---------------------------------------------------------------------------------------------------

    async def open_page(self, request: web.Request) -> web.Response:
        answer = await self._act(request.match_info["action"], request.query.get("target", ""), "", opens=True)
        return _html(answer.html or self._pages.write_message(answer.message, ""), PAGE_POLICY)

    async def act(self, request: web.Request) -> web.Response:
        form = await request.post()
        target, words = str(form.get("target", "")), str(form.get("words", "")).strip()
        answer = await self._act(request.match_info["action"], target, words, opens=False)
        self._made = None
        if answer.is_done:
            # Lists of other windows follow.
            self._hub.tell()
        if "application/json" in request.headers.get("Accept", ""):
            said = {
                "message": answer.message, "html": answer.html, "text": answer.text, "done": answer.is_done,
                "next": answer.next,
            }  # fmt: skip
            return web.json_response(said)
        return _html(self._pages.write_message(answer.message, ""))

    async def _act(self, name: str, target: str, words: str, *, opens: bool) -> Answer:
        if not any(one.name == name and one.opens == opens for one in self._desk.actions):
            return Answer("没有这个操作。", is_done=False)
        try:
            return await self._run(lambda: self._desk.act(name, target, words))
        except MatrixError as error:
            return Answer(f"{error.message}{error.remedy}", is_done=False)
        except Exception:
            logger.exception("action %s on %s", name, target)
            return Answer("没有做成，程序出错了。请把 .matrix/logs/preview.log 发给技术人员。", is_done=False)

    # Events ----------------------------------------------------------------------------------------------------

    async def tell_changes(self, request: web.Request) -> web.StreamResponse:
        """The number of saves so far, at once and after each; a page that has an older one asks anew."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with self._hub.join() as event, suppress(ConnectionError):
            told = -1
            while not self._hub.closed.is_set():
                if told != self._hub.version:
                    told = self._hub.version
                    await response.write(f"event: version\ndata: {told}\n\n".encode())
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), HEARTBEAT)
                if not event.is_set():
                    await response.write(b": still here\n\n")
                event.clear()
        return response

    # Work ------------------------------------------------------------------------------------------------------

    async def _make(self, ask: Ask) -> Proof | None:
        return await self._run(lambda: self._make_once(ask))

    def _make_once(self, ask: Ask) -> Proof | None:
        version, now = self._hub.version, time.monotonic()
        if self._made is not None and self._made[:2] == (ask, version) and now - self._made[2] < KEPT:
            return self._made[3]
        kind, name = ask
        proof = self._desk.make_proof(name) if kind == "draft" else self._desk.make_waiting_proof(name)
        self._made = (ask, version, now, proof)
        return proof

    async def _explain(self, path: str, error: Exception) -> Proof:
        """In place of a draft that could not be rendered: what is known of it all the same."""
        message, remedy = _describe_error(error)
        findings: tuple[Finding, ...] = ()
        with suppress(Exception):
            findings = await self._run(lambda: self._desk.list_findings(path))
        return Proof(b"", PurePosixPath(path).name, "held", f"{message}{remedy}", findings)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _show_error(self, error: Exception, policy: str = "") -> web.Response:
        # Of a post that somebody chose meanwhile, for one, the page is gone and nothing is wrong.
        status = 404 if isinstance(error, ConfigError) else 500
        return _html(self._pages.write_message(*_describe_error(error)), policy, status=status)

    def _show_missing(self, policy: str = "") -> web.Response:
        text = self._pages.write_message("没有这个页面。", "稿件可能改了名字，或者网站还没有发布过。")
        return _html(text, policy, status=404)


def _describe_error(error: Exception) -> tuple[str, str]:
    if isinstance(error, MatrixError):
        return error.message, error.remedy
    logger.error("a page failed", exc_info=error)
    return (
        f"这一页没能做出来：{type(error).__name__}。",
        "其他稿件不受影响。请把 .matrix/logs/preview.log 发给技术人员。",
    )


def _find_type(path: str) -> str:
    if path.endswith("/"):
        return "text/html"
    return _TYPES.guess_type(PurePosixPath(path).name)[0] or "application/octet-stream"


def _name_type(kind: str, policy: str) -> dict[str, str]:
    charset = "; charset=utf-8" if kind.startswith("text/") or kind.endswith(("javascript", "xml")) else ""
    return {"Content-Type": f"{kind}{charset}", "Content-Security-Policy": policy}


def _html(text: str, policy: str = "", *, status: int = 200) -> web.Response:
    headers = {"Content-Security-Policy": policy} if policy else None
    return web.Response(text=text, content_type="text/html", charset="utf-8", status=status, headers=headers)
