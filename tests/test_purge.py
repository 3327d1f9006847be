"""`matrix purge`: nothing of a story is left anywhere, and it does not come back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from site_fixtures import BASE, NOW, SUBSIDY, SWIMMING, Item, SmallSite, make_site

from aggregator.model import FileForm, FileRequest
from aggregator.store import Store

WORD = "欧阳司马建国"
TITLE = f"{WORD}低保公示"
TEXT = (f"申请人{WORD}家住北山脚下，经入户核实符合条件，现予公示，期限七天，如有异议请到民政所反映。", *SWIMMING[:2])
PICTURE = "http://pictures.linjiang.example/own.jpg"
OLD = "http://pictures.linjiang.example/old.jpg"
SHARED = "http://pictures.linjiang.example/shared.jpg"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A story of a feed and a draft, changed once and retitled, with pictures, a link to it and a line of the log."""
    site = make_site(tmp_path_factory.mktemp("purged") / "site")
    site.set_feed("hedong", Item(f"{WORD}-1", f"{WORD}的公示（旧）", TEXT[:2], NOW - timedelta(days=3)))
    site.publish()
    pictures = (f'<p><img src="{PICTURE}"><img src="{SHARED}"></p>',)
    site.set_feed("hedong", Item(f"{WORD}-1", TITLE, (*TEXT, *pictures), NOW - timedelta(days=3)))
    site.set_draft(
        f"notices/{WORD}.md", (*TEXT, *pictures), 标题=TITLE, 日期="2026-03-18", 编号="tz-gongshi", 栏木="错别字"
    )
    site.set_draft("news/shared.md", (SUBSIDY[2], f'<img src="{SHARED}">'), 标题="另一条", 日期="2026-03-18")
    site.set_draft("explanations/jiedu.md", (SUBSIDY[3],), 标题="解读", 日期="2026-03-18", 关联政策="tz-gongshi")
    site.publish()
    with Store.open(site.site.store) as store:
        for url in (PICTURE, SHARED):
            store.mirror.save(
                FileRequest(url, "picture"), FileForm(f"{WORD if url == PICTURE else 0}".encode(), "webp", 700, 400)
            )
    site.call("publish")
    return site


@pytest.fixture
def site(published: SmallSite, tmp_path: Path) -> SmallSite:
    return published.copy_to(tmp_path / "site")


def find_traces(site: SmallSite, *words: str) -> list[str]:
    """Every file below .matrix and output that has one of the words in its bytes or its name."""
    files = [*(file for file in site.site.state.rglob("*") if file.is_file()), *site.output.rglob("*.*")]
    return sorted(
        str(file.relative_to(site.root))
        for file in files
        if any(word in file.name or word.encode() in file.read_bytes() for word in words)
    )


def purge(site: SmallSite, *options: str) -> str:
    """Purge the story; the path of its page."""
    url = str(site.stories()[TITLE]["url"])
    done = site.call("purge", url, "--reason", "含个人信息", "--yes", *options)
    assert done.status == 0, done.err
    return url.removeprefix(f"{BASE}/")


def test_no_file_keeps_a_word_of_it(site: SmallSite) -> None:
    """Neither store, log nor either of the trees, from the very end of the command on."""
    assert len(find_traces(site, WORD)) > 5
    page = purge(site)
    assert find_traces(site, WORD) == []
    text = site.read_page(page)
    assert "清除" in text
    assert "含个人信息" in text
    assert "noindex" in text
    assert site.build(verify=True).changed_paths == ()
    for _ in range(2):
        site.set_draft("notices/x.md", (SUBSIDY[0],), 标题=f"新通知{_}", 日期="2026-03-18")
        site.publish()
    assert find_traces(site, WORD) == []
    assert "清除" in site.read_page(page)


def test_pictures_go_unless_another_page_shows_them(site: SmallSite) -> None:
    """Those of former revisions, too."""
    assert len(list((site.output / "files").rglob("*.webp"))) == 2
    with Store.open(site.site.store) as store:
        post = store.posts.find("local", "tz-gongshi")
        assert post
        store.mirror.note({post: [FileRequest(OLD, "picture")]})
        store.mirror.save(FileRequest(OLD, "picture"), FileForm(b"old", "webp", 700, 400))
    purge(site)
    assert len(list((site.output / "files").rglob("*.webp"))) == 1
    assert len(list((site.site.state / "files").rglob("*.webp"))) == 1
    with Store.open(site.site.store) as store:
        assert len(store.mirror.list_files()) == 1


