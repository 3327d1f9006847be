"""Any history of builds ends in the tree that one full build makes: the truth of publishing only what changed."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from history_events import EVENTS, History
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from site_fixtures import ROOT, SmallSite, list_tree, make_site

from aggregator.artifacts import companions
from aggregator.build import writer
from aggregator.plugins.stories import directory, library, lists, sitemaps, tabs
from aggregator.plugins.stories.planning import paths, rows
from aggregator.plugins.stories.search import files

HISTORIES = int(os.environ.get("HISTORIES", "2"))
"""More of them by hand: HISTORIES=500 python -m pytest tests/test_histories.py."""
STEPS = 7


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where all histories begin, each in the same place, where its theme's templates were compiled before."""

    site: SmallSite
    place: Path

    def begin(self) -> SmallSite:
        shutil.rmtree(self.place)
        return self.site.copy_to(self.place)


@pytest.fixture(scope="module")
def few_on_a_page() -> Iterator[None]:
    """Months and parts of the search index that are split at three articles, so that a short history fills and
    empties them; likewise pages of the directory, and tabs of accounts.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (lists, paths, rows):
            patch.setattr(module, "SPLIT", 3)
        # So are files of the sitemap.
        for module in (companions, sitemaps):
            patch.setattr(module, "PART", 4)
        # Worker processes would have the number of the program.
        patch.setattr(writer, "PARALLEL", 1 << 30)
        patch.setattr(directory, "ROWS", 2)
        patch.setattr(directory, "FIRST", 1)
        patch.setattr(tabs, "WINDOW", 4)
        patch.setattr(library, "SHELF", 1)
        patch.setattr(files, "OPEN", 3)
        yield


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory, few_on_a_page: None) -> Beginning:
    folder = tmp_path_factory.mktemp("history")
    site = make_site(folder / "site")
    shutil.copytree(ROOT / "themes" / "portal", site.root / "theme")
    site.set_settings(THEME=str(site.root / "theme"))
    site.publish()
    return Beginning(site.copy_to(folder / "beginning"), site.root)


def build_whole(site: SmallSite, root: Path, now: datetime) -> SmallSite:
    """The same store and settings, and no tree: all of it rendered into an empty one."""
    other = site.copy_to(root)
    shutil.rmtree(root / ".matrix" / "site")
    (root / "output").unlink()
    other.build(now, full=True)
    return other


def read_tree(site: SmallSite) -> dict[str, bytes]:
    return {path: data for path, (data, _) in list_tree(site.output).items()}


@settings(
    max_examples=HISTORIES, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@example([History.name_policy, History.write_policy, History.name_policy, History.write_policy] * 3, 2)
@example([History.write_policy, History.name_policy, History.name_policy, History.drop_policy] * 3, 6)
@example([History.write_policy, History.write_policy, History.name_policy, History.wait, History.rule] * 3, 9)
@example([History.write_draft, History.drop_account, History.change_setting] + [History.add_posts] * 4, 401)
@example([History.add_posts, History.correct_post, History.rule, History.correct_post] + [History.rule] * 4, 7)
@example([History.write_draft, History.write_draft, History.wait] * 3, 5)
@example([History.copy_post, History.purge, History.write_draft, History.purge, History.wait, History.rule], 11)
@example([History.write_draft, History.change_beside] * 4 + [History.copy_post, History.write_draft], 12)
@example([History.demand_review, History.write_draft, History.pass_drafts, History.write_draft] * 3, 3)
@example([History.write_draft, History.demand_review, History.write_draft, History.change_beside] * 3, 8)
@example([History.change_beside] + [History.write_draft] * 5 + [History.delete_draft, History.write_draft], 5)
@example([History.select, History.add_posts, History.choose, History.select, History.change_post] * 2, 3)
@example([History.change_setting, History.write_draft] * 5 + [History.delete_draft, History.change_asset], 2)
@example([History.select, History.add_posts, History.choose, History.rule, History.copy_post, History.choose], 8)
@example([History.write_draft, History.change_account, History.add_posts, History.reorder_accounts] * 3, 4)
@example([History.add_posts, History.change_setting, History.write_draft, History.change_account] * 3, 9)
@example([History.change_account, History.add_posts, History.change_account, History.drop_account] * 3, 2)
@example([History.change_account, History.add_posts, History.copy_post, History.change_post] * 3, 9)
@given(
    events=st.lists(st.sampled_from(EVENTS), min_size=STEPS, max_size=STEPS),
    seed=st.integers(0, 1 << 30),
)
def test_any_history_of_builds_ends_in_the_tree_of_one_full_build(
    beginning: Beginning, tmp_path_factory: pytest.TempPathFactory,
    events: list[Callable[[History], None]], seed: int,
) -> None:  # fmt: skip
    site = beginning.begin()
    history = History(site, random.Random(seed))  # noqa: S311  no secrets
    site.publish()
    for event in events:
        event(history)
        # Some events are a build of their own.
        before = read_tree(site)
        _, report = site.publish(history.now)
        after = read_tree(site)
        assert set(report.changed_paths) == {path for path in after if before.get(path) != after[path]}
        assert set(report.removed_paths) == before.keys() - after.keys()
        assert report.kept == len(after) - report.rendered
    folder = tmp_path_factory.mktemp("whole")
    whole = read_tree(build_whole(site, folder / "site", history.now))
    assert sorted(whole) == sorted(after)
    assert [path for path in whole if whole[path] != after[path]] == []
    # What the trees do not agree on is known, as the next build must be able to make them equal.
    assert site.build(history.now, verify=True).changed_paths == ()
    shutil.rmtree(folder)
