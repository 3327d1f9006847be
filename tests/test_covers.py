"""Covers drawn from title and department: always of one size, always light, always with the title whole."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from font_fixtures import face as face
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from site_fixtures import SmallSite

from aggregator.errors import ConfigError, FontMissingError
from aggregator.images.cover import BOTH, MAX_WEBP, SQUARE, WIDE, Cover, draw_cover
from aggregator.images.fonts import PLACES, Face, find_face, find_missing
from aggregator.images.motifs import MOTIFS, PLAIN, Motif

TITLES = {
    "short": "停水通知",
    "one character": "雪",
    "none": "",
    "numbers": "江南新城云麓家园422套公租房将公开摇号，11月25日9:00全程网上直播",
    "English": "5G+AI智慧政务：WeChat小程序v2.0上线",
    "one long word": "Supercalifragilisticexpialidocious" * 4,
    "Traditional": "關於調整臺灣居民來往大陸通行證補發辦理時限的公告",
    "a document's name": "关于印发《栖江市公共租赁住房租赁补贴管理办法》的通知",
    "emoji": "🎉春节快乐👨‍👩‍👧福到啦🧨",
    "rare characters": "𬭎𫖮㙦镇龘靐彠村名录公示",
    "long": "关于进一步做好2026年度城乡居民基本医疗保险参保缴费工作以及困难群众资助参保有关事项的补充通知" * 3,
}


def open_picture(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture


def check_cover(cover: Cover) -> None:
    wanted = ((cover.wide, WIDE), (cover.square, SQUARE), (cover.image, BOTH))
    for data, size in wanted:
        picture = open_picture(data)
        assert (picture.format, picture.size) == ("WEBP", size)
        assert len(data) <= MAX_WEBP
    for data, size in ((cover.wide_jpeg, WIDE), (cover.square_jpeg, SQUARE)):
        picture = open_picture(data)
        assert (picture.format, picture.size, picture.mode) == ("JPEG", size, "RGB")


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_any_title_makes_covers_of_the_sizes_that_are_asked_for(face: Face, title: str) -> None:
    check_cover(draw_cover(title, "栖江市住房和城乡建设局", motif="notice"))


@pytest.mark.parametrize("motif", [*MOTIFS, "page", "post", ""])
def test_every_kind_of_article_has_a_motif(face: Face, motif: str) -> None:
    check_cover(draw_cover("停水通知", "", motif=motif))


@settings(max_examples=10)
@given(title=st.text(max_size=90), department=st.text(max_size=40))
def test_no_text_breaks_a_cover(face: Face, title: str, department: str) -> None:
    check_cover(draw_cover(title, department, motif="news"))


def test_the_same_words_give_the_same_bytes(face: Face) -> None:
    first = draw_cover("关于停水的通知", "市水务局", motif="policy")
    assert draw_cover("关于停水的通知", "市水务局", motif="policy") == first
    assert draw_cover("关于停电的通知", "市水务局", motif="policy").wide != first.wide


def test_title_and_department_lie_within_the_central_square(face: Face) -> None:
    """Cut to 1:1 the picture is whole still: the sides of it don't change with the words."""
    long, short = (open_picture(draw_cover(title, unit, motif="service").image) for title, unit in (
        (TITLES["long"], "栖江市人力资源和社会保障局、栖江市医疗保障局、栖江市民政局"), ("", ""),
    ))  # fmt: skip
    changed = ImageChops.difference(long, short).convert("L").point(lambda level: 255 if level > 60 else 0).getbbox()
    assert changed is not None
    side = (BOTH[0] - BOTH[1]) // 2
    assert side + 24 < changed[0] < changed[2] < BOTH[0] - side - 24


def test_the_square_is_the_middle_of_the_picture_for_both(face: Face) -> None:
    cover = draw_cover("停水通知", "市水务局", motif="notice")
    side = (BOTH[0] - BOTH[1]) // 2
    middle = open_picture(cover.image).crop((side, 0, side + BOTH[1], BOTH[1]))
    seen = ImageChops.difference(middle.convert("L"), open_picture(cover.square_jpeg).convert("L"))
    assert sum(seen.histogram()[48:]) < 500


@pytest.mark.parametrize("motif", [PLAIN, *MOTIFS.values()], ids=["plain", *MOTIFS])
def test_white_text_has_contrast_on_every_ground(motif: Motif) -> None:
    for colour in (motif.light, motif.deep):
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        # The lightest that lies behind text is a motif's own white, a tenth of it.
        channels = [one * 0.9 + 0.1 for one in channels]
        red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5


def test_what_the_font_lacks_is_told_and_leaves_no_box(face: Face) -> None:
    assert find_missing("停水 abc", face) == frozenset()
    cover = draw_cover("停水\U000e0041\U0001f9e8通知", "", motif="notice")
    assert cover.missing == "\U0001f9e8"
    assert cover.wide == draw_cover("停水通知", "", motif="notice").wide
    # A letter that is missing leaves a mark: a name without it would be another name.
    lacking = draw_cover("停水\u0f40通知", "", motif="notice")
    if lacking.missing:
        assert lacking.wide == draw_cover("停水〓通知", "", motif="notice").wide


def test_without_a_font_the_error_names_the_package() -> None:
    with pytest.raises(FontMissingError) as error:
        find_face(places=(), asked="no-such-program")
    assert isinstance(error.value, ConfigError)
    assert "中文字体" in error.value.message
    assert "fonts-noto-cjk" in error.value.remedy


def test_a_font_without_chinese_is_none(tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.ttf"
    spoilt.write_bytes(b"no font at all")
    latin = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    with pytest.raises(FontMissingError):
        find_face(places=(str(spoilt), str(latin), str(tmp_path)), asked="no-such-program")


def test_without_fontconfig_the_face_of_the_mainland_is_found_in_a_known_place(face: Face) -> None:
    if face.file not in PLACES:
        pytest.skip("the font of this machine lies elsewhere")
    found = find_face(asked="no-such-program")
    assert found == face
    assert "SC" in str(found.load(16).getname()[0])


def test_the_command_writes_covers_of_a_draft_and_of_a_story(face: Face, small_site: SmallSite, tmp_path: Path) -> None:
    made = small_site.call("cover", "content/notices/youyong.md", "--out", str(tmp_path / "out"), "--json")
    assert made.status == 0, made.out
    assert made.document["has_picture"] is False
    assert sorted(made.document["files"]) == sorted(file.name for file in (tmp_path / "out").iterdir())
    assert open_picture((tmp_path / "out" / "首条900x383.jpg").read_bytes()).size == WIDE

    story = next(iter(small_site.stories().values()))["url"]
    told = small_site.call("cover", story)
    assert told.status == 0, told.err
    (folder,) = small_site.root.glob("封面-*")
    assert len(list(folder.iterdir())) == 5

    refused = small_site.call("cover", story, "--out", "/proc/none/here", "--json")
    assert refused.status == 2
    assert "写不进去" in refused.document["error"]["message"]
