"""Word files that are something else, broken, hostile or too large: each is told, and costs only itself."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_fixtures import SONG, make_picture, replace_member, save, type_line, type_official

from aggregator.drafts.word.failures import WordFailure
from aggregator.drafts.word.package import MAX_MEMBERS
from aggregator.drafts.word.text import WordText, read_word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
MAIN = "word/document.xml"


@pytest.fixture(scope="module")
def document() -> bytes:
    return save(type_official())


def pack(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return buffer.getvalue()


def fail(data: bytes) -> str:
    answer = read_word(data, "notices/a.docx")
    assert isinstance(answer, WordFailure)
    assert answer.remedy.endswith("。")
    return answer.message


DISGUISES = {
    "an old document": (OLE, "这其实是旧版 Word（.doc）或 WPS 文件，只是改了扩展名，没有发布。"),
    "an encrypted one": (OLE + "EncryptedPackage".encode("utf-16-le"), "这个 Word 文件加了密码，读不了，没有发布。"),
    "RTF": (b"{\\rtf1\\ansi x}", "这其实是 RTF 文件，只是改了扩展名，没有发布。"),
    "a PDF": (b"%PDF-1.7\n", "这其实是 PDF 文件，只是改了扩展名，没有发布。"),
    "a page": (b"\xef\xbb\xbf<html xmlns:w='x'><body>x", "这其实是网页，只是扩展名叫 .docx，没有发布。"),
    "a page in UTF-16": ("<html><body>x".encode("utf-16"), "这其实是网页，只是扩展名叫 .docx，没有发布。"),
    "a page with its pictures": (b"MIME-Version: 1.0\r\n", "这其实是网页，只是扩展名叫 .docx，没有发布。"),
    "a text": ("今晚停水。".encode("gb18030"), "这不是 Word 文件，读不出文字，没有发布。"),
    "nothing": (b"", "文件是空的。"),
    "OpenDocument": (
        pack(mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<x/>"),
        "这其实是 OpenDocument（.odt）文件，只是改了扩展名，没有发布。",
    ),
    "a spreadsheet": (
        pack(xl__workbook_xml=b"<x/>"),
        "这个文件里没有 Word 正文（可能是表格、演示文稿或压缩包），没有发布。",
    ),
}


@pytest.mark.parametrize("kind", DISGUISES)
def test_what_is_only_named_docx_is_told(kind):
    """By its bytes: exports of web systems and files renamed in a hurry."""
    data, message = DISGUISES[kind]
    assert fail(data) == message


ATTACKS = {
    "entities within entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
    "an entity that is a file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "a document type elsewhere": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("part", [MAIN, "word/styles.xml", "_rels/.rels"])
def test_a_document_type_is_refused(document, attack, part):
    """In every part that is parsed, before it is."""

    def change(xml: bytes) -> bytes:
        head, mark, rest = xml.partition(b"?>")
        return head + mark + ATTACKS[attack] + rest

    assert fail(replace_member(document, part, change)) == "这个 Word 文件里有不该有的实体定义，为了安全没有读取。"


def test_a_document_type_in_utf_16_is_refused(document):
    """Which hides from a look at the bytes as they are."""

    def change(_: bytes) -> bytes:
        return ('<?xml version="1.0" encoding="UTF-16"?>' + ATTACKS["an entity that is a file"].decode()).encode(
            "utf-16"
        )

    assert "实体" in fail(replace_member(document, MAIN, change))


def test_a_bomb_is_refused_before_it_is_unpacked():
    """400 MB of blanks pack to 2 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(26):
            archive.writestr(f"word/media/{number}.png" if number else MAIN, bytes(16 * 1024 * 1024))
    assert fail(buffer.getvalue()) == "这个 Word 文件解开以后太大，没有读取。"


def test_a_part_that_is_too_large_is_not_parsed(document):
    """Within the bound of all, but more text than anybody writes."""
    large = replace_member(document, MAIN, lambda xml: xml + b" " * (17 * 1024 * 1024))
    assert fail(large) == "这个 Word 文件解开以后太大，没有读取。"


