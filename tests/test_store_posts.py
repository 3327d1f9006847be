"""What the store makes of a batch of posts: new, changed, unchanged, and which of them are one post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import BEIJING, NOON, make_post

from aggregator.model import Attachment, FeedMemory, Post, SavedPosts, StoredPost
from aggregator.store import Store
from aggregator.store.saving import KEEP_REVISIONS

HOUR = timedelta(hours=1)
RSS, ATOM = "https://a.cn/rss.xml", "https://a.cn/atom.xml"
PAGE = "https://a.cn/1.html"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        yield opened


def save(store: Store, *posts: Post, now: datetime = NOON, feed: str = "", feeds: tuple[str, ...] = ()) -> SavedPosts:
    return store.posts.save("water", posts, now, feed, feeds)


def load_all(store: Store) -> list[StoredPost]:
    return sorted(store.posts.load(range(1, store.posts.count() + 1)), key=lambda stored: stored.id)


FULL = make_post(
    "guid-1",
    title="停水通知",
    text="枫桥路停水。\n请储水。",
    url="https://a.cn/1.html?from=x",
    canonical_url=PAGE,
    summary="枫桥路停水",
    published=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
    updated=datetime(2026, 11, 20, 9, tzinfo=UTC),
    author="张三",
    categories=("通知", "供水"),
    image="https://a.cn/1.jpg",
    attachments=(Attachment("https://a.cn/a.pdf", "附件", "application/pdf", 1200), Attachment("https://a.cn/b.doc")),
    header=(("来源", "栖江水务"), ("附件", "a.pdf"), ("附件", "b.doc")),
    warnings=("日期读不出",),
)


def test_a_post_comes_back_as_it_went_in(store: Store) -> None:
    """All fields but the aliases, which are the store's own business."""
    assert save(store, FULL) == SavedPosts(new=(1,))
    assert load_all(store) == [
        StoredPost(1, replace(FULL, aliases=()), NOON, 1, load_all(store)[0].content_hash, withdrawn_at=None)
    ]


def test_dates_come_back_in_utc_to_the_second(store: Store) -> None:
    """Whatever zone a feed wrote; a post without a date has the time it was first seen."""
    save(store, make_post("a", published=datetime(2026, 11, 20, 8, tzinfo=BEIJING)), make_post("b"))
    first, second = load_all(store)
    assert first.date == datetime(2026, 11, 20, 0, tzinfo=UTC)
    assert second.post.published is None
    assert second.date == NOON


def test_new_changed_unchanged(store: Store) -> None:
    """A batch says which posts are new and which have changed; the rest is not written."""
    a, b = make_post("a"), make_post("b")
    assert save(store, a, b) == SavedPosts(new=(1, 2))
    assert save(store, a, b, now=NOON + HOUR) == SavedPosts()
    changed = replace(b, title="新标题")
    assert save(store, a, changed, make_post("c"), now=NOON + HOUR) == SavedPosts(new=(3,), changed=(2,))
    assert [stored.revision for stored in load_all(store)] == [1, 2, 1]
    assert load_all(store)[1].first_seen == NOON


def test_a_former_revision_is_kept(store: Store) -> None:
    """With its number, title and body, as often as the post changes."""
    post = make_post("a", title="停水通知", text="旧")
    save(store, post)
    save(store, replace(post, title="停水通知（调整）", html="<p>新</p>", text="新"))
    save(store, replace(post, title="停水通知（取消）", html="<p>取消</p>", text="取消"))
    assert store.posts.load_revisions(1) == (
        (1, "停水通知", "<p>旧</p>"),
        (2, "停水通知（调整）", "<p>新</p>"),
    )
    assert load_all(store)[0].post.html == "<p>取消</p>"
    assert load_all(store)[0].revision == 3


def test_a_counter_in_the_text_does_not_fill_the_store(store: Store) -> None:
    """Of a post that changes at each poll the first revision and the newest are kept, and the count goes on."""
    post, polls = make_post("a"), KEEP_REVISIONS + 30
    for number in range(1, polls + 1):
        save(store, replace(post, html=f"<p>阅读：{number}次</p>"))
    kept = store.posts.load_revisions(1)
    assert [number for number, *_ in kept] == [1, *range(polls - KEEP_REVISIONS, polls)]
    assert (kept[0][2], kept[-1][2]) == ("<p>阅读：1次</p>", f"<p>阅读：{polls - 1}次</p>")
    assert load_all(store)[0].revision == polls


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "别"), ("url", "https://b.cn/"), ("html", "别"), ("text", "别"), ("summary", "别"),
        ("published", None),
        ("updated", NOON), ("author", "别"), ("categories", ("别",)), ("image", ""), ("genre", "news"), ("header", ()),
        ("attachments", (Attachment("https://a.cn/a.pdf"),)),
    ],
)  # fmt: skip
def test_what_residents_see_makes_a_revision(store: Store, field: str, value: object) -> None:
    """A change of any such field is a revision."""
    save(store, FULL)
    assert save(store, replace(FULL, **{field: value})) == SavedPosts(changed=(1,))
    assert getattr(load_all(store)[0].post, field) == value


