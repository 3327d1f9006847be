"""Read what changed under content/; each file that cannot be read is a finding, and all others go on."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from aggregator.decode import decode_bytes
from aggregator.drafts.glance import Glances
from aggregator.drafts.header import read_header
from aggregator.drafts.nearby import NearbyFiles
from aggregator.drafts.numbers import UTF16_MARKS, Numbers
from aggregator.drafts.office import OfficeFiles
from aggregator.drafts.orphans import find_orphans
from aggregator.drafts.places import list_drafts
from aggregator.drafts.post import build_post, list_mistakes
from aggregator.drafts.source import make_source
from aggregator.drafts.word.folder import OfficeRun
from aggregator.model import Draft, DraftBatch, DraftSource, FileUse, Finding, Glance, WordMemory

RENDER_VERSION = 3
"""Part of every content hash: raised when the same file would make another post, so all are made anew."""

MAX_BYTES = 8 * 1024 * 1024
"""A long law is 0.5 MB; more than this is no text, or has pictures pasted into it."""

_HASH_SIZE = 16
_MOST_LOST = 0.01
"""Share of characters that no encoding explains above which the rest is taken for garbage, too."""
_REWRITE = "请用记事本重新写一遍，保存为 UTF-8 编码。"
_CHECK_FOLDER = "请检查文件夹的权限，或者网络盘是否连着。"
# Files that were renamed to .md: zip (docx), OLE2 (doc, wps), PDF.
_OFFICE_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


class _UnreadableError(Exception):
    """A file that cannot be read: becomes a finding."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


Inspect = Callable[[DraftSource], tuple[Finding, ...]]
"""What is to be said about a draft beyond what is found while reading it."""


def read_drafts(
    content: Path, *, known: Mapping[str, str], now: datetime, used: Mapping[str, Sequence[FileUse]] | None = None,
    glances: Mapping[str, Glance] | None = None, memories: Mapping[str, WordMemory] | None = None,
    inspect: Inspect | None = None,
) -> DraftBatch:  # fmt: skip
    """Read the drafts under `content`, sorted by path; findings name their file by its path in it.

    A path whose hash is in `known` is neither decoded nor rendered, unless one of the files that it names, as `used`
    has them, is another now. A file that cannot be read gives no draft but a finding of level "error". `now` is the
    day from which dates are judged. A file that looks as `glances` remember it is not opened. `memories` are those of
    Word drafts, by path: without one they are read anew. `inspect` is asked about each draft read that is text.
    """
    places = list_drafts(content)
    files = NearbyFiles(places.others, places.drafts, places.closed)
    uses = {path: tuple(of_draft) for path, of_draft in (used or {}).items()}
    office = OfficeFiles(places.office)
    numbers = Numbers()
    seen = Glances(content, glances or {}, RENDER_VERSION, now)
    findings = list(places.findings)
    # A share that is not mounted takes nothing off the site.
    closed = places.closed
    drafts = {path: Draft(path, known[path], None) for path in known if closed and path.startswith(closed)}
    if drafts and "" in closed:
        findings.append(Finding(str(content), "稿件文件夹打不开，已经发布的不受影响。", _CHECK_FOLDER))
    for path in places.drafts:
        try:
            glance = seen.look(path)
            data = b"" if glance else _read_bytes(content / path)
            content_hash = glance.content_hash if glance else hash_content(data)
            excerpt = glance.excerpt if glance else seen.note(path, data, content_hash)
            office.note_mentions(excerpt)
            if known.get(path) == content_hash and not files.is_stale(path, uses.get(path, ())):
                drafts[path] = Draft(path, content_hash, None)
                numbers.note_unchanged(path, excerpt)
                continue
            # What was remembered may be of a state that the store never took over.
            text = _decode(_read_bytes(content / path) if glance else data)
            header = read_header(text, file=path)
        except _UnreadableError as error:
            findings.append(Finding(path, error.message, error.remedy))
            continue
        first_line = _count_lines(text) - _count_lines(header.body) + 1
        post, found, uses[path] = build_post(path, header, now=now, files=files, first_line=first_line)
        held = [finding for finding in found if finding.level == "error"]
        if held:
            # What is published already stays as it was.
            findings += held
            continue
        if inspect is not None:
            found = (*found, *inspect(make_source(path, header, text, now=now)))
        drafts[path] = Draft(path, content_hash, post, found, uses[path])
        numbers.note_changed(path, header.value("编号"), header.line("编号"), is_known=path in known)
    memories = memories or {}
    office.note_names(PurePosixPath(use.file).name for path in drafts for use in uses.get(path, ()))
    run = OfficeRun(content, known, memories, office, numbers, hash_content, RENDER_VERSION, now, files, uses)
    run.read()
    drafts.update((draft.path, draft) for draft in run.drafts)
    uses.update((draft.path, draft.uses) for draft in run.drafts if draft.post)
    findings += run.findings
    for duplicate in numbers.find_duplicates(
        lambda path: memories[path].number if path in memories else _read_number(content / path)
    ):
        del drafts[duplicate.file]
        findings.append(duplicate)
    in_use = {use.file for path in drafts.keys() | {*known} for use in uses.get(path, ())}
    findings += find_orphans(places.others, in_use)
    return DraftBatch(
        drafts=tuple(drafts[path] for path in sorted(drafts)),
        findings=tuple(sorted(findings, key=lambda finding: finding.file)),
        glances=seen.list_new(),
    )


