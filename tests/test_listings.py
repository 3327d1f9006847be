"""The lists' neighbours asked for together, and the chunks of pages that worker processes get."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.artifacts import Filing, find_segment
from aggregator.build.shares import Shares
from aggregator.model import Member, Placement, Post, Story, StoryChanges
from aggregator.store import Store
from aggregator.store.listings import DENSE

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
LIST = "column/news"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A column of 60 stories; each third one has the date of the one before it."""
    file: Path = tmp_path_factory.mktemp("listings") / "store.sqlite3"
    with Store.open(file) as store:
        names = [f"s{number:02}" for number in range(60)]
        posts = store.posts.save("a", [Post("a", name, name, aliases=(name,)) for name in names], NOW).new
        stories = [
            Story(name, post, post, (Member(post, "lead", 1.0, ""),)) for name, post in zip(names, posts, strict=True)
        ]
        store.stories.save(StoryChanges(tuple(stories)), posts, NOW)
        store.stories.save_placements(
            Placement(name, "news", "动态", NOW + timedelta(hours=number - (number % 3 == 2)))
            for number, name in enumerate(names)
        )
        with store.transaction():
            store.entries.rebuild(ZONE, Filing())
    return Store.open(file)


@given(asked=st.sets(st.integers(0, 59)))
def test_neighbours_asked_for_together_are_those_of_each_story_by_itself(store: Store, asked: set[int]) -> None:
    entries = store.entries.load([f"s{number:02}" for number in sorted(asked)])
    places = {one.story: (LIST, one.date) for one in entries}
    one_by_one = {story: store.listings.find_neighbours(LIST, date, story) for story, (_, date) in places.items()}
    assert store.listings.find_all_neighbours(places) == one_by_one


def test_stories_that_lie_far_apart_do_not_have_all_between_them_read(store: Store) -> None:
    dates = [one.date for one in store.entries.load(["s00", "s59"])]
    assert store.listings._list_run(LIST, min(dates), max(dates), 2 * DENSE) == ()
    assert len(store.listings._list_run(LIST, min(dates), max(dates), 60)) == 60


@pytest.mark.parametrize("last", [False, True])
def test_pages_are_handed_out_from_month_to_month(last: bool) -> None:
    months = [[f"news/2026-{month:02}.html", f"accounts/a/2026-{month:02}.html"] for month in range(12, 0, -1)]
    paths = [path for pages in months for path in (*pages, *(f"s/{pages[0][10:12]}-{n}.html" for n in range(6)))]
    chunks = hand_out(Shares(paths, 1, 10, 10), itertools.repeat(last))
    assert [path for chunk in chunks for path in chunk] == paths
    assert [chunk[:2] for chunk in chunks] == months


@given(
    paths=st.lists(st.sampled_from(["news/2026-03.html", "news/2026-03-04.html", "s/x.html"])),
    size=st.integers(1, 5),
    ends=st.lists(st.booleans(), min_size=1),
)
def test_every_page_is_in_one_chunk_and_none_is_too_long(paths: list[str], size: int, ends: list[bool]) -> None:
    chunks = hand_out(Shares(paths, 2, size, 1), itertools.cycle(ends))
    assert [path for chunk in chunks for path in chunk] == paths
    assert all(0 < len(chunk) <= size for chunk in chunks)


@given(
    parts=st.lists(st.sampled_from(["2026-05", "2026-before-05", "2025"]), unique=True),
    files=st.integers(1, 9),
    size=st.integers(1, 5),
    ends=st.lists(st.booleans(), min_size=1),
)
def test_a_part_of_the_search_index_is_in_one_chunk(parts: list[str], files: int, size: int, ends: list[bool]) -> None:
    indexed = [f"search/{part}/{n}.{'bin' if n else 'txt'}" for part in parts for n in range(files)]
    paths = ["search.html", "search/index.json", *indexed, *(f"search/s/{n}.json" for n in range(files))]
    chunks = hand_out(Shares(paths, 2, size, 1), itertools.cycle(ends))
    assert [path for chunk in chunks for path in chunk] == paths
    held = [part for chunk in chunks for part in {find_segment(path) for path in chunk} - {""}]
    assert sorted(held) == sorted(parts)


def hand_out(left: Shares, ends: Iterator[bool]) -> list[Sequence[str]]:
    """All chunks in the order of their pages, each taken from the end where `ends` says so."""
    chunks = {}
    while left:
        start, chunk = left.take_last() if next(ends) else left.take_first()
        chunks[start] = chunk
    return [chunks[start] for start in sorted(chunks)]
