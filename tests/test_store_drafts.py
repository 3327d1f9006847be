"""Which file is which post: staff rename, retitle, renumber and replace files, and no address is lost or shared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import FOREST, MEDICAL, NOON, make_draft, outage

from aggregator.model import Draft, DraftBatch, Finding, SavedPosts, StoredPost
from aggregator.store import Store

PATH = "notices/停水.md"
WATER = make_draft(PATH, "停水通知", outage())
ROAD = make_draft("notices/长江路.md", "长江路停水", outage("长江路"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite3") as opened:
        yield opened


def save(store: Store, *drafts: Draft, findings: tuple[Finding, ...] = ()) -> SavedPosts:
    """One reading of the folder that found these files."""
    known = store.drafts.load_known()
    read = tuple(one for one in drafts if known.get(one.path) != one.content_hash)
    unchanged = tuple(one.path for one in drafts if one not in read)
    return store.drafts.save(DraftBatch(read, unchanged, findings), NOON + timedelta(hours=len(known)))


def load(store: Store, post: int) -> StoredPost:
    return next(store.posts.load([post]))


def move(draft: Draft, path: str) -> Draft:
    """The same file under another path."""
    number = "" if draft.post.key == draft.path else draft.post.key
    return make_draft(path, draft.post.title, draft.post.text, number=number)


def test_a_folder_read_again_changes_nothing(store: Store) -> None:
    """Files are known by path and content; the key of a draft without 编号 is the path it was first seen at."""
    assert save(store, WATER, ROAD) == SavedPosts(new=(1, 2))
    assert save(store, WATER, ROAD) == SavedPosts()
    assert store.drafts.load_known() == {WATER.path: WATER.content_hash, ROAD.path: ROAD.content_hash}
    assert load(store, 1).post.key == PATH


@pytest.mark.parametrize("number", ["", "2026-001"])
@pytest.mark.parametrize(
    ("name", "path", "title", "text"),
    [
        ("edited", PATH, "停水通知", MEDICAL),
        ("retitled", PATH, "停水通知（调整）", outage()),
        ("rewritten", PATH, "医保通知", MEDICAL),
        ("renamed", "notices/b.md", "停水通知", outage()),
        ("renamed and retitled", "notices/b.md", "枫桥路要停水", outage()),
        ("renamed and edited", "notices/b.md", "停水通知", f"{outage()}\n请相互转告。"),
        ("moved to another column", "news/停水.md", "停水通知", outage()),
    ],
)  # fmt: skip
def test_one_post(store: Store, name: str, path: str, title: str, text: str, number: str) -> None:
    """Whatever staff do to a file, its post, and so its address, stays; with a 编号 or without."""
    save(store, make_draft(PATH, "停水通知", outage(), number=number), ROAD)
    key = load(store, 1).post.key
    after = make_draft(path, title, text, number=number)
    saved = save(store, after, ROAD)
    assert saved in (SavedPosts(changed=(1,)), SavedPosts()), name
    assert load(store, 1).post.key == key
    assert (load(store, 1).post.title, load(store, 1).post.text) == (title, text)
    assert save(store, after, ROAD) == SavedPosts()


@pytest.mark.parametrize("path", [PATH, "notices/b.md"])
def test_a_number_that_is_added_later(store: Store, path: str) -> None:
    """The post is known by its 编号 from now on, and may be renamed and rewritten at will."""
    save(store, WATER)
    assert save(store, make_draft(path, "停水通知", outage(), number="2026-001")) == SavedPosts()
    assert save(store, make_draft("news/c.md", "医保", MEDICAL, number="2026-001")) == SavedPosts(changed=(1,))
    assert load(store, 1).post.key == PATH


@pytest.mark.parametrize("added_later", [False, True])
def test_another_number_at_the_same_path(store: Store, added_later: bool) -> None:
    """A file put in another's place is another post, and the replaced one is taken back."""
    if added_later:
        save(store, WATER)
    save(store, make_draft(PATH, "停水通知", outage(), number="2026-001"))
    saved = save(store, make_draft(PATH, "医保通知", MEDICAL, number="2026-002"))
    assert saved == SavedPosts(new=(2,), withdrawn=(1,))
    assert load(store, 1).withdrawn_at is not None
    assert save(store, make_draft(PATH, "停水通知", outage(), number="2026-001")) == SavedPosts(
        changed=(1,), withdrawn=(2,)
    )


def test_files_that_change_places(store: Store) -> None:
    """By their 编号 both keep their posts."""
    one = make_draft("notices/1.md", "防火通告", FOREST, number="2026-001")
    other = make_draft("notices/2.md", "医保通知", MEDICAL, number="2026-002")
    save(store, one, other)
    assert save(store, move(one, other.path), move(other, one.path)) == SavedPosts()
    assert store.drafts.save(DraftBatch((move(one, other.path),)), NOON) == SavedPosts(withdrawn=(2,))


def test_a_new_file_where_a_numbered_one_stood(store: Store) -> None:
    """The numbered one was renamed; what stands in its place, without a number, is new."""
    numbered = make_draft("notices/a.md", "停水通知", outage(), number="2026-001")
    save(store, numbered)
    fresh = make_draft("notices/a.md", "医保通知", MEDICAL)
    assert save(store, fresh, move(numbered, "notices/b.md")) == SavedPosts(new=(2,))
    assert load(store, 1).post.title == "停水通知"
    assert load(store, 2).post.title == "医保通知"


