"""Names as they are typed on a keyboard."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.pinyin import READINGS, spell_names


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("栖江市公安局", ("qijiangshigonganju", "qjsgaj", "gongan", "gaj")),
        ("重庆", ("chongqing", "cq", "zhongqing")),
        ("厦门", ("xiamen", "xm", "shamen")),
        ("长寿区", ("changshou", "csq")),
        ("文旅局", ("wenlvju", "wenluju", "wlj")),
        ("12345热线", ("12345rexian", "12345rx")),
        ("Ａ区ＩＴ园", ("aquityuan", "aqity")),
    ],
)
def test_a_name_is_found_by_its_pinyin_in_full_and_by_initials(name: str, typed: tuple[str, ...]) -> None:
    words = spell_names((name,)).split()
    assert [one for one in typed if not any(one in word for word in words)] == []


def test_what_stands_within_another_word_is_left_out() -> None:
    assert spell_names(("公安局", "市公安局")) == "shigonganju sgaj"


def test_signs_and_characters_without_a_reading_are_passed_over() -> None:
    assert spell_names(("（）·𠮷",)) == ""
    assert spell_names(("卫·健（委）",)) == "weijianwei wjw"


@given(st.lists(st.text(max_size=12), max_size=3))
def test_spelling_is_of_small_letters_and_digits_whatever_the_name(names: list[str]) -> None:
    assert re.fullmatch("(?:[a-z0-9]+(?: [a-z0-9]+)*)?", spell_names(names))
    assert spell_names(names) == spell_names(reversed(names))


def test_every_listed_character_has_several_readings() -> None:
    assert all(len(character) == 1 and len({*readings}) > 1 for character, readings in READINGS.items())


def test_importing_the_site_does_not_import_the_dictionary() -> None:
    """It takes longer than publishing one post."""
    code = "import sys, aggregator.cli, aggregator.plugins.stories, aggregator.pinyin; print('pypinyin' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
