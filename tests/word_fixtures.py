"""Word files for tests: typed with python-docx as offices type them, or converted by LibreOffice."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from PIL import Image

from aggregator.drafts.nearby import NOTHING_NEARBY
from aggregator.drafts.word.post import build_word_post
from aggregator.drafts.word.text import WordText, read_word
from aggregator.model import Finding, Post

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=8)))
SOURCES = Path(__file__).parent / "data/word"
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
SONG, HEI, KAI, FANG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
LONG = "为切实做好今年冬季供水管网的防冻保暖和安全运行工作，确保居民用水不受影响，现将有关事项通知如下。"
_HANG_GUARD = 300
"""Seconds; a conversion takes about fifteen."""


def convert_sources(folder: Path) -> Path:
    """A folder with the documents that LibreOffice makes of data/word: one start for each kind of source."""
    program = shutil.which("soffice")
    if program is None:
        reason = "LibreOffice (soffice) is absent; on Debian: apt-get install libreoffice-writer-nogui"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI must have it")
        pytest.skip(reason)
    for suffix, options in ((".fodt", ()), (".html", ("--infilter=HTML (StarWriter)",))):
        files = sorted(map(str, SOURCES.glob(f"*{suffix}")))
        subprocess.run(
            [
                *(program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", *options),
                *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), *files),
            ],
            check=True,
            capture_output=True,
            timeout=_HANG_GUARD,
        )
    return folder / "out"


def type_line(
    document: Opened, text: str, font: str = FANG, size: float = 16, align: int | None = None, *, bold: bool = False,
    indent: float = 2,
) -> Paragraph:  # fmt: skip
    """A paragraph with direct formatting, as official documents have it."""
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    elif indent:
        paragraph.paragraph_format.first_line_indent = Pt(size * indent)
    add_run(paragraph, text, font, size, bold=bold)
    return paragraph


def add_run(paragraph: Paragraph, text: str, font: str = FANG, size: float = 16, *, bold: bool = False) -> OxmlElement:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold = bold or None
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run._r


def type_official(title: str = "关于做好冬季供水工作的通知") -> Opened:
    """A notice with its title and the first paragraph of its text."""
    document = Document()
    type_line(document, title, SONG, 22, CENTRE)
    type_line(document, LONG)
    return document


def make_element(name: str, **attributes: str) -> OxmlElement:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def save(document: Opened) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def make_picture(kind: str = "PNG") -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (30, 90, 160)).save(buffer, kind)
    buffer.seek(0)
    return buffer


def replace_member(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The document with one member changed, or added where it has none of that name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, change(old.read(member)) if member == name else old.read(member))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return buffer.getvalue()


def read_post(document: Opened | bytes, path: str = "notices/稿件.docx") -> tuple[Post, tuple[Finding, ...]]:
    """What a document becomes; it must be one that can be read."""
    word = read_word(document if isinstance(document, bytes) else save(document), path)
    assert isinstance(word, WordText), word
    post, findings, _ = build_word_post(path, word, now=NOW, files=NOTHING_NEARBY)
    return post, findings
