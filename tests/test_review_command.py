"""`matrix review`: three people pass a draft, the content and not the file is what they passed."""

from __future__ import annotations

import pytest
from handover_fixtures import make_picture
from review_fixtures import DEMAND, NEW, PEOPLE, TEXT, TITLE, ReviewedSite
from review_fixtures import office as office
from review_fixtures import published_office as published_office
from site_fixtures import NOW, SWIMMING

from aggregator.errors import ConfigError
from aggregator.pipeline.draft_reviews import DraftReviews
from aggregator.pipeline.draft_rules import DraftRules
from aggregator.pipeline.drafts import read_local_drafts
from aggregator.pipeline.editorial import load_editorial, read_editorial
from aggregator.pipeline.reviewing import list_reviews, record_step
from aggregator.registry import load_registry
from aggregator.store import Store

ZHANG, LI, WANG = PEOPLE
POOL = "notices/youyong.md"
POOL_TITLE = "游泳馆恢复开放的公告"


def test_a_new_draft_is_public_when_three_people_have_passed_it(office: ReviewedSite) -> None:
    office.write(审核="王主任")
    assert office.publish()["review"] == {"waiting": 1, "first": 1, "second": 0, "final": 0, "returned": 0}
    assert TITLE not in office.titles()
    listed = office.small.call("review").out
    assert f"content/{NEW}《{TITLE}》" in listed
    assert "等初审" in listed
    assert "稿件里写的审核人：王主任（未经核实）" in listed
    for address, told in zip(PEOPLE, ("还差复审、终审", "还差终审", "三审都已通过，运行 matrix publish"), strict=True):
        assert TITLE not in office.titles()
        done = office.review(address, str(office.content / NEW), "--pass")
        assert (done.status, told in done.out) == (0, True)
        assert address in done.out
    assert office.waiting() == {}
    assert office.publish()["review"]["waiting"] == 0
    assert TITLE in office.titles()
    page = office.read_story(TITLE)
    assert not any(name in page for name in ("王主任", *PEOPLE))


def test_one_person_cannot_do_two_steps(office: ReviewedSite) -> None:
    office.write()
    assert office.review(ZHANG, NEW, "--pass").status == 0
    for step in ((), ("--step", "终审")):
        again = office.review(f" {ZHANG.title()} ", NEW, "--pass", *step)
        assert again.status == 2
        assert f"{ZHANG} 已经做过初审，同一个人不能再做" in again.err
        assert "另一位同事用自己的账户登录" in again.err
    assert office.waiting()[NEW]["missing"] == ["second", "final"]


def test_a_step_may_be_named(office: ReviewedSite) -> None:
    office.write()
    done = office.review(ZHANG, NEW, "--pass", "--step", "终审", "--json").document
    assert done["entry"]["step"] == "final"
    assert done["waiting"]["missing"] == ["first", "second"]
    assert done["entry"]["by"] == ZHANG


def test_a_changed_draft_waits_and_what_was_public_stays(office: ReviewedSite) -> None:
    """Also when it is put back as it was: that is public anyway."""
    office.write()
    office.pass_all()
    office.publish()
    former = office.read_story(TITLE)
    office.write(text=("桥头搭板改从周二起加固。",))
    assert office.publish()["review"]["first"] == 1
    assert office.read_story(TITLE) == former
    assert office.waiting()[NEW]["passed"] == []
    office.write()
    assert office.publish()["review"]["waiting"] == 0
    assert office.read_story(TITLE) == former
    office.write(text=("桥头搭板改从周二起加固。",))
    office.pass_all()
    office.publish()
    assert "改从周二起" in office.read_story(TITLE)


