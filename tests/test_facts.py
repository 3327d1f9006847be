"""Which words of a notice are its facts, and when two notices on one template are two."""

from __future__ import annotations

import pytest

from aggregator.facts import (
    count_slips,
    find_conflicts,
    find_facts,
    find_other_names,
    find_other_version,
    find_own_subjects,
    find_replaced_names,
    is_culled,
    is_road,
    read_content,
    states,
)
from aggregator.facts.content import LIMIT, SHELF, Content
from aggregator.facts.differ import MAX_ALIGNED
from aggregator.text import simplify

OUTAGE = """因供水管道改造施工，我公司定于2026年11月21日22:00至次日6:00对枫桥路沿线区域暂停供水。
请您提前做好储水准备，恢复供水初期水质可能短暂浑浊，属正常现象。
咨询电话：0512-68005678。"""


def find(text: str) -> set[tuple[str, str]]:
    return {(fact.kind, fact.text) for fact in find_facts(simplify(text))}


@pytest.mark.parametrize(
    ("kind", "fact", "spellings"),
    [
        ("时间", "8:00", ["8:00", "8时", "8点", "08:00", "上午8点", "上午八点", "8时整", "8 时"]),
        ("时间", "15:30", ["15:30", "下午3点半", "下午3:30", "15时30分"]),
        ("日期", "9月1日", ["9月1日", "09月01日", "九月一日", "9 月 1 日", "9月1号"]),
        ("日期", "2026年9月1日", ["2026年9月1日", "2026-09-01", "2026/9/1", "2026.9.1"]),
        ("日期", "2026年", ["2026年", "二〇二六年"]),
        ("文号", "〔2026〕12号", ["栖政发〔2026〕12号", "栖政发[2026]12号", "（2026）第12号", "【2026】012号"]),
        ("序号", "第33次", ["第33次", "第三十三次", "第 33 次"]),
        ("数字", "1200.5", ["1200.5元", "1,200.50元", "1200.50"]),
        ("电话", "0512-68005678", ["0512-68005678"]),
        ("级别", "暴雨橙色预警"[2:], ["暴雨橙色预警"]),
    ],
)
def test_one_fact_however_it_is_typed(kind: str, fact: str, spellings: list[str]) -> None:
    """Typesetters, departments and years have their own ways; the fact is one."""
    assert {spelling: (kind, fact) in find(spelling) for spelling in spellings} == dict.fromkeys(spellings, True)


def test_a_month_said_once() -> None:
    """「1月27日与28日」 are two dates of January."""
    assert find("1月27日与28日的20:00") == {("日期", "1月27日"), ("日期", "1月28日"), ("时间", "20:00")}


def test_the_article_of_a_law_is_no_fact() -> None:
    """第二十五条 says where something stands."""
    assert find("第二十五条 违反本条例的，依法处以罚款") == set()


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ("2026年8月12日", "8月12日", True),
        ("2026年8月12日", "12日", True),
        ("8月12日", "2026年8月12日", True),
        ("2025年8月12日", "2026年8月12日", False),
        ("2026年8月", "2026年8月12日", False),
        ("8月12日", "8月21日", False),
    ],
)
def test_a_date_states_what_it_implies(text: str, asked: str, said: bool) -> None:
    """One post gives the year and another only the day."""
    (fact,) = find_facts(asked)
    assert states(find_facts(text), fact) is said


def conflicts(one: str, other: str) -> list[tuple[str, str]]:
    return [(conflict.old, conflict.new) for conflict in find_conflicts(read_content(one), read_content(other))]


def test_another_fact_in_the_same_sentence() -> None:
    """The template's sentence with another date makes another notice."""
    assert conflicts(OUTAGE, OUTAGE.replace("21日", "28日")) == [("2026年11月21日", "2026年11月28日")]


