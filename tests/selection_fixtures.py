"""A small site with posts that wait, and staff who decide on them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from inbox_fixtures import DAY, PRIVATE
from site_fixtures import BRIDGE, NOW, Item, SmallSite, list_tree, make_site

from aggregator import pipeline
from aggregator.model import Candidate, Decided
from aggregator.pipeline import selection
from aggregator.registry import load_registry, parse_editorial
from aggregator.store import Store

OUTAGE = Item("ting-1", "河东片区停水的通知", tuple(f"{line}请提前储水。" for line in BRIDGE), NOW)
SPRING = Item(
    "chun-1", "老街的春天来了", ("石板路两旁的玉兰开了，游人慢慢多了起来，茶馆把桌子摆到了门口。" * 3,), NOW - DAY
)
NUMBERS = Item("shu-1", "补贴名单公示", PRIVATE, NOW)


def make_reviewed(root: Path) -> SmallSite:
    """A published site with an account under review of which two posts wait, and one post that is held."""
    site = make_site(root)
    site.publish(NOW - DAY)
    site.set_account("jiedao", selection="review", rank=30)
    site.set_feed("jiedao", OUTAGE, SPRING)
    site.set_feed("gongshi", NUMBERS)
    site.publish(NOW)
    return site


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    return make_reviewed(tmp_path_factory.mktemp("selection") / "site")


@pytest.fixture
def site(reviewed: SmallSite, tmp_path: Path) -> SmallSite:
    return reviewed.copy_to(tmp_path / "site")


def list_waiting(site: SmallSite) -> dict[str, Candidate]:
    """Key -> candidate."""
    with Store.open(site.site.store) as store:
        listed = selection.list_candidates(load_registry(site.site.registry), store, NOW)
    return {one.key: one for one in listed}


def accept(site: SmallSite, *names: str, now: datetime = NOW) -> Decided:
    return site.accept(*names, now=now)


def reject(site: SmallSite, *names: str, reason: str = "与本市无关") -> Decided:
    with pipeline.hold_lock(site.site), Store.open(site.site.store) as store:
        registry = load_registry(site.site.registry)
        return selection.reject_posts(site.site, registry, store, NOW, names, reason, "王")


def edit(site: SmallSite, name: str) -> selection.TakenOver:
    with pipeline.hold_lock(site.site), Store.open(site.site.store) as store:
        return selection.take_over_post(site.site, load_registry(site.site.registry), store, NOW, name, "赵")


def read_choices(site: SmallSite) -> list[tuple[str, str, str]]:
    choices = parse_editorial(site.site.editorial.read_text(encoding="utf-8"))[0].choices
    return [(one.kind, one.post, one.by) for one in choices]


def is_shown(site: SmallSite, text: str) -> bool:
    return any(text.encode() in data for path, (data, _) in list_tree(site.output).items() if path.startswith("s/"))