def test_a_returned_draft_waits_for_another_content(office: ReviewedSite) -> None:
    office.write()
    office.review(ZHANG, NEW, "--pass")
    assert office.review(LI, NEW, "--return", " ").status == 2
    assert "改好稿件以后，从初审重新开始" in office.review(LI, NEW, "--return", "工期与来文不一致").out
    told = office.small.call("review").out
    assert f"复审退回：{LI}" in told
    assert "工期与来文不一致" in told
    assert office.publish()["review"] == {"waiting": 1, "first": 0, "second": 0, "final": 0, "returned": 1}
    refused = office.review(WANG, NEW, "--pass")
    assert (refused.status, "已经由" in refused.err, "改好稿件再审" in refused.err) == (2, True, True)
    office.write(text=("工期改为三天。",))
    assert office.waiting()[NEW]["missing"] == ["first", "second", "final"]
    office.pass_all()
    office.publish()
    assert TITLE in office.titles()


def test_an_exchanged_picture_is_a_change(office: ReviewedSite) -> None:
    picture = office.content / "notices" / "搭板.png"
    picture.write_bytes(make_picture(8, 8))
    office.write(text=(*TEXT, "![桥头](搭板.png)"))
    office.review(ZHANG, NEW, "--pass")
    picture.write_bytes(make_picture(9, 9))
    assert office.waiting()[NEW]["passed"] == []
    picture.write_bytes(make_picture(8, 8))
    assert len(office.waiting()[NEW]["passed"]) == 1
    office.review(LI, NEW, "--pass")
    office.review(WANG, NEW, "--pass")
    office.publish()
    former = office.read_story(TITLE)
    assert "<img" in former
    picture.write_bytes(make_picture(9, 9))
    assert office.publish()["review"]["first"] == 1
    assert office.read_story(TITLE) == former


def test_a_rename_keeps_the_passes_and_the_page(office: ReviewedSite) -> None:
    office.write()
    office.review(ZHANG, NEW, "--pass")
    (office.content / NEW).rename(office.content / "news" / "b.md")
    assert [entry["by"] for entry in office.waiting()["news/b.md"]["passed"]] == [ZHANG]
    office.review(LI, "news/b.md", "--pass")
    office.review(WANG, TITLE, "--pass")
    office.publish()
    url = office.small.stories()[TITLE]["url"]
    (office.content / "news" / "b.md").rename(office.content / "notices" / "c.md")
    assert office.publish()["review"]["waiting"] == 0
    assert office.small.stories()[TITLE]["url"] == url


def test_a_step_is_for_the_content_that_was_seen(office: ReviewedSite) -> None:
    """Who has the former text on the screen passes that, and not what was saved meanwhile."""
    office.write()
    seen = office.waiting()[NEW]["content"]
    office.write(text=("桥头搭板改从周二起加固。",))
    office.waiting()
    office.sign_in(ZHANG)
    site = office.small.site
    with Store.open(site.store) as store:
        settings = load_editorial(store).review
        with pytest.raises(ConfigError, match="刚才又改过"):
            record_step(site, store, settings, NEW, seen, "pass", NOW)
        (waiting,) = list_reviews(site, store, settings)
        assert record_step(site, store, settings, NEW, waiting.content, "pass", NOW).by == ZHANG
        (waiting,) = list_reviews(site, store, settings)
    assert waiting.reviewed.passed_by == (("first", ZHANG),)


def test_a_rename_that_changes_the_title_is_a_change(office: ReviewedSite) -> None:
    """Who reviewed the draft has not seen the title that residents would."""
    file = office.content / "notices" / "停水通知.md"
    file.write_text("今晚八点起停水，请储水备用。\n", encoding="utf-8")
    assert office.review(ZHANG, "notices/停水通知.md", "--pass").status == 0
    file.rename(file.with_name("紧急停水通知.md"))
    assert [one["passed"] for one in office.waiting().values()] == [[]]


@pytest.mark.parametrize("number", [{}, {"编号": "tz-daoban"}], ids=["by its title", "by its number"])
def test_a_public_draft_that_is_renamed_and_changed_stays_as_it_was(
    office: ReviewedSite, number: dict[str, str]
) -> None:
    """It keeps its address when it is through, also if somebody asked what waits meanwhile."""
    office.write(**number)
    office.pass_all()
    office.publish()
    former, url = office.read_story(TITLE), office.small.stories()[TITLE]["url"]
    (office.content / NEW).unlink()
    office.write("news/b.md", ("桥头搭板改从周二起加固。",), **number)
    assert [*office.waiting()] == ["news/b.md"]
    for _ in range(2):
        assert office.publish()["totals"]["posts_withdrawn"] == 0
        assert office.read_story(TITLE) == former
    office.pass_all("news/b.md")
    office.publish()
    assert "改从周二起" in office.read_story(TITLE)
    assert office.small.stories()[TITLE]["url"] == url


