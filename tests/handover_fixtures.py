"""Folders that departments hand over, as the tests of them read them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from site_fixtures import NOW, SmallSite

from aggregator.model import FeedError, HandedFile, ParsedFeed, Post
from aggregator.parse import parse_posts

HANDED = Path(__file__).resolve().parent / "data" / "handover"
URL = "../handover/rsj/"
"""The folder as the registry of a small site names it."""


def read_file(name: str, body: bytes | str, start: int = 0) -> ParsedFeed | FeedError:
    data = body.encode() if isinstance(body, str) else body
    return parse_posts(HandedFile("rsj", URL, name, data, start), now=NOW)


def read_posts(name: str, body: bytes | str) -> tuple[Post, ...]:
    parsed = read_file(name, body)
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed.posts


def refuse(name: str, body: bytes | str) -> str:
    """Why a file cannot be read."""
    refused = read_file(name, body)
    assert isinstance(refused, FeedError), refused
    assert refused.reason.endswith("。")
    return refused.reason


def hand_over(site: SmallSite, files: Mapping[str, str | bytes], **account: object) -> Path:
    """Put files into the folder of the account rsj, which is made if it is not there."""
    folder = site.root / "content" / "handover" / "rsj"
    folder.mkdir(parents=True, exist_ok=True)
    if "rsj" not in site.accounts or account:
        site.set_account("rsj", feeds=[URL], **account)
    for name, body in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body.encode() if isinstance(body, str) else body)
    return folder


def write_zip(file: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return file


def make_picture(width: int = 40, height: int = 30) -> bytes:
    """A small PNG, of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    out = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    out.seek(0, io.SEEK_END)
    out.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
    out.write(chunk(b"IDAT", zlib.compress((b"\0" + b"\x20\x60\xa0" * width) * height)))
    out.write(chunk(b"IEND", b""))
    return out.getvalue()
