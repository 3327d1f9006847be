"""Foreign pictures and attachments, through the same guards as feeds."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import aiohttp

from aggregator.fetch.client import CHUNK, MAX_REDIRECTS, PER_HOST, open_session
from aggregator.fetch.handed import read_handed_file
from aggregator.fetch.proxies import find_proxy
from aggregator.fetch.reasons import explain_error, explain_timeout
from aggregator.fetch.request import MAX_ATTACHMENT, MAX_PICTURE
from aggregator.fetch.schedule import find_host
from aggregator.model import FetchedFile, FetchSettings, FileFailure, FileRequest
from aggregator.urls import basename, is_web_url, read_handed_url

_LIMITS = {"picture": MAX_PICTURE, "attachment": MAX_ATTACHMENT}

AT_ONCE = 8
"""Files under way and not yet taken care of, together: with MAX_ATTACHMENT, a bound on memory."""

HOST_TROUBLES = 3
"""Failures in a row without an answer after which a host is left alone for this run."""

_OVERLOADED = frozenset({429, 503})
"""With these the host is left alone at once."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})

# No Referer is ever sent: WeChat's picture servers, as many others, refuse those of other sites and allow none.
_ACCEPT = {
    "picture": {"Accept": "image/webp,image/png,image/jpeg,image/gif,image/*;q=0.8,*/*;q=0.5"},
    "attachment": {"Accept": "*/*"},
}

Result = FetchedFile | FileFailure


async def fetch_files(
    requests: Iterable[FileRequest], settings: FetchSettings, root: Path
) -> AsyncGenerator[Result, None]:
    """Each file or why it did not come, in the order of arrival; within a host roughly in the order given.

    Files that were handed over lie in `root`, the site's folder.

    A place becomes free when the caller asks for the next result. Close the generator to stop early.
    """
    places = asyncio.Semaphore(min(AT_ONCE, settings.concurrency))
    results: asyncio.Queue[Result | None] = asyncio.Queue()
    run = asyncio.create_task(_run_lanes(requests, settings, root, places, results))
    run.add_done_callback(lambda _: results.put_nowait(None))
    try:
        while (result := await results.get()) is not None:
            yield result
            places.release()
        await run
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


@dataclass(slots=True)
class _Host:
    """What is still to be asked of one host, and how it behaves."""

    waiting: list[FileRequest]
    troubles: int = 0

    def judge(self, result: Result) -> None:
        if isinstance(result, FetchedFile):
            self.troubles = 0
        elif result.status in _OVERLOADED:
            self.troubles = HOST_TROUBLES
        elif result.status is None:
            self.troubles += 1


async def _run_lanes(
    requests: Iterable[FileRequest],
    settings: FetchSettings,
    root: Path,
    places: asyncio.Semaphore,
    results: asyncio.Queue[Result | None],
) -> None:
    hosts: dict[str, _Host] = {}
    for request in requests:
        hosts.setdefault(find_host(request.url), _Host([])).waiting.append(request)
    async with open_session(settings) as session, asyncio.TaskGroup() as lanes:
        for host in hosts.values():
            host.waiting.reverse()
            for _ in range(min(PER_HOST, len(host.waiting))):
                lanes.create_task(_drive_lane(host, session, root, settings.timeout, places, results))


async def _drive_lane(
    host: _Host,
    session: aiohttp.ClientSession,
    root: Path,
    seconds: float,
    places: asyncio.Semaphore,
    results: asyncio.Queue[Result | None],
) -> None:
    while host.waiting:
        await places.acquire()
        if not host.waiting:
            places.release()
            return
        request = host.waiting.pop()
        if host.troubles >= HOST_TROUBLES:
            results.put_nowait(FileFailure(request, _GIVEN_UP, asked=False))
            continue
        if read_handed_url(request.url):
            # What three files suffer from says nothing of the fourth, as it does with a server.
            result = await asyncio.to_thread(read_handed_file, root, request, _LIMITS[request.kind])
        else:
            result = await _fetch_file(session, request, seconds)
            host.judge(result)
        results.put_nowait(result)


_GIVEN_UP = "这个服务器没有回应，这次先不取它的文件。"
_BAD_REDIRECT = "地址写法不对，或被转到了不能取的地方。"


async def _fetch_file(session: aiohttp.ClientSession, request: FileRequest, seconds: float) -> Result:
    try:
        async with asyncio.timeout(seconds):
            return await _follow_redirects(session, request)
    except TimeoutError:
        # aiohttp's own timeouts are of this class too.
        return FileFailure(request, explain_timeout(seconds))
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # ValueError: names and header values that cannot be encoded (idna, yarl).
        return FileFailure(request, explain_error(error))


async def _follow_redirects(session: aiohttp.ClientSession, request: FileRequest) -> Result:
    address = request.url
    for _ in range(MAX_REDIRECTS + 1):
        # Credentials in an address: a redirect must not make us send any.
        if not is_web_url(address) or "@" in urlsplit(address).netloc:
            return FileFailure(request, _BAD_REDIRECT)
        async with session.get(
            address, headers=_ACCEPT[request.kind], proxy=find_proxy(address), allow_redirects=False
        ) as response:
            target = response.headers.get("Location", "")
            if response.status not in _REDIRECTS or not target:
                return await _read_answer(response, request)
            address = urljoin(str(response.url), target)
    return FileFailure(request, f"地址转了 {MAX_REDIRECTS} 次还没有到头。", response.status)


async def _read_answer(response: aiohttp.ClientResponse, request: FileRequest) -> Result:
    status = response.status
    if not 200 <= status < 300:
        return FileFailure(request, f"对方没有给出文件（HTTP {status}）。", status)
    limit = _LIMITS[request.kind]
    body = await _read_body(response, limit)
    if body is None:
        return FileFailure(request, f"文件超过 {limit // 1024 // 1024} MB，没有取完。", status)
    if not body:
        return FileFailure(request, "文件是空的。", status)
    name = _read_disposition(response) or basename(str(response.url)) or basename(request.url)
    return FetchedFile(request, body, response.content_type, name)


async def _read_body(response: aiohttp.ClientResponse, limit: int) -> bytes | None:
    """The decompressed body, or None if it is longer than `limit`: no more than a chunk beyond that is held."""
    body = bytearray()
    if (response.content_length or 0) <= limit:
        async for chunk in response.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > limit:
                break
        else:
            return bytes(body)
    # The rest is not wanted, and must not be read to save the connection.
    response.close()
    return None


def _read_disposition(response: aiohttp.ClientResponse) -> str:
    """The file name of Content-Disposition; "" without one."""
    with warnings.catch_warnings():
        # aiohttp warns of what does not follow RFC 6266, which is most of it.
        warnings.simplefilter("ignore")
        disposition = response.content_disposition
    name = (disposition.filename if disposition else None) or ""
    # Raw bytes in a header, which aiohttp keeps as surrogates; not allowed, and usual for Chinese names.
    raw = name.encode("utf-8", "surrogateescape")
    try:
        return unquote(raw.decode())
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
