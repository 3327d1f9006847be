"""Which file beside it a draft means, however the name is spelled, and what staff are told where there is none."""

from __future__ import annotations

import os
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from aggregator.drafts import Memory, read_drafts
from aggregator.model import Draft, DraftBatch, FileUse

NOW = datetime(2026, 3, 20, tzinfo=UTC)

PICTURES = {
    "as it is": ("![说明](图1.jpg)", "图1.jpg"),
    "with spaces, as staff write it": ("![说明](图 1.jpg)", "图 1.jpg"),
    "with spaces and a title": ('![说明](图 1.jpg "标题")', "图 1.jpg"),
    "with spaces in angle brackets": ("![说明](<图 1.jpg>)", "图 1.jpg"),
    "percent-encoded, as editors write it": (f"![说明]({quote('图 1.jpg')})", "图 1.jpg"),
    "percent-encoded in GBK": (f"![说明]({quote('图1.jpg'.encode('gbk'))})", "图1.jpg"),
    "with a backslash": (r"![说明](图片\图1.jpg)", "图片/图1.jpg"),
    "with a backslash before a sign that Markdown would take for escaped": (r"![说明](图片\_1.jpg)", "图片/_1.jpg"),
    "with a dot before it": ("![说明](./图1.jpg)", "图1.jpg"),
    "with another case of the ending": ("![说明](图1.JPG)", "图1.jpg"),
    "with another case of the file's ending": ("![说明](图1.jpg)", "图1.JPG"),
    "in a folder of another case": ("![说明](Images/a.jpg)", "images/a.jpg"),
    "with full-width brackets in the text": ("![说明](图（1）.jpg)", "图(1).jpg"),
    "with full-width brackets in the name": ("![说明](图(1).jpg)", "图（1）.jpg"),
    "with full-width digits": ("![说明](图１.jpg)", "图1.jpg"),
    "with a space too few": ("![说明](图1.jpg)", "图 1.jpg"),
    "composed otherwise, as a Mac writes names": ("![说明](café.jpg)", unicodedata.normalize("NFD", "café.jpg")),
    "decomposed in the text": (f"![说明]({unicodedata.normalize('NFD', 'café.jpg')})", "café.jpg"),
    "by its name alone, in a folder below": ("![说明](图1.jpg)", "图片/图1.jpg"),
    "in a folder above": ("![说明](../图库/图1.jpg)", "../图库/图1.jpg"),
    "from content/ on": ("![说明](/图库/图1.jpg)", "../图库/图1.jpg"),
    "with a hash in the name": ("![说明](图#1.jpg)", "图#1.jpg"),
    "with a percent sign in the name": ("![说明](增长5%.jpg)", "增长5%.jpg"),
    "with arguments behind it": ("![说明](图1.jpg?v=2)", "图1.jpg"),
    "as a tag": ("<img src='图 1.jpg' alt=说明>", "图 1.jpg"),
    "as a tag of capitals without quotes": ("<IMG SRC=图1.jpg ALT=说明>", "图1.jpg"),
    "embedded as in a wiki": ("![[图 1.jpg]]", "图 1.jpg"),
    "embedded with words": ("![[图 1.jpg|说明]]", "图 1.jpg"),
    "embedded with a width": ("![[图 1.jpg|300]]", "图 1.jpg"),
    "with brackets of a Chinese keyboard": ("![说明]（图 1.jpg）", "图 1.jpg"),
    "with all marks of a Chinese keyboard": ("看！[说明]（图1.jpg）", "图1.jpg"),
    "on somebody's disk": ("![说明](file:///C:/Users/王/桌面/图1.jpg)", "图1.jpg"),
    "on somebody's disk, pasted from Word": (r'<img src="C:\Users\王\图 1.jpg" alt="说明">', "图 1.jpg"),
    "on a server of the house": (r"![说明](\\文件服务器\共享\图1.jpg)", "图1.jpg"),
    "as Pelican's own drafts have it": ("![说明]({static}图1.jpg)", "图1.jpg"),
    "in a link": ("[![说明](图1.jpg)](图1.jpg)", "图1.jpg"),
    "by reference": ("![说明][甲]\n\n[甲]: 图1.jpg", "图1.jpg"),
}

