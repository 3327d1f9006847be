"""Archive documents (RFC 5005): from the newest entry to the first post, each once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from feed_fixtures import list_chain, list_ids, list_removed, read_links, read_xml
from site_fixtures import BRIDGE, LIBRARY, NOW, SUBSIDY, SWIMMING, Item, SmallSite, list_tree

from aggregator.build import writer
from aggregator.plugins.stories import lists
from aggregator.plugins.stories.planning import paths, rows

ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
CHANNEL, ACCOUNT = "feeds/channel.atom", "accounts/ranqi/feed.atom"
TEXTS = (SUBSIDY, BRIDGE, LIBRARY, SWIMMING)


def write_item(number: int, days: float) -> Item:
    """A post of so many days ago, like no other."""
    text = (f"第{number}号线路公交车改道，经过{number}号路口。", f"编号{number * 7919}，咨询请到{number}号窗口。")
    return Item(f"r{number}", f"第{number}号公共汽车线路临时改道绕行的通知", text, NOW - timedelta(days=days))


OLD = tuple(write_item(number, days) for number, days in enumerate((1, 2, 33, 34, 95)))
"""Of March, twice February, and of December of the year before."""


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    site = SmallSite(tmp_path / "site").set_up()
    site.set_feed("ranqi", *OLD)
    site.publish()
    return site


def read_changes(site: SmallSite, *items: Item) -> set[str]:
    """Archive documents that these posts, in place of those there are, change."""
    before = list_tree(site.output)
    site.set_feed("ranqi", *items)
    site.publish()
    after = list_tree(site.output)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return {path for path in changed if path.endswith(".atom") and not path.endswith("feed.atom")} - {CHANNEL}


@pytest.mark.parametrize("feed", [CHANNEL, ACCOUNT])
def test_the_chain_leads_to_the_first_post_and_has_each_once(site: SmallSite, feed: str) -> None:
    chain = list_chain(site, feed)
    folder = "archive" if feed == CHANNEL else "accounts/ranqi"
    assert chain == [f"{folder}/{month}.atom" for month in ("2026-03", "2026-02", "2025-12")]
    assert [one for path in chain for one in list_ids(site, path)] == list_ids(site, feed)
    assert len({*list_ids(site, feed)}) == len(OLD)


def test_an_archive_document_leads_to_those_beside_it_and_to_the_feed(site: SmallSite) -> None:
    document = read_xml(site, "accounts/ranqi/2026-02.atom")
    links = read_links(document)
    assert document.find(ARCHIVE) is not None
    assert links.pop("alternate") == "accounts/ranqi/2026-02.html"
    assert links == {
        "self": "accounts/ranqi/2026-02.atom",
        "current": ACCOUNT,
        "prev-archive": "accounts/ranqi/2025-12.atom",
        "next-archive": "accounts/ranqi/2026-03.atom",
    }
    assert read_xml(site, CHANNEL).find(ARCHIVE) is None


def test_the_only_document_of_a_list_is_no_archive_until_there_is_another(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    site.set_feed("ranqi", *OLD[:1])
    site.publish()
    only = read_xml(site, "accounts/ranqi/2026-03.atom")
    assert only.find(ARCHIVE) is None
    assert read_links(only)["current"] == ACCOUNT
    assert list_chain(site, ACCOUNT) == ["accounts/ranqi/2026-03.atom"]
    assert "accounts/ranqi/2026-03.atom" in read_changes(site, *OLD)
    assert read_xml(site, "accounts/ranqi/2026-03.atom").find(ARCHIVE) is not None


def test_a_month_changes_when_one_of_its_own_stories_does(site: SmallSite) -> None:
    assert read_changes(site, *OLD[:4], Item("r4", "改了标题的通知", OLD[4].text, OLD[4].date)) == {
        "archive/2025-12.atom", "accounts/ranqi/2025-12.atom",
    }  # fmt: skip


def test_a_new_month_touches_those_beside_it_alone(site: SmallSite) -> None:
    assert read_changes(site, *OLD, write_item(9, 65)) == {
        f"{folder}/{month}.atom"
        for folder in ("archive", "accounts/ranqi")
        for month in ("2025-12", "2026-01", "2026-02")
    }


def test_a_month_that_loses_its_last_story_is_no_link_of_the_chain(site: SmallSite) -> None:
    (story,) = [story["id"] for title, story in site.stories().items() if title == OLD[4].title]
    site.site.editorial.write_text(f'[[hide]]\nstory = "{story}"\nreason = "有误"\n', encoding="utf-8")
    site.publish(NOW + timedelta(days=1))
    assert list_chain(site, CHANNEL) == ["archive/2026-03.atom", "archive/2026-02.atom"]
    assert not (site.output / "archive" / "2025-12.atom").exists()
    assert len(list_removed(site, CHANNEL)) == 1


def test_a_very_full_month_has_a_document_for_each_day(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lists, paths, rows):
        monkeypatch.setattr(module, "SPLIT", 3)
    # Worker processes would have the number of the program.
    monkeypatch.setattr(writer, "PARALLEL", 1 << 30)
    full = (*OLD, *(write_item(20 + number, 1 + number / 20) for number in range(4)))
    read_changes(site, *full)
    chain = list_chain(site, CHANNEL)
    assert chain[-2:] == ["archive/2026-02.atom", "archive/2025-12.atom"]
    assert all(path.startswith("archive/2026-03-") for path in chain[:-2])
    assert not (site.output / "archive" / "2026-03.atom").exists()
    assert [one for path in chain for one in list_ids(site, path)] == list_ids(site, CHANNEL)
    # What is there after a build of the whole is what builds of the changes made.
    former = {path: data for path, (data, _) in list_tree(site.output).items()}
    site.build(full=True)
    assert {path: data for path, (data, _) in list_tree(site.output).items()} == former
