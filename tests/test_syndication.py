"""The channel's own feeds, as another portal reads them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from site_fixtures import ATOM, SmallSite

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def test_every_rss_item_has_a_description_and_its_whole_text(published_city: SmallSite) -> None:
    feed = ElementTree.parse(published_city.output / "feeds" / "channel.rss")  # noqa: S314 - our own file
    items = list(feed.iter("item"))
    assert len(items) == 50
    for item in items:
        title = item.findtext("title")
        assert item.findtext("description"), title
        assert "<p>" in (item.findtext(CONTENT) or ""), title
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") == "false", title


def test_every_atom_entry_names_who_answers_for_it(published_city: SmallSite) -> None:
    feed = ElementTree.parse(published_city.output / "feeds" / "channel.atom")  # noqa: S314 - our own file
    entries = list(feed.iter(f"{ATOM}entry"))
    assert len(entries) == 50
    for entry in entries:
        assert entry.findtext(f"{ATOM}author/{ATOM}name"), entry.findtext(f"{ATOM}title")
        assert entry.findtext(f"{ATOM}content"), entry.findtext(f"{ATOM}title")


def test_what_the_header_says_in_one_sentence_begins_the_summary(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    gist = "年底前交医保，每人420元。"
    site.set_draft("notices/a.md", ("手机、银行、社区都能办。",), 标题="医保缴费", 日期="2026-03-12", 一句话=gist)
    site.set_draft("notices/b.md", ("学校报名。",), 标题="报名", 日期="2026-03-11", 一句话=gist, 摘要="五月报名。")
    site.set_draft("notices/c.md", ("停水六小时。",), 标题="停水", 日期="2026-03-10")
    site.publish()
    for name, tag in (("channel.rss", "description"), ("channel.atom", f"{ATOM}summary")):
        feed = ElementTree.parse(site.output / "feeds" / name)  # noqa: S314 - our own file
        kind = "item" if name.endswith("rss") else f"{ATOM}entry"
        assert [item.findtext(tag) for item in feed.iter(kind)] == [gist, f"{gist} 五月报名。", "停水六小时。"]
