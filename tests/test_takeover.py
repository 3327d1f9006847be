"""A post that waits becomes a draft, with its source stated and its pictures beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from handover_fixtures import make_picture
from inbox_fixtures import DAY, HOUR
from selection_fixtures import (
    OUTAGE,
    SPRING,
    edit,
    is_shown,
    list_waiting,
    read_choices,
)
from selection_fixtures import reviewed as reviewed
from selection_fixtures import site as site
from site_fixtures import NOW, SmallSite


def test_a_post_is_written_anew_with_its_source_and_published(site: SmallSite) -> None:
    done = edit(site, list_waiting(site)["chun-1"].code)
    assert done.file == site.site.content / "news" / "老街的春天来了.md"
    text = done.file.read_text(encoding="utf-8")
    assert "来源: 临江市jiedao局\n" in text
    assert f"原文链接: {SPRING.link}\n" in text
    assert read_choices(site) == [("edit", "jiedao:chun-1", "赵")]
    assert 'draft = "news/老街的春天来了.md"' in site.site.editorial.read_text(encoding="utf-8")
    report, _ = site.publish(NOW + HOUR)
    assert [one for one in report.findings if "老街" in one.file] == []
    assert is_shown(site, SPRING.text[0])
    assert "chun-1" not in list_waiting(site)
    site.set_feed("jiedao", OUTAGE, replace(SPRING, text=("花都谢了。" * 9,)))
    site.update(NOW + DAY)
    assert "由 赵 改写" in list_waiting(site)["chun-1"].reasons[-1]


def test_a_text_that_was_held_does_not_go_out_while_it_is_mended(site: SmallSite) -> None:
    done = edit(site, "shu-1")
    assert done.hidden
    assert done.file.name == "_补贴名单公示.md"
    site.publish(NOW + HOUR)
    assert not is_shown(site, "张伟")


def test_a_second_draft_of_one_name_leaves_the_first_alone(site: SmallSite) -> None:
    first = site.set_draft("news/老街的春天来了.md", ("已有的。",), 标题="已有")
    before = first.read_text(encoding="utf-8")
    assert edit(site, "chun-1").file.name == "老街的春天来了 (2).md"
    assert first.read_text(encoding="utf-8") == before


def test_pictures_are_copied_beside_the_draft(site: SmallSite) -> None:
    """Under names that any computer takes; what does not come keeps its address."""
    folder = site.root / "content" / "handover" / "zhen"
    folder.mkdir(parents=True)
    (folder / "图 1.png").write_bytes(make_picture(30, 20))
    (folder / "乡村.html").write_text(
        "<html><head><title>乡村的灯“亮”了</title></head><body><p>"
        + "路灯装到了村口，晚上散步的人多了起来。" * 5
        + '</p><p><img src="图 1.png" alt="路灯"></p><p><img src="http://127.0.0.1:9/x.png"></p></body></html>',
        encoding="utf-8",
    )
    site.set_account("zhen", selection="review", feeds=["../handover/zhen/"])
    site.update(NOW)
    (key,) = [key for key, one in list_waiting(site).items() if one.account == "zhen"]
    done = edit(site, f"zhen:{key}")
    assert (done.pictures, done.missing) == (1, ("http://127.0.0.1:9/x.png",))
    text = done.file.read_text(encoding="utf-8")
    (picture,) = done.file.parent.glob("*.png")
    assert picture.read_bytes() == (folder / "图 1.png").read_bytes()
    assert re.fullmatch(r"乡村的灯“亮”了-[a-z2-9]{6}-1\.png", picture.name)
    assert f"![路灯]({picture.name})" in text
    site.publish(NOW + timedelta(hours=2))
    assert is_shown(site, "路灯装到了村口")
