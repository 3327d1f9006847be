"""`editorial.toml` from the file to the site: staff's word on stories, its mistakes, and what it leaves behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import EXCERPT, FOREST, MEDICAL, NOON, make_post, outage
from hypothesis import given, settings
from hypothesis import strategies as st
from site_fixtures import BASE, NOW, SUBSIDY, Item, SmallSite, ignore_progress, make_site

from aggregator.model import Account, Finding, Post, Registry, Ruling, RulingKind
from aggregator.pipeline.channel import place_waiting
from aggregator.pipeline.rulings import apply_rulings
from aggregator.store import Store

HOUR = timedelta(hours=1)
BRIDGE = "跨江大桥引道施工期间单车道通行"
SUBSIDIES = "关于发放春季燃气取暖补贴的通知"
LIBRARY = "少儿图书馆绘本区焕新"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    site = make_site(tmp_path_factory.mktemp("ruled") / "site")
    site.publish()
    return site


@pytest.fixture
def site(published: SmallSite, tmp_path: Path) -> SmallSite:
    """A site that was published before staff said anything."""
    return published.copy_to(tmp_path / "site")


def rule(site: SmallSite, text: str) -> tuple[Finding, ...]:
    """Publish with this `editorial.toml`."""
    site.site.editorial.write_text(text, encoding="utf-8")
    return site.publish()[0].findings


def address(site: SmallSite, title: str) -> str:
    return str(site.stories()[title]["url"])


def list_titles(site: SmallSite) -> dict[str, list[str]]:
    """Title of each story's lead -> accounts of its members."""
    return {title: [member["account"] for member in story["members"]] for title, story in site.stories().items()}


def list_hidden(site: SmallSite) -> list[str]:
    return [story["title"] for story in site.call("stories", "--json").document["hidden"]]


# what staff say, seen on the site -------------------------------------------------------------------------------


def test_merged_stories_are_one_page_and_the_other_redirects(site: SmallSite) -> None:
    """Entry ids of feeds stay with their stories, and come back with them when the entry is taken out."""
    before = site.addresses()
    bridge, library = address(site, BRIDGE), address(site, LIBRARY)
    assert rule(site, f'[[merge]]\nstories = ["{bridge}", "{library}"]\nreason = "同一件事"\ndate = 2026-03-20\n') == ()
    merged = site.stories()[BRIDGE]
    assert [member["reason"] for member in merged["members"]] == ["", "编辑部决定合并"]
    gone = ({bridge, library} - {merged["url"]}).pop()
    page = site.read_page(gone.removeprefix(f"{BASE}/"))
    assert f'content="0; url=../{merged["url"].removeprefix(f"{BASE}/")}"' in page
    assert set(dict(site.read_atom()).values()) == set(before["atom"].values()) - {gone}
    assert site.addresses()["pages"] == before["pages"]
    assert rule(site, "") == ()
    assert site.addresses() == before


def test_a_split_post_has_its_own_page(site: SmallSite) -> None:
    """Named by the story's address and its account; put back when the entry is taken out."""
    home = address(site, SUBSIDIES)
    assert rule(site, f'[[split]]\npost = "{home}"\naccount = "fabu"\n') == ()
    assert list_titles(site)[SUBSIDIES] == ["ranqi"]
    assert list_titles(site)["燃气取暖补贴可以申请了"] == ["fabu"]
    own = address(site, "燃气取暖补贴可以申请了")
    assert own != home
    assert site.publish()[1].changed_paths == ()
    rule(site, "")
    assert list_titles(site)[SUBSIDIES] == ["ranqi", "fabu"]
    assert "refresh" in site.read_page(own.removeprefix(f"{BASE}/"))


def test_a_hidden_story_is_gone_from_the_site_with_all_that_copies_it(site: SmallSite) -> None:
    """Its page says so with staff's reason; a copy that comes later is hidden too; it comes back as it was."""
    before = site.addresses()
    home = address(site, SUBSIDIES)
    assert rule(site, f'[[hide]]\nstory = "{home}"\nreason = "正在核实，请稍后再看。"\n') == ()
    site.set_feed("hedong", Item("hedong-9", "【转发】取暖补贴", SUBSIDY, NOW - timedelta(days=1)))
    site.publish()
    page = site.read_page(home.removeprefix(f"{BASE}/"))
    assert "本文已撤回" in page
    assert "正在核实，请稍后再看。" in page
    assert SUBSIDY[0] not in page
    assert home not in dict(site.read_rss()).values()
    story = Path(home).name
    lists = [file for file in site.output.rglob("*.html") if file.parent.name != "s"]
    assert [file for file in lists if story in file.read_text(encoding="utf-8")] == []
    assert list_hidden(site) == [SUBSIDIES]
    rule(site, "")
    assert site.addresses() == before
    assert list_titles(site)[SUBSIDIES] == ["ranqi", "fabu", "hedong"]


