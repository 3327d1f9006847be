"""`matrix new`: a draft out of a template, which is held back until it is written and overwrites nothing."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_fixtures import SmallSite

from aggregator.drafts import read_header
from aggregator.drafts.keys import BRIEF_KEYS, KEYS
from aggregator.drafts.new import KINDS, create_draft, name_file, write_value
from aggregator.drafts.post import build_post

TITLE = "关于“江北”停水的通知"
NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path / "site").set_up()


def make(site: SmallSite, kind: str, title: str = TITLE) -> Path:
    result = site.call("new", kind, title, "--json", "--no-edit")
    assert result.status == 0, result.err
    return site.root / result.document["file"]


def list_findings(findings: list[dict[str, str]]) -> set[tuple[str, str, str]]:
    return {(one["file"], one["message"].partition("：")[0], one["level"]) for one in findings}


def test_a_template_that_nobody_filled_in_is_held_back(site: SmallSite) -> None:
    files = {kind.name: make(site, kind.name, f"{TITLE}{number}") for number, kind in enumerate(KINDS)}
    assert {name: file.parent.name for name, file in files.items()} == {kind.name: kind.folder for kind in KINDS}
    paths = [file.relative_to(site.site.content).as_posix() for file in files.values()]
    unwritten = {(path, "还没有写正文，这一篇没有发布。", "error") for path in paths}
    result = site.call("publish", "--json")
    assert result.status == 1
    assert list_findings(result.document["update"]["findings"]) == unwritten
    assert not (site.output / "s").exists()
    checked = site.call("check", "--json")
    assert checked.status == 1
    assert list_findings(checked.document["findings"]) >= unwritten


def test_every_template_publishes_once_it_says_something(site: SmallSite) -> None:
    for number, kind in enumerate(KINDS):
        file = make(site, kind.name, f"{TITLE}{number}")
        file.write_text(file.read_text(encoding="utf-8") + "\n今晚停水六小时。\n", encoding="utf-8")
    result = site.call("publish", "--json")
    assert result.status == 0
    told = {message for _, message, _ in list_findings(result.document["update"]["findings"])}
    assert told == {"这篇解读没有写是哪份政策的解读。", "办事指南缺 6/8 个要素"}
    assert len(site.addresses()["pages"]) == len(KINDS)


def read_findings(text: str, folder: str = "notices") -> list[tuple[int | None, str, str]]:
    path = f"{folder}/a.md"
    _, found, _ = build_post(path, read_header(text, file=path), now=NOW)
    return [(one.line, one.message, one.level) for one in found]


@pytest.mark.parametrize(
    ("header", "folder"),
    [("附件: https://a.example/通知.pdf", "notices"), ("办理材料: 身份证", "services"), ("一句话: 今晚停水", "news")],
)
def test_a_header_that_says_something_needs_no_text(header: str, folder: str) -> None:
    text = f"---\n标题: 停水\n{header}\n---\n\n<!-- 从这里往下写正文 -->\n"
    assert "error" not in [level for *_, level in read_findings(text, folder)]


def test_a_comment_that_is_never_closed_is_no_text() -> None:
    (found,) = read_findings("标题: 停水\n\n\n<!-- 从这里往下写正文\n\n今晚停水。\n")
    assert (found[0], found[2]) == (4, "error")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_words_of_a_template_that_lost_their_marks_are_no_text(site: SmallSite, kind) -> None:
    """Somebody in a hurry takes `<!--` away and leaves what stood in it."""
    text = make(site, kind.name).read_text(encoding="utf-8")
    blocks = re.findall(r"<!--(.*?)-->", text, re.DOTALL)
    assert blocks
    for block in blocks:
        (found,) = (one for one in read_findings(f"标题: 停水\n\n今晚停水。\n{block}\n") if one[2] == "error")
        assert found[0] == 4
        assert "模板" in found[1]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_explanations_of_a_template_never_show_on_the_page(site: SmallSite, kind) -> None:
    file = make(site, kind.name)
    text = file.read_text(encoding="utf-8").replace("一句话:", "一句话: 今晚停水。")
    file.write_text(text + "\n今晚停水六小时。\n", encoding="utf-8")
    # By the clock by which the template was dated.
    site.call("publish")
    (page,) = site.addresses()["pages"]
    html = site.read_page(f"s/{page}")
    assert "今晚停水六小时。" in html
    assert ("一分钟看懂" in html) == (kind.name != "news")
    comments = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
    hidden = [line for block in re.findall(r"<!--(.*?)-->", text, re.DOTALL) for line in block.splitlines()]
    assert len(comments) > 10
    assert [line for line in (*comments, *hidden) if len(line) > 8 and line in html] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_key_of_a_template_is_known_and_explained(site: SmallSite, kind) -> None:
    lines = make(site, kind.name).read_text(encoding="utf-8").split("---\n")[1].splitlines()
    keys = [line.partition(":")[0] for line in lines if not line.startswith("#")]
    assert {*keys} <= {*KEYS}
    assert {"标题", "日期", "部门", "编号", "摘要"} <= {*keys}
    assert len(keys) == len({*keys})
    if kind.name != "news":
        assert {*BRIEF_KEYS} <= {*keys}


def test_numbers_are_never_the_same_and_hold_the_address(site: SmallSite) -> None:
    numbers = [site.call("new", "通知", TITLE, "--json").document["number"] for _ in range(20)]
    assert len({*numbers}) == 20
    assert all(re.fullmatch(r"tz-\d{8}-[a-z2-9]{6}", number) for number in numbers)
    headers = [
        read_header(file.read_text(encoding="utf-8"), file=file.name) for file in site.site.content.glob("notices/*.md")
    ]
    assert sorted(header.value("编号") for header in headers) == sorted(numbers)
    assert {header.value("标题") for header in headers} == {TITLE}


def test_no_file_is_overwritten(site: SmallSite) -> None:
    first = make(site, "notice")
    first.write_text("写了一半的稿件", encoding="utf-8")
    second = make(site, "notice")
    assert first.read_text(encoding="utf-8") == "写了一半的稿件"
    assert (first.name, second.name) == (f"{TITLE}.md", f"{TITLE} (2).md")


def test_the_editor_opens_the_file(site: SmallSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "my editor.py"
    script.write_text("import sys; open(sys.argv[-1], 'a').write('改过了')", encoding="utf-8")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{script}'")
    assert site.call("new", "news", "甲").status == 0
    assert (site.site.content / "news" / "甲.md").read_text(encoding="utf-8").endswith("改过了")
    assert site.call("new", "news", "乙", "--no-edit").status == 0
    assert not (site.site.content / "news" / "乙.md").read_text(encoding="utf-8").endswith("改过了")


def test_an_editor_that_is_not_there_is_told_and_the_draft_stays(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor --wait")
    result = site.call("new", "news", "甲")
    assert result.status == 0
    assert "编辑器没有打开" in result.out
    assert (site.site.content / "news" / "甲.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("blog", "甲"), "没有“blog”这种稿件"), (("notice", "　 "), "标题是空的")],
    ids=["unknown kind", "no title"],
)
def test_a_wrong_command_makes_no_file(site: SmallSite, arguments: tuple[str, str], told: str) -> None:
    result = site.call("new", *arguments)
    assert result.status == 2
    assert told in result.err
    assert "办法" in result.err
    assert list(site.site.content.rglob("*.md")) == []


def test_a_folder_that_is_no_site_stays_empty(tmp_path: Path) -> None:
    result = SmallSite(tmp_path).call("new", "notice", "甲")
    assert result.status == 2
    assert list(tmp_path.iterdir()) == []


FILE_NAMES = {
    "what Windows forbids": ('停水: "江北"/江南?', "停水： ”江北”／江南？"),
    "dots at the end": ("停水...", "停水"),
    "a device": ("con", "稿件 con"),
    "a device with a suffix": ("NUL.txt", "稿件 NUL.txt"),
    "a name that is passed over": ("_草稿", "草稿"),
    "the folder's own explanation": ("README", "稿件 README"),
    "nothing but marks": ("...", "稿件"),
}


@pytest.mark.parametrize(("title", "name"), FILE_NAMES.values(), ids=FILE_NAMES.keys())
def test_a_file_is_named_so_that_windows_takes_it(title: str, name: str) -> None:
    assert name_file(title) == name


@given(st.text(min_size=1, max_size=200))
def test_any_title_makes_a_file_that_gives_it_back(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    """Titles hold colons, quotation marks, what looks like other keys, or like places of the template."""
    heading = " ".join(title.encode("utf-8", "ignore").decode().split())
    if not heading or not heading.isprintable():
        return
    file = create_draft(tmp_path_factory.mktemp("any"), KINDS[0], heading, "tz-1", now=NOW)
    assert not re.search(r'[<>:"/\\|?*]|[. ]$', file.stem)
    header = read_header(file.read_text(encoding="utf-8"), file=file.name)
    if '"' in heading and "'" in heading:
        return
    assert header.value("标题") == heading


@pytest.mark.parametrize(
    "title", ["停水 日期：另行通知", '"停水"', "{number}", "'甲' 部门：乙", "停水 # 二", "[甲]", "|"]
)
def test_a_title_that_looks_like_something_else_is_kept(title: str) -> None:
    assert read_header(f"---\n标题: {write_value(title)}\n---\n", file="a.md").value("标题") == title
