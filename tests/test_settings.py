"""pelicanconf.py with mistakes in it: each is explained to somebody who is no programmer, and nothing is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.build.settings import load_settings
from aggregator.cli.init import STARTER
from aggregator.errors import ConfigError
from aggregator.model import Site

NAME = 'SITENAME = "示例市发布"'


def write_config(root: Path, line: str, encoding: str = "utf-8") -> Path:
    """The starter's settings with another line in the place of the site's name."""
    text = (STARTER / "pelicanconf.py").read_text(encoding="utf-8")
    lines = [line if one.startswith("SITENAME =") else one for one in text.splitlines()]
    (root / "content").mkdir()
    (root / "pelicanconf.py").write_text("\n".join(lines), encoding=encoding)
    return root / "pelicanconf.py"


@pytest.mark.parametrize(
    ("line", "message", "remedy"),
    [
        ("SITENAME = “示例市发布”", "这一行写得不对：SITENAME = “示例市发布”", "英文半角"),
        ('SITENAME = "示例市发布"，', '这一行写得不对：SITENAME = "示例市发布"，', "英文半角"),
        ('SITENAME = "示例市，发布', '这一行写得不对：SITENAME = "示例市，发布', "英文半角"),
        ('SITENAME = "city', '这一行写得不对：SITENAME = "city', "引号少了一个"),
        ("SITENAME = 示例市发布", "“示例市发布”没有加引号，或者名称写错了。", "双引号"),
        ("SITENAME = 示例市 发布", "这一行写得不对：SITENAME = 示例市 发布", "双引号"),
        (f"  {NAME}", f"这一行写得不对：{NAME}", "开头的空格"),
        (f'{NAME}; MENU = (("服务", (),)', "这一行写得不对：", "右括号"),
        (f'{NAME}; MENU = [("，" "服务"), ("通知"]', "这一行写得不对：", "是否成对"),
        (f"{NAME}; import nowhere_to_be_found", "这一行用的 nowhere_to_be_found 没有安装。", "安装"),
        (f"{NAME}; PAGES = 1 / 0", "这一行运行不下去：division by zero", "恢复上一版"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_a_remedy(tmp_path: Path, line: str, message: str, remedy: str) -> None:
    config = write_config(tmp_path, line)
    with pytest.raises(ConfigError) as caught:
        load_settings(Site(tmp_path))
    number = config.read_text(encoding="utf-8").split("\n").index(line) + 1
    assert str(caught.value).startswith(f"{config}:{number}: {message}")
    assert remedy in caught.value.remedy


def test_settings_saved_in_another_encoding_are_to_be_saved_as_utf_8(tmp_path: Path) -> None:
    write_config(tmp_path, NAME, "gb18030")
    with pytest.raises(ConfigError, match="不是 UTF-8 编码") as caught:
        load_settings(Site(tmp_path))
    assert "另存为" in caught.value.remedy
    assert str(caught.value).startswith(f"{tmp_path / 'pelicanconf.py'}: ")


@pytest.mark.parametrize(
    ("line", "told"), [('SITENAME = " "', "“ ”"), ("SITENAME = ''", "没有写"), ("SITENAME = 5", "“5”")]
)
def test_a_site_has_a_name(tmp_path: Path, line: str, told: str) -> None:
    write_config(tmp_path, line)
    with pytest.raises(ConfigError, match=f"SITENAME 应是网站的名称，现在.*{told}"):
        load_settings(Site(tmp_path))


def test_settings_that_a_windows_editor_saved_with_a_mark_at_the_beginning_are_read(tmp_path: Path) -> None:
    write_config(tmp_path, NAME, "utf-8-sig")
    assert load_settings(Site(tmp_path))["SITENAME"] == "示例市发布"
