"""When two posts are one piece of news, and why: every rung of the ladder with the reason that staff read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import (
    EXCERPT,
    FOREST,
    FOREST_TITLE,
    MEDICAL,
    MEDICAL_TITLE,
    MEDICAL_TRADITIONAL,
    NOON,
    QUESTIONS,
    make_document,
    outage,
)
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cluster import compare
from aggregator.model import Document

ORIGINAL = make_document(1, MEDICAL, title=MEDICAL_TITLE, account="yb", names=("栖江医保", "栖江市医疗保障局"))


def copy_of(original: Document, text: str = "", **changes) -> Document:
    """What another account made of it."""
    other = replace(original, post=2, account="other", key="key2", names=("别处",), text=text or original.text)
    return replace(other, **changes)


STREET = MEDICAL.replace("社区服务站", "枫桥街道便民服务站")


@pytest.mark.parametrize(
    ("name", "other", "relation", "reason"),
    [
        ("the same address", copy_of(ORIGINAL, EXCERPT + QUESTIONS), "duplicate", "原文链接相同"),
        ("the same text", copy_of(ORIGINAL), "duplicate", "正文完全相同"),
        ("in Traditional script", copy_of(ORIGINAL, MEDICAL_TRADITIONAL, title="轉發"), "duplicate", "正文完全相同"),
        (
            "between header and footer",
            copy_of(ORIGINAL, f"点击上方蓝字关注我们\n{MEDICAL}\n来源：栖江医保", title=f"【转载】{MEDICAL_TITLE}"),
            "duplicate",
            "正文完全相同",
        ),
        (
            "with a hotline added",
            copy_of(ORIGINAL, f"{MEDICAL}\n如有疑问请拨打12345政务服务便民热线。"),
            "duplicate",
            "正文 100% 相同；日期、数字、地点一致",
        ),
        ("with a street's name put in", copy_of(ORIGINAL, STREET), "duplicate", "正文 98% 相同；日期、数字、地点一致"),
        ("an excerpt", copy_of(ORIGINAL, EXCERPT), "excerpt", "摘自正文，100% 的文字见于全文；日期、数字、地点一致"),
        (
            "a later text of the same account",
            copy_of(ORIGINAL, f"{MEDICAL}\n{QUESTIONS}", account="yb", date=NOON + timedelta(days=2)),
            "update",
            "同一账号后来的补充，100% 的文字相同；日期、数字、地点一致",
        ),
    ],
)  # fmt: skip
def test_one_piece_of_news(name: str, other: Document, relation: str, reason: str) -> None:
    """Each rung says what the lesser text is to the greater, and why, in a sentence for staff."""
    url = "https://yb.qijiang.gov.cn/1.html" if "address" in name else ""
    match = compare(replace(ORIGINAL, canonical_url=url), replace(other, canonical_url=url))
    assert match is not None, name
    assert (match.a, match.b, match.relation, match.reason) == (1, 2, relation, reason)
    assert 0 < match.score <= 1


OUTAGE = make_document(1, outage(), title="停水通知", account="water")
FAIR = "招聘会定于{}9:00在{}举行，现场提供岗位1200个，涉及机械、电子、纺织、物流等行业。"
FAIR += "欢迎各类求职者携带个人简历、身份证和学历证书到场应聘，现场设有政策咨询和免费职业指导服务。"


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("other texts", ORIGINAL, copy_of(ORIGINAL, FOREST, title=FOREST_TITLE)),
        ("a correction", ORIGINAL, copy_of(ORIGINAL, title=f"【更正】{MEDICAL_TITLE}")),
        ("a correction of one time", OUTAGE, copy_of(OUTAGE, outage(day="11月22日"), title="停水通知（更正）")),
        ("a roundup", ORIGINAL, copy_of(ORIGINAL, f"{MEDICAL}\n{FOREST}", title="栖江早报：今天的要闻")),
        ("an outage on another day", OUTAGE, copy_of(OUTAGE, outage(day="11月28日"))),
        ("an outage of another road", OUTAGE, copy_of(OUTAGE, outage("长江路"))),
        (
            "a job fair elsewhere",
            make_document(1, FAIR.format("11月22日", "人民广场"), title="招聘会"),
            make_document(2, FAIR.format("11月29日", "体育中心"), title="招聘会"),
        ),
        (
            "the same words under another number",
            make_document(1, FOREST.replace("2026年11月1日至2027年3月31日", ""), title="防火通告第3号"),
            make_document(2, FOREST.replace("2026年11月1日至2027年3月31日", ""), title="防火通告第4号"),
        ),
        ("the same words half a year later", ORIGINAL, copy_of(ORIGINAL, date=NOON + timedelta(days=181))),
        (
            "too little text",
            make_document(1, "详见附件。", title="公示"),
            make_document(2, "详见附件。", title="公示"),
        ),
        ("no text at all", make_document(1, "", title="公示"), make_document(2, "", title="公示")),
    ],
)
def test_two_pieces_of_news(name: str, one: Document, other: Document) -> None:
    """Template notices, corrections, roundups and next year's notice stand by themselves."""
    assert compare(one, other) is None, name
    assert compare(other, one) is None, name


