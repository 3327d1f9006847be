"""A server on loopback that costs as little as possible, in a process of its own: both programs pay for it alike.

    server.py FOLDER    prints its port; ends when its input ends

Serves the files below FOLDER, compressed beforehand, with an ETag; answers 304 to whoever sends that.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import sys
from pathlib import Path


def make_answers(file: Path) -> tuple[bytes, bytes, bytes]:
    """(ETag, whole answer, the answer 304) of a feed."""
    body = gzip.compress(file.read_bytes(), 6, mtime=0)
    etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'.encode()
    whole = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nContent-Encoding: gzip\r\nETag: "
        + etag
        + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
        + body
    )
    return etag, whole, b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"


class Connection(asyncio.Protocol):
    """Requests have no body and come one after another."""

    def __init__(self, answers: dict[bytes, tuple[bytes, bytes, bytes]]) -> None:
        self._answers = answers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            request, _, self._received = self._received.partition(b"\r\n\r\n")
            etag, whole, unmodified = self._answers[request.split(b" ", 2)[1]]
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(unmodified if etag in request else whole)


async def serve(answers: dict[bytes, tuple[bytes, bytes, bytes]]) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Connection(answers), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    root = Path(sys.argv[1])
    asyncio.run(serve({f"/{file.relative_to(root)}".encode(): make_answers(file) for file in root.rglob("*.xml")}))
