"""Waiting posts compared: the same matches whether this process compares or others do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FOREST, FOREST_TITLE, MEDICAL, MEDICAL_TITLE, NOON, make_post
from site_fixtures import ignore_progress

from aggregator.pipeline import comparing, crew
from aggregator.pipeline.crew import Crew
from aggregator.pipeline.indexing import index_posts
from aggregator.store import Store

POSTS = range(1, 31)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        for n in POSTS:
            title, text = (MEDICAL_TITLE, MEDICAL) if n % 2 else (FOREST_TITLE, FOREST)
            text += f"\n转给家人{'一二三四五六七八九十'[n % 10] * (n // 10 + 1)}。"
            opened.posts.save(f"u{n}", [make_post(str(n), account=f"u{n}", title=title, text=text)], NOON)
        opened.posts.withdraw(7, NOON)
        with Crew(len(POSTS)) as hands:
            index_posts(POSTS, opened, ignore_progress, hands)
        yield opened


def compare_all(store: Store) -> list[tuple[object, ...]]:
    """The matches, made anew."""
    store._connection.execute("DELETE FROM matches")
    with Crew(len(POSTS)) as hands:
        assert comparing.compare_posts(POSTS, store.candidates({}), store, ignore_progress, hands) == ()
    return list(store._connection.execute("SELECT * FROM matches ORDER BY a, b"))


def test_other_processes_find_the_same_matches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many posts they get at a time."""
    alone = compare_all(store)
    assert len(alone) > 20
    monkeypatch.setattr(crew, "MANY", 1)
    monkeypatch.setattr(comparing, "BATCH", 4)
    monkeypatch.setattr(crew.os, "cpu_count", lambda: 3)
    assert compare_all(store) == alone


def test_a_worker_that_runs_out_of_memory_is_done_without(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it should have compared is compared here."""
    alone = compare_all(store)
    monkeypatch.setattr(crew, "MANY", 1)
    monkeypatch.setattr(crew, "WORKER_MEMORY", 1)
    monkeypatch.setattr(crew.os, "cpu_count", lambda: 2)
    assert compare_all(store) == alone
