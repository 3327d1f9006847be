"""Copies of pictures and attachments of an archive, kept in the site until the mirror has taken them over."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from aggregator.fetch.request import hash_body
from aggregator.urls import make_handed_url, read_handed_url

COPIES = ".matrix/handover"
"""Within the site's folder."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
_LONGEST_NAME = 60
"""Characters; a file system's limit is 255 bytes, three a Chinese character."""


def keep_copy(root: Path, name: str, body: bytes) -> str:
    """Keep a file of an archive, by its content, in the site's folder `root`; the address under which it is shown."""
    url = name_copy(name, body)
    _, path = read_handed_url(url) or ("", "")
    target = root / path
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{os.getpid()}.new")
        fresh.write_bytes(body)
        fresh.replace(target)
    return url


def name_copy(name: str, body: bytes) -> str:
    """The address that a copy would have."""
    digest = hash_body(body)
    file = PurePosixPath(_UNSAFE.sub("_", PurePosixPath(name).name))
    return make_handed_url(digest, f"{COPIES}/{digest}/{file.stem[:_LONGEST_NAME]}{file.suffix[:10]}")


def drop_copy(root: Path, url: str) -> None:
    """Let go of the copy behind this address, if it is one."""
    _, path = read_handed_url(url) or ("", "")
    parts = PurePosixPath(path).parts
    if not path.startswith(f"{COPIES}/") or ".." in parts:
        return
    target = root / path
    target.unlink(missing_ok=True)
    try:
        target.parent.rmdir()
    except OSError:
        # Others of the same content lie there still, under other names.
        return
