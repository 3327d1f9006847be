"""What a build asks Pelican to render, and where it goes: the idle tree, in steps that may be cut short anywhere.

Before the idle tree is touched, its stamp is gone. Nothing that visitors see is touched; that the idle tree goes live
is `site.py`'s.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aggregator.artifacts import find_whole, list_packed, read_path
from aggregator.build.mending import find_faults, mend_idle, remove_file, sync_changes
from aggregator.build.sink import Rendered, TreeSink
from aggregator.build.trees import list_files
from aggregator.build.warming import PARALLEL
from aggregator.plugins.stories.renderer import ASSET, COPY, Page
from aggregator.plugins.stories.search import SEARCH
from aggregator.plugins.stories.writer import Source
from aggregator.store import SiteState, Store, StoryFiles, Written

Workers = Callable[[Source, Sequence[str], TreeSink], Iterator[Rendered]]
"""Renders paths into a sink, in more processes than this one."""


@dataclass(frozen=True, slots=True)
class Places:
    """The two trees of one build."""

    idle: Path
    live: Path | None
    """What visitors see; None before the first build."""
    known: bool
    """Whether the store knows what lies in the live tree."""
    idle_known: bool = False
    """Whether the idle tree differs from the live one in no paths but those that the store notes."""
    twin: Path | None = None
    """Made along with the idle tree, where neither was there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did to the idle tree, to be written down when it goes live."""

    written: tuple[Written, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    files: tuple[StoryFiles, ...]
    pending: tuple[str, ...] | None
    """What is no longer to be done; None: all of it."""
    digests: Mapping[str, str]
    mended: bool = False
    """The idle tree was made equal to the live one before anything was written."""
    faulty: bool = False
    """The live tree was not what the store knows, and the idle one is."""


class BuildWriter:
    """Pelican's writer of one build. `outcome` is there after Pelican has run."""

    outcome: Outcome

    def __init__(self, store: Store, places: Places, workers: Workers, *, verify: bool) -> None:
        self._store, self._places, self._workers, self._verify = store, places, workers, verify
        self._state = SiteState()
        self._mended = False
        self._unsynced: tuple[str, ...] = ()

    def write_site(self, source: Source) -> None:
        """Render what has to be and put it into the idle tree. Raises OSError, StoreError."""
        # Not before: what Pelican does first may find that everything is to be rendered.
        self._state = self._store.artifacts.load_state()
        digests = source.digest_templates()
        self.outcome = self._write_changes(source, digests) if self._places.known else self._write_all(source, digests)

    # From nothing ---------------------------------------------------------------------------------------------

    def _write_all(self, source: Source, digests: Mapping[str, str]) -> Outcome:
        places = self._places
        sink = TreeSink(places.idle, former=places.live, twin=places.twin)
        paths = tuple(source.renderer.list_all())
        render = self._workers if len(paths) >= PARALLEL else render_into
        rendered = list(render(source, paths, sink))
        files = tuple(one.files for one in rendered if one.files)
        written = [one.written for one in rendered]
        changed = [one.written.path for one in rendered if one.changed]
        for path, name in sorted({use for one in files for use in one.uses}):
            written.append(Written(path, COPY, name))
            if sink.link(path, source.store.mirror.locate(name)):
                changed.append(path)
        there = {one.path for one in written}
        removed = [path for path in list_files(places.live) if path not in there] if places.live else []
        os.sync()
        return Outcome(tuple(written), tuple(sorted(changed)), tuple(sorted(removed)), files, None, digests)

    # What changed ---------------------------------------------------------------------------------------------

    def _write_changes(self, source: Source, digests: Mapping[str, str]) -> Outcome:
        whole = self._state.digests is None
        if not whole:
            self._note_templates(source, digests)
        bad, strangers = self._find_faults()
        pending = self._store.artifacts.list_pending()
        asked = tuple(source.renderer.list_all()) if whole else ()
        paths = tuple(dict.fromkeys((*asked, *pending, *map(find_whole, sorted(bad)))))
        sink = TreeSink(self._places.idle, forced=bad)
        if len(paths) >= PARALLEL:
            self._mend()
            rendered = list(self._workers(source, paths, sink))
        else:
            pages = list(_check(source, paths, sink))
            rendered = [one for _, one in pages]
        outcome = self._conclude(rendered, paths, pending, bad, digests, whole=whole)
        outcome = replace(outcome, mended=self._mended, faulty=bool(bad or strangers))
        if len(paths) >= PARALLEL:
            self._finish(outcome, (), sink)
            os.sync()
        elif outcome.changed or outcome.removed:
            self._mend()
            self._finish(outcome, pages, replace(sink, safe=True))
            sync_changes(self._places.idle, (*self._unsynced, *outcome.changed, *outcome.removed))
        return outcome

    def _note_templates(self, source: Source, digests: Mapping[str, str]) -> None:
        known = self._state.digests or {}
        stale = [name for name, digest in digests.items() if known.get(name) != digest]
        if stale:
            with self._store.transaction():
                self._store.artifacts.add_pending_templates(stale)
                # The theme may not have had one of these templates before.
                self._store.artifacts.add_pending(source.renderer.list_helping(stale))
                if ASSET in stale:
                    self._store.artifacts.add_pending(source.renderer.list_assets())
                if SEARCH in stale:
                    self._store.artifacts.add_pending(source.renderer.list_search())

    def _find_faults(self) -> tuple[frozenset[str], frozenset[str]]:
        live = self._places.live
        if not self._verify or live is None:
            return frozenset(), frozenset()
        # File by file, as the idle tree may have faults of its own.
        self._places = replace(self._places, idle_known=False)
        self._mend()
        return find_faults(self._store, live)

    def _mend(self) -> None:
        """Make the idle tree equal to the live one, before anything is written there."""
        places = self._places
        if not self._mended and places.live is not None:
            self._unsynced = mend_idle(self._store, places.live, places.idle, known=places.idle_known)
            self._mended = True

    def _conclude(
        self, rendered: Sequence[Rendered], paths: Sequence[str], pending: Sequence[str], bad: frozenset[str],
        digests: Mapping[str, str], *, whole: bool,
    ) -> Outcome:  # fmt: skip
        """What follows from what was rendered: what is gone, and the copies of foreign files that come and go."""
        artifacts = self._store.artifacts
        there = {one.written.path for one in rendered}
        stories = {one.files.story: one.files for one in rendered if one.files}
        for path in paths:
            artifact = read_path(path)
            if artifact.kind == "story":
                stories.setdefault(artifact.name, StoryFiles(artifact.name))
        uses = {path: name for one in stories.values() for path, name in one.uses}
        uses.update(
            {path: name for path in bad if path not in uses and (name := artifacts.find_used(path, tuple(stories)))}
        )
        known = artifacts.load_digests(tuple(uses))
        copies = [Written(path, COPY, name) for path, name in uses.items() if path not in known or path in bad]
        told = (*paths, *(packed for path in paths for packed in list_packed(path)))
        former = artifacts.list_paths() if whole else tuple(artifacts.load_digests(told))
        removed = [path for path in former if path not in there and read_path(path).kind != "file"]
        if whole:
            removed += [path for path in artifacts.list_paths(COPY) if path not in uses]
        else:
            shown = tuple(stories)
            removed += [
                path for path in artifacts.list_uses(shown) if path not in uses and not artifacts.find_used(path, shown)
            ]
        changed = [one.written.path for one in rendered if one.changed] + [one.path for one in copies]
        return Outcome(
            (*(one.written for one in rendered), *copies),
            tuple(sorted(changed)),
            tuple(sorted(removed)),
            tuple(stories.values()),
            None if whole else tuple(pending),
            digests,
        )

    def _finish(self, outcome: Outcome, pages: Iterable[tuple[Page, Rendered]], sink: TreeSink) -> None:
        """Put what is not there yet, and remove what is no longer to be there."""
        for page, rendered in pages:
            if rendered.changed:
                sink.put(page, rendered)
        changed = set(outcome.changed)
        for one in outcome.written:
            if one.template == COPY and one.path in changed:
                sink.link(one.path, self._store.mirror.locate(one.digest))
        for path in outcome.removed:
            remove_file(self._places.idle, path)


def render_into(source: Source, paths: Sequence[str], sink: TreeSink) -> Iterator[Rendered]:
    """Render paths and put what changed."""
    with source.store.snapshot():
        for page, rendered in _check(source, paths, sink):
            yield sink.put(page, rendered) if rendered.changed else rendered


def _check(source: Source, paths: Sequence[str], sink: TreeSink) -> Iterator[tuple[Page, Rendered]]:
    renderer = source.renderer
    packed = [path for whole in paths for path, _ in renderer.list_forms(whole)]
    known = source.store.artifacts.load_digests((*paths, *packed))
    for page in renderer.render(paths):
        yield page, sink.check(page, known)
        for path, form in renderer.list_forms(page.path):
            yield sink.check_packed(page, path, form, known)