def test_a_deleted_draft_is_withdrawn_without_review(office: ReviewedSite) -> None:
    (office.content / POOL).unlink()
    assert office.publish()["totals"]["posts_withdrawn"] == 1
    assert POOL_TITLE not in office.titles()


def test_two_drafts_of_one_content_share_their_passes(office: ReviewedSite) -> None:
    office.write()
    office.write("notices/a.md")
    office.pass_all()
    assert office.waiting() == {}


def test_what_is_public_stays_when_review_is_turned_on(office: ReviewedSite) -> None:
    """Whether its hash was kept or not, touched, read anew, or renamed; only what changes waits."""
    before = office.small.addresses()
    with Store.open(office.small.site.store) as store:
        paths = [*store.drafts.load_known()]
        assert all(one.content for one in store.reviews.load_public(paths).values())
        store._connection.execute("UPDATE drafts SET review = '' WHERE path <> ?", (POOL,))
    office.demand(f"{DEMAND}[check]\nexplanation_days = 5\n")
    for path in paths:
        (office.content / path).touch()
    (office.content / POOL).rename(office.content / "notices" / "b.md")
    assert office.publish()["review"]["waiting"] == 0
    assert office.small.addresses() == before
    office.small.set_draft("notices/b.md", (*SWIMMING, "另行通知。"), 标题=POOL_TITLE, 日期="2026-03-12 09:00")
    assert office.publish()["review"]["waiting"] == 1
    assert office.small.addresses() == before


def test_what_waits_is_published_when_review_is_turned_off(office: ReviewedSite) -> None:
    office.write()
    office.write("news/b.md", title="另一篇")
    office.publish()
    office.demand('[review]\ncolumns = ["notices"]\nidentity = "git"\n')
    assert office.publish()["review"]["waiting"] == 1
    assert {TITLE, "另一篇"} & office.titles() == {"另一篇"}
    office.demand("")
    assert office.publish()["review"]["waiting"] == 0
    assert TITLE in office.titles()


def test_a_mistake_in_the_rules_lets_nothing_through(office: ReviewedSite) -> None:
    office.publish()
    office.demand(f"{DEMAND}requierd = true\n")
    office.write()
    done = office.small.call("publish", "--json")
    assert (done.status, done.document["update"]["review"]["waiting"]) == (1, 1)
    office.small.site.editorial.unlink()
    assert office.small.call("publish", "--json").document["update"]["review"]["waiting"] == 1
    listed = office.small.call("review")
    assert (listed.status, "文件不见了" in listed.out, TITLE in listed.out) == (1, True, True)


def test_only_those_who_are_named_may_do_a_step(office: ReviewedSite) -> None:
    office.demand(f'{DEMAND}final = ["{WANG}"]\n')
    office.write()
    office.review(ZHANG, NEW, "--pass")
    office.review(LI, NEW, "--pass")
    refused = office.review("zhao@linjiang.example", NEW, "--pass")
    assert (refused.status, f"终审由 {WANG} 做" in refused.err) == (2, True)
    assert office.review(WANG, NEW, "--pass").status == 0


def test_who_is_at_work_must_be_known(office: ReviewedSite) -> None:
    office.write()
    refused = office.small.call("review", NEW, "--pass")
    assert (refused.status, "git config" in refused.err) == (2, True)


@pytest.mark.parametrize("address", ["张三@临江.example", "o'brien\"; DROP--@x", "a b\t<c>@x"])
def test_any_name_is_told_as_it_is(office: ReviewedSite, address: str) -> None:
    office.write()
    assert office.review(address, NEW, "--pass").status == 0
    (entry,) = office.waiting()[NEW]["passed"]
    assert entry["by"] == " ".join(address.casefold().split())
    assert office.small.call("status", "--json").document["review"]["broken"] is None