def test_a_hidden_post_leaves_its_story(site: SmallSite) -> None:
    """The last one of a story leaves a page that says so."""
    rule(site, '[[hide]]\npost = "ranqi:ranqi-1"\n')
    assert list_titles(site)["燃气取暖补贴可以申请了"] == ["fabu"]
    home = address(site, LIBRARY)
    rule(site, '[[hide]]\npost = "https://hedong-1.linjiang.example/post.html"\n')
    assert LIBRARY not in site.stories()
    assert "本站编辑部已撤下。" in site.read_page(home.removeprefix(f"{BASE}/"))


def test_a_locked_story_takes_in_nothing_more(site: SmallSite) -> None:
    rule(site, f'[[lock]]\nstory = "{address(site, SUBSIDIES)}"\n')
    site.set_feed("hedong", Item("hedong-9", "【转发】取暖补贴", SUBSIDY, NOW - timedelta(days=1)))
    site.publish()
    assert list_titles(site)[SUBSIDIES] == ["ranqi", "fabu"]
    rule(site, "")
    assert list_titles(site)[SUBSIDIES] == ["ranqi", "fabu", "hedong"]


# mistakes --------------------------------------------------------------------------------------------------------


def test_an_entry_that_names_nothing_is_told_and_the_others_hold(site: SmallSite) -> None:
    home = address(site, LIBRARY)
    text = f'[[hide]]\nstory = "{home}"\n\n[[merge]]\nstories = ["{BASE}/s/aaaaaaaaaaaaa.html", "{home}"]\n'
    (finding,) = rule(site, text)
    assert (finding.file, finding.line, finding.level) == ("editorial.toml", 4, "error")
    assert "aaaaaaaaaaaaa.html”找不到，这一条没有生效。" in finding.message
    assert list_hidden(site) == [LIBRARY]
    assert site.call("update").status == 1


def test_a_file_with_a_mistake_leaves_what_was_decided_before(site: SmallSite) -> None:
    """The last good version holds, the mistake is reported with its line."""
    home = address(site, LIBRARY)
    rule(site, f'[[hide]]\nstory = "{home}"\n')
    (finding,) = rule(site, '[[hide]]\nstroy = "x"\n')
    assert (finding.file, finding.line) == ("editorial.toml", 2)
    assert "stroy" in finding.message
    assert "暂按上一次正确的内容执行" in finding.message
    assert "story" in finding.remedy
    assert list_hidden(site) == [LIBRARY]
    assert rule(site, "") == ()
    assert list_hidden(site) == []


@pytest.mark.parametrize(
    ("post", "account", "told"),
    [
        ("story", "", "有 2 篇文章"),
        ("story", "hedong", "没有账号 hedong 的文章"),
        ("fabu:nothing", "", "找不到"),
        (f"{BASE}/", "", "找不到"),
    ],
)
def test_a_post_that_is_not_named_well_enough(site: SmallSite, post: str, account: str, told: str) -> None:
    name = address(site, SUBSIDIES) if post == "story" else post
    (finding,) = rule(site, f'[[split]]\npost = "{name}"\n' + (f'account = "{account}"\n' if account else ""))
    assert told in finding.message
    assert len(site.stories()[SUBSIDIES]["members"]) == 2


def test_a_decision_waits_for_what_it_names(tmp_path: Path) -> None:
    """A new store reads posts and decisions in one run."""
    site = make_site(tmp_path / "site")
    assert rule(site, '[[split]]\npost = "fabu:fabu-1"\n') == ()
    assert list_titles(site)[SUBSIDIES] == ["ranqi"]


# any order -------------------------------------------------------------------------------------------------------


ACCOUNTS = Registry(
    tuple(
        Account(name, name, f"栖江市{name}", "wechat", "department", "栖江市", rank=rank)
        for name, rank in (("yb", 80), ("ly", 70), ("water", 60), ("fq", 40), ("rb", 30))
    )
)
POSTS = (
    make_post("1", account="yb", title="医保通知", text=MEDICAL, published=NOON),
    make_post("2", account="fq", title="转发：医保通知", text=MEDICAL, published=NOON + HOUR),
    make_post("3", account="rb", title="医保缴费开始了", text=EXCERPT, published=NOON + 2 * HOUR),
    make_post("4", account="ly", title="防火通告", text=FOREST, published=NOON),
    make_post("5", account="fq", title="转发：防火通告", text=FOREST, published=NOON + HOUR),
    make_post("6", account="water", title="停水通知", text=outage(), published=NOON),
)
ENTRIES = (
    Ruling("merge", ("ly:4", "water:6")),
    Ruling("split", ("rb:3",), post=True),
    Ruling("hide", ("fq:2",), post=True),
)


