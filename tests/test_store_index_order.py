"""The index is a function of its posts and of the frozen snapshot, whatever the order they came in."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes import EXCERPT, FOREST, MEDICAL, MEDICAL_TRADITIONAL, NOON, QUESTIONS, outage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_fixtures import ACCOUNTS, DAY, ROADS, add, find, place_all, post, write_long

from aggregator.model import Post
from aggregator.store import Store, frequent, index
from aggregator.store.frequent import do_alone
from aggregator.text import hash_grams, normalize, take_sketch

# order ----------------------------------------------------------------------------------------------------------


MANY = [
    post("yb", "1", "医保参保缴费通知", MEDICAL),
    post("fq", "2", "【轉載】醫保", MEDICAL_TRADITIONAL, NOON + DAY),
    post("fq", "3", "医保参保缴费通知", MEDICAL, NOON + DAY),
    post("rb", "4", "医保缴费开始了", EXCERPT, NOON + DAY),
    post("rb", "5", "医保参保缴费通知", MEDICAL, NOON - DAY),
    post("yb", "6", "医保参保缴费通知", f"{MEDICAL}\n{QUESTIONS}", NOON + 2 * DAY),
    post("ly", "7", "森林防火期通告", FOREST),
    post("fq", "8", "森林防火期通告", f"来源：栖江林业\n{FOREST}", NOON + DAY),
    post("rb", "9", "今天的栖江", f"{MEDICAL}\n{FOREST}\n{outage()}", NOON + DAY),
    # Twins at addresses of their own, at which others stand that are like them in little else.
    *(
        post(account, "a1", "医保参保缴费通知", MEDICAL, url=f"https://a.cn/{account}")
        for account in ("yb", "fq", "ly")
    ),
    *(
        post("rb", f"a{n}", f"栖江这{n + 2}件事", f"{MEDICAL.splitlines()[4]}\n{QUESTIONS[: 90 + n]}", NOON, url)
        for n, url in enumerate(("https://a.cn/yb", "https://a.cn/fq", "https://a.cn/ly"))
    ),
    *(post("water", f"w{n}", "停水通知", outage(road), NOON + n * DAY) for n, road in enumerate(ROADS)),
    *(
        post("fq", f"w{n}", "转发：停水通知", f"{outage(road)}\n请相互转告。", NOON + n * DAY)
        for n, road in enumerate(ROADS[:4])
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a frozen snapshot of some outages, by which the template is frequent."""
    file = tmp_path_factory.mktemp("seeded") / "store.sqlite3"
    with Store.open(file) as store:
        seeds = [
            post("seed", f"s{n}", "停水通知", outage(road, f"{n % 9 + 1}月{n % 28 + 1}日"), NOON - n * DAY)
            for n, road in enumerate(f"{first}{second}路" for first in "东西南北中" for second in "甲乙丙丁戊")
        ]  # fmt: skip
        store.posts.save("seed", seeds, NOON)
        place_all(store)
        store.index.renew_snapshot(NOON)
        place_all(store)
        assert store.index.load_common()
    return file


def list_partition(store: Store) -> set[tuple[frozenset[str], str]]:
    """Which posts stand together under which lead, by their names."""
    names = {one.id: f"{one.post.account} {one.post.key}" for one in store.posts.load(range(1, 200), bodies=False)}
    return {
        (frozenset(names[member.post] for member in story.members), names[story.lead])
        for story in store.stories.load()
        if story.members
    }


@pytest.mark.parametrize(("postings", "namesakes"), [(1024, 128), (5, 2), (2, 5)])
def test_the_order_of_arrival_makes_no_difference(
    seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postings: int, namesakes: int
) -> None:
    """Whatever the order and the batches, also where keys become crowded on the way: the same stories and leads."""
    monkeypatch.setattr(index, "MAX_POSTINGS", postings)
    monkeypatch.setattr(index, "MAX_NAMESAKES", namesakes)
    expected: list[set[tuple[frozenset[str], str]]] = []

    @settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(st.permutations(MANY), st.lists(st.integers(1, 9), max_size=8))
    def check(posts: Sequence[Post], sizes: Sequence[int]) -> None:
        file = tmp_path / "store.sqlite3"
        for old in tmp_path.iterdir():
            old.unlink()
        shutil.copy(seeded, file)
        with Store.open(file) as store:
            for size in (*sizes, len(posts)):
                for one in posts[:size]:
                    store.posts.save(one.account, [one], NOON)
                posts = posts[size:]
                place_all(store)
            expected[:] = expected or [list_partition(store)]
            assert list_partition(store) == expected[0]

    check()


