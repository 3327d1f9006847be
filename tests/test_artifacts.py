"""What the site consists of, and what depends on what: decided without a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.artifacts import (
    Artifact,
    Entry,
    PeriodNames,
    derive_companions,
    derive_indexes,
    derive_pages,
    derive_periods,
    digest_bytes,
    digest_value,
    find_bounds,
    label_period,
    list_days,
    list_hours,
    list_parts,
    name_day,
    name_hour,
    name_month,
    read_path,
    write_path,
)

ZONE = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
SPLIT = 3


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


# Paths --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "artifact"),
    [
        ("index.html", Artifact("home")),
        ("404.html", Artifact("lost")),
        ("archive/index.html", Artifact("archive")),
        ("archive/2026-03.html", Artifact("period", "channel", "2026-03")),
        ("accounts/index.html", Artifact("accounts")),
        ("feeds/index.html", Artifact("feeds")),
        ("accounts/rsj/index.html", Artifact("front", "account/rsj")),
        ("accounts/kind-town-2.html", Artifact("accounts", "accounts/kind-town-2.html")),
        ("accounts/directory.json", Artifact("accounts", "accounts/directory.json")),
        ("accounts/rsj/notices.html", Artifact("tab", "account/rsj", "notices")),
        ("accounts/rsj/2026-03-05.html", Artifact("period", "account/rsj", "2026-03-05")),
        ("notices/index.html", Artifact("front", "column/notices")),
        ("notices/2026-03-05-14.html", Artifact("period", "column/notices", "2026-03-05-14")),
        ("departments/index.html", Artifact("index", "department")),
        ("departments/rsj/index.html", Artifact("front", "department/rsj")),
        ("regions/hedong/2026-03.html", Artifact("period", "region/hedong", "2026-03")),
        ("topics/fangxun/index.html", Artifact("front", "topic/fangxun")),
        ("tags/r3qlhfnkei/2026-03-05-14.html", Artifact("period", "tag/r3qlhfnkei", "2026-03-05-14")),
        ("sitemap.html", Artifact("map")),
        ("s/3flucjna4fhiq.html", Artifact("story", "3flucjna4fhiq")),
        ("feeds/channel.rss", Artifact("feed", "channel", form="rss")),
        ("notices/feed.json", Artifact("feed", "column/notices", form="json")),
        ("accounts/rsj/feed.atom", Artifact("feed", "account/rsj", form="atom")),
        ("archive/2026-03.atom", Artifact("feed", "channel", "2026-03", "atom")),
        ("accounts/rsj/2026-03-05-14.atom", Artifact("feed", "account/rsj", "2026-03-05-14", "atom")),
        ("feeds/channel.opml", Artifact("opml")),
        ("sitemap.xml", Artifact("sitemap")),
        ("sitemap-pages.xml", Artifact("sitemap", "pages")),
        ("sitemap-2026-03.xml", Artifact("sitemap", "", "2026-03")),
        ("sitemap-2026-03.2.xml", Artifact("sitemap", "2", "2026-03")),
        ("robots.txt", Artifact("robots")),
        ("api/v1/index.json", Artifact("api", "index")),
        ("api/v1/channel/2026-03-05.json", Artifact("api", "channel", "2026-03-05")),
        ("api/v1/changes/2026-03-05.json", Artifact("api", "changes", "2026-03-05")),
        ("api/v1/stories/3flucjna4fhiq.json", Artifact("api", "stories/3flucjna4fhiq")),
        ("api/v1/schema/story.json", Artifact("api", "schema/story")),
        ("embed/index.html", Artifact("embed", "channel")),
        ("embed/notices.html", Artifact("embed", "column/notices")),
        ("embed/accounts/rsj.html", Artifact("embed", "account/rsj")),
        ("theme/portal.0a1b2c3d4e.css", Artifact("asset", "theme/portal.0a1b2c3d4e.css")),
        ("files/00/a.webp", Artifact("file", "files/00/a.webp")),
    ],
)
def test_a_path_says_what_it_shows(path: str, artifact: Artifact) -> None:
    assert read_path(path) == artifact
    assert write_path(artifact) == path


# Periods ------------------------------------------------------------------------------------------------------


@given(st.integers(0, 4_000_000_000), st.sampled_from((ZONE, BERLIN, UTC, ZoneInfo("America/Sao_Paulo"))))
def test_every_moment_lies_within_its_month_day_and_hour(seconds: int, zone: ZoneInfo) -> None:
    for name in (name_month, name_day, name_hour):
        start, end = find_bounds(name(seconds, zone), zone)
        assert start <= seconds < end


@given(
    st.lists(st.integers(1_780_000_000, 1_800_000_000)), st.sampled_from((ZONE, BERLIN)),
    st.sampled_from((name_month, name_day, name_hour)),
)  # fmt: skip
def test_many_moments_have_the_names_that_each_has_alone(
    moments: list[int], zone: ZoneInfo, name: Callable[[int, tzinfo], str]
) -> None:
    names = PeriodNames(name, zone)
    assert [names(one) for one in moments] == [name(one, zone) for one in moments]


def test_the_hour_that_is_there_twice_is_one_period() -> None:
    start, end = find_bounds("2026-10-25-02", BERLIN)
    assert end - start == 2 * 3600


def test_days_and_hours_are_those_of_the_calendar_the_last_first() -> None:
    assert list_days("2028-02")[0] == "2028-02-29"
    assert len(list_days("2026-12")) == 31
    assert list_hours("2026-03-05")[::23] == ("2026-03-05-23", "2026-03-05-00")
    assert [label_period(one) for one in ("2026-03", "2026-03-05", "2026-03-05-07")] == [
        "2026年3月", "2026年3月5日", "2026年3月5日7时",
    ]  # fmt: skip


# What depends on what -----------------------------------------------------------------------------------------


def test_a_story_is_on_its_page_on_its_lists_and_where_the_newest_are() -> None:
    lists = ("channel", "column/notices", "account/rsj", "department/rsj", "tag/r3qlhfnkei")
    assert set(derive_pages([Entry("s1", lists, at("2026-03-05T14:00"))])) == {
        "departments/rsj/index.html", "tags/r3qlhfnkei/index.html",
        "s/s1.html", "index.html", "archive/index.html", "notices/index.html", "accounts/rsj/index.html",
        "search.html", "search/index.json", "search/s/s1.json",
    }  # fmt: skip


def test_what_is_in_no_list_is_on_its_own_page_and_its_words_go() -> None:
    assert list(derive_pages([Entry("s1")])) == ["s/s1.html", "search/s/s1.json"]


def derive(before: Counter[str], after: Counter[str], *moments: str) -> set[str]:
    """Of a list in which those moments changed; the counters have articles by period."""
    tallies = [Counter({("column/news", period): count for period, count in one.items()}) for one in (before, after)]
    places = [("column/news", at(moment)) for moment in moments]
    return {path.removeprefix("news/") for path in derive_periods(places, *tallies, ZONE, SPLIT)}


def test_a_change_touches_its_month_whatever_its_date() -> None:
    few = Counter({"2019-07": 2, "2019-07-01": 1})
    assert derive(few, few, "2019-07-01T09:00") == {"2019-07.html"}


def test_in_a_very_full_month_a_change_touches_its_day_and_in_a_very_full_day_its_hour() -> None:
    full = Counter({"2019-07": 9, "2019-07-01": 2})
    assert derive(full, full, "2019-07-01T09:00") == {"2019-07.html", "2019-07-01.html"}
    fuller = Counter({"2019-07": 9, "2019-07-01": 7})
    assert derive(fuller, fuller, "2019-07-01T09:00") == {"2019-07.html", "2019-07-01.html", "2019-07-01-09.html"}


@pytest.mark.parametrize(("was", "now"), [(3, 4), (4, 3)])
def test_a_month_that_gets_too_full_or_empties_again_has_all_its_days_looked_at(was: int, now: int) -> None:
    paths = derive(Counter({"2019-07": was}), Counter({"2019-07": now}), "2019-07-01T09:00")
    assert len(paths) == 1 + 31
    assert "2019-07-31.html" in paths


def test_a_re_dated_story_touches_both_its_months() -> None:
    assert derive(Counter(), Counter(), "2019-07-01T09:00", "2026-03-01T09:00") == {"2019-07.html", "2026-03.html"}


@pytest.mark.parametrize(
    ("listing", "was", "now", "paths"),
    [
        ("department/rsj", 0, 1, ["departments/index.html", "sitemap.html", "feeds/index.html"]),
        ("department/rsj", 1, 0, ["departments/index.html", "sitemap.html", "feeds/index.html"]),
        ("department/rsj", 3, 4, ["departments/index.html"]),
        ("department/rsj", 20, 49, []),
        ("department/rsj", 49, 50, ["departments/index.html"]),
        ("tag/r3qlhfnkei", 0, 1, ["tags/index.html"]),
        ("account/rsj", 0, 1, ["feeds/channel.opml", "sitemap-pages.xml", "api/v1/accounts.json", "feeds/index.html"]),
        ("column/news", 1, 0, ["feeds/channel.opml", "sitemap-pages.xml", "api/v1/accounts.json", "feeds/index.html"]),
        ("column/news", 1, 2, []),
        ("channel", 0, 1, []),
    ],
)
def test_an_index_changes_with_its_lists_and_their_rounded_counts(
    listing: str, was: int, now: int, paths: list[str]
) -> None:
    assert list(derive_indexes({listing: was}, {listing: now})) == paths


@pytest.mark.parametrize(
    ("page", "companions"),
    [
        ("index.html", ["sitemap.xml", "api/v1/index.json", "embed/index.html"]),
        ("s/3flucjna4fhiq.html", ["api/v1/stories/3flucjna4fhiq.json"]),
        ("archive/2026-03.html", ["api/v1/channel/2026-03.json", "sitemap-2026-03.xml"]),
        ("archive/2026-03-05.html", ["api/v1/channel/2026-03-05.json"]),
        ("notices/2026-03.html", []),
        ("notices/index.html", ["embed/notices.html"]),
        ("tags/r3qlhfnkei/index.html", []),
        ("sitemap.html", ["feeds/channel.opml", "sitemap-pages.xml"]),
    ],
)
def test_what_is_made_for_other_programs_goes_with_a_page(page: str, companions: list[str]) -> None:
    assert list(derive_companions([page])) == companions


def test_a_month_has_as_many_files_of_the_sitemap_as_its_articles_need() -> None:
    assert [len(list_parts("2026-03", count)) for count in (0, 1, 45_000, 45_001, 90_001)] == [1, 1, 1, 2, 3]
    assert list_parts("2026-03", 90_001)[-1] == "sitemap-2026-03.3.xml"


# Digests ------------------------------------------------------------------------------------------------------


def test_a_digest_tells_values_apart_and_depends_on_no_order_that_means_nothing() -> None:
    assert digest_value({"a": 1, "b": (2, 3)}) == digest_value({"b": [2, 3], "a": 1})
    assert digest_value({"x", "y"}) == digest_value({"y", "x"})
    assert len({digest_value(one) for one in (1, "1", True, None, (1,), ((1,),), {"a": 1}, {"a", "b"})}) == 8
    assert digest_bytes(b"a", b"bc") != digest_bytes(b"ab", b"c")


def test_what_has_no_content_has_no_digest() -> None:
    with pytest.raises(TypeError):
        digest_value({"filter": len})
