"""content/ -> posts: real drafts as files in data/drafts, NAME.md beside NAME.expected.json."""

from __future__ import annotations

import json
import os
import shutil
import socket
from dataclasses import asdict, fields
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from aggregator.drafts import Memory, read_drafts
from aggregator.model import DraftBatch, Finding, Post

DATA = Path(__file__).parent / "data/drafts"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=8)))
EXPECTED = sorted(DATA.rglob("*.expected.json"))
DEFAULTS = {field.name: field.default for field in fields(Post)}


def read(content: Path, known: dict[str, str] | None = None, used=None) -> DraftBatch:
    return read_drafts(content, Memory(known or {}, used or {}), now=NOW)


def write(content: Path, path: str, text: str = "标题: 关于停水的通知\n\n今晚停水。\n") -> Path:
    file = content / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def find_one(batch: DraftBatch, path: str) -> Finding:
    [finding] = [finding for finding in batch.findings if finding.file == path]
    return finding


UNSAID = ("rule", "waived")
"""Of findings: what only rules and staff's decisions fill in."""


def describe(path: str, batch: DraftBatch) -> dict[str, object]:
    """What was made of one file, in the form of the expected twins: without what is empty."""
    [*drafts] = [draft for draft in batch.drafts if draft.path == path]
    findings = [
        *(finding for draft in drafts for finding in draft.findings),
        *(finding for finding in batch.findings if finding.file == path),
    ]
    post = asdict(drafts[0].post) if drafts and drafts[0].post else None
    if post:
        post = {name: value for name, value in post.items() if value != DEFAULTS[name]}
    told = [{name: value for name, value in asdict(one).items() if name not in UNSAID} for one in findings]
    described = {"post": post, "findings": told}
    return json.loads(json.dumps(described, ensure_ascii=False, default=str))


# the drafts in data/ -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def batch() -> DraftBatch:
    return read(DATA)


@pytest.mark.parametrize("twin", EXPECTED, ids=lambda twin: str(twin.relative_to(DATA)))
def test_a_draft_gives_the_post_and_the_findings_of_its_twin(twin, batch):
    """Header, body and findings, each with its line, are as the file beside the draft says."""
    source = next(file for file in twin.parent.iterdir() if file.name.startswith(twin.name[:-13]) and file != twin)
    assert describe(source.relative_to(DATA).as_posix(), batch) == json.loads(twin.read_text("utf-8"))


def test_every_file_that_says_something_has_a_twin(batch):
    """Nothing else is read: no README, nothing that begins with . _ or ~$, no attachment that a draft names."""
    said = {draft.path for draft in batch.drafts} | {finding.file for finding in batch.findings}
    twins = {twin.relative_to(DATA).as_posix().removesuffix(".expected.json") for twin in EXPECTED}
    assert {str(Path(path).with_suffix("")) for path in said} == twins


# what is unchanged ---------------------------------------------------------------------------------------


def test_a_known_draft_is_not_rendered_again(batch):
    """With the hashes of the last run no draft is read, and its text is not complained of twice."""
    known = {draft.path: draft.content_hash for draft in batch.drafts}
    again = read(DATA, known, {draft.path: draft.uses for draft in batch.drafts})
    assert (again.drafts, again.unchanged) == ((), tuple(draft.path for draft in batch.drafts))
    assert again.findings == batch.findings


def test_a_changed_draft_is_read_again(tmp_path):
    """Its hash is another then."""
    file = write(tmp_path, "notices/a.md")
    [before] = read(tmp_path).drafts
    file.write_text("标题: 关于停水的通知\n\n明晚停水。\n", "utf-8")
    [after] = read(tmp_path, {before.path: before.content_hash}).drafts
    assert after.content_hash != before.content_hash
    assert after.post.text == "明晚停水。"


def test_a_name_that_gets_longer_in_lower_case_lies_where_it_lies(tmp_path):
    write(tmp_path, f"notices/{'İ' * 9}.md")
    batch = read(tmp_path)
    assert (len(batch.drafts), batch.findings) == (1, ())


def test_staffs_files_are_never_written(tmp_path):
    """Bytes and times of every file are what they were."""
    shutil.copytree(DATA, tmp_path / "content")

    def state():
        return {f: (f.read_bytes(), f.stat().st_mtime_ns) for f in tmp_path.rglob("*") if f.is_file()}

    before = state()
    read(tmp_path / "content")
    assert state() == before


def test_content_that_does_not_exist_is_empty(tmp_path):
    """A site may live from its feeds alone."""
    assert read(tmp_path / "content") == DraftBatch(())


