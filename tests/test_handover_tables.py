"""What a table gives that a department handed over: its rows in the states in which editors save them."""

from __future__ import annotations

import csv
import io

import pytest
from handover_fixtures import read_file, read_posts, refuse
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import ParsedFeed
from aggregator.parse.handover.columns import find_column, is_serial
from aggregator.parse.handover.rows import Rows
from aggregator.parse.handover.tables import ROWS_A_PART


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_separators_and_encodings_of_all_programs_are_read(separator: str, encoding: str) -> None:
    rows = separator.join(["标题", "日期", "正文"]) + "\n" + separator.join(["停水通知", "2026-03-01", "今晚停水。"])
    (post,) = read_posts("a.csv", rows.encode(encoding))
    assert (post.title, post.text, f"{post.published:%m-%d}") == ("停水通知", "今晚停水。", "03-01")


def test_columns_may_be_english_and_in_any_order() -> None:
    (post,) = read_posts("a.csv", "Published At,URL,Title,extra,Content\n2026-03-01,https://a.example/1,T,x,<p>B</p>")
    assert (post.title, post.url, post.text) == ("T", "https://a.example/1", "B")


def test_a_table_without_names_of_columns_is_refused_with_the_remedy() -> None:
    assert "标题" in refuse("a.csv", "停水通知,2026-03-01\n停电通知,2026-03-02\n")


def test_a_row_that_says_nothing_is_named_by_its_line() -> None:
    parsed = read_file("a.csv", "标题,日期,正文\n一,2026-03-01,甲\n,2026-03-02,\n,,\n")
    assert isinstance(parsed, ParsedFeed)
    assert len(parsed.posts) == 1
    assert "第 3 行" in parsed.warnings[0]
    assert len(parsed.warnings) == 1


@pytest.mark.parametrize(
    ("header", "broken", "behind"),
    [
        ("标题,正文", '二,"乙', ""),
        ("标题,日期,正文", '二,2026-03-02,"乙', ""),
        ("标题,日期,正文", '二,2026-03-02,"乙', ',"有引号的"'),
        ("标题,日期,正文", '"二,2026-03-02,乙', ',"有引号的"'),
        ("标题,部门,正文", '二,"水务局,乙', ""),
    ],
)
def test_a_quotation_mark_that_never_closes_is_named_and_costs_its_row(header: str, broken: str, behind: str) -> None:
    """Whether another mark comes later or none does."""
    whole = {2: ["甲", "丙", "丁"], 3: ["2026-03-01,甲", "2026-03-03,丙", "2026-03-04,丁"]}
    rows = [f"{title},{rest}" for title, rest in zip("一三四", whole[header.count(",") + 1], strict=True)]
    text = "\n".join((header, rows[0], broken, rows[1], rows[2] + behind)) + "\n"
    parsed = read_file("a.csv", text)
    assert isinstance(parsed, ParsedFeed)
    assert [post.title for post in parsed.posts] == ["一", "三", "四"]
    (told,) = parsed.warnings
    assert "第 3 行的引号没有成对" in told


def test_cells_of_many_lines_are_no_rows() -> None:
    """Nor is what looks like one behind a closing mark, or an inch."""
    text = '标题,正文,日期\n一,"甲,乙\n丙,丁",2026-03-01\n二,"第一段\n\n第二段：管径 5"" 的水管",2026-03-02\n'
    posts = read_posts("a.csv", text)
    assert [post.title for post in posts] == ["一", "二"]
    assert '5" 的水管' in posts[1].text


def test_what_follows_an_open_mark_and_is_no_row_is_lost_with_it_and_named() -> None:
    text = '标题,日期,正文\n一,2026-03-01,"第一段\n第二段\n\n第三段\n二,2026-03-02,"乙\n乙"\n三,3月3日,丙\n'
    parsed = read_file("a.csv", text)
    assert isinstance(parsed, ParsedFeed)
    assert [(post.title, post.text) for post in parsed.posts] == [("二", "乙\n乙"), ("三", "丙")]
    (told,) = parsed.warnings
    assert "第 2 行的引号没有成对，第 2 至 5 行没有读取" in told


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"停水"通知', "停水通知"),
        ('"第一段\n第二段"末', "第一段\n第二段末"),
        ('"管径5"的水管', "管径5的水管"),
        ('管径5"的水管', '管径5"的水管'),
    ],
)
def test_marks_that_do_not_match_and_take_in_no_other_row_cost_nothing(cell: str, text: str) -> None:
    posts = read_posts("a.csv", f"标题,日期,正文\n一,2026-03-01,{cell}\n二,2026-03-02,乙\n")
    assert [post.text for post in posts] == [text, "乙"]


