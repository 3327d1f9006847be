"""The index by which copies are found: small, symmetric, the same in whatever order its posts came."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fakes import EXCERPT, FOREST, MEDICAL, MEDICAL_TRADITIONAL, NOON, QUESTIONS, make_post, outage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from site_fixtures import ignore_progress

from aggregator.cluster import place
from aggregator.model import Account, Document, Match, Post, Registry
from aggregator.pipeline.channel import place_waiting
from aggregator.store import Store, index
from aggregator.store.candidates import estimate_containment
from aggregator.text import SKETCH, take_sketch

REGISTRY = Registry(
    tuple(
        Account(name, name, f"栖江市{name}", "wechat", "department", "栖江市")
        for name in ("yb", "ly", "fq", "rb", "water", "seed")
    )
)
ACCOUNTS = {account.id: account for account in REGISTRY.accounts}
DAY = timedelta(days=1)
WINDOW = Registry(()).stories.window
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


# what finds what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("the same text", ("医保", MEDICAL, ""), ("转发", MEDICAL_TRADITIONAL, "")),
        ("an excerpt", ("医保", MEDICAL, ""), ("缴费开始", EXCERPT, "")),
        ("a page that carries it", ("医保", MEDICAL, ""), ("今日", f"{FOREST}\n{MEDICAL}\n{outage()}", "")),
        ("the same address", ("医保", MEDICAL, "https://a.cn/1"), ("防火", FOREST, "https://a.cn/1")),
        ("the same headline", ("关于医保缴费的通知", MEDICAL, ""), ("【转发】关于医保缴费的通知", "见图", "")),
        ("its correction", ("关于医保缴费的通知", MEDICAL, ""), ("【更正】关于医保缴费的通知", "应为400元。", "")),
        ("one that names it", ("关于医保缴费的通知", MEDICAL, ""), ("更正", "《关于医保缴费的通知》应为400元。", "")),
    ],
)  # fmt: skip
def test_one_finds_the_other(store: Store, name: str, one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    """By text, a part of it, address or headline; whichever of the two came first."""
    posts = [
        post(account, "1", title, text, url=url)
        for account, (title, text, url) in zip(("yb", "fq"), (one, other), strict=True)
    ]
    first, second = add(store, *posts)
    assert (find(store, first), find(store, second)) == ((second,), (first,)), name


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("other texts", ("医保", MEDICAL, ""), ("防火", FOREST, "")),
        ("a site's front page", ("医保", MEDICAL, "https://a.cn/"), ("防火", FOREST, "https://a.cn/")),
        ("a headline that everybody uses", ("公告", MEDICAL, ""), ("公告", FOREST, "")),
        ("two short texts", ("公示一", "详见附件。", ""), ("公示二", "详见附件。", "")),
        ("no texts and no headlines", ("!", "", ""), ("!", "", "")),
    ],
)
def test_strangers_find_nobody(store: Store, name: str, one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    """What two posts share without having anything to do with one another."""
    (title, text, url), (title2, text2, url2) = one, other
    first, second = add(store, post("yb", "1", title, text, url=url), post("fq", "1", title2, text2, url=url2))
    assert find(store, first) == find(store, second) == (), name


def test_the_window_goes_by_dates_of_publication(store: Store) -> None:
    """Beyond it a post is found by its whole text, its headline or its address, and by those of any age."""
    late, old = NOON, NOON - (WINDOW + 1) * DAY
    first, excerpt, exact, title, recent = add(
        store,
        post("yb", "1", "关于医保缴费的通知", MEDICAL, late),
        post("fq", "2", "缴费", EXCERPT, old),
        post("ly", "3", "转发", MEDICAL, old),
        post("rb", "4", "关于医保缴费的通知", "见图", old),
        post("rb", "5", "缴费开始", EXCERPT, late - WINDOW * DAY),
    )
    assert find(store, first) == (exact, title, recent)
    assert find(store, excerpt) == (exact, recent)


def test_sketches_estimate_containment() -> None:
    """Near the share of grams in common, whichever text is the longer one; all of a short text is known."""
    whole, part = take_sketch(MEDICAL * 1), take_sketch(MEDICAL[100:260])
    assert len(whole) == SKETCH
    assert estimate_containment(whole, part) == estimate_containment(part, whole) > 0.8
    assert estimate_containment(whole, take_sketch(FOREST)) < 0.1
    assert estimate_containment(whole, take_sketch(f"{MEDICAL}{FOREST}{outage()}")) > 0.8


# twins ---------------------------------------------------------------------------------------------------------


def test_of_twins_one_is_shown(store: Store) -> None:
    """Which one is a matter of names, not of arrival; the others are found through it, and it through them."""
    copies = [post(account, key, "医保", MEDICAL) for account in ("yb", "fq") for key in "12345"]
    ids = add(store, *copies, post("ly", "1", "缴费", EXCERPT))
    *twins, excerpt = ids
    (shown,) = find(store, excerpt)
    assert find(store, shown) == tuple(one for one in ids if one != shown)
    assert {find(store, one) for one in twins if one != shown} == {(shown,)}
    place_all(store)
    assert [sorted(member.post for member in story.members) for story in store.stories.load()] == [sorted(ids)]


def test_when_the_shown_twin_goes_another_takes_its_place(store: Store) -> None:
    """And the story stays one; also when the text of the shown one changes."""
    add(store, *(post("yb", key, "医保", MEDICAL) for key in "12345"), post("ly", "1", "缴费", EXCERPT))
    for _ in range(4):
        (shown,) = find(store, 6)
        store.posts.withdraw(shown, NOON)
        place_all(store)
        live = [story for story in store.stories.load() if story.members]
        assert len(live) == 1
        assert shown not in {member.post for member in live[0].members}


@pytest.mark.parametrize("same_title", [True, False])
def test_a_text_that_a_feed_repeats_is_compared_once_each(
    store: Store, comparisons: Counter[tuple[int, int]], same_title: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times the repeats are ten times the work, and not a hundred times; under new headlines there is an end."""
    monkeypatch.setattr(index, "MAX_POSTINGS", 64)
    made: list[int] = []
    for copies in (50, 500):
        titles = ["关于医保缴费的通知" if same_title else f"通知（{number}）" for number in range(copies)]
        store.posts.save("yb", [post("yb", f"{copies} {n}", title, MEDICAL) for n, title in enumerate(titles)], NOON)
        comparisons.clear()
        place_all(store)
        made.append(comparisons.total())
    if same_title:
        # Once with the one that is shown, and again when another takes its place, which 550 posts make happen seldom.
        assert made[1] <= 5 * 550
        assert max(len(story.members) for story in store.stories.load()) == 550
    else:
        assert made[1] <= 2 * index.MAX_POSTINGS**2


