"""Word and PDF files among the drafts: which of them some draft names as its attachment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import quote

from aggregator.drafts.places import OFFICE, OLD_WORD
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
        self._mentioned: set[str] = set()
        for path in self._paths:
            name = PurePosixPath(path).name
            # Editors write the names of inserted files percent-encoded.
            self._names.update({spelt.encode(e): name for e in _ENCODINGS for spelt in (name, quote(name))})
        # A name may hold spaces and brackets, so that only its end is known: each length is tried.
        self._lengths = sorted({len(spelt) for spelt in self._names})

    def note_mentions(self, data: bytes) -> None:
        """Find the files that the draft `data` names, in whichever encoding it is."""
        self._mentioned |= self.find_names(data)

    def note_names(self, names: Iterable[str]) -> None:
        self._mentioned.update(names)

    def find_names(self, data: bytes) -> set[str]:
        found: set[str] = set()
        for match in _SUFFIX.finditer(data) if self._names else ():
            for length in self._lengths:
                name = self._names.get(data[max(match.end() - length, 0) : match.end()])
                if name:
                    found.add(name)
        return found

    def is_mentioned(self, path: str) -> bool:
        return PurePosixPath(path).name in self._mentioned

    def list_unmentioned(self, *suffixes: str) -> tuple[str, ...]:
        """The files of these kinds that are drafts themselves."""
        return tuple(path for path in self._paths if path.lower().endswith(suffixes) and not self.is_mentioned(path))

    def list_findings(self) -> tuple[Finding, ...]:
        """About those that nobody names and we cannot read."""
        return tuple(_unread(path) for path in self.list_unmentioned(*OLD_WORD))


def _unread(path: str) -> Finding:
    suffix = PurePosixPath(path).suffix.lower()
    return Finding(
        path,
        f"读不了 {suffix} 文件，这个文件没有发布。",
        "如果是稿件，请用 Word 或 WPS 打开它，点“文件”→“另存为”，类型选“Word 文档（*.docx）”，放在这里，再删掉这一个；"
        "如果是附件，请在稿件题头写上“附件: 文件名”。",
        level="warning",
    )
