"""One build: the idle tree brought up to date, then shown. Whatever ends it, visitors see the last whole site."""

from __future__ import annotations

import gc
import logging
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import Filing, read_path
from aggregator.build import mending
from aggregator.build.pelican import call_pelican, check_plugins
from aggregator.build.sink import Rendered, TreeSink
from aggregator.build.trees import NAMES, Trees
from aggregator.build.warming import warm_up
from aggregator.build.writer import BuildWriter, Outcome, Places
from aggregator.errors import BuildError
from aggregator.model import BuildReport, Progress, Site
from aggregator.plugins.stories import SitePelican
from aggregator.plugins.stories.filing import read_filing
from aggregator.plugins.stories.generator import find_registry
from aggregator.plugins.stories.globals import list_left_out
from aggregator.plugins.stories.planning import plan_changes
from aggregator.plugins.stories.writer import Source
from aggregator.store import SiteState, Store

if TYPE_CHECKING:
    from aggregator.build.workers import Crew

logger = logging.getLogger(__name__)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hundreds of thousands of rows and pages come and go, and none of them is in a cycle."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@_without_collector()
def build_site(
    site: Site, settings: dict[str, Any], store: Store, progress: Progress, *, full: bool = False,
    verify: bool = False, crew: Crew | None = None,
) -> BuildReport:  # fmt: skip
    """Publish the store's present state: what changed since the last build, or with `full` all of it anew.

    `verify` compares the files of both trees with what the store knows of them, brings back what is lost or altered
    and removes what does not belong. `crew` are workers that are there already. Raises BuildError, ConfigError,
    StoreError; the last site stands then.
    """
    started = time.perf_counter()
    trees, filing = Trees(site), read_filing(settings)
    try:
        live = _finish_switch(trees, store)
        idle = NAMES[1] if (live or trees.find_shown()) == NAMES[0] else NAMES[0]
        if crew is None:
            warm_up(store, full=full or not live)
        places = _prepare(trees, store, live, idle)
        outcome = _render(site, settings, filing, store, places, progress, crew, full=full, verify=verify)
        rendered = time.perf_counter()
        files = _go_live(trees, store, places, idle, outcome, announces=bool(settings.get("WEBSUB_HUB")))
    except OSError as error:
        raise BuildError(f"网站文件写不进去：{error}", "检查磁盘空间和文件夹权限；线上仍是上一版。") from error
    return BuildReport(
        rendered=len(outcome.changed),
        kept=files - len(outcome.changed),
        removed=len(outcome.removed),
        changed_paths=outcome.changed,
        removed_paths=outcome.removed,
        seconds=(("render", rendered - started), ("switch", time.perf_counter() - rendered)),
        menu_left_out=list_left_out(store, settings, filing),
    )


def mend_idle(site: Site, store: Store) -> None:
    """Make the idle tree equal to the live one now, not at the next build: nothing of the last site stays anywhere.

    Raises BuildError.
    """
    trees = Trees(site)
    state = store.artifacts.load_state()
    if not state.live:
        return
    idle = NAMES[1 - NAMES.index(state.live)]
    known = trees.bears(idle, state.idle_stamp)
    if known and not store.artifacts.list_differing():
        return
    try:
        tree = trees.locate(idle)
        mending.sync_changes(tree, mending.mend_idle(store, trees.locate(state.live), tree, known=known))
        _note_equal(trees, store, idle)
    except OSError as error:
        raise BuildError(f"网站文件写不进去：{error}", "检查磁盘空间和文件夹权限，再运行一次。") from error


def _note_equal(trees: Trees, store: Store, idle: str) -> None:
    """The idle tree has what the live one has."""
    stamp = secrets.token_hex(8)
    trees.write_stamp(idle, stamp)
    with store.artifacts.durable():
        store.artifacts.set_differing(())
        store.artifacts.save_state(replace(store.artifacts.load_state(), idle_stamp=stamp))


def _finish_switch(trees: Trees, store: Store) -> str:
    """The tree that the store knows to be live, shown if a killed run did not come to that; "" where there is none."""
    state = store.artifacts.load_state()
    if not state.live or not trees.bears(state.live, state.stamp):
        return ""
    if trees.find_shown() != state.live:
        _show(trees, state.live)
    return state.live


