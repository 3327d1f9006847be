"""The sample city with a page of every kind, published as the tests do: on a day of its own, whichever it is here."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests"))

from page_kinds import BASE, make_city  # noqa: E402  a folder of modules, not a package
from site_fixtures import CITY_NOW, SmallSite  # noqa: E402

__all__ = ["BASE", "ROOT", "publish_city"]


def publish_city(root: Path) -> tuple[Path, Mapping[str, str]]:
    """Where the site lies, and kind -> path of a page of it."""
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copy(ROOT / "pelicanconf.py", root)
    city = SmallSite(root)
    city.publish(CITY_NOW)
    paths = make_city(city)
    return city.output.resolve(), paths
