"""editorial.toml: read whole or not at all; a mistake is told with its line, and the last good text holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from site_fixtures import ROOT

from aggregator.model import Account, CheckSettings, Editorial, Finding, HoldSettings, Registry, Site
from aggregator.pipeline.editorial import load_editorial, read_editorial
from aggregator.registry import parse_editorial
from aggregator.store import Store

REGISTRY = Registry((Account("rsj", "栖江人社", "栖江市人社局", "wechat", "department", "栖江市"),))
FULL = """
[hold]
id_cards = false
bank_cards = false
phones = false
words = ["词一", " 词二 "]
word_exceptions = ["反词一"]
sources = ["新华社"]
burst = 5
burst_least = 8
burst_days = 14
language = 0.4
domain = false
domains = ["qq.com", "中国.example"]
usual = 7
exempt = ["rsj"]
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "content").mkdir()
    return Site(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        yield opened


def read(site: Site, store: Store, text: str | bytes | None) -> tuple[Editorial, tuple[Finding, ...]]:
    if text is None:
        site.editorial.unlink(missing_ok=True)
    else:
        site.editorial.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_editorial(site, REGISTRY, store)


# what it states -----------------------------------------------------------------------------------------------


def test_every_key_is_read() -> None:
    editorial, faults = parse_editorial(FULL)
    assert faults == ()
    assert editorial.hold == HoldSettings(
        id_cards=False, bank_cards=False, phones=False, words=("词一", "词二"), word_exceptions=("反词一",),
        sources=("新华社",), burst=5, burst_least=8, burst_days=14, language=0.4, domain=False,
        domains=("qq.com", "中国.example"), usual=7, exempt=("rsj",),
    )  # fmt: skip
    assert all(f"\n{field.name} = " in FULL for field in fields(HoldSettings))


@pytest.mark.parametrize("text", ["", "# 什么也没有\n", "[hold]\n"])
def test_what_is_left_out_is_the_default(text: str) -> None:
    assert parse_editorial(text) == (Editorial(), ())


@pytest.mark.parametrize("folder", ["content", "aggregator/starter/content"])
def test_the_examples_change_nothing_and_show_every_key_with_its_default(folder: str) -> None:
    text = (ROOT / folder / "editorial.toml").read_text(encoding="utf-8")
    assert parse_editorial(text) == (Editorial(), ())
    hold, _, rest = text.replace("\n# ", "\n").partition("[check] ")
    for table, kind, shown in (("hold", HoldSettings, hold), ("check", CheckSettings, rest.partition("[terms] ")[0])):
        values = [line.partition("#")[0].strip() for line in shown.splitlines() if " = " in line]
        keys = [field.name for field in fields(kind) if field.name != "terms"]
        assert [line.split(" = ")[0] for line in values] == keys
        numbers = "\n".join(line for line in values if "[" not in line)
        assert parse_editorial(f"[{table}]\n{numbers}\n") == (Editorial(), ())


# mistakes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ("[hold]\nword = []\n", 2, "word 不认识", "words"),
        ("[hold]\nid_cards = 1\n", 2, "true 或 false", "id_cards = false"),
        ('[hold]\nphones = "false"\n', 2, "true 或 false", "不加引号"),
        ('[hold]\nwords = "词"\n', 2, "一列文字", "words = ["),
        ("[hold]\nwords = [1]\n", 2, "一列文字", "words = ["),
        ('[hold]\nsources = ["新华社", " "]\n', 2, "空的", "删去"),
        ('[hold]\ndomains = ["https://qq.com/"]\n', 2, "不是域名", "不写 https://"),
        ('[hold]\ndomains = ["qq"]\n', 2, "不是域名", "只写域名"),
        ("[hold]\nburst = 1\n", 2, "大于 1", "burst = 10"),
        ("[hold]\nburst = -1\n", 2, "大于 1", "burst = 10"),
        ("[hold]\nburst = true\n", 2, "大于 1", "burst = 10"),
        ("[hold]\nburst = 1001\n", 2, "1000", "burst = 10"),
        ("[hold]\nburst_least = 0\n", 2, "整数", "burst_least = 10"),
        ("[hold]\nburst_days = 366\n", 2, "365", "burst_days = 30"),
        ("[hold]\nusual = 1.5\n", 2, "整数", "usual = 3"),
        ("[hold]\nlanguage = 1.1\n", 2, "0 到 1", "language = 0.5"),
        ("# 说明\n\n[hlod]\n", 3, "hlod", "[hold]"),
        ("[xyz]\n", 1, "xyz", "[hold]"),
        ("hold = 3\n", None, "一张表", "[hold]"),
        ("[hold]\nwords = [“词”]\n", 2, "TOML", "英文半角"),
        ("[hold]\nburst = 5\nburst = 6\n", 3, "写了两次", "删去"),
    ],
)
def test_a_mistake_is_told_with_line_and_remedy(text: str, line: int | None, message: str, remedy: str) -> None:
    editorial, (fault,) = parse_editorial(text)
    assert editorial == Editorial()
    assert fault.line == line
    assert message in fault.message
    assert remedy in fault.remedy


