"""What the command line says of mistakes, and its help: plain Chinese."""

from __future__ import annotations

import re

import pytest
from site_fixtures import call_matrix, list_commands


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("pubish",), "没有 pubish 这个命令。", "是不是想写 publish？"),
        (("accounts", "imprt"), "没有 imprt 这个命令。", "matrix accounts --help"),
        (("publish", "--forse"), "没有 --forse 这个选项。", "是不是想写 --force？"),
        (("backup",), "少写了“文件”。", "matrix backup --help"),
        (("status", "--max-age", "x"), "选项 --max-age 不能写成“x”。", "请写不小于 0 的数字。"),
        (("accounts", "import", "--format", "x", "f"), "选项 --format 不能写成“x”。", "可以写：csv、opml。"),
        (("stories", "--explain", "a"), "--explain 后面要写的内容不对，或者没有写。", "--help"),
        (("backup", "一 二.zip", "三"), "多写了“三”。", "双引号"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(arguments: tuple[str, ...], message: str, hint: str) -> None:
    result = call_matrix(*arguments)
    assert (result.status, result.out) == (2, "")
    first, _, second = result.err.partition("\n")
    assert first == f"错误：{message}"
    assert hint in second


@pytest.mark.parametrize("name", ["", "accounts", *(name for name, _ in list_commands())])
def test_help_has_no_english_words_of_its_own(name: str) -> None:
    out = call_matrix(*name.split(), "--help").out
    assert out.startswith("用法：matrix")
    assert not re.search(r"Usage|Options|Commands|OPTIONS|ARGS|Show th", out)
