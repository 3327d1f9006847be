"""`matrix wechat`: what lies in the folder, and what is said."""

from __future__ import annotations

import pytest
from PIL import Image
from site_fixtures import BASE, NOW, Item, SmallSite
from wechat_fixtures import DRAFT, make_picture
from wechat_fixtures import water as water

from aggregator import pipeline
from aggregator.build import load_settings
from aggregator.errors import ConfigError
from aggregator.registry import load_registry
from aggregator.wechat import filter_html


def find_line(text: str) -> int:
    return next(number for number, line in enumerate(DRAFT.splitlines(), 1) if text in line)


def test_a_draft_not_published_yet_lies_ready_in_a_folder_of_its_title(water: SmallSite) -> None:
    done = water.call("wechat", "content/notices/停水.md")
    folder = water.root / "微信-关于城区停水的通知"
    assert done.status == 0
    assert f"已转好《关于城区停水的通知》：{folder}" in done.out
    assert sorted(file.name for file in folder.iterdir()) == [
        "图-01-现场 1.jpg", "封面-500x500.jpg", "封面-900x383.jpg", "正文.html", "纯文字.txt", "说明.txt",
    ]  # fmt: skip
    with Image.open(folder / "封面-900x383.jpg") as wide, Image.open(folder / "封面-500x500.jpg") as square:
        assert (wide.size, square.size) == ((900, 383), (500, 500))
    text = (folder / "纯文字.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert "周三夜里城区停水，请提前接水。\r\n".encode() in text


def test_each_loss_is_told_with_the_line_of_the_draft(water: SmallSite) -> None:
    report = water.call("wechat", "content/notices/停水.md", "--json").document["report"]
    assert [(drop["kind"], drop["line"]) for drop in report] == [
        ("attachment", find_line("附件")),
        ("link", find_line("改造办法")),
        ("link", find_line("游泳馆公告")),
        ("picture", find_line("抢修现场")),
        ("table", find_line("区域")),
        ("list", find_line("1 号至")),
        ("fold", find_line("水黄")),
        ("media", find_line("<video")),
        ("source", None),
    ]
    # The first number is that of the draft's own note.
    assert report[1]["message"] == ("链接 https://shuiwu.linjiang.example/banfa.html 在微信里点不开，已改成脚注 [2]。")
    assert report[3]["message"] == "图片 现场 1.jpg 要在微信里重新上传，位置已留出（图 1）。"


def test_a_link_to_another_draft_leads_to_its_page_where_that_is_public(water: SmallSite) -> None:
    page = f"{BASE}/s/{water.stories()['游泳馆恢复开放的公告']['id']}.html"
    water.call("wechat", "notices/停水.md", "--out", str(water.root / "out"))
    assert f"游泳馆公告：{page}" in (water.root / "out" / "纯文字.txt").read_text(encoding="utf-8-sig")


def test_title_author_digest_and_address_are_those_of_the_published_page(water: SmallSite) -> None:
    water.publish()
    document = water.call("wechat", "tz-tingshui", "--json").document
    story = water.stories()["关于城区停水的通知"]["id"]
    assert (document["title"], document["author"], document["digest"], document["source_url"]) == (
        "关于城区停水的通知", "临江市水务局", "周三夜里停水。", f"{BASE}/s/{story}.html",
    )  # fmt: skip
    assert water.call("wechat", f"{BASE}/s/{story}.html", "--json").document == document
    assert "图-01-现场 1.jpg" in document["files"]
    assert "封面-900x383.jpg" in document["files"]


def test_a_story_of_a_feed_is_signed_by_its_unit_and_leads_to_our_page(small_site: SmallSite) -> None:
    story = small_site.stories()["跨江大桥引道施工期间单车道通行"]["id"]
    document = small_site.call("wechat", story, "--json").document
    assert document["source_url"] == f"{BASE}/s/{story}.html"
    assert document["key"] == story
    assert document["author"]
    assert document["report"] == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("content/notices/youyon.md", "是不是“content/notices/youyong.md”？"),
        ("停.md", "例如 content/notices/停水.md"),
        ("https://a.example/s/aaaaaaaaaaaaa.html", "核对网址"),
        ("没有这个编号", "核对网址"),
        ("content/notices", "核对网址"),
        ("../../../etc/passwd.md", "写稿件的路径"),
        ("content/README.md", "稿件放在 content 的这些文件夹里"),
    ],
)
def test_a_wrong_name_is_told_and_writes_nothing(small_site: SmallSite, name: str, hint: str) -> None:
    (small_site.root / "content" / "README.md").write_text("说明", encoding="utf-8")
    done = small_site.call("wechat", name)
    assert done.status == 2
    assert hint in done.err
    assert not list(small_site.root.glob("微信-*"))


def test_a_withdrawn_story_is_not_made_ready(small_site: SmallSite) -> None:
    story = small_site.stories()["跨江大桥引道施工期间单车道通行"]["id"]
    assert small_site.call("withdraw", story, "--reason", "时间有误").status == 0
    done = small_site.call("wechat", story)
    assert done.status == 2
    assert "已经撤下" in done.err