def test_a_cell_that_goes_on_behind_marks_within_it_is_named_and_makes_no_posts() -> None:
    text = '标题,日期,正文\n一,2026-03-01,"他说"好"。\n第二段"\n二,2026-03-02,乙\n'
    parsed = read_file("a.csv", text)
    assert isinstance(parsed, ParsedFeed)
    assert [post.title for post in parsed.posts] == ["二"]
    assert "第 2 至 3 行没有读取" in parsed.warnings[0]


def test_a_row_within_marks_that_match_is_text_and_named() -> None:
    """It may be a list of events; or two marks are missing."""
    text = '标题,日期,正文\n一,2026-03-01,"大事记\n二,2026-03-02,乙"\n三,2026-03-03,"丙,丁\n戊"\n'
    parsed = read_file("a.csv", text)
    assert isinstance(parsed, ParsedFeed)
    assert [post.text for post in parsed.posts] == ["大事记\n二,2026-03-02,乙", "丙,丁\n戊"]
    (told,) = parsed.warnings
    assert "第 2 行的正文里有像另一行的内容“二,2026-03-02,乙”" in told


@given(bodies=st.lists(st.text('甲"乙,\n 。', min_size=1, max_size=12).map("文{}文".format), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_a_program_writes_into_cells_is_read_as_it_was(bodies: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["标题", "日期", "正文"], *([f"第{n}", "2026-03-01", b] for n, b in enumerate(bodies))])
    rows = list(Rows(out.getvalue(), ","))[1:]
    assert [row.cells[2] for row in rows] == bodies


@given(count=st.integers(1, 6), place=st.integers(0, 5), quoted=st.lists(st.booleans(), min_size=6, max_size=6))
@settings(max_examples=60, deadline=None)
def test_one_open_mark_costs_one_row_wherever_it_is(count: int, place: int, quoted: list[bool]) -> None:
    cells = [f'"正文{n}，\n第二行"' if quoted[n] else f"正文{n}" for n in range(count)]
    place %= count
    cells[place] = '"没有闭合'
    rows = "".join(f"第{n}篇,2026-03-01,{cell}\n" for n, cell in enumerate(cells))
    parsed = read_file("a.csv", f"标题,日期,正文\n{rows}")
    assert isinstance(parsed, ParsedFeed)
    assert [post.title for post in parsed.posts] == [f"第{n}篇" for n in range(count) if n != place]
    assert len(parsed.warnings) == 1


@pytest.mark.parametrize("broken", ['二,2026-03-02,"乙', '二,2026-03-02,"乙""', '二,"" 2026-03-02,"乙""'])
def test_open_marks_in_many_rows_cost_these_rows(broken: str) -> None:
    """And no more time than the table is long."""
    for count in (1, 2, 3, 20_000):
        rows = "标题,日期,正文\n一,2026-03-01,甲\n" + f"{broken}\n" * count + "三,2026-03-03,丙\n"
        parsed = read_file("a.csv", rows)
        assert isinstance(parsed, ParsedFeed)
        assert parsed.posts[0].title == "一"
        if count < ROWS_A_PART:
            assert [post.title for post in parsed.posts] == ["一", "三"]
            assert len(parsed.warnings) == count


def test_rows_of_one_name_that_say_different_things_are_all_kept() -> None:
    """By their own number, or by headline and day; the same row twice is one."""
    rows = ("停水通知,2026-03-01,人民路停水", "停水通知,2026-03-01,建设路停水", "停水通知,2026-03-01,人民路停水")
    posts = read_posts("a.csv", "标题,日期,正文\n" + "\n".join(rows))
    assert [post.text for post in posts] == ["人民路停水", "建设路停水"]
    assert len({post.key for post in posts}) == 2


def test_rows_that_share_an_address_and_say_different_things_are_all_kept() -> None:
    """As those that lead to the list they stand in."""
    rows = ("停水通知,2026-03-01,人民路停水", "停水通知,2026-03-01,建设路停水")
    table = "标题,日期,正文,链接\n" + "".join(f"{row},https://a.example/list/\n" for row in rows)
    assert [post.text for post in read_posts("a.csv", table)] == ["人民路停水", "建设路停水"]


def test_an_article_in_two_columns_of_a_site_is_one() -> None:
    table = "编号,标题,日期,正文,栏目\n{0},通知,2026-03-01,甲,要闻\n{0},通知,2026-03-01,甲,公告\n"
    for number in ("", "TS-9"):
        parsed = read_file("a.csv", table.format(number))
        assert isinstance(parsed, ParsedFeed)
        assert (len(parsed.posts), parsed.warnings) == (1, ())


def test_a_row_to_be_taken_back_that_may_be_any_of_several_is_named() -> None:
    rows = (f"停水通知,2026-03-01,{rest}\n" for rest in ("人民路停水,", "建设路停水,", ",是"))
    parsed = read_file("a.csv", "标题,日期,正文,撤回\n" + "".join(rows))
    assert isinstance(parsed, ParsedFeed)
    assert (len(parsed.posts), parsed.deleted) == (2, ())
    (told,) = parsed.warnings
    assert "第 4 行要撤下" in told


def test_a_serial_number_is_none_that_two_rows_could_share() -> None:
    rows = "编号,标题,日期,正文\n1,停水通知,2026-03-01,人民路停水\n2,停水通知,2026-03-01,建设路停水\n"
    parsed = read_file("a.csv", rows)
    assert isinstance(parsed, ParsedFeed)
    assert (len(parsed.posts), parsed.warnings) == (2, ())


def test_a_number_that_two_rows_have_is_named() -> None:
    rows = "编号,标题,日期,正文\nTS-9,停水通知,2026-03-01,人民路停水\nTS-9,停电通知,2026-03-02,建设路停电\n"
    parsed = read_file("a.csv", rows)
    assert isinstance(parsed, ParsedFeed)
    assert [post.title for post in parsed.posts] == ["停水通知", "停电通知"]
    (told,) = parsed.warnings
    assert "第 3 行的编号“TS-9”和第 2 行一样" in told


def test_a_cell_longer_than_the_modules_bound_is_an_article() -> None:
    (post,) = read_posts("a.csv", f'标题,正文\n长文,"<p>{"很长的正文。" * 30_000}</p>"\n')
    assert len(post.text) == 180_000


def test_a_long_table_is_read_in_parts_that_make_the_whole() -> None:
    rows = "标题,正文\n" + "".join(f"第{n}篇,正文{n}\n" for n in range(2 * ROWS_A_PART + 7))
    titles, start = [], 0
    while True:
        parsed = read_file("a.csv", rows, start)
        assert isinstance(parsed, ParsedFeed)
        titles += [post.title for post in parsed.posts]
        start = parsed.next_row
        if not start:
            break
    assert titles == [f"第{n}篇" for n in range(2 * ROWS_A_PART + 7)]


def test_a_rows_number_is_no_identifier() -> None:
    first, second = read_posts("a.csv", "编号,标题,日期,正文\n1,一,2026-03-01,甲\n2,二,2026-03-02,乙\n")
    assert not {first.key, second.key} & {"1", "2"}


def test_a_corrected_row_keeps_its_key() -> None:
    (before,) = read_posts("a.csv", "标题,日期,正文\n一,2026-03-01,甲\n")
    (after,) = read_posts("b.csv", "日期,标题,正文\n2026-03-01,一,甲乙\n")
    assert before.key == after.key


def test_a_row_may_say_that_it_is_taken_back() -> None:
    parsed = read_file("a.csv", "编号,标题,撤回\nrs-20260301,一,是\nrs-20260302,二,否\n")
    assert isinstance(parsed, ParsedFeed)
    assert [post.title for post in parsed.posts] == ["二"]
    assert "rs-20260301" in parsed.deleted


@given(order=st.permutations(range(8)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_changes_no_post(order: list[int]) -> None:
    rows = [f"第{n}篇,2026-03-{n + 1:02},正文{n},\n" for n in range(8)]
    shuffled = read_posts("a.csv", "标题,日期,正文,链接\n" + "".join(rows[n] for n in order))
    straight = read_posts("a.csv", "标题,日期,正文,链接\n" + "".join(rows))
    assert sorted(shuffled, key=lambda post: post.key) == sorted(straight, key=lambda post: post.key)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("标题", "title"),
        (" 发布日期（必填） ", "date"),
        ("\ufeff正文", "body"),
        ("*链接*", "link"),
        ("Publish_Time", "date"),
        ("电话", ""),
        ("", ""),
    ],
)
def test_columns_are_known_by_many_names(name: str, column: str) -> None:
    assert find_column(name) == column


@pytest.mark.parametrize(
    ("identifier", "serial"),
    [("1", True), ("0042", True), ("10001", False), ("rs-1", False), ("NULL", True), ("—", True)],
)
def test_short_numbers_and_words_for_nothing_are_those_of_rows(identifier: str, serial: bool) -> None:
    assert is_serial(identifier) is serial
