"""Writing the files of a site, each beside its name and then renamed: nobody sees half of one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Protocol

from pelican.plugins import signals
from pelican.utils import sanitised_join
from pelican.writers import Writer

from aggregator.plugins.stories.renderer import Page, Renderer
from aggregator.store import Store


class Source(Protocol):
    """What a writer is given: Pelican's generator with its renderer."""

    renderer: Renderer
    store: Store

    def digest_templates(self) -> dict[str, str]: ...


class TreeWriter(Writer):
    """Pelican's writer over bytes: the whole present state into the output folder.

    A file that has the same bytes already is left alone, and so keeps its time of change. A file may have other
    names in other folders, hence it is never written in place.
    """

    def __init__(self, output_path: str, settings: dict[str, Any] | None = None) -> None:
        super().__init__(output_path, settings)
        self._folders: set[Path] = set()

    def write_site(self, source: Source) -> None:
        """Every file of the site. Raises OSError, RuntimeError (a path outside the folder)."""
        used: dict[str, str] = {}
        for page in source.renderer.render(source.renderer.list_all()):
            if self.write_page(page.path, page.data):
                announce_page(page, self._make_target(page.path))
            for path, form in source.renderer.list_forms(page.path):
                self.write_page(path, form.pack(page.data))
            used.update(page.files.uses if page.files else ())
        for path, name in sorted(used.items()):
            self.link_file(path, source.store.mirror.locate(name))

    def write_page(self, path: str, data: bytes) -> bool:
        """Put `data` at `path` (POSIX, relative to the folder), unless it is there."""
        target = self._make_target(path)
        if _read_file(target) == data:
            return False
        replace_file(target, data)
        return True

    def link_file(self, path: str, source: Path) -> None:
        """Put a file at `path` whose name there changes with its content: where it is already, it is the same."""
        target = self._make_target(path)
        if not target.is_file() or target.stat().st_size != source.stat().st_size:
            link_file(target, source)

    def _make_target(self, path: str) -> Path:
        target = Path(sanitised_join(self.output_path, path))
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        return target


def announce_page(page: Page, file: Path | str) -> None:
    """Tell Pelican's plugins that a file was written."""
    if page.feed is not None:
        signals.feed_written.send(str(file), context=page.context, feed=page.feed)
    elif page.context:
        signals.content_written.send(str(file), context=page.context)


def replace_file(target: Path, data: bytes, *, safe: bool = False) -> None:
    """Write beside the name, then rename; `safe` waits until the bytes are on the disk."""
    fresh = target.with_name(f".{target.name}.new")
    with fresh.open("wb") as out:
        out.write(data)
        if safe:
            out.flush()
            os.fsync(out.fileno())
    fresh.replace(target)


def write_fresh(target: str, data: bytes) -> bool:
    """Write a file where there is none, in half the steps of replacing one; False where there is."""
    try:
        out = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    except FileExistsError:
        return False
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(out, left) :]
    finally:
        os.close(out)
    return True


def link_fresh(target: str, source: str) -> bool:
    """Make `target`, where there is nothing yet, a second name of `source`; False where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def link_file(target: Path, source: Path) -> None:
    """Make `target` a second name of `source`, or a copy where the file system cannot."""
    if target.exists() and target.samefile(source):
        # rename(2) does nothing where both names are one file's, and would leave the new one behind.
        return
    fresh = target.with_name(f".{target.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        os.link(source, fresh)
    except OSError:
        # Another file system, or one without links.
        shutil.copy2(source, fresh)
    fresh.replace(target)


def _read_file(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