def name_partition(store: Store) -> set[frozenset[str]]:
    stories = store.stories.load()
    posts = sorted({member.post for story in stories for member in story.members})
    names = {stored.id: stored.post.key for stored in store.posts.load(posts)}
    return {frozenset(names[member.post] for member in story.members) for story in stories if story.members}


@st.composite
def cut_arrivals(draw: st.DrawFn) -> list[Sequence[Post]]:
    """The posts in any order, in as many runs as it happens."""
    order = draw(st.permutations(POSTS))
    marks = [0, *sorted(draw(st.sets(st.integers(1, len(order) - 1)))), len(order)]
    return [order[start:end] for start, end in pairwise(marks)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    return tmp_path_factory.mktemp("arrivals")


@settings(deadline=None, max_examples=20)
@given(runs=cut_arrivals())
def test_staff_have_their_way_whatever_comes_first(folder: Path, runs: list[Sequence[Post]]) -> None:
    """In separate runs of a real store; no address that was given once is lost, with the entries and without."""
    (folder / "store.sqlite3").unlink(missing_ok=True)
    promised: set[str] = set()
    with Store.open(folder / "store.sqlite3") as store:
        for run in runs:
            for post in run:
                store.posts.save(post.account, [post], NOON)
            apply_rulings(ENTRIES, ACCOUNTS, store, NOON, "editorial.toml")
            place_waiting(ACCOUNTS, store, NOON, ignore_progress)
            apply_rulings(ENTRIES, ACCOUNTS, store, NOON, "editorial.toml")
            stories = {story.id for story in store.stories.load()}
            assert promised <= stories
            promised = stories
        assert name_partition(store) == {frozenset("1"), frozenset("3"), frozenset("456")}
        assert apply_rulings(ENTRIES, ACCOUNTS, store, NOON, "editorial.toml") == (0, ())
        assert place_waiting(ACCOUNTS, store, NOON, ignore_progress) == 0
        apply_rulings((), ACCOUNTS, store, NOON, "editorial.toml")
        assert name_partition(store) == {frozenset("123"), frozenset("45"), frozenset("6")}
        after = {story.id: story for story in store.stories.load()}
        assert promised <= after.keys()
        placed = {*store.stories.load_placements_of(sorted(after))}
        assert {store.stories.find_target(story.id) for story in after.values() if story.merged_into} <= placed
        assert placed == {story.id for story in after.values() if story.members}


def test_only_the_stories_that_a_change_touches_are_placed_anew(site: SmallSite) -> None:
    """A story that would fall apart stays whole until its own posts are looked at."""
    with closing(sqlite3.connect(site.site.store)) as store, store:
        store.execute("DELETE FROM matches")
    rule(site, f'[[hide]]\nstory = "{address(site, LIBRARY)}"\n')
    assert list_titles(site)[SUBSIDIES] == ["ranqi", "fabu"]
    rule(site, f'[[hide]]\nstory = "{address(site, SUBSIDIES)}"\n')
    assert "燃气取暖补贴可以申请了" in list_hidden(site), "what was hidden with a story stays so when it falls apart"


COPIES = tuple(
    make_post(str(number), account=account, title="医保通知", text=MEDICAL, published=NOON)
    for number, account in enumerate(("yb", "ly", "water", "fq", "rb"))
)


@pytest.mark.parametrize("kind", ["split", "hide"])
@pytest.mark.parametrize("copy", COPIES, ids=lambda copy: copy.account)
def test_the_other_copies_of_one_text_stay_together(tmp_path: Path, kind: RulingKind, copy: Post) -> None:
    """Whichever is taken aside: the index compares only one of them with the others."""
    with Store.open(tmp_path / "store.sqlite3") as store:
        for post in COPIES:
            store.posts.save(post.account, [post], NOON)
        store.posts.save("rb", [make_post("9", account="rb", title="医保缴费开始了", text=EXCERPT)], NOON)
        place_waiting(ACCOUNTS, store, NOON, ignore_progress)
        assert name_partition(store) == {frozenset("012349")}
        entry = Ruling(kind, (f"{copy.account}:{copy.key}",), post=True)
        apply_rulings([entry], ACCOUNTS, store, NOON, "editorial.toml")
        others = frozenset("012349") - {copy.key}
        assert name_partition(store) == ({others} if kind == "hide" else {others, frozenset(copy.key)})


def test_what_comes_after_a_lock_stands_together(tmp_path: Path) -> None:
    """Copies of a locked story, which may not join it, are one story of their own."""
    with Store.open(tmp_path / "store.sqlite3") as store:
        for batch in (COPIES[:2], COPIES[2:]):
            for post in batch:
                store.posts.save(post.account, [post], NOON)
            place_waiting(ACCOUNTS, store, NOON, ignore_progress)
            apply_rulings([Ruling("lock", ("yb:0",))], ACCOUNTS, store, NOON, "editorial.toml")
        assert name_partition(store) == {frozenset("01"), frozenset("234")}
