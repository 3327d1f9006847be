"""Making the idle tree equal to the live one: it replays the last build, and whatever a killed one left there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from aggregator.build.trees import drop_stamp, is_readable, list_files, open_folders, sync_folders
from aggregator.plugins.stories.packing import digest_file
from aggregator.plugins.stories.writer import link_file
from aggregator.store import Store, hash_file


def mend_idle(store: Store, live: Path, idle: Path, *, known: bool) -> tuple[str, ...]:
    """Make the idle tree equal to the live one; `known`: it differs from that in no paths but those that the store
    notes. It bears no stamp from now on. Returns the paths that may not be on the disk yet. Raises OSError."""
    drop_stamp(idle)
    if known:
        paths = store.artifacts.list_differing()
        _mend_paths(live, idle, paths)
        return paths
    _mend_tree(live, idle, store.artifacts.list_paths())
    os.sync()
    return ()


def _mend_paths(live: Path, idle: Path, paths: Iterable[str]) -> None:
    for path in paths:
        source, target = live / path, idle / path
        if _is_same(source, target):
            continue
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        if is_readable(source):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            link_file(target, source)
        else:
            remove_file(idle, path)


def _mend_tree(live: Path, idle: Path, paths: Iterable[str]) -> None:
    """`paths` are all that the live tree has."""
    idle.mkdir(parents=True, exist_ok=True)
    open_folders(idle)
    wanted = set(paths)
    for path in tuple(list_files(idle)):
        if path not in wanted:
            remove_file(idle, path)
    _mend_paths(live, idle, wanted)


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


def sync_changes(tree: Path, paths: Iterable[str]) -> None:
    """Wait until what came or went at these paths has done so on the disk."""
    folders = {(tree / path).parent for path in paths}
    sync_folders({folder if folder.is_dir() else _find_folder(folder) for folder in folders})


def _find_folder(folder: Path) -> Path:
    return next(parent for parent in folder.parents if parent.is_dir())


def find_faults(store: Store, live: Path) -> tuple[frozenset[str], frozenset[str]]:
    """(files of the live tree that are lost, altered or not to be read by visitors, what else lies there)."""
    open_folders(live)
    known = dict(store.artifacts.iterate())
    there = frozenset(list_files(live))
    bad = {path for path, digest in known.items() if path not in there or not _is_right(live, path, digest)}
    return frozenset(bad), there - known.keys()


def _is_right(tree: Path, path: str, digest: str) -> bool:
    try:
        return is_readable(tree / path) and _digest_file(tree, path, digest) == digest
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
