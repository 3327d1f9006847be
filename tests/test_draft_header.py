"""The header: its keys, where it ends, values over several lines, and what a file's name gives away."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.drafts import read_header
from aggregator.drafts.keys import IN_TEXTS, KEYS
from aggregator.drafts.names import clean_name, find_day
from aggregator.drafts.post import split_attachments

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def read(text: str) -> tuple[tuple[str, str], ...]:
    return read_header(text, file="a.md").pairs


@pytest.mark.parametrize(("key", "names"), KEYS.items(), ids=KEYS.keys())
def test_every_name_of_a_key_means_the_key(key, names):
    """Chinese or English, either colon, spaces within and around."""
    for name in (key, *names, key[0] + "　" + key[1:], *(name.upper() for name in names)):
        for colon in (":", "：", " : "):
            line = f"{name}{colon}甲"
            header = read_header(f"---\n{line}\n---\n正文" if key in IN_TEXTS else f"{line}\n\n正文", file="a.md")
            assert header.pairs == ((key, "甲"),)
            assert header.findings == ()


BODIES = {
    "a sentence with a colon": "时间：11月25日\n\n正文",
    "a salutation": "各区人民政府：\n现将有关事项通知如下。",
    "a rule above the text": "---\n\n正文\n\n---\n",
    "a rule alone": "---\n",
    "a web address": "https://fabu.qijiang.example/\n\n正文",
    "a heading": "# 标题: 副题\n\n正文",
    "a rule above and below a sentence": "---\n正文没有冒号。\n---\n",
}


@pytest.mark.parametrize("text", BODIES.values(), ids=BODIES.keys())
def test_what_is_no_header_stays_in_the_text(text):
    """Nothing that staff wrote may vanish from the page."""
    header = read_header(text, file="a.md")
    assert header.body == text
    assert header.pairs == ()
    assert header.findings == ()


def test_a_salutation_right_below_the_header_is_text():
    """The blank line was forgotten, and is asked for."""
    header = read_header("标题: 通知\n各区人民政府：\n现将有关事项通知如下。", file="a.md")
    assert header.body == "各区人民政府：\n现将有关事项通知如下。"
    [finding] = header.findings
    assert (finding.line, finding.message) == (2, "题头和正文之间没有空行，从这一行起算作正文。")


def test_a_rule_far_down_does_not_end_a_fence():
    """The fence was not closed; the text below the header is not swallowed."""
    header = read_header("---\n标题: 通知\n\n正文。\n\n---\n落款\n", file="a.md")
    assert header.pairs == (("标题", "通知"),)
    assert header.body.strip() == "正文。\n\n---\n落款"


@given(st.text(alphabet="标题日期:： -\n\r#甲。a", max_size=60))
def test_any_text_is_read_and_no_line_of_the_body_is_lost(text):
    """The body is the end of the file, whatever stands above it."""
    header = read_header(text, file="a.md")
    assert text.replace("\r\n", "\n").replace("\r", "\n").endswith(header.body)
    assert len(header.pairs) == len(header.lines)


ATTACHMENTS = {
    "one file": ("申请表.xlsx", [("申请表.xlsx", "申请表")]),
    "several": ("甲.pdf；乙.docx, 丙.xls", [("甲.pdf", "甲"), ("乙.docx", "乙"), ("丙.xls", "丙")]),
    "a comma within a name": ("关于停水、停电的通知.pdf", [("关于停水、停电的通知.pdf", "关于停水、停电的通知")]),
    "a link": ("[申请表](files/a.xlsx)", [("files/a.xlsx", "申请表")]),
}


@pytest.mark.parametrize(("value", "expected"), ATTACHMENTS.values(), ids=ATTACHMENTS.keys())
def test_attachments_are_told_apart(value, expected):
    """One 附件 line may name several files."""
    assert [(file.url, file.title) for file in split_attachments(value)] == expected


@pytest.mark.parametrize("line", ["标题: a{}b", "标题: 停水\n附件:\n- a{}b", "标题{}a: b", "{}标题: b"])
def test_a_line_of_spaces_takes_no_time(line: str) -> None:
    """A run of spaces within a value is looked through once."""
    start = time.perf_counter()
    read_header(line.format(" " * 30_000) + "   \n\n正文", file="a.md")
    assert time.perf_counter() - start < 15


VALUES = {
    "lines that are kept": ("摘要: |\n  第一行\n  第二行\n", "摘要", "第一行\n第二行"),
    "lines that are kept, with a blank one": ("摘要: |-\n  第一行\n\n  第二行\n", "摘要", "第一行\n\n第二行"),
    "lines that are folded": ("摘要: >\n  一句话写\n  在两行上\n", "摘要", "一句话写在两行上"),
    "folded words": ("摘要: >-\n  12345 hotline\n  is open\n", "摘要", "12345 hotline is open"),
    "a colon within": ("摘要: |\n  时间：周三\n  地点：三楼\n", "摘要", "时间：周三\n地点：三楼"),
    "a line that goes on, set in": ("摘要: 市民中心\n  周六开放\n", "摘要", "市民中心周六开放"),
    "a title of two lines is one": ("标题: |\n  关于停水的通知\n  第二批\n", "标题", "关于停水的通知 第二批"),
    "a list": ("栏目:\n  - 公示\n  - 停水\n", "栏目", "公示、停水"),
    "a list that is not set in": ("部门:\n- 市水务局\n- 市住建局\n", "部门", "市水务局、市住建局"),
    "a list on a line": ("栏目: [公示，'停水']\n", "栏目", "公示、停水"),
    "brackets that are no list": ("标题: [转发] 停水通知 [二]\n", "标题", "[转发] 停水通知 [二]"),
    "a quoted colon": ('标题: "停水: 请储水"\n', "标题", "停水: 请储水"),
    "quotation marks within": ("标题: “一网通办”上线\n", "标题", "“一网通办”上线"),
}

FENCED = {"a line that goes on, set in"}


@pytest.mark.parametrize(("block", "key", "value"), VALUES.values(), ids=VALUES.keys())
def test_values_of_yaml_are_read(block: str, key: str, value: str) -> None:
    assert read(f"---\n{block}日期: 2026-11-20\n---\n正文") == ((key, value), ("日期", "2026-11-20"))


@pytest.mark.parametrize("name", sorted({*VALUES} - FENCED))
def test_values_of_yaml_are_read_without_a_fence(name: str) -> None:
    """Where YAML marks that they go on: a line that is only set in is text there."""
    block, key, value = VALUES[name]
    assert read(f"{block}日期: 2026-11-20\n\n正文") == ((key, value), ("日期", "2026-11-20"))


def test_each_attachment_and_policy_of_a_list_is_a_value() -> None:
    text = "---\n标题: 解读\n关联政策: [a-1, b-2]\n附件:\n- 表.xlsx\n- 名单.pdf\n---\n正文"
    header = read_header(text, file="a.md")
    assert header.values("关联政策") == ("a-1", "b-2")
    assert header.values("附件") == ("表.xlsx", "名单.pdf")
    assert header.lines == (2, 3, 3, 5, 6)


SENTENCES = {
    "a summary that names the sender": "摘要: 转自兄弟市。 来源：该市发布",
    "a title with a colon": "标题: 停水公告：江北片区",
    "a title that speaks of a date": "标题: 关于变更报名日期：补充通知",
    "an address with an English key in it": "原文链接: https://a.example/?date:2026",
}


@pytest.mark.parametrize("line", SENTENCES.values(), ids=SENTENCES.keys())
def test_a_key_within_a_sentence_is_the_sentences(line: str) -> None:
    key, _, value = line.partition(": ")
    assert read(f"日期: 2026-11-20\n{line}\n\n正文")[-1] == (key, value)


OPENINGS = {
    "a number to call": "电话：0599-8211231\n\n欢迎来电。",
    "how to apply": "怎么办：到窗口办。\n何时办：随时。\n\n正文",
    "a word that is one character from a short key": "电影：周六放映\n\n正文",
    "hours": "办理时间：工作日\n办理地点：三楼\n\n正文",
    "a bracket": "【提示】请勿相信来电。\n\n正文",
    "bold that is no key": "**注意**：请带证件。\n\n正文",
    "an indented paragraph": "　　标题党：不可取。\n\n正文",
}


@pytest.mark.parametrize("text", OPENINGS.values(), ids=OPENINGS.keys())
def test_a_text_that_opens_like_a_card_stays_a_text(text: str) -> None:
    header = read_header(text, file="a.md")
    assert (header.pairs, header.body) == ((), text)


def test_the_same_words_are_keys_below_a_title() -> None:
    text = "标题: 医保缴费\n一句话: 年底前交。 电话见下\n谁能办: 居民\n电话: 12393\n\n正文"
    assert read(text)[1:] == (("一句话", "年底前交。 电话见下"), ("谁能办", "居民"), ("电话", "12393"))


def test_a_repeated_key_counts_once() -> None:
    """The finding says that the first one is used, and so it is on the page."""
    header = read_header("标题: 甲\n摘要: 一\n摘要: 二\n\n正文", file="a.md")
    assert header.pairs == (("标题", "甲"), ("摘要", "一"))
    assert "用的是第 2 行的那一个" in header.findings[0].message


NAMES = {
    "2026-11-20 关于停水的通知（终稿）(2).md": ("关于停水的通知", True),
    "20261120停水通知_v2.1.md": ("停水通知", True),
    "停水通知 2026.11.20 定稿.md": ("停水通知", True),
    "停水通知(2026-11-20).md": ("停水通知", True),
    "20261120.md": ("", True),
    "2026年11月20日停水通知.md": ("2026年11月20日停水通知", False),
    "关于发放2026年补贴的通知（二）.md": ("关于发放2026年补贴的通知（二）", False),
    "《办法（征求意见稿）》.md": ("《办法（征求意见稿）》", False),
    "停水通知修改稿3.md": ("停水通知", False),
    "停水通知 - 副本 (3).txt": ("停水通知", False),
    "Copy - copy.md": ("Copy", False),
    "停水通知.docx.md": ("停水通知", False),
    "3.15晚会.md": ("3.15晚会", False),
    "mp3.md": ("mp3", False),
    "1-3年级报名.md": ("1-3年级报名", False),
    "新建文本文档 (2).txt": ("", False),
    "修改稿.md": ("", False),
    "20261399停水.md": ("20261399停水", False),
    "2026-12-30 停水.md": ("停水", False),
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items(), ids=NAMES.keys())
def test_a_files_name_gives_a_title_and_a_day(name: str, expected: tuple[str, bool]) -> None:
    assert (clean_name(name), find_day(name, now=NOW) is not None) == expected
