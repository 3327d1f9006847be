"""Drafts that nobody touched are not opened: what is remembered of a file, and when that is not enough."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from site_fixtures import SmallSite
from word_fixtures import save, type_official

from aggregator.drafts import Memory, read_drafts
from aggregator.drafts.glance import Glances
from aggregator.model import DraftBatch, Glance
from aggregator.store import Store

LATER = datetime.now(UTC) + timedelta(hours=1)
"""When all files of a test have long been what they are."""
TEXT = "标题: 关于停水的通知\n编号: 20261101-停水\n\n今晚停水，范围见[名单](停水 名单.pdf)。\n"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "a.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def read(content: Path, former: DraftBatch | None = None, now: datetime = LATER) -> DraftBatch:
    known = {draft.path: draft.content_hash for draft in former.drafts} if former else {}
    memory = Memory(known, glances=dict(former.glances) if former else {})
    return read_drafts(content, memory, now=now)


def test_a_draft_that_nobody_touched_is_not_opened(content: Path) -> None:
    first = read(content)
    assert [path for path, _ in first.glances] == ["notices/a.md"]
    again = read(content, first)
    assert again.glances == ()
    assert (again.drafts, again.unchanged) == ((), ("notices/a.md",))


@pytest.mark.parametrize("new", [TEXT.replace("今晚", "明晚"), TEXT + "\n"], ids=["of the same size", "a line more"])
def test_a_draft_that_changed_is_opened_whatever_its_date_says(content: Path, new: str) -> None:
    """Copying tools set the date of the former file."""
    first = read(content)
    file = content / "notices" / "a.md"
    status = file.stat()
    file.write_text(new, encoding="utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [draft.path for draft in read(content, first).drafts] == ["notices/a.md"]


def test_a_touched_draft_is_opened_and_not_made_anew(content: Path) -> None:
    first = read(content)
    os.utime(content / "notices" / "a.md", (1, 1))
    again = read(content, first)
    assert [path for path, _ in again.glances] == ["notices/a.md"]
    assert (again.drafts, again.unchanged) == ((), ("notices/a.md",))


def test_a_draft_of_just_now_is_opened_once_more(content: Path) -> None:
    """File systems tell the time in steps: it may change again within the same one."""
    first = read(content, now=datetime.now(UTC))
    assert first.glances == ()
    assert [path for path, _ in read(content, first).glances] == ["notices/a.md"]


def test_another_version_of_the_program_opens_all(content: Path) -> None:
    known = dict(read(content).glances)
    looks = [Glances(content, known, LATER, version).look("notices/a.md") for version in range(100)]
    assert [look for look in looks if look is not None] == [known["notices/a.md"]]


def test_what_is_remembered_and_was_never_stored_is_read_again(content: Path) -> None:
    """A run that was killed between the two."""
    first = read(content)
    batch = read_drafts(content, Memory(glances=dict(first.glances)), now=LATER)
    assert batch.drafts[0].post == first.drafts[0].post


def test_a_copy_does_not_take_the_number_of_a_draft_that_was_not_opened(content: Path) -> None:
    first = read(content)
    (content / "notices" / "A.md").write_text(TEXT, encoding="utf-8")
    again = read(content, first)
    assert (again.drafts, again.unchanged) == ((), ("notices/a.md",))
    (finding,) = again.findings
    assert (finding.file, finding.line) == ("notices/A.md", 2)


@pytest.mark.parametrize("line", ["编号：x-1　标题：停水", "【编号】x-1", "**编号：** x-1", "ID: x-1", "id: 'x-1'"])
def test_a_number_is_found_however_it_is_written(content: Path, line: str) -> None:
    file = content / "notices" / "a.md"
    file.write_text(f"日期: 2026-03-12\n{line}\n\n正文\n", encoding="gb18030")
    first = read(content)
    assert first.drafts[0].post.key == "x-1"
    (content / "notices" / "A.md").write_text("标题: 乙\n编号: x-1\n\n正文\n", encoding="utf-8")
    for glances in (dict(first.glances), {}):
        known = {draft.path: draft.content_hash for draft in first.drafts}
        batch = read_drafts(content, Memory(known, glances=glances), now=LATER)
        assert [finding.file for finding in batch.findings] == ["notices/A.md"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_that_an_unopened_draft_names_is_its_attachment(content: Path, encoding: str) -> None:
    (content / "notices" / "a.md").write_bytes(TEXT.encode(encoding))
    (content / "notices" / "停水 名单.pdf").write_bytes(b"%PDF-1.7")
    first = read(content)
    again = read(content, first)
    assert again.glances == ()
    assert [finding for finding in (*first.findings, *again.findings) if "pdf" in finding.file] == []


def test_the_store_remembers_drafts_and_forgets_those_that_are_gone(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    for name in ("a", "b"):
        site.set_draft(f"notices/{name}.md", (f"今晚停水{name}。",), 标题=f"停水{name}", 日期="2026-03-12")
    site.publish(LATER)
    assert {*load_glances(site)} == {"notices/a.md", "notices/b.md"}
    remembered = load_glances(site)["notices/a.md"]
    (site.site.content / "notices" / "b.md").unlink()
    updated, _ = site.publish(LATER)
    assert [one.posts_withdrawn for one in updated.accounts] == [1]
    assert load_glances(site) == {"notices/a.md": remembered}


def test_a_draft_that_is_edited_between_two_runs_is_published_anew(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    for text in ("今晚停水六小时。", "明晚停水六小时。", "后晚停水六小时。"):
        site.set_draft("notices/a.md", (text,), 标题="停水", 日期="2026-03-12")
        site.publish(LATER)
        (page,) = site.addresses()["pages"]
        assert text in site.read_page(f"s/{page}")


def load_glances(site: SmallSite) -> dict[str, Glance]:
    with Store.open(site.site.store) as store:
        return dict(store.glances.load())


# Word files ------------------------------------------------------------------------------------------------------


def put_word(site: SmallSite, data: bytes) -> Path:
    file = site.site.content / "notices" / "a.docx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def hide_change(file: Path, data: bytes) -> None:
    """Other bytes that a look at the file does not tell, so that whoever opens it notices."""
    status = file.stat()
    file.write_bytes(data)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_word_file_that_nobody_touched_is_not_opened(tmp_path: Path) -> None:
    """As `Glances` says: its time of change is that of the file system, which no tool sets back."""
    site = SmallSite(tmp_path / "site").set_up()
    put_word(site, save(type_official("关于停水的通知")))
    site.publish(LATER)
    glance = load_glances(site)["notices/a.docx"]
    assert glance.excerpt == b""
    with Store.open(site.site.store) as store:
        known, words = store.drafts.load_known(), store.drafts.load_memories()
    memory = Memory(known, glances={"notices/a.docx": glance}, words=words)
    again = read_drafts(site.site.content, memory, now=LATER)
    assert (again.glances, again.drafts, again.unchanged) == ((), (), ("notices/a.docx",))


@pytest.mark.parametrize("settled", [True, False], ids=["long ago", "just now"])
def test_a_word_file_that_changed_is_converted_anew(tmp_path: Path, settled: bool) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    now = LATER if settled else datetime.now(UTC)
    file = put_word(site, save(type_official("关于停水的通知")))
    site.publish(now)
    assert ("notices/a.docx" in load_glances(site)) == settled
    hide_change(file, save(type_official("关于来水的通知")))
    site.publish(now)
    assert {*site.stories()} == {"关于来水的通知"}


def test_a_word_file_that_gave_no_draft_is_told_again_and_not_tried_again(tmp_path: Path) -> None:
    """Reading it may have taken a minute; after a day it is tried once more."""
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "a.docx").write_bytes(b"PK\x03\x04 broken")
    first = read_drafts(tmp_path, now=LATER)
    ((path, refusal),) = first.refusals
    assert [finding.message for finding in first.findings] == [refusal.message]
    told = replace(refusal, message="上次读不出来。")
    memory = Memory(glances=dict(first.glances), refusals={path: told})
    again = read_drafts(tmp_path, memory, now=LATER + timedelta(hours=23))
    assert ([finding.message for finding in again.findings], again.refusals) == (["上次读不出来。"], ((path, told),))
    later = read_drafts(tmp_path, memory, now=LATER + timedelta(hours=25))
    assert [finding.message for finding in later.findings] == [refusal.message]
    (tmp_path / "notices" / "a.docx").write_bytes(save(type_official()))
    assert [draft.path for draft in read_drafts(tmp_path, memory, now=LATER).drafts] == [path]


def test_the_store_remembers_refusals_while_the_file_is_there(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    site.set_draft("notices/b.md", ("今晚停水。",), 标题="停水", 日期="2026-03-12")
    file = put_word(site, b"PK\x03\x04 broken")
    messages = [[one.message for one in site.publish(LATER)[0].findings] for _ in range(2)]
    assert messages[0] == messages[1] != []
    assert "notices/a.docx" in load_glances(site)
    with Store.open(site.site.store) as store:
        assert [*store.glances.load_refusals()] == ["notices/a.docx"]
    file.unlink()
    assert site.publish(LATER)[0].findings == ()
    with Store.open(site.site.store) as store:
        assert store.glances.load_refusals() == {}
    assert {*load_glances(site)} == {"notices/b.md"}
