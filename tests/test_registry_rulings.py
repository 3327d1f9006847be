"""The tables of `editorial.toml` about stories: what they say, and each mistake with its line and remedy."""

from __future__ import annotations

import pytest

from aggregator.model import Editorial, Ruling
from aggregator.registry import parse_editorial

WHOLE = """# 编辑部的决定
[[hide]]
post = "https://rsj.cn/1.html"
account = "rsj"

[[merge]]
stories = ["https://fabu.cn/s/aaaaaaaaaaaaa.html", " bbbbbbbbbbbbb "]
reason = "同一场招聘会"
by = "李编辑"
date = 2026-11-22

[[split]]
post = "rsj:1"
date = "2026-11-20"

[[split]]
story = "https://fabu.cn/s/ccccccccccccc.html"
account = "wanghu"

[[lock]]
story = "ccccccccccccc"

[[hide]]
story = "ddddddddddddd"

[[withdraw]]
story = "eeeeeeeeeeeee"
replacement = " tz-2 "
date = 2026-11-22T15:41:00+08:00
"""


def test_what_staff_decided() -> None:
    """In the order of the lines, whatever table it is in."""
    editorial, faults = parse_editorial(WHOLE)
    assert faults == ()
    assert editorial.rulings == (
        Ruling("hide", ("https://rsj.cn/1.html",), post=True, account="rsj", line=2),
        Ruling(
            "merge", ("https://fabu.cn/s/aaaaaaaaaaaaa.html", "bbbbbbbbbbbbb"), reason="同一场招聘会", by="李编辑",
            date="2026-11-22", line=6,
        ),
        Ruling("split", ("rsj:1",), post=True, date="2026-11-20", line=12),
        Ruling("split", ("https://fabu.cn/s/ccccccccccccc.html",), post=True, account="wanghu", line=16),
        Ruling("lock", ("ccccccccccccc",), line=20),
        Ruling("hide", ("ddddddddddddd",), line=23),
        Ruling(
            "withdraw", ("eeeeeeeeeeeee",), date="2026-11-22 15:41:00+08:00", replacement="tz-2", line=26
        ),
    )  # fmt: skip


def test_a_ruling_is_known_by_what_it_decides() -> None:
    """Another reason, or another line, is no other decision; another target or account is."""
    ruling = Ruling("split", ("a",), post=True)
    assert ruling.key == Ruling("split", ("a",), post=True, reason="写错了", by="王", date="2026-01-01", line=9).key
    others = [
        Ruling("split", ("b",), post=True),
        Ruling("split", ("a",), post=True, account="x"),
        Ruling("lock", ("a",)),
    ]
    assert len({ruling.key, *(other.key for other in others)}) == 4


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ('[[merge]]\nstories = ["a"]\n', 2, "[[merge]] 的 stories 至少要有两条不同的消息", "写成 stories"),
        ('[[merge]]\nstories = ["a", "a "]\n', 2, "至少要有两条不同的消息", "写成 stories"),
        ('[[merge]]\nstories = "a"\n', 2, "的 stories 应当是一列网址", "写成 stories"),
        ("[[merge]]\n", 1, "[[merge]] 没有写明是哪一条", "stories ="),
        ('[merge]\nstories = ["a", "b"]\n', 1, "merge 应当是一组表", "两层方括号"),
        ('\n[[split]]\npsot = "a"\n', 3, "[[split]] 里的项 psot 不认识", "是不是想写 post"),
        ('[[split]]\nstory = "a"\n', 2, "没有写明拆出哪一篇", "account"),
        ('[[lock]]\nstory = ""\n', 2, "的 story 应当是文字", 'story = "……"'),
        ('[[lock]]\nstory = "a"\ndate = "昨天"\n', 3, "的 date 应当是日期", "2026-11-20"),
        ('[[hide]]\nstory = "a"\npost = "b"\n', 3, "同时写了 story 和 post", "只留一个"),
        ('[[hide]]\nstory = "a"\naccount = "b"\n', 3, "同时写了 story 和 account", "把 story 改为 post"),
        ('[[hides]]\nstory = "a"\n', 1, "不认识的项 hides", "是不是想写 [[hide]]"),
        ('[[hide]]\nstory = “a”\n', 2, "不合 TOML 的写法", "中文标点"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_remedy(text: str, line: int, message: str, remedy: str) -> None:
    """And nothing that stands beside it counts."""
    editorial, faults = parse_editorial(text)
    assert editorial == Editorial()
    assert [fault.line for fault in faults] == [line]
    assert message in faults[0].message
    assert remedy in faults[0].remedy


def test_all_mistakes_are_told_at_once() -> None:
    _, faults = parse_editorial('[[lock]]\n\n[[hide]]\nstroy = "a"\n')
    assert [fault.line for fault in faults] == [1, 4]
