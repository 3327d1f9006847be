"""Copies of pictures and attachments of an archive, kept in the site until the mirror has taken them over."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path, PurePosixPath

from aggregator.fetch.request import hash_body
from aggregator.urls import make_handed_url, read_handed_url

COPIES = ".matrix/handover"
"""Within the site's folder."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
_LONGEST_NAME = 60
"""Characters; a file system's limit is 255 bytes, three a Chinese character."""


def keep_copy(root: Path, url: str, body: bytes) -> bool:
    """Keep a file of an archive in the site's folder `root`, at its address of `name_copy`; False if it was there."""
    _, path = read_handed_url(url) or ("", "")
    target = root / path
    if target.is_file():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    # Several pages are read at once, and may show the same picture.
    fresh = target.with_name(f".{os.getpid()}-{threading.get_ident()}.new")
    fresh.write_bytes(body)
    fresh.replace(target)
    return True


def name_copy(name: str, body: bytes) -> str:
    """The address under which a copy of a file of this name is shown."""
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
