"""The bytes of a Word file that nobody writes meanwhile."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from aggregator.drafts.word.failures import WordError
from aggregator.model import Finding

MAX_BYTES = 60 * 1024 * 1024
"""A report with forty photographs of a telephone has about as much."""


def read_file(file: Path) -> bytes:
    """The bytes of a file that nobody writes meanwhile. Raises WordError."""
    try:
        # A pipe named like a draft would hold up the run for good.
        if not stat.S_ISREG(file.stat().st_mode):
            raise WordError("这不是普通的文件，没有读取。", "请换成一个 Word 文件，或者把它移走。")
        with file.open("rb") as stream:
            before = os.fstat(stream.fileno())
            if before.st_size > MAX_BYTES:
                raise WordError(
                    f"文件有 {before.st_size / 1024 / 1024:.0f} MB，太大了，没有读取。",
                    "请在 Word 里选中一张图片，点“压缩图片”，选“电子邮件（96 ppi）”，应用于全部图片，再保存。",
                )
            data = stream.read(MAX_BYTES + 1)
            after = os.fstat(stream.fileno())
    except OSError as error:
        finding = describe_closed(file.name, error)
        raise WordError(finding.message, finding.remedy) from None
    if len(data) != before.st_size or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise WordError("文件正在保存或同步，这一次没有读取。", "请等它保存完，再运行一次。")
    return data


def describe_closed(path: str, error: OSError) -> Finding:
    """Why a file cannot be opened."""
    if isinstance(error, PermissionError):
        return Finding(path, "文件打不开，没有读取。", "它可能正在 Word 里打开着，请保存并关闭；不是的，请检查权限。")
    if isinstance(error, FileNotFoundError):
        return Finding(path, "文件找不到，没有读取。", "它多半是一个失效的链接，请换成文件本身，或者删掉。")
    reason = error.strerror or type(error).__name__
    return Finding(path, f"文件打不开（{reason}）。", "请检查磁盘，或者重新保存这个文件。")
