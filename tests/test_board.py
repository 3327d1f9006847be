"""A sheet for the notice board: one A4 page, everything on it, large; a text that does not fit ends with a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import docx
import lxml.html
import pytest
from board_fixtures import LIMITS, LONG, SENTENCE, SERVICE, SHEETS, WATER
from hypothesis import given
from hypothesis import strategies as st
from site_fixtures import NOW, SWIMMING, Item, SmallSite, call_matrix

from aggregator.board import Sheet, fit_sheet, write_board
from aggregator.board.fit import BIG_SIZE, TEXT_SIZES, TITLE_SIZES
from aggregator.build import load_settings
from aggregator.pipeline.articles import find_article
from aggregator.registry import load_registry
from aggregator.store import Store


def read_text(sheet: Sheet) -> str:
    return "".join(one.text for one in sheet.paragraphs)


def test_a_short_notice_stands_in_the_largest_type() -> None:
    sheet = fit_sheet(WATER)
    assert (sheet.title_size, sheet.text_size, sheet.is_cut) == (TITLE_SIZES[0][0], TEXT_SIZES[0], False)
    assert [row.name for row in sheet.rows if row.is_big] == ["何时办", "电话"]
    assert sheet.big_size == BIG_SIZE


def test_a_longer_text_is_smaller_before_it_is_cut() -> None:
    sheets = [fit_sheet(replace(WATER, card=(), gist="", text=SENTENCE * count)) for count in (1, 9, 11, 14)]
    assert not any(sheet.is_cut for sheet in sheets)
    assert len({sheet.text_size for sheet in sheets}) == len(sheets)
    assert sheets[0].text_size > sheets[-1].text_size


def test_a_text_that_does_not_fit_ends_with_a_sentence() -> None:
    sheet = fit_sheet(replace(WATER, text=LONG))
    assert sheet.is_cut
    assert read_text(sheet).endswith("。……")
    assert len(read_text(sheet)) > 200


def test_a_heading_does_not_come_last() -> None:
    text = "\n".join(f"{SENTENCE * count}\n一、下一节" for count in range(1, 20))
    assert not fit_sheet(replace(WATER, text=text)).paragraphs[-1].is_heading


def test_headings_are_told_by_the_page_or_by_their_number() -> None:
    text = "一、出行安全\n办理材料\n（三）其他\n一、这一句不是标题，它很长，有句号。"
    sheet = fit_sheet(replace(WATER, text=text, headings=("办理材料",)))
    assert [one.is_heading for one in sheet.paragraphs] == [True, True, True, False]


def test_a_service_without_card_shows_where_and_whom_to_call() -> None:
    sheet = fit_sheet(SERVICE)
    assert [(row.name, row.is_big) for row in sheet.rows] == [("办理地点", False), ("联系电话", True)]
    assert [(one.name, one.is_heading) for one in sheet.paragraphs] == [
        ("申请条件", False), ("", False), ("", True), ("", False),
    ]  # fmt: skip


TEXT = st.text(st.sampled_from("停水通知，。：（）《》 aW0-\n"), max_size=400)


@given(title=TEXT, gist=TEXT, values=st.lists(TEXT, max_size=5), text=TEXT, times=st.integers(1, 30))
def test_there_is_always_room_for_some_text(title: str, gist: str, values: list[str], text: str, times: int) -> None:
    names = ("谁能办", "办多少", "何时办", "怎么办", "电话")
    card = tuple(zip(names, values, strict=False))
    article = replace(LIMITS, title=title, gist=gist, card=card, text=(text + "\n") * times)
    sheet = fit_sheet(article)
    assert sheet == fit_sheet(article)
    assert sheet.is_cut or read_text(sheet) == "".join(" ".join(line.split()) for line in article.text.split("\n"))
    assert fit_sheet(replace(article, text=LONG)).paragraphs


def test_what_is_on_the_page_reads_as_it_was_written() -> None:
    article = SHEETS["markup"]
    root = lxml.html.fromstring(write_board(fit_sheet(article), article))
    assert "".join(one.text for one in root.iterfind(".//h1/span")).replace(" ", "") == article.title.replace(" ", "")
    assert article.text in root.text_content()
    assert "{{ 1 }}" in root.text_content()
    assert "2026年11月21日" in root.text_content()
    assert root.find_class("address")[0].text == article.url


def read_sheet(file: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(Path(file).read_text(encoding="utf-8"))


def make_board(site: SmallSite, name: str, *arguments: str) -> dict[str, object]:
    made = site.call("board", name, *arguments, "--json")
    assert made.status == 0, made.out
    document = made.document
    assert isinstance(document, dict)
    return document


def test_a_published_draft_leads_to_its_page(small_site: SmallSite, tmp_path: Path) -> None:
    story = small_site.stories()["游泳馆恢复开放的公告"]
    for name in ("content/notices/youyong.md", "notices/youyong.md", story["url"], story["id"]):
        made = make_board(small_site, name, "--out", str(tmp_path / "board.html"))
        assert (made["url"], made["on_site"], made["cut"]) == (story["url"], True, False)
        assert story["url"] in read_sheet(str(tmp_path / "board.html")).text_content()
    assert make_board(small_site, "bs-jiehun")["title"] == "结婚登记"


def test_the_address_of_a_draft_is_known_before_it_is_published(small_site: SmallSite) -> None:
    small_site.set_draft("notices/xin.md", SWIMMING[:1], 标题="新通知", 日期="2026-03-18", 编号="tz-xin")
    small_site.set_draft("notices/wuhao.md", SWIMMING[1:2], 标题="没有编号的", 日期="2026-03-18")
    promised = {}
    for path in ("notices/xin.md", "notices/wuhao.md"):
        made = make_board(small_site, path)
        assert made["on_site"] is False
        assert "还没有发布" in read_sheet(str(made["file"])).text_content()
        promised[made["title"]] = made["url"]
    small_site.publish()
    assert {title: small_site.stories()[title]["url"] for title in promised} == promised
    # A 编号 that is given later, another title and another name of the file leave the address.
    small_site.set_draft("notices/wuhao.md", SWIMMING[1:2], 标题="改了题目", 日期="2026-03-18", 编号="tz-later")
    assert make_board(small_site, "notices/wuhao.md")["url"] == promised["没有编号的"]
    (small_site.root / "content/notices/xin.md").rename(small_site.root / "content/notices/gai.md")
    assert make_board(small_site, "notices/gai.md")["url"] == promised["新通知"]


def test_another_piece_at_an_old_path_has_an_address_of_its_own(small_site: SmallSite) -> None:
    former = make_board(small_site, "news/zhongshu.md")["url"]
    small_site.set_draft("news/zhongshu.md", SWIMMING[:1], 标题="另一件事", 日期="2026-03-18", 编号="xw-other")
    promised = make_board(small_site, "news/zhongshu.md")["url"]
    assert promised != former
    small_site.publish()
    assert small_site.stories()["另一件事"]["url"] == promised


def test_a_draft_that_is_part_of_a_story_leads_to_that_storys_page(small_site: SmallSite) -> None:
    small_site.set_feed("fabu", Item("fabu-9", "游泳馆水处理设备更换完成", SWIMMING, NOW - timedelta(days=30)))
    small_site.set_draft("notices/fuben.md", SWIMMING, 标题="游泳馆水处理设备更换完成", 日期="2026-03-19 09:00")
    small_site.publish()
    made = make_board(small_site, "notices/fuben.md")
    assert made["on_site"] is True
    assert Path(small_site.output / str(made["url"]).partition(".example/")[2]).is_file()


def test_a_draft_can_be_printed_before_anything_was_published(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    site.set_account("local", name="临江发布", organization="临江市政府", platform="website", kind="local", feeds=[])
    site.set_draft("notices/a.md", ("水厂检修。",), 标题="停水", 何时办="今晚", 电话="96116")
    made = make_board(site, "content/notices/a.md")
    sheet = read_sheet(str(made["file"]))
    assert [one.text for one in sheet.iter("dd")] == ["今晚", "96116"]
    assert "临江市政府" in sheet.text_content()
    assert not site.site.store.exists()


def test_a_post_of_an_account_is_printed_with_its_organization(small_site: SmallSite) -> None:
    story = small_site.stories()["关于发放春季燃气取暖补贴的通知"]
    sheet = read_sheet(str(make_board(small_site, story["url"])["file"]))
    assert sheet.findtext(".//footer//b") == "临江市ranqi局"


def test_a_word_document_is_printed(small_site: SmallSite) -> None:
    document = docx.Document()
    document.add_heading("关于停电的通知", 0)
    document.add_paragraph("因线路检修，3月26日8时至18时停电，请提前准备。")
    document.save(str(small_site.root / "content" / "notices" / "停电.docx"))
    made = make_board(small_site, "content/notices/停电.docx")
    assert made["title"] == "关于停电的通知"
    assert "3月26日8时至18时停电" in read_sheet(str(made["file"])).text_content()
    small_site.publish()
    assert small_site.stories()["关于停电的通知"]["url"] == made["url"]


def test_a_post_of_an_account_is_of_the_kind_of_its_column(small_site: SmallSite) -> None:
    """So that its cover has that kind's motif."""
    settings, registry = load_settings(small_site.site), load_registry(small_site.site.registry)
    with Store.open(small_site.site.store) as store:
        kinds = {
            title: find_article(small_site.site, settings, registry, store, NOW, story["url"]).genre
            for title, story in small_site.stories().items()
        }
    assert kinds["关于发放春季燃气取暖补贴的通知"] == "notice"
    assert kinds["结婚登记"] == "service"