ATTACHMENTS = {
    "as it is": ("[申请表](申请表.xlsx)", "申请表.xlsx"),
    "with full-width brackets": ("[申请表](申请表（新）.xlsx)", "申请表（新）.xlsx"),
    "with a space and brackets": ("[申请表](申请表 (新).xlsx)", "申请表（新）.xlsx"),
    "on somebody's disk": (r"[申请表](D:\下载\申请表.xlsx)", "申请表.xlsx"),
    "as a tag": ('<a href="申请表 1.xlsx">申请表</a>', "申请表 1.xlsx"),
    "of WPS": ("[预算](预算.et)", "预算.et"),
}


def read(content: Path, used: dict[str, tuple[FileUse, ...]] | None = None, **known: str) -> DraftBatch:
    return read_drafts(content, Memory(known, used or {}), now=NOW)


def drop(content: Path, *names: str) -> None:
    for name in names:
        file = content / "notices" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.resolve().write_bytes(name.encode())


def write(content: Path, body: str, header: str = "") -> Draft:
    """The draft with this text, read."""
    file = content / "notices" / "停水.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"标题: 停水\n{header}\n今晚停水。\n\n{body}\n", encoding="utf-8")
    [draft] = (draft for draft in read(content).drafts if draft.path == "notices/停水.md")
    return draft


def resolve(name: str) -> str:
    """Path under content/ of what lies beside notices/停水.md."""
    return name.removeprefix("../") if name.startswith("../") else f"notices/{name}"


def tell(draft: Draft) -> list[str]:
    return [f"{finding.line} {finding.message}{finding.remedy}" for finding in draft.findings]


# What is found ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "name"), PICTURES.values(), ids=PICTURES.keys())
def test_a_picture_is_found_however_its_name_is_spelled(tmp_path: Path, text: str, name: str) -> None:
    drop(tmp_path, name)
    draft = write(tmp_path, text)
    wanted = resolve(name)
    assert f'src="https://handover.invalid/{quote(wanted)}"' in draft.post.html
    assert {use.file for use in draft.uses} == {wanted}
    assert not [one for one in tell(draft) if "没有找到" in one]


@pytest.mark.parametrize(("text", "name"), ATTACHMENTS.values(), ids=ATTACHMENTS.keys())
def test_an_attachment_is_found_however_its_name_is_spelled(tmp_path: Path, text: str, name: str) -> None:
    drop(tmp_path, name)
    draft = write(tmp_path, f"请下载{text}。")
    assert f'<a href="https://handover.invalid/{quote(resolve(name))}"' in draft.post.html
    assert tell(draft) == []


@pytest.mark.parametrize(
    ("header", "names", "titles"),
    [
        ("附件: 申请表（新）.xlsx", ["申请表（新）.xlsx"], ["申请表（新）"]),
        ("附件: 申请表(新).XLSX", ["申请表（新）.xlsx"], ["申请表（新）"]),
        ("附件: [报名表](申请表(新).xlsx)", ["申请表（新）.xlsx"], ["报名表"]),
        ("附件: 甲、乙.xlsx", ["甲、乙.xlsx"], ["甲、乙"]),
        ("附件: 甲.xlsx、乙.pdf", ["甲.xlsx", "乙.pdf"], ["甲", "乙"]),
        ("附件: C:\\Users\\王\\申请表.xlsx", ["表/申请表.xlsx"], ["申请表"]),
    ],
)
def test_the_header_names_attachments(tmp_path: Path, header: str, names: list[str], titles: list[str]) -> None:
    drop(tmp_path, *names)
    draft = write(tmp_path, "", f"{header}\n")
    urls = [f"https://handover.invalid/{quote(resolve(name))}" for name in names]
    assert [(one.url, one.title) for one in draft.post.attachments] == list(zip(urls, titles, strict=True))
    assert tell(draft) == []


def test_full_addresses_stay_as_they_are(tmp_path: Path) -> None:
    draft = write(
        tmp_path,
        "![范围](https://a.example/b.jpg) [表](https://a.example/b.xlsx) [电](tel:12345) [首页](/index.html)",
        "封面: https://a.example/c.jpg\n附件: https://a.example/d.pdf\n",
    )
    assert [draft.post.image, draft.post.attachments[0].url] == ["https://a.example/c.jpg", "https://a.example/d.pdf"]
    for address in ("https://a.example/b.jpg", "https://a.example/b.xlsx", "tel:12345", "/index.html"):
        assert f'"{address}"' in draft.post.html
    assert draft.uses == ()


def test_of_two_files_alike_the_one_spelled_so_is_meant(tmp_path: Path) -> None:
    drop(tmp_path, "图1.jpg", "图 1.jpg", "图１.jpg")
    assert [use.file for use in write(tmp_path, "![说明](图 1.jpg)").uses] == ["notices/图 1.jpg"]