@pytest.mark.parametrize(("field", "value"), [("warnings", ("别",)), ("aliases", ("guid-1", "another"))])
def test_what_nobody_sees_makes_none(store: Store, field: str, value: object) -> None:
    """Identifiers and notes of the reader are no content."""
    save(store, FULL)
    assert save(store, replace(FULL, **{field: value})) == SavedPosts()


def test_a_post_that_left_the_feed_stays(store: Store) -> None:
    """Feeds drop what is old; an empty feed takes nothing back."""
    save(store, make_post("a"), make_post("b"))
    assert save(store, make_post("b")) == SavedPosts()
    assert save(store) == SavedPosts()
    assert [stored.withdrawn_at for stored in load_all(store)] == [None, None]


def test_accounts_do_not_share_keys(store: Store) -> None:
    """A guid is unique within its account only."""
    save(store, make_post("1"))
    assert store.posts.save("power", [make_post("1", account="power")], NOON) == SavedPosts(new=(2,))


# which of them are one post -----------------------------------------------------------------------------------


def test_another_guid_at_the_same_address_under_the_same_title(store: Store) -> None:
    """The site's new software: the same post; from now on it is known by both guids."""
    save(store, make_post("old", title="停水通知", canonical_url=PAGE))
    moved = make_post("new", title="【通知】停水通知", text="新", canonical_url=PAGE)
    assert save(store, moved) == SavedPosts(changed=(1,))
    assert load_all(store)[0].post.key == "old"
    assert save(store, replace(moved, aliases=("new",), canonical_url="", title="别")) == SavedPosts(changed=(1,))


def test_another_title_at_the_same_address_is_another_post(store: Store) -> None:
    """A list page that every notice links to does not fold each into the last."""
    save(store, make_post("a", title="停水通知", canonical_url=PAGE))
    assert save(store, make_post("b", title="恢复供水", canonical_url=PAGE)) == SavedPosts(new=(2,))


def test_an_address_that_two_posts_of_a_batch_share_names_neither(store: Store) -> None:
    """Also not later, when one of them comes again under another guid."""
    a, b = (make_post(key, title="停水通知", canonical_url=PAGE) for key in "ab")
    assert save(store, a, b) == SavedPosts(new=(1, 2))
    assert save(store, a, b) == SavedPosts()
    assert store.posts.find("water", PAGE) is None
    assert save(store, make_post("c", title="停水通知", canonical_url=PAGE)) == SavedPosts(new=(3,))


def test_an_address_names_no_post_that_is_in_the_batch_itself(store: Store) -> None:
    """The old post is still in the feed under its own guid, so the one beside it is another."""
    old = make_post("a", title="停水通知", canonical_url=PAGE)
    save(store, old)
    other = make_post("b", title="停水通知", canonical_url=PAGE)
    assert save(store, old, other) == SavedPosts(new=(2,))
    assert save(store, replace(old, aliases=("a",)), other) == SavedPosts()


def test_the_key_wins_over_the_address(store: Store) -> None:
    """A guid that is known says who the post is, wherever its link now leads."""
    save(store, make_post("a", canonical_url=PAGE), make_post("b", canonical_url="https://a.cn/2.html"))
    moved = make_post("a", canonical_url="https://a.cn/2.html")
    assert save(store, moved) == SavedPosts()
    assert save(store, replace(moved, url="https://a.cn/2.html")) == SavedPosts(changed=(1,))


def test_every_name_a_post_was_known_by_is_kept(store: Store) -> None:
    """So that a change of id policy invents no new post."""
    save(store, make_post("guid", aliases=("guid", PAGE, "hash:1")))
    for alias in ("guid", PAGE, "hash:1"):
        assert store.posts.find("water", alias) == 1
    assert store.posts.find("power", "guid") is None


def make_listed(title: str, text: str, day: int) -> Post:
    """A post without a guid whose link is a list page, as parsing gives it."""
    date = NOON + timedelta(days=day)
    aliases = (PAGE, f"hash:{title}{text}{day}")
    return make_post(PAGE, title=title, text=text, published=date, canonical_url=PAGE, aliases=aliases)