@pytest.mark.parametrize(
    ("one", "other"), [("橙色预警", "红色预警"), ("Ⅲ级应急响应", "Ⅳ级应急响应"), ("一级响应", "二级响应")]
)
def test_another_level(one: str, other: str) -> None:
    """An alert of another colour or level is another alert."""
    text = "栖江市气象台发布暴雨{}，请有关单位和市民注意防范城市内涝和山体滑坡。"
    assert conflicts(text.format(one), text.format(other))
    assert not conflicts(text.format(one), text.format(one))


def test_another_price_in_a_table() -> None:
    """A table's line has few words, and its number is all it says."""
    assert conflicts("今日菜价\n猪肉 15.2元\n鸡蛋 5.3元", "今日菜价\n猪肉 16.8元\n鸡蛋 5.3元") == [("15.2", "16.8")]


def test_what_only_one_of_them_states_proves_nothing() -> None:
    """A hotline, a gloss in brackets, the date under a signature, a part of the text."""
    assert conflicts(OUTAGE, f"{OUTAGE}\n如有疑问请拨打12345。") == []
    assert conflicts(OUTAGE.replace("次日", "次日（11月22日）"), OUTAGE) == []
    assert conflicts(f"{OUTAGE}\n2026年11月20日", f"{OUTAGE}\n2026年11月23日") == []
    assert conflicts(OUTAGE.splitlines()[0], OUTAGE) == []
    assert conflicts("", OUTAGE) == []
    assert conflicts(OUTAGE, "") == []


NOTICE = """现将2026年度城乡居民基本医疗保险集中参保缴费期的有关安排通知如下，请相互转告。
个人缴费标准为每人每年400元，财政补助标准为每人每年700元，缴费后不予退还。
参保人可以通过手机小程序、银行网点或者社区服务站缴纳费用，无需到窗口排队等候。
困难群众的个人缴费部分由城乡医疗救助资金按照规定给予全额或者定额的资助。
未在集中缴费期内参加保险的居民，重新参保以后设置固定的待遇等待期。"""
MISREAD = (
    NOTICE.replace("城乡居民", "城多居民").replace("相互", "相与").replace("补助", "补肋").replace("退还", "退坏")
    .replace("小程序", "小秩序").replace("排队", "非队").replace("救助", "救肋").replace("资助", "姿助")
    .replace("固定", "因定").replace("等待", "等侍")
)  # fmt: skip


def test_a_misread_character() -> None:
    """Where letters are misread here and there, so are digits; where no letter is, a digit is another fact."""
    assert count_slips(read_content(NOTICE), read_content(MISREAD)) >= 5
    assert conflicts(NOTICE, MISREAD.replace("400元", "40元")) == []
    assert conflicts(NOTICE, NOTICE.replace("400元", "40元")) == [("400", "40")]
    assert conflicts(NOTICE, MISREAD.replace("400元", "1256元")) != []


def replaced(one: str, other: str) -> set[tuple[str, str, str]]:
    return set(map(tuple, find_replaced_names(read_content(one), read_content(other))))


def test_another_road_is_a_replaced_place() -> None:
    """Two outages that differ in the road alone."""
    other = OUTAGE.replace("枫桥路", "长江路")
    assert conflicts(OUTAGE, other) == []
    assert ("地点", "枫桥路", "长江路") in replaced(OUTAGE, other)
    assert ("地点", "长江路", "枫桥路") in replaced(other, OUTAGE)


@pytest.mark.parametrize(
    ("kind", "text", "old", "new"),
    [
        ("人物", "经研究，决定给予周光召同志记三等功奖励，号召大家向他学习", "周光召", "邹家华"),
        ("人物", "现将拟任用人选王芳予以公示，公示期五个工作日，欢迎反映情况", "王芳", "李强军"),
        ("单位", "抽检发现天远建设有限公司生产的食用油不符合食品安全国家标准的规定", "天远", "瑞科"),
    ],
)
def test_another_person_or_firm(kind: str, text: str, old: str, new: str) -> None:
    """Who is meant is seen by what stands beside the name."""
    assert (kind, old, new) in replaced(text, text.replace(old, new))


