"""What texts name, and under which names documents are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.documents import find_citations, name_document, read_form, read_reference, recognise_form, spell_number
from aggregator.text import split_list


def list_numbers(text: str) -> list[str]:
    return [name.key.removeprefix("文号:") for name in find_citations(text) if name.key.startswith("文号:")]


def match(mention: str, title: str, number: str = "") -> bool | None:
    """Whether a mention and a document meet under whole names; None where they do not meet."""
    named = {name.key: name.exact for name in find_citations(mention)}
    met = [named[name.key] and name.exact for name in name_document(title, number) if name.key in named]
    return any(met) if met else None


@pytest.mark.parametrize(
    "typed", ["栖人社发〔2026〕48号", "栖人社发[2026]48号", "栖人社发(2026)第048号", "栖人社发【2026】 48 号"]
)
def test_a_number_is_one_however_it_is_typed(typed: str) -> None:
    assert spell_number(typed) == "栖人社发〔2026〕48号"
    assert list_numbers(f"现将《办法》（{typed}）印发给你们") == ["栖人社发〔2026〕48号"]


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("根据栖人社发〔2026〕48号和栖政办发〔2026〕3号，", ["栖人社发〔2026〕48号", "栖政办发〔2026〕3号"]),
        ("落实市政府办公室印发的栖政办发〔2026〕39号文件", ["栖政办发〔2026〕39号"]),
        ("见和政发〔2025〕1号", ["和政发〔2025〕1号"]),
        ("原栖人社规〔2023〕31号同时废止", ["栖人社规〔2023〕31号"]),
        ("第48号提案，3号楼，〔2026〕5号", []),
        ("见栖政发〔2026〕5号，〔2026〕年计划", ["栖政发〔2026〕5号"]),
    ],
)
def test_what_stands_before_a_number_in_a_sentence_is_none_of_it(sentence: str, numbers: list[str]) -> None:
    assert list_numbers(sentence) == numbers


def test_a_policy_is_found_by_its_title_and_by_that_of_what_it_issues() -> None:
    title = "栖江市人民政府办公室关于印发《栖江市租房补贴办法（试行）》的通知"
    assert match("《栖江市租房补贴办法（试行）》解读", title) is True
    assert match("《栖江市人民政府办公室关于印发〈栖江市租房补贴办法（试行）〉的通知》", title) is True
    assert match("栖政办发〔2026〕3号", title, "栖政办发[2026]3号") is True


def test_part_of_a_title_is_a_guess() -> None:
    """Another city may have a document of that name, and another year."""
    title = "栖江市租房补贴办法（试行）"
    assert match("《租房补贴办法》", title) is False
    assert match("《栖江市租房补贴办法》", title) is False
    assert match("《栖江市租房补贴办法（2026年修订）》", "栖江市租房补贴办法") is False


@pytest.mark.parametrize(
    "title", ["关于废止《栖江市租房补贴办法》的决定", "《栖江市租房补贴办法》解读", "栖江市租房补贴办法实施细则"]
)
def test_what_speaks_of_a_document_is_not_that_document(title: str) -> None:
    assert match("《栖江市租房补贴办法》", title) is None


def test_a_header_names_by_title_or_number_and_a_title_may_have_marks_in_it() -> None:
    assert read_reference("《栖江市租房补贴办法》") == read_reference("栖江市租房补贴办法")
    assert split_list("zfbt-2026、《劳动、人事争议办法》，栖政发〔2026〕3号") == (
        "zfbt-2026", "《劳动、人事争议办法》", "栖政发〔2026〕3号",
    )  # fmt: skip


@given(st.text(alphabet="《》〈〉〔〕[]（）栖政办发和2026第号、的关于印发租房补贴试行办法市\n", max_size=80))
def test_any_text_is_read(text: str) -> None:
    """Broken brackets and numbers are no names."""
    for name in find_citations(text):
        assert name.key.startswith(("文号:", "标题:"))


@pytest.mark.parametrize(
    ("title", "text", "pictures", "files", "form"),
    [
        ("一图读懂租房补贴", "正文", 0, (), "图解"),
        ("漫画说医保", "", 3, (), "漫画"),
        ("局长讲政策", "全文" * 100, 0, ("https://a.example/讲解.MP4?x=1",), "视频"),
        ("局长讲政策", "全文" * 100, 0, ("录音.mp3",), "音频"),
        ("补贴怎么领", "1. 谁可以申请？\n本市户籍。\n2. 去哪里办？\n窗口。\n3. 要多久？\n十天。", 0, (), "问答"),
        ("补贴怎么领", "看图。", 4, (), "图解"),
        ("补贴办法解读", "为什么修订？" + "有三点原因。" * 80, 1, ("办法.pdf",), "文字"),
        ("以案释法：两位老人的账", "故事。" * 90, 0, (), "案例"),
    ],
)
def test_the_form_of_an_explanation_is_recognised(
    title: str, text: str, pictures: int, files: tuple[str, ...], form: str
) -> None:
    assert recognise_form(title, text, pictures, files) == form


def test_a_header_says_one_of_seven_forms() -> None:
    assert (read_form("图解、问答"), read_form("讲座"), read_form("")) == ("图解", None, None)
