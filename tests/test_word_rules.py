"""Word files are held against the rules like all drafts, and what is found names the paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Opened
from site_fixtures import SmallSite
from word_fixtures import LONG, make_element, replace_member, save, type_line, type_official

ID = "11010519491231002X"
CARD = "6222020200112233446"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path / "site").set_up()


def put(site: SmallSite, path: str, document: Opened) -> Path:
    file = site.site.content / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(save(document))
    return file


def type_lines(*lines: str) -> Opened:
    document = Document()
    for line in lines:
        type_line(document, line, indent=0)
    return document


def check(site: SmallSite, *arguments: str) -> list[tuple[str, int | None, str]]:
    found = site.call("check", "--json", *arguments).document["findings"]
    return [(one["file"], one["line"], one["rule"]) for one in found]


def add_table(document: Opened, *rows: tuple[str, ...]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value


def test_numbers_and_words_are_found_with_their_paragraph(site: SmallSite) -> None:
    """Empty paragraphs do not count, and a row of a table is one."""
    document = type_lines(
        "标题：关于发放补贴的通知", "日期：2026-13-1", "摘要：截止目前已发放", "", LONG, "请做好布署。"
    )
    add_table(document, ("姓名", "身份证号", "账号"), ("张某某", ID, CARD), ("李某某", "略", "略"))
    type_line(document, "依据栖政办发（2026）3号")
    put(site, "notices/补贴.docx", document)
    expected = {
        ("notices/补贴.docx", 2, "M0"),
        ("notices/补贴.docx", 3, "I4.6"),
        ("notices/补贴.docx", 5, "I4.6"),
        ("notices/补贴.docx", 7, "I4.1"),
        ("notices/补贴.docx", 7, "I4.2"),
        ("notices/补贴.docx", 9, "F11.1"),
    }
    assert {*check(site)} == {*check(site, "notices/补贴.docx")} == expected
    assert "content/notices/补贴.docx 第 7 段：身份证号没有遮盖" in site.call("check").out
    assert "检查了 1 篇稿件" in site.call("check").out


def test_the_header_in_a_table_is_held_against_the_rules(site: SmallSite) -> None:
    document = Document()
    add_table(document, ("标题", "补贴办法"), ("文号", "栖政发[2026]第012号"), ("有效性", "现行"))
    type_line(document, LONG)
    put(site, "policies/办法.docx", document)
    assert {("policies/办法.docx", 2, "F11"), ("policies/办法.docx", 3, "F10")} <= {*check(site)}


def test_what_the_document_says_in_its_own_places_is_held_against_the_rules(site: SmallSite) -> None:
    """The number that stands below the name of the office, without a header."""
    put(site, "policies/办法.docx", type_official("关于供水的通知"))
    assert "M0" not in {rule for *_, rule in check(site)}
    assert {rule for *_, rule in check(site)} >= {"F1"}


def add_footnote(document: Opened, text: str) -> bytes:
    reference = document.add_paragraph("发放对象").add_run()
    reference._r.append(make_element("footnoteReference", id="2"))
    note = (
        f'<w:footnotes xmlns:w="{NAMESPACE}"><w:footnote w:id="2"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = f'<Relationship Id="rIdNotes" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode()
    data = replace_member(save(document), "word/footnotes.xml", lambda _: f"{note}</w:footnotes>".encode())
    return replace_member(data, "word/_rels/document.xml.rels", lambda old: old.replace(b"</Relationships>", relation))


def test_numbers_in_footnotes_are_found_behind_the_last_paragraph(site: SmallSite) -> None:
    file = put(site, "notices/供水.docx", Document())
    file.write_bytes(add_footnote(type_official("关于供水的通知"), f"经办人身份证号 {ID}"))
    assert check(site) == [("notices/供水.docx", 4, "I4.1")]


def test_a_word_file_with_an_open_number_is_held_back(site: SmallSite) -> None:
    put(site, "notices/名单.docx", type_lines("标题：名单", "", f"张某某 {ID}"))
    put(site, "notices/通知.docx", type_lines("标题：通知", "", "截止目前，已经来水。"))
    result = site.call("publish")
    assert result.status == 1
    assert "notices/名单.docx 第 2 段 身份证号没有遮盖" in result.out
    assert "notices/通知.docx 第 2 段 (提醒)写的是“截止目前”" in result.out
    assert len(site.stories()) == 1
    again = site.call("publish", "--json").document["update"]
    assert sorted(one["file"] for one in again["findings"]) == ["notices/名单.docx", "notices/通知.docx"]


def test_a_waiver_holds_for_a_word_file(site: SmallSite) -> None:
    put(site, "notices/名单.docx", type_lines("标题：名单", "", f"张某某 {ID}"))
    waiver = '[[waive]]\nrule = "I4.1"\nfile = "notices/名单.docx"\nreason = "本人同意"\nuntil = 2030-01-01\n'
    site.site.editorial.write_text(waiver, encoding="utf-8")
    assert site.call("publish").status == 0
    assert site.call("check").status == 0


def test_a_word_file_that_a_draft_names_is_not_held_against_the_rules(site: SmallSite) -> None:
    put(site, "notices/申请表（新）.docx", type_lines("标题：申请表", "", f"张某某 {ID}"))
    site.set_draft("notices/a.md", ("见[表](申请表(新).docx)。",), 标题="停水", 日期="2026-03-12")
    assert check(site) == []
    site.publish()
    assert check(site, "notices") == []
    assert [rule for *_, rule in check(site, "notices/申请表（新）.docx")] == ["I4.1"]


@pytest.mark.parametrize("published", [False, True])
def test_an_explanation_knows_the_policy_that_is_a_word_file(site: SmallSite, published: bool) -> None:
    policy = ("标题：补贴办法", "编号：zc-1", "日期：2026-03-12", "", "符合条件的家庭每户每月补贴1600元。")
    put(site, "policies/办法.docx", type_lines(*policy))
    text = "符合条件的家庭每户每月补贴1800元。"
    site.set_draft("explanations/解读.md", (text,), 标题="解读", 日期="2026-03-12", 关联政策="zc-1")
    if published:
        site.publish()
    rules = {rule for *_, rule in check(site, "explanations/解读.md")}
    assert rules == {"M6"}
    assert "F5" not in {rule for *_, rule in check(site)}


def test_what_cannot_be_read_is_told_by_check_as_by_publish(site: SmallSite) -> None:
    (site.site.content / "notices").mkdir(exist_ok=True)
    (site.site.content / "notices/坏.docx").write_bytes(b"PK\x03\x04")
    (site.site.content / "notices/旧.doc").write_bytes(b"x")
    assert sorted(check(site)) == [("notices/坏.docx", None, "M0"), ("notices/旧.doc", None, "M0")]
    assert check(site, "notices/坏.docx") == [("notices/坏.docx", None, "M0")]
