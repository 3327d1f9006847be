"""A PDF that no draft names -> a page of its own with the PDF as attachment. Its text is not read."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from aggregator.drafts.header import Header
from aggregator.drafts.post import build_post
from aggregator.model import Attachment, Draft, Finding, HandedEntry, UnreadableFileError
from aggregator.urls import HANDED_BASE

MAX_PDF = 20 * 1024 * 1024
"""Bytes of an attachment that is served."""

_HEAD = 1024
"""Bytes within which readers of PDF look for its mark (ISO 32000-1, annex H.3, note 13)."""

_BODY = "<p>全文是一个 PDF 文件，请打开本页的附件阅读。</p>"
_NAMED = "如果它是别的稿件的附件，请在那篇稿件的题头写上“附件: 文件名”。"


def tag_pdf(status: os.stat_result, version: int) -> str:
    """Stands for the content without reading it; `version` is that of what we make of drafts."""
    return f"pdf-{version}-{status.st_mtime_ns}-{status.st_size}"


def read_pdf(content: Path, path: str, tag: str, *, now: datetime) -> Draft | Finding:
    """The draft that the PDF at `path` makes, or why it makes none. Raises OSError."""
    with (content / path).open("rb") as file:
        is_pdf = b"%PDF" in file.read(_HEAD)
        size = os.fstat(file.fileno()).st_size
    if not is_pdf:
        return Finding(path, "这不是 PDF 文件，或者已经损坏，没有发布。", "请重新导出 PDF，再放到这里。")
    if size > MAX_PDF:
        message = f"这个 PDF 有 {size / 1024 / 1024:.0f} MB，太大了，没有发布。"
        return Finding(path, message, f"请压缩到 {MAX_PDF // 1024 // 1024} MB 以内，或者换成 Word 原稿（.docx）。")
    # Only here, as in `build_post`.
    from aggregator.render import Rendered

    post, *_ = build_post(path, Header(), now=now, rendered=Rendered(_BODY))
    attachment = Attachment(HANDED_BASE + quote(path), post.title, "application/pdf", size)
    finding = Finding(
        path,
        "这个 PDF 单独成了一页，里面的文字没有读出来。",
        f"手机上看文字比看 PDF 方便，也搜得到：有 Word 原稿的，请放 .docx 代替它。{_NAMED}",
        level="warning",
    )
    post = replace(post, attachments=(attachment,), warnings=(finding.message,))
    return Draft(path, tag, post, (finding,), source=PdfFile(content, path))


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A `HandedSource` of that one file, named by its path."""

    content: Path
    path: str
    entries: tuple[HandedEntry, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def others(self) -> frozenset[str]:
        return frozenset({self.path})

    def read(self, name: str, limit: int) -> bytes:
        """Raises UnreadableFileError."""
        try:
            with (self.content / name).open("rb") as file:
                body = file.read(limit + 1)
        except OSError:
            raise UnreadableFileError("PDF 打不开了，没有带上。") from None
        if len(body) > limit:
            raise UnreadableFileError("PDF 太大，没有带上。")
        return body
