"""The channel's own feeds, as another portal reads them."""

from __future__ import annotations

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
