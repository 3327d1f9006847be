"""Pictures and attachments beside drafts, published: once per content, changed when they change, read only then."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from beside_fixtures import PICTURE, drop, find_page, list_offered, list_shown, read_page, tell, write_draft
from mirror_fixtures import list_blobs, mirror, open_served, paint
from PIL import Image
from site_fixtures import BRIDGE, NOW, SmallSite, find_broken_links

from aggregator import images
from aggregator.drafts import places
from aggregator.urls import DRAFT_BASE, HANDED_BASE

SHEET = b"PK\x03\x04" + b"x" * 3000
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path / "site").set_up()


def touch_unread(file: Path) -> None:
    """Other bytes with the same size and time: whoever opened it would notice."""
    before = file.stat()
    file.write_bytes(b"\0" * before.st_size)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


# What visitors get -----------------------------------------------------------------------------------------------


def test_what_lies_beside_a_draft_is_published_with_it(site: SmallSite) -> None:
    text = "今晚停水。\n\n![停水范围](图 1.jpg)\n\n下载[申请表](表格/申请表（新）.xlsx)。"
    drop(
        site,
        {
            "notices/停水.md": write_draft(text, "封面: 封面.JPG", "附件: 名单.et"),
            "notices/图 1.jpg": PICTURE,
            "notices/封面.jpg": paint("red"),
            "notices/表格/申请表（新）.xlsx": SHEET,
            "notices/名单.et": b"\xd0\xcf\x11\xe0" + b"y" * 100,
        },
    )
    report, _ = site.publish()
    assert tell(report) == []
    assert mirror(report) == (2, 2, 0, 0)
    [shown] = list_shown(site)
    assert (shown["alt"], shown["width"], shown["height"]) == ("停水范围", "960", "480")
    widths = [source.split()[1] for source in shown["srcset"].split(", ")]
    assert widths == ["480w", "960w"]
    assert [open_served(site, source.split()[0]).size[0] for source in shown["srcset"].split(", ")] == [480, 960]
    sheet = read_page(site).xpath("//div[@class='body']//a")[0].get("href")
    assert sheet.endswith("/%E7%94%B3%E8%AF%B7%E8%A1%A8%EF%BC%88%E6%96%B0%EF%BC%89.xlsx")
    assert [words for _, words in list_offered(site)] == ["ET名单ET · 1 KB", "XLSX申请表XLSX · 3 KB"]
    # The cover stands on the cards.
    assert "files/" in site.read_page("index.html")
    assert find_broken_links(site.output, "https://fabu.linjiang.example") == []
    for page in site.output.rglob("*.*"):
        assert HANDED_BASE.encode() not in page.read_bytes()


def test_pictures_lose_where_they_were_taken_and_keep_their_colours(site: SmallSite) -> None:
    photo = Image.new("RGB", (1200, 600), "teal")
    exif = photo.getexif()
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 1.0)})
    out, printed = io.BytesIO(), io.BytesIO()
    photo.save(out, "JPEG", exif=exif)
    Image.new("CMYK", (1200, 600), (0, 255, 255, 0)).save(printed, "JPEG")
    assert b"Exif" in out.getvalue()
    text = "![步道](照片.jpg)\n\n![海报](印刷.jpg)\n\n[原图](照片.jpg)"
    drop(site, {"news/a.md": write_draft(text), "news/照片.jpg": out.getvalue(), "news/印刷.jpg": printed.getvalue()})
    report, _ = site.publish()
    assert tell(report) == []
    first, second = list_shown(site)
    assert not open_served(site, first["src"]).getexif()
    red, green, blue = open_served(site, second["src"]).convert("RGB").getpixel((5, 5))
    assert red > 180 > 90 > max(green, blue)
    # A picture that is offered for download is no smaller, and says as little.
    original = open_served(site, unquote(read_page(site).xpath("//div[@class='body']//a")[0].get("href")))
    assert original.size == (1200, 600)
    assert not original.getexif().get_ifd(0x8825)


def test_one_content_is_copied_and_made_once(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    make = images.PictureWorkers.make_renditions

    async def count(self, data):
        made.append(data)
        return await make(self, data)

    monkeypatch.setattr(images.PictureWorkers, "make_renditions", count)
    for name in ("a", "b"):
        drop(site, {f"news/{name}.md": write_draft("![步道](图.jpg)", title=name, number=name)})
    drop(site, {"news/图.jpg": PICTURE, "notices/c.md": write_draft("![步道](图.jpg)", title="c", number="c")})
    drop(site, {"notices/图.jpg": PICTURE})
    report, _ = site.publish()
    assert tell(report) == []
    assert (len(made), len(list_blobs(site))) == (1, 2)
    assert {list_shown(site, title)[0]["src"] for title in "abc"} == {list_shown(site, "a")[0]["src"]}
    # Under another name it is the same picture.
    (site.site.content / "notices/图.jpg").rename(site.site.content / "notices/步道.jpg")
    drop(site, {"notices/c.md": write_draft("![步道](步道.jpg)", title="c", number="c")})
    site.publish(LATER)
    assert len(made) == 1
    assert list_shown(site, "c")[0]["src"] == list_shown(site, "a")[0]["src"]


# When it is read again -------------------------------------------------------------------------------------------


def test_an_unchanged_publish_reads_no_picture(site: SmallSite) -> None:
    drop(
        site,
        {"news/a.md": write_draft("![步道](图.jpg)\n\n[表](表.xlsx)"), "news/图.jpg": PICTURE, "news/表.xlsx": SHEET},
    )
    site.publish()
    shown = list_shown(site)
    touch_unread(site.site.content / "news/图.jpg")
    touch_unread(site.site.content / "news/表.xlsx")
    # Nor does a changed draft have those read that are as they were.
    for text in ("![步道](图.jpg)\n\n[表](表.xlsx)", "改了。\n\n![步道](图.jpg)\n\n[表](表.xlsx)"):
        drop(site, {"news/a.md": write_draft(text)})
        report, _ = site.publish(LATER)
        assert (tell(report), mirror(report)) == ([], (0, 0, 0, 0))
        assert list_shown(site) == shown


def test_a_picture_that_changed_is_shown_while_the_draft_did_not(site: SmallSite) -> None:
    drop(site, {"news/a.md": write_draft("![步道](图.jpg)"), "news/图.jpg": PICTURE})
    site.publish()
    [before] = list_shown(site)
    drop(site, {"news/图.jpg": paint("red", 700, 700)})
    report, built = site.publish(LATER)
    [after] = list_shown(site)
    assert mirror(report) == (1, 0, 0, 0)
    assert (before["width"], after["width"]) == ("960", "700")
    assert find_page(site, "关于停水的通知") in built.changed_paths
    assert site.publish(LATER)[1].changed_paths == ()


def test_a_picture_that_was_only_touched_changes_nothing(site: SmallSite) -> None:
    drop(site, {"news/a.md": write_draft("![步道](图.jpg)"), "news/图.jpg": PICTURE})
    site.publish()
    os.utime(site.site.content / "news/图.jpg", (1_000_000_000, 1_000_000_000))
    report, built = site.publish(LATER)
    assert (mirror(report), built.changed_paths) == ((0, 0, 0, 0), ())


def test_a_picture_that_comes_later_is_shown_then(site: SmallSite) -> None:
    drop(site, {"news/a.md": write_draft("步道开放。![步道](图.jpg)")})
    [told] = tell(site.publish()[0])
    assert told.startswith("news/a.md:7 图片“图.jpg”没有找到")
    # The finding stays until it is mended.
    assert tell(site.publish()[0]) == [told]
    drop(site, {"news/图.jpg": PICTURE})
    report, _ = site.publish(LATER)
    assert tell(report) == []
    assert len(list_shown(site)) == 1


def test_a_picture_that_is_gone_is_told_and_leaves_the_page(site: SmallSite) -> None:
    drop(site, {"news/a.md": write_draft("步道开放。![步道](图.jpg)"), "news/图.jpg": PICTURE})
    site.publish()
    (site.site.content / "news/图.jpg").unlink()
    report, _ = site.publish(LATER)
    assert len(tell(report)) == 1
    assert list_shown(site) == []


def test_content_may_be_a_link_to_a_folder_elsewhere(site: SmallSite, tmp_path: Path) -> None:
    drop(site, {"news/a.md": write_draft("![步道](图.jpg)"), "news/图.jpg": PICTURE})
    site.site.content.rename(tmp_path / "share")
    site.site.content.symlink_to(tmp_path / "share", target_is_directory=True)
    report, _ = site.publish()
    assert (tell(report), mirror(report)) == ([], (1, 0, 0, 0))
    assert len(list_shown(site)) == 1
    assert not [*(site.site.state / "handover").rglob("*.jpg")]


# Links between drafts --------------------------------------------------------------------------------------------


def read_link(site: SmallSite, title: str) -> str | None:
    [*links] = read_page(site, title).xpath("//div[@class='body']//a")
    return links[0].get("href") if links else None


def test_drafts_link_to_one_anothers_pages(site: SmallSite) -> None:
    drop(
        site,
        {
            "notices/停水.md": write_draft("详见[公交改道](../news/公交 改道.md#时间)。" + BRIDGE[0]),
            "news/公交 改道.md": write_draft(
                "因[停水](../notices/停水.md)改道。" + BRIDGE[1], title="公交改道", number="gj"
            ),
        },
    )
    report, _ = site.publish()
    assert tell(report) == []
    assert read_link(site, "关于停水的通知") == f"../{find_page(site, '公交改道')}"
    assert read_link(site, "公交改道") == f"../{find_page(site, '关于停水的通知')}"
    feed = (site.output / "feeds/channel.atom").read_text(encoding="utf-8")
    assert DRAFT_BASE not in feed
    assert f"https://fabu.linjiang.example/{find_page(site, '公交改道')}" in feed


def test_a_link_follows_its_draft_through_renaming(site: SmallSite) -> None:
    drop(site, {"notices/a.md": write_draft("详见[公交](b.md)。" + BRIDGE[0])})
    drop(site, {"notices/b.md": write_draft("改道。" + BRIDGE[1], title="公交改道", number="gj")})
    site.publish()
    page = find_page(site, "公交改道")
    (site.site.content / "notices/b.md").rename(site.site.content / "notices/公交.md")
    report, _ = site.publish(LATER)
    assert [one.partition("。")[0] for one in tell(report)] == ["notices/a.md:7 链接的稿件“b.md”没有找到"]
    assert read_link(site, "关于停水的通知") == f"../{page}"


def test_a_link_to_a_draft_that_comes_later_works_from_then_on(site: SmallSite) -> None:
    drop(site, {"notices/a.md": write_draft("详见[公交](b.md)。" + BRIDGE[0])})
    report, _ = site.publish()
    assert len(tell(report)) == 1
    assert read_link(site, "关于停水的通知") is None
    assert "详见公交。" in read_page(site).text_content()
    drop(site, {"notices/b.md": write_draft("改道。" + BRIDGE[1], title="公交改道", number="gj")})
    report, _ = site.publish(LATER)
    assert tell(report) == []
    assert read_link(site, "关于停水的通知") == f"../{find_page(site, '公交改道')}"


def test_a_draft_with_a_foreign_name_for_a_folder_is_still_a_place_for_files(site: SmallSite) -> None:
    assert "图片" not in places.GENRES
    drop(site, {"图片/图.jpg": PICTURE, "news/a.md": write_draft("![步道](../图片/图.jpg)")})
    report, _ = site.publish()
    assert tell(report) == []
    assert len(list_shown(site)) == 1