def _prepare(trees: Trees, store: Store, live: str, idle: str) -> Places:
    """The trees as the writer may use them; where the store knows nothing of them, the idle one is emptied."""
    if live:
        idle_known = trees.bears(idle, store.artifacts.load_state().idle_stamp)
        return Places(trees.locate(idle), trees.locate(live), known=True, idle_known=idle_known)
    with store.artifacts.durable():
        store.unreported.note_all()
        store.artifacts.clear()
        store.artifacts.forget_trees()
    shown = trees.find_shown()
    return Places(
        trees.clear(idle),
        trees.locate(shown) if shown else None,
        known=False,
        twin=None if shown else trees.clear(NAMES[1 - NAMES.index(idle)]),
    )


def _render(
    site: Site, settings: dict[str, Any], filing: Filing, store: Store, places: Places, progress: Progress,
    crew: Crew | None, *, full: bool, verify: bool,
) -> Outcome:  # fmt: skip
    overrides = {"OUTPUT_PATH": str(places.idle), "STORE": str(site.store)}

    def render_all(source: Source, paths: Sequence[str], sink: TreeSink) -> Iterator[Rendered]:
        from aggregator.build.workers import make_crew, render_chunks

        with nullcontext(crew) if crew else make_crew() as hands:
            yield from render_chunks(hands, site, overrides, source, paths, sink, progress)

    writer = BuildWriter(store, places, render_all, verify=verify)

    def run() -> None:
        if full or crew:
            # Pelican would do the same, but alone and not all of it.
            zone = ZoneInfo(settings["TIMEZONE"])
            describe = partial(crew.describe, site.store) if crew and crew.size else None
            registry = find_registry(settings["PATH"])
            plan_changes(store, registry, zone, filing, whole=full, describe=describe)
        pelican = SitePelican({**settings, **overrides, "TREE_WRITER": writer})
        check_plugins(pelican)
        pelican.run()

    call_pelican(run)
    return writer.outcome


def _go_live(trees: Trees, store: Store, places: Places, idle: str, outcome: Outcome, *, announces: bool) -> int:
    """Write down what the idle tree has and show it, in this order. Counts the site's files."""
    artifacts = store.artifacts
    state = artifacts.load_state()
    if places.known and not (outcome.changed or outcome.removed or outcome.faulty):
        with store.transaction():
            artifacts.save_files(outcome.files)
            artifacts.forget_pending(outcome.pending)
            artifacts.save_state(replace(state, digests=outcome.digests))
        if outcome.mended:
            _note_equal(trees, store, idle)
        return state.files
    stamp = secrets.token_hex(8)
    trees.write_stamp(idle, stamp)
    if places.twin is not None:
        trees.write_stamp(NAMES[1 - NAMES.index(idle)], stamp)
    there = set(artifacts.load_digests([one.path for one in outcome.written])) if places.known else set()
    files = len({one.path for one in outcome.written} - there) - len(outcome.removed) + state.files
    if not places.known:
        files = len(outcome.written)
    with artifacts.durable():
        # From here on, the idle tree is the live one.
        artifacts.save(outcome.written, outcome.removed if places.known else ())
        store.unreported.note(outcome.changed, outcome.removed)
        if announces:
            store.announcements.note(_list_feeds(outcome.changed))
        artifacts.save_files(outcome.files)
        artifacts.forget_pending(outcome.pending)
        artifacts.set_differing((*outcome.changed, *outcome.removed) if places.known else ())
        idle_stamp = state.stamp if places.known and not outcome.faulty else stamp if places.twin else ""
        artifacts.save_state(SiteState(idle, stamp, idle_stamp, files, outcome.digests))
    _show(trees, idle)
    return files


def _list_feeds(paths: Sequence[str]) -> Iterator[str]:
    """Feeds among these paths but archives of feeds, which nobody waits for."""
    artifacts = ((path, read_path(path)) for path in paths)
    return (path for path, artifact in artifacts if artifact.kind == "feed" and not artifact.period)


def _show(trees: Trees, name: str) -> None:
    moved: Path | None = trees.show(name)
    if moved is not None:
        logger.warning("原有的 output 文件夹已移到 %s，可自行删除。", moved)