def test_deleted_and_returned(store: Store) -> None:
    """A file that is gone withdraws its post; at its path, or with its 编号, it is restored, edited or not."""
    numbered = make_draft("notices/n.md", "医保通知", MEDICAL, number="2026-001")
    save(store, numbered, WATER, ROAD)
    assert save(store, ROAD) == SavedPosts(withdrawn=(1, 2))
    assert load(store, 1).withdrawn_at is not None
    back = make_draft(PATH, "停水通知（调整）", FOREST)
    assert save(store, move(numbered, "notices/m.md"), back, ROAD) == SavedPosts(changed=(1, 2))
    assert [load(store, post).withdrawn_at for post in (1, 2)] == [None, None]
    assert load(store, 2).post.text == FOREST


def test_two_posts_first_seen_at_one_path(store: Store) -> None:
    """The first was renamed, then another file took its path: two addresses, and each of them for good."""
    save(store, WATER)
    renamed = move(WATER, "notices/b.md")
    save(store, renamed)
    second = make_draft(PATH, "医保通知", MEDICAL)
    assert save(store, renamed, second) == SavedPosts(new=(2,))
    assert load(store, 2).post.key == f"{PATH}@2"
    assert save(store, renamed) == SavedPosts(withdrawn=(2,))
    assert save(store, renamed, second) == SavedPosts(changed=(2,))
    assert save(store, renamed, make_draft(PATH, "医保通知", MEDICAL, number="2026-002")) == SavedPosts()


@pytest.mark.parametrize("path", ["notices/[2026]*?.md", "notices/50%_.md", "notices/a@2.md"])
def test_any_name_of_a_file(store: Store, path: str) -> None:
    """Signs that mean something to a database mean nothing in a name."""
    save(store, make_draft(path, "停水通知", outage()), ROAD)
    assert save(store, ROAD) == SavedPosts(withdrawn=(1,))
    assert save(store, make_draft(path, "别的", FOREST), ROAD) == SavedPosts(changed=(1,))


def test_one_file_that_becomes_two(store: Store) -> None:
    """Other words under one title: neither is taken for the old post, and neither hides the other."""
    save(store, WATER)
    first, second = (make_draft(f"notices/{n}.md", "停水通知", text) for n, text in (("b", FOREST), ("c", MEDICAL)))
    assert save(store, first, second) == SavedPosts(new=(2, 3), withdrawn=(1,))
    assert {load(store, post).post.text for post in (2, 3)} == {FOREST, MEDICAL}


@pytest.mark.parametrize("edited", ["", "\n请相互转告。"])
def test_renamed_files_with_one_title_keep_their_own_addresses(store: Store, edited: str) -> None:
    """Their words tell them apart, whatever the order of the names; the one left over may be edited as well."""
    save(store, make_draft("notices/a.md", "停水通知", outage()), make_draft("notices/b.md", "停水通知", FOREST))
    renamed = make_draft("notices/y.md", "停水通知", FOREST + edited), make_draft("notices/z.md", "停水通知", outage())
    assert save(store, *renamed) == (SavedPosts(changed=(2,)) if edited else SavedPosts())
    assert load(store, 1).post.text == outage()
    assert load(store, 2).post.text == FOREST + edited


def test_a_number_that_another_file_gave_up(store: Store) -> None:
    """The file that lost its line keeps the page; the file that has the 编号 now gets one of its own, and keeps it."""
    save(store, make_draft("notices/a.md", "停水通知", outage(), number="n1"))
    plain = make_draft("notices/a.md", "停水通知", outage())
    assert save(store, plain) == SavedPosts()
    other = make_draft("notices/b.md", "医保通知", MEDICAL, number="n1")
    assert save(store, plain, other) == SavedPosts(new=(2,))
    assert [load(store, post).post.text for post in (1, 2)] == [outage(), MEDICAL]
    edited = (
        make_draft("notices/a.md", "停水通知（调整）", outage()),
        make_draft("news/b.md", "医保", MEDICAL, number="n1"),
    )
    assert save(store, *edited) == SavedPosts(changed=(2, 1))
    assert [load(store, post).post.title for post in (1, 2)] == ["停水通知（调整）", "医保"]


def test_posters_without_text_are_not_one(store: Store) -> None:
    """Two drafts that consist of a picture have no text in common."""
    save(store, make_draft("news/a.md", "春季招聘海报", " "))
    saved = save(store, make_draft("news/b.md", "防火宣传海报", " "))
    assert saved == SavedPosts(new=(2,), withdrawn=(1,))


def test_a_file_that_cannot_be_read_keeps_its_last_state(store: Store) -> None:
    """It is there, with an error: nothing is taken back."""
    save(store, WATER, ROAD)
    assert save(store, ROAD, findings=(Finding(PATH, "编码认不出来。"),)) == SavedPosts()
    assert save(store, WATER, ROAD) == SavedPosts()


def test_findings_are_repeated_until_mended(store: Store) -> None:
    """What was found in a file is said at every run, though the file is read once."""
    finding = Finding(PATH, "题头里的“标提”不认识。", "您要写的可能是“标题”。", 2, "warning")
    save(store, replace(WATER, findings=(finding,)))
    save(store, WATER)
    assert store.drafts.load_findings() == (finding,)
    save(store, make_draft(PATH, "停水通知", f"{outage()}\n改好了。"))
    assert store.drafts.load_findings() == ()