def test_placing_all_again_changes_nothing(seeded: Path, tmp_path: Path) -> None:
    """No story, no decision, no row of the index."""
    file = tmp_path / "store.sqlite3"
    shutil.copy(seeded, file)
    with Store.open(file) as store:
        for one in MANY:
            store.posts.save(one.account, [one], NOON)
        place_all(store)
        before = store.stories.load(), store.stories.load_decisions(), dump(store)
        for account in ACCOUNTS:
            store.posts.mark_unplaced(account)
        assert place_all(store) == 0
        assert (store.stories.load(), store.stories.load_decisions(), dump(store)) == before


def dump(store: Store) -> list[tuple[object, ...]]:
    tables = ("prints", "postings", "crowded", "snapshots")
    return [row for table in tables for row in store._connection.execute(f"SELECT * FROM {table}")]  # noqa: S608  names of tables


# the snapshot ---------------------------------------------------------------------------------------------------


def test_a_snapshot_tells_templates_from_copies(store: Store) -> None:
    """The grams of a notice that comes again and again are frequent; those of one that many post at once are not."""
    copies = [post("yb", f"c{n}", "医保", f"{MEDICAL}\n{write_long(n)[:20]}") for n in range(30)]
    notices = [post("water", f"w{n}", "停水", outage(ROADS[n % 8]), NOON - n * DAY) for n in range(30)]
    for account, posts in (("yb", copies), ("water", notices)):
        store.posts.save(account, posts, NOON)
    for _ in range(2):
        # By days before the posts are placed, by stories after.
        store.index.renew_snapshot(NOON)
        common = store.index.load_common()
        assert len(common & set(take_sketch(outage(), size=1000))) > 20
        grams = set(take_sketch(MEDICAL, size=1000))
        assert len(common & grams) < len(grams) / 20
        place_all(store)


def test_a_snapshot_counts_the_same_wherever_grams_are_gathered(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever portions the posts are read, as long as no day has more."""
    notices = [post("water", f"w{n}", "停水", outage(ROADS[n % 8]), NOON - n // 4 * DAY) for n in range(40)]
    store.posts.save("water", notices, NOON)

    def share_elsewhere(function: Callable[..., Any], tasks: Iterable[Any]) -> Iterator[tuple[None, Any]]:
        """As with other processes, all tasks are taken before the first result."""
        given = [*tasks]
        yield from [(None, function(*arguments)) for _, arguments in given]

    for portion, share in ((500, do_alone), (4, share_elsewhere), (9, do_alone)):
        monkeypatch.setattr(frequent, "UNIT", portion)
        store.index.renew_snapshot(NOON, share)
        assert store.index.load_common() == count_common(notices) != frozenset()


def count_common(posts: Sequence[Post]) -> frozenset[int]:
    """Grams of notices that stand in posts of more than four days."""
    days: defaultdict[int, set[int]] = defaultdict(set)
    for one in posts:
        if one.published:
            grams = {gram for block in hash_grams(normalize(one.text)) for gram in block}
            days[int(one.published.timestamp()) // 86400] |= grams
    counts = Counter(gram for grams in days.values() for gram in grams)
    return frozenset(gram for gram, times in counts.items() if times > 4)


def test_of_a_day_of_many_posts_some_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of one day are in memory together; the same ones whatever the order they came in."""
    monkeypatch.setattr(frequent, "UNIT", 2)
    posts = [post("water", f"w{n}", "停水", outage(ROADS[n % 8]), NOON - n // 8 * DAY) for n in range(48)]
    counted = []
    for number, order in enumerate((posts, posts[::-1])):
        with Store.open(tmp_path / f"{number}.sqlite3") as store:
            store.posts.save("water", order, NOON)
            store.index.renew_snapshot(NOON)
            counted.append(store.index.load_common())
    assert counted[0] == counted[1] < count_common(posts)


def test_when_a_snapshot_is_taken(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """At two sizes of the store, before placing; never again by itself."""
    monkeypatch.setattr(index, "SNAPSHOT_AT", (3, 6))
    due = []
    for number in range(9):
        store.posts.save("yb", [post("yb", str(number), f"通知{number}", f"{FOREST}{number}")], NOON)
        due.append(store.index.is_snapshot_due())
        place_all(store)
    assert due == [False, False, True, False, False, True, False, False, False]


def test_a_renewed_snapshot_lets_all_posts_be_compared_anew(store: Store) -> None:
    """What was not placed yet stays out of the index."""
    first, second = add(store, post("yb", "1", "医保", MEDICAL), post("fq", "1", "缴费", EXCERPT))
    place_all(store)
    store.posts.save("rb", [post("rb", "1", "转发", MEDICAL)], NOON)
    store.index.renew_snapshot(NOON)
    assert set(store.posts.list_unplaced()) == {first, second, 3}
    assert find(store, first) == (second,)
    assert find(store, 3) == ()