def test_a_part_that_lies_about_its_size_is_not_unpacked_further(document):
    """The archive says 100 bytes."""
    data = bytearray(replace_member(document, MAIN, lambda xml: xml + b" " * 1000))
    directory = data.index(b"PK\x01\x02")
    while not data[directory + 46 :].startswith(MAIN.encode()):
        directory = data.index(b"PK\x01\x02", directory + 4)
    data[directory + 24 : directory + 28] = struct.pack("<I", 100)
    assert fail(bytes(data)) == "这个 Word 文件已经损坏，读不出来，没有发布。"


def test_too_many_members_are_refused(document):
    """A directory of a million names takes its time."""
    buffer = io.BytesIO(document)
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(MAX_MEMBERS):
            archive.writestr(f"word/media/{number}.png", b"")
    assert fail(buffer.getvalue()) == "这个 Word 文件解开以后太大，没有读取。"


@pytest.mark.parametrize("depth", [20, 60, 5000])
def test_tables_within_tables_end_somewhere(document, depth):
    """Either they are read or they are told; nothing falls over."""
    cell = b"<w:tbl><w:tr><w:tc>", b"<w:p/></w:tc></w:tr></w:tbl>"

    def change(xml: bytes) -> bytes:
        inner = cell[0] * depth + b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" + cell[1] * depth
        return xml.replace(b"<w:sectPr", inner + b"<w:sectPr", 1)

    answer = read_word(replace_member(document, MAIN, change), "notices/a.docx")
    if isinstance(answer, WordFailure):
        assert answer.message == "这个 Word 文件里的表格或文本框套得太深，没有发布。"
    else:
        assert depth == 20


@pytest.mark.parametrize("mark", ["绝密", "机密★1年", "秘密 ★ 10年"])
def test_a_secret_document_is_not_published(mark):
    """Whatever brought it into the folder."""
    document = type_official()
    document.element.body.insert(0, type_line(document, mark, indent=0)._p)
    assert fail(save(document)) == f"文件上标着“{mark[:2]}”，没有发布。"


def test_a_text_about_secrets_is_published():
    """Only a mark that stands alone is one."""
    document = type_official("关于秘密级文件管理的通知")
    type_line(document, "秘密级文件由专人保管。", SONG)
    assert isinstance(read_word(save(document), "notices/a.docx"), WordText)


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_file_is_a_document_or_a_failure(document, data):
    """Cut off, or with some bytes changed: never an exception."""
    broken = bytearray(document[: data.draw(st.integers(0, len(document)))])
    for _ in range(data.draw(st.integers(0, 8))):
        if broken:
            broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(read_word(bytes(broken), "notices/a.docx"), WordText | WordFailure)


@settings(max_examples=20)
@given(st.data())
def test_a_document_with_damaged_xml_is_a_document_or_a_failure(document, data):
    """Attributes and names that no program writes."""
    part = data.draw(st.sampled_from([MAIN, "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels"]))

    def change(xml: bytes) -> bytes:
        at = data.draw(st.integers(0, len(xml)))
        return xml[:at] + data.draw(st.sampled_from([b"", b'"', b"<w:p>", b"w:val", b"-1"])) + xml[at + 1 :]

    broken = replace_member(document, part, change)
    assert isinstance(read_word(broken, "notices/a.docx"), WordText | WordFailure)


def test_a_name_within_the_file_leads_nowhere_else():
    """A relation may point to a member of any name."""
    document = type_official()
    document.add_picture(make_picture())
    data = replace_member(
        save(document),
        "word/_rels/document.xml.rels",
        lambda xml: xml.replace(b"media/image1.png", b"../../../etc/passwd"),
    )
    answer = read_word(data, "notices/a.docx")
    assert isinstance(answer, WordText)
    assert answer.pictures == ()
    assert [message for message, _ in answer.notes] == ["1 张图片不在文件里，没有显示。"]
