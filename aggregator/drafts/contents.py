"""The bytes and the text of one draft's file, or why it cannot be read."""

from __future__ import annotations

import stat
from pathlib import Path

from aggregator.decode import decode_bytes
from aggregator.drafts.header import read_header
from aggregator.drafts.numbers import UTF16_MARKS

MAX_BYTES = 8 * 1024 * 1024
"""A long law is 0.5 MB; more than this is no text, or has pictures pasted into it."""

_MOST_LOST = 0.01
"""Share of characters that no encoding explains above which the rest is taken for garbage, too."""
_REWRITE = "请用记事本重新写一遍，保存为 UTF-8 编码。"
# Files that were renamed to .md: zip (docx), OLE2 (doc, wps), PDF.
_OFFICE_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


class UnreadableError(Exception):
    """A file that cannot be read: becomes a finding."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def load_bytes(file: Path) -> bytes:
    """What a file has. Raises UnreadableError."""
    try:
        status = file.stat()
        # A pipe named like a draft would hold up the run for good.
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("这不是普通的文件，没有读取。", "请换成一个文本文件，或者把它移走。")
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size / 1024 / 1024:.0f} MB"
            raise UnreadableError(
                f"文件有 {size}，太大了，没有读取。",
                "请把图片另存成文件，放在稿件旁边，正文里只写图片的文件名。",
            )
        data = file.read_bytes()
    except FileNotFoundError:
        raise UnreadableError("文件找不到，没有读取。", "它多半是一个失效的链接，请换成文件本身，或者删掉。") from None
    except PermissionError:
        raise UnreadableError("没有权限打开这个文件。", "请检查文件的权限，或者请管理员处理。") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableError(f"文件打不开（{reason}）。", "请检查磁盘，或者重新保存这个文件。") from None
    if not data.strip():
        raise UnreadableError("文件是空的。", "请写上内容，或者删掉这个文件。")
    return data


def decode_text(data: bytes) -> str:
    """The text that a file's bytes are. Raises UnreadableError."""
    if data.startswith(_OFFICE_MAGIC):
        raise UnreadableError(
            "这其实是一个 Word 或 PDF 文件，只是改了扩展名。", "请打开它，把文字复制到新的文本文件里再保存。"
        )
    if b"\0" in data and not data.startswith(UTF16_MARKS):
        raise UnreadableError("这不是文本文件，读不出文字。", _REWRITE)
    text = decode_bytes(data, None).text
    if not text.strip("\ufeff \t\r\n\u3000"):
        raise UnreadableError("文件是空的。", "请写上内容，或者删掉这个文件。")
    # Text in GBK is read without a word, for Notepad writes it; only what was lost must be mended.
    lost = text.count("\ufffd")
    if lost > len(text) * _MOST_LOST:
        raise UnreadableError("这个文件的编码认不出来，读出的多半是乱码。", _REWRITE)
    return text


def find_header_line(file: Path, key: str) -> int | None:
    """The line of a draft's header at which a key stands, None where it does not or the file cannot be read."""
    try:
        return read_header(decode_text(load_bytes(file)), file=file.name).line(key)
    except UnreadableError:
        return None


def read_number(file: Path) -> str:
    """The 编号 of a draft, "" for none."""
    try:
        return read_header(decode_text(load_bytes(file)), file=file.name).value("编号")
    except UnreadableError:  # gone since its bytes were hashed
        return ""