# crowds --------------------------------------------------------------------------------------------------------


def test_what_everybody_has_finds_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of too many posts is none, for those that had it first too; until there are few enough again."""
    monkeypatch.setattr(index, "MAX_POSTINGS", 4)
    monkeypatch.setattr(index, "MAX_NAMESAKES", 4)
    texts = [f"{MEDICAL}\n第{word}分局。" for word in "甲乙丙丁戊"]
    ids = add(store, *(post("yb", str(number), f"通知{number}", texts[number]) for number in range(4)))
    assert all(len(find(store, one)) == 3 for one in ids)
    place_all(store)
    (last,) = add(store, post("yb", "4", "通知4", texts[4]))
    assert find(store, last) == ()
    assert set(store.posts.list_unplaced()) == {*ids, last}
    place_all(store)
    store.posts.withdraw(last, NOON)
    place_all(store)
    assert all(len(find(store, one)) == 3 for one in ids)


# order ---------------------------------------------------------------------------------------------------------


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


# the snapshot --------------------------------------------------------------------------------------------------


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


# size and bad input ----------------------------------------------------------------------------------------------


def write_long(number: int) -> str:
    """A text of a post's length that no other resembles."""
    return "".join(chr(0x4E00 + hash_number(number, place) % 3000) for place in range(450))


def hash_number(number: int, place: int) -> int:
    return ((number * 1_000_003 + place) * 2_654_435_761 >> 7) % 1_000_003


def test_the_index_takes_less_than_a_kilobyte_a_post(store: Store) -> None:
    """With all its tables, as pages of the file."""
    count = 2000
    posts = [
        post("yb", str(n), write_long(n + count)[:30], write_long(n), url=f"https://a.cn/{n}") for n in range(count)
    ]
    store.posts.save("yb", posts, NOON)
    ids = list(range(1, count + 1))
    before = count_bytes(store)
    for start in range(0, count, 100):
        batch = ids[start : start + 100]
        store.index.save(batch, store.index.take_fingerprints(batch, frozenset()))
    assert (count_bytes(store) - before) / count <= 1024


def count_bytes(store: Store) -> int:
    pages, free, size = (
        store._connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def test_what_broken_sites_say_is_no_story_of_many_accounts(store: Store) -> None:
    """A third of the posts have no headline at all, by which a stranger could be told."""
    failure = "抱歉，您访问的文章暂时无法显示，可能是网络不稳定，也可能已经被发布者删除。请稍后刷新页面再试。"
    owners = {}
    for n in range(150):
        account = tuple(ACCOUNTS)[n % 5]
        title = f"{chr(0x4E00 + 131 * n)}{chr(0x4E01 + 97 * n)}{chr(0x4E02 + 89 * n)}" * 2 if n % 3 else ""
        bad = replace(post(account, str(n), "-", failure), title=title)
        owners |= dict.fromkeys(store.posts.save(account, [bad], NOON).new, account)
    place_all(store)
    stories = [{owners[member.post] for member in story.members} for story in store.stories.load()]
    assert len(stories) >= 100
    assert all(len(accounts) <= 1 for accounts in stories)


BAD: dict[str, Callable[[int], str]] = {
    "bodies under 80 characters": lambda n: f"今日{'晴雨雪雾风'[n % 5]}，{n}度，出门请注意安全，祝您生活愉快。",
    "only pictures": lambda _: "",
    "right-to-left": lambda n: "مرحبا بكم في المدينة " * 20 + f"{n}",
    "emoji": lambda n: "🎉🎊💐👍🏻❤️" * 100 + f"{n}",
    "a million characters": lambda n: write_long(n) * 2222,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_neither_costs_nor_merges(store: Store, comparisons: Counter[tuple[int, int]], name: str) -> None:
    """Strangers with nothing to say stay strangers, and few of them are compared at all."""
    count = 4 if "million" in name else 150
    accounts = ("yb", "ly", "fq", "rb", "water")
    for n in range(count):
        account = accounts[n % 5]
        title = f"{write_long(n)[:12]}" if n % 3 else ""
        bad = Post(account, str(n), title, text=BAD[name](n), html="<img>", published=NOON, aliases=(str(n),))
        store.posts.save(account, [bad], NOON)
    store.posts.save("yb", [post("yb", "医保", "医保参保缴费通知", MEDICAL)], NOON)
    store.posts.save("fq", [post("fq", "医保", "缴费开始", EXCERPT)], NOON)
    place_all(store)
    members = sorted((len(story.members) for story in store.stories.load() if story.members), reverse=True)
    assert comparisons.total() <= 40 * count
    assert members[0] == 2
    assert members[1] == 1
