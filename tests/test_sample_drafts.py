"""The sample city's drafts under content/ keep the promises that the pages built from them rely on.

Independent on purpose: the header is split here and nothing of the project is imported, so that a mistake
in the draft reader cannot hide a mistake in the drafts.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

CONTENT = Path(__file__).parents[1] / "content"
HEADER_ELEMENTS = ("标题", "办理地点", "办理时间", "联系电话")
BODY_ELEMENTS = ("设定依据", "申请条件", "办理材料", "办理流程")
VALIDITY = {"有效", "失效", "废止", "已修改", "尚未生效"}
OVERLAP_LIMIT = 0.5
"""Share of an explanation's 5-grams that its policy may hold; beyond it, it is an excerpt."""


@dataclass(frozen=True, slots=True)
class Draft:
    path: Path
    header: dict[str, str]
    body: str

    @property
    def code(self) -> str:
        return self.header.get("编号", "")

    def references(self, key: str) -> tuple[str, ...]:
        return tuple(code for code in self.header.get(key, "").split("、") if code)

    def text(self) -> str:
        return "".join(re.findall(r"[\u4e00-\u9fff0-9A-Za-z]", self.body))


@cache
def read_drafts(folder: str) -> tuple[Draft, ...]:
    return tuple(split_draft(path) for path in sorted((CONTENT / folder).glob("*.md")))


def split_draft(path: Path) -> Draft:
    opening, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path}: nothing may stand before the header"
    pairs = [line.split(": ", 1) for line in header.splitlines()]
    keys = [pair[0] for pair in pairs]
    assert len(set(keys)) == len(keys), f"{path}: a key stands twice"
    return Draft(path, {key: value.strip() for key, value in pairs}, body)


def every_draft() -> tuple[Draft, ...]:
    folders = ("notices", "policies", "explanations", "services", "news", "pages")
    return tuple(draft for folder in folders for draft in read_drafts(folder))


def five_grams(text: str) -> set[str]:
    return {text[start : start + 5] for start in range(len(text) - 4)}


def policies_by_code() -> dict[str, Draft]:
    return {draft.code: draft for draft in read_drafts("policies")}


def name_draft(draft: Draft) -> str:
    return draft.path.name


@pytest.mark.parametrize("draft", every_draft(), ids=name_draft)
def test_a_draft_names_its_title_unit_and_time(draft):
    """Nothing is published undated or without a responsible unit."""
    assert draft.header["标题"]
    assert draft.header["部门"]
    assert datetime.strptime(draft.header["日期"], "%Y-%m-%d %H:%M")  # noqa: DTZ007 staff write local time


def test_codes_are_unique_and_fit_for_an_address():
    """Addresses derive from the code, so no two drafts share one."""
    codes = [draft.code for draft in every_draft() if draft.code]
    assert [code for code, count in Counter(codes).items() if count > 1] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []


@pytest.mark.parametrize("folder", ["policies", "explanations", "services", "pages"])
def test_lasting_drafts_carry_a_code(folder):
    """What others link to needs a name that outlives its file."""
    assert [name_draft(draft) for draft in read_drafts(folder) if not draft.code] == []


def test_at_least_six_policies_are_explained():
    """A policy without an explanation is a fault that inspections count."""
    explained = {code for draft in read_drafts("explanations") for code in draft.references("关联政策")}
    assert len(explained & policies_by_code().keys()) >= 6
    current = {code for code, draft in policies_by_code().items() if draft.header["有效性"] != "废止"}
    assert current - explained == set()


@pytest.mark.parametrize("draft", every_draft(), ids=name_draft)
def test_references_point_at_an_existing_policy(draft):
    """A link from an explanation, a service or a successor never leads nowhere."""
    for key in ("关联政策", "替代文件"):
        assert set(draft.references(key)) <= policies_by_code().keys()


@pytest.mark.parametrize("draft", read_drafts("policies"), ids=name_draft)
def test_a_policy_is_a_complete_official_document(draft):
    """Document number, index, dates, validity, chapters and articles in unbroken order."""
    assert re.fullmatch(r"栖\w*发〔20\d\d〕\d+号", draft.header["文号"])
    assert re.fullmatch(r"QJ\d{3}-20\d\d-\d{5}", draft.header["索引号"])
    assert draft.header["成文日期"] <= draft.header["日期"][:10]
    assert draft.header["有效性"] in VALIDITY
    assert ("替代文件" in draft.header) == (draft.header["有效性"] == "废止")
    assert len(draft.text()) >= 800
    assert re.findall(r"^### (第\S+章) ", draft.body, re.M) == number_headings(draft.body, r"^### 第", "章")
    assert re.findall(r"^\*\*(第\S+条)\*\*", draft.body, re.M) == number_headings(draft.body, r"^\*\*第", "条")


def number_headings(body: str, start: str, unit: str) -> list[str]:
    digits = "零一二三四五六七八九"
    names = []
    for number in range(1, len(re.findall(start, body, re.M)) + 1):
        tens, ones = divmod(number, 10)
        ten = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
        names.append(f"第{ten}{digits[ones] if ones else ''}{unit}")
    assert names
    return names


@pytest.mark.parametrize("draft", read_drafts("explanations"), ids=name_draft)
def test_an_explanation_is_written_in_its_own_words(draft):
    """An explanation that repeats its policy explains nothing."""
    own = five_grams(draft.text())
    assert draft.references("关联政策")
    assert len(draft.text()) >= 400
    for code in draft.references("关联政策"):
        shared = own & five_grams(policies_by_code()[code].text())
        assert len(shared) / len(own) < OVERLAP_LIMIT


def test_three_explanations_answer_questions():
    """Questions stand as headings, so that residents find theirs."""
    answered = [draft for draft in read_drafts("explanations") if draft.header["解读形式"] == "问答"]
    assert len(answered) >= 3
    for draft in answered:
        assert len(re.findall(r"^## .*？$", draft.body, re.M)) >= 5


def test_there_are_at_least_ten_services():
    """The home page shows eight tiles, the service page a real list."""
    assert len(read_drafts("services")) >= 10


@pytest.mark.parametrize("draft", read_drafts("services"), ids=name_draft)
def test_a_service_states_all_eight_elements(draft):
    """A guide that lacks elements sends people home again."""
    sections = dict(re.findall(r"^## (\S+)\n+(.+?)(?=^## |\Z)", draft.body, re.M | re.S))
    assert [key for key in HEADER_ELEMENTS if not draft.header.get(key)] == []
    assert [key for key in BODY_ELEMENTS if not sections.get(key, "").strip()] == []
    assert re.fullmatch(r"0599-\d{7}", draft.header["联系电话"])
    assert re.fullmatch(r"当场办结|\d+个工作日", draft.header["办理时限"])
    assert "其他材料" not in draft.body
    assert "其他条件" not in draft.body


def test_pages_that_every_site_needs_are_there():
    """The theme's footer links to these five by their codes."""
    assert {draft.code for draft in read_drafts("pages")} == {
        "about",
        "contact",
        "accessibility",
        "subscribe",
        "overview",
    }


@pytest.mark.parametrize("draft", [*read_drafts("notices"), *read_drafts("news")], ids=name_draft)
def test_notices_and_news_say_something(draft):
    """A draft of a few words is no sample of a city's news."""
    assert len(draft.text()) >= 250
