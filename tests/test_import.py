"""`matrix import`: an existing archive into an account, once, with its own dates."""

from __future__ import annotations

import sqlite3
import stat
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from handover_fixtures import make_picture, write_zip
from site_fixtures import LIBRARY, NOW, SUBSIDY, SWIMMING, Item, SmallSite, list_tree, write_feed

from aggregator.fetch import UnreadableFileError, handed, keep_copy, name_copy
from aggregator.pipeline import imports
from aggregator.urls import HANDED_BASE

PAGE = "<html><head><title>{title}</title><meta name='PubDate' content='{day}'></head><body><article>{body}</article>"


def write_page(title: str, day: str, lines: tuple[str, ...], more: str = "") -> str:
    return PAGE.format(title=title, day=day, body="".join(f"<p>{line}</p>" for line in lines) + more)


ARCHIVE = {
    "2019/a.html": write_page("绘本区焕新", "2019-05-06 09:00", LIBRARY),
    "2020/b.html": write_page("游泳馆换设备", "2020-07-08", SWIMMING),
    "2020/c.md": "---\n标题: 取暖补贴\n日期: 2020-11-01\n---\n" + SUBSIDY[0],
}


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    site = SmallSite(tmp_path / "site").set_up()
    site.set_feed("rsj")
    return site


def unpack(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body.encode() if isinstance(body, str) else body)
    return folder


def run_import(site: SmallSite, path: Path, *options: str, status: int = 0) -> dict:
    result = site.call("import", "rsj", str(path), *options, "--json")
    assert result.status == status, result.err + result.out
    return result.document


def ask(site: SmallSite, question: str) -> list[tuple]:
    store = sqlite3.connect(site.site.store)
    try:
        return store.execute(question).fetchall()
    finally:
        store.close()


def list_posts(site: SmallSite) -> list[tuple[str, str, str]]:
    return ask(
        site, "SELECT title, date(published + 28800, 'unixepoch'), feed FROM posts WHERE account = 'rsj' ORDER BY title"
    )


def wrap(files: dict[str, str | bytes], tmp_path: Path, form: str) -> Path:
    return unpack(tmp_path / "archive", files) if form == "folder" else write_zip(tmp_path / "archive.zip", files)


# What it does ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_an_archive_is_read_with_its_own_dates_and_marked(site: SmallSite, tmp_path: Path, form: str) -> None:
    path = wrap(dict(ARCHIVE), tmp_path, form)
    assert run_import(site, path) == {
        "path": str(path), "dry_run": False, "account": "rsj", "files": 3, "posts_new": 3, "posts_changed": 0,
        "posts_known": 0, "posts_held": 0, "undated": 0, "undated_titles": [], "problems": [], "earliest": "2019-05-06",
        "latest": "2020-11-01",
    }  # fmt: skip
    assert sorted(list_posts(site)) == sorted(
        [
            ("绘本区焕新", "2019-05-06", f"import:{path.name}"),
            ("游泳馆换设备", "2020-07-08", f"import:{path.name}"),
            ("取暖补贴", "2020-11-01", f"import:{path.name}"),
        ]
    )


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_a_second_time_adds_nothing(site: SmallSite, tmp_path: Path, form: str) -> None:
    path = wrap(dict(ARCHIVE), tmp_path, form)
    run_import(site, path)
    again = run_import(site, path)
    assert (again["posts_new"], again["posts_changed"], again["posts_known"]) == (0, 0, 3)


def test_another_wrapping_or_name_of_it_adds_nothing(site: SmallSite, tmp_path: Path) -> None:
    run_import(site, unpack(tmp_path / "archive", dict(ARCHIVE)))
    again = run_import(site, write_zip(tmp_path / "旧网站.zip", {f"旧网站/{k}": v for k, v in ARCHIVE.items()}))
    assert (again["posts_new"], again["posts_changed"]) == (0, 0)
    assert len(list_posts(site)) == 3


