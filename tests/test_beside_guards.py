"""What goes wrong with files beside drafts is told, passed over, and everything else published."""

from __future__ import annotations

import os
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from beside_fixtures import PICTURE, drop, list_offered, list_shown, tell, write_draft
from handover_fixtures import make_picture
from mirror_fixtures import paint
from site_fixtures import NOW, SmallSite

from aggregator.fetch import MAX_ATTACHMENT, MAX_PICTURE, UnreadableFileError
from aggregator.model import LOCAL_ACCOUNT, Draft, DraftBatch, FileRequest, HandedEntry, Post
from aggregator.pipeline.drafts import place_drafts
from aggregator.store import Store
from aggregator.urls import HANDED_BASE, read_handed_url

GOOD = "![步道](好.jpg)"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path / "site").set_up()
    drop(made, {"news/好.jpg": paint("blue")})
    return made


def publish(site: SmallSite, text: str, *lines: str) -> list[str]:
    """What is told of a draft with this text and a good picture, which is published in any case."""
    drop(site, {"news/a.md": write_draft(f"{GOOD}\n\n{text}", *lines)})
    report, _ = site.publish()
    assert "步道" in [picture["alt"] for picture in list_shown(site)]
    assert not [finding for finding in report.findings if finding.level == "error" and finding.file == "news/a.md"]
    return tell(report)


def make_bomb(width: int = 10_000, height: int = 10_001) -> bytes:
    """A PNG of 100 million pixels in 100 kilobytes."""
    small = make_picture(1, 1)
    head = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return small.replace(small[12:33], head + zlib.crc32(head).to_bytes(4, "big"))


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("弹.png", make_bomb(), "超过 6400 万像素"),
        ("坏.jpg", PICTURE[:400], "读不出来"),
        ("假.jpg", b"not a picture", "读不出来"),
        ("空.jpg", b"", "读不出来"),
        ("苹果.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC 格式"),
        ("扫描.png", b"II*\0\x08\0\0\0", "TIFF 格式"),
        ("矢量.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG 格式"),
        ("大.jpg", PICTURE + bytes(MAX_PICTURE), "有 10 MB，超过 10 MB"),
    ],
)
def test_a_picture_of_which_nothing_can_be_made_is_told(site: SmallSite, name: str, body: bytes, words: str) -> None:
    drop(site, {f"news/{name}": body})
    [told] = publish(site, f"![说明文字]({name})")
    assert told.startswith(f"news/a.md:9 图片“{name}”没有带上：")
    assert words in told
    # It is told as long as it is so.
    assert publish(site, f"![说明文字]({name})") == [told]
    drop(site, {f"news/{name}": paint(kind="PNG")})
    assert publish(site, f"![说明文字]({name})") == []


def test_many_bad_pictures_do_not_keep_the_good_ones_out(site: SmallSite) -> None:
    for number in range(8):
        drop(site, {f"news/坏{number}.jpg": f"bad {number}"})
    drop(site, {f"news/好{number}.jpg": paint("blue", 100 + number) for number in range(4)})
    names = [f"坏{number}.jpg" for number in range(8)] + [f"好{number}.jpg" for number in range(4)]
    told = publish(site, "\n\n".join(f"![停水范围]({name})" for name in names))
    assert len(told) == 8
    assert len(list_shown(site)) == 5


@pytest.mark.parametrize("name", ["程序.exe", "网页.html", "脚本.js", "矢量.svg"])
def test_an_attachment_that_may_not_be_served_is_told(site: SmallSite, name: str) -> None:
    drop(site, {f"news/{name}": "x"})
    told = publish(site, f"[下载]({name})", f"附件: {name}")
    assert [one.partition("：")[0] for one in told] == [f"news/a.md:5 附件“{name}”没有带上"]
    assert list_offered(site) == []


def test_a_page_named_like_a_sheet_is_not_served(site: SmallSite) -> None:
    drop(site, {"news/表.xlsx": "<!doctype html><script>alert(1)</script>"})
    [told] = publish(site, "[下载](表.xlsx)")
    assert "附件“表.xlsx”没有带上" in told
    assert list_offered(site) == []


def test_a_link_out_of_content_is_told_and_not_followed(site: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "秘密.jpg").write_bytes(PICTURE)
    (site.site.content / "news/图.jpg").symlink_to(tmp_path / "秘密.jpg")
    told = publish(site, "![说明文字](图.jpg)")
    assert len(told) == 2
    assert any("news/图.jpg:None 这是一个符号链接" in one for one in told)
    assert len(list_shown(site)) == 1


def test_a_link_within_content_is_followed(site: SmallSite) -> None:
    (site.site.content / "news/图.jpg").symlink_to("好.jpg")
    assert publish(site, "![说明文字](图.jpg)") == []
    assert len(list_shown(site)) == 2


