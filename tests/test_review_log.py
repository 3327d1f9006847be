"""The log of reviews: what is added to it stays as it is, and whatever else happens to it is found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from review_fixtures import NEW, PEOPLE, TEXT, TITLE, ReviewedSite
from review_fixtures import office as office
from review_fixtures import published_office as published_office
from test_word_drafts import PDF
from word_fixtures import save, type_official

from aggregator.store import Store
from aggregator.store.schema import MIGRATIONS
from aggregator.store.schema.reviews import REVIEWS

ZHANG, LI, WANG = PEOPLE
WORD = "欧阳司马建国"


@pytest.fixture
def reviewed(office: ReviewedSite) -> ReviewedSite:
    """Four lines: a draft that was returned once, and then passed twice."""
    office.write()
    office.review(ZHANG, NEW, "--pass")
    office.review(LI, NEW, "--return", f"写了{WORD}的名字")
    office.write(text=("工期改为三天。",))
    office.review(ZHANG, NEW, "--pass")
    office.review(LI, NEW, "--pass")
    return office


def alter(office: ReviewedSite, *statements: str) -> None:
    """As somebody does who has the file."""
    with closing(sqlite3.connect(office.small.site.store)) as db:
        for statement in ("DROP TRIGGER reviews_no_update", "DROP TRIGGER reviews_no_delete", *statements):
            db.execute(statement)
        db.commit()


def turn_back(store: Path, version: int) -> None:
    """Put what a store holds into one of an earlier version, as far as that has room for it."""
    earlier = store.with_suffix(".earlier")
    with closing(sqlite3.connect(earlier)) as db:
        for script in MIGRATIONS[:version]:
            db.executescript(script)
        db.execute("ATTACH ? AS later", (str(store),))
        tables = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (table,) in db.execute(tables).fetchall():
            columns = ", ".join(row[1] for row in db.execute(f"PRAGMA main.table_info({table})"))
            db.execute(f"DELETE FROM main.{table}")  # noqa: S608  our own tables
            db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM later.{table}")  # noqa: S608
        db.execute(f"PRAGMA user_version = {version}")
        db.commit()
    earlier.replace(store)


def test_the_log_tells_every_step(reviewed: ReviewedSite) -> None:
    lines = reviewed.small.call("review", "--log").out.splitlines()
    steps = ("初审通过", "复审退回", "初审通过", "复审通过")
    assert all(step in line for step, line in zip(steps, lines[:-1], strict=True))
    assert f"写了{WORD}的名字" in lines[1]
    assert lines[-1] == "共 4 行。"
    log = reviewed.small.call("review", "--log", "--json").document
    assert [one["previous"] for one in log["log"]] == ["", *(one["hash"] for one in log["log"][:-1])]
    assert log["log"][0]["content"] == log["log"][1]["content"] != log["log"][2]["content"]
    assert log["broken"] is None


@pytest.mark.parametrize(
    "statement", ["UPDATE reviews SET reviewer = 'x'", "UPDATE reviews SET reason = 'x'", "DELETE FROM reviews"]
)
def test_the_store_only_adds_to_it(reviewed: ReviewedSite, statement: str) -> None:
    opened = closing(sqlite3.connect(reviewed.small.site.store))
    with opened as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)


@pytest.mark.parametrize(
    ("statement", "line", "told"),
    [
        ("UPDATE reviews SET reviewer = 'wang@linjiang.example' WHERE id = 3", 3, "第 3 行被改动过"),
        ("UPDATE reviews SET verdict = 'pass' WHERE id = 2", 2, "第 2 行被改动过"),
        ("UPDATE reviews SET reason = '好' WHERE id = 2", 2, "第 2 行被改动过"),
        ("UPDATE reviews SET at = 'yesterday', step = 'zeroth' WHERE id = 4", 4, "第 4 行被改动过"),
        ("UPDATE reviews SET at = 1e300 WHERE id = 1", 1, "第 1 行被改动过"),
        ("DELETE FROM reviews WHERE id = 2", 2, "第 2 行不见了"),
        ("DELETE FROM reviews WHERE id > 2", 3, "第 3 行到第 4 行不见了"),
        ("DELETE FROM reviews", 1, "第 1 行到第 4 行不见了"),
        (
            "INSERT INTO reviews SELECT 5, at, path, content, 'final', 'pass', 'wang@linjiang.example', identity, '', "
            "'', hash, hash FROM reviews WHERE id = 4",
            5,
            "第 5 行被改动过",
        ),
    ],
)
def test_status_finds_the_first_line_that_was_tampered_with(
    reviewed: ReviewedSite, statement: str, line: int, told: str
) -> None:
    """And goes on finding it, whatever is reviewed afterwards."""
    reviewed.publish()
    assert reviewed.small.call("status").status == 0
    alter(reviewed, statement)
    status, log = reviewed.small.call("status"), reviewed.small.call("review", "--log")
    assert (status.status, told in status.out, told in log.out, log.status) == (1, True, True, 1)
    assert "请管理员查明谁动过" in status.out
    for _ in range(2):
        assert reviewed.small.call("status", "--json").document["review"]["broken"]["line"] == line
        assert reviewed.small.call("status").status == 1
        reviewed.write("news/b.md", (str(len(reviewed.waiting())),), title="另一篇")
        assert reviewed.review(WANG, "news/b.md", "--pass").status == 0


def test_a_forged_pass_publishes_nothing_unnoticed(reviewed: ReviewedSite) -> None:
    """Nor does a second step by the same person, written into the log by hand."""
    alter(
        reviewed,
        "INSERT INTO reviews SELECT 5, at, path, content, 'final', 'pass', reviewer, identity, '', '', hash, 'x' "
        "FROM reviews WHERE id = 4",
    )
    assert reviewed.publish()["review"]["final"] == 1
    assert reviewed.small.call("status").status == 1


def test_a_backup_carries_the_log_and_an_older_one_tells_nothing_false(reviewed: ReviewedSite, tmp_path: Path) -> None:
    """What was passed since is asked for again, and what was public since is as it was."""
    reviewed.publish()
    reviewed.small.call("backup", str(tmp_path / "a.zip"))
    before = reviewed.small.call("review", "--log", "--json").document
    reviewed.review(WANG, NEW, "--pass")
    reviewed.publish()
    assert TITLE in reviewed.titles()
    assert reviewed.small.call("restore", str(tmp_path / "a.zip")).status == 0
    assert reviewed.small.call("review", "--log", "--json").document == before
    assert reviewed.small.call("status", "--json").document["review"]["broken"] is None
    assert reviewed.publish()["review"]["final"] == 1
    assert TITLE not in reviewed.titles()
    reviewed.review(WANG, NEW, "--pass")
    reviewed.publish()
    assert TITLE in reviewed.titles()


def test_a_purge_leaves_hashes_and_paths_and_takes_the_words(reviewed: ReviewedSite) -> None:
    reviewed.review(WANG, NEW, "--pass")
    reviewed.publish()
    reviewed.write(text=(f"又写了{WORD}。",), title=f"{WORD}的通知")
    assert NEW in reviewed.waiting()
    url = reviewed.small.stories()[TITLE]["url"]
    assert reviewed.small.call("purge", url, "--reason", "含个人信息", "--yes").status == 0
    log = reviewed.small.call("review", "--log", "--json").document
    assert (len(log["log"]), log["broken"]) == (5, None)
    assert [one["reason"] for one in log["log"]] == [""] * 5
    assert {one["file"] for one in log["log"]} == {NEW}
    assert reviewed.small.call("status").status == 0
    (reviewed.content / NEW).unlink()
    left = [
        file for file in reviewed.small.site.state.rglob("*") if file.is_file() and WORD.encode() in file.read_bytes()
    ]
    assert left == []


def test_reviews_are_kept_however_old_they_are(reviewed: ReviewedSite) -> None:
    """A clock that was wrong breaks nothing."""
    with Store.open(reviewed.small.site.store) as store:
        store._connection.execute("UPDATE awaiting SET since = 4102444800")
    reviewed.review(WANG, NEW, "--pass")
    reviewed.publish()
    assert len(reviewed.small.call("review", "--log", "--json").document["log"]) == 5
    assert reviewed.small.call("status").status == 0


def make_word(step: int) -> bytes:
    document = type_official()
    document.add_paragraph(f"第{step}稿：供水企业应当在冰冻到来以前完成管道包扎。")
    return save(document)


def make_pdf(step: int) -> bytes:
    return PDF + f"% {step}\n".encode()


@pytest.mark.parametrize(("name", "make"), [("a.docx", make_word), ("名单.pdf", make_pdf)], ids=["Word", "PDF"])
def test_word_and_pdf_drafts_are_reviewed_too(office: ReviewedSite, name: str, make: Callable[[int], bytes]) -> None:
    path = f"notices/{name}"
    file = office.content / path
    bodies = make(1), make(2)
    file.write_bytes(bodies[0])
    before = office.titles()
    for _ in range(2):
        assert office.publish()["review"]["first"] == 1
        assert office.titles() == before
    office.pass_all(path)
    office.publish()
    assert len(office.titles() - before) == 1
    tree = office.small.addresses()
    file.write_bytes(bodies[1])
    assert office.publish()["review"]["first"] == 1
    # The clock alone makes no other content.
    file.write_bytes(bodies[0])
    assert office.publish()["review"]["waiting"] == 0
    assert office.small.addresses() == tree


def test_a_store_of_an_earlier_version_keeps_what_is_public(office: ReviewedSite) -> None:
    """It has no hashes of what could have been reviewed."""
    before = office.small.addresses()
    turn_back(office.small.site.store, MIGRATIONS.index(REVIEWS))
    office.write()
    assert office.publish()["review"]["waiting"] == 1
    assert office.small.addresses() == before


def test_the_list_waits_for_no_other_command(office: ReviewedSite) -> None:
    """While a run is under way, it tells what the last one found; a step is refused."""
    from aggregator.pipeline import hold_lock

    office.write(text=TEXT)
    office.publish()
    with hold_lock(office.small.site):
        listed = office.small.call("review", "--json")
        assert [one["file"] for one in json.loads(listed.out)["waiting"]] == [NEW]
        assert office.review(ZHANG, NEW, "--pass").status == 4
