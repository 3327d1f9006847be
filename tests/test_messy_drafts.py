"""Drafts as they come from hurried people: every header in every encoding, under names with dates and versions.

The files are written into a folder and read by `matrix update`, all at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from site_fixtures import SmallSite

from aggregator.model import LOCAL_ACCOUNT, Post
from aggregator.store import Store

BEIJING = timedelta(hours=8)
DAY = datetime(2026, 3, 12, tzinfo=UTC) - BEIJING
UNIT = "临江市水务局"

HEADERS = {
    "none, and the title as a heading": "# {title}\n\n",
    "none, and the name of the file": "",
    "lines": "标题: {title}\n日期: 2026-03-12\n部门: {unit}\n\n",
    "full-width colons": "标题：{title}\n日期：2026年3月12日\n部门：{unit}\n\n",
    "spaces within keys": "标　题：{title}\n日 期：2026.3.12\n部 门：{unit}\n\n",
    "English keys": "Title: {title}\nDate: 2026/3/12\nDepartment: {unit}\n\n",
    "all on one line": "标题：{title} 日期：2026年3月12日 部门：{unit}\n\n",
    "all on one line, ideographic spaces": "标题：{title}　　日期：2026-03-12　　部门：{unit}\n\n",
    "all on one line, semicolons": "标题：{title}；日期：2026-03-12；部门：{unit}\n\n",
    "two on a line": "标题: {title}\n日期: 2026-03-12 | 部门: {unit}\n\n",
    "one line in English": "title: {title} date: 2026-03-12 department: {unit}\n\n",
    "brackets": "【标题】{title}\n【日期】2026-03-12\n【部门】：{unit}\n\n",
    "bold": "**标题**：{title}\n**日期：** 2026-03-12\n**部门**: {unit}\n\n",
    "a fence": "---\n标题: {title}\n日期: 2026-03-12\n部门: {unit}\n---\n",
    "a fence with comments": "---\n# 写标题\n标题: {title}\n  # 写日期\n日期: 2026-03-12\n部门: {unit}\n---\n\n",
    "a fence that is not closed": "---\n标题: {title}\n日期: 2026-03-12\n部门: {unit}\n\n",
    "a fence of full-width dashes": "———\n标题：{title}\n日期：2026-03-12\n部门：{unit}\n———\n\n",
    "quoted values": '---\ntitle: "{title}"\ndate: \'2026-03-12\'\nauthor: "{unit}"\n---\n\n',
    "lists": '---\n标题: {title}\n日期: 2026-03-12\n部门:\n  - {unit}\n栏目: [公示, "停水"]\n---\n\n',
    "a folded value": "---\n标题: >-\n  {title}\n日期: 2026-03-12\n部门: |\n  {unit}\n---\n\n",
    "no blank line behind it": "标题：{title}\n日期：2026-03-12\n部门：{unit}\n　　",
}
DAYS = ("2026-03-12", "20260312", "2026.3.12")
DATELESS = ("none, and the title as a heading", "none, and the name of the file")

ENCODINGS = {
    "UTF-8": ("utf-8", "\n"),
    "UTF-8 of Notepad": ("utf-8-sig", "\r\n"),
    "GB 18030": ("gb18030", "\r\n"),
    "UTF-16 of Notepad": ("utf-16", "\r\n"),
    "UTF-16 big-endian of Notepad": ("utf-16-be", "\r\n"),
    "old Macintosh": ("utf-8", "\r"),
}
NAMES = (
    "2026-03-12 {title}.md", "{title}终稿.md", "{title}(2).txt", "{title} - 副本.md", "{title}v3.markdown",
    "20260312{title}_修改稿.md", "{title}（定稿）.MD", "{title}-最终版-改2.TXT", "{title}.docx.md", "1、{title}.md",
    "复件 {title}.md", "{title} 2026.3.12.md",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    number: int
    header: str
    encoding: str
    name: str

    @property
    def title(self) -> str:
        return f"关于滨江{self.number}号泵站检修停水的通知"

    @property
    def path(self) -> str:
        return f"notices/{self.number}/{self.name.format(title=self.title)}"

    @property
    def text(self) -> str:
        return f"因{self.number}号泵站检修，沿线居民请提前储水。\n\n抢修电话：0599-{self.number:07}。\n"

    def write(self, content: Path) -> None:
        encoding, newline = ENCODINGS[self.encoding]
        text = HEADERS[self.header].format(title=self.title, unit=UNIT) + self.text
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        file = content / self.path
        file.parent.mkdir(parents=True)
        file.write_bytes((mark + text.replace("\n", newline)).encode(encoding))


CASES = [
    Case(number, header, encoding, name)
    for (number, (header, encoding)), name in zip(
        enumerate(((header, encoding) for header in HEADERS for encoding in ENCODINGS), 1), cycle(NAMES), strict=False
    )
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """All cases in one folder, read by the command."""
    site = SmallSite(tmp_path_factory.mktemp("messy") / "site").set_up()
    for case in CASES:
        case.write(site.site.content)
    before = read_files(site)
    result = site.call("update", "--json")
    assert result.status == 0, result.err
    assert [one for one in result.document["findings"] if one["level"] == "error"] == []
    assert read_files(site) == before
    return site


def read_files(site: SmallSite) -> dict[Path, tuple[bytes, int]]:
    files = (file for file in site.site.content.rglob("*") if file.is_file())
    return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


@pytest.fixture(scope="module")
def posts(site: SmallSite) -> dict[str, Post]:
    with Store.open(site.site.store) as store:
        numbers = {case.path: store.posts.find(LOCAL_ACCOUNT, f"path:{case.path}") for case in CASES}
        found = {one.id: one.post for one in store.posts.load([one for one in numbers.values() if one is not None])}
    return {path: found[number] for path, number in numbers.items() if number is not None}


def test_there_are_eighty_cases_and_more() -> None:
    assert len(CASES) >= 80
    assert {case.name for case in CASES} == set(NAMES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.header} in {case.encoding} as {case.name}")
def test_title_date_unit_and_text_of_a_messy_draft_are_found(case: Case, posts: dict[str, Post]) -> None:
    post = posts[case.path]
    assert post.title == case.title
    assert post.text == case.text.replace("\n\n", "\n").strip()
    assert post.genre == "notice"
    if case.header in DATELESS:
        assert post.published == (DAY if any(day in case.name for day in DAYS) else None)
    else:
        assert (post.published, post.author) == (DAY, UNIT)


def test_a_list_of_columns_is_read(posts: dict[str, Post]) -> None:
    read = [posts[case.path].categories for case in CASES if case.header == "lists"]
    assert read == [("公示", "停水")] * len(ENCODINGS)


def test_two_drafts_with_one_title_both_live(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    for name, day, text in (("a", "2026-03-12", "江北片区今晚停水六小时。"), ("b", "2026-01-05", "老城明早检修水管。")):
        site.set_draft(f"notices/{name}.md", (text * 5,), 标题="停水通知", 日期=day)
    site.publish()
    assert len(site.addresses()["pages"]) == 2
    assert site.read_page("notices/index.html").count("停水通知") >= 2


def test_an_address_survives_a_new_name_and_then_a_new_title_and_date(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    text = ("因水厂检修，江北片区今晚停水六小时，请提前储水。",)
    file = site.set_draft("notices/停水.md", text, 标题="停水通知", 日期="2026-03-12")
    site.publish()
    before = site.addresses()
    file.rename(file.with_name("2026-03-13 停水通知（终稿）(2).md"))
    site.publish()
    site.set_draft("notices/2026-03-13 停水通知（终稿）(2).md", text, 标题="关于江北停水的通知", 日期="2026-03-13")
    site.publish()
    assert site.addresses() == before
    assert "关于江北停水的通知" in site.read_page(f"s/{before['pages'][0]}")


# where the date comes from ------------------------------------------------------------------------------------

SIGNED = {
    "a line of its own": "临江市水务局\n\n2026年3月12日",
    "with its unit": "　　　　临江市水务局 2026年3月12日",
    "in Chinese numerals": "临江市水务局\n二〇二六年三月十二日",
    "in brackets": "（2026年3月12日）",
    "above the attachments": "临江市水务局\n\n2026 年 3 月 12 日\n\n附件：停水范围\n\n抄送：市应急管理局",
    "as printed": "临江市人民政府办公室 2026年3月12日印发",
}


@pytest.mark.parametrize("end", SIGNED.values(), ids=SIGNED.keys())
def test_the_day_of_the_signature_is_the_date(end: str, tmp_path: Path) -> None:
    assert read_date(tmp_path, "20260101停水.md", f"标题: 停水\n\n今晚停水，2026年2月1日通知过。\n\n{end}\n") == DAY


UNSIGNED = {
    "a deadline": "报名截至 2026年3月12日",
    "a sentence": "检修从上个月持续到了 2026年3月12日。",
    "a day to come": "临江市水务局\n\n2026年12月30日",
    "a list of days": "临江市水务局将于以下日期检修，请予配合：2026年3月10日、2026年3月12日",
}


@pytest.mark.parametrize("end", UNSIGNED.values(), ids=UNSIGNED.keys())
def test_another_day_at_the_end_of_a_text_is_no_date(end: str, tmp_path: Path) -> None:
    assert read_date(tmp_path, "停水.md", f"标题: 停水\n\n今晚停水。\n\n{end}\n") is None


def test_the_header_comes_before_the_signature_and_that_before_the_name(tmp_path: Path) -> None:
    text = "标题: 停水\n日期: 2026-03-12\n\n今晚停水。\n\n2026年1月2日\n"
    assert read_date(tmp_path / "a", "20260101停水.md", text) == DAY
    assert read_date(tmp_path / "b", "20260312停水.md", "标题: 停水\n\n今晚停水。\n") == DAY


def read_date(folder: Path, name: str, text: str) -> datetime | None:
    site = SmallSite(folder / "site").set_up()
    file = site.site.content / "notices" / name
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    site.update()
    with Store.open(site.site.store) as store:
        number = store.posts.find(LOCAL_ACCOUNT, f"path:notices/{name}")
        assert number is not None
        (stored,) = store.posts.load([number])
    return stored.post.published
