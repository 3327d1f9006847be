"""Waiting posts into the index: the same rows whether this process takes the fingerprints or others do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FOREST, MEDICAL, NOON, make_post
from site_fixtures import ignore_progress

from aggregator.pipeline import crew, indexing
from aggregator.pipeline.crew import Crew
from aggregator.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        posts = [make_post(str(n), account="yb", text=f"{MEDICAL if n % 2 else FOREST}\n第{n}号") for n in range(30)]
        opened.posts.save("yb", posts, NOON)
        opened.posts.withdraw(7, NOON)
        yield opened


def index_all(store: Store) -> list[tuple[object, ...]]:
    """The rows of the index, made anew."""
    store._connection.execute("DELETE FROM prints")
    store._connection.execute("DELETE FROM postings")
    with Crew(30) as hands:
        indexing.index_posts(range(1, 31), store, ignore_progress, hands)
    return [row for table in ("prints", "postings") for row in store._connection.execute(f"SELECT * FROM {table}")]  # noqa: S608  names of tables


def test_other_processes_make_the_same_index(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many posts are shared out; the withdrawn one is in neither."""
    alone = index_all(store)
    assert {row[0] for row in alone if len(row) > 3} == set(range(1, 31)) - {7}
    monkeypatch.setattr(crew, "MANY", 1)
    monkeypatch.setattr(indexing, "BATCH", 4)
    monkeypatch.setattr(indexing, "WRITTEN", 10)
    monkeypatch.setattr(crew.os, "cpu_count", lambda: 3)
    assert index_all(store) == alone


def test_long_texts_are_taken_a_few_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long each is, the same index comes of it."""
    alone = index_all(store)
    monkeypatch.setattr(indexing, "BATCH_CHARACTERS", 500)
    assert index_all(store) == alone


def test_a_worker_that_runs_out_of_memory_is_done_without(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it should have done is done here, text by text."""
    alone = index_all(store)
    monkeypatch.setattr(crew, "MANY", 1)
    monkeypatch.setattr(crew, "WORKER_MEMORY", 1)
    monkeypatch.setattr(crew.os, "cpu_count", lambda: 2)
    assert index_all(store) == alone
