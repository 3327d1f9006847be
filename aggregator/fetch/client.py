"""One feed over HTTP: conditional, bounded, redirects followed by hand. The only user of aiohttp's session."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urldefrag, urljoin, urlsplit

import aiohttp

from aggregator.fetch.budget import ByteBudget
from aggregator.fetch.connector import GuardedConnector
from aggregator.fetch.hints import read_max_age, read_retry_after
from aggregator.fetch.proxies import find_proxy
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
from aggregator.fetch.resolver import ThreadsResolver
from aggregator.fetch.schedule import find_host, may_adopt
from aggregator.model import CacheHints, FeedDocument, FetchSettings, Validators

PER_HOST = 2
"""Connections to one host at a time: many accounts live on one small server."""

MAX_REDIRECTS = 5
IDLE_TIMEOUT = 15.0
"""Seconds without a byte after which a server is given up, though the whole request may take longer."""

CHUNK = 64 * 1024

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_OVERLOADED = frozenset({429, 503})


def open_session(settings: FetchSettings, resolver: ThreadsResolver | None = None) -> aiohttp.ClientSession:
    """The session for all feeds of one run. To be called, and closed, within a running event loop."""
    return aiohttp.ClientSession(
        # Redirects of many feeds to one host meet in the connector; feeds of one host are kept in lanes before.
        connector=GuardedConnector(
            settings.allow, resolver or ThreadsResolver(), limit=settings.concurrency, limit_per_host=PER_HOST
        ),
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


async def fetch_feed(
    session: aiohttp.ClientSession, request: FeedRequest, seconds: float, budget: ByteBudget
) -> FetchResult:
    """One feed, within so many seconds. No failure of the network or of the server is raised.

    The bytes of a document's body are taken from `budget`, to be given back by whoever gets it.
    """
    intake = _Intake(budget)
    result: FetchResult | None = None
    try:
        result = await _fetch_in_time(session, request, seconds, intake)
    finally:
        if not isinstance(result, FeedDocument):
            intake.give_back()
    return result


async def _fetch_in_time(
    session: aiohttp.ClientSession, request: FeedRequest, seconds: float, intake: _Intake
) -> FetchResult:
    try:
        async with asyncio.timeout(seconds) as intake.deadline:
            return await _follow_redirects(session, request, intake)
    except aiohttp.ServerTimeoutError:
        return fail_feed(request, explain_timeout(min(IDLE_TIMEOUT, seconds)))
    except TimeoutError:
        return fail_feed(request, explain_timeout(seconds))
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # ValueError: names and header values that cannot be encoded (idna, yarl).
        return fail_feed(request, explain_error(error))


async def _follow_redirects(session: aiohttp.ClientSession, request: FeedRequest, intake: _Intake) -> FetchResult:
    """A 410 closes the feed only where permanent redirects alone led to it, and each to an address that may take the
    place of the registry's: another domain's server does not speak for this feed.
    """
    address = request.address
    permanent = True
    targets: list[str] = []
    for hop in range(MAX_REDIRECTS + 1):
        if not _is_plain_address(address):
            return fail_feed(request, _BAD_REDIRECT if hop else BAD_ADDRESS)
        async with session.get(
            address,
            headers=_make_conditions(request.validators),
            proxy=find_proxy(address),
            allow_redirects=False,
        ) as response:
            target = response.headers.get("Location", "")
            if response.status not in _REDIRECTS or not target:
                moved_to = urldefrag(address).url if hop and permanent else ""
                # Asked of a 410 alone: what knows the domains takes a while to load.
                gone = response.status == 410 and permanent and all(may_adopt(request.url, one) for one in targets)
                return await _read_answer(response, request, _read_hints(response, address, moved_to, gone), intake)
            permanent = permanent and response.status in _PERMANENT
            address = urljoin(str(response.url), target)
            targets.append(address)
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


def _read_hints(response: aiohttp.ClientResponse, address: str, moved_to: str, gone: bool) -> CacheHints:
    headers, now = response.headers, datetime.now(UTC)
    date = headers.get("Date", "")
    overloaded = response.status in _OVERLOADED
    return CacheHints(
        max_age=read_max_age(
            headers.getall("Cache-Control", ()), headers.get("Age", ""), headers.get("Expires", ""), date, now
        ),
        retry_after=read_retry_after(headers.get("Retry-After", ""), date, now) if overloaded else None,
        slow_host=find_host(address) if overloaded else "",
        moved_to=moved_to,
        gone=gone,
    )


async def _read_answer(
    response: aiohttp.ClientResponse, request: FeedRequest, hints: CacheHints, intake: _Intake
) -> FetchResult:
    if response.status == 304 and _make_conditions(request.validators):
        return keep_unmodified(request, hints)
    if not 200 <= response.status < 300:
        return fail_feed(request, explain_status(response.status, gone=hints.gone), response.status, hints)
    body = await intake.read_body(response)
    if body is None:
        return fail_feed(request, TOO_LARGE, response.status, hints)
    if not body.strip():
        return fail_feed(request, EMPTY, response.status, hints)
    validators = Validators(
        etag=_read_validator(response, "ETag"),
        last_modified=_read_validator(response, "Last-Modified"),
        body_hash=hash_body(body),
    )
    if validators.body_hash == request.validators.body_hash:
        return keep_unmodified(request, hints)
    return FeedDocument(
        account=request.account,
        url=request.url,
        body=body,
        content_type=response.headers.get("Content-Type", ""),
        base_url=str(response.url),
        validators=validators,
        hints=hints,
    )


class _Intake:
    """Takes a body in, within the budget of the run; waiting for room is not the server's fault and stops the clock."""

    def __init__(self, budget: ByteBudget) -> None:
        self._budget = budget
        self._taken = 0
        self.deadline = asyncio.timeout(None)

    async def read_body(self, response: aiohttp.ClientResponse) -> bytes | None:
        """The decompressed body, or None if it is longer than MAX_BODY: no more than a chunk beyond that is held."""
        body = bytearray()
        try:
            async for chunk in response.content.iter_chunked(CHUNK):
                await self._take(len(chunk))
                body += chunk
                if len(body) > MAX_BODY:
                    # The rest is not wanted, and must not be read to save the connection.
                    response.close()
                    return None
        finally:
            self._budget.finish(self)
        return bytes(body)

    def give_back(self) -> None:
        """Where nothing is handed on."""
        self._budget.release(self._taken)
        self._taken = 0

    async def _take(self, size: int) -> None:
        if self._budget.has_room(size, self):
            await self._budget.take(size, self)
        else:
            loop, end = asyncio.get_running_loop(), self.deadline.when()
            began = loop.time()
            self.deadline.reschedule(None)
            await self._budget.take(size, self)
            if end is not None:
                self.deadline.reschedule(end + loop.time() - began)
        self._taken += size


def _read_validator(response: aiohttp.ClientResponse, name: str) -> str:
    """A validator is sent back as it came; what is not ASCII could not be, and is as good as none."""
    value = response.headers.get(name, "")
    return value if value.isascii() else ""
