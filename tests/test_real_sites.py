"""A site of real feeds: every post is stored, a series of polls loses and invents none, and all of it is published.

The feeds themselves stay outside the project; what is expected of them is counted here with the standard library.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from site_fixtures import BASE, SmallSite, find_broken_links

EXPECTED = json.loads((Path(__file__).parent / "data/real_feeds/expected.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def read_store(site: SmallSite, question: str) -> list[tuple[object, ...]]:
    store = sqlite3.connect(site.site.store)
    try:
        return store.execute(question).fetchall()
    finally:
        store.close()


# One poll of many feeds ---------------------------------------------------------------------------------------


SNAPSHOT = {f"feed{number}": name for number, name in enumerate(sorted(EXPECTED)) if name.startswith("snapshot/")}
"""Account -> file; the files' own names are too strange for ids."""


@pytest.fixture(scope="module")
def real_site(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """All real feeds as accounts of one site, published."""
    site = SmallSite(tmp_path_factory.mktemp("real") / "site").set_up()
    for account, name in SNAPSHOT.items():
        file = f"{account}{Path(name).suffix}"
        shutil.copy(shared_data / "feeds" / name, site.root / "content" / "registry" / "feeds" / file)
        site.accounts[account] = {
            "id": account, "name": account, "organization": account, "platform": "website", "kind": "department",
            "region": "", "feeds": [f"feeds/{file}"],
        }  # fmt: skip
    site.write_registry()
    updated, _ = site.publish(NOW)
    assert {one.id: one.error for one in updated.accounts if one.outcome == "failed"} == {}
    return site


def test_every_post_of_every_real_feed_is_stored(real_site: SmallSite) -> None:
    stored = dict(read_store(real_site, "SELECT account, count(*) FROM posts GROUP BY account"))
    expected = {account: EXPECTED[name]["posts"] for account, name in SNAPSHOT.items() if EXPECTED[name]["posts"]}
    assert stored == expected


def test_every_real_post_is_in_a_story_with_a_page(real_site: SmallSite) -> None:
    stories = real_site.call("stories", "--json").document["stories"]
    assert sum(len(story["members"]) for story in stories) == sum(EXPECTED[name]["posts"] for name in SNAPSHOT.values())
    pages = {page.name for page in (real_site.output / "s").iterdir()}
    assert {f"{story['id']}.html" for story in stories} == pages


def test_the_real_site_is_whole(real_site: SmallSite) -> None:
    assert find_broken_links(real_site.output.resolve(), BASE, every=9) == []


def test_publishing_real_feeds_again_changes_nothing(real_site: SmallSite) -> None:
    _, built = real_site.publish(NOW + timedelta(hours=1))
    assert (built.changed_paths, built.removed_paths) == ((), ())
    assert built.kept > sum(EXPECTED[name]["posts"] for name in SNAPSHOT.values()) / 2


# Many polls of one feed ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RawEntry:
    identity: str
    """The feed's own id of it, else its link."""
    content: str
    """All that it says, as it stands in the feed."""


def read_entries(file: Path) -> Iterator[RawEntry]:
    if file.suffix == ".json":
        feed = json.loads(file.read_bytes())
        for entry in feed.get("items") or feed["entries"]:
            yield RawEntry(entry["id"], json.dumps(entry, sort_keys=True))
        return
    for item in ElementTree.fromstring(file.read_bytes()).iter("item"):  # noqa: S314 - plain feeds, kept beside us
        yield RawEntry(
            (item.findtext("guid") or item.findtext("link") or "").strip(), ElementTree.tostring(item, "unicode")
        )


def list_series(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda file: file.name)


def find_moment(poll: Path) -> datetime:
    """When it was made: its name says so."""
    return datetime.strptime(f"{poll.stem}+0000", "%Y%m%dT%H%M%SZ%z")


SERIES = sorted({name.split("/")[1] for name in EXPECTED if name.startswith("polls/")})


@pytest.mark.parametrize("series", SERIES)
def test_a_series_of_polls_loses_nothing_and_invents_nothing(shared_data: Path, tmp_path: Path, series: str) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    states = list_series(shared_data / "feeds" / "polls" / series)
    feed = site.root / "content" / "registry" / "feeds" / f"feed{states[0].suffix}"
    site.set_account("feed", feeds=[f"feeds/{feed.name}"])
    known: dict[str, str] = {}
    revisions = 0
    for state in states:
        entries = {entry.identity: entry.content for entry in read_entries(state)}
        new = entries.keys() - known.keys()
        touched = {identity for identity in entries.keys() & known.keys() if entries[identity] != known[identity]}
        known.update(entries)

        feed.write_bytes(state.read_bytes())
        report = site.update(find_moment(state)).accounts[0]
        assert report.posts_new == len(new), state.name
        assert report.outcome == ("updated" if report.posts_new or report.posts_changed else "unchanged"), state.name
        # An entry whose text differs only in what no reader sees is not changed.
        assert report.posts_changed <= len(touched), state.name
        revisions += report.posts_changed
        assert read_store(site, "SELECT count(*) FROM posts WHERE withdrawn_at IS NULL") == [(len(known),)]
        assert read_store(site, "SELECT count(*) FROM revisions") == [(revisions,)]

    # The last state once more, with another time and another last byte, so that it is read again.
    feed.write_bytes(states[-1].read_bytes() + b"\n")
    again = site.update(find_moment(states[-1]) + timedelta(days=1))
    assert (again.accounts[0].outcome, again.stories_changed) == ("unchanged", 0)
    assert {key for (key,) in read_store(site, "SELECT alias FROM aliases")} >= known.keys()
