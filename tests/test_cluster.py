"""When two posts are one piece of news, and why: every rung of the ladder with the reason that staff read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import (
    EXCERPT,
    FAILURE,
    FOREST,
    FOREST_TITLE,
    MEDICAL,
    MEDICAL_TITLE,
    MEDICAL_TRADITIONAL,
    NOON,
    ORIGINAL,
    OUTAGE,
    QUESTIONS,
    copy_of,
    make_document,
    outage,
)
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cluster import compare, judge
from aggregator.cluster.stars import form_stars
from aggregator.model import Document

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


YEARLY = make_document(1, FOREST.replace("2026年11月1日至2027年3月31日", "今日起"), title="森林防火通告", account="ly")
VERDICT = "经查，{0}丧失理想信念，背弃初心使命，违规收受礼品礼金，在工程承揽等方面为他人谋取利益。"
VERDICT += (
    "{0}严重违反党的纪律，应予严肃处理。经研究，决定给予{0}开除党籍处分，收缴其违纪违法所得，移送检察机关审查起诉。"
)
VISIT = "国家主席下午在人民大会堂东门外广场举行仪式，欢迎{0}总统{1}对我国进行国事访问。军乐团奏两国国歌，鸣礼炮21响。"
VISIT += "{1}在国家主席陪同下检阅中国人民解放军仪仗队。{1}是应国家主席的邀请对我国进行国事访问的。"
AWARDS = "、".join(f"{chr(0x4E00 + 61 * n)}{chr(0x5200 + 37 * n)}（栖江市第{n}中学教师）" for n in range(30))
BRIEF = "市住建局今天发布消息，公租房申请条件放宽，家庭人均月收入标准提高到3200元，新就业职工毕业年限延长到八年，"
BRIEF += "外来务工人员居住证年限缩短为一年，符合条件的市民可以到户籍地街道办事处提出申请。"
FOOTER = "栖江文旅带你看遍栖江的山山水水。扫一扫下面的图片，把栖江的好风景分享给你的朋友。"
FAIR = "招聘会定于{}9:00在{}举行，现场提供岗位1200个，涉及机械、电子、纺织、物流等行业。"
FAIR += "欢迎各类求职者携带个人简历、身份证和学历证书到场应聘，现场设有政策咨询和免费职业指导服务。"


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("other texts", ORIGINAL, copy_of(ORIGINAL, FOREST, title=FOREST_TITLE)),
        ("a correction of another notice", OUTAGE, copy_of(OUTAGE, outage("长江路"), title="停电通知（更正）")),
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
        ("the same words half a year later", YEARLY, copy_of(YEARLY, date=NOON + timedelta(days=181))),
        (
            "nearly the same words a month later",
            YEARLY,
            copy_of(YEARLY, YEARLY.text.replace("全市", "本市"), date=NOON + timedelta(days=30)),
        ),
        (
            "a verdict on another man",
            make_document(1, VERDICT.format("韩嵩"), title="市政协原副主席韩嵩严重违纪违法被开除党籍"),
            make_document(2, VERDICT.format("王峻"), title="市水利局原局长王峻严重违纪违法被开除党籍"),
        ),
        (
            "a visit of another guest",
            make_document(1, VISIT.format("法国", "马克龙"), title="国家主席举行仪式欢迎法国总统访华"),
            make_document(2, VISIT.format("巴西", "卢拉"), title="国家主席举行仪式欢迎巴西总统访华"),
        ),
        (
            "the list after its draft",
            make_document(1, f"{AWARDS}如有异议请向组织部反映。", title="关于拟表彰对象的公示"),
            make_document(2, AWARDS, title="栖江市优秀共产党员名单"),
        ),
        (
            "a page that leads with other news",
            make_document(1, BRIEF, title="公租房申请条件放宽"),
            make_document(2, f"{FOREST}\n{BRIEF}", title="森林防火期开始，这些事不能做"),
        ),
        (
            "pictures over the same footer",
            make_document(1, FOOTER, title="春天的栖江公园", account="park"),
            make_document(2, FOOTER, title="老城里的早餐店", account="park"),
        ),
        (
            "two broken sites that say the same",
            replace(make_document(1, FAILURE), title=""),
            replace(make_document(2, FAILURE), title=""),
        ),
        (
            "a broken site and one that calls it something",
            replace(make_document(1, FAILURE), title=""),
            make_document(2, FAILURE, title="医保参保缴费开始了"),
        ),
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


@pytest.mark.parametrize("text", [FAILURE.replace("暂时", "11月20日"), FAILURE.replace("，可能是", "，对枫桥路可能是")])
def test_a_short_text_without_a_headline_is_one_notice_where_it_states_a_day_or_a_place(text: str) -> None:
    """And where one account repeats itself."""
    one = replace(make_document(1, text), title="")
    assert compare(one, copy_of(one)) is not None
    repeated = replace(make_document(1, FAILURE), title="")
    assert compare(repeated, replace(repeated, post=2, key="key2")) is not None


def test_half_a_year_is_measured_in_both_directions() -> None:
    """180 days and some hours are too long, whichever post is the later one."""
    limit, beyond = timedelta(days=180), timedelta(days=180, hours=5)
    for sign in (1, -1):
        assert compare(YEARLY, copy_of(YEARLY, date=NOON + sign * limit)) is not None
        assert compare(YEARLY, copy_of(YEARLY, date=NOON + sign * beyond)) is None


def test_an_old_policy_posted_again_is_itself() -> None:
    """A text that states its own date or 文号 is no annual repeat."""
    match = compare(ORIGINAL, copy_of(ORIGINAL, date=NOON + timedelta(days=400)))
    assert match is not None
    assert match.reason == "正文完全相同"


@pytest.mark.parametrize(
    ("name", "one", "other", "relation", "reason"),
    [
        (
            "a correction that repeats the notice",
            OUTAGE,
            copy_of(OUTAGE, outage(day="11月22日"), title="停水通知（更正）"),
            "corrected-by",
            "标题相同，标明更正；正文 97% 相同，改动 1 处",
        ),
        (
            "a correction that names it",
            ORIGINAL,
            copy_of(ORIGINAL, f"《{MEDICAL_TITLE}》中，咨询电话应为0512-68004321。", title="更正公告"),
            "corrected-by",
            f"更正中点名《{MEDICAL_TITLE}》",
        ),
        (
            "an explanation",
            ORIGINAL,
            copy_of(ORIGINAL, QUESTIONS, title=f"《{MEDICAL_TITLE}》解读"),
            "related",
            f"标题中提到《{MEDICAL_TITLE}》",
        ),
    ],
)
def test_two_stories_that_point_to_one_another(
    name: str, one: Document, other: Document, relation: str, reason: str
) -> None:
    """Links say what the lower-numbered post is to the other; they join nothing."""
    match = compare(one, other)
    assert match is not None, name
    assert match.is_link
    assert (match.relation, match.reason) == (relation, reason)
    assert {star.posts for star in form_stars((one, other), (match,))} == {frozenset({1}), frozenset({2})}


def test_a_correction_corrects_no_later_notice_and_none_of_another_season() -> None:
    """Recurring headlines would otherwise link every correction to every notice."""
    correction = copy_of(OUTAGE, outage(day="11月22日"), title="停水通知（更正）")
    assert compare(replace(OUTAGE, date=NOON + timedelta(days=5)), correction) is None
    assert compare(replace(OUTAGE, date=NOON - timedelta(days=61)), correction) is None


def test_the_steps_say_how_it_was_decided() -> None:
    """Each with its figures, the last one decides, and the match is that of comparing."""
    street = copy_of(ORIGINAL, STREET)
    verdict = judge(ORIGINAL, street)
    assert verdict.match == compare(ORIGINAL, street)
    assert [step.name for step in verdict.steps] == [
        "更正", "汇编", "时间", "全文", "原文链接", "正文", "标题", "主题", "日期与数字", "地点与人物", "结论",
    ]  # fmt: skip
    assert "短的一篇有 98% 见于长的一篇，至少要 45%" in {step.detail for step in verdict.steps}
    assert verdict.steps[-1].outcome == "同一条"
    apart = judge(OUTAGE, copy_of(OUTAGE, outage("长江路")))
    assert apart.match is None
    assert (apart.steps[-1].outcome, apart.steps[-1].detail) == ("两条", "同一句里地点不同：长江路 / 枫桥路")


def test_two_editors_words_on_one_event() -> None:
    """Under one headline within three days half the words are enough; a week later they are another event."""
    news = "天舟十号货运飞船发射任务取得圆满成功"
    first = (
        "今天8时14分，搭载天舟十号货运飞船的长征七号遥十一运载火箭点火起飞，约10分钟后飞船与火箭分离并进入预定轨道。"
    )
    first += "飞船上行补给物资约6.2吨，装载了一套舱外航天服和航天员在轨驻留的消耗品、推进剂、应用试验装置等物资。"
    other = (
        "今天8时14分，搭载天舟十号货运飞船的长征七号遥十一运载火箭点火起飞，约10分钟后飞船与火箭分离并进入预定轨道。"
    )
    other += (
        "这次任务是空间站应用与发展阶段的第五次货运补给，也是长征系列火箭的又一次飞行，为后续任务打下了坚实的基础。"
    )
    one, two = make_document(1, first, title=news), make_document(2, other, title=news)
    assert compare(one, two) is not None
    assert compare(one, replace(two, title="我国航天事业迎来新的里程碑")) is None
    assert compare(one, replace(two, date=NOON + timedelta(days=8))) is None


def test_the_beginning_of_a_notice_in_few_words() -> None:
    """A feed's summary joins its notice by headline, facts and wording; a phrase without facts joins nothing."""
    title = "关于枫桥路沿线区域停水的通知"
    notice = make_document(1, outage(), title=title)
    summary = "因供水管道改造施工，我公司定于2026年11月21日22:00至次日6:00对枫桥路沿线区域暂停供水。"
    assert compare(notice, make_document(2, summary, title=title)) is not None
    assert compare(notice, make_document(2, summary, title="便民信息")) is None
    phrase = "请您提前做好储水准备，恢复供水初期水质可能短暂浑浊，属正常现象，放水数分钟后即可恢复清澈。"
    assert compare(notice, make_document(2, phrase, title=title)) is None


def test_the_same_address_half_a_year_later() -> None:
    """A page is itself however late somebody links to it."""
    url = "https://yb.qijiang.gov.cn/1.html"
    later = copy_of(ORIGINAL, date=NOON + timedelta(days=300), canonical_url=url)
    assert compare(replace(ORIGINAL, canonical_url=url), later) is not None


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
