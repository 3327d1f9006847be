"""Word and PDF files under content/: which are drafts, which attachments, what is read again, and what is published."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from docx.document import Document
from site_fixtures import SmallSite
from word_fixtures import LONG, NOW, RIGHT, make_picture, save, type_line, type_official

from aggregator.drafts import Memory, read_drafts
from aggregator.drafts.word import files
from aggregator.drafts.word.failures import WordError
from aggregator.model import DraftBatch, WordMemory

PDF = b"%PDF-1.7\n%%EOF\n"


def put(content: Path, path: str, what: Document | bytes | str | None = None) -> Path:
    file = content / path
    file.parent.mkdir(parents=True, exist_ok=True)
    what = type_official() if what is None else what
    data = what.encode() if isinstance(what, str) else what if isinstance(what, bytes) else save(what)
    file.write_bytes(data)
    return file


def read(content: Path, before: DraftBatch | None = None) -> DraftBatch:
    """As the pipeline does, with what it remembers of the last run."""
    known = {draft.path: draft.content_hash for draft in before.drafts} if before else {}
    memories = {draft.path: draft.memory for draft in before.drafts if draft.memory} if before else {}
    return read_drafts(content, Memory(known, words=memories), now=NOW)


def say(batch: DraftBatch) -> Mapping[str, str]:
    return {finding.file: finding.message for finding in batch.findings}


def find_page(site: SmallSite, title: str) -> str:
    return "s/" + str(site.stories()[title]["url"]).rpartition("/")[2]


def test_a_word_file_is_a_draft_like_any_other(tmp_path):
    """Its folder makes the genre, its document the title."""
    put(tmp_path, "policies/供水.docx")
    [draft] = read(tmp_path).drafts
    assert (draft.path, draft.post.title, draft.post.genre) == (
        "policies/供水.docx",
        "关于做好冬季供水工作的通知",
        "policy",
    )
    assert draft.post.text == LONG


def test_an_unchanged_word_file_is_not_converted_again(tmp_path):
    """Known by the hash of its bytes."""
    put(tmp_path, "notices/a.docx")
    first = read(tmp_path)
    assert read(tmp_path, first) == DraftBatch((), ("notices/a.docx",))
    put(tmp_path, "notices/a.docx", type_official("关于停水的通知"))
    assert [draft.post.title for draft in read(tmp_path, first).drafts] == ["关于停水的通知"]


@pytest.mark.parametrize("how", ["in its header", "in its text"])
def test_a_word_file_that_another_names_is_its_attachment(tmp_path, how):
    """In this run and the next ones, in which neither is read."""
    main = type_official()
    if how == "in its header":
        first = type_line(main, "附件：申请表.docx", indent=0)
        main.element.body.insert(0, first._p)
        main.element.body.insert(0, type_line(main, "标题：关于停水的通知", indent=0)._p)
    else:
        type_line(main, "附件：申请表.docx、名单.pdf")
    put(tmp_path, "notices/通知.docx", main)
    put(tmp_path, "notices/申请表.docx")
    batch = read(tmp_path)
    assert sorted(batch.paths) == ["notices/通知.docx"]
    assert sorted(read(tmp_path, batch).paths) == ["notices/通知.docx"]
    (tmp_path / "notices/通知.docx").unlink()
    assert sorted(read(tmp_path, batch).paths) == ["notices/申请表.docx"]


def test_two_that_name_each_other_are_not_both_lost(tmp_path):
    """The first of them is the draft."""
    for name, other in (("a.docx", "b.docx"), ("b.docx", "a.docx")):
        document = type_official()
        type_line(document, f"另见 {other}")
        put(tmp_path, f"notices/{name}", document)
    batch = read(tmp_path)
    assert sorted(batch.paths) == ["notices/a.docx"]
    assert sorted(read(tmp_path, batch).paths) == ["notices/a.docx"]


def test_attachments_of_a_draft_that_cannot_be_read_stay_attachments(tmp_path):
    """While its author has it open, or after it was damaged, it stays as it was last published."""
    main = type_official()
    type_line(main, "附件：申请表.docx")
    file = put(tmp_path, "notices/通知.docx", main)
    put(tmp_path, "notices/申请表.docx")
    before = read(tmp_path)
    file.write_bytes(file.read_bytes()[:2000])
    batch = read(tmp_path, before)
    assert (batch.drafts, list(say(batch))) == ((), ["notices/通知.docx"])


def numbered(number: str) -> Document:
    document = type_official()
    for line in (f"编号：{number}", "标题：关于停水的通知"):
        document.element.body.insert(0, type_line(document, line, indent=0)._p)
    return document


def test_a_copy_of_an_unchanged_word_draft_does_not_take_its_number(tmp_path):
    """Neither another Word file nor a Markdown draft, which come first by name."""
    put(tmp_path, "notices/b.docx", numbered("ts-2026"))
    first = read(tmp_path)
    assert first.drafts[0].memory == WordMemory("ts-2026")
    put(tmp_path, "notices/a.docx", numbered("ts-2026"))
    put(tmp_path, "notices/a.md", "编号: ts-2026\n标题: 停水\n\n今晚停水。\n")
    batch = read(tmp_path, first)
    assert sorted(batch.paths) == ["notices/b.docx"]
    assert set(say(batch)) == {"notices/a.docx", "notices/a.md"}


def test_a_pdf_has_a_page_of_its_own(tmp_path):
    """Its title is the file's name; its text is not read, and staff are told."""
    put(tmp_path, "notices/停水公告.pdf", PDF)
    [draft] = read(tmp_path).drafts
    [attachment] = draft.post.attachments
    assert (draft.post.title, attachment.size, attachment.media_type) == ("停水公告", len(PDF), "application/pdf")
    assert [finding.level for finding in draft.findings] == ["warning"]
    assert draft.source.read("notices/停水公告.pdf", 100) == PDF


