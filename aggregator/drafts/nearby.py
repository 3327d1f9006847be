"""Which file a draft means by a name: as it is written, or as Windows and editors spell it.

    spelling | read_spelling -> path | as it is | alike but for case and width | in a folder below

Only the names are looked at; nothing is read.
"""

from __future__ import annotations

import difflib
import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

from aggregator.model import BesideFile, FileUse

SHOWN = 3
"""Names proposed in place of one that is not there."""

PROPOSALS = 200
"""Names in one run for which like ones are looked for, among COMPARED: it takes milliseconds each."""

COMPARED = 500

_LIKENESS = 0.5
"""Below it, difflib proposes names that have the ending in common and little more."""

_PLACEHOLDER = re.compile(r"^[{|](?:filename|static|attach)[}|]", re.IGNORECASE)
_FILE_SCHEME = re.compile(r"^file:/{0,3}", re.IGNORECASE)
_DRIVE = re.compile(r"^(?:[a-z]:|//)", re.IGNORECASE)
_HOME = re.compile(r"^/(?:Users|home|mnt|Volumes)/")
_ESCAPED = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_ARGUMENTS = re.compile(r"[?#].*$", re.DOTALL)


class NearbyFiles:
    """The files under content/ that a draft may name: `others` and, as what a link leads to, `drafts`.

    Below the folders `closed`, each with a slash behind it, nothing could be looked at.
    """

    def __init__(
        self, others: Iterable[BesideFile] = (), drafts: Iterable[str] = (), closed: Iterable[str] = ()
    ) -> None:
        self._others = {file.path: file for file in others}
        self._drafts = frozenset(drafts)
        self._closed = tuple(closed)
        self._proposals = PROPOSALS

    def find(self, draft: str, spelling: str) -> str:
        """Path of the file that `spelling` means in the text of `draft`; "" where there is none, or no single one."""
        folder = posixpath.dirname(draft)
        written = f"{folder}/{spelling}"
        if written in self._others or written in self._drafts:
            return written
        path = read_spelling(spelling)
        for wanted in dict.fromkeys((path, _ARGUMENTS.sub("", path))):
            if wanted and (found := self._find_path(folder, wanted)):
                return found
        return ""

    def get(self, path: str) -> BesideFile | None:
        """The file at a path; None for a draft and where nothing lies."""
        return self._others.get(path)

    def is_draft(self, path: str) -> bool:
        return path in self._drafts

    @property
    def proposes(self) -> bool:
        """Whether `suggest` may still name any."""
        return self._proposals > 0

    def without_proposals(self) -> NearbyFiles:
        """The same files, of which none is proposed."""
        silent = NearbyFiles(self._others.values(), self._drafts, self._closed)
        silent._proposals = 0
        return silent

    def is_stale(self, draft: str, uses: Iterable[FileUse]) -> bool:
        """Whether a file that the draft names is another than when the draft was read, came or went."""
        return any(self._has_changed(draft, use) for use in uses)

    def suggest(self, draft: str, spelling: str) -> tuple[str, ...]:
        """Names of files beside the draft that look like this one, as the draft would write them; the likest first."""
        self._proposals -= 1
        if self._proposals < 0:
            return ()
        folder = posixpath.dirname(draft)
        below = (path.removeprefix(f"{folder}/") for path in self._all if path.startswith(f"{folder}/"))
        nearest = sorted(below, key=lambda one: (one.count("/"), one))[:COMPARED]
        # Without endings: 申请表.xlsx and 名单.xlsx are alike by theirs alone.
        itself = PurePosixPath(draft).name
        stems = {fold_name(PurePosixPath(path).stem): path for path in reversed(nearest) if path != itself}
        wanted = fold_name(PurePosixPath(read_spelling(spelling)).stem)
        return tuple(stems[stem] for stem in difflib.get_close_matches(wanted, stems, n=SHOWN, cutoff=_LIKENESS))

    def _find_path(self, folder: str, path: str) -> str:
        anchored = path.startswith("/") or _DRIVE.match(path) is not None
        tried = [path.lstrip("/")] if anchored else [f"{folder}/{path}", path]
        for one in tried:
            normal = posixpath.normpath(one)
            if normal in self._others or normal in self._drafts:
                return normal
            if found := self._by_folded_path.get(fold_name(normal)):
                return found
        return self._find_below(folder, posixpath.basename(path))

    def _find_below(self, folder: str, name: str) -> str:
        """The file of this name that lies in the folder or below it, nearer than all others of the name."""
        found = [path for path in self._by_name.get(fold_name(name), ()) if path.startswith(f"{folder}/")]
        nearest = min((path.count("/") for path in found), default=0)
        near = [path for path in found if path.count("/") == nearest]
        exact = [path for path in near if posixpath.basename(path) == name]
        chosen = exact if len(exact) == 1 else near
        return chosen[0] if len(chosen) == 1 else ""

    def _has_changed(self, draft: str, use: FileUse) -> bool:
        if use.file and use.file.startswith(self._closed):
            # A share that is not mounted takes nothing off the site.
            return False
        found = self.find(draft, use.spelling)
        file = self._others.get(found)
        return found != use.file or (file is not None and file.tag != use.tag)

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return (*self._others, *self._drafts)

    @cached_property
    def _by_folded_path(self) -> Mapping[str, str]:
        """Without those that two files share: it would be chance which of them is meant."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in self._all:
            found[fold_name(path)].append(path)
        return {folded: paths[0] for folded, paths in found.items() if len(paths) == 1}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, ...]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(self._all):
            found[fold_name(posixpath.basename(path))].append(path)
        return {name: tuple(paths) for name, paths in found.items()}


NOTHING_NEARBY = NearbyFiles()


def read_spelling(spelling: str) -> str:
    """The path that is meant, with slashes: `图片\\图%201.JPG` is 图片/图 1.JPG."""
    path = _PLACEHOLDER.sub("", spelling.strip().strip("\"'“”<>"))
    path = _FILE_SCHEME.sub("", path)
    return unescape(path).replace("\\", "/").strip()


def unescape(address: str) -> str:
    """Without percent-escapes."""
    return list_readings(address)[0]


def list_readings(address: str) -> tuple[str, ...]:
    """What an address may say without its percent-escapes, which Chinese editors also make of GBK: the likeliest
    first. 图 in GBK is a letter in UTF-8, too.
    """
    if not _ESCAPED.search(address):
        return (address,)
    raw = unquote_to_bytes(address)
    read = dict.fromkeys(raw.decode(encoding, "replace") for encoding in ("utf-8", "gb18030"))
    return tuple(sorted(read, key=lambda one: "\ufffd" in one))


def is_on_computer(spelling: str) -> bool:
    """Whether the name is that of a place on somebody's disk: C:\\…, file:///…, \\\\server\\…"""
    path = unescape(spelling.strip()).replace("\\", "/")
    return path.lower().startswith("file:") or _DRIVE.match(path) is not None or _HOME.match(path) is not None


def fold_name(name: str) -> str:
    """What two spellings of one name share: case, width of brackets and digits, composition and spaces are gone."""
    return "".join(unicodedata.normalize("NFKC", unescape(name)).casefold().split())