def test_notices_that_take_turns_at_one_address_are_as_many_posts(store: Store) -> None:
    """A feed of one item without a guid: other words under another headline on another day overwrite nothing."""
    first = make_listed("停水通知", "枫桥路停水。", 0)
    second = make_listed("招聘会", "周六在体育馆招聘。", 1)
    third = make_listed("防火通告", "进入森林防火期。", 2)
    for number, post in enumerate((first, second, third), 1):
        assert save(store, post) == SavedPosts(new=(number,))
        assert save(store, post) == SavedPosts()
    assert save(store, first) == save(store, second) == SavedPosts()
    assert [stored.post.title for stored in load_all(store)] == ["停水通知", "招聘会", "防火通告"]
    assert save(store, make_listed("防火通告", "进入森林防火期，请勿用火。", 3)) == SavedPosts(changed=(3,))


@pytest.mark.parametrize("after", [("停水通知", "改期。", 1), ("停水改期", "枫桥路停水。", 1), ("改期", "改期。", 0)])
def test_a_page_that_keeps_its_headline_words_or_date_is_one_post(store: Store, after: tuple[str, str, int]) -> None:
    """What is known by its address may be corrected."""
    save(store, make_listed("停水通知", "枫桥路停水。", 0))
    assert save(store, make_listed(*after)) == SavedPosts(changed=(1,))


def make_numbered(guid: str, title: str, text: str, day: int) -> Post:
    """A post with a guid and an address of its own, as parsing gives it."""
    page = f"https://a.cn/{day}.html"
    aliases = (guid, page, f"hash:{title}{text}{day}")
    date = NOON + timedelta(days=day)
    return make_post(guid, title=title, text=text, published=date, canonical_url=page, aliases=aliases)


def test_a_guid_that_each_new_notice_gets_in_turn_overwrites_none(store: Store) -> None:
    """A feed of one item whose guid is "latest"."""
    notices = [("停水通知", "枫桥路停水。"), ("招聘会", "周六在体育馆招聘。"), ("防火通告", "进入森林防火期。")]
    posts = [make_numbered("latest", title, text, day) for day, (title, text) in enumerate(notices)]
    for number, post in enumerate(posts, 1):
        assert save(store, post) == SavedPosts(new=(number,))
        assert save(store, post) == SavedPosts()
    assert [stored.post.title for stored in load_all(store)] == ["停水通知", "招聘会", "防火通告"]
    assert save(store, replace(posts[2], text="进入森林防火期，请勿用火。")) == SavedPosts(changed=(3,))


def test_guids_that_say_which_place_a_notice_has_in_the_list_overwrite_none(store: Store) -> None:
    """Of template notices, too, which differ in a few words."""

    def list_days(*days: int) -> list[Post]:
        return [
            make_numbered(f"item-{place}", f"第{day}号停水通知", f"{day}号大街停水八小时，请提前储水。", day)
            for place, day in enumerate(days)
        ]

    assert save(store, *list_days(3, 2, 1)) == SavedPosts(new=(1, 2, 3))
    assert save(store, *list_days(4, 3, 2)) == SavedPosts(new=(4,))
    assert save(store, *list_days(5, 4, 3)) == SavedPosts(new=(5,))
    assert save(store, *list_days(5, 4, 3)) == SavedPosts()
    revised = list_days(5, 4, 3)
    revised[1] = replace(revised[1], text="停水取消。", aliases=(*revised[1].aliases[:2], "hash:4"))
    assert save(store, *revised) == SavedPosts(changed=(4,))
    titles = {stored.id: stored.post.title for stored in load_all(store)}
    assert titles == {number: f"第{day}号停水通知" for number, day in enumerate((3, 2, 1, 4, 5), 1)}


@pytest.mark.parametrize("kept", ["title", "text", "published", "canonical_url"])
def test_a_guid_whose_post_keeps_anything_names_that_post(store: Store, kept: str) -> None:
    """A new headline and address after a correction, or the other way round: it is still the one the guid names."""
    first, then = make_numbered("1", "停水通知", "枫桥路停水。", 1), make_numbered("1", "改期", "改到周六。", 2)
    save(store, first)
    changes: Any = {kept: getattr(first, kept)}
    assert save(store, replace(then, **changes)) == SavedPosts(changed=(1,))


# several feeds of one account ---------------------------------------------------------------------------------


def poll(store: Store, feed: str, post: Post) -> SavedPosts:
    return save(store, post, feed=feed, feeds=(RSS, ATOM))


def test_forms_of_one_post_do_not_revise_each_other(store: Store) -> None:
    """The RSS has a summary, the Atom the whole: the fuller text wins once, and polling on changes nothing."""
    short = make_post("1", title="停水通知", text="枫桥路停水。")
    full = replace(short, text="枫桥路停水，请储水。", html="<p>枫桥路停水，请储水。</p>")
    assert poll(store, RSS, short) == SavedPosts(new=(1,))
    assert poll(store, ATOM, full) == SavedPosts(changed=(1,))
    for _ in range(3):
        assert poll(store, RSS, short) == SavedPosts()
        assert poll(store, ATOM, full) == SavedPosts()
    assert load_all(store)[0].post.text == full.text


