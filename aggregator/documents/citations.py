"""Official documents by their names: what a text names in 《》 or by 文号, under which names one is found.

A name is a key, and whether it is the whole name: 《栖江市租房补贴办法》 is that of one document, 《租房补贴办法》 may
be another city's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from aggregator.text import MIN_TITLE, normalize_title, simplify, squeeze

MOST_NAMES = 24
"""Names read of one text: a page that names more is a list of documents and is about none of them."""


class Name(NamedTuple):
    key: str
    """「文号:栖人社发〔2026〕48号」, 「标题:」 and the normalised title."""
    exact: bool
    """False for what is left of a title without its region or a remark in brackets."""


_NUMBER = r"[〔\[(【]\s*(\d{4})\s*年?\s*[〕\])】]\s*(?:第\s*)?0*(\d+)\s*号"
_COUNTED = re.compile(_NUMBER)
_AGENCY = re.compile(r"([一-鿿]{2,24})\s*$")
_WHOLE = re.compile(rf"([一-鿿A-Za-z]{{2,24}})\s*{_NUMBER}")
_YEAR = re.compile(r"[〔\[［(（【]\s*\d{4}\s*年?\s*[〕\]］)）】]")
_QUOTED = re.compile(r"《([^《》]{4,80})》")
_INNER = re.compile(r"[《〈<]([^《》〈〉<>]{4,80})[》〉>]")

# What stands before a 文号 in a sentence and belongs to none: 根据栖人社发〔2026〕48号. A 和 only behind another
# document, as there is a county of that name.
_LEAD_IN = re.compile(
    r".*(?:根据|依据|按照|依照|参照|遵照|贯彻|落实|执行|印发|发布|下发|关于|文件|文号为?|详见|以及|[号条](?:[和与及或]|以及)?|的)(?=..)"
    r"|[见据按即原](?=..)"
)
_BEHIND_ANOTHER = re.compile(r"(?<=[)》号])[和与及或](?=[一-鿿]{2,24}\s*$)")
# 关于印发《…办法》的通知 is found by the name of what it issues; 关于废止《…》的决定 is not.
_ISSUES = re.compile(r"(?:印发|发布|公布|颁布|下发)[^《〈<]{0,8}[《〈<][^《》〈〉<>]{4,80}[》〉>]")
_REGION = re.compile(r"^[一-鿿]{2,6}?(?:省|市|区|县|州|盟|旗|镇|乡)")
_REMARK = re.compile(r"\s*[(（][^()（）]{1,16}[)）]\s*$")


def spell_number(value: str) -> str:
    """A 文号 as GB/T 9704-2012 has it, however it was typed; "" where the value is none."""
    if "号" not in value:
        return ""
    found = _WHOLE.fullmatch(unicodedata.normalize("NFKC", value).strip())
    return f"{simplify(found[1])}〔{found[2]}〕{found[3]}号" if found else ""


def find_citations(text: str) -> tuple[Name, ...]:
    """What a text names in 《》 or by 文号, in no particular order, each once."""
    if "《" not in text and "号" not in text:
        return ()
    return _gather(_read_text(text))


def read_reference(value: str) -> tuple[Name, ...]:
    """What a header names: a title, with 《》 or without, or a 文号."""
    if number := spell_number(value):
        return (_name_number(number),)
    return _gather(_read_title(value.strip().removeprefix("《").removesuffix("》")))


def name_document(title: str, number: str) -> tuple[Name, ...]:
    """The names under which a document of this title and 文号 ("" for none) is found."""
    return _gather(_list_own_names(title, number))


def _gather(names: Iterable[Name]) -> tuple[Name, ...]:
    """Each once: exact where it is in one of the ways to read it."""
    found: dict[str, bool] = {}
    for name in names:
        if len(found) >= MOST_NAMES:
            break
        found[name.key] = found.get(name.key, False) or name.exact
    return tuple(Name(key, exact) for key, exact in found.items())


def _read_text(text: str) -> Iterator[Name]:
    for quoted in _QUOTED.finditer(text):
        yield from _read_title(quoted[1])
    for year in _YEAR.finditer(text):
        # Normalising a whole text takes most of the time, and few state a number.
        before, behind = (
            unicodedata.normalize("NFKC", part)
            for part in (text[max(0, year.start() - 30) : year.start()], text[year.start() : year.end() + 8])
        )
        agency, number = _AGENCY.search(_BEHIND_ANOTHER.sub(" ", before)), _COUNTED.match(behind)
        spelt = simplify(_LEAD_IN.sub("", agency[1], count=1)) if agency else ""
        if number and 2 <= len(spelt) <= 12:
            yield _name_number(f"{spelt}〔{number[1]}〕{number[2]}号")


def _read_title(title: str) -> Iterator[Name]:
    yield from _name_title(title, exact=True)
    if _ISSUES.search(title):
        for inner in _INNER.findall(title):
            yield from _name_title(inner, exact=True)
    if _REMARK.search(title):
        yield from _name_title(_REMARK.sub("", title), exact=False)


def _list_own_names(title: str, number: str) -> Iterator[Name]:
    if spelt := spell_number(number):
        yield _name_number(spelt)
    elif number:
        # An order has a number without a year, which only a header states by itself.
        yield Name(f"文号:{squeeze(simplify(number))}", exact=True)
    titles = [title]
    inner = _INNER.findall(title)
    if _ISSUES.search(title) and len(inner) == 1:
        titles += inner
    for one in titles:
        yield from _name_title(one, exact=True)
    for one in titles:
        bare = _REMARK.sub("", one)
        yield from _name_title(bare, exact=False)
        yield from _name_title(_REGION.sub("", bare), exact=False)


def _name_title(title: str, *, exact: bool) -> Iterator[Name]:
    normalized = normalize_title(title)
    if len(normalized) >= MIN_TITLE:
        yield Name(f"标题:{normalized}", exact)


def _name_number(number: str) -> Name:
    return Name(f"文号:{number}", exact=True)