def test_a_street_that_puts_its_name_in_replaces_a_place() -> None:
    """The city's notice in a street's words: what stood for the city now is the street's name."""
    city = "请市民到本市各社区服务中心办理登记，携带身份证和户口簿，办理时间为工作日8:30至17:00。"
    street = city.replace("本市各社区服务中心", "枫桥街道便民服务中心")
    found = replaced(city, street)
    assert found
    assert all(new in street and old not in street for _, old, new in found)


def test_roads_and_firms_none_of_which_the_other_names() -> None:
    """However the sentences are built."""
    one = read_content("决定对枫桥路（和平街至长江路段）封闭施工，由天远建设有限公司承建。")
    assert find_other_names(one, read_content("自明日起，对新华街（东环大道至西环大道段）进行封闭施工。")) is not None
    assert find_other_names(one, read_content("封闭施工的路段：枫桥路，请绕行西环大道。")) is None
    assert find_other_names(one, read_content("封闭施工期间请绕行。")) is None


def test_what_each_speaks_of_again_and_again() -> None:
    """Two verdicts in the same words on two men."""
    verdict = "{0}丧失理想信念，背弃初心使命。{0}的行为构成违纪。给予{0}开除党籍处分。"
    one, other = read_content(verdict.format("韩嵩")), read_content(verdict.format("王峻"))
    assert find_own_subjects(one, other) == ("主题", "韩嵩", "王峻")
    assert find_own_subjects(one, one) is None


def test_two_versions_of_a_law() -> None:
    """Each says in its head when it was last amended."""
    law = "保安服务管理条例\n2009年10月13日国务院令第564号公布\n{}第一条 为了规范保安服务活动，制定本条例。"
    first = read_content(law.format("2020年11月29日第一次修订\n"))
    second = read_content(law.format("2020年11月29日第一次修订\n2022年3月29日第二次修订\n"))
    assert find_other_version(first, second) is not None
    assert find_other_version(first, first) is None
    assert find_other_version(first, read_content("第一条 为了规范保安服务活动，制定本条例。")) is None


def test_an_excerpt_is_taken_from_several_places() -> None:
    """An item of a page stands in it in one piece."""
    lines = [
        f"第{n}项：{chr(0x5000 + 97 * n) * 3}工程由市{chr(0x6000 + 31 * n)}局负责实施，年底前完工。" for n in range(9)
    ]
    page = read_content("\n".join(lines))
    assert is_culled(read_content("\n".join(lines[::3])), page)
    assert not is_culled(read_content("\n".join(lines[3:6])), page)


@pytest.mark.parametrize("place", ["枫桥路", "人民南路", "桂花小区", "长江大桥", "石湖村", "枫桥街"])
def test_roads(place: str) -> None:
    """Which replaced name makes another notice of its own."""
    assert is_road(place)


@pytest.mark.parametrize(
    "place", ["各小区", "本村", "路", "我", "枫桥街道", "枫桥街道便民服务", "10月15日起到居住地附近的", ""]
)
def test_what_is_no_road(place: str) -> None:
    """Any road is no road, and a body may be a street's own."""
    assert not is_road(place)


def test_a_list_of_two_thousand_names_is_aligned_clause_by_clause() -> None:
    """Aligning is quadratic: as one sentence this took half a minute."""
    names = [f"{first}{chr(0x4E00 + n)}街道" for first in "甲乙丙丁戊己庚辛壬癸" for n in range(200)]
    one = "公示名单：" + "、".join(names)
    other = one.replace("甲", "申")
    assert 0 < len(replaced(one, other)) <= MAX_ALIGNED


def test_a_megabyte_is_read_to_a_bound() -> None:
    """What stands beyond it is not compared, and the content says so."""
    content = Content("停水通知。" * 200_000)
    assert not content.is_whole
    assert len(content.normalized) <= LIMIT


def test_contents_are_kept_only_so_far() -> None:
    """The same text is read once; a hundred long ones don't stay."""
    first = read_content(OUTAGE)
    assert read_content(OUTAGE) is first
    for number in range(12):
        read_content(f"{number}" + "甲" * (SHELF // 10))
    assert read_content(OUTAGE) is not first