@pytest.mark.parametrize(
    "name", ["notices/none.md", "https://elsewhere.example/s/aaaaaaaaaaaaa.html", "../pelicanconf.py", "content", ""]
)
def test_a_name_that_means_nothing_is_refused(small_site: SmallSite, name: str) -> None:
    refused = small_site.call("board", name, "--json")
    assert refused.status == 2
    assert "找不到" in refused.document["error"]["message"]
    assert not list(small_site.root.glob("公告栏-*"))


def test_a_withdrawn_story_is_not_printed(small_site: SmallSite) -> None:
    url = small_site.stories()["北山植树节种下新林"]["url"]
    assert small_site.call("withdraw", url, "--reason", "重复").status == 0
    refused = small_site.call("board", url, "--json")
    assert refused.status == 2
    assert "不在网站上" in refused.document["error"]["message"]


def test_a_draft_that_cannot_be_read_says_why(small_site: SmallSite) -> None:
    (small_site.root / "content/notices/kong.md").write_bytes(b"")
    refused = small_site.call("board", "notices/kong.md", "--json")
    assert refused.status == 2
    assert refused.document["error"]["message"] == "文件是空的。"


def test_a_place_that_cannot_be_written_is_a_plain_error(small_site: SmallSite) -> None:
    refused = small_site.call("board", "notices/youyong.md", "--out", "/proc/none/here", "--json")
    assert refused.status == 2
    assert "写不进去" in refused.document["error"]["message"]


def test_the_command_says_what_to_do_next(small_site: SmallSite) -> None:
    small_site.set_draft("notices/chang.md", tuple(LONG.split("\n")), 标题="很长的通知", 日期="2026-03-18")
    made = call_matrix("-C", str(small_site.root), "board", "notices/chang.md")
    assert made.status == 0, made.err
    for words in ("公告栏-很长的通知.html", "Ctrl+P", "全文扫码", "matrix publish"):
        assert words in made.out
    assert "全文扫码" in (small_site.root / "公告栏-很长的通知.html").read_text(encoding="utf-8")