def test_all_mistakes_are_told_at_once() -> None:
    _, faults = parse_editorial("[hold]\nburst = 1\nword = []\n[wrong]\n")
    assert [fault.line for fault in faults] == [2, 3, 4]


# the last good text -------------------------------------------------------------------------------------------


def test_no_file_is_no_decision(site: Site, store: Store) -> None:
    assert read(site, store, None) == (Editorial(), ())


def test_while_there_is_a_mistake_the_last_good_text_holds(site: Site, store: Store) -> None:
    good, findings = read(site, store, '[hold]\nwords = ["词"]\n')
    assert findings == ()
    assert good.hold.words == ("词",)
    for wrong in ("[hold]\nword = []\n", "[hold\n", "\ufeff[hold]\nwords = 1\n".encode("gb18030")):
        held, (finding,) = read(site, store, wrong)
        assert held == good
        assert finding.level == "error"
        assert finding.file == "editorial.toml"
        assert finding.line
        assert "上一次正确的内容" in finding.message
        assert finding.remedy
    assert read(site, store, "[hold]\n") == (Editorial(), ())


def test_a_first_text_with_a_mistake_leaves_the_defaults(site: Site, store: Store) -> None:
    editorial, (finding,) = read(site, store, "[hold]\nburst = 1\n")
    assert editorial == Editorial()
    assert "默认设置" in finding.message


def test_a_file_that_vanishes_takes_no_decision_back(site: Site, store: Store) -> None:
    good, _ = read(site, store, '[hold]\nwords = ["词"]\n')
    held, (finding,) = read(site, store, None)
    assert held == good
    assert "不见了" in finding.message
    # Emptied on purpose, it may go.
    assert read(site, store, "") == (Editorial(), ())
    assert read(site, store, None) == (Editorial(), ())


def test_a_file_that_cannot_be_read_is_a_mistake(site: Site, store: Store) -> None:
    site.editorial.mkdir()
    editorial, (finding,) = read_editorial(site, REGISTRY, store)
    assert editorial == Editorial()
    assert "读不出来" in finding.message


def test_an_account_that_does_not_exist_is_a_reminder(site: Site, store: Store) -> None:
    editorial, (finding,) = read(site, store, '[hold]\nexempt = ["rsj", "renshe"]\n')
    assert editorial.hold.exempt == ("rsj", "renshe")
    assert finding.level == "warning"
    assert "renshe" in finding.message


# choices, which come to thousands -------------------------------------------------------------------------------

PIECES = (
    '[[accept]]\npost = "rsj:1"\n',
    "\n# 说明\n",
    '[[reject]]\npost = "rsj:1"\nreason = "旧闻"\n\n',
    "[hold]\nphones = false\n",
    '[[lock]]\nstory = "x"\n',
    '[[edit]]\npost = "rsj:2"\ndraft = "news/a.md"',
    "\r\n[[accept]]\r\npost = 'rsj:3'\r\n",
    '[[lock]]\nstroy = "x"\n',
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=5), min_size=1, max_size=5), st.booleans())
def test_what_is_remembered_of_a_text_is_what_it_says(
    site: Site, store: Store, states: list[list[str]], appended: bool
) -> None:
    """Whatever the file said before, and whether it was read twice, changed or only went on."""
    text = ""
    for pieces in states:
        text = (text if appended else "") + "".join(pieces)
        expected, faults = parse_editorial(text)
        for _ in range(2):
            found, findings = read(site, store, text)
            assert [finding.line for finding in findings] == [fault.line for fault in faults]
            if not faults:
                assert found == expected
                assert load_editorial(store) == expected


def test_a_text_remembered_by_another_version_is_read_anew(site: Site, store: Store) -> None:
    read(site, store, '[[accept]]\npost = "rsj:1"\n')
    store.feeds.set_fact("editorial-read", json.dumps(["another", "", []]))
    editorial, findings = read(site, store, '[[accept]]\npost = "rsj:1"\n')
    assert (len(editorial.choices), findings) == (1, ())
