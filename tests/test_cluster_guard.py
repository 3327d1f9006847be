"""What keeps strangers apart though most of their words are the same, and what bad input does: nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import FOREST, FOREST_TITLE, MEDICAL, MEDICAL_TITLE, ORIGINAL, OUTAGE, copy_of, make_document, outage

from aggregator.cluster import compare


@pytest.mark.parametrize("url", ["https://slj.qijiang.gov.cn/", "https://slj.qijiang.gov.cn/notices/list.html"])
@pytest.mark.parametrize("other", [outage(day="11月28日"), outage("长江路"), FOREST])
def test_a_shared_address_makes_no_story(url: str, other: str) -> None:
    """Items that all link to the home page, or to the list of notices, are no story."""
    one = replace(OUTAGE, canonical_url=url)
    assert compare(one, replace(one, post=2, key="key2", text=other, title=f"{one.title}二")) is None
    assert compare(one, copy_of(one, FOREST, title=FOREST_TITLE)) is None


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
