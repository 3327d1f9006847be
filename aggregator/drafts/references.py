"""What a draft names of the files beside it: its pictures, attachments and other drafts, found and noted with lines.

Addresses of the rendered text become those of files under content/ (below HANDED_BASE) or of drafts (DRAFT_BASE);
what is not there goes, and staff are told. Full addresses stay as they are.
"""

from __future__ import annotations

import html
import mimetypes
import posixpath
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from aggregator.drafts.nearby import NearbyFiles, is_on_computer, list_readings, read_spelling, unescape
from aggregator.drafts.places import PICTURES
from aggregator.drafts.reproaches import (
    describe_bare_address,
    describe_missing,
    describe_no_picture,
    describe_pasted,
    describe_wordless,
)
from aggregator.model import Attachment, FileUse, Finding, UseKind
from aggregator.urls import DRAFT_BASE, HANDED_BASE

_TAG = re.compile(r"<(img|a)\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w-])(src|data-src|href|alt)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_SCHEME = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+:|//|#|data:", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:cn|com|net|org)(?:[/:?]|$))", re.IGNORECASE)
_DRAFTS = (".md", ".markdown", ".txt")
_MEANINGLESS = re.compile(
    r"(?:image|img|pic|picture|photo|screenshot|clip_image|untitled|dsc|图片?|图像|照片|截图|微信图片|微信截图|插图)?"
    r"[-_\s\d()（）.]*(?:\.[a-z]{3,4})?",
    re.IGNORECASE,
)
"""What editors and telephones put in the place of words: image-20260412, 微信图片_2026, 图1."""


class References:
    """The references of one draft. `body` is its text behind the header, which begins in the file's line `first`."""

    def __init__(self, path: str, files: NearbyFiles, body: str = "", first: int | None = None) -> None:
        self._path = path
        self._files = files
        self._body = body
        self._first = first
        self._uses: dict[tuple[str, UseKind], FileUse] = {}
        self._findings: list[Finding] = []
        self._undescribed: list[tuple[str, int | None]] = []

    @property
    def uses(self) -> tuple[FileUse, ...]:
        return tuple(self._uses[key] for key in sorted(self._uses))

    @property
    def findings(self) -> tuple[Finding, ...]:
        told = describe_wordless(self._path, self._undescribed) if self._undescribed else ()
        return (*self._findings, *told)

    def rewrite(self, rendered: str) -> str:
        """Rendered HTML, not yet cleaned, with the addresses of what lies beside the draft."""
        return _TAG.sub(self._rewrite_tag, rendered)

    def place_picture(self, spelling: str, line: int | None) -> str:
        """The address of a picture; "" for one that cannot be shown."""
        found = self._note(spelling, "picture", line)
        if not found:
            return ""
        if PurePosixPath(found).suffix.lower() not in PICTURES:
            self._findings.append(describe_no_picture(self._path, found, line))
            return ""
        return f"{HANDED_BASE}{quote(found)}"

    def place_attachments(self, named: Sequence[Attachment], line: int | None) -> tuple[Attachment, ...]:
        """Those of the files of one 附件 line that are there."""
        return tuple(found for one in named if (found := self._place_attachment(one, line)))

    def is_there(self, spelling: str) -> bool:
        return bool(self._files.find(self._path, spelling))

    def _place_attachment(self, named: Attachment, line: int | None) -> Attachment | None:
        if is_elsewhere(named.url):
            return named
        found = self._note(named.url, "attachment", line)
        if not found:
            return None
        title = named.title if named.title != PurePosixPath(named.url).stem else PurePosixPath(found).stem
        return Attachment(f"{HANDED_BASE}{quote(found)}", title, mimetypes.guess_type(found)[0] or "")

    def _rewrite_tag(self, match: re.Match[str]) -> str:
        tag, attributes = match[1].lower(), match[2]
        told = {name.lower(): html.unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(attributes)}
        names = ("href",) if tag == "a" else ("src", "data-src")
        placed: dict[str, str] = {}
        for name in names:
            address = told.get(name, "").strip()
            line = self._find_line(address)
            if tag == "img" and address.startswith("data:"):
                self._findings.append(describe_pasted(self._path, line))
            if address and not is_elsewhere(address):
                placed[name] = self._place_link(address, line) if tag == "a" else self.place_picture(address, line)
                if tag == "img" and not placed[name]:
                    return ""
        if tag == "img" and (address := told.get("src") or told.get("data-src", "")):
            self._judge_words(told.get("alt", ""), address)
        return f"<{match[1]}{_ATTRIBUTE.sub(lambda one: _write(one, placed), attributes)}>" if placed else match.group()

    def _place_link(self, address: str, line: int | None) -> str:
        if is_bare_domain(address) and not self.is_there(address):
            self._findings.append(describe_bare_address(self._path, unescape(address), line))
            return ""
        if address.startswith("/") and not self.is_there(address):
            # A page of the site itself.
            return address
        found = self._files.find(self._path, address)
        if self._files.is_draft(found) or (not found and _read_target(address).lower().endswith(_DRAFTS)):
            return self._place_draft(address, line)
        found = self._note(address, "attachment", line)
        return f"{HANDED_BASE}{quote(found)}" if found else ""

    def _place_draft(self, address: str, line: int | None) -> str:
        found = self._note(address, "draft", line)
        # A file that was renamed is still known by the name it had, relative to the draft's folder.
        folder = posixpath.dirname(self._path)
        known = found or posixpath.normpath(f"{folder}/{_read_target(address)}")
        return f"{DRAFT_BASE}{quote(known)}"

    def _note(self, address: str, kind: UseKind, line: int | None) -> str:
        """The path under content/ that is meant; "" where nothing is, which staff are told."""
        readings = list_readings(address)
        spelling = next(filter(self.is_there, readings), readings[0])
        found = self._files.find(self._path, spelling)
        file = self._files.get(found)
        key = (spelling, kind)
        if key not in self._uses:
            self._uses[key] = FileUse(spelling, kind, line, found, file.tag if file else "")
            if not found:
                shown = PurePosixPath(read_spelling(spelling)).name or spelling
                near = self._files.suggest(self._path, spelling)
                told = describe_missing(self._path, shown, kind, line, near, on_computer=is_on_computer(spelling))
                self._findings.append(told)
        return found

    def _judge_words(self, words: str, address: str) -> None:
        name = PurePosixPath(read_spelling(address))
        if not words.strip() or words.strip() in (name.name, name.stem) or _MEANINGLESS.fullmatch(words.strip()):
            self._undescribed.append((name.name[:60], self._find_line(address)))

    def _find_line(self, address: str) -> int | None:
        """Where the text has this address, in one of the spellings that rendering may have changed."""
        if not address or self._first is None:
            return None
        for spelt in (address[:200], unescape(address)[:200], html.escape(address)[:200]):
            if (index := self._body.find(spelt)) >= 0:
                return self._first + self._body.count("\n", 0, index)
        return None


def is_elsewhere(address: str) -> bool:
    """Whether it is a full address, or a place within the page, and no name of a file beside the draft."""
    return _SCHEME.match(address) is not None


def is_bare_domain(address: str) -> bool:
    """Whether it looks like an address that lacks its https://; a file may be named so, too."""
    return _DOMAIN.match(address) is not None


def _read_target(address: str) -> str:
    """The file that a link leads to, without the place in it."""
    return read_spelling(address).partition("#")[0]


def _write(attribute: re.Match[str], placed: dict[str, str]) -> str:
    name = attribute[1].lower()
    if name not in placed:
        return attribute.group()
    return f'{name}="{html.escape(placed[name])}"' if placed[name] else ""
