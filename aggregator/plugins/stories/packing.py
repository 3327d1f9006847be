"""Compressed forms of text files beside them (`index.html.gz`, `.br`), for servers that send these as they are.

A form is known by the digest of the file that it is made of, so that nothing is compressed to find out that nothing
changed.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import brotli

from aggregator.artifacts import PACKED, digest_bytes, list_packed, read_path

GZIP_LEVEL = 9
BROTLI_QUALITY = 5
"""A tenth less than gzip for 2 ms a page; 11 takes another tenth for sixty times as long."""


@dataclass(frozen=True, slots=True)
class Form:
    name: str
    """What made it: another version may write other bytes."""
    pack: Callable[[bytes], bytes]
    unpack: Callable[[bytes], bytes]
    """Raises ValueError for what is no such form."""


def _pack_gzip(data: bytes) -> bytes:
    # With the header of gzip, which states no time and no name: the same bytes for the same input.
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(data) + packer.flush()


def _unpack_gzip(data: bytes) -> bytes:
    try:
        return zlib.decompress(data, zlib.MAX_WBITS | 16)
    except zlib.error as error:
        raise ValueError("not gzip") from error


def _pack_brotli(data: bytes) -> bytes:
    return bytes(brotli.compress(data, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY))


def _unpack_brotli(data: bytes) -> bytes:
    try:
        return bytes(brotli.decompress(data))
    except brotli.error as error:
        raise ValueError("not brotli") from error


FORMS: Mapping[str, Form] = {
    ".gz": Form(f"zlib {zlib.ZLIB_RUNTIME_VERSION} {GZIP_LEVEL}", _pack_gzip, _unpack_gzip),
    ".br": Form(f"brotli {brotli.__version__} {BROTLI_QUALITY}", _pack_brotli, _unpack_brotli),
}
"""By the end of their names."""


def describe_packing(settings: Mapping[str, Any]) -> str:
    """What compresses; "" where nothing is compressed."""
    return ", ".join(form.name for form in FORMS.values()) if settings["PRECOMPRESS"] else ""


def list_forms(path: str) -> Iterator[tuple[str, Form]]:
    """(path, form) of the compressed forms that the file at `path` has."""
    for packed in list_packed(path):
        yield packed, find_form(packed)


def find_form(path: str) -> Form:
    """Of a compressed file."""
    return FORMS[path[-3:]]


def digest_packed(data: bytes, form: Form) -> str:
    """Digest of the compressed form of `data`."""
    return digest_bytes(data, form.name.encode())


def digest_file(path: str, data: bytes) -> str:
    """Digest of a file of the site, by which the store knows it; "" for a compressed one that is damaged."""
    if read_path(path).kind != PACKED:
        return digest_bytes(data)
    form = find_form(path)
    try:
        return digest_packed(form.unpack(data), form)
    except ValueError:
        return ""
