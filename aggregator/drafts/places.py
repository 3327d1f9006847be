"""Where drafts lie under content/, and what lies there that cannot be read as one."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from aggregator.model import Finding, Genre

GENRES: dict[str, Genre] = {
    "notices": "notice",
    "policies": "policy",
    "explanations": "explanation",
    "services": "service",
    "news": "news",
    "pages": "page",
}
"""Folder under content/: the genre of what lies in it."""

HANDOVER = "handover"
"""Folder under content/ for what departments hand over: read as their accounts' feeds."""

_MARKDOWN = (".md", ".markdown")
_DRAFT = (*_MARKDOWN, ".txt")
OFFICE = (".docx", ".doc", ".wps", ".pdf")
# Hidden files, half-written ones, and the lock files that Word leaves beside an open document.
_IGNORED = (".", "_", "~$")


@dataclass(frozen=True, slots=True)
class Places:
    """What lies under content/. Paths are posix, relative to it, sorted."""

    drafts: tuple[str, ...]
    office: tuple[str, ...]
    """Word and PDF files in the folders of drafts: attachments, or drafts that we cannot read."""
    findings: tuple[Finding, ...]
    closed: tuple[str, ...] = ()
    """Folders that could not be looked into, each with a slash behind it; "" is all of content/."""


def list_drafts(content: Path, only: Collection[str] | None = None) -> Places:
    """Look through `content`, or at `only` these files and folders in it."""
    drafts: list[str] = []
    office: list[str] = []
    findings: list[Finding] = []
    closed: list[str] = []
    root = Path(os.path.realpath(content))
    for path, is_folder in _walk(root, findings, closed) if only is None else _list_only(root, only, findings, closed):
        folder, _, name = path.rpartition("/")
        folder = folder.partition("/")[0]
        suffix = _take_suffix(name)
        if is_folder:
            if folder in GENRES and suffix in _DRAFT:
                findings.append(_folder_named_as_draft(path))
        elif name.lower().startswith("readme."):
            continue
        elif folder in GENRES and suffix in _DRAFT:
            drafts.append(path)
        elif folder in GENRES and suffix in OFFICE:
            office.append(path)
        elif suffix in _MARKDOWN and folder != HANDOVER:
            findings.append(_misplaced(path, folder))
    return Places(tuple(drafts), tuple(office), tuple(findings), tuple(closed))


def _list_only(
    root: Path, only: Collection[str], findings: list[Finding], closed: list[str]
) -> Iterator[tuple[str, bool]]:
    """As `_walk`, for some files and folders. A file that was named is looked at whatever its name."""
    seen: set[str] = set()
    for path in sorted(only):
        is_folder = (root / path).is_dir()
        for found in _walk(root, findings, closed, path) if is_folder else ((path, False),):
            if found[0] not in seen:
                seen.add(found[0])
                yield found


def _take_suffix(name: str) -> str:
    """As `Path.suffix` has it, in lower case, which costs ten times as much."""
    _, dot, suffix = name.rpartition(".")
    return f"{dot}{suffix}".lower() if dot else ""


def _walk(root: Path, findings: list[Finding], closed: list[str], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Yield (path, is it a folder) in sorted order; a folder that is named like a draft is not entered."""
    try:
        with os.scandir(root / prefix) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError:
        closed.append(prefix and f"{prefix}/")
        if prefix:
            findings.append(_closed_folder(prefix))
        return
    for entry in entries:
        path = f"{prefix}/{entry.name}" if prefix else entry.name
        if entry.name.startswith(_IGNORED):
            continue
        if not _is_unicode(entry.name):
            findings.append(_garbled_name(path))
        elif entry.is_symlink() and not _leads_into(root, Path(entry.path)):
            findings.append(_link_out(path))
        elif entry.is_dir(follow_symlinks=False):
            yield path, True
            if _take_suffix(entry.name) not in _DRAFT:
                yield from _walk(root, findings, closed, path)
        elif not os.path.isdir(entry.path):  # noqa: PTH112 - Path.is_dir raises where a link leads into a closed folder
            # A link to a folder within content/ is passed over: what it shows is read where it lies.
            yield path, False


def _is_unicode(name: str) -> bool:
    """Archives packed on Chinese Windows unpack to names in GBK, which Python shows as lone surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _leads_into(root: Path, link: Path) -> bool:
    return Path(os.path.realpath(link)).is_relative_to(root)


def _closed_folder(folder: str) -> Finding:
    message = "这个文件夹打不开，里面的稿件没有读到，已经发布的不受影响。"
    return Finding(folder, message, "请检查文件夹的权限，或者网络盘是否连着。")


def _folder_named_as_draft(path: str) -> Finding:
    name = Path(path).stem
    return Finding(path, "这是一个文件夹，名字却像一篇稿件，里面的内容没有读取。", f"请把文件夹改名为“{name}”。")


def _garbled_name(path: str) -> Finding:
    shown = os.fsencode(path).decode("gb18030", "replace")
    return Finding(
        shown,
        "文件名的编码不对（多半是在别的电脑上压缩的），没有读取。",
        "请把文件重新命名，再保存一次。",
    )


def _link_out(path: str) -> Finding:
    return Finding(
        path,
        "这是一个符号链接，指向稿件文件夹以外的地方，没有读取。",
        "请把文件本身复制到这里，代替链接。",
    )


def _misplaced(path: str, folder: str) -> Finding:
    where = f"文件夹“{folder}”不是放稿件的地方" if folder else "稿件不能直接放在最外层的文件夹里"
    return Finding(
        path,
        f"{where}，这个文件没有发布。",
        "请把它移到下面的一个文件夹里：notices（通知公告）、policies（政策文件）、explanations（政策解读）、"
        "services（办事服务）、news（新闻动态）、pages（单页）。",
        level="warning",
    )
