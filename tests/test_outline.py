"""Headings, pictures and links of a draft as typed, each with its line in the file."""

from __future__ import annotations

import pytest
from site_fixtures import NOW

from aggregator.drafts import read_header
from aggregator.drafts.outline import scan_outline
from aggregator.drafts.source import make_source


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("![说明](图 1.jpg)", [("picture", "图 1.jpg", "说明")]),
        ('[表](<申 请.xlsx> "标题")', [("link", "申 请.xlsx", "表")]),
        ("[一](a.md)和[二](b（1）.md)", [("link", "a.md", "一"), ("link", "b（1）.md", "二")]),
        ("[括号](a(1).pdf)", [("link", "a(1).pdf", "括号")]),
        ("![[图.jpg]]和![[图2.jpg|说明]]", [("picture", "图.jpg", ""), ("picture", "图2.jpg", "说明")]),
        ("[![内](i.png)](x.md)", [("link", "x.md", "![内](i.png)"), ("picture", "i.png", "内")]),
        ("<img src='a.png' alt=\"说&amp;明\"><a href=b>表</a>", [("picture", "a.png", "说&明"), ("link", "b", "")]),
        ("见<https://www.gov.cn/a>", [("link", "https://www.gov.cn/a", "https://www.gov.cn/a")]),
        ("`![不是](图.jpg)`", []),
        ("说明[1]和（图）", []),
        ("![说明]（图（1）.jpg）", [("picture", "图（1）.jpg", "说明")]),
        ("看！[说明](图.jpg)！[表]（表.xlsx）", [("picture", "图.jpg", "说明"), ("link", "表.xlsx", "表")]),
    ],
)  # fmt: skip
def test_pictures_and_links_are_found_however_they_are_written(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(one.kind, one.target, one.text) for one in scan_outline([line], 1).references] == expected


def test_a_link_by_name_is_told_where_it_stands() -> None:
    (found,) = scan_outline(["见[申请表][表]", "", "[表]: 表.xlsx"], 10).references
    assert (found.target, found.line) == ("表.xlsx", 10)


def test_headings_of_both_kinds_have_their_levels_and_lines() -> None:
    lines = ["# 一", "", "二", "---", "", "```", "# 不是", "```", "- 项", "---", "###三", "## 四 ##"]
    found = [(one.level, one.text, one.line) for one in scan_outline(lines, 3).headings]
    assert found == [(1, "一", 3), (2, "二", 5), (2, "四", 14)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("head", ["---\n标题: 题\n---\n\n", "标题: 题\n\n", "", "\ufeff\n\n标题: 题\n\n"])
def test_lines_are_those_of_the_file(head: str, end: str) -> None:
    text = f"{head}一\n\n## 二\n"
    path = "notices/a.md"
    source = make_source(path, read_header(text.replace("\n", end), file=path), now=NOW)
    lines = text.split("\n")
    assert source.headings[0].line == lines.index("## 二") + 1
    assert [source.locate(index) for index, line in enumerate(source.lines) if line == "一"] == [lines.index("一") + 1]


def test_files_that_the_header_names_are_references_with_the_lines_of_the_header() -> None:
    text = "标题: 题\n封面: 图.jpg\n附件: [申请表](表.xlsx)；名单.pdf\n\n文"
    source = make_source("notices/a.md", read_header(text, file="a.md"), now=NOW)
    assert [(one.kind, one.target, one.line) for one in source.references] == [
        ("cover", "图.jpg", 2), ("attachment", "表.xlsx", 3), ("attachment", "名单.pdf", 3),
    ]  # fmt: skip