def read_draft(content: Path, path: str, *, now: datetime) -> tuple[Draft | None, tuple[Finding, ...]]:
    """One draft, rendered, with what is found while reading it; None where it cannot be read. `is_draft(path)` holds.

    Unlike `read_drafts` it gives a draft with errors, too. Of a Word file that others name as their attachment it gives
    the draft that it would be.
    """
    places = list_drafts(content)
    files = NearbyFiles(places.others, places.drafts, places.closed)
    if path in places.office:
        run = OfficeRun(content, {}, {}, OfficeFiles((path,)), Numbers(), hash_content, RENDER_VERSION, now, files, {})
        run.read()
        findings = (*run.findings, *(one for draft in run.drafts for one in draft.findings))
        return next(iter(run.drafts), None), findings
    try:
        data = _read_bytes(content / path)
        text = _decode(data)
    except _UnreadableError as error:
        return None, (Finding(path, error.message, error.remedy),)
    header = read_header(text, file=path)
    first_line = _count_lines(text) - _count_lines(header.body) + 1
    post, found, uses = build_post(path, header, now=now, files=files, first_line=first_line)
    return Draft(path, hash_content(data), post, found, uses), found


def read_source(content: Path, path: str, *, now: datetime) -> tuple[DraftSource | None, tuple[Finding, ...]]:
    """The draft at `path` as it was typed, and what is found while reading it; None where it cannot be read."""
    try:
        text = _decode(_read_bytes(content / path))
    except _UnreadableError as error:
        return None, (Finding(path, error.message, error.remedy),)
    header = read_header(text, file=path)
    source = make_source(path, header, text, now=now)
    heading = source.headings[0].text if source.headings else ""
    is_empty = not header.body.strip()
    return source, list_mistakes(path, header, header.body, heading=heading, is_empty=is_empty, now=now)


def hash_content(data: bytes) -> str:
    """Name of a draft's content: blake2b-128 of its bytes and of the version of what we make of them."""
    return hashlib.blake2b(data, digest_size=_HASH_SIZE, salt=RENDER_VERSION.to_bytes(4, "big")).hexdigest()


def _count_lines(text: str) -> int:
    """Line ends of any kind count."""
    return text.count("\n") + text.count("\r") - text.count("\r\n") + 1


def _read_bytes(file: Path) -> bytes:
    try:
        status = file.stat()
        # A pipe named like a draft would hold up the run for good.
        if not stat.S_ISREG(status.st_mode):
            raise _UnreadableError("这不是普通的文件，没有读取。", "请换成一个文本文件，或者把它移走。")
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size / 1024 / 1024:.0f} MB"
            raise _UnreadableError(
                f"文件有 {size}，太大了，没有读取。",
                "请把图片另存成文件，放在稿件旁边，正文里只写图片的文件名。",
            )
        data = file.read_bytes()
    except FileNotFoundError:
        raise _UnreadableError("文件找不到，没有读取。", "它多半是一个失效的链接，请换成文件本身，或者删掉。") from None
    except PermissionError:
        raise _UnreadableError("没有权限打开这个文件。", "请检查文件的权限，或者请管理员处理。") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _UnreadableError(f"文件打不开（{reason}）。", "请检查磁盘，或者重新保存这个文件。") from None
    if not data.strip():
        raise _UnreadableError("文件是空的。", "请写上内容，或者删掉这个文件。")
    return data


def _decode(data: bytes) -> str:
    if data.startswith(_OFFICE_MAGIC):
        raise _UnreadableError(
            "这其实是一个 Word 或 PDF 文件，只是改了扩展名。", "请打开它，把文字复制到新的文本文件里再保存。"
        )
    if b"\0" in data and not data.startswith(UTF16_MARKS):
        raise _UnreadableError("这不是文本文件，读不出文字。", _REWRITE)
    text = decode_bytes(data, None).text
    if not text.strip("\ufeff \t\r\n\u3000"):
        raise _UnreadableError("文件是空的。", "请写上内容，或者删掉这个文件。")
    # Text in GBK is read without a word, for Notepad writes it; only what was lost must be mended.
    lost = text.count("\ufffd")
    if lost > len(text) * _MOST_LOST:
        raise _UnreadableError("这个文件的编码认不出来，读出的多半是乱码。", _REWRITE)
    return text


def find_header_line(file: Path, key: str) -> int | None:
    """The line of a draft's header at which a key stands, None where it does not or the file cannot be read."""
    try:
        return read_header(_decode(_read_bytes(file)), file=file.name).line(key)
    except _UnreadableError:
        return None


def _read_number(file: Path) -> str:
    try:
        return read_header(_decode(_read_bytes(file)), file=file.name).value("编号")
    except _UnreadableError:  # gone since its bytes were hashed
        return ""
