"""Who may ask: this machine, by the address we printed, and for changes a page of ours.

Other users of the machine and other sites in the same browser reach the port, too; a name of theirs may come to mean
127.0.0.1 (DNS rebinding). So each request must come from a loopback address, name us as its host, and carry the cookie
that only the printed address gives; one that changes something must also come from a page of ours and bring its token.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

HOST = "127.0.0.1"

DESK_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE_POLICY = (
    # Pages of the site work without script; pictures without a copy come from the source.
    "default-src 'none'; style-src 'self'; img-src 'self' http: https: data:; font-src 'self'; "
    "media-src http: https:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'self'"

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # With "no-referrer", browsers send `Origin: null` even to ourselves.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_READING = frozenset({"GET", "HEAD"})
_SITES = frozenset({"same-origin", "none"})
"""Values of Sec-Fetch-Site: from our own pages, or typed (w3.org/TR/fetch-metadata)."""

_ENTER = "请从 matrix preview 打印的那个地址打开：地址里带着进门的钥匙，别人打不开。"
_ELSEWHERE = "这个请求不是从预览自己的页面来的，没有处理。"


@dataclass(slots=True)
class Guard:
    """The keys of one run. `port` is known once the server listens."""

    port: int = 0
    entrance: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In the address that is opened; it gives the cookie."""
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In our pages; requests that change something bring it back."""

    @property
    def address(self) -> str:
        """To be opened in the browser."""
        return f"http://{HOST}:{self.port}/?key={self.entrance}"

    @property
    def cookie_name(self) -> str:
        # Cookies know no ports: two previews would throw one another out.
        return f"matrix-preview-{self.port}"

    async def check(self, request: web.Request) -> web.StreamResponse | None:
        """The answer to a request that goes no further; None for one that may."""
        hosts = {f"{HOST}:{self.port}", f"localhost:{self.port}"}
        if not _is_loopback(request) or request.headers.get("Host", "").lower() not in hosts:
            return _refuse(_ENTER)
        if request.method in _READING and request.path == "/" and (key := request.query.get("key")):
            return self._let_in() if _is_same(key, self.entrance) else _refuse(_ENTER)
        if request.headers.get("Sec-Fetch-Site", "none") not in _SITES:
            return _refuse(_ELSEWHERE)
        if not _is_same(request.cookies.get(self.cookie_name, ""), self.cookie):
            return _refuse(_ENTER)
        if request.method in _READING:
            return None
        if request.headers.get("Origin", "").lower() != f"http://{request.headers['Host'].lower()}":
            return _refuse(_ELSEWHERE)
        given = request.headers.get("X-Matrix-Token") or str((await request.post()).get("token", ""))
        return None if _is_same(given, self.token) else _refuse(_ELSEWHERE)

    def _let_in(self) -> web.Response:
        """On to the same page without the key, which would stand in the history otherwise."""
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(self.cookie_name, self.cookie, httponly=True, samesite="Strict", path="/")
        return response


def make_middleware(guard: Guard) -> Middleware:
    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await guard.check(request) or await handler(request)

    return check


async def set_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: what every answer carries."""
    for name, value in (*_HEADERS.items(), ("Content-Security-Policy", DESK_POLICY)):
        response.headers.setdefault(name, value)


def _is_loopback(request: web.Request) -> bool:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return peer is not None and ipaddress.ip_address(peer[0]).is_loopback


def _is_same(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode(), expected.encode())


def _refuse(reason: str) -> web.Response:
    return web.Response(status=403, text=f"{reason}\n", content_type="text/plain", charset="utf-8")
