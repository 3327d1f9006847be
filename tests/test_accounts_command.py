"""`matrix accounts`: registers come and go as a sheet or a list of feeds, and an account gets another id."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_fixtures import read
from site_fixtures import (
    SmallSite,
    list_tree,
)


def read_accounts(site: SmallSite) -> str:
    text: str = read(site, "accounts", "export", "--json").document["text"]
    return text


def test_accounts_survive_export_and_import(published_site: SmallSite, tmp_path: Path) -> None:
    sheet, other = tmp_path / "accounts.csv", SmallSite(tmp_path / "other").set_up()
    exported = read(published_site, "accounts", "export", str(sheet), "--json").document
    assert (exported["format"], exported["file"]) == ("csv", str(sheet))
    accounts = ["ranqi", "fabu", "hedong"]
    first = read(other, "accounts", "import", str(sheet), "--json").document
    assert [account for account in first["added"] if account != "local"] == accounts
    again = read(other, "accounts", "import", str(sheet), "--json").document
    assert again == {"added": [], "updated": [], "unchanged": [*accounts, "local"]}
    assert read_accounts(other) == read_accounts(published_site)


def test_accounts_go_to_a_feed_reader_and_come_from_one(small_site: SmallSite, tmp_path: Path) -> None:
    small_site.set_account("ranqi", feeds=["https://ranqi.linjiang.example/feed.xml"])
    list_of_feeds, other = tmp_path / "accounts.opml", SmallSite(tmp_path / "other").set_up()
    read(small_site, "accounts", "export", str(list_of_feeds))
    assert len(read(other, "accounts", "import", str(list_of_feeds), "--json").document["added"]) >= 1
    assert "https://ranqi.linjiang.example/feed.xml" in other.site.registry.read_text(encoding="utf-8")


def test_export_without_a_file_is_printed(published_site: SmallSite) -> None:
    assert read(published_site, "accounts", "export").out.splitlines()[1].startswith("ranqi,")
    assert "<opml" in read(published_site, "accounts", "export", "--format", "opml").out


@pytest.mark.parametrize("name", ["missing.csv", "accounts.docx"])
def test_an_import_that_cannot_be_read_touches_nothing(small_site: SmallSite, tmp_path: Path, name: str) -> None:
    before = list_tree(small_site.root)
    assert read(small_site, "accounts", "import", str(tmp_path / name), "--json", status=2).document["error"]["remedy"]
    assert list_tree(small_site.root) == before


def test_a_renamed_account_can_be_renamed_back(small_site: SmallSite) -> None:
    registry = small_site.site.registry.read_bytes()
    renamed = read(small_site, "accounts", "rename", "fabu", "xinwen", "--json").document
    assert renamed == {"old": "fabu", "new": "xinwen", "posts": 2}
    assert read(small_site, "accounts", "rename", "xinwen", "fabu", "--json").document["posts"] == 2
    assert small_site.site.registry.read_bytes() == registry


@pytest.mark.parametrize(("old", "new"), [("nobody", "anybody"), ("fabu", "ranqi"), ("fabu", "not an id")])
def test_a_rename_that_cannot_be_done_changes_nothing(small_site: SmallSite, old: str, new: str) -> None:
    registry, stories = small_site.site.registry.read_bytes(), small_site.stories()
    read(small_site, "accounts", "rename", old, new, status=2)
    assert (small_site.site.registry.read_bytes(), small_site.stories()) == (registry, stories)


def test_an_id_that_was_used_before_is_not_given_again(small_site: SmallSite) -> None:
    """Its posts and feeds are still known: a wrong command, told before anything is touched."""
    small_site.accounts.pop("ranqi")
    small_site.write_registry()
    registry, promised = small_site.site.registry.read_bytes(), small_site.addresses()
    result = read(small_site, "accounts", "rename", "fabu", "ranqi", status=2)
    assert "编号 ranqi 以前用过" in result.err
    assert (small_site.site.registry.read_bytes(), small_site.addresses()) == (registry, promised)