def test_an_unchanged_pdf_is_not_opened(tmp_path):
    """Size and time of change are enough."""
    file = put(tmp_path, "notices/a.pdf", PDF)
    first = read(tmp_path)
    status = file.stat()
    file.write_bytes(b"#" * len(PDF))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert read(tmp_path, first) == DraftBatch((), ("notices/a.pdf",))


def test_bad_files_are_told_and_all_others_are_published(tmp_path):
    """A folder as it happens to be."""
    put(tmp_path, "notices/好.docx")
    put(tmp_path, "notices/其实是网页.docx", b"<html><body>x</body></html>")
    put(tmp_path, "notices/~$好.docx", b"\x05wang")
    put(tmp_path, "notices/坏.pdf", b"<html>404</html>")
    put(tmp_path, "notices/文件夹.docx/a.txt", b"x")
    put(tmp_path, "notices/预览.pages/QuickLook/Preview.pdf", PDF)
    (tmp_path / "notices/失效.docx").symlink_to(tmp_path / "notices/没有.docx")
    os.mkfifo(tmp_path / "notices/管道.docx")
    os.mkfifo(tmp_path / "notices/管道.pdf")
    with put(tmp_path, "notices/大.docx", b"PK\x03\x04").open("r+b") as file:
        file.truncate(200 * 1024 * 1024)
    batch = read(tmp_path)
    assert [draft.path for draft in batch.drafts] == ["notices/好.docx"]
    assert say(batch) == {
        "notices/其实是网页.docx": "这其实是网页，只是扩展名叫 .docx，没有发布。",
        "notices/~$好.docx": "这是 Word 打开着稿件时留下的临时文件，不是稿件，没有读取。",
        "notices/坏.pdf": "这不是 PDF 文件，或者已经损坏，没有发布。",
        "notices/文件夹.docx": "这是一个文件夹，名字却像一篇稿件，里面的内容没有读取。",
        "notices/预览.pages": "读不了 .pages 文件，这个文件没有发布。",
        "notices/失效.docx": "文件找不到或打不开，没有读取。",
        "notices/管道.docx": "这不是普通的文件，没有读取。",
        "notices/管道.pdf": "这不是普通的文件，没有读取。",
        "notices/大.docx": "文件有 200 MB，太大了，没有读取。",
    }
    assert all(finding.remedy for finding in batch.findings)


def test_a_file_that_is_being_written_waits(tmp_path, monkeypatch):
    """Another size or time of change after reading than before."""
    file = put(tmp_path, "notices/a.docx")
    fstat = os.fstat

    def grow(descriptor: int) -> os.stat_result:
        status = fstat(descriptor)
        with file.open("ab") as stream:
            stream.write(b"x")
        return status

    monkeypatch.setattr(files.os, "fstat", grow)
    with pytest.raises(WordError, match="正在保存"):
        files.read_file(file)


def test_a_word_draft_is_published_with_its_pictures(small_site: SmallSite) -> None:
    """As our copies; the next publish has nothing to do; the address stays when the file is renamed."""
    document = type_official("关于做好冬季供水保障的通知")
    document.add_picture(make_picture())
    type_line(document, "临江市水务局", align=RIGHT)
    type_line(document, "2026年3月12日", align=RIGHT)
    file = put(small_site.root / "content", "notices/供水.docx", document)
    put(small_site.root / "content", "notices/公告.pdf", PDF)
    small_site.publish()
    address = find_page(small_site, "关于做好冬季供水保障的通知")
    page = small_site.read_page(address)
    assert re.search(r'<img src="[^"]*files/[0-9a-f]+\.webp"', page)
    assert "临江市水务局" in page
    pdf = small_site.read_page(find_page(small_site, "公告"))
    assert re.search(r'href="[^"]*files/[0-9a-f]+/公告\.pdf"', pdf) or "%E5%85%AC%E5%91%8A.pdf" in pdf
    assert not any((small_site.root / ".matrix/handover").iterdir())
    _, report = small_site.publish()
    assert report.changed_paths == ()
    file.rename(file.with_name("供水保障.docx"))
    small_site.publish()
    assert find_page(small_site, "关于做好冬季供水保障的通知") == address


def test_a_word_draft_that_broke_stays_at_its_last_good_state(small_site: SmallSite) -> None:
    """Its page is as it was, and the finding says what is wrong."""
    file = put(small_site.root / "content", "notices/供水.docx", type_official("关于冬季供水的通知"))
    small_site.publish()
    address = find_page(small_site, "关于冬季供水的通知")
    page = small_site.read_page(address)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", b"<w:document")
    report, _ = small_site.publish()
    assert [finding.message for finding in report.findings if finding.file == "notices/供水.docx"] == [
        "这个 Word 文件已经损坏，读不出来，没有发布。"
    ]
    assert small_site.read_page(address) == page