def test_two_archives_with_the_same_file_names_are_two(site: SmallSite, tmp_path: Path) -> None:
    run_import(site, write_zip(tmp_path / "2019.zip", {"1.html": ARCHIVE["2019/a.html"]}))
    run_import(site, write_zip(tmp_path / "2020.zip", {"1.html": ARCHIVE["2020/b.html"]}))
    assert [title for title, _, _ in list_posts(site)] == sorted(["绘本区焕新", "游泳馆换设备"])


def test_imported_posts_are_published_by_the_next_publish(site: SmallSite, tmp_path: Path) -> None:
    more = '<img src="../img/a.png"><a href="表.pdf">申请表</a>'
    files = {
        "x/a.html": write_page("绘本区焕新", "2019-05-06", LIBRARY, more),
        "img/a.png": make_picture(),
        "x/表.pdf": b"%PDF-1.7 x",
    }
    path = write_zip(tmp_path / "archive.zip", files)
    run_import(site, path)
    # The archive is not needed any more.
    path.unlink()
    report, _ = site.publish(NOW)
    assert (report.mirror.pictures, report.mirror.attachments, report.mirror.failed) == (1, 1, 0)
    (page,) = (page for page in (site.output / "s").iterdir() if "绘本区" in page.read_text(encoding="utf-8"))
    assert HANDED_BASE not in page.read_text(encoding="utf-8")
    assert "2019" in page.read_text(encoding="utf-8")
    assert not [file for file in (site.site.state / "handover").rglob("*") if file.is_file()]


def test_a_copy_that_the_mirror_has_is_not_kept_twice(site: SmallSite, tmp_path: Path) -> None:
    page = write_page("绘本区焕新", "2019-05-06", LIBRARY, '<img src="a.png">')
    path = write_zip(tmp_path / "archive.zip", {"a.html": page, "a.png": make_picture()})
    run_import(site, path)
    site.publish(NOW)
    run_import(site, path)
    assert not [file for file in (site.site.state / "handover").rglob("*") if file.is_file()]


def test_a_table_is_imported(site: SmallSite, tmp_path: Path) -> None:
    rows = "标题,日期,正文\n" + "".join(f"第{n}号公告,2018-01-{n % 28 + 1:02},公告正文{n}\n" for n in range(700))
    (tmp_path / "a.csv").write_bytes(rows.encode("gb18030"))
    report = run_import(site, tmp_path / "a.csv")
    assert (report["posts_new"], report["earliest"], report["latest"]) == (700, "2018-01-01", "2018-01-28")


def test_a_feed_file_of_an_old_site_is_imported(site: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "old.xml").write_text(
        write_feed(Item("old-1", "绘本区焕新", LIBRARY, NOW - timedelta(days=2000))), encoding="utf-8"
    )
    assert run_import(site, tmp_path / "old.xml")["posts_new"] == 1
    assert run_import(site, tmp_path / "old.xml")["posts_known"] == 1


def test_what_the_accounts_feed_has_is_not_doubled(site: SmallSite, tmp_path: Path) -> None:
    item = Item("rsj-1", "绘本区焕新", LIBRARY)
    site.set_feed("rsj", item)
    site.update(NOW)
    page = write_page(item.title, f"{item.date:%Y-%m-%d}", LIBRARY, "")
    page = page.replace("<head>", f"<head><link rel='canonical' href='{item.link}'>")
    report = run_import(site, unpack(tmp_path / "archive", {"a.html": page}))
    assert report["posts_new"] == 0
    assert len(list_posts(site)) == 1


def test_posts_without_a_date_are_left_out_unless_wanted(site: SmallSite, tmp_path: Path) -> None:
    path = unpack(tmp_path / "archive", {**ARCHIVE, "d.html": "<title>没有日期的说明</title><p>正文在此。</p>"})
    report = run_import(site, path, status=1)
    assert (report["posts_new"], report["undated"]) == (3, 1)
    assert "--undated" in site.call("import", "rsj", str(path)).out
    assert run_import(site, path, "--undated")["posts_new"] == 1


