"""One feed over HTTP: conditional, bounded, redirects followed by hand. The only user of aiohttp's session."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urljoin, urlsplit

import aiohttp

from aggregator.fetch.addresses import make_socket_factory
from aggregator.fetch.reasons import BAD_ADDRESS, explain_error, explain_status, explain_timeout
from aggregator.fetch.request import (
    EMPTY,
    MAX_BODY,
    TOO_LARGE,
    FeedRequest,
    FetchResult,
    fail_feed,
    hash_body,
    keep_unmodified,
)
from aggregator.model import FeedDocument, FetchSettings, Validators

PER_HOST = 2
"""Connections to one host at a time: many accounts live on one small server."""

MAX_REDIRECTS = 5
IDLE_TIMEOUT = 15.0
"""Seconds without a byte after which a server is given up, though the whole request may take longer."""

CHUNK = 64 * 1024

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def open_session(settings: FetchSettings) -> aiohttp.ClientSession:
    """The session for all feeds of one run. To be called, and closed, within a running event loop."""
    connector = aiohttp.TCPConnector(
        limit=settings.concurrency,
        # Redirects of many feeds to one host meet here; feeds of one host are kept in lanes before.
        limit_per_host=PER_HOST,
        socket_factory=make_socket_factory(settings.allow),
    )
    return aiohttp.ClientSession(
        connector=connector,
        # The whole request, redirects included, has a timeout of its own in fetch_feed.
        timeout=aiohttp.ClientTimeout(total=None, sock_read=min(IDLE_TIMEOUT, settings.timeout)),
        headers={"User-Agent": name_agent(settings.contact), "Accept": _ACCEPT},
        # Two accounts on one host are two readers; and a run shall not depend on the order of its feeds.
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )


def name_agent(contact: str) -> str:
    """`account-matrix/VERSION (+CONTACT)`."""
    try:
        release = version("account-matrix")
    except PackageNotFoundError:
        # Run from a checkout that was never installed.
        release = "dev"
    return f"account-matrix/{release}" + (f" (+{contact})" if contact else "")


async def fetch_feed(session: aiohttp.ClientSession, request: FeedRequest, seconds: float) -> FetchResult:
    """One feed, within so many seconds. No failure of the network or of the server is raised."""
    try:
        async with asyncio.timeout(seconds):
            return await _follow_redirects(session, request)
    except aiohttp.ServerTimeoutError:
        return fail_feed(request, explain_timeout(min(IDLE_TIMEOUT, seconds)))
    except TimeoutError:
        return fail_feed(request, explain_timeout(seconds))
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # ValueError: names and header values that cannot be encoded (idna, yarl).
        return fail_feed(request, explain_error(error))


async def _follow_redirects(session: aiohttp.ClientSession, request: FeedRequest) -> FetchResult:
    address = request.url
    for _ in range(MAX_REDIRECTS + 1):
        if not _is_plain_address(address):
            return fail_feed(request, BAD_ADDRESS if address == request.url else _BAD_REDIRECT)
        async with session.get(
            address, headers=_make_conditions(request.validators), allow_redirects=False
        ) as response:
            target = response.headers.get("Location", "")
            if response.status not in _REDIRECTS or not target:
                return await _read_answer(response, request)
            address = urljoin(str(response.url), target)
    return fail_feed(request, f"地址转了 {MAX_REDIRECTS} 次还没有到头。请核对地址。", response.status)


_BAD_REDIRECT = "对方把地址转到了不能取的地方（不是 http 或 https，或带有密码）。请核对地址。"


def _is_plain_address(address: str) -> bool:
    """An http(s) address without credentials; a redirect must not make us send any."""
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def _make_conditions(validators: Validators) -> Mapping[str, str]:
    conditions = {}
    if validators.etag:
        conditions["If-None-Match"] = validators.etag
    if validators.last_modified:
        conditions["If-Modified-Since"] = validators.last_modified
    return conditions


async def _read_answer(response: aiohttp.ClientResponse, request: FeedRequest) -> FetchResult:
    if response.status == 304 and _make_conditions(request.validators):
        return keep_unmodified(request)
    if not 200 <= response.status < 300:
        return fail_feed(request, explain_status(response.status), response.status)
    body = await _read_body(response)
    if body is None:
        return fail_feed(request, TOO_LARGE, response.status)
    if not body.strip():
        return fail_feed(request, EMPTY, response.status)
    validators = Validators(
        etag=_read_validator(response, "ETag"),
        last_modified=_read_validator(response, "Last-Modified"),
        body_hash=hash_body(body),
    )
    if validators.body_hash == request.validators.body_hash:
        return keep_unmodified(request)
    return FeedDocument(
        account=request.account,
        url=request.url,
        body=body,
        content_type=response.headers.get("Content-Type", ""),
        base_url=str(response.url),
        validators=validators,
    )


async def _read_body(response: aiohttp.ClientResponse) -> bytes | None:
    """The decompressed body, or None if it is longer than MAX_BODY: no more than a chunk beyond that is held."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > MAX_BODY:
            # The rest is not wanted, and must not be read to save the connection.
            response.close()
            return None
    return bytes(body)


def _read_validator(response: aiohttp.ClientResponse, name: str) -> str:
    """A validator is sent back as it came; what is not ASCII could not be, and is as good as none."""
    value = response.headers.get(name, "")
    return value if value.isascii() else ""
