"""What keeps strangers apart though most of their words are the same, and what bad input does: nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import (
    FAILURE,
    FOREST,
    FOREST_TITLE,
    MEDICAL,
    MEDICAL_TITLE,
    ORIGINAL,
    OUTAGE,
    copy_of,
    make_document,
    outage,
)

from aggregator.cluster import compare


@pytest.mark.parametrize("url", ["https://slj.qijiang.gov.cn/", "https://slj.qijiang.gov.cn/notices/list.html"])
@pytest.mark.parametrize("other", [outage(day="11月28日"), outage("长江路"), FOREST])
def test_a_shared_address_makes_no_story(url: str, other: str) -> None:
    """Items that all link to the home page, or to the list of notices, are no story."""
    one = replace(OUTAGE, canonical_url=url)
    assert compare(one, replace(one, post=2, key="key2", text=other, title=f"{one.title}二")) is None
    assert compare(one, copy_of(one, other, title=f"{one.title}二")) is None
    assert compare(one, copy_of(one, FOREST, title=FOREST_TITLE)) is None


def test_a_page_that_two_accounts_post_under_one_headline_is_one_whatever_became_of_its_text() -> None:
    """As they read it at two times; a headline that everybody uses proves nothing."""
    url, title = "https://slj.qijiang.gov.cn/notices/1.html", "关于城区部分路段停水的通知"
    one = make_document(1, outage(), title=title, url=url)
    assert compare(one, make_document(2, outage(day="11月28日"), title=title, url=url)) is not None
    one = replace(one, title="停水通知")
    assert compare(one, make_document(2, outage(day="11月28日"), title="停水通知", url=url)) is None


SUBWAY = """各位乘客：
因设备检修需要，轨道交通{}末班车提前结束运营，请广大乘客合理安排出行时间，或换乘其他交通工具。检修期间各车站出入口将同步关闭，部分公交线路将适当延时运营，方便市民换乘出行。
给您出行带来的不便，敬请谅解。如有疑问请拨打轨道交通服务热线咨询。"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一号线将于本周三", "一号线将于本周五"),
        ("一号线", "二号线"),
        ("三号楼站", "五号楼站"),
        ("补贴三千元，", "补贴两千元，"),
    ],
)
def test_numerals_and_weekdays_are_facts(one: str, other: str) -> None:
    first = make_document(1, SUBWAY.format(one), title="运营时间调整公告")
    assert compare(first, copy_of(first, SUBWAY.format(other))) is None
    assert compare(first, copy_of(first, SUBWAY.format(one)))


def test_tomorrow_is_another_day_when_it_is_said_days_later() -> None:
    """At once it is the same day; a text that states its day says so itself."""
    notice = make_document(1, SUBWAY.format("一号线明日"), title="运营时间调整公告")
    dated = make_document(1, SUBWAY.format("一号线11月23日（明日）"), title="运营时间调整公告")
    for original, days, expected in ((notice, 0, True), (notice, 5, False), (dated, 5, True)):
        other = copy_of(original, date=original.date + timedelta(days=days))
        assert bool(compare(original, other)) is expected


BAD_INPUT = {
    "no text": "",
    "few words": "详见附件。",
    "eighty characters": "请点击下方图片查看详情。" * 6,
    "right to left": "\u202eمرحبا بالعالم שלום עולם " * 400,
    "emoji": "🎉🎊👏🔥💯✨" * 2000,
    "one character": "啊" * 50_000,
    "a megabyte": "因供水管道改造施工，暂停供水。" * 70_000,
    "a megabyte without a stop": "".join(chr(0x4E00 + n * n % 20_000) for n in range(1_000_000)),
    "digits": "1234567890" * 20_000,
    "brackets": "《" * 20_000 + "》" * 20_000,
}


@pytest.mark.parametrize("one", BAD_INPUT)
def test_bad_input_is_compared_in_no_time_and_joins_no_stranger(one: str) -> None:
    """With one another, and with notices; only a text is ever one with its own copy."""
    document = make_document(1, BAD_INPUT[one], title="图集")
    for name, text in BAD_INPUT.items():
        if name != one:
            assert compare(document, make_document(2, text, title="公示")) is None, (one, name)
    for notice in (ORIGINAL, OUTAGE):
        assert compare(document, replace(notice, post=2)) is None, one


def test_thousands_of_digits_are_no_obstacle() -> None:
    """Python reads no number of more than 4,300."""
    text = f"{MEDICAL}\n校验码{'7' * 5500}"
    first = make_document(1, text, title=MEDICAL_TITLE)
    assert compare(first, copy_of(first, f"{text}\n请转告家人。"))


# alternatives --------------------------------------------------------------------------------------------------

