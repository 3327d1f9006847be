"""A store whose index is looked at: posts that are saved and indexed, who finds whom, what is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fakes import NOON, make_post
from site_fixtures import ignore_progress

from aggregator.cluster import place
from aggregator.model import Account, Document, Match, Post, Registry
from aggregator.pipeline.channel import place_waiting
from aggregator.store import Store

REGISTRY = Registry(
    tuple(
        Account(name, name, f"栖江市{name}", "wechat", "department", "栖江市")
        for name in ("yb", "ly", "fq", "rb", "water", "seed")
    )
)
ACCOUNTS = {account.id: account for account in REGISTRY.accounts}
DAY = timedelta(days=1)
ROADS = ["枫桥路", "长江路", "人民路", "解放路", "新华路", "中山路", "建设路", "和平路"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        yield opened


def post(account: str, key: str, title: str, text: str, date: datetime = NOON, url: str = "") -> Post:
    return make_post(key, account=account, title=title, text=text or " ", published=date, canonical_url=url, url=url)


def add(store: Store, *posts: Post) -> list[int]:
    """Save and index, but do not compare. Ids."""
    ids = [new for one in posts for new in store.posts.save(one.account, [one], NOON).new]
    store.index.save(ids, store.index.take_fingerprints(ids, store.index.load_common()))
    return ids


def place_all(store: Store) -> int:
    return place_waiting(REGISTRY, store, NOON, ignore_progress)


def find(store: Store, number: int) -> tuple[int, ...]:
    return tuple(store.candidates(ACCOUNTS).find_candidates(number))


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[int, int]]:
    """How often each pair of posts was compared."""
    counts: Counter[tuple[int, int]] = Counter()
    real = place.compare

    def count(one: Document, other: Document) -> Match | None:
        counts[one.post, other.post] += 1
        return real(one, other)

    monkeypatch.setattr(place, "compare", count)
    return counts


def write_long(number: int) -> str:
    """A text of a post's length that no other resembles."""
    return "".join(chr(0x4E00 + hash_number(number, place) % 3000) for place in range(450))


def hash_number(number: int, place: int) -> int:
    return ((number * 1_000_003 + place) * 2_654_435_761 >> 7) % 1_000_003
