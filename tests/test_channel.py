"""Where a story stands: a table of headlines, folders and accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes import NOON, make_post

from aggregator.channel import place_story
from aggregator.model import COLUMNS, PAGES, Account, Genre, Kind, Placement, Post, StoredPost

WATER = Account("water", "栖江水务", "栖江市水务局", "wechat", "department", "栖江市")


def make_account(kind: Kind) -> Account:
    return Account("a", "账号", "单位", "wechat", kind, "栖江市")


def store(post: Post, number: int = 1) -> StoredPost:
    return StoredPost(number, post, NOON, 1, "hash")


def place(*posts: Post, account: Account | None = WATER) -> Placement:
    return place_story("story", [store(post, number) for number, post in enumerate(posts, 1)], account)


@pytest.mark.parametrize(
    ("title", "column", "label"),
    [
        ("一图读懂2026年医保缴费政策", "explanations", "图解"),
        ("漫画：垃圾怎么分", "explanations", "图解"),
        ("医保缴费十问", "explanations", "问答"),
        ("公积金提取政策问答", "explanations", "问答"),
        ("《栖江市养犬管理办法》解读", "explanations", "解读"),
        ("关于停水时间的更正", "notices", "更正"),
        ("栖江市气象台发布暴雨黄色预警", "notices", "预警"),
        ("防汛Ⅳ级应急响应启动", "notices", "预警"),
        ("栖江市养犬管理办法", "policies", "政策"),
        ("《栖江市养犬管理办法（试行）》", "policies", "政策"),
        ("关于印发栖江市“十五五”规划的通知", "policies", "政策"),
        ("枫桥路临时停水", "notices", "提醒"),
        ("元旦期间交通管制通告", "notices", "提醒"),
        ("干部任前公示", "notices", "公示"),
        ("拍卖公告", "notices", "公告"),
        ("森林防火期通告", "notices", "通告"),
        ("关于放假的通知", "notices", "通知"),
        ("2026年事业单位招聘", "notices", "报名"),
        ("温馨提示：出门带伞", "notices", "提醒"),
        ("身份证怎么办？", "services", "办事"),
        ("新生儿落户办事指南", "services", "办事"),
        ("市领导调研重点项目", "news", "动态"),
        ("", "news", "动态"),
    ],
)
def test_headlines(title: str, column: str, label: str) -> None:
    """What a headline says a post of a department is; the first word of the table that fits decides."""
    post = Post("water", "1", title)
    assert place(post) == Placement("story", column, label, NOON)


def test_headlines_in_full_width() -> None:
    """Full-width digits and brackets are the same words."""
    assert place(make_post(title="医保缴费１０问")).tag == "问答"


def test_categories_speak_where_the_headline_does_not() -> None:
    """In their order, after the headline."""
    assert place(make_post(title="市民请看", categories=("民生", "公示"))).tag == "公示"
    assert place(make_post(title="拍卖公告", categories=("公示",))).tag == "公告"


@pytest.mark.parametrize(
    ("kind", "column", "label"),
    [
        ("department", "news", "动态"), ("public-service", "news", "动态"), ("county", "news", "县区"),
        ("town", "community", "社区"), ("local", "news", "动态"),
    ],
)  # fmt: skip
def test_accounts(kind: Kind, column: str, label: str) -> None:
    """What an account is, where the headline says nothing."""
    placement = place(make_post(title="我们的一天"), account=make_account(kind))
    assert (placement.column, placement.tag) == (column, label)


def test_what_a_street_says_stands_with_the_streets() -> None:
    """Whatever form it has; its label still says what it is."""
    placement = place(make_post(title="枫桥街道停水通知"), account=make_account("town"))
    assert (placement.column, placement.tag) == ("community", "提醒")


def test_an_account_that_left_the_registry() -> None:
    """Its posts are placed by their headlines."""
    assert place(make_post(title="拍卖公告"), account=None).column == "notices"
    assert place(make_post(title="我们的一天"), account=None) == Placement("story", "news", "动态", NOON)


@pytest.mark.parametrize(
    ("genre", "title", "column", "label"),
    [
        ("notice", "我们的一天", "notices", "通知"),
        ("notice", "干部任前公示", "notices", "公示"),
        ("policy", "关于放假的通知", "policies", "政策"),
        ("explanation", "一图读懂医保", "explanations", "图解"),
        ("explanation", "医保缴费通知", "explanations", "解读"),
        ("service", "关于停水的通知", "services", "办事"),
        ("news", "拍卖公告", "news", "动态"),
        ("page", "关于我们", PAGES, ""),
    ],
)
def test_drafts(genre: Genre, title: str, column: str, label: str) -> None:
    """A draft's folder is its column; its headline may only make the label finer, never another column's."""
    placement = place(make_post(title=title, account="local", genre=genre))
    assert (placement.column, placement.tag) == (column, label)


def test_a_draft_among_the_copies_decides() -> None:
    """Staff's word counts for the story, also where a street's copy leads it."""
    lead = make_post(title="我们的一天", published=NOON - timedelta(days=3))
    placement = place(lead, make_post(account="local", genre="policy"), account=make_account("town"))
    assert placement.column == "policies"
    assert placement.date == NOON - timedelta(days=3), "lists are ordered by the lead's date"


@pytest.mark.parametrize(("value", "pinned"), [("是", True), ("true", True), ("否", False), ("", False)])
def test_pinned(value: str, pinned: bool) -> None:
    """By staff's draft alone; a feed pins nothing."""
    header = (("置顶", value),)
    assert place(make_post(genre="notice", header=header)).pinned is pinned
    assert place(make_post(header=header)).pinned is False


def test_every_placement_is_in_a_column() -> None:
    """Six columns with names and descriptions, and the pages, which are in none."""
    slugs = [column.slug for column in COLUMNS]
    assert slugs == ["notices", "policies", "explanations", "services", "news", "community"]
    assert PAGES not in slugs
    assert all(column.name and column.description for column in COLUMNS)
