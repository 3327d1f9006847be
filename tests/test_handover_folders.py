"""A handed folder as an account's feed: read when it changes, its pictures with it, and nothing from outside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from handover_fixtures import HANDED, URL, hand_over, make_picture
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from site_fixtures import LIBRARY, NOW, SWIMMING, Item, SmallSite, find_broken_links

from aggregator.model import AccountOutcome
from aggregator.pipeline import handover
from aggregator.urls import HANDED_BASE, make_handed_url

LATER = NOW + timedelta(hours=1)
PAGE = "<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"
NOTICE = PAGE.format(title="图书馆绘本区焕新", body="".join(f"<p>{line}</p>" for line in LIBRARY))
POOL = PAGE.format(title="游泳馆更换水处理设备", body="".join(f"<p>{line}</p>" for line in SWIMMING))
TABLE = """标题,日期,正文
地铁末班车延长,2026-03-01,周五周六末班车延长一小时。
共享单车停放点调整,2026-03-02,北门新增两处。
"""


def update(site: SmallSite, now=NOW) -> AccountOutcome:
    (one,) = (one for one in site.update(now).accounts if one.id == "rsj")
    return one


def ask(site: SmallSite, question: str) -> list[tuple]:
    store = sqlite3.connect(site.site.store)
    try:
        return store.execute(question).fetchall()
    finally:
        store.close()


def list_titles(site: SmallSite) -> list[str]:
    return sorted(row[0] for row in ask(site, "SELECT title FROM posts WHERE account = 'rsj' AND withdrawn_at IS NULL"))


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path / "site").set_up()


# What is read ----------------------------------------------------------------------------------------------------


def test_each_file_is_a_post_and_each_row_of_a_table(site: SmallSite) -> None:
    hand_over(site, {"a.html": NOTICE, "2026/b.md": "# 游泳馆开放\n\n" + SWIMMING[0], "c.csv": TABLE})
    assert (update(site).outcome, update(site).posts_new) == ("updated", 0)
    assert list_titles(site) == sorted(["图书馆绘本区焕新", "游泳馆开放", "地铁末班车延长", "共享单车停放点调整"])


def test_the_files_of_real_departments_are_published(site: SmallSite) -> None:
    site.set_account("rsj", feeds=[URL])
    shutil.copytree(
        HANDED, site.root / "content" / "handover" / "rsj", ignore=shutil.ignore_patterns("*.expected.json")
    )
    report, _ = site.publish(NOW + timedelta(days=300))
    (one,) = (one for one in report.accounts if one.id == "rsj")
    assert one.posts_new == 9
    assert not report.findings
    assert find_broken_links(site.output, "https://fabu.linjiang.example") == []
    assert not [page for page in site.output.rglob("*.html") if HANDED_BASE in page.read_text(encoding="utf-8")]


def test_one_file_may_be_the_feed(site: SmallSite) -> None:
    hand_over(site, {"a.html": NOTICE, "c.csv": TABLE})
    site.set_account("rsj", feeds=[f"{URL}c.csv"])
    assert update(site).posts_new == 2


def test_an_empty_folder_is_no_failure(site: SmallSite) -> None:
    hand_over(site, {})
    assert update(site).outcome == "unchanged"


def test_a_folder_that_is_not_there_is_told(site: SmallSite) -> None:
    site.set_account("rsj", feeds=[URL])
    one = update(site)
    assert one.outcome == "failed"
    assert "找不到" in one.error


def test_a_date_is_never_the_files_own(site: SmallSite) -> None:
    file = hand_over(site, {"a.html": NOTICE}) / "a.html"
    os.utime(file, (1_000_000_000, 1_000_000_000))
    update(site)
    assert ask(site, "SELECT published, first_seen FROM posts WHERE account = 'rsj'") == [(None, int(NOW.timestamp()))]


# When it is read again -------------------------------------------------------------------------------------------


def test_an_unchanged_folder_is_not_read(site: SmallSite) -> None:
    folder = hand_over(site, {"a.html": NOTICE})
    update(site)
    # Unreadable by anybody: whoever opened it would notice.
    before = (folder / "a.html").stat()
    (folder / "a.html").write_bytes(b"\0" * before.st_size)
    os.utime(folder / "a.html", ns=(before.st_atime_ns, before.st_mtime_ns))
    one = update(site, LATER)
    assert (one.outcome, one.error) == ("unchanged", "")


def test_only_the_changed_file_is_read_again(site: SmallSite) -> None:
    folder = hand_over(site, {"a.html": NOTICE, "b.html": POOL})
    update(site)
    before = (folder / "a.html").stat()
    (folder / "a.html").write_bytes(b"\0" * before.st_size)
    os.utime(folder / "a.html", ns=(before.st_atime_ns, before.st_mtime_ns))
    (folder / "b.html").write_text(POOL.replace("</article>", "<p>周一闭馆。</p></article>"), encoding="utf-8")
    one = update(site, LATER)
    assert (one.posts_new, one.posts_changed, one.error) == (0, 1, "")


def test_a_touched_folder_with_the_same_bytes_is_unchanged(site: SmallSite) -> None:
    folder = hand_over(site, {"a.html": NOTICE, "c.csv": TABLE})
    update(site)
    for file in folder.iterdir():
        os.utime(file)
    assert update(site, LATER).outcome == "unchanged"


def test_a_renamed_file_is_no_new_post(site: SmallSite) -> None:
    folder = hand_over(site, {"a.html": NOTICE})
    update(site)
    (folder / "a.html").rename(folder / "b.html")
    one = update(site, LATER)
    assert (one.posts_new, len(list_titles(site))) == (0, 1)


def test_a_file_that_is_taken_away_takes_no_post_with_it(site: SmallSite) -> None:
    folder = hand_over(site, {"a.html": NOTICE, "b.html": POOL})
    update(site)
    (folder / "a.html").unlink()
    update(site, LATER)
    assert len(list_titles(site)) == 2


def test_a_row_that_says_so_takes_its_post_back(site: SmallSite) -> None:
    hand_over(site, {"c.csv": "编号,标题,正文,撤回\nrs-20260301,停水,今晚停水。,\n"})
    update(site)
    hand_over(site, {"c.csv": "编号,标题,正文,撤回\nrs-20260301,停水,今晚停水。,是\n"})
    assert update(site, LATER).posts_withdrawn == 1
    assert list_titles(site) == []


ROADS = {name: f"停水通知,2026-03-01,{name}停水八小时，请提前储水。" for name in ("人民路", "建设路", "枫桥路")}
MOVED = ROADS["建设路"].replace("八小时", "两小时")


@pytest.mark.parametrize("header", ["标题,日期,正文", "编号,标题,日期,正文", "标题,日期,正文,链接"])
@pytest.mark.parametrize("first", ["人民路", "建设路"])
def test_rows_of_one_name_stay_the_posts_that_they_are(site: SmallSite, first: str, header: str) -> None:
    """Whichever came first, in whatever order they stand, corrected or with others around them."""
    number, link = (
        ("TS-9," if "编号" in header else ""),
        (",https://rsj.linjiang.example/list/" if "链接" in header else ""),
    )
    steps = [
        ([ROADS[first]], 1, 0),
        ([ROADS["人民路"], ROADS["建设路"]], 1, 0),
        ([ROADS["建设路"], ROADS["人民路"], ROADS["建设路"]], 0, 0),
        ([ROADS["枫桥路"], ROADS["人民路"], ROADS["建设路"]], 1, 0),
        ([ROADS["枫桥路"], ROADS["人民路"], MOVED], 0, 1),
        ([ROADS["枫桥路"], ROADS["人民路"], MOVED], 0, 0),
        ([MOVED, ROADS["枫桥路"]], 0, 0),
    ]
    for hour, (rows, new, changed) in enumerate(steps):
        hand_over(site, {"c.csv": "\n".join((header, *(f"{number}{row}{link}" for row in rows)))})
        one = update(site, NOW + timedelta(hours=hour))
        assert (one.posts_new, one.posts_changed) == (new, changed), hour
    texts = {row[0] for row in ask(site, "SELECT text FROM bodies JOIN posts ON post = id WHERE account = 'rsj'")}
    assert texts == {row.split(",")[2] for row in (ROADS["人民路"], MOVED, ROADS["枫桥路"])}


@pytest.mark.parametrize("gone", ["人民路", "建设路"])
def test_of_rows_of_one_name_that_is_taken_back_which_says_so(site: SmallSite, gone: str) -> None:
    for hour, mark in enumerate(("", "是")):
        rows = (f"{row},{mark if name == gone else ''}" for name, row in ROADS.items())
        hand_over(site, {"c.csv": "\n".join(("标题,日期,正文,撤回", *rows))})
        update(site, NOW + timedelta(hours=hour))
    question = "SELECT text FROM bodies JOIN posts ON post = id WHERE account = 'rsj' AND withdrawn_at IS NOT NULL"
    assert ask(site, question) == [(ROADS[gone].split(",")[2],)]


def test_a_renamed_account_reads_nothing_anew(site: SmallSite) -> None:
    hand_over(site, {"a.html": NOTICE})
    update(site)
    assert site.call("accounts", "rename", "rsj", "renshe").status == 0
    (one,) = (one for one in site.call("update", "--json").document["accounts"] if one["id"] == "renshe")
    assert (one["outcome"], one["posts_new"]) == ("unchanged", 0)
    assert [row[0] for row in ask(site, "SELECT account FROM handed")] == ["renshe"]


@given(order=st.permutations(["a.html", "b.html", "c.csv"]), cut=st.integers(0, 3))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_in_which_files_arrive_changes_no_post(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], cut: int
) -> None:
    files = {"a.html": NOTICE, "b.html": POOL, "c.csv": TABLE}
    site = SmallSite(tmp_path_factory.mktemp("order") / "site").set_up()
    for names in (order[:cut], order[cut:], order):
        hand_over(site, {name: files[name] for name in names})
        update(site)
    rows = {(row[1], row[3]) for row in ask(site, "SELECT key, title, published, revision FROM posts")}
    titles = ("图书馆绘本区焕新", "游泳馆更换水处理设备", "共享单车停放点调整", "地铁末班车延长")
    assert rows == {(title, 1) for title in titles}
    assert len(ask(site, "SELECT id FROM posts")) == len(titles)


# What is wrong ---------------------------------------------------------------------------------------------------


def test_a_bad_file_is_named_and_the_others_go_on(site: SmallSite) -> None:
    folder = hand_over(site, {"a.html": NOTICE, "坏.csv": "一,二\n三,四\n", "空.md": " ", "假.html": b"PK\x03\x04x"})
    for now in (NOW, LATER):
        one = update(site, now)
        assert one.posts_new == (1 if now == NOW else 0)
        assert all(name in one.error for name in ("坏.csv", "空.md", "假.html"))
    assert "坏.csv" in site.call("status").out
    for name in ("坏.csv", "空.md", "假.html"):
        (folder / name).unlink()
    assert update(site, LATER).error == ""
    assert "坏.csv" not in site.call("status").out


def test_many_bad_files_are_counted_and_not_all_named(site: SmallSite) -> None:
    hand_over(site, {f"{n}.md": " " for n in range(50)})
    assert "此外还有 45 处" in update(site).error


def test_a_link_out_of_the_folder_is_not_followed(site: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text(POOL, encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "x.html").write_text(POOL, encoding="utf-8")
    folder = hand_over(site, {"a.html": NOTICE})
    (folder / "b.html").symlink_to(tmp_path / "secret.html")
    (folder / "c").symlink_to(tmp_path / "secrets")
    one = update(site)
    assert list_titles(site) == ["图书馆绘本区焕新"]
    assert "b.html" in one.error
    assert "符号链接" in one.error


def test_a_folder_that_is_a_link_out_of_the_site_is_refused(site: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.html").write_text(POOL, encoding="utf-8")
    hand_over(site, {})
    (site.root / "content" / "handover" / "rsj").rmdir()
    (site.root / "content" / "handover" / "rsj").symlink_to(tmp_path / "outside")
    result = site.call("update")
    assert result.status == 2
    assert "之外" in result.err


@pytest.mark.parametrize("path", ["../../../outside/", "../handover/../../../outside/"])
def test_a_folder_outside_the_site_is_a_mistake_of_the_registry(site: SmallSite, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").mkdir()
    site.set_account("rsj", feeds=[path])
    result = site.call("update")
    assert (result.status, "之外" in result.err) == (2, True)


def test_markdown_in_the_folder_is_no_misplaced_draft(site: SmallSite) -> None:
    hand_over(site, {"通知.md": "# 停水通知\n\n今晚停水。"})
    assert site.update().findings == ()


def test_a_page_named_in_another_encoding_is_told(site: SmallSite) -> None:
    folder = hand_over(site, {"a.html": NOTICE})
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + "停水公告.html".encode("gb18030"))).write_text(
            POOL, encoding="utf-8"
        )
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    assert "停水公告.html：文件名的编码" in update(site).error


# Pictures and attachments ----------------------------------------------------------------------------------------


def with_files(*names: str) -> str:
    body = "".join(f'<img src="{name}">' if name.endswith(".png") else f'<a href="{name}">下载</a>' for name in names)
    return NOTICE.replace("</article>", f"{body}</article>")


def test_pictures_and_attachments_beside_a_page_are_on_the_site(site: SmallSite) -> None:
    hand_over(site, {"2026/a.html": with_files("../img/图 1.png", "表.pdf"), "img/图 1.png": make_picture(),
                     "2026/表.pdf": b"%PDF-1.7 x"})  # fmt: skip
    report, _ = site.publish()
    assert (report.mirror.pictures, report.mirror.attachments, report.mirror.failed) == (1, 1, 0)
    (page,) = (page for page in (site.output / "s").iterdir() if "绘本区" in page.read_text(encoding="utf-8"))
    text = page.read_text(encoding="utf-8")
    assert HANDED_BASE not in text
    assert "../files/" in text
    assert "表.pdf" in text or "%E8%A1%A8.pdf" in text
    assert len([file for file in (site.output / "files").rglob("*") if file.is_file()]) >= 2
    assert find_broken_links(site.output, "https://fabu.linjiang.example") == []


def test_a_missing_picture_is_named_and_the_text_stays(site: SmallSite) -> None:
    folder = hand_over(site, {"a.html": with_files("没有.png", "没有.pdf", "list.html")})
    one = update(site)
    assert all(name in one.error for name in ("没有.png", "没有.pdf"))
    ((body,),) = ask(site, "SELECT html FROM bodies JOIN posts ON post = id WHERE account = 'rsj'")
    assert HANDED_BASE not in body
    assert "下载" in body
    (folder / "没有.png").write_bytes(make_picture())
    (folder / "没有.pdf").write_bytes(b"%PDF-1.7 x")
    report, _ = site.publish(LATER)
    assert (report.mirror.pictures, report.mirror.attachments) == (1, 1)


def test_a_file_that_is_not_there_is_taken_from_where_the_page_was(site: SmallSite) -> None:
    head = '<head><link rel="canonical" href="https://rsj.linjiang.example/2026/a.html">'
    hand_over(site, {"2026/a.html": with_files("img/b.png").replace("<head>", head)})
    assert update(site).error == ""
    ((body,),) = ask(site, "SELECT html FROM bodies JOIN posts ON post = id WHERE account = 'rsj'")
    assert "https://rsj.linjiang.example/2026/img/b.png" in body


def test_a_page_reaches_no_file_outside_its_folder(site: SmallSite) -> None:
    secret = site.root / "content" / "secret.pdf"
    hand_over(site, {"a.html": with_files("../../secret.pdf", "../../../pelicanconf.py", "/content/secret.pdf")})
    secret.write_bytes(b"%PDF secret")
    report, _ = site.publish()
    assert report.mirror.attachments == 0
    assert list(site.output.rglob("*.pdf")) == []


def test_a_feed_from_outside_reaches_no_file_of_ours(site: SmallSite) -> None:
    site.set_feed("fabu", Item("fabu-1", "别有用心的文章", (*LIBRARY, "见图。")))
    body = (site.root / "content" / "registry" / "feeds" / "fabu.xml").read_text(encoding="utf-8")
    url = make_handed_url("0" * 32, "pelicanconf.py")
    site.set_body("fabu", body.replace("见图。", f'&lt;img src="{url}"&gt;&lt;a href="{url}"&gt;x&lt;/a&gt;'))
    report, _ = site.publish()
    assert (report.mirror.pictures, report.mirror.failed) == (0, 1)
    assert not [page for page in site.output.rglob("*.html") if HANDED_BASE in page.read_text(encoding="utf-8")]


def test_without_mirroring_a_picture_is_left_out_and_told(site: SmallSite) -> None:
    hand_over(site, {"a.html": with_files("b.png"), "b.png": make_picture()}, mirror=False)
    assert "b.png" in update(site).error


def test_a_folder_too_large_for_one_run_is_read_in_several(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "FILES_PER_RUN", 3)
    hand_over(site, {f"{n}.md": f"# 第{n}号通知\n\n第{n}号通知的正文。" for n in range(7)})
    counts = [update(site, NOW + timedelta(hours=hours)) for hours in range(4)]
    assert [one.posts_new for one in counts] == [3, 3, 1, 0]
    assert "还有 4 个文件" in counts[0].error
    assert [one.error for one in counts[2:]] == ["", ""]


def number_pages(count: int, *, broken: int = 0) -> dict[str, str | bytes]:
    """Pages of many years, the first of them with a picture that is not there."""
    pages: dict[str, str | bytes] = {}
    for number in range(count):
        picture = "<p><img src='none.png'></p>" if number < broken else ""
        date = f"<p>发布时间：{2010 + number % 10}-05-06</p>"
        body = f"{date}<p>{LIBRARY[0]}第{number}处。</p>{picture}"
        pages[f"{number:02}.html"] = PAGE.format(title=f"第{number}号便民事项的通知", body=body)
    return pages


def count_posts(site: SmallSite) -> int:
    return ask(site, "SELECT count(*) FROM posts WHERE account = 'rsj'")[0][0]


def test_files_with_something_to_mend_keep_no_others_from_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    monkeypatch.setattr(handover, "FILES_PER_RUN", 2)
    hand_over(site, number_pages(5, broken=3))
    for hour in range(4):
        outcome = update(site, NOW + timedelta(hours=hour))
    assert count_posts(site) == 5
    assert "none.png" in outcome.error
    assert "接着读" not in outcome.error


def test_a_folder_that_is_read_in_portions_is_no_burst_but_a_flood_of_today_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    monkeypatch.setattr(handover, "FILES_PER_RUN", 20)
    hand_over(site, number_pages(50))
    for hour in range(3):
        assert update(site, NOW + timedelta(hours=hour)).posts_held == 0
    assert count_posts(site) == 50
    now = NOW + timedelta(hours=4)
    rows = (f"今天第{number}条,{now:%Y-%m-%d},第{number}处停水检修。\n" for number in range(12))
    hand_over(site, {"今天.csv": "标题,日期,正文\n" + "".join(rows)})
    assert update(site, now).held_for == (("burst", 12),)