WATER = """尊敬的用户：
因管网改造施工需要，我公司定于{}进行停水作业，届时家中将出现水压降低或者无水的情况。
请您提前做好储水准备，恢复供水初期水质可能短暂浑浊，属正常现象，放水数分钟后即可恢复清澈。给您带来的不便，敬请谅解。"""
GRANT = """为鼓励企业吸纳高校毕业生就业，对符合条件的小微企业，按照每招用一人{}的标准给予一次性补贴，拨付到企业账户。
申请企业应当在本市依法登记注册，并为所招用人员缴纳社会保险满六个月以上，请有意向的企业到政务服务中心窗口申报。"""
TEACHER = """近日，我县{0}被评为全省优秀乡村教师。{0}扎根山区教学点三十余年，先后教过八百多名学生，深受爱戴。
全县广大教师要以先进为榜样，爱岗敬业，无私奉献，为办好人民满意的教育作出新的贡献。"""
SCHOOL = """秋季招生工作即将开始，凡符合条件的适龄儿童均可报名。
报名时请家长携带户口簿、出生证明、预防接种证等材料的原件和复印件。
本校实行小班化教学，配备专任教师，设有科学、美工、阅读等活动室，欢迎家长来校参观咨询。名额有限，报满为止，请互相转告。
报名地点：{}门卫室。"""


@pytest.mark.parametrize(
    ("template", "one", "other"),
    [
        (WATER, "今晚22:00至次日6:00", "明晚22:00至次日6:00"),
        (WATER, "本月上旬", "本月下旬"),
        (WATER, "今天对阳光花园A栋", "今天对阳光花园B栋"),
        (WATER, "今天对开发区东片", "今天对开发区西片"),
        (WATER, "今天对阳光花园三栋", "今天对阳光花园五栋"),
        (GRANT, "3万元", "3千元"),
        (GRANT, "一万元", "两万元"),
        (TEACHER, "王建国", "李建国"),
        (TEACHER, "王建国", "王建军"),
        (TEACHER, "王建国", "刘志强"),
        (SCHOOL, "阳光幼儿园", "蓝天幼儿园"),
        (SCHOOL, "红星小学", "红旗小学"),
    ],
)
@pytest.mark.parametrize("account", ["", "one"])
def test_one_word_for_its_alternative_makes_another_notice(template: str, one: str, other: str, account: str) -> None:
    """Whether one account posts both or two accounts do."""
    first = make_document(1, template.format(one), title="通知公告", account=account)
    assert compare(first, make_document(2, template.format(other), title="通知公告", account=account)) is None
    copied = make_document(2, f"{template.format(one)}\n请互相转告。", title="通知公告", account=account)
    assert compare(first, copied) is not None


def test_the_tomorrow_of_one_day_is_the_today_of_the_next() -> None:
    """A notice and its reminder; on one day they are two."""
    notice = make_document(1, WATER.format("明晚22:00至次日6:00"), title="停水通知")
    reminder = make_document(2, WATER.format("今晚22:00至次日6:00"), title="停水通知")
    assert compare(notice, reminder) is None
    assert compare(notice, replace(reminder, date=reminder.date + timedelta(days=1))) is not None


def test_an_amount_is_one_however_it_is_written() -> None:
    """In thousands, in digits, in Han numerals."""
    first = make_document(1, GRANT.format("3万元"), title="一次性补贴通知")
    for amount in ("30000元", "30,000元", "三万元"):
        assert compare(first, make_document(2, f"{GRANT.format(amount)}\n请互相转告。", title="一次性补贴通知"))


def test_a_community_that_puts_its_name_in_posts_the_same_notice() -> None:
    """Another account's local touch, while one account means another place."""
    first = make_document(1, WATER.format("今天对解放社区"), title="停水通知", account="one")
    other = make_document(2, WATER.format("今天对胜利社区"), title="停水通知")
    assert compare(first, other) is not None
    assert compare(first, replace(other, account="one")) is None


def test_one_text_under_two_headlines_is_one_story_where_it_tells_both() -> None:
    """What a broken site says in place of an article tells neither."""
    failure = f"{FAILURE}您也可以返回首页浏览其他内容，或者使用搜索功能查找您需要的信息。"
    article = TEACHER.format("王建国") + "省教育厅同时公布了其他获奖教师的名单，将组织他们到各地巡回报告。" * 2
    headlines = ("医保参保缴费开始了", "春季森林防火公告"), ("全省优秀乡村教师王建国", "扎根山区三十余年的乡村教师")
    for text, titles, expected in zip((failure, article), headlines, (False, True), strict=True):
        first, second = (make_document(post, text, title=title) for post, title in enumerate(titles, 1))
        assert bool(compare(first, second)) is expected
