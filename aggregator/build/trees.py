"""Two site trees and the link that says which one visitors see."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from aggregator.model import Site

NAMES = ("a", "b")


class Trees:
    """`.matrix/site/a` and `b`; `output` is a link to one of them, or not there yet.

    Beside each lies a stamp: a tree whose stamp the store does not know is of another store, or of another time.
    """

    def __init__(self, site: Site) -> None:
        self._output = site.output
        self._folder = site.state / "site"

    def locate(self, name: str) -> Path:
        return self._folder / name

    def read_stamp(self, name: str) -> str:
        try:
            return (self._folder / f"{name}.stamp").read_text(encoding="ascii")
        except (OSError, ValueError):
            return ""

    def write_stamp(self, name: str, stamp: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{name}.stamp"
        fresh = file.with_name(f".{file.name}.new")
        with fresh.open("w", encoding="ascii") as out:
            out.write(stamp)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)

    def find_shown(self) -> str:
        """The tree that `output` links to; "" where there is none."""
        if not self._output.is_symlink():
            return ""
        target = self._output.resolve()
        return next((name for name in NAMES if self.locate(name).resolve() == target and target.is_dir()), "")

    def clear(self, name: str) -> Path:
        """A tree, empty, whatever an interrupted build left there."""
        tree = self.locate(name)
        (self._folder / f"{name}.stamp").unlink(missing_ok=True)
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


def list_files(tree: Path) -> Iterator[str]:
    """Paths of all files of a tree, POSIX, relative to it."""
    for folder, _, names in os.walk(tree):
        for name in names:
            yield (Path(folder) / name).relative_to(tree).as_posix()