def test_half_a_year_is_measured_in_both_directions() -> None:
    """180 days and some hours are too long, whichever post is the later one."""
    limit, beyond = timedelta(days=180), timedelta(days=180, hours=5)
    for sign in (1, -1):
        assert compare(ORIGINAL, copy_of(ORIGINAL, date=NOON + sign * limit)) is not None
        assert compare(ORIGINAL, copy_of(ORIGINAL, date=NOON + sign * beyond)) is None


def test_the_same_address_half_a_year_later() -> None:
    """A page is itself however late somebody links to it."""
    url = "https://yb.qijiang.gov.cn/1.html"
    later = copy_of(ORIGINAL, date=NOON + timedelta(days=300), canonical_url=url)
    assert compare(replace(ORIGINAL, canonical_url=url), later) is not None


@pytest.mark.parametrize("url", ["https://slj.qijiang.gov.cn/", "https://slj.qijiang.gov.cn/notices/list.html"])
@pytest.mark.parametrize("other", [outage(day="11月28日"), outage("长江路"), FOREST])
def test_a_shared_address_makes_no_story(url: str, other: str) -> None:
    """Items that all link to the home page, or to the list of notices, are no story."""
    one = replace(OUTAGE, canonical_url=url)
    assert compare(one, replace(one, post=2, key="key2", text=other, title=f"{one.title}二")) is None
    assert compare(one, copy_of(one, FOREST, title=FOREST_TITLE)) is None


VARIANTS = st.sampled_from(
    [
        MEDICAL, MEDICAL_TRADITIONAL, EXCERPT, STREET, f"{MEDICAL}\n{QUESTIONS}", f"{MEDICAL}\n{FOREST}", FOREST,
        f"来源：栖江医保\n{MEDICAL}", outage(), outage("长江路"), outage(day="11月28日"), outage()[:90],
        "详见附件。", "",
    ]
)  # fmt: skip
DOCUMENTS = st.builds(
    lambda text, title, url, account, days: make_document(
        0, text, title=title, url=url, account=account, date=NOON + timedelta(days=days, hours=5)
    ),
    VARIANTS,
    st.sampled_from(
        [MEDICAL_TITLE, f"【转载】{MEDICAL_TITLE}", f"更正：{MEDICAL_TITLE}", "一周要闻", "11月21日停水通知"]
    ),
    st.sampled_from(["", "https://a.cn/", "https://a.cn/1.html"]),
    st.sampled_from(["yb", "fq", "water"]),
    st.sampled_from([0, 1, 180, 181]),
)


@given(DOCUMENTS, DOCUMENTS)
def test_comparing_is_symmetric(one: Document, other: Document) -> None:
    """It does not matter which of two posts is looked at first."""
    one, other = replace(one, post=1, key="one"), replace(other, post=2, key="other")
    assert compare(one, other) == compare(other, one)