def test_a_folder_that_is_away_takes_nothing_off_the_site(tmp_path):
    """A share that is not mounted is no withdrawal of what was published from it."""
    known = {"notices/a.md": "0123"}
    batch = read(tmp_path / "content", known)
    assert (batch.drafts, batch.unchanged) == ((), ("notices/a.md",))
    assert find_one(batch, str(tmp_path / "content")).message == "稿件文件夹打不开，已经发布的不受影响。"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any folder")
def test_a_folder_without_permission_takes_nothing_off_the_site(tmp_path):
    """What lies in it stays as it was; what was removed elsewhere is gone."""
    write(tmp_path, "notices/a.md")
    known = {draft.path: draft.content_hash for draft in read(tmp_path).drafts}
    (tmp_path / "notices").chmod(0)
    batch = read(tmp_path, {**known, "news/b.md": "0123"})
    (tmp_path / "notices").chmod(0o700)
    assert (batch.drafts, batch.unchanged) == ((), tuple(known))
    assert find_one(batch, "notices").level == "error"


# one 编号 on two drafts ----------------------------------------------------------------------------------


NUMBERED = "标题: 关于停水的通知\n编号: 20261101-ts\n\n今晚停水。\n"


def test_a_copy_of_an_unchanged_draft_does_not_take_its_number(tmp_path):
    """The published one keeps its 编号, although the copy's name sorts first and it was not decoded."""
    write(tmp_path, "notices/b.md", NUMBERED)
    [original] = read(tmp_path).drafts
    write(tmp_path, "notices/a.md", NUMBERED)
    again = read(tmp_path, {original.path: original.content_hash})
    assert sorted(again.paths) == ["notices/b.md"]
    assert "notices/b.md" in find_one(again, "notices/a.md").message
    assert find_one(again, "notices/a.md").line == 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_number_of_an_unchanged_draft_is_found_in_its_encoding(tmp_path, encoding):
    """The header may be in Chinese, the 编号 as well."""
    file = write(tmp_path, "notices/b.md")
    file.write_bytes(NUMBERED.replace(": ", "：").replace("ts", "停水").encode(encoding))
    [original] = read(tmp_path).drafts
    write(tmp_path, "notices/a.md", NUMBERED.replace("ts", "停水"))
    assert find_one(read(tmp_path, {original.path: original.content_hash}), "notices/a.md").level == "error"


def test_a_number_in_the_text_is_no_number(tmp_path):
    """A body may speak of a 编号."""
    write(tmp_path, "notices/b.md", "标题: 关于挂失的通知\n\n证件编号: 20261101-ts\n编号: 20261101-ts\n")
    [original] = read(tmp_path).drafts
    write(tmp_path, "notices/a.md", NUMBERED)
    again = read(tmp_path, {original.path: original.content_hash})
    assert sorted(again.paths) == ["notices/a.md", "notices/b.md"]
    assert again.findings == ()


def test_a_published_draft_that_takes_anothers_number_stays_as_it_was(tmp_path):
    """It gives no draft but an error, which tells the store to keep its last good state."""
    write(tmp_path, "notices/a.md")
    write(tmp_path, "notices/b.md", NUMBERED)
    known = {draft.path: draft.content_hash for draft in read(tmp_path).drafts}
    write(tmp_path, "notices/a.md", NUMBERED)
    again = read(tmp_path, known)
    assert sorted(again.paths) == ["notices/b.md"]
    assert find_one(again, "notices/a.md").level == "error"


# files that cannot be read -------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any file")
def test_a_file_without_permission_is_a_finding_and_the_others_go_on(tmp_path):
    """One locked file never stops a publish."""
    write(tmp_path, "notices/a.md").chmod(0)
    write(tmp_path, "notices/b.md")
    batch = read(tmp_path)
    assert [draft.path for draft in batch.drafts] == ["notices/b.md"]
    assert find_one(batch, "notices/a.md").message == "没有权限打开这个文件。"


def test_a_dead_link_is_a_finding_and_the_others_go_on(tmp_path):
    """A link within content/ whose file is gone."""
    write(tmp_path, "notices/b.md")
    (tmp_path / "notices/a.md").symlink_to("gone.md")
    batch = read(tmp_path)
    assert [draft.path for draft in batch.drafts] == ["notices/b.md"]
    assert find_one(batch, "notices/a.md") == Finding(
        "notices/a.md", "文件找不到，没有读取。", "它多半是一个失效的链接，请换成文件本身，或者删掉。"
    )


def test_a_link_in_a_circle_is_a_finding(tmp_path):
    """It neither hangs nor stops the run."""
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices/a.md").symlink_to("a.md")
    assert find_one(read(tmp_path), "notices/a.md").level == "error"


