"""Held, not published: posts with personal numbers and those of accounts under review wait, with their reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from inbox_fixtures import (
    DAY,
    HOUR,
    MOBILE,
    PRIVATE,
    change,
    find_outcome,
    list_titles,
    list_waiting,
    make_item,
    read_for_the_first_time,
    set_editorial,
)
from site_fixtures import BRIDGE, NOW, SUBSIDY, SmallSite, list_tree, write_feed

from aggregator.store import Store


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return read_for_the_first_time(SmallSite(tmp_path / "site"))


# single posts -------------------------------------------------------------------------------------------------


def test_a_post_with_a_private_number_waits_and_a_clean_version_takes_its_place(site: SmallSite) -> None:
    bad = change(make_item(6, NOW), PRIVATE)
    site.set_feed("rsj", bad, make_item(7, NOW))
    outcome = find_outcome(site.update(NOW))
    assert (outcome.outcome, outcome.posts_new, outcome.posts_held) == ("held", 2, 1)
    assert list_waiting(site) == {"n6": ["phone"]}
    assert bad.title not in list_titles(site)
    assert make_item(7).title in list_titles(site)
    # It waits on while the feed says nothing new.
    assert find_outcome(site.update(NOW + HOUR)).outcome == "held"
    clean = change(bad, tuple(line.replace(MOBILE, "138****5678") for line in PRIVATE))
    site.set_feed("rsj", clean, make_item(7, NOW))
    outcome = find_outcome(site.update(NOW + DAY))
    assert (outcome.outcome, outcome.posts_held) == ("updated", 0)
    assert bad.title in list_titles(site)
    assert list_waiting(site) == {}


def test_a_published_post_stays_at_its_last_good_revision(site: SmallSite) -> None:
    site.publish(NOW)
    before = list_tree(site.output)
    site.set_feed("rsj", change(make_item(0), PRIVATE), *(make_item(number) for number in range(1, 6)))
    updated, _ = site.publish(NOW + HOUR)
    assert (find_outcome(updated).outcome, find_outcome(updated).posts_changed) == ("held", 0)
    assert list_tree(site.output) == before
    assert not any(MOBILE.encode() in data for data, _ in list_tree(site.output).values())
    # The old text again, and the matter is closed.
    site.set_feed("rsj", *(make_item(number) for number in range(6)))
    assert find_outcome(site.update(NOW + DAY)).outcome == "unchanged"
    assert list_waiting(site) == {}


def test_what_is_published_already_is_not_taken_back_by_a_new_word(site: SmallSite) -> None:
    set_editorial(site, 'words = ["便民事项"]')
    site.set_feed("rsj", *(make_item(number) for number in range(7)))
    assert find_outcome(site.update(NOW)).posts_held == 1
    assert list_waiting(site) == {"n6": ["word"]}
    assert make_item(0).title in list_titles(site)


def test_settings_release_a_post_with_the_moment_it_was_first_seen(site: SmallSite) -> None:
    undated = write_feed(change(make_item(6), PRIVATE)).replace("pubDate", "ignored")
    site.set_body("rsj", undated)
    site.update(NOW)
    assert list_waiting(site) == {"n6": ["phone"]}
    set_editorial(site, "phones = false")
    report = site.update(NOW + 3 * DAY)
    assert report.posts_released == 1
    assert find_outcome(report).posts_new == 0
    with Store.open(site.site.store) as store:
        (post,) = (one for one in store.posts.load(range(1, 20)) if one.post.key == "n6")
    assert post.first_seen == NOW
    assert post.date == NOW


def test_a_relative_date_is_that_of_the_first_reading(site: SmallSite) -> None:
    bad, good = change(make_item(6), PRIVATE), make_item(7)
    body = write_feed(bad, good).replace(f"{bad.date:%a, %d %b %Y %H:%M:%S +0000}", "3小时前")
    for moment in (NOW, NOW + HOUR):
        site.set_body("rsj", f"{body}<!-- {moment} -->")
        site.update(moment)
    listed = site.call("inbox", "--json").document["posts"]
    assert [one["date"] for one in listed] == [(NOW - 3 * HOUR).isoformat()]
    # What was published is not new for being read again, under review neither.
    site.set_account("rsj", selection="review")
    site.set_body("rsj", body)
    site.update(NOW + 2 * HOUR)
    assert list_waiting(site) == {"n6": ["review", "phone"]}


def test_a_post_that_waits_for_two_rules_waits_until_both_let_it_in(site: SmallSite) -> None:
    set_editorial(site, 'words = ["拟对"]')
    site.set_feed("rsj", change(make_item(6, NOW), PRIVATE))
    site.update(NOW)
    assert list_waiting(site) == {"n6": ["phone", "word"]}
    set_editorial(site, 'words = ["拟对"]\nphones = false')
    site.update(NOW + HOUR)
    assert list_waiting(site) == {"n6": ["word"]}
    set_editorial(site, "phones = false")
    assert site.update(NOW + 2 * HOUR).posts_released == 1


def test_a_source_that_is_allowed_later_lets_the_reprint_in(site: SmallSite) -> None:
    set_editorial(site, 'sources = ["新华社"]')
    site.set_feed(
        "rsj",
        change(make_item(6, NOW), (*SUBSIDY, "来源：某某网")),
        change(make_item(7, NOW), (*BRIDGE, "来源：临江rsj")),
    )
    site.update(NOW)
    assert list_waiting(site) == {"n6": ["source"]}
    set_editorial(site, 'sources = ["新华社", "某某网"]')
    assert site.update(NOW + HOUR).posts_released == 1


def test_a_post_that_its_source_takes_back_leaves_the_inbox(site: SmallSite) -> None:
    deleted = (
        '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="n6" when="2026-03-20T06:00:00Z"/>'
    )
    site.set_feed("rsj", change(make_item(6, NOW), PRIVATE))
    site.update(NOW)
    assert list_waiting(site) == {"n6": ["phone"]}
    site.set_body("rsj", write_feed(make_item(0)).replace("</channel>", f"{deleted}</channel>"))
    site.update(NOW + HOUR)
    assert list_waiting(site) == {}


def test_what_one_feed_of_an_account_brought_waits_whatever_the_other_shows(site: SmallSite) -> None:
    site.set_account("rsj", feeds=["feeds/rsj.xml", "feeds/short.xml"])
    item = make_item(6, NOW)
    site.set_feed("rsj", change(item, PRIVATE))
    site.set_body("short", write_feed(change(item, SUBSIDY[:1])))
    site.update(NOW)
    assert list_waiting(site) == {"n6": ["phone"]}
    # The short form is clean, and published; the long one waits.
    assert item.title in list_titles(site)
    site.update(NOW + HOUR)
    assert list_waiting(site) == {"n6": ["phone"]}
    # With its feed gone from the registry the other may close the matter.
    site.set_account("rsj", feeds=["feeds/short.xml"])
    site.set_body("short", write_feed(change(item, SUBSIDY[:2])))
    site.update(NOW + DAY)
    assert list_waiting(site) == {}


# accounts under review ----------------------------------------------------------------------------------------


def test_a_review_account_shows_no_new_revision_and_no_new_post_but_withdrawals(site: SmallSite) -> None:
    site.set_account("rsj", selection="review")
    changed = change(make_item(0), ("河东老街的石板路重新铺过，两旁的店铺换上了木招牌。",), "改过的标题")
    deleted = (
        '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="n1" when="2026-03-20T06:00:00Z"/>'
    )
    site.set_body("rsj", write_feed(changed, make_item(6, NOW)).replace("</channel>", f"{deleted}</channel>"))
    outcome = find_outcome(site.update(NOW))
    assert (outcome.outcome, outcome.posts_new, outcome.posts_changed, outcome.posts_withdrawn) == ("held", 1, 0, 1)
    assert list_waiting(site) == {"n0": ["review"], "n6": ["review"]}
    assert {make_item(0).title} == {make_item(n).title for n in (0, 1, 6)} & list_titles(site)
    site.set_account("rsj", selection="auto")
    report = site.update(NOW + DAY)
    assert report.posts_released == 2
    assert find_outcome(report).outcome == "unchanged"
    assert {"改过的标题", make_item(6).title} <= list_titles(site)
    assert make_item(0).title not in list_titles(site)


def test_a_trusted_account_lets_in_all_but_what_has_another_reason(site: SmallSite) -> None:
    site.set_account("zixun", selection="review")
    site.set_feed("zixun", make_item(50), change(make_item(51), PRIVATE))
    site.update(NOW)
    assert list_waiting(site) == {"n50": ["review"], "n51": ["review", "phone"]}
    # Fed for weeks, it is no burst of its own.
    site.set_feed("zixun", *(make_item(number) for number in range(50, 80)))
    site.update(NOW + HOUR)
    site.set_feed("zixun", *(make_item(number) for number in range(55, 80)), change(make_item(51), PRIVATE))
    site.update(NOW + DAY)
    site.set_account("zixun", selection="auto")
    site.update(NOW + 2 * DAY)
    waiting = list_waiting(site)
    assert waiting.pop("n51") == ["phone"]
    assert make_item(50).title in list_titles(site)


def test_an_account_that_leaves_the_registry_leaves_its_posts_waiting(site: SmallSite) -> None:
    site.set_feed("zixun", make_item(50))
    site.set_account("zixun", selection="review")
    site.update(NOW)
    del site.accounts["zixun"]
    site.write_registry()
    site.update(NOW + HOUR)
    assert list_waiting(site) == {"n50": ["review"]}
    assert "zixun（不在账号表里）" in site.call("inbox").out


def test_a_renamed_account_keeps_what_waits(site: SmallSite) -> None:
    site.set_account("rsj", selection="review")
    site.set_feed("rsj", make_item(6, NOW))
    site.update(NOW)
    assert site.call("accounts", "rename", "rsj", "renshe").status == 0
    assert [one["account"] for one in site.call("inbox", "--json").document["posts"]] == ["renshe"]


# what staff see -----------------------------------------------------------------------------------------------


def test_staff_see_what_waits_and_why(site: SmallSite) -> None:
    site.set_feed("rsj", change(make_item(6, NOW), PRIVATE), change(make_item(7, NOW - HOUR), PRIVATE))
    told = site.call("update")
    assert told.status == 0
    assert "待处理的文章 2 篇，没有发布（用 matrix inbox 查看）" in told.out
    assert "临江rsj" in told.out
    assert "个人手机号 2" in told.out
    listed = site.call("inbox").out
    assert listed.index(make_item(6).title) < listed.index(make_item(7).title)
    assert "临江rsj" in listed
    assert "138****5678" in listed
    assert MOBILE not in listed
    assert "共 2 篇待处理" in listed
    (first, _) = site.call("inbox", "--json").document["posts"]
    described = {"account", "key", "url", "title", "date", "feed", "first_seen", "last_seen", "reasons"}
    assert described | {"code", "former", "merits", "score"} == set(first)
    assert first["title"] == make_item(6).title
    assert first["reasons"][0]["rule"] == "phone"
    state = site.call("status").out
    assert "待处理 2 篇（个人手机号 2）" in state
    (account,) = (one for one in site.call("status", "--json").document["accounts"] if one["id"] == "rsj")
    assert account["posts_held"] == 2
    (feed,) = account["feeds"]
    assert (feed["outcome"], feed["held_for"]) == ("held", {"phone": 2})


def test_the_report_for_programs_counts_what_waits(site: SmallSite) -> None:
    site.set_feed("rsj", change(make_item(6, NOW), PRIVATE))
    document: dict[str, Any] = site.call("update", "--json").document
    assert document["inbox"] == {"posts": 1, "released": 0}
    assert document["totals"]["held"] == 1
    (account,) = (one for one in document["accounts"] if one["id"] == "rsj")
    assert (account["outcome"], account["posts_held"], account["held_for"]) == ("held", 1, {"phone": 1})
    set_editorial(site, "phones = false")
    assert "按现在的规定放行 1 篇" in site.call("update").out


def test_an_empty_inbox_says_so(site: SmallSite) -> None:
    assert "没有待处理的文章" in site.call("inbox").out
    assert site.call("inbox", "--json").document == {"posts": [], "total": 0}


def test_a_site_that_read_nothing_yet_has_no_inbox(tmp_path: Path) -> None:
    result = SmallSite(tmp_path / "site").set_up().call("inbox")
    assert result.status == 2
    assert "matrix publish" in result.err


def test_a_mistake_in_the_file_is_told_and_the_last_good_text_holds(site: SmallSite) -> None:
    set_editorial(site, 'words = ["便民"]')
    site.update(NOW)
    set_editorial(site, 'word = ["便民"]')
    site.set_feed("rsj", make_item(6, NOW))
    result = site.call("publish", "--json")
    assert result.status == 1
    (finding,) = result.document["update"]["findings"]
    assert (finding["file"], finding["line"], finding["level"]) == ("editorial.toml", 2, "error")
    assert list_waiting(site) == {"n6": ["word"]}
    assert "是不是想写 words" in site.call("publish").out


def test_held_posts_are_decided_alike_in_any_order(site: SmallSite) -> None:
    items = [
        change(make_item(6, NOW), PRIVATE),
        make_item(7, NOW),
        change(make_item(8, NOW), PRIVATE),
        make_item(9, NOW),
    ]
    site.set_feed("rsj", *items)
    site.update(NOW)
    waiting, titles = list_waiting(site), list_titles(site)
    site.set_feed("rsj", *reversed(items))
    site.update(NOW + HOUR)
    assert (list_waiting(site), list_titles(site)) == (waiting, titles)


def test_a_held_text_never_comes_back_after_its_post_has_got_another_key(site: SmallSite) -> None:
    former = make_item(1)
    site.set_feed("rsj", change(former, PRIVATE))
    site.update(NOW)
    assert list_waiting(site) == {"n1": ["phone"]}
    better = write_feed(change(former, BRIDGE)).replace(">n1</guid>", ">tag:new</guid>")
    (site.root / "content" / "registry" / "feeds" / "rsj.xml").write_text(better, encoding="utf-8")
    site.update(NOW + HOUR)
    assert list_waiting(site) == {}
    set_editorial(site, "phones = false")
    assert site.update(NOW + 2 * HOUR).posts_released == 0
    with Store.open(site.site.store) as store:
        (waiting,) = [one for one in store.posts.load(range(1, 7)) if one.post.title == former.title]
    assert MOBILE not in waiting.post.text
    assert BRIDGE[0] in waiting.post.text
