"""The tables of `editorial.toml` about single posts: what they say, and each mistake with its line and remedy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ConfigError
from aggregator.model import Choice, Editorial
from aggregator.registry import append_choices, blank_choices, parse_editorial, rename_in_choices

WHOLE = """[[accept]]
post = "rsj:1024"
title = "关于补贴发放的公示"
content = "3f9a5c11d20e8b47"
by = "zhang"
date = 2026-11-22T15:41:00+08:00
since = 2026-11-22T08:30:00+08:00

[hold]
phones = false

[[reject]]
post = "https://rsj.cn/1.html"   # 旧闻
reason = "旧闻"
date = 2026-11-20

[[edit]]
post = "rsj:2"
draft = "news/a.md"
"""


def test_what_staff_chose() -> None:
    editorial, faults = parse_editorial(WHOLE)
    assert faults == ()
    assert editorial.choices == (
        Choice(
            "accept", "rsj:1024", "3f9a5c11d20e8b47", "关于补贴发放的公示", by="zhang", line=1,
            date="2026-11-22 15:41:00+08:00", since="2026-11-22 08:30:00+08:00",
        ),
        Choice("reject", "https://rsj.cn/1.html", reason="旧闻", date="2026-11-20", line=12),
        Choice("edit", "rsj:2", draft="news/a.md", line=17),
    )  # fmt: skip
    assert not editorial.hold.phones


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ("[[accept]]\n", 1, "[[accept]] 没有写明是哪一篇", "post ="),
        ('\n[[reject]]\npsot = "a"\n', 3, "[[reject]] 里的项 psot 不认识", "是不是想写 post"),
        ('[[edit]]\npost = ""\n', 2, "[[edit]] 的 post 应当是文字", 'post = "……"'),
        ('[[accept]]\npost = "a"\nsince = "昨天"\n', 3, "的 since 应当是日期", "2026-11-20"),
        ('[accept]\npost = "a"\n', 1, "accept 应当是一组表", "两层方括号"),
        ('accept = [{post = "a"}]\n', None, "accept 应当是一组表", "两层方括号"),
        ('[[acept]]\npost = "a"\n', 1, "不认识的项 acept", "是不是想写 [[accept]]"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(text: str, line: int | None, message: str, remedy: str) -> None:
    editorial, faults = parse_editorial(text)
    assert editorial == Editorial()
    assert [fault.line for fault in faults] == [line]
    assert message in faults[0].message
    assert remedy in faults[0].remedy


def test_the_text_without_choices_keeps_its_lines() -> None:
    blanked = blank_choices(WHOLE)
    assert blanked.count("\n") == WHOLE.count("\n")
    assert "post" not in blanked
    assert parse_editorial(blanked)[0].hold == parse_editorial(WHOLE)[0].hold
    assert blank_choices("# [[accept]]\n") == "# [[accept]]\n"


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Whatever a title or a key has in it."""
    file = tmp_path / "editorial.toml"
    file.write_text("# 规定\n", encoding="utf-8")
    titles = ['“补贴”"公示"', "a\\b\x01\x7f", "'''x'''", "[[hide]]", "表\n格"]
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    entries = [{"post": f"rsj:{title}", "title": title, "reason": "", "date": moment} for title in titles]
    append_choices(file, "accept", entries)
    append_choices(file, "reject", entries[:1])
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# 规定\n\n[[accept]]\n")
    editorial, faults = parse_editorial(text)
    assert faults == ()
    assert [one.title for one in editorial.choices] == [*titles, titles[0]]
    assert [one.post for one in editorial.choices] == [f"rsj:{title}" for title in (*titles, titles[0])]
    assert "reason" not in text


def test_a_renamed_account_is_renamed_in_choices_only(tmp_path: Path) -> None:
    file = tmp_path / "editorial.toml"
    file.write_text(f'{WHOLE}\n[[hide]]\npost = "rsj:3"\n\n[[reject]]\npost = "rsjx:1"\n', encoding="utf-8")
    rename_in_choices(file, "rsj", "renshe")
    text = file.read_text(encoding="utf-8")
    posts = ["renshe:1024", "https://rsj.cn/1.html", "renshe:2", "rsjx:1"]
    assert [one.post for one in parse_editorial(text)[0].choices] == posts
    assert 'post = "rsj:3"' in text
    assert "# 旧闻" in text


def test_a_file_that_cannot_be_read_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "editorial.toml"
    file.write_bytes("# 规定".encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        append_choices(file, "accept", [{"post": "a:b"}])
    assert file.read_bytes() == "# 规定".encode("gb18030")
