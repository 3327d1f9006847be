"""Word and PDF files among the drafts: attachments where a draft names them, else drafts we cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import quote

from aggregator.drafts.places import OFFICE
from aggregator.model import Finding

_ENCODINGS = ("utf-8", "gb18030")
_SUFFIX = re.compile(b"|".join(re.escape(suffix.encode()) for suffix in OFFICE), re.IGNORECASE)

_LONGEST_NAME = 800
"""Bytes: 255 of a file's name, each percent-encoded as three."""


def excerpt_mentions(data: bytes) -> tuple[bytes, ...]:
    """Where a draft may name such a file: the ends of lines, up to the suffix."""
    found: list[bytes] = []
    for match in _SUFFIX.finditer(data):
        line = data.rfind(b"\n", 0, match.start()) + 1
        found.append(data[max(line, match.end() - _LONGEST_NAME) : match.end()])
    return tuple(found)


class OfficeFiles:
    """The Word and PDF files at `paths`, and which of them some draft mentions.

    Drafts are searched as bytes, since unchanged ones are not decoded.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = tuple(paths)
        self._names: dict[bytes, str] = {}
        self._unmentioned: set[str] = set()
        for path in self._paths:
            name = PurePosixPath(path).name
            self._unmentioned.add(name)
            # Editors write the names of inserted files percent-encoded.
            self._names.update({spelt.encode(e): name for e in _ENCODINGS for spelt in (name, quote(name))})
        # A name may hold spaces and brackets, so that only its end is known: each length is tried.
        self._lengths = sorted({len(spelt) for spelt in self._names})

    def note_mentions(self, data: bytes) -> None:
        """Find the files that the draft `data` names, in whichever encoding it is."""
        if not self._unmentioned:
            return
        for match in _SUFFIX.finditer(data):
            for length in self._lengths:
                name = self._names.get(data[max(match.end() - length, 0) : match.end()])
                if name:
                    self._unmentioned.discard(name)

    def list_findings(self) -> tuple[Finding, ...]:
        return tuple(_unread(path) for path in self._paths if PurePosixPath(path).name in self._unmentioned)


def _unread(path: str) -> Finding:
    kind = "PDF" if path.lower().endswith(".pdf") else "Word"
    return Finding(
        path,
        f"目前还不能读取 {kind} 文件，这个文件没有发布。",
        "如果是稿件，请另存为 Markdown 文本（.md）；如果是附件，请在稿件题头写上“附件: 文件名”。",
        level="warning",
    )
