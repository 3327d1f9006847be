"""The search index: what is folded alike, how grams become shards, and into which parts the calendar divides it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, timedelta
from itertools import pairwise
from shutil import copytree

from hypothesis import given
from hypothesis import strategies as st
from site_fixtures import NOW, ROOT, Item, SmallSite

from aggregator.artifacts import Segment, choose_segments, find_bounds, name_day, name_hour, name_month
from aggregator.plugins.stories.search.folding import fold, list_traditional, simplify_characters
from aggregator.plugins.stories.search.grams import hash_gram, hash_grams, make_shards

SIZE = 8


def search(shards: Sequence[bytes], gram: str, shift: int = 24) -> list[int]:
    """Numbers of the articles in which a gram's mark stands, as the script reads them."""
    number = hash_gram(gram)
    articles = shards[number % SIZE].split(b"\0")[:-1]
    return [index for index, marks in enumerate(articles) if (number >> shift & 255) % 255 + 1 in marks]


def test_what_looks_or_means_the_same_is_folded_alike() -> None:
    assert fold("國發〔２０２６〕３號") == fold("国发[2026]3号") == "国发 2026 3号"
    assert fold("通　知") == fold("通 知") == "通知"
    assert fold("Covid 19，ＧＤＰ 增长") == "covid 19 gdp增长"
    assert fold("开\n放") == "开 放"


def test_traditional_characters_are_told_with_their_simplified_ones_each_in_its_place() -> None:
    old, new = list_traditional()
    assert len(old) == len(new) > 2000
    assert dict(zip(old, new, strict=True))["國"] == "国"
    text = "乾隆年間，國務院"
    assert simplify_characters(text) == "干隆年间，国务院"
    assert len(simplify_characters(text)) == len(text)


def test_a_gram_is_found_in_the_articles_that_have_it_and_in_no_pair_that_a_mark_divides() -> None:
    articles = [("停水通知", fold("明天停水。请储水"), ("column:notices",)), ("开放公告", fold("今天开，放"), ())]
    shards = list(make_shards(articles, SIZE))
    assert len(shards) == SIZE
    assert search(shards, "停水") == [0]
    assert search(shards, "储水") == [0]
    assert search(shards, "公告") == [1]
    assert search(shards, "column:notices") == [0]
    assert hash_gram("开放") not in hash_grams(fold("今天开，放"))
    # In a title, and a lone character there.
    assert 0 in search(shards, "停水", 16)
    assert 0 not in search(shards, "储水", 16)
    assert 0 in search(shards, "停", 16)


def test_a_text_longer_than_any_buffer_gives_all_its_grams() -> None:
    text = "".join(chr(0x4E00 + number % 9000) for number in range(20_000))
    assert {*hash_grams(text)} == {hash_gram(text[at : at + 2]) for at in range(len(text) - 1)}


@given(st.text(alphabet="水电通知國务院ab12 〔〕，\n\u3000", max_size=60))
def test_folding_twice_changes_nothing_and_every_gram_of_a_text_is_in_its_shards(text: str) -> None:
    folded = fold(text)
    assert fold(folded).replace(" ", "") == folded.replace(" ", "")
    shards = list(make_shards([("", folded, ())], SIZE))
    for at in range(len(folded) - 1):
        gram = folded[at : at + 2]
        assert " " in gram or search(shards, gram) == [0]


# Parts ----------------------------------------------------------------------------------------------------------


def divide(moments: Sequence[int], largest_open: int = 4) -> tuple[Segment, ...]:
    counts = Counter(name(moment, UTC) for moment in moments for name in (name_month, name_day, name_hour))
    months = sorted(((name, number) for name, number in counts.items() if len(name) == 7), reverse=True)
    return choose_segments(months, lambda period: counts[period], UTC, largest_open)


@given(st.lists(st.integers(0, 3 * 365 * 24), min_size=1, max_size=60))
def test_parts_hold_each_article_once_the_newest_first(hours: list[int]) -> None:
    first, _ = find_bounds("2023-06", UTC)
    moments = [first + hour * 3600 for hour in hours]
    parts = divide(moments)
    assert sum(part.count for part in parts) == len(moments)
    assert [part.count for part in parts] == [sum(p.start <= m < p.end for m in moments) for p in parts]
    assert all(newer.start >= older.end for newer, older in pairwise(parts))
    assert len({part.name for part in parts}) == len(parts)
    assert all(name_month(part.start, UTC)[:4] == part.name[:4] for part in parts)


def test_a_new_article_changes_the_newest_part_alone() -> None:
    day = find_bounds("2026-03-05", UTC)[0]
    old = [find_bounds(month, UTC)[0] for month in ("2024-02", "2025-07", "2026-01", "2026-02") for _ in range(3)]
    former = divide([*old, *(day - 86400 * number for number in range(1, 4)), day, day + 60])
    later = divide([*old, *(day - 86400 * number for number in range(1, 4)), day, day + 60, day + 120])
    assert [part.name for part in former] == ["2026-03-05", "2026-03-before-05", "2026-before-03", "2025", "2024"]
    assert former[1:] == later[1:]


# The files of a site ----------------------------------------------------------------------------------------------


def test_what_is_withdrawn_leaves_the_index_at_once(small_site: SmallSite) -> None:
    word = "独一无二的测试词"
    small_site.set_feed("ranqi", Item("a", "甲通知", (f"正文里有{word}。" * 3,), NOW - timedelta(days=1)))
    small_site.publish()
    assert any(word in file.read_text(encoding="utf-8") for file in small_site.output.glob("search/s/*.json"))
    (story,) = (file.stem for file in small_site.output.glob("search/s/*.json") if word in file.read_text("utf-8"))
    small_site.purge(story, NOW)
    tree = [file for file in small_site.output.rglob("search/**/*") if file.is_file()]
    assert not any(word.encode() in file.read_bytes() for file in tree)
    assert not any(story.encode() in file.read_bytes() for file in tree)
    index = json.loads((small_site.output / "search" / "index.json").read_bytes())
    assert sum(part[2] for part in index["parts"]) == len(list(small_site.output.glob("search/s/*.json")))


def test_a_story_that_is_dirty_for_another_reason_costs_the_index_nothing(small_site: SmallSite) -> None:
    small_site.publish()
    small_site.set_account("hedong", phone="0599-1234567")
    _, report = small_site.publish()
    assert [path for path in report.changed_paths if path.endswith((".bin", ".txt"))] == []


def test_a_theme_without_a_search_page_has_no_index(small_site: SmallSite) -> None:
    theme = small_site.root / "theme"
    small_site.publish()
    assert (small_site.output / "search.html").is_file()

    copytree(ROOT / "themes" / "portal", theme)
    (theme / "templates" / "search.html").unlink()
    small_site.set_settings(THEME=str(theme))
    small_site.publish()
    assert not (small_site.output / "search.html").exists()
    assert not list(small_site.output.glob("search/*/*.bin"))