def test_a_draft_that_cannot_be_read_is_not_reviewed_and_keeps_its_passes(office: ReviewedSite) -> None:
    file = office.write()
    office.review(ZHANG, NEW, "--pass")
    text = file.read_bytes()
    file.write_bytes(b"")
    refused = office.review(LI, NEW, "--pass")
    assert (refused.status, "还不能审：文件是空的" in refused.err) == (2, True)
    assert office.small.call("publish").status == 1
    file.write_bytes(text)
    assert len(office.waiting()[NEW]["passed"]) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing.md", "--pass"), "content 文件夹里没有“nothing.md”"),
        ((POOL, "--pass"), "现在的内容不用再审"),
        (("--pass",), "没有写审的是哪一篇"),
        ((NEW, "--pass", "--return", "改"), "--pass 和 --return 只能写一个"),
        ((NEW, "--step", "终审"), "--step 要和"),
        ((NEW, "--pass", "--step", "四审"), "可以写：初审、复审、终审"),
        (("--log", NEW), "--log 不能和别的一起写"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_do(
    office: ReviewedSite, arguments: tuple[str, ...], told: str
) -> None:
    office.write()
    done = office.review(ZHANG, *arguments)
    assert done.status == 2
    assert told in done.err
    assert office.small.call("review", "--log", "--json").document["log"] == []


def test_a_draft_that_needs_no_review_is_not_reviewed(office: ReviewedSite) -> None:
    office.demand('[review]\ncolumns = ["policies"]\nidentity = "git"\n')
    office.write()
    refused = office.review(ZHANG, NEW, "--pass")
    assert (refused.status, "不用审核，发布时直接公开" in refused.err) == (2, True)


def test_a_public_draft_is_named_by_its_address_and_any_by_its_number(office: ReviewedSite) -> None:
    url = office.small.stories()[POOL_TITLE]["url"]
    office.small.set_draft(POOL, (*SWIMMING, "另行通知。"), 标题=POOL_TITLE, 日期="2026-03-12 09:00")
    office.write(编号="tz-daoban")
    assert office.small.call("review", url, "--json").document["waiting"][0]["file"] == POOL
    assert office.small.call("review", "tz-daoban", "--json").document["waiting"][0]["file"] == NEW


def test_check_and_status_say_what_waits(office: ReviewedSite) -> None:
    office.write()
    office.publish()
    told = "等审核的稿件 1 篇：等初审 1"
    assert told in office.small.call("check").out
    assert office.small.call("check", "--json").document["review"]["first"] == 1
    status = office.small.call("status")
    assert (status.status, told in status.out) == (0, True)
    assert told in office.small.call("publish").out


def test_findings_are_those_of_the_draft_that_waits(office: ReviewedSite) -> None:
    """Told at every run, not only when it was read."""
    office.write(text=(*TEXT, "![桥头](没有.png)"))
    for _ in range(2):
        found = [one for one in office.publish()["findings"] if one["file"] == NEW]
        assert ["没有.png" in one["message"] for one in found] == [True]


def test_drafts_that_wait_are_not_read_again(office: ReviewedSite) -> None:
    file = office.write()
    office.publish()
    site, registry = office.small.site, load_registry(office.small.site.registry)
    with Store.open(site.store) as store:
        editorial, _ = read_editorial(site, registry, store)
        reviews = DraftReviews(store, editorial.review, NOW)
        rules = DraftRules(editorial, store, NOW, site.editorial.name)
        batch = reviews.hold_back(read_local_drafts(site, store, rules, reviews, NOW, mirror=True))
    assert (batch.still_waiting, batch.waiting, batch.drafts) == ((NEW,), (), ())
    file.unlink()
    assert office.publish()["review"]["waiting"] == 0
    with Store.open(site.store) as store:
        assert store.reviews.load_held() == {}
