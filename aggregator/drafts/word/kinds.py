"""What a file named .docx really is: exports and renamed files often are something else."""

from __future__ import annotations

import re

from aggregator.drafts.word.failures import SAVE_AS, WordFailure

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# [MS-OFFCRYPTO] 2.1: an encrypted document is an OLE file with a stream of this name.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PAGE = re.compile(rb"\s*(?:<!doctype\s+html|<html|<head|<meta|<body|<div|<p[ >]|<table|MIME-Version:)", re.IGNORECASE)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def find_disguise(data: bytes) -> WordFailure | None:
    """Why the bytes of a .docx cannot be one; None for a zip archive, as every .docx is."""
    if data.startswith(b"PK\x03\x04"):
        return None
    if not data.strip():
        return WordFailure("文件是空的。", "请写上内容，或者删掉这个文件。")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            return WordFailure(
                "这个 Word 文件加了密码，读不了，没有发布。",
                "请用 Word 打开它，点“文件”→“信息”→“保护文档”→“用密码进行加密”，删掉密码再保存。",
            )
        return WordFailure("这其实是旧版 Word（.doc）或 WPS 文件，只是改了扩展名，没有发布。", SAVE_AS)
    if data.startswith(b"{\\rtf"):
        return WordFailure("这其实是 RTF 文件，只是改了扩展名，没有发布。", SAVE_AS)
    if data.startswith(b"%PDF"):
        return WordFailure("这其实是 PDF 文件，只是改了扩展名，没有发布。", "请把扩展名改回 .pdf，或者放上 Word 原稿。")
    head = data[:4096]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    if _PAGE.match(head.replace(b"\0", b"")) or head.lstrip().startswith(b"<?xml"):
        return WordFailure("这其实是网页，只是扩展名叫 .docx，没有发布。", SAVE_AS)
    return WordFailure("这不是 Word 文件，读不出文字，没有发布。", SAVE_AS)
