"""Departments, regions, tags and topics: by which names stories come together, decided without a store."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from site_fixtures import SmallSite

from aggregator.artifacts import Filing, Topic, affiliate_accounts, hash_name, normalize_name, round_count
from aggregator.artifacts.filing import TAGS
from aggregator.build import load_settings
from aggregator.errors import ConfigError
from aggregator.model import Account
from aggregator.plugins.stories.filing import read_filing
from aggregator.store import split_list

ALL = read_filing({}).kinds


def make_account(account: str, organization: str, region: str = "临江市", kind: Any = "department") -> Account:
    return Account(account, f"{account}号", organization, "wechat", kind, region)


# Names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("临江市 水务局", "临江市水务局"),
        ("\u3000临江市水务局 ", "临江市水务局"),
        ("\uff21\uff22 供水", "AB供水"),
        ("#防汛#", "防汛"),
        ("smart  city", "smart city"),
        ("", ""),
    ],
)
def test_names_that_look_alike_are_one(typed: str, name: str) -> None:
    assert normalize_name(typed) == name


@given(st.text())
@example("A´")
def test_a_normalised_name_is_normalised(text: str) -> None:
    assert normalize_name(normalize_name(text)) == normalize_name(text)


@given(st.text(min_size=1))
def test_the_address_of_a_name_has_letters_and_digits_alone(name: str) -> None:
    assert len(hash_name(name)) == 10
    assert hash_name(name).isascii()
    assert hash_name(name).isalnum()


# Departments and regions --------------------------------------------------------------------------------------


def test_accounts_of_one_unit_are_one_department_by_the_id_of_the_first() -> None:
    known = affiliate_accounts(
        [make_account("sw", "临江市水务局"), make_account("rsj", "人社局"), make_account("sw2", "临江市 水务局")], ALL
    )
    assert known.lists == {"department/sw": ("sw", "sw2"), "department/rsj": ("rsj",)}
    assert known.labels == {"department/sw": "临江市水务局", "department/rsj": "人社局"}


def test_a_draft_may_name_the_unit_or_its_account_and_a_unit_without_account_has_a_list_too() -> None:
    known = affiliate_accounts([make_account("sw", "临江市水务局")], ALL)
    assert known.find_unit("临江市 水务局") == known.find_unit("sw号") == "department/sw"
    assert known.find_unit("档案馆") == f"department/{hash_name('档案馆')}"


def test_the_name_of_a_unit_counts_before_that_of_an_account() -> None:
    accounts = [make_account("a", "甲局"), make_account("b", "a号")]
    assert affiliate_accounts(accounts, ALL).find_unit("a号") == "department/b"


def test_a_region_is_where_a_county_or_a_town_has_an_account() -> None:
    accounts = [
        make_account("jyj", "教育局"),
        make_account("hdjy", "河东教育局", "河东区"),
        make_account("hd", "河东区政府", "河东区", "county"),
        make_account("xx", "某公司", "", "town"),
    ]
    assert affiliate_accounts(accounts, frozenset({"region"})).lists == {"region/hdjy": ("hdjy", "hd")}


def test_what_a_site_turned_off_is_not_there() -> None:
    known = affiliate_accounts([make_account("sw", "水务局", "河东区", "town")], frozenset())
    assert (known.lists, known.labels, known.units) == ({}, {}, {})


# Tags and topics ----------------------------------------------------------------------------------------------


def test_tags_are_words_and_neither_sentences_nor_columns() -> None:
    names = ("防汛", "防 汛", "水", "要闻动态", "未分类", "Uncategorized", "这是一句很长的话" * 4, "供水")
    assert [name for _, name in read_filing({}).file_tags(names)] == ["防汛", "供水"]


def test_a_post_has_so_many_tags_and_no_more() -> None:
    assert len(list(read_filing({}).file_tags(f"标签{number}" for number in range(100)))) == TAGS


def test_a_topic_gathers_what_bears_one_of_its_tags() -> None:
    topic = Topic("fx", "防汛抗旱", "", frozenset({"防汛", "台风"}))
    filing = Filing(frozenset({"topic"}), (topic,))
    assert list(filing.file_tags(("防 汛",))) == [("topic/fx", "防汛抗旱")]
    assert list(filing.file_tags(("供水",))) == []


def test_a_list_in_a_header_is_parted_at_any_comma() -> None:
    assert split_list("甲、乙，丙,丁；戊; 、") == ("甲", "乙", "丙", "丁", "戊")


# Counts -------------------------------------------------------------------------------------------------------


def test_a_count_is_exact_below_ten_and_then_one_of_few() -> None:
    counts = [0, 1, 9, 10, 19, 20, 49, 50, 99, 100, 12_345]
    assert [round_count(count) for count in counts] == [0, 1, 9, 10, 10, 20, 20, 50, 50, 100, 10_000]


# Settings -----------------------------------------------------------------------------------------------------

_TOPIC = ("fangxun", "防汛", "一句话", ("防汛",))


@pytest.mark.parametrize(
    "settings",
    [
        {"LISTS": ("departments",)},
        {"TOPICS": ("fangxun", "防汛", "一句话", ("防汛",))},
        {"TOPICS": (_TOPIC, _TOPIC)},
        {"TOPICS": (("防汛", "防汛", "", ("防汛",)),)},
        {"TOPICS": (("../x", "防汛", "", ("防汛",)),)},
        {"TOPICS": (("fangxun", "防汛", "", "防汛"),)},
        {"TOPICS": (("fangxun", "防汛", "", ()),)},
    ],
)
def test_a_mistake_in_the_settings_is_told_before_anything_is_touched(
    small_site: SmallSite, settings: dict[str, object]
) -> None:
    small_site.set_settings(**settings)
    with pytest.raises(ConfigError) as told:
        load_settings(small_site.site)
    assert next(iter(settings)) in told.value.message
    assert told.value.remedy
