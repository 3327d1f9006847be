"""Two site trees and the link that says which one visitors see."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from aggregator.model import Site


class Trees:
    """`.matrix/site/a` and `b`; `output` is a link to one of them, or not there yet."""

    def __init__(self, site: Site) -> None:
        self._output = site.output
        trees = (site.state / "site" / "a", site.state / "site" / "b")
        # Found out once: a link to a lost tree leads somewhere again as soon as that tree is made anew.
        self.live = self._find_live(trees)
        """The tree that `output` links to; None before the first build."""
        self.idle = trees[1] if self.live == trees[0] else trees[0]
        """The tree that nobody sees."""

    def _find_live(self, trees: tuple[Path, Path]) -> Path | None:
        if not self._output.is_symlink():
            return None
        target = self._output.resolve()
        return next((tree for tree in trees if tree.resolve() == target and tree.is_dir()), None)

    def clear_idle(self) -> Path:
        """The idle tree, empty, whatever an interrupted build left there."""
        if self.idle.exists():
            shutil.rmtree(self.idle)
        self.idle.mkdir(parents=True)
        return self.idle

    def switch(self) -> Path | None:
        """Show the idle tree. Returns where a real folder called `output`, if there was one, was moved to."""
        moved = self._move_folder_aside()
        link = self._output.with_name(f".{self._output.name}.new")
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(self.idle, self._output.parent), target_is_directory=True)
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
