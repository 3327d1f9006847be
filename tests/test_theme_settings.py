"""The settings by which a city makes the look its own: house colour, emblem, telephones, menu."""

from __future__ import annotations

import re

import pytest
from site_fixtures import SmallSite

from aggregator.build.settings import find_oddities

EMBLEM = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="30"/></svg>'


def read_home(site: SmallSite) -> str:
    return (site.site.output / "index.html").read_text(encoding="utf-8")


def test_a_house_colour_is_a_class_of_every_page_and_costs_no_style_sheet(small_site: SmallSite) -> None:
    assert '<html lang="zh-CN">' in read_home(small_site)
    small_site.set_settings(BRAND="红")
    report = small_site.build()
    assert '<html lang="zh-CN" class="brand-red">' in read_home(small_site)
    assert not [path for path in report.changed_paths if path.startswith("theme/")]
    assert small_site.build(full=True).changed_paths == ()


def test_an_emblem_of_the_citys_own_takes_the_place_of_the_themes(small_site: SmallSite) -> None:
    (small_site.root / "content" / "市徽.svg").write_text(EMBLEM, encoding="utf-8")
    small_site.set_settings(EMBLEM="市徽.svg")
    small_site.build()
    (source,) = {*re.findall(r'src="(theme/emblem\.[^"]+)"', read_home(small_site))}
    assert (small_site.site.output / source).read_text(encoding="utf-8") == EMBLEM


def test_another_picture_under_the_same_name_has_another_address(small_site: SmallSite) -> None:
    """Files of the theme are cached for good."""
    emblem = small_site.root / "content" / "a.svg"
    emblem.write_text(EMBLEM, encoding="utf-8")
    small_site.set_settings(EMBLEM="a.svg")
    small_site.build()
    before = {*re.findall(r"theme/emblem\.[^\"]+", read_home(small_site))}
    emblem.write_text(EMBLEM.replace("30", "20"), encoding="utf-8")
    small_site.build()
    assert before.isdisjoint(re.findall(r"theme/emblem\.[^\"]+", read_home(small_site)))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BRAND", "紫", "没有“紫”这种主色"),
        ("EMBLEM", "没有.png", "EMBLEM 写的图标“没有.png”在 content 文件夹里找不到"),
        ("EMBLEM", "editorial.toml", "或者不是图片"),
    ],
)
def test_a_wrong_setting_is_told_before_anything_is_touched(
    small_site: SmallSite, name: str, value: str, told: str
) -> None:
    small_site.set_settings(**{name: value})
    result = small_site.call("build")
    assert (result.status, told in result.err, "办法：" in result.err) == (2, True, True)


def test_telephones_of_the_settings_stand_on_the_home_page(small_site: SmallSite) -> None:
    small_site.set_settings(HOTLINES=(("供水抢修", "0599-8300110"),))
    small_site.build()
    assert 'href="tel:0599-8300110"' in read_home(small_site)


def test_a_menu_that_a_phone_has_no_room_for_is_told_and_shown(small_site: SmallSite) -> None:
    entries = tuple((f"第{number}项", "https://www.linjiang.example/") for number in range(6))
    menu = (("政务公开平台", entries), *((f"第{number}组", entries[:1]) for number in range(3)))
    small_site.set_settings(MENU=menu)
    result = small_site.call("build", "--json")
    assert result.status == 0
    assert result.document["rendered"]
    for told in ("菜单共 4 组", "“政务公开平台”超过 4 个字", "“政务公开平台”有 6 项"):
        assert told in result.err
    assert "政务公开平台" in read_home(small_site)


def test_a_menu_that_fits_is_not_talked_about() -> None:
    assert find_oddities({"MENU": (("看政策", (("通知公告", "column:notices"),) * 5),) * 3}) == ()


def test_the_page_about_feeds_is_there_and_can_be_reached(small_site: SmallSite) -> None:
    page = (small_site.site.output / "feeds" / "index.html").read_text(encoding="utf-8")
    assert 'href="../feeds/channel.rss"' in page
    assert 'href="feeds/index.html"' in read_home(small_site)
