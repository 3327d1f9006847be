"""Drafts that appear, expire and are withdrawn, seen on the site: by header and by time alone."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from site_fixtures import BASE, NOW, SUBSIDY, SWIMMING, SmallSite, list_tree, make_site

from aggregator.store import Store

DAY = timedelta(days=1)
TEXT = ("北山公园的缆车检修完毕，经过三轮试运行，定于周末重新开放，票价不变，六十岁以上老人免票。",)
NAME = "北山公园缆车重新开放的公告"
TOMORROW = "2026-03-21 12:00"
"""A day after NOW, in Beijing."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    site = make_site(tmp_path_factory.mktemp("states") / "site")
    site.publish()
    return site


@pytest.fixture
def site(published: SmallSite, tmp_path: Path) -> SmallSite:
    return published.copy_to(tmp_path / "site")


def find_files(site: SmallSite, words: str) -> list[str]:
    """Files that visitors can get in which some words stand."""
    return sorted(path for path, (data, _) in list_tree(site.output).items() if words.encode() in data)


def find_document(page: str) -> str:
    """What says the same as a story's page to programs."""
    return f"api/v1/{page.replace('s/', 'stories/').replace('.html', '.json')}"


def find_pages(site: SmallSite, words: str) -> list[str]:
    """As `find_files`, of the pages of stories."""
    return [path for path in find_files(site, words) if path.startswith("s/")]


def list_lists(site: SmallSite, words: str) -> list[str]:
    return [path for path in find_files(site, words) if not path.startswith("s/")]


# scheduled -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [{"定时": TOMORROW, "日期": "2026-03-20"}, {"定时": TOMORROW}, {"日期": TOMORROW}])
def test_nothing_is_seen_of_a_draft_before_its_time(site: SmallSite, header: dict[str, str]) -> None:
    """Then a build alone shows it, without a reading of drafts."""
    before = {path: data for path, (data, _) in list_tree(site.output).items()}
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, 编号="tz-lanche", **header)
    site.publish()
    assert {path: data for path, (data, _) in list_tree(site.output).items()} == before
    assert site.build(NOW + DAY - timedelta(seconds=1)).changed_paths == ()
    report = site.build(NOW + DAY)
    (page,) = (path for path in report.changed_paths if path.startswith("s/") and path not in before)
    assert NAME in site.read_page(page)
    assert {"index.html", "feeds/channel.rss", "notices/index.html"} <= set(list_lists(site, NAME))
    assert site.publish(NOW + DAY)[1].changed_paths == ()


def test_a_draft_that_repeats_a_published_story_is_no_part_of_it_before_its_time(site: SmallSite) -> None:
    """Not its headline, nor that another account carries the news; the story itself stays as it was."""
    before, name = site.stories(), "春季燃气取暖补贴怎么申请"
    site.set_draft("notices/butie.md", SUBSIDY, 标题=name, 定时=TOMORROW)
    site.publish()
    assert site.stories() == before
    assert find_files(site, name) == []
    site.publish(NOW + DAY)
    (story,) = (story for story in site.stories().values() if len(story["members"]) == 3)
    assert "local" in [member["account"] for member in story["members"]]


def test_what_names_a_draft_to_come_leads_nowhere_before_its_time(site: SmallSite) -> None:
    """Relations by 编号 come with it, and only the pages that they concern are rendered."""
    site.set_draft("policies/banfa.md", TEXT, 标题=NAME, 编号="zc-1", 定时=TOMORROW)
    site.set_draft(
        "explanations/jiedu.md", SWIMMING, 标题="怎么坐缆车", 编号="jd-1", 日期="2026-03-01", 关联政策="zc-1"
    )
    site.publish()
    assert find_files(site, NAME) == []
    report = site.build(NOW + DAY)
    pages = find_pages(site, NAME)
    assert len(pages) == 2
    assert {path for path in report.changed_paths if path.startswith("s/")} == set(pages)


def test_a_draft_that_is_put_off_is_gone_until_then(site: SmallSite) -> None:
    """Its page, too, with the links to it; and it comes back to the same address. Staff are told meanwhile."""
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, 日期="2026-03-19")
    site.set_draft("notices/piao.md", ("[开放的公告](lanche.md)里有票价。",), 标题="老人坐缆车免票", 日期="2026-03-19")
    site.publish()
    (page,) = find_pages(site, TEXT[0])
    (linking,) = find_pages(site, "里有票价")
    assert f'<a href="../{page}">开放的公告</a>' in site.read_page(linking)
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, 定时=TOMORROW)
    updated, built = site.publish()
    assert page in built.removed_paths
    assert find_files(site, NAME) == []
    assert find_pages(site, page) == []
    for findings in (updated.findings, site.publish()[0].findings):
        (told,) = (one for one in findings if one.file == "notices/lanche.md")
        assert (told.level, "到 2026-03-21 12:00 以前，它的网址打不开" in told.message) == ("warning", True)
    site.build(NOW + DAY)
    assert find_pages(site, TEXT[0]) == [page]
    assert f'<a href="../{page}">开放的公告</a>' in site.read_page(linking)
    assert site.publish(NOW + DAY)[0].findings == ()