def test_a_folder_named_like_a_draft_is_a_finding(tmp_path):
    """Its name is what is wrong."""
    write(tmp_path, "notices/通知.md/a.md")
    batch = read(tmp_path)
    assert batch.drafts == ()
    assert find_one(batch, "notices/通知.md") == Finding(
        "notices/通知.md", "这是一个文件夹，名字却像一篇稿件，里面的内容没有读取。", "请把文件夹改名为“通知”。"
    )


def test_a_pipe_does_not_hold_up_the_run(tmp_path):
    """Reading one would wait for a writer for good."""
    (tmp_path / "notices").mkdir()
    os.mkfifo(tmp_path / "notices/a.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "notices/b.md"))
    batch = read(tmp_path)
    assert {finding.message for finding in batch.findings} == {"这不是普通的文件，没有读取。"}
    assert len(batch.findings) == 2


def test_a_file_too_large_is_a_finding(tmp_path):
    """Pictures pasted into the text, most often."""
    with write(tmp_path, "notices/a.md").open("r+b") as file:
        file.truncate(9 * 1024 * 1024)
    assert find_one(read(tmp_path), "notices/a.md").message == "文件有 9 MB，太大了，没有读取。"


def test_a_name_in_gbk_is_a_finding(tmp_path):
    """Archives from Chinese Windows unpack so; such a name cannot be stored."""
    (tmp_path / "notices").mkdir()
    name = os.fsencode(tmp_path / "notices") + b"/" + "停水公告.md".encode("gb18030")
    with open(name, "w") as file:  # noqa: PTH123 - a name that is no text has no Path
        file.write("正文")
    batch = read(tmp_path)
    assert find_one(batch, "notices/停水公告.md").remedy == "请把文件重新命名，再保存一次。"


# links ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["notices/a.md", "notices", "notices/sub"])
def test_a_link_out_of_content_is_refused(tmp_path, link):
    """Neither a file nor a folder elsewhere on the machine may be published."""
    write(tmp_path, "private/notices/sub/a.md", "机密")
    content = tmp_path / "content"
    (content / link).parent.mkdir(parents=True)
    target = "private/notices/sub/a.md" if link.endswith(".md") else "private/notices"
    (content / link).symlink_to(tmp_path / target)
    batch = read(content)
    assert batch.drafts == ()
    assert find_one(batch, link) == Finding(
        link,
        "这是一个符号链接，指向稿件文件夹以外的地方，没有读取。",
        "请把文件本身复制到这里，代替链接。",
    )


def test_content_itself_may_be_a_link(tmp_path):
    """Offices keep it on a shared drive."""
    write(tmp_path / "drive", "notices/a.md")
    (tmp_path / "content").symlink_to(tmp_path / "drive")
    assert [draft.path for draft in read(tmp_path / "content").drafts] == ["notices/a.md"]


# Word and PDF files --------------------------------------------------------------------------------------


MENTIONS = {
    "in the header": "标题: 通知\n附件: 申请 表.docx\n\n正文",
    "as a link in the text": "[下载](申请%20表.docx)",
    "percent-encoded by an editor": "[下载](files/%E7%94%B3%E8%AF%B7%20%E8%A1%A8.docx)",
}


@pytest.mark.parametrize("text", [*MENTIONS.values()], ids=[*MENTIONS])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_word_file_that_a_draft_names_is_an_attachment(tmp_path, text, encoding):
    """Also when the draft is unchanged and not decoded."""
    write(tmp_path, "notices/a.md").write_bytes(text.replace("申请%20表", "申请 表").encode(encoding))
    write(tmp_path, "notices/申请 表.docx")
    batch = read(tmp_path)
    assert batch.findings == ()
    assert read(tmp_path, {d.path: d.content_hash for d in batch.drafts}).findings == ()


@pytest.mark.parametrize("name", ["通知.DOC", "通知.wps", "通知.rtf", "通知.odt", "通知.pages"])
def test_a_document_of_another_program_is_a_finding_with_a_way_out(tmp_path, name):
    """It may be somebody's draft."""
    write(tmp_path, f"policies/{name}")
    assert find_one(read(tmp_path), f"policies/{name}") == Finding(
        f"policies/{name}",
        f"读不了 {Path(name).suffix.lower()} 文件，这个文件没有发布。",
        "如果是稿件，请用 Word 或 WPS 打开它，点“文件”→“另存为”，类型选“Word 文档（*.docx）”，放在这里，再删掉这一个；"
        "如果是附件，请在稿件题头写上“附件: 文件名”。",
        level="warning",
    )