def test_a_draft_that_shows_the_number_of_a_person_is_not_made_ready(small_site: SmallSite) -> None:
    small_site.set_draft("notices/mingdan.md", ("张某某 11010519491231002X",), 标题="名单")
    done = small_site.call("wechat", "content/notices/mingdan.md")
    assert done.status == 2
    assert "mingdan.md:5" in done.err


def test_what_an_earlier_run_left_of_pictures_is_gone(water: SmallSite) -> None:
    out = water.root / "out"
    water.call("wechat", "content/notices/停水.md", "--out", str(out))
    assert (out / "图-01-现场 1.jpg").is_file()
    (out / "我的笔记.txt").write_text("留着", encoding="utf-8")
    draft = water.root / "content" / "notices" / "停水.md"
    draft.write_text(DRAFT.replace("![抢修现场](现场 1.jpg)", ""), encoding="utf-8")
    water.call("wechat", "content/notices/停水.md", "--out", str(out))
    assert sorted(file.name for file in out.iterdir()) == [
        "封面-500x500.jpg", "封面-900x383.jpg", "我的笔记.txt", "正文.html", "纯文字.txt", "说明.txt",
    ]  # fmt: skip


def test_a_picture_goes_without_the_place_where_it_was_taken(water: SmallSite) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (26.0, 38.0, 1.0)
    exif[0x8825] = exif.get_ifd(0x8825)
    (water.root / "content" / "notices" / "现场 1.jpg").write_bytes(make_picture(exif=exif))
    water.call("wechat", "content/notices/停水.md", "--out", str(water.root / "out"))
    with Image.open(water.root / "out" / "图-01-现场 1.jpg") as image:
        assert not image.getexif().get_ifd(0x8825)


@pytest.mark.parametrize(
    ("mode", "kind", "expected"), [("RGB", "WEBP", "jpg"), ("RGBA", "WEBP", "png"), ("RGB", "BMP", "jpg")]
)
def test_a_picture_that_wechat_would_not_take_is_made_one_that_it_takes(
    water: SmallSite, mode: str, kind: str, expected: str
) -> None:
    picture = make_picture(kind, mode=mode)
    (water.root / "content" / "notices" / "现场 1.jpg").write_bytes(picture)
    water.call("wechat", "content/notices/停水.md", "--out", str(water.root / "out"))
    with Image.open(water.root / "out" / f"图-01-现场 1.{expected}") as image:
        assert image.format == {"jpg": "JPEG", "png": "PNG"}[expected]
        assert image.size == (640, 480)


def test_a_picture_that_cannot_be_opened_is_told(water: SmallSite) -> None:
    (water.root / "content" / "notices" / "现场 1.jpg").write_bytes(b"\xff\xd8 broken")
    done = water.call("wechat", "content/notices/停水.md")
    assert f"第 {find_line('抢修现场')} 行：图 1 打不开，请找原图上传。" in done.out


def test_a_feeds_picture_without_a_copy_of_ours_is_named_with_its_address(small_site: SmallSite) -> None:
    picture = "https://tu.linjiang.example/a/现场.png"
    item = Item("ranqi-9", "管道抢修完毕恢复供气", (f'</p><img src="{picture}"><p>', "全城恢复供气，感谢市民理解。"))
    small_site.set_feed("ranqi", item)
    registry = small_site.root / "content" / "registry" / "accounts.toml"
    registry.write_text(registry.read_text(encoding="utf-8").replace("rank = 60", "rank = 60\nmirror = false"))
    small_site.publish()
    done = small_site.call("wechat", small_site.stories()["管道抢修完毕恢复供气"]["id"])
    assert "图 1 不在这台电脑上，请先打开 https://tu.linjiang.example/a/" in done.out


def test_the_preview_gets_the_same_article(water: SmallSite) -> None:
    settings, registry = load_settings(water.site), load_registry(water.site.registry)
    article = pipeline.prepare_wechat(water.site, settings, registry, None, NOW, "notices/停水.md")
    assert [one.name for one in article.pictures] == ["现场 1.jpg"]
    assert article.cover == water.root / "content" / "notices" / "现场 1.jpg"
    assert filter_html(article.html) == article.html


def test_drafts_outside_of_content_are_not_read_for_the_preview_either(water: SmallSite) -> None:
    (water.root / "news").mkdir()
    (water.root / "news" / "外面.md").write_text("标题: 外面\n\n正文\n", encoding="utf-8")
    settings, registry = load_settings(water.site), load_registry(water.site.registry)
    with pytest.raises(ConfigError):
        pipeline.prepare_wechat(water.site, settings, registry, None, NOW, "../news/外面.md")


def test_what_is_read_only_by_publishing_must_have_been_published(water: SmallSite) -> None:
    (water.root / "content" / "notices" / "公告.pdf").write_bytes(b"%PDF-1.7\n")
    done = water.call("wechat", "content/notices/公告.pdf")
    assert done.status == 2
    assert "先运行 matrix publish" in done.err
    water.publish()
    document = water.call("wechat", "content/notices/公告.pdf", "--json").document
    assert document["title"] == "公告"
    assert [drop["kind"] for drop in document["report"]] == ["attachment"]