def test_a_redirect_leads_nowhere_before_its_time(site: SmallSite) -> None:
    """Of two stories that staff merged, both wait for their drafts."""
    for name, text in (("a", TEXT), ("b", SWIMMING[:1])):
        site.set_draft(f"notices/{name}.md", text, 标题=f"{NAME}{name}", 编号=f"tz-{name}", 日期="2026-03-19")
    site.site.editorial.write_text('[[merge]]\nstories = ["tz-a", "tz-b"]\n', encoding="utf-8")
    site.publish()
    pages = {path for path in list_tree(site.output) if path.startswith("s/")}
    for name, text in (("a", TEXT), ("b", SWIMMING[:1])):
        site.set_draft(f"notices/{name}.md", text, 标题=f"{NAME}{name}", 编号=f"tz-{name}", 定时=TOMORROW)
    removed = site.publish()[1].removed_paths
    assert len([path for path in removed if path.startswith("s/")]) == 2
    site.build(NOW + DAY)
    assert {path for path in list_tree(site.output) if path.startswith("s/")} == pages


def test_a_time_that_nobody_can_read_keeps_the_draft_back(site: SmallSite) -> None:
    """With what to write instead; what is published already stays as it was."""
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, 定时="下周一")
    report, _ = site.publish()
    (finding,) = report.findings
    assert (finding.file, finding.line, finding.level) == ("notices/lanche.md", 3, "error")
    assert "下周一" in finding.message
    assert "定时: 2026-12-01 08:00" in finding.remedy
    assert find_files(site, NAME) == []
    site.set_draft("notices/youyong.md", SWIMMING, 标题=NAME, 日期="2026-03-12", 定时="下周一")
    site.publish()
    assert "游泳馆恢复开放的公告" in site.stories()


def test_a_date_to_come_is_told_until_it_has_come(site: SmallSite) -> None:
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, 日期=TOMORROW)
    for _ in range(2):
        (finding,) = site.publish()[0].findings
        assert (finding.line, finding.level) == (3, "warning")
        assert "到 2026-03-21 12:00 才会发布" in finding.message
    assert site.publish(NOW + DAY)[0].findings == ()


# expired ---------------------------------------------------------------------------------------------------------


def test_an_expired_draft_leaves_all_lists_and_its_page_says_so(site: SmallSite) -> None:
    """At its moment, by a build alone; tiles of services are lists, too."""
    site.set_draft("services/lanche.md", TEXT, 标题=NAME, 编号="bs-lanche", 日期="2026-03-19", 下线=TOMORROW)
    site.publish()
    (page,) = find_pages(site, TEXT[0])
    assert "index.html" in list_lists(site, NAME)
    before = site.read_page(page)
    assert "noindex" not in before
    site.build(NOW + DAY)
    assert find_files(site, NAME) == [find_document(page), page]
    after = site.read_page(page)
    assert '<meta name="robots" content="noindex">' in after
    assert "2026年3月21日</time> 下线" in after
    assert TEXT[0] in after
    site.set_draft("services/lanche.md", TEXT, 标题=NAME, 编号="bs-lanche", 日期="2026-03-19")
    site.publish(NOW + DAY)
    assert "index.html" in list_lists(site, NAME)


def test_what_expires_before_it_appears_is_told(site: SmallSite) -> None:
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, 定时=TOMORROW, 下线="2026-03-21")
    (finding,) = site.publish()[0].findings
    assert finding.line == 4
    assert "不晚于" in finding.message


