"""Staff choose: accept and reject posts that wait, by command or by hand, and what holds ever after."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from inbox_fixtures import DAY, HOUR, PRIVATE, change, make_item
from selection_fixtures import (
    NUMBERS,
    OUTAGE,
    SPRING,
    accept,
    edit,
    is_shown,
    list_waiting,
    read_choices,
    reject,
)
from selection_fixtures import reviewed as reviewed
from selection_fixtures import site as site
from site_fixtures import BASE, BRIDGE, NOW, SUBSIDY, Item, SmallSite, list_tree

from aggregator import pipeline
from aggregator.errors import ConfigError

# accept -------------------------------------------------------------------------------------------------------


def test_accepted_posts_are_public_at_once_after_one_build(site: SmallSite) -> None:
    waiting = list_waiting(site)
    done = accept(site, waiting["ting-1"].code, waiting["chun-1"].code, waiting["shu-1"].code)
    assert [one.title for one in done.posts] == [OUTAGE.title, SPRING.title, NUMBERS.title]
    for one in done.posts:
        assert one.title in site.read_page(one.url.removeprefix(f"{BASE}/"))
    assert done.build is not None
    assert {one.url.removeprefix(f"{BASE}/") for one in done.posts} <= set(done.build.changed_paths)
    assert read_choices(site) == [("accept", f"jiedao:{key}", "李") for key in ("ting-1", "chun-1")] + [
        ("accept", "gongshi:shu-1", "李")
    ]
    assert list_waiting(site) == {}
    _, built = site.publish(NOW + HOUR)
    assert built.changed_paths == ()


@pytest.mark.parametrize("name", ["ting-1", "jiedao:ting-1", OUTAGE.link, OUTAGE.link.replace("https", "http")])
def test_a_post_is_named_by_its_key_or_address_too(site: SmallSite, name: str) -> None:
    assert accept(site, name).posts[0].key == "ting-1"


def test_a_code_names_one_version_of_a_post(site: SmallSite) -> None:
    """Nobody accepts what came after the list was printed."""
    code = list_waiting(site)["ting-1"].code
    assert re.fullmatch("[a-z2-9]{6}", code)
    site.set_feed("jiedao", replace(OUTAGE, text=("通水时间推迟到后天早上六点。" * 5,)), SPRING)
    site.update(NOW + HOUR)
    with pytest.raises(ConfigError, match=f"没有“{code}”") as told:
        accept(site, code)
    assert "matrix inbox" in told.value.remedy
    assert not site.site.editorial.exists()


def test_an_accepted_post_that_changes_waits_again_and_stays_public_as_it_was(site: SmallSite) -> None:
    accept(site, "shu-1", "ting-1")
    site.set_feed("jiedao", replace(OUTAGE, text=("通水时间推迟到后天早上六点。" * 5,)), SPRING)
    site.set_feed("gongshi", change(make_item(1), PRIVATE))
    site.publish(NOW + DAY)
    waiting = list_waiting(site)
    assert waiting["ting-1"].reasons[-1] == "内容改过了：原来的一版 2026-03-20 由 李 采用。"
    assert is_shown(site, BRIDGE[0])
    assert not is_shown(site, "推迟到后天")
    accept(site, "ting-1", now=NOW + DAY)
    assert is_shown(site, "推迟到后天")
    # And the version before it is no reason to ask, should the feed go back to it.
    site.set_feed("jiedao", OUTAGE, SPRING)
    site.publish(NOW + 2 * DAY)
    assert "ting-1" not in list_waiting(site)


def test_what_a_page_counts_up_by_itself_is_no_change(site: SmallSite) -> None:
    site.set_feed("jiedao", replace(OUTAGE, text=(*OUTAGE.text, "阅读量：12")), SPRING)
    site.update(NOW)
    accept(site, "ting-1")
    site.set_feed("jiedao", replace(OUTAGE, text=(*OUTAGE.text, "阅读量：1733")), SPRING)
    site.publish(NOW + HOUR)
    assert "ting-1" not in list_waiting(site)


def test_an_account_under_review_asks_for_every_other_post_still(site: SmallSite) -> None:
    accept(site, "ting-1")
    site.set_feed("jiedao", OUTAGE, SPRING, replace(SPRING, key="chun-2", title="夜市开张了"))
    site.update(NOW + HOUR)
    assert {"chun-1", "chun-2"} <= set(list_waiting(site))


def test_a_post_that_left_its_feed_can_be_accepted(site: SmallSite) -> None:
    site.set_feed("jiedao", SPRING)
    site.update(NOW + HOUR)
    assert accept(site, "ting-1").posts[0].url


def test_a_post_joins_the_story_that_says_the_same(site: SmallSite) -> None:
    site.set_feed("jiedao", Item("bu-1", "燃气补贴来了", SUBSIDY, NOW - 8 * DAY))
    site.update(NOW)
    candidate = list_waiting(site)["bu-1"]
    assert "频道里已有相同的一条《关于发放春季燃气取暖补贴的通知》" in candidate.merits
    (one,) = accept(site, candidate.code).posts
    assert one.joined
    assert one.url == site.stories()["关于发放春季燃气取暖补贴的通知"]["url"]


# reject -------------------------------------------------------------------------------------------------------


def test_a_rejected_post_is_gone_until_it_changes(site: SmallSite) -> None:
    before = list_tree(site.output)
    done = reject(site, "ting-1", "shu-1", reason="与本市无关")
    assert done.build is None
    assert list(list_waiting(site)) == ["chun-1"]
    # Whatever the feed says besides, and whatever the account or the rules let in.
    site.set_account("jiedao", selection="auto", rank=30)
    site.set_feed("jiedao", OUTAGE)
    site.publish(NOW + HOUR)
    assert "ting-1" not in list_waiting(site)
    assert not is_shown(site, OUTAGE.title)
    assert list_tree(site.output).keys() >= before.keys()
    site.set_account("jiedao", selection="review")
    site.set_feed("jiedao", replace(OUTAGE, text=("本市河东片区停水，详见附件。" * 5,)))
    site.update(NOW + DAY)
    assert "由 王 不采用（与本市无关）" in list_waiting(site)["ting-1"].reasons[-1]


def test_a_rejected_version_leaves_the_published_one_alone(site: SmallSite) -> None:
    accept(site, "ting-1")
    site.set_feed("jiedao", replace(OUTAGE, text=("点击链接领取大奖。" * 9,)), SPRING)
    site.update(NOW + HOUR)
    reject(site, "ting-1", reason="不实")
    site.publish(NOW + DAY)
    assert is_shown(site, BRIDGE[0])
    assert not is_shown(site, "领取大奖")
    assert "ting-1" not in list_waiting(site)


# by hand ------------------------------------------------------------------------------------------------------


def test_what_is_written_by_hand_is_done_by_the_next_run(site: SmallSite) -> None:
    """By `account:key` or by the address; without `content` it is about every version."""
    site.site.editorial.write_text(
        f'# 李编辑定的\n[[accept]]\npost = "jiedao:ting-1"\n\n[[reject]]\npost = "{SPRING.link}"\nreason = "旧闻"\n',
        encoding="utf-8",
    )
    report, _ = site.publish(NOW + HOUR)
    assert report.posts_released == 1
    assert is_shown(site, OUTAGE.title)
    assert list(list_waiting(site)) == ["shu-1"]
    site.set_feed("jiedao", replace(OUTAGE, text=("今晚十点通水。" * 9,)), replace(SPRING, text=("谢了。" * 9,)))
    site.publish(NOW + DAY)
    assert is_shown(site, "今晚十点通水")
    assert list(list_waiting(site)) == ["shu-1"]


def test_of_two_words_on_one_version_the_last_holds(site: SmallSite) -> None:
    site.site.editorial.write_text(
        '[[reject]]\npost = "jiedao:ting-1"\n\n[[accept]]\npost = "jiedao:ting-1"\n', encoding="utf-8"
    )
    site.publish(NOW + HOUR)
    assert is_shown(site, OUTAGE.title)


def test_an_entry_that_is_taken_out(site: SmallSite) -> None:
    """What was accepted stays public, as `[[hide]]` is there to take it down; what was refused waits again."""
    accept(site, "ting-1")
    reject(site, "chun-1")
    site.site.editorial.write_text("", encoding="utf-8")
    site.publish(NOW + HOUR)
    assert is_shown(site, OUTAGE.title)
    assert sorted(list_waiting(site)) == ["chun-1", "shu-1"]


def test_an_account_that_is_renamed_keeps_its_decisions(site: SmallSite) -> None:
    reject(site, "chun-1")
    assert site.call("accounts", "rename", "jiedao", "hedong-jiedao").status == 0
    assert read_choices(site) == [("reject", "hedong-jiedao:chun-1", "王")]
    site.call("update", "--force")
    assert "chun-1" not in list_waiting(site)


# what cannot be done --------------------------------------------------------------------------------------------


def test_the_second_of_two_clerks_is_told_who_was_first(site: SmallSite) -> None:
    code = list_waiting(site)["ting-1"].code
    reject(site, code)
    with pytest.raises(ConfigError, match=f"“{code}”《{OUTAGE.title}》已经由 王 不采用"):
        accept(site, code)


def test_one_name_that_means_nothing_leaves_all_undecided(site: SmallSite) -> None:
    with pytest.raises(ConfigError, match="没有“nothing”"):
        accept(site, "ting-1", "nothing")
    with pytest.raises(ConfigError, match="没有“nothing”"):
        reject(site, "ting-1", "nothing")
    with pytest.raises(ConfigError, match="没有写明是哪一篇"):
        accept(site)
    assert not site.site.editorial.exists()
    assert len(list_waiting(site)) == 3


def test_a_name_of_several_posts_is_asked_back(site: SmallSite) -> None:
    site.set_account("shequ", selection="review")
    site.set_feed("shequ", OUTAGE)
    site.update(NOW)
    with pytest.raises(ConfigError, match="有 2 篇待处理的文章") as told:
        accept(site, OUTAGE.link)
    assert "jiedao:ting-1" in told.value.remedy
    assert "shequ:ting-1" in told.value.remedy


def test_a_post_of_an_account_that_is_gone_can_be_refused_or_written_anew(site: SmallSite) -> None:
    del site.accounts["jiedao"]
    site.write_registry()
    with pytest.raises(ConfigError, match="账号 jiedao 不在账号表里"):
        accept(site, "ting-1")
    reject(site, "ting-1")
    assert edit(site, "chun-1").file.is_file()
    assert list(list_waiting(site)) == ["shu-1"]


def test_behind_a_mistake_nothing_is_written(site: SmallSite) -> None:
    site.site.editorial.write_text("[[accept]]\npots = 'x'\n", encoding="utf-8")
    for decide in (accept, reject, edit):
        with pytest.raises(ConfigError, match="里的项 pots 不认识"):
            decide(site, "ting-1")
    assert site.site.editorial.read_text(encoding="utf-8") == "[[accept]]\npots = 'x'\n"
    assert not list(site.site.content.rglob("*春天*"))


@pytest.mark.parametrize("key", ["a\"b'c\\d", "编号：一 二[三]", "x]]\\n[[hide]]", "?id=1&x=<2>#", "空 格"])
def test_a_key_of_odd_characters(site: SmallSite, key: str) -> None:
    body = site.root / "content" / "registry" / "feeds" / "jiedao.xml"
    escaped = key.replace("&", "&amp;").replace("<", "&lt;")
    body.write_text(body.read_text(encoding="utf-8").replace(">ting-1<", f">{escaped}<"), encoding="utf-8")
    site.update(NOW + HOUR)
    assert key in list_waiting(site)
    reject(site, f"jiedao:{key}")
    site.set_feed("zixun", make_item(3))
    site.publish(NOW + DAY)
    assert key not in list_waiting(site)
    assert ("reject", f"jiedao:{key}", "王") in read_choices(site)


# the file -------------------------------------------------------------------------------------------------------


def test_comments_order_and_line_ends_of_the_file_stay(site: SmallSite) -> None:
    staff = '# 规定\r\n[hold]\r\nphones = true # 查\r\n\r\n[[lock]]\r\nstory = "ranqi:ranqi-1"\r\n'
    site.site.editorial.write_text(staff, encoding="utf-8", newline="")
    accept(site, "ting-1")
    reject(site, "chun-1")
    written = site.site.editorial.read_bytes().decode()
    assert written.startswith(staff)
    assert "\n" not in written.replace("\r\n", "")
    assert [one[0] for one in read_choices(site)] == ["accept", "reject"]


def test_what_is_wrong_below_many_decisions_is_told_with_its_line(site: SmallSite) -> None:
    """Decisions are remembered apart from the rest of the text; lines are those of the file."""
    for name in ("ting-1", "chun-1"):
        reject(site, name)
    text = site.site.editorial.read_text(encoding="utf-8")
    site.site.editorial.write_text(f'{text}\n[[lock]]\nstory = "nothing"\n', encoding="utf-8")
    line = text.count("\n") + 2
    for _ in range(2):
        (finding,) = site.publish(NOW + HOUR)[0].findings
        assert (finding.line, "“nothing”找不到" in finding.message) == (line, True)


def test_posts_that_no_run_has_described_yet_are_listed_and_accepted(site: SmallSite) -> None:
    """Those of a store of an older version."""
    before = list_waiting(site)
    with closing(sqlite3.connect(site.site.store)) as store, store:
        store.execute("DELETE FROM inbox_cards")
    assert list_waiting(site) == before
    assert accept(site, before["ting-1"].code).posts[0].url


# the commands ---------------------------------------------------------------------------------------------------


def test_staff_decide_on_the_command_line(site: SmallSite) -> None:
    # By the real clock, by which the posts of the fixture have waited too long.
    site.set_feed("jiedao", OUTAGE, SPRING, make_item(1))
    site.set_feed("gongshi", NUMBERS, make_item(2))
    site.call("update", "--force")
    reject(site, "n1")
    listed = site.call("inbox").out
    codes = {one["key"]: one["code"] for one in site.call("inbox", "--json").document["posts"]}
    assert all(code in listed for code in codes.values())
    done = site.call("accept", codes["ting-1"], "--json")
    assert done.document["decision"] == "accept"
    assert done.document["posts"][0]["page"].startswith(f"{BASE}/s/")
    assert "不采用《补贴名单公示》" in site.call("reject", codes["shu-1"], "--reason", "有个人信息").out
    told = site.call("edit", codes["chun-1"], "--json").document
    assert told["file"] == "content/news/老街的春天来了.md"
    assert site.call("inbox", "--json").document["posts"] == []
    assert site.call("accept", codes["ting-1"]).status == 2
    assert site.call("reject", "x", "--reason", " ").status == 2
    saved = site.call("status", "--json").document["burden"]
    assert (saved["accepted"], saved["rejected"], saved["edited"], saved["waiting"]) == (1, 1, 1, 0)
    assert saved["waited_median"] <= saved["waited_longest"] < 60
    assert "处理：采用 1 篇，不采用 1 篇，改写 1 篇" in site.call("status").out


def test_a_list_of_one_account_and_of_so_many(site: SmallSite) -> None:
    listed = site.call("inbox", "--account", "jiedao", "--limit", "1", "--json").document
    assert (len(listed["posts"]), listed["total"]) == (1, 2)
    told = site.call("inbox", "--limit", "1").out
    assert "共 3 篇待处理，这里列了 1 篇" in told
    assert site.call("inbox", "--account", "nobody").status == 2


def test_one_clerk_at_a_time(site: SmallSite) -> None:
    with pipeline.hold_lock(site.site):
        assert site.call("accept", "ting-1").status == 4