def test_what_delivers_it_again_does_not_bring_it_back(site: SmallSite) -> None:
    """As it was, and with another text; other posts of the account come as ever. The draft's file is told."""
    page = purge(site)
    again = Item(f"{WORD}-1", TITLE, TEXT, NOW - timedelta(days=3))
    changed = Item(f"{WORD}-1", f"关于{WORD}的公示", (TEXT[0],), NOW)
    for item in (again, changed):
        site.set_feed("hedong", item, Item("hedong-7", "湖边新添长椅", (SUBSIDY[1],), NOW))
        (finding,) = (one for one in site.publish()[0].findings if one.level == "error")
        assert finding.file == f"notices/{WORD}.md"
        assert "已经清除" in finding.message
    assert TITLE not in site.stories()
    assert "湖边新添长椅" in site.stories()
    assert find_traces(site, TEXT[0]) == []
    assert "清除" in site.read_page(page)
    (site.site.content / "notices" / f"{WORD}.md").unlink()
    assert not [one for one in site.publish()[0].findings if one.file == f"notices/{WORD}.md"]


def test_a_tombstone_and_a_line_of_the_log_stay(site: SmallSite) -> None:
    """What the log said of it before has lost its words; nothing else of the log can be changed."""
    page = purge(site)
    story = Path(page).stem
    with Store.open(site.site.store) as store:
        lines = [one for one in store.stories.load_decisions() if one.story == story]
        assert [(one.action, one.detail) for one in lines if one.detail] == [("purged", "含个人信息")]
        assert len(lines) > 1
        assert all(WORD not in one.detail for one in store.stories.load_decisions())
    with closing(sqlite3.connect(site.site.store)) as db:
        for change in ("UPDATE decisions SET detail = 'x'", "UPDATE decisions SET detail = '', at = 1"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(change)


def test_nothing_is_purged_unless_it_is_confirmed(site: SmallSite) -> None:
    url = str(site.stories()[TITLE]["url"])
    done = site.call("purge", url, "--reason", "含个人信息")
    assert done.status == 2
    assert "--yes" in done.err
    assert TITLE in site.stories()


@pytest.mark.parametrize("reason", ["泄露了11010519491231002X", TITLE])
def test_a_reason_says_nothing_of_what_is_purged(site: SmallSite, reason: str) -> None:
    done = site.call("purge", str(site.stories()[TITLE]["url"]), "--reason", reason, "--yes")
    assert done.status == 2
    assert TITLE in site.stories()


def test_it_says_what_it_leaves_to_staff(site: SmallSite) -> None:
    """The draft's file, other stories with the same text, older stores."""
    kept = site.site.state / "store.sqlite3.before-restore-20260101000000"
    kept.write_bytes(b"")
    home = str(site.stories()[TITLE]["url"])
    site.site.editorial.write_text(f'[[split]]\npost = "{home}"\naccount = "local"\n', encoding="utf-8")
    site.publish()
    (split,) = (one for one in site.stories().values() if one["lead"]["account"] == "local" and one["title"] == TITLE)
    other = next(one for one in site.call("stories", "--json").document["stories"]
                 if one["title"] == TITLE and one["id"] != split["id"])  # fmt: skip
    done = site.call("purge", split["url"], "--reason", "含个人信息", "--yes", "--json").document
    assert done["drafts"] == [f"notices/{WORD}.md"]
    assert done["copies"] == [str(kept)]
    assert done["erased"] is True
    assert done["named"] is False
    assert other["url"] not in done["drafts"]
    assert TITLE in site.stories()


def test_it_names_no_draft_that_is_gone(site: SmallSite) -> None:
    (site.site.content / "notices" / f"{WORD}.md").unlink()
    done = site.call("purge", site.stories()[TITLE]["url"], "--reason", "含个人信息", "--yes", "--json").document
    assert done["drafts"] == []


def test_a_second_time_clears_up_after_a_killed_run(site: SmallSite) -> None:
    page = purge(site)
    done = site.call("purge", Path(page).stem, "--reason", "含个人信息", "--yes", "--json")
    assert done.status == 0
    assert done.document["build"]["changed_paths"] == []
    again = site.call("withdraw", Path(page).stem, "--reason", "有误")
    assert (again.status, "已经清除" in again.err) == (2, True)


def test_what_waits_in_the_inbox_goes_too(site: SmallSite) -> None:
    """And what would wait there later."""
    text = (f"{WORD}，身份证号11010519491231002X，{TEXT[0]}",)
    site.set_feed("hedong", Item(f"{WORD}-1", TITLE, text, NOW - timedelta(days=3)))
    site.publish()
    assert len(site.call("inbox", "--json").document["posts"]) == 1
    purge(site)
    site.publish()
    assert site.call("inbox", "--json").document["posts"] == []
    assert find_traces(site, WORD) == []


def test_an_entry_that_names_what_is_purged_is_left_to_staff(site: SmallSite) -> None:
    site.site.editorial.write_text(f'[[accept]]\npost = "x:1"\ntitle = "{TITLE}"\n', encoding="utf-8")
    done = site.call("purge", str(site.stories()[TITLE]["url"]), "--reason", "含个人信息", "--yes")
    assert "content/editorial.toml 里还写着它" in done.out
