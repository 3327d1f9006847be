"""A title is divided as a setter would: marks, numbers, words and names stay whole, lines are of about one length."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.images.lines import ELLIPSIS, clean_title, divide_title, shorten_line, shorten_title


def measure(text: str) -> float:
    """Chinese type is as wide as it is high, other type half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in text)


def divide(title: str, width: float, most: int = 4) -> tuple[str, ...]:
    found = divide_title(title, measure, width, most)
    assert found is not None
    return found.lines


@pytest.mark.parametrize(
    ("title", "width", "lines"),
    [
        ("停水通知", 9, ("停水", "通知")),
        ("江南新城云麓家园422套公租房将公开摇号，全程网上直播", 8,
         ("江南新城云麓", "家园422套公租房", "将公开摇号，", "全程网上直播")),
        ("关于印发《租房补贴办法》的通知", 10, ("关于印发", "《租房补贴办法》", "的通知")),
        ("2026年度“民生实事”座谈会（第二场）公告", 10, ("2026年度“民生实事”", "座谈会（第二场）公告")),
        ("11月25日上午9:00—11:30，建设路停水；请提前储水", 7,
         ("11月25日上午", "9:00—11:30，", "建设路停水；", "请提前储水")),
        ("WeChat Pay与Apple Pay缴费上线", 11, ("WeChat Pay与", "Apple Pay", "缴费上线")),
        ("一", 9, ("一",)),
    ],
)  # fmt: skip
def test_titles_are_divided_where_they_read_well(title: str, width: float, lines: tuple[str, ...]) -> None:
    assert divide(title, width) == lines


def test_a_name_in_title_marks_stays_whole_where_a_line_has_room_for_it() -> None:
    for width in (9, 10, 12, 14):
        assert any(
            "《城市道路管理条例》" in line or width < 10 for line in divide("关于《城市道路管理条例》的解读", width)
        )


def test_there_is_no_division_where_a_word_is_wider_than_a_line() -> None:
    assert divide_title("Pneumonoultramicroscopic", measure, 5, 4) is None
    assert shorten_title("Pneumonoultramicroscopic", measure, 5, 4).lines == (ELLIPSIS,)


def test_a_title_that_does_not_fit_ends_in_an_ellipsis_and_fills_its_lines() -> None:
    lines = shorten_title("关于进一步做好困难群众资助参保工作的通知" * 6, measure, 10, 3).lines
    assert len(lines) == 3
    assert lines[-1].endswith(ELLIPSIS)
    assert measure("".join(lines)) > 24


def test_a_line_that_is_too_wide_ends_in_an_ellipsis() -> None:
    assert shorten_line("市水务局", measure, 4) == "市水务局"
    assert shorten_line("市自来水有限公司", measure, 5) == "市自来水…"


def test_what_is_not_to_be_seen_goes() -> None:
    assert clean_title(" 停水\u200b通知\u202e \n （ 二 ）\ufe0f\x00") == "停水通知 （ 二 ）"


TITLES = st.text(st.sampled_from("停水通知的和，。、：（）《》“”… 0123456789年月日ABCxyz.-%/—😀"), max_size=60)


@given(TITLES, st.integers(6, 24), st.integers(1, 4))
def test_a_division_keeps_the_text_the_width_and_the_rules_of_line_ends(title: str, width: int, most: int) -> None:
    """GB/T 15834-2011, 5.1: no stop opens a line, no opening mark ends one."""
    title = clean_title(title)
    found = divide_title(title, measure, width, most)
    if found is None:
        return
    assert re.sub(r"\s", "", "".join(found.lines)) == re.sub(r"\s", "", title)
    assert len(found.lines) <= most
    assert all(measure(line) <= width for line in found.lines)
    assert all(line[0] not in "，。、：）》”…" for line in found.lines[1:])
    assert all(line[-1] not in "（《“" for line in found.lines[:-1])


@given(TITLES, st.integers(6, 24), st.integers(1, 4))
def test_what_is_shortened_always_fits(title: str, width: int, most: int) -> None:
    lines = shorten_title(clean_title(title), measure, width, most).lines
    assert 1 <= len(lines) <= most
    assert all(measure(line) <= width for line in lines)
