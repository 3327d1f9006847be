"""Making the idle tree equal to the live one: it replays the last build, and whatever a killed one left there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from aggregator.build.trees import list_files
from aggregator.plugins.stories.packing import digest_file
from aggregator.plugins.stories.writer import link_file
from aggregator.store import Store, hash_file


def mend_paths(live: Path, idle: Path, paths: Iterable[str]) -> None:
    """Make the trees equal in these paths. Raises OSError."""
    for path in paths:
        source, target = live / path, idle / path
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            link_file(target, source)
        else:
            remove_file(idle, path)


def mend_tree(live: Path, idle: Path, paths: Iterable[str]) -> None:
    """Make the idle tree, of which nothing is known, equal to the live one, whose paths are given. Raises OSError."""
    idle.mkdir(parents=True, exist_ok=True)
    wanted = set(paths)
    for path in list_files(idle):
        if path not in wanted:
            remove_file(idle, path)
    mend_paths(live, idle, (path for path in wanted if not _is_same(live / path, idle / path)))


def remove_file(tree: Path, path: str) -> None:
    """Remove a file and the folders that it leaves empty."""
    target = tree / path
    target.unlink(missing_ok=True)
    for folder in target.parents:
        if folder == tree:
            return
        try:
            folder.rmdir()
        except OSError:
            # Something else is in it, or it is not there at all.
            return


def find_faults(store: Store, live: Path, idle: Path) -> tuple[frozenset[str], frozenset[str]]:
    """(files that are lost or altered in either tree, files that belong to neither), the idle tree being mended."""
    known = dict(store.artifacts.iterate())
    bad = {path for path, digest in known.items() if not _is_right(live, idle, path, digest)}
    strangers = {path for tree in (live, idle) for path in list_files(tree) if path not in known}
    return frozenset(bad), frozenset(strangers)


def _is_right(live: Path, idle: Path, path: str, digest: str) -> bool:
    try:
        return all(
            _digest_file(tree, path, digest) == digest
            # One file with two names is read once.
            for tree in ((live,) if _is_same(live / path, idle / path) else (live, idle))
        )
    except OSError:
        return False


def _digest_file(tree: Path, path: str, expected: str) -> str:
    data = (tree / path).read_bytes()
    if "." in expected:
        # A copy of a foreign file is known by its name in the store, which is its content's hash.
        return f"{hash_file(data)}.{expected.partition('.')[2]}"
    return digest_file(path, data)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return os.path.samestat(one.lstat(), other.lstat())
    except OSError:
        return False