def test_the_nearer_of_two_files_of_one_name_is_meant(tmp_path: Path) -> None:
    drop(tmp_path, "图/甲.jpg", "图/旧/甲.jpg")
    assert [use.file for use in write(tmp_path, "![说明](甲.jpg)").uses] == ["notices/图/甲.jpg"]


def test_no_file_is_chosen_by_chance(tmp_path: Path) -> None:
    drop(tmp_path, "图/甲.jpg", "旧/甲.jpg")
    draft = write(tmp_path, "![说明](甲.jpg)")
    assert [use.file for use in draft.uses] == [""]
    assert "甲.jpg" in tell(draft)[0].partition("名字相近的有")[2]


@pytest.mark.parametrize("name", ["../registry/accounts.csv", "../handover/rsj/表.xlsx", "../../秘密.xlsx"])
def test_files_that_are_not_for_drafts_are_out_of_reach(tmp_path: Path, name: str) -> None:
    content = tmp_path / "content"
    drop(content, name)
    draft = write(content, f"[表]({name})")
    assert "handover.invalid" not in draft.post.html
    assert len(tell(draft)) == 1


# What is told ----------------------------------------------------------------------------------------------------


def test_a_missing_picture_is_told_with_its_line_and_what_looks_alike(tmp_path: Path) -> None:
    drop(tmp_path, "停水范围图.jpg", "封面.jpg")
    draft = write(tmp_path, "第一段。\n\n![说明](停水范围.jpg)", "封面: 封皮.jpg\n")
    assert "<img" not in draft.post.html
    assert draft.post.image == ""
    assert tell(draft)[-1] == (
        "8 图片“停水范围.jpg”没有找到，没有带上。请把它放在稿件旁边，或者改正文件名。那里名字相近的有：停水范围图.jpg。"
    )
    assert tell(draft)[0].startswith("2 图片“封皮.jpg”没有找到")


def test_a_missing_attachment_leaves_its_words(tmp_path: Path) -> None:
    draft = write(tmp_path, "请下载[申请表](申请表.xlsx)。", "附件: 名单.pdf\n")
    assert "请下载申请表。" in draft.post.html
    assert draft.post.attachments == ()
    assert [one.partition("，")[0] for one in tell(draft)] == [
        "2 附件“名单.pdf”没有找到",
        "6 附件“申请表.xlsx”没有找到",
    ]


def test_a_picture_on_somebodys_disk_is_told(tmp_path: Path) -> None:
    address = "file:///C:/Users/wang/AppData/msohtmlclip1/01/clip_image002.jpg"
    [told] = tell(write(tmp_path, f'<img src="{address}" alt="停水范围">'))
    assert "您电脑里的位置" in told
    assert "clip_image002.jpg" in told


@pytest.mark.parametrize(
    "text",
    ["![](图.jpg)", "![图](图.jpg)", "![图.jpg](图.jpg)", "![image-20260412](图.jpg)", "![[图.jpg]]",
     "<img src=图.jpg>", "![](https://a.example/b.jpg)", "![微信图片_20260412093011](图.jpg)", "![图1](图.jpg)"],
)  # fmt: skip
def test_words_for_a_picture_are_asked_for(tmp_path: Path, text: str) -> None:
    drop(tmp_path, "图.jpg")
    draft = write(tmp_path, text)
    [told] = tell(draft)
    assert told.startswith("5 图片“")
    assert "没有说明文字" in told
    assert {finding.level for finding in draft.findings} == {"warning"}


def test_many_pictures_without_words_are_told_at_once(tmp_path: Path) -> None:
    drop(tmp_path, "甲.jpg", "乙.jpg")
    [told] = tell(write(tmp_path, "![](甲.jpg)\n\n![说明文字](甲.jpg)\n\n![](乙.jpg)"))
    assert told.startswith("5 有 2 张图片没有说明文字（第 5、9 行）。")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("![说明](表.xlsx)", "不是网页能显示的图片"),
        ("![说明](照片.heic)", "不是网页能显示的图片"),
        ("[市政府](www.linjiang.example.gov.cn)", "请写成“https://www.linjiang.example.gov.cn”"),
        ('<img alt="说明" src="data:image/png;base64,iVBORw0KGgo=">', "直接贴了图片的数据"),
        ("[另一篇](没有.md)", "链接的稿件“没有.md”没有找到"),
    ],
)
def test_what_cannot_be_shown_is_told(tmp_path: Path, text: str, words: str) -> None:
    drop(tmp_path, "表.xlsx", "照片.heic")
    [told] = tell(write(tmp_path, text))
    assert told.startswith("5 ")
    assert words in told