def test_links_to_nowhere_and_in_a_circle_are_told(site: SmallSite) -> None:
    (site.site.content / "news/空.jpg").symlink_to("没有.jpg")
    (site.site.content / "news/圈.jpg").symlink_to("圈.jpg")
    told = publish(site, "![说明文字](空.jpg)\n\n![说明文字](圈.jpg)")
    assert len(told) == 4


def test_a_folder_named_like_a_picture_is_told(site: SmallSite) -> None:
    drop(site, {"news/图.jpg/里面.txt": "x"})
    told = publish(site, "![说明文字](图.jpg)")
    assert any("这是一个文件夹，名字却像一张图片" in one for one in told)
    assert any("news/a.md:9 图片“图.jpg”没有找到" in one for one in told)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_named_like_a_picture_does_not_hold_up_the_run(site: SmallSite) -> None:
    os.mkfifo(site.site.content / "news/图.jpg")
    os.mkfifo(site.site.content / "news/表.xlsx")
    told = publish(site, "![说明文字](图.jpg)")
    assert sum("这不是普通的文件" in one for one in told) == 2
    assert any("news/a.md:9 图片“图.jpg”没有找到" in one for one in told)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="to the administrator every file is readable")
def test_a_file_that_may_not_be_read_is_told_until_it_may(site: SmallSite) -> None:
    drop(site, {"news/图.jpg": PICTURE})
    (site.site.content / "news/图.jpg").chmod(0)
    [told] = publish(site, "![说明文字](图.jpg)")
    assert "请检查权限" in told
    (site.site.content / "news/图.jpg").chmod(0o644)
    assert publish(site, "![说明文字](图.jpg)") == []


def test_names_that_are_no_text_are_told(site: SmallSite) -> None:
    (site.site.content / "news" / os.fsdecode("申请.jpg".encode("gbk"))).write_bytes(PICTURE)
    told = publish(site, "![说明文字](申请.jpg)")
    assert any("news/申请.jpg:None 文件名的编码不对" in one for one in told)


def test_without_mirroring_files_beside_drafts_are_told(site: SmallSite) -> None:
    site.set_account(LOCAL_ACCOUNT, mirror=False, feeds=[], kind="local")
    drop(site, {"news/a.md": write_draft(GOOD)})
    report, _ = site.publish()
    [told] = tell(report)
    assert "mirror = false" in told
    assert list_shown(site) == []


def test_staffs_files_come_before_those_of_newer_posts(site: SmallSite) -> None:
    with Store.open(site.site.store) as store:
        for account, day in (("rsj", 19), (LOCAL_ACCOUNT, 1)):
            post = Post(account, "1", account, published=datetime(2026, 3, day, tzinfo=UTC))
            request = FileRequest(f"https://{account}.example/a.jpg", "picture")
            store.mirror.note({store.posts.save(account, [post], NOW).new[0]: [request]})
        due = store.mirror.load_due(("rsj", LOCAL_ACCOUNT), NOW, 9)
    assert [one.url for one in due] == ["https://local.example/a.jpg", "https://rsj.example/a.jpg"]


class _Bundle:
    """Files that a draft itself contains, as a Word file does."""

    entries: tuple[HandedEntry, ...] = ()
    problems: tuple[str, ...] = ()

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    @property
    def others(self) -> frozenset[str]:
        return frozenset(self._files)

    def read(self, name: str, limit: int) -> bytes:
        if len(self._files[name]) > limit:
            raise UnreadableFileError("太大。")
        return self._files[name]


def test_a_draft_may_bring_files_of_its_own(site: SmallSite) -> None:
    """Their copies are kept until the mirror has them, under names that begin with the draft's path."""
    source = _Bundle({"news/a.docx/图 1.png": PICTURE, "news/a.docx/大.png": bytes(MAX_ATTACHMENT + 1)})
    html = "".join(
        f'<p><img src="{HANDED_BASE}news/a.docx/{name}" alt="图"></p>'
        for name in ("%E5%9B%BE%201.png", "%E5%A4%A7.png")
    )
    post = Post(LOCAL_ACCOUNT, "news/a.docx", "甲", html=html)
    batch = DraftBatch((Draft("news/a.docx", "0", post, source=source),))
    with Store.open(site.site.store) as store:
        [draft] = place_drafts(batch, site.site, store, {}, mirror=True).drafts
        address = draft.post.html.partition('src="')[2].partition('"')[0]
        _, path = read_handed_url(address) or ("", "")
        assert (site.root / path).read_bytes() == PICTURE
        assert [finding.message for finding in draft.findings] == ["图片 大.png 没有找到，没有显示。请把它放在旁边。"]
        assert draft.post.html.count("<img") == 1
