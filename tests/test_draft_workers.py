"""Many changed drafts are read in processes of their own: nobody can tell by what comes of it."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aggregator.drafts import Memory, read_drafts
from aggregator.drafts.nearby import PROPOSALS
from aggregator.inspection import Inspector
from aggregator.model import CheckSettings, DraftBatch, HoldSettings

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
INSPECT = Inspector(CheckSettings(), HoldSettings(id_cards=True, phones=True), date(2026, 11, 22))
FEW, ALL_HERE = 3, 10_000

KINDS = (
    "标题: 停水{n}\n日期: 2026-03-12\n编号: n-{n}\n\n今晚停水{n}小时，见[名单{n}](名单{n}.xlsx)。\n",
    "标题：布署{n} 日期：2026-13-1\n\n请拨打13859812345。\n",
    "# 招聘会{n}\n\n![](图/现场{n}.jpg)\n\n[上一篇](稿件0.md)\n",
    "标题: 再次停水\n编号: n-{n}0\n\n![没有的图](现场{n}.png)\n",
    "",
    "\0\0{n}",
    "标题: 供暖{n}\n附件: 名单{n}.xlsx；没有{n}.pdf\n\n<p class=MsoNormal>供暖</p>\n",
)


def make_messy(content: Path, count: int) -> None:
    folder = content / "notices"
    (folder / "图").mkdir(parents=True)
    for number in range(count):
        text = KINDS[number % len(KINDS)].format(n=number)
        (folder / f"稿件{number}.md").write_bytes(text.encode("gb18030" if number % 2 else "utf-8"))
        if number % 3:
            (folder / f"名单{number}.xlsx").write_bytes(b"PK")
            (folder / "图" / f"现场{number}.jpg").write_bytes(b"x")


def read(content: Path, few: int, former: DraftBatch | None = None) -> DraftBatch:
    drafts = former.drafts if former else ()
    hashes, uses = {one.path: one.content_hash for one in drafts}, {one.path: one.uses for one in drafts}
    return read_drafts(content, Memory(hashes, uses), now=NOW, inspect=INSPECT, few=few)


@pytest.mark.parametrize("count", [0, 3, 4, 180])
def test_many_drafts_are_the_same_wherever_they_are_read(tmp_path: Path, count: int) -> None:
    make_messy(tmp_path, count)
    assert read(tmp_path, FEW) == read(tmp_path, ALL_HERE)


def test_names_are_proposed_for_the_same_missing_files(tmp_path: Path) -> None:
    """There is a bound to it in one run, which workers do not share."""
    make_messy(tmp_path, 10)
    for number in range(PROPOSALS + 20):
        text = f"标题: 供电{number}\n\n![照片](现场照片{number}.jpg)\n"
        (tmp_path / "notices" / f"供电{number:04}.md").write_text(text, encoding="utf-8")
    there, here = read(tmp_path, FEW), read(tmp_path, ALL_HERE)
    proposed = [one for draft in here.drafts for one in draft.findings if "名字相近" in one.remedy]
    assert there == here
    assert 0 < len(proposed) < PROPOSALS + 20


def test_only_those_that_changed_are_read(tmp_path: Path) -> None:
    make_messy(tmp_path, 30)
    first = read(tmp_path, FEW)
    file = tmp_path / "notices" / "稿件7.md"
    file.write_text("标题: 来水\n\n来水了。\n", encoding="utf-8")
    (tmp_path / "notices" / "图" / "现场2.jpg").write_bytes(b"another")
    os.utime(tmp_path / "notices" / "图" / "现场2.jpg", (1, 1))
    again = read(tmp_path, 0, first)
    assert [one.path for one in again.drafts if one.post] == ["notices/稿件2.md", "notices/稿件7.md"]
    assert again == read(tmp_path, ALL_HERE, first)
