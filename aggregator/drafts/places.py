"""Where drafts lie under content/, and what lies there that cannot be read as one."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from aggregator.model import BesideFile, Finding, Genre

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
WORD = ".docx"
PDF = ".pdf"
_BUNDLE = ".pages"
"""What on a Mac is a document, and elsewhere a folder."""
OLD_WORD = (".doc", ".wps", ".rtf", ".odt", ".docm", ".dotx", ".wpt", _BUNDLE)
OFFICE = (WORD, PDF, *OLD_WORD)
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".avif"})
"""Endings of what pages show."""
NAMED = PICTURES | {
    *OFFICE, *(".xls", ".xlsx", ".et", ".csv", ".ppt", ".pptx", ".dps", ".ofd", ".zip", ".rar", ".7z"),
    *(".tif", ".tiff", ".heic", ".svg", ".psd", ".mp3", ".m4a", ".wav", ".mp4"),
}  # fmt: skip
"""Endings that make a name look like that of a picture or an attachment."""
_LOCK = "~$"
# Hidden files, half-written ones, and the lock files that Word leaves beside an open document.
_IGNORED = (".", "_", _LOCK)
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})
"""Files that Windows puts into folders by itself."""
_CLOSED = frozenset({HANDOVER, "registry"})
"""Folders under content/ whose files are not for drafts."""


def find_genre(path: str) -> Genre:
    """Of a draft, by its folder."""
    return GENRES[path.partition("/")[0]]


def is_word(path: str) -> bool:
    """Whether a file is named as Word files are that can be read."""
    return path.lower().endswith(WORD)


@dataclass(frozen=True, slots=True)
class Places:
    """What lies under content/. Paths are posix, relative to it, sorted."""

    drafts: tuple[str, ...]
    office: tuple[str, ...]
    """Word and PDF files in the folders of drafts: drafts, or attachments of others."""
    findings: tuple[Finding, ...]
    others: tuple[BesideFile, ...] = ()
    """Files that are no drafts: Word and PDF files, pictures, attachments; drafts may use them wherever they lie."""
    closed: tuple[str, ...] = ()
    """Folders that could not be looked into, each with a slash behind it; "" is all of content/."""


def list_drafts(content: Path, only: Collection[str] | None = None) -> Places:
    """Look through `content`, or at `only` these files and folders in it."""
    drafts: list[str] = []
    office: list[str] = []
    findings: list[Finding] = []
    closed: list[str] = []
    others: list[BesideFile] = []
    root = Path(os.path.realpath(content))
    for path, is_folder in _walk(root, findings, closed) if only is None else _list_only(root, only, findings, closed):
        name = path[path.rfind("/") + 1 :].lower()
        folder = path.partition("/")[0] if "/" in path else ""
        suffix = _take_suffix(name)
        if is_folder:
            if folder in GENRES and suffix in (*_DRAFT, WORD, PDF):
                findings.append(_folder_named_as_draft(path))
            elif folder in GENRES and suffix == _BUNDLE:
                office.append(path)
            elif folder in GENRES and suffix in NAMED:
                findings.append(_folder_named_as_file(path))
        elif name.startswith("readme."):
            continue
        elif folder in GENRES and suffix in _DRAFT:
            drafts.append(path)
        elif suffix in _MARKDOWN and folder != HANDOVER:
            findings.append(_misplaced(path, folder))
        elif folder and folder not in _CLOSED and name not in _SYSTEM:
            other = _read_status(str(root), path, findings)
            others += [other] if other else []
            if other and folder in GENRES and suffix in OFFICE:
                office.append(path)
    return Places(tuple(drafts), tuple(office), tuple(findings), tuple(others), tuple(closed))


def find_below(content: Path, name: str | Path, root: Path) -> str | None:
    """The path relative to `content` of a file or folder there that somebody named: from the current folder, from the
    site's folder `root`, or from `content`; "" for `content` itself, None where nothing of the name lies there.
    """
    below = Path(os.path.realpath(content))
    for base in (Path.cwd(), root, content):
        # By the name that was given: a draft may be a link to another one.
        file = Path(os.path.normpath(base / name))
        real = Path(os.path.realpath(file.parent)) / file.name
        try:
            if file.exists() and real.is_relative_to(below):
                relative = real.relative_to(below).as_posix()
                return "" if relative == "." else relative
        except OSError:  # longer than any name of a file
            continue
    return None


def is_draft(content: Path, path: str) -> bool:
    """Whether a name that somebody gave is that of a draft's file, be it one that is set aside; no link leads out."""
    folder, _, name = path.partition("/")
    if folder not in GENRES or not name or _take_suffix(name.lower()) not in (*_DRAFT, WORD, PDF):
        return False
    if any(map(_leads_astray, path.split("/"))):
        return False
    root = Path(os.path.realpath(content))
    file = root / path
    return file.is_file() and _leads_into(root, file)