@pytest.mark.parametrize("order", [(RSS, ATOM, RSS, ATOM), (ATOM, RSS, ATOM, RSS), (ATOM, ATOM, RSS, ATOM)])
def test_of_equal_texts_that_of_the_feed_named_first_stays_whichever_answers_first(
    store: Store, order: tuple[str, ...]
) -> None:
    """The Atom form alone says when the post was updated; what visitors see must not be a matter of milliseconds."""
    plain = make_post("1", text="枫桥路停水。")
    forms = {RSS: plain, ATOM: replace(plain, updated=NOON + HOUR)}
    for feed in order:
        poll(store, feed, forms[feed])
    assert load_all(store)[0].post.updated == plain.updated


def test_the_feed_that_brought_the_post_may_shorten_it(store: Store) -> None:
    """A correction that is shorter than the original still is one."""
    post = make_post("1", text="枫桥路停水，请储水。")
    poll(store, ATOM, post)
    assert poll(store, ATOM, replace(post, text="取消")) == SavedPosts(changed=(1,))


def test_a_feed_that_is_gone_owns_nothing(store: Store) -> None:
    """A post whose feed was taken out of the registry is changed by the ones that are left."""
    post = make_post("1", text="枫桥路停水，请储水。")
    poll(store, "https://a.cn/old.xml", post)
    assert poll(store, RSS, replace(post, text="取消")) == SavedPosts(changed=(1,))


# waiting, withdrawing, renaming -------------------------------------------------------------------------------


def test_what_waits_to_be_placed(store: Store) -> None:
    """New, changed and withdrawn posts, in the order of their dates."""
    late = make_post("a", published=NOON + HOUR)
    early = make_post("b", published=NOON - HOUR)
    save(store, late, early)
    store.posts.save("other", [make_post("c", account="other")], NOON)
    assert store.posts.list_unplaced() == (2, 3, 1)


def test_a_withdrawn_post_keeps_its_revisions(store: Store) -> None:
    """It is marked with the time, and its content stays for the record."""
    post = make_post("a")
    save(store, post)
    save(store, replace(post, title="新"))
    store.posts.withdraw(1, NOON + HOUR)
    assert load_all(store)[0].withdrawn_at == NOON + HOUR
    assert len(store.posts.load_revisions(1)) == 1


def test_renaming_an_account_moves_all_that_is_its(store: Store) -> None:
    """Posts, aliases and feeds: the next poll under the new name finds everything known."""
    save(store, make_post("a", canonical_url=PAGE), feed=RSS)
    store.feeds.record(FeedMemory("water", RSS), "updated", NOON)
    assert store.posts.rename_account("water", "shuiwu") == 1
    assert store.posts.save("shuiwu", [make_post("a", account="shuiwu", canonical_url=PAGE)], NOON) == SavedPosts()
    assert [state.memory.account for state in store.feeds.load_states()] == ["shuiwu"]


def test_loading_without_bodies_and_many(store: Store) -> None:
    """Lists need no text; any number of ids may be asked for, unknown ones are left out."""
    save(store, *(make_post(f"k{n}") for n in range(1100)))
    stored = list(store.posts.load(range(1, 2001), bodies=False))
    assert len(stored) == 1100
    assert {(one.post.html, one.post.text) for one in stored} == {("", "")}


INFERRED = ("日期“3小时前”不完整，已按收取的时间推算；请发布方写明年月日。",)


def test_a_date_that_leans_on_the_moment_of_reading_stays_as_it_was_first_read(store: Store) -> None:
    first = replace(FULL, published=NOON - 3 * HOUR, updated=None, warnings=INFERRED)
    save(store, first)
    later = replace(first, published=NOON - 2 * HOUR)
    assert save(store, later, now=NOON + HOUR) == SavedPosts()
    assert save(store, replace(later, text="改了。"), now=NOON + 2 * HOUR) == SavedPosts(changed=(1,))
    assert [(one.post.published, one.post.text) for one in load_all(store)] == [(NOON - 3 * HOUR, "改了。")]


def test_a_date_that_the_source_states_at_last_takes_the_place_of_an_inferred_one(store: Store) -> None:
    first = replace(FULL, published=NOON - 3 * HOUR, updated=None, warnings=INFERRED)
    save(store, first)
    assert save(store, replace(first, published=NOON - 4 * HOUR, warnings=())) == SavedPosts(changed=(1,))
    assert load_all(store)[0].post.published == NOON - 4 * HOUR


def test_a_later_post_of_a_batch_may_be_the_one_that_came_before_it(store: Store) -> None:
    longer = replace(FULL, text="枫桥路停水。\n请储水，至周五。")
    assert save(store, FULL, longer) == SavedPosts(new=(1,), changed=(1,))
    assert [one.post.text for one in load_all(store)] == [longer.text]
