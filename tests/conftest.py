"""Fixtures that tests of several modules use."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from http_server import Server, run_server

# Fixtures for the tests of the index, which stand in several files.
from index_fixtures import comparisons as comparisons
from index_fixtures import store as store
from site_fixtures import CITY_NOW, ROOT, SmallSite, make_site

from aggregator.cli import COLLECT_AFTER

# Tests guard against what hangs, not against slow or busy machines.
hypothesis.settings.register_profile(
    "patient",
    parent=hypothesis.settings.default,
    max_examples=50,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("patient")

# As the command does: what a session has imported and remembers is looked through for cycles again and again otherwise.
gc.set_threshold(COLLECT_AFTER)

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of third-party feeds and articles beside the checkout; never part of the project."""
    if not SHARED_DATA.is_dir():
        reason = "../shared/data, third-party material that is not part of the project, is absent"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI must have it")
        pytest.skip(reason)
    return SHARED_DATA


@pytest.fixture
def server() -> Iterator[Server]:
    with run_server() as running:
        yield running


@pytest.fixture(scope="session")
def published_site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A small site, published once; not to be changed."""
    site = make_site(tmp_path_factory.mktemp("published") / "site")
    site.publish()
    return site


@pytest.fixture
def small_site(published_site: SmallSite, tmp_path: Path) -> SmallSite:
    """A small site that is published already, for one test alone."""
    return published_site.copy_to(tmp_path / "site")


@pytest.fixture(scope="session")
def published_city(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """The sample city as it comes with the program, published once; not to be changed."""
    root = tmp_path_factory.mktemp("city") / "site"
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copy(ROOT / "pelicanconf.py", root)
    city = SmallSite(root)
    city.publish(CITY_NOW)
    return city