def is_beside(path: str) -> bool:
    """Whether a path under content/ lies where drafts may use what is there."""
    parts = path.split("/")
    return len(parts) > 1 and parts[0] not in _CLOSED and not any(map(_leads_astray, parts))


def _leads_astray(part: str) -> bool:
    return part in {"", ".", ".."} or "\\" in part or "\0" in part


def list_set_aside(content: Path) -> tuple[str, ...]:
    """Drafts that staff took out by an underscore before the name of the file or of a folder."""
    found: list[str] = []
    root = Path(os.path.realpath(content))
    for genre in GENRES:
        for folder, folders, names in os.walk(root / genre):
            below = Path(folder).relative_to(root).as_posix()
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            aside = any(part.startswith("_") for part in below.split("/"))
            found += (
                f"{below}/{name}"
                for name in sorted(names)
                if (aside or name.startswith("_")) and _take_suffix(name.lower()) in (*_DRAFT, WORD)
            )
    return tuple(found)


def look_at(root: str, path: str) -> os.stat_result:
    """The status of a file below a folder. Raises OSError."""
    return os.stat(f"{root}/{path}")  # noqa: PTH116 - a Path for each of thousands takes as long again


def _read_status(root: str, path: str, findings: list[Finding]) -> BesideFile | None:
    try:
        status = look_at(root, path)
    except OSError:
        findings.append(_broken_link(path))
        return None
    if not stat.S_ISREG(status.st_mode):
        findings.append(_no_file(path))
        return None
    return BesideFile(path, f"{status.st_mtime_ns}-{status.st_size}", status.st_size)


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
    dot = name.rfind(".")
    return name[dot:].lower() if dot >= 0 else ""


def _walk(root: Path, findings: list[Finding], closed: list[str], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Yield (path, is it a folder) in sorted order; a folder that is named like a draft is not entered."""
    try:
        with os.scandir(root / prefix) as scan:
            entries = sorted(scan, key=attrgetter("name"))
    except OSError:
        closed.append(prefix and f"{prefix}/")
        if prefix:
            findings.append(_closed_folder(prefix))
        return
    for entry in entries:
        path = f"{prefix}/{entry.name}" if prefix else entry.name
        if entry.name.startswith(_IGNORED) and not _is_underscored_picture(entry.name):
            if entry.name.startswith(_LOCK) and _take_suffix(entry.name) in OFFICE and path.split("/")[0] in GENRES:
                findings.append(_open_in_word(path))
            continue
        if not _is_unicode(entry.name):
            findings.append(_garbled_name(path))
        elif entry.is_symlink() and not _leads_into(root, Path(entry.path)):
            findings.append(_link_out(path))
        elif entry.is_dir(follow_symlinks=False):
            yield path, True
            if _take_suffix(entry.name) not in (*_DRAFT, WORD, PDF, _BUNDLE):
                yield from _walk(root, findings, closed, path)
        elif not (entry.is_symlink() and os.path.isdir(entry.path)):  # noqa: PTH112 - Path.is_dir raises where a link leads into a closed folder
            # A link to a folder within content/ is passed over: what it shows is read where it lies.
            yield path, False


def _is_underscored_picture(name: str) -> bool:
    """Cameras write such names; a draft may show it."""
    return name.startswith("_") and Path(name).suffix.lower() in PICTURES


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


def _folder_named_as_file(path: str) -> Finding:
    name = Path(path).stem
    message = "这是一个文件夹，名字却像一张图片或一个附件，稿件用不了它。"
    return Finding(path, message, f"请把文件夹改名为“{name}”，或者换成文件本身。", level="warning")


def _broken_link(path: str) -> Finding:
    return Finding(
        path, "文件找不到或打不开，没有读取。", "它多半是一个失效的链接，请换成文件本身，或者删掉。", level="warning"
    )


def _no_file(path: str) -> Finding:
    return Finding(path, "这不是普通的文件，没有读取。", "请换成一个普通的文件，或者把它移走。", level="warning")


def _open_in_word(path: str) -> Finding:
    return Finding(
        path,
        "这是 Word 打开着稿件时留下的临时文件，不是稿件，没有读取。",
        "请在 Word 里保存并关闭那篇稿件，它会自己消失；Word 已经关了的，可以删掉它。",
        level="warning",
    )


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
