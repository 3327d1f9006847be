"""What staff should look at first, and the words in which that is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.channel import describe_post, hash_version, make_code, rank_candidates
from aggregator.channel.needs import WORDS, find_deadline, find_needs
from aggregator.channel.versions import LETTERS
from aggregator.model import (
    Account,
    Attachment,
    Candidate,
    Choice,
    HoldReason,
    Post,
    PublishedCopy,
    WaitingEntry,
    WaitingNote,
)

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LONG = "江边步道修好了，晚饭后去走一走，看看对岸的灯。" * 6
OTHER = "另一种说法。" * 20
POST = Post("jiedao", "k1", "江边步道修好了", "https://a.example/1", text=LONG, published=NOW)
REASON = HoldReason("review", "先审后发。")


def make_account(account: str, rank: int = 50) -> Account:
    return Account(
        id=account, name=f"栖江{account}", organization=f"{account}局", platform="wechat", kind="department",
        region="栖江市", feeds=(f"https://{account}.example/feed",), rank=rank,
    )  # fmt: skip


ACCOUNTS = {account: make_account(account, rank) for account, rank in (("jiedao", 50), ("ju", 80), ("zhan", 10))}


def wait(post: Post, first_seen: datetime = NOW) -> WaitingEntry:
    note = WaitingNote(post.account, post.key, "f", (REASON,), "", "", first_seen)
    return WaitingEntry(note, first_seen, describe_post(post, first_seen))


def rank(*posts: Post, published: dict[tuple[str, str], PublishedCopy] | None = None) -> tuple[Candidate, ...]:
    return rank_candidates(map(wait, posts), ACCOUNTS, published or {}, {}, NOW)


def find_merits(post: Post, *others: Post) -> tuple[str, ...]:
    return next(one.merits for one in rank(post, *others) if (one.account, one.key) == (post.account, post.key))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(replace(POST, account="ju", key="k2"), POST, id="authority"),
        pytest.param(POST, replace(POST, key="k2", published=NOW - 5 * DAY), id="freshness"),
        pytest.param(replace(POST, key="k2", title="江东片区停水的通知"), POST, id="need"),
        pytest.param(
            replace(POST, key="k2", text=f"{LONG}报名截止时间：11月25日。"),
            replace(POST, text=f"{LONG}报名截止时间：12月31日。"),
            id="a deadline that is near",
        ),
        pytest.param(POST, replace(POST, key="k2", text=f"{LONG}报名截止时间：11月20日。"), id="not too late"),
        pytest.param(replace(POST, key="k2", image="https://a.example/1.jpg"), POST, id="a picture"),
        pytest.param(POST, replace(POST, key="k2", text="详见链接。"), id="a text"),
    ],
)
def test_what_is_better_stands_first(better: Post, worse: Post) -> None:
    # Each about something else, that they be no copies of one another.
    worse = replace(worse, url="https://b.example/", title=f"又一篇：{worse.title}的消息", text=f"另外，{worse.text}")
    assert [one.key for one in rank(worse, better)] == [better.key, worse.key]


def test_what_many_departments_carry_stands_before_what_one_does() -> None:
    copies = [replace(POST, account=account, key=account, text=f"{LONG}全文") for account in ("jiedao", "zhan", "ju")]
    alone = replace(POST, account="ju", key="alone", title="公园里的菊花开了", text="菊花" * 60)
    first, *_, last = rank(alone, *copies)
    assert first.key == "ju"
    assert "3 个单位都发了" in first.merits
    assert last.key in ("alone", "zhan")
    assert not any("单位都发了" in merit for merit in find_merits(alone, *copies))


def test_one_department_with_two_accounts_is_one() -> None:
    twin = replace(ACCOUNTS["ju"], organization="jiedao局")
    listed = rank_candidates([wait(POST), wait(replace(POST, account="ju"))], {**ACCOUNTS, "ju": twin}, {}, {}, NOW)
    assert not any("单位都发了" in merit for one in listed for merit in one.merits)


@pytest.mark.parametrize(
    ("other", "says_the_same"),
    [
        (replace(POST, account="ju", title="转发：江边步道", text=LONG.replace("，", "　,")), True),
        (
            replace(POST, account="ju", title="步道", text="另一种说法。" * 20, canonical_url="https://a.example/1"),
            True,
        ),
        (replace(POST, account="ju", text="另一种说法。" * 20, published=NOW - 3 * DAY), True),
        (replace(POST, account="ju", text="另一种说法。" * 20, published=NOW - 9 * DAY), False),
        (replace(POST, account="ju", published=NOW - 365 * DAY), False),
    ],
    ids=["one text", "one address", "one headline in a week", "one headline, later", "last year's text"],
)
def test_what_says_the_same(other: Post, says_the_same: bool) -> None:
    own = replace(POST, canonical_url="https://a.example/1")
    assert ("2 个单位都发了" in find_merits(own, other)) == says_the_same


def test_what_is_published_already_stands_last_and_says_so() -> None:
    poor = replace(POST, account="zhan", key="k2", title="旧照片", text="", published=NOW - 30 * DAY)
    copy = PublishedCopy("abc", "步道修好了", ("zhan",))
    first, last = rank(POST, poor, published={("jiedao", "k1"): copy})
    assert (first.key, last.key) == ("k2", "k1")
    assert last.merits[:2] == ("频道里已有相同的一条《步道修好了》", "2 个单位都发了")
    (own,) = rank(POST, published={("jiedao", "k1"): replace(copy, own=True)})
    assert own.score > last.score
    assert own.merits[0] == "已发布的《步道修好了》改了内容，采用后换成这一版"


def test_the_reasons_are_told_in_words() -> None:
    post = replace(
        POST,
        title="江东片区停水的通知",
        text=f"来源：江东水务\n{LONG}\n请于11月25日前报名。",
        image="https://a.example/1.jpg",
    )
    (one,) = rank(post)
    assert one.merits == (
        "今天发的", "群众要办要知道的事：停水、报名", "有截止时间（11月25日）", "权威程度 50",
        "正文、图片、日期、来源齐全",
    )  # fmt: skip
    assert one.reasons == ("先审后发。",)
    bare = replace(POST, account="gone", title="图", text="", published=None)
    (one,) = rank_candidates([wait(bare, NOW - DAY)], ACCOUNTS, {}, {}, NOW)
    assert one.merits == ("昨天发的", "账号不在账号表里", "没有正文")


def test_what_was_said_of_another_version_is_told() -> None:
    choice = Choice("reject", "jiedao:k1", reason="旧闻", by="李", date="2026-11-20 09:00:00+08:00")
    (one,) = rank_candidates([wait(POST)], ACCOUNTS, {}, {("jiedao", "k1"): choice}, NOW)
    assert one.reasons[-1] == one.former == "内容改过了：原来的一版 2026-11-20 由 李 不采用（旧闻）。"


_POSTS = st.lists(
    st.builds(
        Post,
        account=st.sampled_from(sorted(ACCOUNTS)),
        key=st.uuids().map(str),
        title=st.sampled_from(["停水的通知", "江东片区停水的通知", "步道修好了"]),
        text=st.sampled_from([LONG, OTHER, ""]),
        published=st.sampled_from([None, NOW, NOW - 3 * DAY, NOW - 9 * DAY]),
    ),
    max_size=12,
)


@given(_POSTS, st.randoms(use_true_random=False))
def test_the_list_is_the_same_in_whatever_order_posts_came(posts: list[Post], chance: object) -> None:
    listed = rank(*posts)
    chance.shuffle(posts)  # type: ignore[attr-defined]
    assert rank(*posts) == listed
    assert [one.score for one in listed] == sorted((one.score for one in listed), reverse=True)


# needs and deadlines ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("报名截止时间：2026年11月25日17:00。", date(2026, 11, 25)),
        ("报名时间为11月20日至11月30日。", date(2026, 11, 30)),
        ("报名时间：１１月２０日—２８日。", date(2026, 11, 28)),
        ("请于12月1日前提交材料。", date(2026, 12, 1)),
        ("申请截至1月10日。", date(2027, 1, 10)),
        ("公示期自11月18日至11月24日止。", date(2026, 11, 24)),
        ("报名时间11月1日至11月5日，缴费截止日期12月2日。", date(2026, 12, 2)),
        ("报名已于11月5日截止。", date(2026, 11, 5)),
        ("截至11月20日，全市新增就业3万人。", None),
        ("截止日期11月31日。", None),
        ("11月25日开业。", None),
        ("", None),
    ],
)
def test_until_when_something_must_be_done(text: str, day: date | None) -> None:
    assert find_deadline(text, date(2026, 11, 22)) == day


def test_words_of_the_headline_and_of_what_cannot_wait_come_first() -> None:
    assert find_needs("招聘会", "报名须知；当天停电，公交改道，另有补贴。") == ("招聘", "停电", "改道")
    assert find_needs("步道修好了", LONG) == ()
    assert len(set(WORDS)) == len(WORDS)


# versions -----------------------------------------------------------------------------------------------------

WHOLE = replace(
    POST,
    html='<p><a href="https://a.example/x">办理</a><img src="https://a.example/1.jpg?w=640"></p>',
    attachments=(Attachment("https://a.example/a.pdf", "表"),),
)


@pytest.mark.parametrize(
    "same",
    [
        replace(WHOLE, updated=NOW, published=NOW - DAY),
        replace(WHOLE, text=f"{LONG}\n阅读 1204\n浏览次数：33\n更新时间：2026-11-22 10:00"),
        replace(WHOLE, text=LONG.replace("，", "， ")),
        replace(WHOLE, html=WHOLE.html.replace("w=640", "w=1080")),
        replace(WHOLE, key="another", aliases=("x",), warnings=("y",)),
    ],
)
def test_what_changes_by_itself_is_no_other_version(same: Post) -> None:
    assert hash_version(same) == hash_version(WHOLE)


@pytest.mark.parametrize(
    "other",
    [
        replace(WHOLE, title="江边步道修好"),
        replace(WHOLE, text=LONG.replace("晚饭", "早饭")),
        replace(WHOLE, text=f"{LONG}提前3天前报名"),
        replace(WHOLE, text=f"{LONG}\n电话：13812345678"),
        replace(WHOLE, html=WHOLE.html.replace("a.example/x", "casino.example/x")),
        replace(WHOLE, html=WHOLE.html.replace("1.jpg", "2.jpg")),
        replace(WHOLE, url="https://casino.example/"),
        replace(WHOLE, author="另一个人"),
        replace(WHOLE, attachments=()),
    ],
)
def test_what_a_reader_is_told_or_led_to_is_another_version(other: Post) -> None:
    assert hash_version(other) != hash_version(WHOLE)


@given(st.text(), st.text(), st.text())
def test_a_code_can_be_typed(account: str, key: str, content: str) -> None:
    code = make_code(account, key, content)
    assert len(code) == 6
    assert set(code) <= set(LETTERS)
    assert code == make_code(account, key, content)
