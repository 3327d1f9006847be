"""What a feed does all at once: bursts, another language, another domain; each threshold from both sides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from aggregator.check import find_burst, find_moved_feed, find_other_domain, find_other_language, outlives, still_holds
from aggregator.model import Account, FeedHabits, HoldReason, HoldSettings, Post

DEFAULT = HoldSettings()
CHINESE = (
    "城乡居民医疗保险集中缴费期为九月一日至十二月二十五日，请在期内通过手机或者到社区服务站缴费，逾期设三个月等待期。"
)
ENGLISH = "Join the best online casino of the year and claim your welcome bonus today, no deposit needed at all."
TITLES = ("关于居民医保缴费的通知", "停水通知", "人才招聘会", "GDP增长5%", "台风预警")
OWN = ("https://rsj.qijiang.example/feed.xml",)


def make_post(key: str = "k", title: str = "通知", text: str = "", url: str = "") -> Post:
    return Post("rsj", key, title, url=url, text=text)


def find_held(found: tuple[Collection[str], HoldReason | None]) -> list[str]:
    """Keys of the posts held; none where there is no reason."""
    keys, reason = found
    return sorted(keys) if reason else []


# bursts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "habits", "settings", "held"),
    [
        (20, FeedHabits(a_day=2), DEFAULT, True),
        (20, FeedHabits(a_day=2.1), DEFAULT, False),
        (9, FeedHabits(a_day=0.1), DEFAULT, False),
        (10, FeedHabits(a_day=0), DEFAULT, True),
        (12, FeedHabits(a_day=2, lately=8), DEFAULT, True),
        (12, FeedHabits(a_day=2, lately=7), DEFAULT, False),
        (40, FeedHabits(a_day=2, days=3), DEFAULT, False),
        (60, FeedHabits(a_day=2, days=3), DEFAULT, True),
        (20, FeedHabits(a_day=2), HoldSettings(burst=10.5), False),
        (6, FeedHabits(a_day=2), HoldSettings(burst=3, burst_least=6), True),
        (5, FeedHabits(a_day=1), HoldSettings(burst=3, burst_least=6), False),
        (9999, FeedHabits(a_day=0), HoldSettings(burst=0), False),
    ],
    ids=[
        "ten times", "a little less", "too few to matter", "from silence", "with those of the day", "one too few",
        "after days without a reading", "and more than those explain", "a higher factor", "a smaller least number",
        "below that", "switched off",
    ],
)  # fmt: skip
def test_a_burst_is_many_times_what_is_usual(new: int, habits: FeedHabits, settings: HoldSettings, held: bool) -> None:
    assert (find_burst(new, habits, settings) is not None) is held


def test_a_burst_is_told_with_its_numbers() -> None:
    reason = find_burst(30, FeedHabits(a_day=0.7), DEFAULT)
    assert reason
    assert "30 篇" in reason.text
    assert "0.7 篇" in reason.text


# language -----------------------------------------------------------------------------------------------------


def test_posts_in_another_language_wait() -> None:
    posts = [make_post(title="Best casino", text=ENGLISH)]
    assert find_held(find_other_language(posts, TITLES, DEFAULT)) == ["k"]
    # The other way round as well.
    posts = [make_post(title="通知", text=CHINESE)]
    assert find_held(find_other_language(posts, ["Tourism news"] * 5, DEFAULT)) == ["k"]


def test_chinese_posts_pass_whatever_they_quote() -> None:
    posts = [make_post(title="关于WTO规则的讲座", text=CHINESE + "World Trade Organization")]
    assert find_held(find_other_language(posts, TITLES, DEFAULT)) == []


def test_an_account_that_posted_in_this_language_twice_is_left_alone() -> None:
    posts = [make_post(title="City news", text=ENGLISH)]
    assert find_held(find_other_language(posts, [*TITLES, "Welcome to Qijiang", "City guide"], DEFAULT)) == []


def test_of_a_batch_in_another_language_the_posts_that_are_in_it_wait() -> None:
    posts = [make_post("a", text=ENGLISH * 3), make_post("b", text=ENGLISH * 3), make_post("c", text=CHINESE)]
    assert find_held(find_other_language(posts, TITLES, DEFAULT)) == ["a", "b"]


def test_traditional_script_is_no_other_language() -> None:
    posts = [
        make_post(
            title="關於居民醫保繳費的通知",
            text="集中參保繳費期為九月一日至十二月二十五日，個人繳費標準為每人每年四百元。",
        )
    ]
    assert find_held(find_other_language(posts, TITLES, DEFAULT)) == []


@pytest.mark.parametrize(
    ("settings", "titles", "text", "held"),
    [
        (HoldSettings(language=0), TITLES, ENGLISH, False),
        (HoldSettings(language=0.5), ["汉字汉字汉abcde"], ENGLISH, False),
        (HoldSettings(language=0.5, usual=1), ["汉字汉字汉abcde"], ENGLISH, True),
        (HoldSettings(language=0.51, usual=1), ["汉字汉字汉abcde"], ENGLISH, False),
        (DEFAULT, TITLES[:2], ENGLISH, False),
        (DEFAULT, TITLES[:3], ENGLISH, True),
        (DEFAULT, TITLES, "PPT", False),
        (DEFAULT, ["2026", "12345", "100"], ENGLISH, False),
    ],
    ids=[
        "switched off", "too few known", "at the threshold", "below the threshold", "an account too new",
        "just enough posts", "too little text", "nothing usual",
    ],
)  # fmt: skip
def test_the_thresholds_of_language(settings: HoldSettings, titles: list[str], text: str, held: bool) -> None:
    posts = [make_post(title="OK", text=text)]
    assert bool(find_held(find_other_language(posts, titles, settings))) is held


# domains ------------------------------------------------------------------------------------------------------

USUAL = tuple(f"https://www.qijiang.example/{number}.html" for number in range(10))


def link(*addresses: str) -> list[Post]:
    return [make_post(str(number), url=address) for number, address in enumerate(addresses)]


@pytest.mark.parametrize(
    ("addresses", "held"),
    [
        (["https://casino.test/1"], ["0"]),
        (["https://casino.test/1", "https://www.qijiang.example/a", "https://casino.test/2"], ["0", "2"]),
        (["https://casino.test/1", "https://www.qijiang.example/a"], []),
        (["https://news.qijiang.example/1"], []),
        (["https://rsj.qijiang.example/1"], []),
        (["https://www.gov.cn/1", "https://rst.hubei.gov.cn/1"], []),
        (["https://www.gov.cn.casino.test/1"], ["0"]),
        ([""], []),
        ([], []),
        (["http://[::1"], []),
    ],
    ids=[
        "one post elsewhere", "most posts elsewhere", "half of them", "another host of the domain",
        "the feed's own domain", "bodies of the state", "one that only looks so", "no address", "nothing new",
        "a broken address",
    ],
)  # fmt: skip
def test_posts_that_lead_to_another_domain_wait(addresses: list[str], held: list[str]) -> None:
    assert find_held(find_other_domain(link(*addresses), OWN, USUAL, DEFAULT)) == held


def test_domains_can_be_allowed_or_not_checked() -> None:
    posts = link("https://docs.qq.com/form/1")
    assert find_held(find_other_domain(posts, OWN, USUAL, DEFAULT)) == ["0"]
    assert find_held(find_other_domain(posts, OWN, USUAL, HoldSettings(domains=("QQ.com",)))) == []
    assert find_held(find_other_domain(posts, OWN, USUAL, HoldSettings(domains=("s.qq.com",)))) == ["0"]
    assert find_held(find_other_domain(posts, OWN, USUAL, HoldSettings(domain=False))) == []
    assert find_held(find_other_domain(posts, [*OWN, "https://www.qq.com/"], USUAL, DEFAULT)) == []


def test_posts_on_wechat_and_of_the_central_media_are_usual_for_everybody() -> None:
    posts = link("https://mp.weixin.qq.com/s/1", "https://www.news.cn/1")
    assert find_held(find_other_domain(posts, OWN, USUAL, DEFAULT)) == []
    assert find_held(find_other_domain(posts, OWN, USUAL, HoldSettings(domains=()))) == ["0", "1"]


def test_two_sites_below_a_shared_suffix_are_two_domains() -> None:
    last = ("https://qijiang.github.io/1",) * 5
    assert find_held(find_other_domain(link("https://casino.github.io/1"), OWN, last, DEFAULT)) == ["0"]


def test_an_account_that_links_elsewhere_now_and_then_waits_only_when_it_does_so_often() -> None:
    last = (*USUAL, "https://media.test/1")
    assert find_held(find_other_domain(link("https://other.test/1"), OWN, last, DEFAULT)) == []
    several = link(*(f"https://other.test/{number}" for number in range(3)))
    assert find_held(find_other_domain(several, OWN, last, DEFAULT)) == ["0", "1", "2"]


def test_an_account_that_collects_links_has_no_usual_domain() -> None:
    last = tuple(f"https://site{number}.test/" for number in range(10))
    several = link(*(f"https://casino.test/{number}" for number in range(3)))
    assert find_held(find_other_domain(several, OWN, last, DEFAULT)) == []


@pytest.mark.parametrize(
    ("landed", "before", "settings", "held"),
    [
        ("casino.test", "rsj.qijiang.example", DEFAULT, True),
        ("www.qijiang.example", "rsj.qijiang.example", DEFAULT, False),
        ("rsj.qijiang.example", "cdn.test", DEFAULT, False),
        ("cdn.test", "cdn.test", DEFAULT, False),
        ("cdn.test", "", DEFAULT, False),
        ("", "rsj.qijiang.example", DEFAULT, False),
        ("casino.test", "rsj.qijiang.example", HoldSettings(domain=False), False),
        ("casino.test", "rsj.qijiang.example", HoldSettings(domains=("casino.test",)), False),
    ],
    ids=["elsewhere", "within the domain", "back home", "as ever", "first", "a file", "switched off", "allowed"],
)
def test_a_feed_that_is_redirected_to_another_domain_waits(
    landed: str, before: str, settings: HoldSettings, held: bool
) -> None:
    assert (find_moved_feed(landed, before, OWN, settings) is not None) is held


# judging anew -------------------------------------------------------------------------------------------------

ACCOUNT = Account("rsj", "栖江人社", "栖江市人社局", "website", "department", "栖江市")
BURST = find_burst(30, FeedHabits(a_day=2), DEFAULT)
LANGUAGE = find_other_language([make_post(text=ENGLISH)], TITLES, DEFAULT)[1]
DOMAIN = find_other_domain(link("https://www.casino.test/1"), OWN, USUAL, DEFAULT)[1]


@pytest.mark.parametrize(
    ("reason", "settings", "held"),
    [
        (BURST, DEFAULT, True),
        (BURST, HoldSettings(burst=15), True),
        (BURST, HoldSettings(burst=15.1), False),
        (BURST, HoldSettings(burst=0), False),
        (BURST, HoldSettings(burst_least=31), False),
        (BURST, HoldSettings(exempt=("rsj",)), False),
        (BURST, HoldSettings(exempt=("water",)), True),
        (LANGUAGE, DEFAULT, True),
        (LANGUAGE, HoldSettings(language=1), False),
        (LANGUAGE, HoldSettings(language=0), False),
        (LANGUAGE, HoldSettings(exempt=("rsj",)), False),
        (DOMAIN, DEFAULT, True),
        (DOMAIN, HoldSettings(domains=("casino.test",)), False),
        (DOMAIN, HoldSettings(domain=False), False),
        (DOMAIN, HoldSettings(exempt=("rsj",)), False),
    ],
)
def test_what_was_found_is_judged_by_the_present_settings(
    reason: HoldReason | None, settings: HoldSettings, held: bool
) -> None:
    assert reason
    assert still_holds(reason, ACCOUNT, settings) is held


@pytest.mark.parametrize("field", ["homepage", "feeds"])
def test_a_domain_that_the_account_now_states_as_its_own_is_no_reason(field: str) -> None:
    assert DOMAIN
    address = "https://www.casino.test/"
    known = replace(ACCOUNT, **{field: (address,) if field == "feeds" else address})
    assert not still_holds(DOMAIN, known, DEFAULT)
    assert still_holds(DOMAIN, replace(ACCOUNT, homepage="https://notcasino.test/"), DEFAULT)


@pytest.mark.parametrize(
    ("reason", "after", "stays"),
    [
        (BURST, make_post(text=CHINESE), True),
        (LANGUAGE, make_post(text=f"{ENGLISH} Twelve readers."), True),
        (LANGUAGE, make_post(text=CHINESE), False),
        (DOMAIN, make_post(url="https://vip.casino.test/1?x=2"), True),
        (DOMAIN, make_post(url="https://rsj.qijiang.example/1"), False),
    ],
)
def test_a_change_of_one_post_does_not_let_in_what_a_feed_did_all_at_once(
    reason: HoldReason | None, after: Post, stays: bool
) -> None:
    assert reason
    assert outlives(reason, make_post(text=ENGLISH, url="https://www.casino.test/1"), after, DEFAULT) is stays