def test_files_that_nobody_names_are_told(tmp_path: Path) -> None:
    drop(tmp_path, "用到.jpg", "没用.jpg", "预算.et", "资料.zip", "Thumbs.db", "desktop.ini", "~$名单.xlsx")
    write(tmp_path, "![说明](用到.jpg)")
    told = {finding.file: finding for finding in read(tmp_path).findings}
    assert sorted(told) == ["notices/没用.jpg", "notices/资料.zip", "notices/预算.et"]
    assert {finding.level for finding in told.values()} == {"warning"}
    assert "附件: 预算.et" in told["notices/预算.et"].remedy


def test_a_folder_full_of_files_that_nobody_names_is_told_once(tmp_path: Path) -> None:
    drop(tmp_path, *(f"图库/{number}.jpg" for number in range(40)))
    write(tmp_path, "无图。")
    [told] = read(tmp_path).findings
    assert told.file == "notices/图库"
    assert "40 个文件" in told.message


def test_a_word_file_spelled_otherwise_is_an_attachment_and_no_draft(tmp_path: Path) -> None:
    drop(tmp_path, "报名表（新）.docx")
    write(tmp_path, "[报名表](报名表(新).DOCX)")
    assert read(tmp_path).findings == ()


# What is unchanged -----------------------------------------------------------------------------------------------


def reread(content: Path, draft: Draft) -> Draft | None:
    """None where nothing made it worth reading."""
    known = {draft.path: draft.content_hash}
    batch = read_drafts(content, Memory(known, {draft.path: draft.uses}), now=NOW)
    assert len(batch.drafts) + len(batch.unchanged) == 1
    return next(iter(batch.drafts), None)


def test_a_draft_is_read_again_when_a_file_that_it_names_changed(tmp_path: Path) -> None:
    drop(tmp_path, "甲.jpg", "乙.jpg")
    draft = write(tmp_path, "![说明](甲.jpg)")
    assert reread(tmp_path, draft) is None
    (tmp_path / "notices/乙.jpg").write_bytes(b"other")
    assert reread(tmp_path, draft) is None
    (tmp_path / "notices/甲.jpg").write_bytes(b"other")
    assert reread(tmp_path, draft) is not None


def test_a_draft_is_read_again_when_a_file_that_it_misses_came(tmp_path: Path) -> None:
    draft = write(tmp_path, "![说明](甲.jpg)")
    assert reread(tmp_path, draft) is None
    drop(tmp_path, "图/甲.jpg")
    again = reread(tmp_path, draft)
    assert again
    assert [use.file for use in again.uses] == ["notices/图/甲.jpg"]
    drop(tmp_path, "甲.jpg")
    nearer = reread(tmp_path, again)
    assert nearer
    assert [use.file for use in nearer.uses] == ["notices/甲.jpg"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="to the administrator every folder is open")
def test_a_folder_that_cannot_be_looked_into_takes_no_picture_off_a_page(tmp_path: Path) -> None:
    drop(tmp_path, "图/甲.jpg")
    draft = write(tmp_path, "![说明](图/甲.jpg)")
    (tmp_path / "notices/图").chmod(0)
    try:
        assert reread(tmp_path, draft) is None
    finally:
        (tmp_path / "notices/图").chmod(0o755)


def test_a_draft_is_read_again_when_a_file_that_it_names_is_gone(tmp_path: Path) -> None:
    drop(tmp_path, "甲.jpg")
    draft = write(tmp_path, "![说明](甲.jpg)")
    (tmp_path / "notices/甲.jpg").unlink()
    again = reread(tmp_path, draft)
    assert again
    assert "<img" not in again.post.html


def test_the_picture_of_a_draft_that_is_not_published_yet_is_not_said_to_be_of_no_use(tmp_path: Path) -> None:
    """Once its author has mended the draft, the page shows it."""
    drop(tmp_path, "桥头.jpg", "无人用.jpg")
    text = "标题: 停水\n定时: 三月四十日\n\n今晚停水。\n\n![桥头](桥头.jpg)\n"
    (tmp_path / "notices" / "停水.md").write_text(text, encoding="utf-8")
    batch = read(tmp_path)
    assert batch.paths == ()
    assert [one.file for one in batch.findings] == ["notices/停水.md", "notices/无人用.jpg"]
