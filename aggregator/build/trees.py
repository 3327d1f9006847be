"""Two site trees and the link that says which one visitors see."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from aggregator.model import Site

NAMES = ("a", "b")


class Trees:
    """`.matrix/site/a` and `b`; `output` is a link to one of them, or not there yet.

    Beside each lies a stamp, which says that the tree is whole and of which moment. It goes before anything in the tree
    is touched, and comes when all of it is on the disk. A tree whose stamp the store does not know is of another store,
    of another time, or half written.
    """

    def __init__(self, site: Site) -> None:
        self._output = site.output
        self._folder = site.state / "site"

    def locate(self, name: str) -> Path:
        return self._folder / name

    def read_stamp(self, name: str) -> str:
        try:
            return _find_stamp(self.locate(name)).read_text(encoding="ascii")
        except (OSError, ValueError):
            return ""

    def bears(self, name: str, stamp: str) -> bool:
        """Whether a tree is there as it was when it was given this stamp; "" is no stamp."""
        return stamp != "" and self.read_stamp(name) == stamp and self.locate(name).is_dir()

    def write_stamp(self, name: str, stamp: str) -> None:
        """What the tree has is on the disk by now."""
        file = _find_stamp(self.locate(name))
        fresh = file.with_name(f".{file.name}.new")
        with fresh.open("w", encoding="ascii") as out:
            out.write(stamp)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
        sync_folders([file.parent])

    def find_shown(self) -> str:
        """The tree that `output` links to; "" where there is none."""
        if not self._output.is_symlink():
            return ""
        target = self._output.resolve()
        return next((name for name in NAMES if self.locate(name).resolve() == target and target.is_dir()), "")

    def clear(self, name: str) -> Path:
        """A tree, empty, whatever an interrupted build left there."""
        tree = self.locate(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        drop_stamp(tree)
        if tree.exists():
            shutil.rmtree(tree)
        tree.mkdir()
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
    """Before a tree is touched: nothing on the disk says any more that it is whole."""
    stamp = _find_stamp(tree)
    if stamp.exists():
        stamp.unlink()
        sync_folders([stamp.parent])


def _find_stamp(tree: Path) -> Path:
    return tree.with_name(f"{tree.name}.stamp")


def sync_folders(folders: Iterable[Path]) -> None:
    """Wait until files that came, went or were renamed have done so on the disk."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def list_files(tree: Path) -> Iterator[str]:
    """Paths of all that is no folder, POSIX, relative to the tree. Links are among them, also those to folders."""
    for folder, folders, names in os.walk(tree):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in (*names, *links):
            yield (Path(folder) / name).relative_to(tree).as_posix()


def open_folders(tree: Path) -> None:
    """Let those enter the folders of a tree who may enter one that is made now."""
    needed = 0o555 & ~read_umask()
    for folder, folders, _ in os.walk(tree):
        for path in (Path(folder), *(Path(folder) / name for name in folders)):
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode) and mode & needed != needed:
                path.chmod(stat.S_IMODE(mode) | needed)


def is_readable(file: Path) -> bool:
    """Whether a file is one by itself, no link, and those may read it who may read one that is made now."""
    try:
        mode = file.lstat().st_mode
    except OSError:
        return False
    needed = 0o444 & ~read_umask()
    return stat.S_ISREG(mode) and mode & needed == needed


def read_umask() -> int:
    """What this process takes from the permissions of what it makes; it can be asked only by setting it."""
    umask = os.umask(0)
    os.umask(umask)
    return umask