def test_a_dry_run_tells_the_same_and_leaves_nothing(site: SmallSite, tmp_path: Path) -> None:
    files = {**ARCHIVE, "e.html": write_page("招聘会", "2020-01-01", ("六十家企业。",), '<img src="a.png">')}
    path = unpack(tmp_path / "archive", {**files, "a.png": make_picture()})
    rehearsed = run_import(site, path, "--dry-run")
    assert list_posts(site) == []
    assert not (site.site.state / "handover").exists()
    assert {**run_import(site, path), "dry_run": True} == rehearsed
    assert "什么也没有保存" in site.call("import", "rsj", str(path), "--dry-run").out


def test_an_import_touches_neither_the_archive_nor_the_page(small_site: SmallSite, tmp_path: Path) -> None:
    path = unpack(tmp_path / "archive", dict(ARCHIVE))
    before = list_tree(path), list_tree(small_site.output)
    assert small_site.call("import", "fabu", str(path)).status == 0
    assert (list_tree(path), list_tree(small_site.output)) == before


def test_a_person_is_told_what_was_done_and_what_is_next(site: SmallSite, tmp_path: Path) -> None:
    result = site.call("import", "rsj", str(unpack(tmp_path / "archive", {**ARCHIVE, "坏.md": " "})))
    assert result.status == 1
    assert "新增 3 篇" in result.out
    assert "2019-05-06 到 2020-11-01" in result.out
    assert "坏.md：文件是空的" in result.out
    assert "matrix publish" in result.out


def test_what_the_rules_hold_waits_for_staff(site: SmallSite, tmp_path: Path) -> None:
    lines = ("公示补助名单：张某某，身份证号11010519491231002X。",)
    path = unpack(tmp_path / "archive", {**ARCHIVE, "d.html": write_page("补助名单公示", "2020-01-02", lines)})
    report = run_import(site, path)
    assert (report["posts_new"], report["posts_held"], report["posts_known"]) == (3, 1, 0)
    assert len(list_posts(site)) == 3
    assert "补助名单公示" in site.call("inbox").out


# What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "path", "word"),
    [
        ("nobody", "archive", "accounts.toml"),
        ("local", "archive", "content/"),
        ("rsj", "nowhere", "找不到"),
        ("rsj", "empty", "没有能导入的文件"),
        ("rsj", "broken.zip", "读不懂"),
        ("rsj", "report.docx", "没有能导入的文件"),
        ("rsj", "picture.png", "读不懂"),
    ],
)
def test_a_wrong_command_says_how_to_mend_it(
    site: SmallSite, tmp_path: Path, account: str, path: str, word: str
) -> None:
    unpack(tmp_path / "archive", dict(ARCHIVE))
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04broken")
    (tmp_path / "picture.png").write_bytes(make_picture())
    write_zip(tmp_path / "report.docx", {"word/document.xml": "<x/>"})
    result = site.call("import", account, str(tmp_path / path))
    assert result.status == 2
    assert word in result.err
    assert "办法" in result.err


def test_a_zip_reaches_nothing_outside_itself(site: SmallSite, tmp_path: Path) -> None:
    files = {f"{name}.html": ARCHIVE["2019/a.html"] for name in ("../../x", "/etc/x", "C:\\x", "a/../../x")}
    with zipfile.ZipFile(write_zip(tmp_path / "a.zip", {**files, "b.html": ARCHIVE["2020/b.html"]}), "a") as archive:
        link = zipfile.ZipInfo("link.html")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    before = {file for file in tmp_path.rglob("*") if "site" not in file.parts}
    report = run_import(site, tmp_path / "a.zip", status=1)
    assert report["posts_new"] == 1
    assert len(report["problems"]) == 5
    assert {file for file in tmp_path.rglob("*") if "site" not in file.parts} == before


def test_a_zip_bomb_costs_one_file(site: SmallSite, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.html", b"\x20" * (200 * 1024 * 1024))
        archive.writestr("b.html", ARCHIVE["2020/b.html"])
    report = run_import(site, tmp_path / "a.zip", status=1)
    assert report["posts_new"] == 1
    assert "bomb.html：文件超过" in report["problems"][0]


def test_a_zip_that_lies_about_its_size_is_measured(site: SmallSite, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"bomb.html": b" " * (40 * 1024 * 1024), "b.html": ARCHIVE["2020/b.html"]})
    size = (40 * 1024 * 1024).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (1000).to_bytes(4, "little")))
    report = run_import(site, path, status=1)
    assert report["posts_new"] == 1
    assert report["problems"][0].startswith("bomb.html")


