"""`check` and `publish` agree on which files a draft means: neither calls lost what the other finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_beside_names import ATTACHMENTS, NOW, PICTURES, drop, tell, write

from aggregator.drafts import Lookup, list_drafts, read_source

TEXTS = {**PICTURES, **{f"{key}, a table": value for key, value in ATTACHMENTS.items()}}
OTHERS = ("[首页](/index.html)", "[市政府](www.linjiang.example.gov.cn)", "[另一篇](没有.md)", "[表](../../秘密.xlsx)",
          "[表](../registry/accounts.csv)", "![图](/没有.jpg)", "[电](tel:12345)", "[下面](#下面)")  # fmt: skip


def knows_all(story: str, host: str) -> bool:
    return True


def find_lost(content: Path) -> list[str]:
    source, _ = read_source(content, "notices/停水.md", now=NOW)
    assert source is not None
    return [*Lookup(lambda: list_drafts(content), knows_all).find_lost(source)]


def is_told(content: Path, text: str) -> bool:
    """Whether a publish says that something is not there."""
    said = ("没有找到", "不是完整的网址", "您电脑里的位置")
    return any(words in one for one in tell(write(content, text)) for words in said)


@pytest.mark.parametrize(("text", "name"), TEXTS.values(), ids=TEXTS.keys())
def test_a_file_that_publish_finds_is_not_lost(tmp_path: Path, text: str, name: str) -> None:
    drop(tmp_path, name)
    assert not is_told(tmp_path, text)
    assert find_lost(tmp_path) == []


@pytest.mark.parametrize(("text", "name"), TEXTS.values(), ids=TEXTS.keys())
def test_a_file_that_publish_misses_is_lost(tmp_path: Path, text: str, name: str) -> None:
    drop(tmp_path, "别的.zip")
    assert is_told(tmp_path, text)
    assert len(find_lost(tmp_path)) == 1


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_file_is_judged_alike(tmp_path: Path, text: str) -> None:
    assert bool(find_lost_of(tmp_path, text)) == is_told(tmp_path, text)


def find_lost_of(content: Path, text: str) -> list[str]:
    write(content, text)
    return find_lost(content)


def test_an_address_without_its_beginning_is_given_it(tmp_path: Path) -> None:
    write(tmp_path, "[市政府](www.linjiang.example.gov.cn)")
    source, _ = read_source(tmp_path, "notices/停水.md", now=NOW)
    assert source is not None
    lost = Lookup(lambda: list_drafts(tmp_path), knows_all).find_lost(source)
    assert lost == {"www.linjiang.example.gov.cn": "https://www.linjiang.example.gov.cn"}


@pytest.mark.parametrize("header", ["附件: 甲、乙.xlsx", "封面: 图１.jpg", "附件: [报名表](申请表(新).xlsx)"])
def test_files_that_the_header_names_are_found_as_publish_finds_them(tmp_path: Path, header: str) -> None:
    write(tmp_path, "文", f"{header}\n")
    assert len(find_lost(tmp_path)) == 1
    drop(tmp_path, "甲、乙.xlsx", "图1.jpg", "申请表（新）.xlsx")
    write(tmp_path, "文", f"{header}\n")
    assert find_lost(tmp_path) == []