# withdrawn -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "title"),
    [
        ("xw-zhongshu", "北山植树节种下新林"),
        ("北山植树节种下新林", "北山植树节种下新林"),
        ("page", "北山植树节种下新林"),
    ],
)
def test_a_withdrawn_draft_leaves_a_notice(site: SmallSite, named: str, title: str) -> None:
    """With the date, the reason and what to read instead; out of all lists, and not to be indexed."""
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, 日期="2026-03-19")
    site.publish()
    (page,) = find_pages(site, TEXT[0])
    instead = site.stories()[title]["url"]
    named = instead if named == "page" else named
    site.set_draft(
        "notices/lanche.md", TEXT, 标题=NAME, 日期="2026-03-19", 撤回="是", 撤回原因="时间有误。", 替代=named
    )
    report, _ = site.publish()
    assert report.findings == ()
    text = site.read_page(page)
    assert "本文已于 2026年3月20日 撤回" in text
    assert "时间有误。" in text
    assert f'<a href="../{instead.removeprefix(f"{BASE}/")}">{title}</a>' in text
    assert '<meta name="robots" content="noindex">' in text
    assert find_files(site, NAME) == [find_document(page), "api/v1/withdrawn.json", page]
    assert find_files(site, TEXT[0]) == []
    # Later runs keep the day; a change of the other's headline reaches the notice.
    site.set_draft(
        "news/zhongshu.md", ("两千多名市民种下香樟。",), 标题="北山新林", 日期="2026-03-13", 编号="xw-zhongshu"
    )
    assert page in site.publish(NOW + DAY)[1].changed_paths
    assert "2026年3月20日" in site.read_page(page)
    assert ">北山新林</a>" in site.read_page(page)
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, 日期="2026-03-19")
    site.publish(NOW + DAY)
    assert TEXT[0] in site.read_page(page)
    assert "index.html" in list_lists(site, NAME)


def test_a_withdrawal_on_a_given_day_waits_for_it(site: SmallSite) -> None:
    """And the notice stays when the file is deleted afterwards."""
    file = site.set_draft(
        "notices/lanche.md", TEXT, 标题=NAME, 撤回=TOMORROW, 撤回原因="有误", 替代="https://a.example/b"
    )
    site.publish()
    (page,) = find_pages(site, TEXT[0])
    site.build(NOW + DAY)
    assert '<a href="https://a.example/b">' in site.read_page(page)
    notice = site.read_page(page)
    file.unlink()
    site.publish(NOW + 2 * DAY)
    assert site.read_page(page) == notice


def test_a_replacement_that_comes_later_is_linked_then(site: SmallSite) -> None:
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, 撤回="2026-03-19", 撤回原因="有误", 替代="tz-new")
    (finding,) = site.publish()[0].findings
    assert (finding.file, finding.line, finding.level) == ("notices/lanche.md", 5, "warning")
    assert "tz-new" in finding.message
    site.set_draft("notices/new.md", SWIMMING[:1], 标题="新公告", 编号="tz-new", 定时=TOMORROW)
    assert len(site.publish()[0].findings) == 1
    site.build(NOW + DAY)
    (page,) = find_pages(site, NAME)
    assert ">新公告</a>" in site.read_page(page)


@pytest.mark.parametrize(
    ("header", "line", "told"),
    [
        ({"撤回": "对", "撤回原因": "有误"}, 3, "按“是”处理"),
        ({"撤回": "是"}, 3, "没有写原因"),
        ({"撤回原因": "有误"}, 3, "没有撤回"),
        ({"撤回": "否", "替代": "tz-1"}, 4, "没有撤回"),
        ({"下线": "过年以后"}, 3, "不是能认出的日期"),
    ],
)
def test_mistakes_are_told_with_their_line(site: SmallSite, header: dict[str, str], line: int, told: str) -> None:
    site.set_draft("notices/lanche.md", TEXT, 标题=NAME, **header)
    (finding,) = site.publish()[0].findings
    assert (finding.line, finding.level) == (line, "warning")
    assert told in finding.message
    assert finding.remedy


# all at once -----------------------------------------------------------------------------------------------------


def test_a_build_does_no_more_than_what_is_due(site: SmallSite, tmp_path: Path) -> None:
    """The tree is that of one full build; a second one finds nothing to do."""
    site.set_draft("notices/a.md", TEXT, 标题="甲", 日期="2026-03-19", 下线=TOMORROW)
    site.set_draft("notices/b.md", SWIMMING[:1], 标题="乙", 定时=TOMORROW)
    site.publish()
    with Store.open(site.site.store) as store:
        assert store.states.find_next() == datetime.fromisoformat("2026-03-21T12:00:00+08:00")
    assert site.build(NOW).changed_paths == ()
    report = site.build(NOW + DAY)
    assert len([path for path in report.changed_paths if path.startswith("s/")]) < 6
    assert site.build(NOW + DAY).changed_paths == ()
    whole = site.copy_to(tmp_path / "whole")
    shutil.rmtree(whole.root / ".matrix" / "site")
    (whole.root / "output").unlink()
    whole.build(NOW + DAY, full=True)
    assert {path: data for path, (data, _) in list_tree(whole.output).items()} == {
        path: data for path, (data, _) in list_tree(site.output).items()
    }
