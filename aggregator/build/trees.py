"""Two site trees and the link that says which one visitors see."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from aggregator.model import Site

NAMES = ("a", "b")


class Trees:
    """`.matrix/site/a` and `b`; `output` is a link to one of them, or not there yet.

    Beside each lies a stamp, as long as it is what it was when that was written: a tree without one, or whose stamp the
    store does not know, is of another store, or of another time.
    """

    def __init__(self, site: Site) -> None:
        self._output = site.output
        self._folder = site.state / "site"

    def locate(self, name: str) -> Path:
        return self._folder / name

    def has_stamp(self, name: str, stamp: str) -> bool:
        try:
            return bool(stamp) and _find_stamp(self.locate(name)).read_text(encoding="ascii") == stamp
        except (OSError, ValueError):
            return False

    def write_stamp(self, name: str) -> str:
        """Write a stamp that no tree had before. Returns it."""
        stamp = secrets.token_hex(8)
        self._folder.mkdir(parents=True, exist_ok=True)
        file = _find_stamp(self.locate(name))
        fresh = file.with_name(f".{file.name}.new")
        with fresh.open("w", encoding="ascii") as out:
            out.write(stamp)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
        return stamp

    def find_shown(self) -> str:
        """The tree that `output` links to; "" where there is none."""
        if not self._output.is_symlink():
            return ""
        target = self._output.resolve()
        return next((name for name in NAMES if self.locate(name).resolve() == target and target.is_dir()), "")

    def clear(self, name: str) -> Path:
        """A tree, empty, whatever an interrupted build left there."""
        tree = self.locate(name)
        drop_stamp(tree)
        if tree.exists():
            shutil.rmtree(tree)
        tree.mkdir(parents=True)
        return tree

    def show(self, name: str) -> Path | None:
        """Let visitors see a tree. Returns where a real folder called `output`, if there was one, was moved to."""
        moved = self._move_folder_aside()
        link = self._output.with_name(f".{self._output.name}.new")
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(self.locate(name), self._output.parent), target_is_directory=True)
        # rename(2) replaces the old link in one step: visitors see one whole site or the other.
        link.replace(self._output)
        return moved

    def _move_folder_aside(self) -> Path | None:
        if self._output.is_symlink() or not self._output.is_dir():
            return None
        if not any(self._output.iterdir()):
            self._output.rmdir()
            return None
        number = 1
        while (aside := self._output.with_name(f"{self._output.name}.old{number}")).exists():
            number += 1
        self._output.rename(aside)
        return aside


def drop_stamp(tree: Path) -> None:
    """Before a tree is touched: else a store brought back from a backup would take it for what it was then."""
    stamp = _find_stamp(tree)
    if stamp.exists():
        stamp.unlink()
        sync_folders((stamp.parent,))


def _find_stamp(tree: Path) -> Path:
    return tree.with_name(f"{tree.name}.stamp")


def sync_folders(folders: Iterable[Path]) -> None:
    """Wait until the names in these folders are on the disk."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def list_files(tree: Path) -> Iterator[str]:
    """Paths of all files of a tree, POSIX, relative to it."""
    for folder, _, names in os.walk(tree):
        for name in names:
            yield (Path(folder) / name).relative_to(tree).as_posix()
