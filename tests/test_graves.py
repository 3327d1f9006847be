"""What is known of purged posts: enough that they do not come back, too little to tell what they were."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import FOREST, NOON, make_post
from site_fixtures import ignore_progress

from aggregator.model import LOCAL_ACCOUNT, Account, Post, Registry
from aggregator.pipeline.channel import place_waiting
from aggregator.store import Store

DAY = timedelta(days=1)
PAGE = "https://water.example/list.html"
REGISTRY = Registry((Account("water", "水务", "水务局", "website", "department", "栖江市"),))
FEED = make_post("guid-1", title="低保公示", text=FOREST, published=NOON)
LISTED = make_post(PAGE, title="低保公示", text=FOREST, published=NOON, canonical_url=PAGE)
DRAFT = make_post(
    "notices/a.md", account=LOCAL_ACCOUNT, title="低保公示", text=FOREST, published=NOON, aliases=("path:notices/a.md",)
)
NUMBERED = replace(DRAFT, key="tz-1", aliases=("tz-1", "path:notices/a.md"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        yield opened


def purge(store: Store, post: Post) -> None:
    store.posts.save(post.account, [post], NOON)
    place_waiting(REGISTRY, store, NOON, ignore_progress)
    (story,) = store.stories.load()
    store.purges.purge(story.id, store.purges.list_posts(story), "含个人信息", NOON)


@pytest.mark.parametrize(
    ("purged", "delivered", "comes"),
    [
        (FEED, FEED, False),
        (FEED, replace(FEED, title="另一个标题", published=NOON + DAY), False),
        (FEED, replace(FEED, key="guid-2", aliases=("guid-2",)), True),
        (LISTED, LISTED, False),
        (LISTED, replace(LISTED, title="另一个标题"), False),
        (LISTED, replace(LISTED, published=NOON + DAY), False),
        (LISTED, replace(LISTED, title="另一个标题", published=NOON + DAY), True),
        (DRAFT, replace(DRAFT, text="改过的正文"), False),
        (DRAFT, replace(DRAFT, title="另一个标题", published=NOON + DAY), True),
        (DRAFT, replace(DRAFT, key="notices/b.md", aliases=("path:notices/b.md",)), True),
        (NUMBERED, replace(NUMBERED, title="另一个标题", published=NOON + DAY), False),
        (NUMBERED, DRAFT, False),
    ],
)
def test_what_comes_back(store: Store, purged: Post, delivered: Post, comes: bool) -> None:
    """A guid or 编号 proves it; an address or a path, later perhaps another piece's, with headline or date only."""
    purge(store, purged)
    assert store.posts.drop_buried(delivered.account, [delivered]) == ((delivered,) if comes else ())
    assert bool(store.posts.save(delivered.account, [delivered], NOON + DAY).new) == comes


def test_graves_go_with_a_renamed_account(store: Store) -> None:
    purge(store, FEED)
    store.posts.rename_account("water", "shuiwu")
    assert store.posts.drop_buried("shuiwu", [FEED]) == ()
    assert store.posts.knows_account("shuiwu")


def test_a_grave_has_no_words(store: Store, tmp_path: Path) -> None:
    purge(store, LISTED)
    with closing(sqlite3.connect(tmp_path / "store.sqlite3")) as db:
        rows = db.execute("SELECT * FROM graves").fetchall()
    assert rows
    assert not any("低保" in str(row) or "example" in str(row) for row in rows)


def test_a_purged_story_stays_so_whatever_is_placed_anew(store: Store) -> None:
    purge(store, FEED)
    (story,) = store.stories.load()
    store.posts.mark_unplaced("water")
    place_waiting(REGISTRY, store, NOON + DAY, ignore_progress)
    assert store.states.load_notices([story.id])[story.id].purged
    assert store.stories.load_placements_of([story.id]) == {}