def test_all_of_a_zip_together_is_bounded(site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed, "MAX_TOTAL", 3000)
    files = {f"{n}.html": write_page(f"第{n}号公告", "2020-01-01", LIBRARY) for n in range(20)}
    report = run_import(site, write_zip(tmp_path / "a.zip", files), status=1)
    assert 0 < report["posts_new"] < 20
    assert "压缩包解开后超过" in report["problems"][-1]


def test_a_zip_packed_on_chinese_windows_has_readable_names(site: SmallSite, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    name = "2020-01-01 关于停水的通知.html"
    placeholder = "x" * len(name.encode("gb18030"))
    write_zip(path, {placeholder: f"<p>{LIBRARY[0]}</p>"})
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), name.encode("gb18030")))
    # The name's ending tells what it is: packed under another, it could not have been found.
    run_import(site, path)
    assert list_posts(site) == [("关于停水的通知", "2020-01-01", "import:a.zip")]


def test_an_encrypted_file_is_named(site: SmallSite, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.html": ARCHIVE["2019/a.html"], "b.html": ARCHIVE["2020/b.html"]})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(bytes(data))
    report = run_import(site, path, status=1)
    assert report["posts_new"] == 1
    assert "密码" in report["problems"][0]


# copies of pictures, and what lies beside a table -----------------------------------------------------------------


def list_copies(site: SmallSite) -> list[str]:
    return [path.name for path in (site.root / ".matrix" / "handover").rglob("*") if path.is_file()]


UNDATED = write_page("游泳馆换设备", "", SWIMMING, "<p><img src='logo.png'></p>")


def test_a_picture_stays_for_those_that_show_it_when_another_page_is_left_out(
    site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "FILES_AT_ONCE", 1)
    page = write_page("绘本区焕新", "2019-05-06", LIBRARY, "<p><img src='logo.png'></p>")
    path = write_zip(tmp_path / "a.zip", {"a.html": page, "b.html": UNDATED, "logo.png": make_picture()})
    report = run_import(site, path, status=1)
    assert (report["undated"], report["undated_titles"]) == (1, ["游泳馆换设备"])
    assert list_copies(site) == ["logo.png"]


def test_a_rehearsal_takes_no_picture_from_what_was_imported_before(site: SmallSite, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"b.html": UNDATED, "logo.png": make_picture()})
    run_import(site, path, "--undated")
    run_import(site, path, "--dry-run", status=1)
    run_import(site, path, status=1)
    assert list_copies(site) == ["logo.png"]


def test_pages_that_are_read_at_once_may_show_the_same_picture(tmp_path: Path) -> None:
    for number in range(30):
        body = bytes([number]) * 200_000
        url = name_copy("logo.png", body)
        start = threading.Barrier(8)
        made: list[bool] = []

        def keep(url: str = url, body: bytes = body, start: threading.Barrier = start, made: list[bool] = made) -> None:
            start.wait()
            made.append(keep_copy(tmp_path, url, body))

        threads = [threading.Thread(target=keep) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 8


def test_a_table_is_read_whatever_it_is_called_and_lies_beside(site: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hosts")
    table = tmp_path / "_导出.csv"
    table.write_bytes("标题,日期,正文\r\n关于停水的通知,2020/5/1,明天停水。\r\n".encode("gbk"))
    assert run_import(site, table)["problems"] == []


def test_an_archive_that_has_used_up_its_bytes_unpacks_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = handed.HandedArchive(write_zip(tmp_path / "a.zip", {"a.html": b"0" * 5_000_000}))
    # As after several threads that each took what was left.
    archive._left = -100
    read = zipfile.ZipExtFile.read
    sizes: list[int] = []

    def measure(member: zipfile.ZipExtFile, size: int = -1) -> bytes:
        body = read(member, size)
        sizes.append(len(body))
        return body

    monkeypatch.setattr(zipfile.ZipExtFile, "read", measure)
    with pytest.raises(UnreadableFileError):
        archive.read("a.html", 1000)
    assert sizes == [1]
