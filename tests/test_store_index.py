"""The index by which copies are found: small, symmetric, and no more work than what comes."""

from __future__ import annotations

from collections import Counter

import pytest
from fakes import EXCERPT, FOREST, MEDICAL, MEDICAL_TRADITIONAL, NOON, outage
from index_fixtures import ACCOUNTS, DAY, ROADS, add, find, place_all, post, write_long

from aggregator.model import Registry
from aggregator.store import Store, index
from aggregator.store.candidates import estimate_containment
from aggregator.text import SKETCH, take_sketch

WINDOW = Registry(()).stories.window

# what finds what ------------------------------------------------------------------------------------------------


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


# twins ----------------------------------------------------------------------------------------------------------


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


# addresses -----------------------------------------------------------------------------------------------------


def test_each_twin_is_found_at_its_own_address(store: Store) -> None:
    """Also those that the index does not show; what is found there is one story with all of them."""
    twins = [post(account, "1", "医保参保缴费通知", MEDICAL, url=f"https://{account}.cn/1") for account in ("yb", "fq")]
    ids = add(store, *twins)
    # A first paragraph in other words: neither text nor headline finds it.
    lines = MEDICAL.splitlines()
    for number, one in enumerate(twins):
        text = f"参保缴费的事情这里说清楚了，请看下面。\n{lines[4]}\n点开原文可以看到全部内容和办理的地点。"
        (other,) = add(store, post("ly", str(number), f"栖江这{number + 2}件事", text, url=one.canonical_url))
        assert set(find(store, other)) & set(ids) == {ids[number]}
        assert other in find(store, ids[number])
    place_all(store)
    assert [len(story.members) for story in store.stories.load() if story.members] == [4]


def test_an_address_that_many_headlines_name_is_nobodys_own(store: Store) -> None:
    """A list of notices; a page that many post under one headline is not."""
    url = "https://slj.cn/list"
    posts = [post("water", str(n), f"{road}停水通知", outage(road), url=url) for n, road in enumerate(ROADS)]
    few = add(store, *posts[: index.MAX_HEADLINES])
    assert all(len(find(store, one)) == len(few) - 1 for one in few)
    documents = store.candidates(ACCOUNTS).load_documents(few)
    assert {document.canonical_url for document in documents} == {url}
    place_all(store)
    more = add(store, *posts[index.MAX_HEADLINES :])
    assert set(few) <= set(store.posts.list_unplaced())
    documents = store.candidates(ACCOUNTS).load_documents([*few, *more])
    assert {document.canonical_url for document in documents} == {""}
    one_page = [post("yb", str(n), "居民医保参保缴费通知", f"{MEDICAL}\n{n}", url="https://yb.cn/1") for n in range(9)]
    (first, *others) = add(store, *one_page)
    assert set(others) <= set(find(store, first))


# crowds ---------------------------------------------------------------------------------------------------------


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


# size -----------------------------------------------------------------------------------------------------------


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
