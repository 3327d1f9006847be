"""Which words of a notice are its facts, and when two notices on one template are two."""

from __future__ import annotations

import pytest

from aggregator.facts import MAX_ALIGNED, find_differences, find_facts, find_replaced_places, is_road, split_sentences
from aggregator.text import simplify

OUTAGE = """因供水管道改造施工，我公司定于2026年11月21日22:00至次日6:00对枫桥路沿线区域暂停供水。
影响范围：枫桥路以东、人民路以西的居民小区和企事业单位。
请用户提前做好储水准备，恢复供水初期水质可能短暂浑浊，属正常现象。
咨询电话：0512-68001234。栖江市自来水有限公司"""


@pytest.mark.parametrize(
    ("name", "sentence", "facts"),
    [
        ("a whole date", "定于2026年9月1日召开", {"2026年9月1日"}),
        ("a date without its year", "9月1日起", {"9月1日"}),
        ("spaces that typesetters put around digits", "定于 2026 年 9 月 1 日", {"2026年9月1日"}),
        ("leading zeros", "2026年09月01日08:05", {"2026年9月1日", "8:05"}),
        ("times", "８：30至17时", {"8:30", "17时"}),
        ("a document number is one fact", "栖政办发〔2026〕12号", {"〔2026〕12号"}),
        ("however its brackets are typed", "栖政办发[2026] 12号", {"〔2026〕12号"}),
        ("a land line, without its zero", "电话0512-68001234", {"512-68001234"}),
        ("a mobile", "手机13812345678", {"13812345678"}),
        ("amounts", "每人400元，占3.5%", {"400", "3.5"}),
        ("the colour of an alert", "发布暴雨橙色预警", {"橙色预警"}),
        ("a colour by itself", "预警等级为红色", {"红色"}),
        ("a level in Chinese", "启动防汛四级应急响应", {"四级应急响应"}),
        ("a level in Roman numerals", "启动防汛Ⅲ级响应", {"iii级响应"}),
        ("another level in Roman numerals", "启动防汛Ⅳ级应急响应", {"iv级应急响应"}),
        ("words are no facts", "请广大市民相互转告", set()),
    ],
)
def test_facts(name: str, sentence: str, facts: set[str]) -> None:
    """Dates, times, numbers of documents, phones, amounts and alert levels of a simplified sentence."""
    assert find_facts(simplify(sentence)) == facts, name


def test_sentences() -> None:
    """Sentences end at full stops, semicolons and lines; boilerplate lines are none."""
    text = "來源：棲江發布\n一、时间：9月1日；二、地点：人民路。\n\n编辑：张三"
    assert split_sentences(text) == ("一、时间:9月1日", "二、地点:人民路")


@pytest.mark.parametrize(
    ("name", "old", "new", "fact"),
    [
        ("the day", "11月21日", "11月28日", "2026年11月21日"),
        ("the hour", "22:00", "23:00", "22:00"),
        ("the hotline", "68001234", "68005678", "512-68001234"),
    ],
)
def test_another_fact_is_a_difference(name: str, old: str, new: str, fact: str) -> None:
    """Two notices that differ in one fact differ, whichever of them is read first."""
    other = OUTAGE.replace(old, new)
    assert find_differences(OUTAGE, other) == (fact,), name
    assert find_differences(other, OUTAGE) == (fact.replace(old, new),), name


@pytest.mark.parametrize(
    ("one", "other"), [("橙色预警", "红色预警"), ("Ⅲ级应急响应", "Ⅳ级应急响应"), ("一级响应", "二级响应")]
)
def test_another_level_is_a_difference(one: str, other: str) -> None:
    """An alert of another colour or level is another alert."""
    text = "栖江市气象台发布暴雨{}，请有关单位和市民注意防范城市内涝和山体滑坡。"
    assert find_differences(text.format(one), text.format(other))
    assert not find_differences(text.format(one), text.format(one))


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("itself", OUTAGE),
        ("a header", f"【转发】温馨提示，2026年11月20日16:00发布\n{OUTAGE}"),
        ("a hotline of the one who re-posts", f"{OUTAGE}\n如有疑问请拨打12345政务服务便民热线。"),
        ("a footer", f"{OUTAGE}\n编辑：张三 2026-11-20"),
        ("spaces around digits", OUTAGE.replace("2026年11月21日", "2026 年 11 月 21 日")),
        ("Traditional script", OUTAGE.replace("对", "對").replace("区域", "區域").replace("供水", "供水")),
    ],
)
def test_what_is_no_difference(name: str, copy: str) -> None:
    """What re-posting adds in sentences of its own makes no other notice, whichever text is the shorter one."""
    assert find_differences(OUTAGE, copy) == (), name
    assert find_differences(copy, OUTAGE) == (), name
    assert find_replaced_places(OUTAGE, copy) == (), name


def test_an_excerpt_lacks_facts_without_differing() -> None:
    """A part of a text states no fact of its own."""
    assert find_differences(OUTAGE.splitlines()[0], OUTAGE) == ()


def test_another_road_is_a_replaced_place() -> None:
    """Two outages that differ in the road alone."""
    other = OUTAGE.replace("枫桥路", "长江路")
    assert find_differences(OUTAGE, other) == ()
    assert ("枫桥路", "长江路") in find_replaced_places(OUTAGE, other)
    assert ("长江路", "枫桥路") in find_replaced_places(other, OUTAGE)


def test_a_street_that_puts_its_name_in_replaces_a_place() -> None:
    """The city's notice in a street's words: what stood for the city now is the street's name."""
    city = "请市民到本市各社区服务中心办理登记，携带身份证和户口簿，办理时间为工作日8:30至17:00。"
    street = city.replace("本市各社区服务中心", "枫桥街道便民服务中心")
    replaced = find_replaced_places(city, street)
    assert replaced
    assert all(new in street and old not in street for old, new in replaced)


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


def test_no_text() -> None:
    """Nothing differs from nothing."""
    assert find_differences("", OUTAGE) == ()
    assert find_differences(OUTAGE, "") == ()
    assert find_replaced_places("", OUTAGE) == ()
    assert find_replaced_places(OUTAGE, "") == ()


def test_a_list_of_two_thousand_names_is_aligned_clause_by_clause() -> None:
    """Aligning is quadratic: as one sentence this took half a minute."""
    names = [f"{first}{chr(0x4E00 + n)}街道" for first in "甲乙丙丁戊己庚辛壬癸" for n in range(200)]
    one = "公示名单：" + "、".join(names)
    other = one.replace("甲", "申")
    assert 0 < len(find_replaced_places(one, other)) <= MAX_ALIGNED
