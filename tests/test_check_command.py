"""`matrix check`, and what a publish does with the same rules."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_fixtures import NOW, Result, SmallSite, list_tree

from aggregator import pipeline
from aggregator.inspection import BETWEEN
from aggregator.model import CheckReport, Editorial, Finding
from aggregator.pipeline.draft_rules import MOST
from aggregator.store import Store

ID = "11010519491231002X"
MESSY = {
    "notices/停水.md": "---\n标题: 停水\n日期: 2026-13-1\n---\n\n![](图 1.jpg)\n\n"
    "见[通知](停电.md)和[办法](../policies/办法.md)\n",
    "notices/名单.md": f"标题: 名单\n\n张某某 {ID}\n",
    "notices/空.md": "",
    "policies/办法.md": "标题: 关于印发《补贴办法》的通知\n编号: bf\n文号: 栖政发[2026]3号\n日期: 2026-03-19\n\n"
    "每户每月补贴300元，按季发放到社会保障卡。\n",
    "explanations/解读.md": "标题: 解读\n关联政策: bf\n日期: 2026-03-19\n\n每户每月补贴400元，按季发放到社会保障卡。\n",
    "explanations/孤零零.md": "标题: 孤零零\n关联政策: bff\n\n没有政策\n",
    "services/办证.md": "标题: 办证\n办理时间: 工作日\n\n其他材料\n",
    "news/好.md": "标题: 好\n日期: 2026-03-01\n\n湖边的樱花开了。\n",
    "tongzhi/放错.md": "标题: 放错\n\n文\n",
}
EXPECTED = {
    ("notices/停水.md", 3, "M0"),
    ("notices/停水.md", 6, "C11"),
    ("notices/停水.md", 6, "M1"),
    ("notices/停水.md", 8, "C11"),
    ("notices/名单.md", 3, "I4.1"),
    ("notices/空.md", None, "M0"),
    ("policies/办法.md", 3, "F11"),
    ("policies/办法.md", None, "F1"),
    ("explanations/解读.md", 5, "M6"),
    ("explanations/孤零零.md", 2, "F8.1"),
    ("services/办证.md", None, "W6"),
    ("services/办证.md", 4, "C8"),
    ("tongzhi/放错.md", None, "M0"),
}


def write_files(site: SmallSite, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = site.root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@pytest.fixture
def messy(tmp_path: Path) -> SmallSite:
    site = SmallSite(tmp_path / "site").set_up()
    write_files(site, MESSY)
    return site


def check(site: SmallSite, *arguments: str) -> Result:
    return site.call("check", *arguments)


def name(findings: list[dict[str, Any]]) -> set[tuple[str, int | None, str]]:
    return {(one["file"], one["line"], one["rule"]) for one in findings}


# the command -------------------------------------------------------------------------------------------------


def test_check_tells_file_line_what_was_read_and_what_to_write(messy: SmallSite) -> None:
    result = check(messy)
    assert (result.status, result.err) == (1, "")
    assert (
        "content/notices/停水.md 第 3 行：“日期”写的“2026-13-1”不是能认出的日期。"
        "请改成“日期: 2026-12-01”，并核对是不是这一天。（提醒 M0）\n"
    ) in result.out
    assert "写成了“栖政发[2026]3号”。请改成“栖政发〔2026〕3号”" in result.out
    assert re.search(r"检查了 8 篇稿件：必须改 \d+ 处，提醒 \d+ 处，供参考 1 处。\n$", result.out)


def test_check_json_has_every_finding_of_a_messy_folder(messy: SmallSite) -> None:
    result = check(messy, "--json")
    assert (result.status, result.document["files"]) == (1, 8)
    assert name(result.document["findings"]) == EXPECTED
    assert set(result.document["findings"][0]) == {"file", "line", "rule", "level", "message", "remedy", "waived"}


def test_check_changes_nothing(messy: SmallSite) -> None:
    before = list_tree(messy.root)
    check(messy)
    assert list_tree(messy.root) == before


def test_a_folder_without_what_must_be_repaired_is_fine(messy: SmallSite) -> None:
    assert check(messy, "content/news").status == 0
    warned = check(messy, "content/explanations/解读.md")
    assert (warned.status, "提醒 M6" in warned.out) == (0, True)


@pytest.mark.parametrize("published", [False, True], ids=["without a store", "with a store"])
def test_single_files_are_held_against_those_that_belong_to_them(messy: SmallSite, published: bool) -> None:
    if published:
        messy.update()
    found = check(messy, "explanations/解读.md", "content/explanations/孤零零.md", "policies", "--json").document
    assert found["files"] == 3
    assert name(found["findings"]) == {one for one in EXPECTED if one[0].startswith(("expl", "policies"))}
    assert "“bf”" in next(one for one in found["findings"] if one["rule"] == "F8.1")["remedy"]


def test_a_number_given_since_the_last_publish_is_known(messy: SmallSite) -> None:
    messy.update()
    write_files(messy, {"policies/办法.md": MESSY["policies/办法.md"].replace("编号: bf", "编号: bff")})
    assert check(messy, "explanations/孤零零.md").status == 0


def test_a_draft_that_is_not_published_on_purpose_can_be_checked(messy: SmallSite) -> None:
    write_files(messy, {"notices/_草稿.md": f"标题: 草稿\n\n{ID}\n"})
    assert name(check(messy, "content/notices/_草稿.md", "--json").document["findings"]) == {
        ("notices/_草稿.md", 3, "I4.1")
    }


def test_a_path_that_is_none_is_a_wrong_command_that_names_what_was_meant(messy: SmallSite) -> None:
    result = check(messy, "content/notices/停水通知.md")
    assert (result.status, result.out) == (2, "")
    assert "停水.md" in result.err


def test_two_drafts_of_one_number_are_told(messy: SmallSite) -> None:
    write_files(messy, {"policies/再来.md": "标题: 再来\n编号: bf\n\n文\n"})
    assert any("编号“bf”" in one["message"] for one in check(messy, "--json").document["findings"])


def test_links_to_stories_lead_to_those_that_there_are(small_site: SmallSite) -> None:
    story = next(iter(small_site.stories()))
    write_files(
        small_site,
        {"news/链接.md": f"标题: 链接\n\n[有](/s/{story}.html)[没有](/s/{'a' * 13}.html)\n"
         f"[也没有](https://fabu.linjiang.example/s/{'b' * 13}.html)[别处](https://x.example/s/{'b' * 13}.html)\n"},
    )  # fmt: skip
    found = check(small_site, "news/链接.md", "--json").document["findings"]
    assert [(one["line"], one["rule"]) for one in found] == [(3, "C11"), (4, "C11")]


@pytest.mark.parametrize(
    "target",
    [
        "图 1.JPG",
        "图%201.jpg",
        "图　1.jpg",
        "图1.jpg",
        "file:///C:/图 1.jpg",
        "/子/表.xlsx",
        r"子\表.xlsx",
        "./子/表.xlsx",
        "../notices/子/表.xlsx",
        "#下面",
        "tel:12345",
    ],
)
def test_a_file_is_found_however_its_name_is_typed(messy: SmallSite, target: str) -> None:
    write_files(
        messy,
        {"notices/图 1.jpg": "x", "notices/子/表.xlsx": "x", "notices/文.md": f"标题: 文\n\n[说明](<{target}>)\n"},
    )
    assert check(messy, "notices/文.md").status == 0


@pytest.mark.parametrize("target", ["图2.jpg", "../../pelicanconf.py", "file:///C:/图 2.jpg", "图.jpg"])
def test_what_lies_nowhere_in_content_is_told(messy: SmallSite, target: str) -> None:
    write_files(messy, {"notices/图 1.jpg": "x", "notices/文.md": f"标题: 文\n\n[说明](<{target}>)\n"})
    (found,) = check(messy, "notices/文.md", "--json").document["findings"]
    assert (found["rule"], found["line"]) == ("C11", 3)
    assert ("图 1.jpg" in found["remedy"]) == target.endswith("jpg")


def test_the_page_stands_alone_and_shows_what_staff_wrote_as_text(messy: SmallSite, tmp_path: Path) -> None:
    write_files(messy, {"notices/标签.md": "标题: 标签\n\n##<script>alert(1)</script>\n"})
    result = check(messy, "--html", str(tmp_path / "结果.html"))
    page = (tmp_path / "结果.html").read_text(encoding="utf-8")
    assert result.status == 1
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=", page)
    assert page.count("<h2>") == len({file for file, _, _ in EXPECTED}) + 1
    assert check(messy, "--html", str(tmp_path / "没有" / "结果.html")).status == 2


def test_outside_a_site_check_says_where_to_go(tmp_path: Path) -> None:
    assert SmallSite(tmp_path).call("check").status == 2


# staff's word ------------------------------------------------------------------------------------------------

WAIVE = '[[waive]]\nrule = "{rule}"\nfile = "{file}"\nreason = "省里要求原样刊登"\nuntil = {until}\n'


def set_editorial(site: SmallSite, text: str) -> None:
    site.site.editorial.write_text(text, encoding="utf-8")


def test_a_waived_finding_is_no_error_and_says_why(messy: SmallSite) -> None:
    set_editorial(messy, WAIVE.format(rule="F11", file="content/policies/办法.md", until="2099-01-01"))
    result = check(messy, "policies", "--json")
    assert result.status == 0
    assert [one["waived"] for one in result.document["findings"]] == [None, "省里要求原样刊登"]
    assert "已豁免 1 处" in check(messy, "policies").out


def test_a_waiver_that_expired_is_told_and_no_longer_holds(messy: SmallSite) -> None:
    set_editorial(messy, WAIVE.format(rule="F11", file="policies/办法.md", until="2020-01-01"))
    found = check(messy, "--json").document["findings"]
    assert ("editorial.toml", 1, "M9") in name(found)
    assert next(one for one in found if one["rule"] == "F11")["waived"] is None


def test_a_mistake_in_editorial_toml_is_told_and_the_drafts_are_checked(messy: SmallSite) -> None:
    set_editorial(messy, '[check]\nexcerpts = 0.5\n[terms]\n"旧" = 1\n[[waive]]\nrule = "F5"\n')
    found = check(messy, "--json").document["findings"]
    assert [(one["file"], one["line"]) for one in found[:3]] == [
        ("editorial.toml", 2), ("editorial.toml", 3), ("editorial.toml", 5),
    ]  # fmt: skip
    assert name(found) >= EXPECTED


# publishing --------------------------------------------------------------------------------------------------


def test_a_draft_with_an_open_number_is_held_back_and_its_last_version_stays(messy: SmallSite) -> None:
    write_files(messy, {"notices/名单.md": "标题: 名单\n\n张某某\n\n##截止目前\n"})
    messy.update()
    write_files(messy, {"notices/名单.md": MESSY["notices/名单.md"], "notices/新名单.md": f"标题: 新\n\n{ID}\n"})
    report = messy.update()
    held = [one for one in report.findings if one.file.endswith("名单.md")]
    assert [(one.file, one.line, one.level) for one in held] == [
        ("notices/名单.md", 3, "error"), ("notices/新名单.md", 3, "error"),
    ]  # fmt: skip
    assert "这一篇不发布" in held[0].remedy
    assert sorted(list_titles(messy) & {"名单", "新"}) == ["名单"]
    assert "张某某" in read_text(messy, "名单")
    assert ID not in read_text(messy, "名单")


def list_titles(site: SmallSite) -> set[str]:
    with Store.open(site.site.store) as store:
        return {stored.post.title for stored in store.posts.load(range(1, 100)) if stored.withdrawn_at is None}


def read_text(site: SmallSite, title: str) -> str:
    with Store.open(site.site.store) as store:
        return next(stored.post.text for stored in store.posts.load(range(1, 100)) if stored.post.title == title)


def test_a_waived_number_is_published(messy: SmallSite) -> None:
    messy.update()
    assert "名单" not in list_titles(messy)
    set_editorial(messy, WAIVE.format(rule="I4.1", file="notices/名单.md", until="2026-03-20"))
    assert not [one for one in messy.update().findings if one.rule == "I4.1"]
    assert "名单" in list_titles(messy)


def test_other_findings_are_reminders_of_what_is_published(messy: SmallSite) -> None:
    found = {(one.file, one.line, one.rule): one.level for one in messy.update().findings}
    assert found["policies/办法.md", 3, "F11"] == "warning"
    assert found["services/办证.md", 4, "C8"] == "warning"
    assert "关于印发《补贴办法》的通知" in list_titles(messy)
    again = messy.update().findings
    # What stands between drafts is told of those that changed.
    assert {(one.file, one.line, one.rule) for one in again} == {one for one in found if one[2] not in BETWEEN}


def test_drafts_are_looked_at_anew_where_the_rules_changed(messy: SmallSite) -> None:
    messy.update()
    set_editorial(messy, '[terms]\n"樱花" = "花"\n')
    found = [one for one in messy.update().findings if one.rule == "I4.5"]
    assert [(one.file, one.line) for one in found] == [("news/好.md", 4)]


def test_publish_prints_twenty_findings_and_where_the_others_are(messy: SmallSite) -> None:
    write_files(messy, {f"news/{number:02}.md": f"标题: {number}\n\n截止目前\n" for number in range(30)})
    set_editorial(messy, WAIVE.format(rule="F11", file="policies/办法.md", until="2020-01-01"))
    out = messy.call("update").out
    own, _, drafts = out.partition("稿件中的问题：")
    assert "编辑部规定（editorial.toml）中的问题：\n  editorial.toml:1 " in own
    assert drafts.count("办法：") == 20
    assert drafts.index("名单.md:3 身份证号") < drafts.index("提醒")
    assert re.search(r"共 \d+ 处，全部的用 matrix check 查看", drafts)


# whatever the order ------------------------------------------------------------------------------------------


def report_on(site: SmallSite, chosen: list[str] | None) -> CheckReport:
    return pipeline.check_drafts(site.site, chosen, Editorial(), None, lambda *_: True, NOW)


@settings(max_examples=25)
@given(st.lists(st.sampled_from(sorted(path for path in MESSY if not path.startswith("tongzhi"))), min_size=1))
def test_what_is_found_depends_neither_on_order_nor_on_repetition(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[str]
) -> None:
    site = SmallSite(tmp_path_factory.mktemp("order") / "site").set_up()
    write_files(site, MESSY)
    everything = report_on(site, None).findings
    expected: tuple[Finding, ...] = tuple(one for one in everything if one.file in chosen)
    assert report_on(site, sorted(set(chosen))).findings == expected
    assert report_on(site, chosen).findings == expected


def test_the_document_is_the_same_a_second_time(messy: SmallSite) -> None:
    assert json.loads(check(messy, "--json").out) == check(messy, "--json").document


# between drafts ----------------------------------------------------------------------------------------------


def publish_rules(site: SmallSite) -> list[tuple[str, str]]:
    findings = site.call("publish", "--json").document["update"]["findings"]
    return sorted({(one["file"], one["rule"]) for one in findings if one["rule"] in BETWEEN})


def test_publish_holds_drafts_that_changed_against_those_they_belong_to(messy: SmallSite) -> None:
    """Once: of what did not change since, `check` tells it."""
    told = [("explanations/孤零零.md", "F8.1"), ("explanations/解读.md", "M6")]
    assert publish_rules(messy) == told
    assert publish_rules(messy) == []
    write_files(messy, {"explanations/解读.md": MESSY["explanations/解读.md"] + "\n每户每月补贴500元，按季发放。\n"})
    assert publish_rules(messy) == told[1:]
    levels = {one["level"] for one in check(messy, "--json").document["findings"] if one["rule"] == "M6"}
    assert levels == {"warning"}


def test_a_waiver_holds_for_what_stands_between_drafts(messy: SmallSite) -> None:
    set_editorial(messy, WAIVE.format(rule="M6", file="explanations/解读.md", until="2030-01-01"))
    assert publish_rules(messy) == [("explanations/孤零零.md", "F8.1")]


def test_many_changed_drafts_are_not_held_against_one_another(messy: SmallSite) -> None:
    write_files(messy, {f"news/{number:03}.md": f"标题: {number}\n\n文\n" for number in range(MOST)})
    assert publish_rules(messy) == []
