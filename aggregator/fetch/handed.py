"""Folders and zip archives that departments hand over: listed first, then read file by file, within bounds."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from aggregator.fetch.request import hash_body
from aggregator.model import FetchedFile, FileFailure, FileRequest, HandedEntry
from aggregator.model import UnreadableFileError as UnreadableFileError
from aggregator.urls import read_handed_url

READABLE = frozenset({".html", ".htm", ".shtml", ".md", ".markdown", ".csv"})
"""Endings of files that hold posts; all others are pictures and attachments of theirs."""

MAX_FILES = 20_000
"""Files with posts in one folder or archive."""
MAX_LISTED = 200_000
"""Files and folders looked at, pictures included."""
MAX_DEPTH = 30
MAX_TOTAL = 2 * 1024**3
"""Bytes that one archive may unpack to, all that was read of it together."""

_IGNORED = (".", "_", "~$")
"""Hidden files, half-written ones, and the lock files of office programs; `__MACOSX` in archives."""

_DAMAGED = (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError, KeyError, ValueError)
"""What zipfile raises for a member that is not what the directory says: a wrong header or sum, a version or flag that
it does not know, a broken or short stream, a place outside the file (OSError, ValueError), no such member."""

_TOO_MANY = f"文件太多，只读了前 {MAX_FILES} 个。请把往年的移到另一个文件夹。"
_CHANGED = "放在站里的文件不见了，或已被改动。"


class HandedFolder:
    """A folder of the disk. Symbolic links are not followed; `only` is the one file of it that is meant."""

    def __init__(self, root: Path, only: str = "") -> None:
        """`root` exists and is resolved. Raises OSError if it cannot be looked into."""
        self._root = root
        self._problems: list[str] = []
        self._left = MAX_LISTED
        found = dict(self._walk("", 0))
        if only:
            # Whoever names a file means it, whatever it is called, and nothing else that is wrong beside it.
            found[only] = _tag((root / only).stat())
            self._problems = []
        names = [only] if only else sorted(filter(is_readable, found))
        if len(names) > MAX_FILES or (self._left <= 0 and not only):
            self._problems.append(_TOO_MANY)
        self.entries = tuple(HandedEntry(name, found[name]) for name in names[:MAX_FILES])
        self.others = frozenset(name for name in found if not is_readable(name))
        self.problems = tuple(self._problems)
        self.tag = hash_body("\0".join(f"{name}\0{tag}" for name, tag in sorted(found.items())).encode())
        """Changes when any file does."""

    def _walk(self, folder: str, depth: int) -> Iterator[tuple[str, str]]:
        with os.scandir(self._root / folder) as scan:
            listed = sorted(scan, key=lambda entry: entry.name)
        for entry in listed:
            self._left -= 1
            if self._left <= 0:
                return
            name = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name.startswith(_IGNORED):
                continue
            if not _is_unicode(name):
                shown = os.fsencode(name).decode("gb18030", "replace")
                self._problems.append(f"{shown}：文件名的编码不对，没有读取。请重新命名。")
            elif entry.is_symlink():
                self._problems.append(f"{name}：这是符号链接，没有读取。请放文件本身。")
            elif entry.is_dir(follow_symlinks=False):
                yield from self._enter(name, depth + 1)
            elif entry.is_file(follow_symlinks=False):
                yield name, _tag(entry.stat(follow_symlinks=False))

    def _enter(self, name: str, depth: int) -> Iterator[tuple[str, str]]:
        if depth > MAX_DEPTH:
            self._problems.append(f"{name}：文件夹套得太深，没有读取。请移到外层。")
            return
        try:
            yield from self._walk(name, depth)
        except OSError:
            self._problems.append(f"{name}：文件夹打不开，没有读取。请检查权限。")

    def read(self, name: str, limit: int) -> bytes:
        return read_within(self._root, name, limit)


class HandedArchive:
    """A zip archive. Nothing of it is unpacked to the disk."""

    def __init__(self, file: Path) -> None:
        """Raises OSError, zipfile.BadZipFile."""
        self._zip = zipfile.ZipFile(file)
        self._left = MAX_TOTAL
        problems: list[str] = []
        members: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist()[:MAX_LISTED]:
            name = _name_member(info)
            parts = PurePosixPath(name).parts
            if info.is_dir() or any(part.startswith(_IGNORED) and part != ".." for part in parts):
                continue
            if ".." in parts or name.startswith("/") or ":" in name:
                problems.append(f"{name}：路径指到了压缩包以外，没有读取。请重新压缩。")
            elif stat.S_ISLNK(info.external_attr >> 16):
                problems.append(f"{name}：这是符号链接，没有读取。请放文件本身。")
            else:
                members[name] = info
        names = sorted(name for name in members if is_readable(name))
        if len(names) > MAX_FILES:
            problems.append(_TOO_MANY)
        self._members = members
        self.entries = tuple(HandedEntry(name, f"{members[name].CRC:08x}") for name in names[:MAX_FILES])
        self.others = frozenset(name for name in members if not is_readable(name))
        self.problems = tuple(problems)

    def read(self, name: str, limit: int) -> bytes:
        # The sizes that an archive states may be lies: what is really unpacked counts.
        # What several threads take at once may leave less than nothing, which to zipfile is all.
        allowed = max(0, min(limit, self._left))
        try:
            info = self._members[name]
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise UnreadableFileError("压缩方式不常见，没有读取。请用系统自带的压缩重新打包成 zip。")
            with self._zip.open(info) as member:
                body = member.read(allowed + 1)
        except RuntimeError:
            raise UnreadableFileError("文件加了密码，没有读取。请去掉密码重新压缩。") from None
        except _DAMAGED:
            raise UnreadableFileError("压缩包里的这个文件已损坏，没有读取。请重新压缩。") from None
        self._left -= len(body)
        if self._left <= 0:
            raise UnreadableFileError(f"压缩包解开后超过 {MAX_TOTAL // 1024**3} GB，没有读完。请分成几个。")
        if len(body) > limit:
            raise UnreadableFileError(_describe_size(limit))
        return body


def _tag(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}-{status.st_size}"


def is_readable(name: str) -> bool:
    """Whether a file of this name may hold posts."""
    return PurePosixPath(name).suffix.lower() in READABLE


def read_within(root: Path, name: str, limit: int) -> bytes:
    """The bytes of a regular file below `root`, which is resolved. Raises UnreadableFileError."""
    try:
        path = (root / name).resolve(strict=True)
        if not path.is_relative_to(root) or not path.is_file():
            raise UnreadableFileError("不是这个文件夹里的文件，没有读取。")
        with path.open("rb") as file:
            body = file.read(limit + 1)
    except (OSError, RuntimeError, ValueError):
        raise UnreadableFileError("文件打不开，没有读取。请检查权限，或重新保存。") from None
    if len(body) > limit:
        raise UnreadableFileError(_describe_size(limit))
    return body


def read_handed_file(root: Path, request: FileRequest, limit: int) -> FetchedFile | FileFailure:
    """A picture or attachment within the site's folder, `root`, if it still is what its address says."""
    digest, path = read_handed_url(request.url) or ("", "")
    try:
        body = read_within(root.resolve(), path, limit)
    except UnreadableFileError as error:
        return FileFailure(request, error.reason)
    if hash_body(body) != digest:
        return FileFailure(request, _CHANGED)
    return FetchedFile(request, body, name=PurePosixPath(path).name)


def _describe_size(limit: int) -> str:
    return f"文件超过 {limit // 1024 // 1024} MB，没有读取。请分成几个小的。"


def _is_unicode(name: str) -> bool:
    """Archives packed on Chinese Windows unpack to names in GBK, which Python shows as lone surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _name_member(info: zipfile.ZipInfo) -> str:
    """A member's name with slashes. Without the mark for UTF-8 it is in whatever its packer's system wrote."""
    name = info.filename
    if not info.flag_bits & 0x800:
        raw = info.orig_filename.encode("cp437", "replace")
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    return name.replace("\\", "/").partition("\0")[0]
