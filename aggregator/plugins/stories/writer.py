"""Writing the files of one site tree: what is as it was in the live tree becomes a second name of the same file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from pelican.utils import sanitised_join
from pelican.writers import Writer


class TreeWriter(Writer):  # type: ignore[misc]  # Pelican publishes no types
    """Pelican's writer over bytes.

    `LIVE_TREE` in the settings is the tree that visitors see: an unchanged file is linked from there, so it
    keeps its time of change and costs no space. A file is written beside its name and then renamed, because a
    linked one must never be written in place.
    """

    def __init__(self, output_path: str, settings: dict[str, Any] | None = None) -> None:
        super().__init__(output_path, settings)
        live = self.settings.get("LIVE_TREE")
        self._live = Path(live) if live else None
        self._folders: set[Path] = set()
        self.changed: list[str] = []
        self.kept: list[str] = []

    def write_page(self, path: str, data: bytes) -> None:
        """Put `data` at `path` (POSIX, relative to the tree). Raises OSError, RuntimeError (path outside)."""
        target = self._make_target(path)
        former = self._live / path if self._live else target
        if _read_file(former) == data:
            if former != target:
                target.unlink(missing_ok=True)
                os.link(former, target)
            self.kept.append(path)
            return
        fresh = target.with_name(f".{target.name}.new")
        fresh.write_bytes(data)
        fresh.replace(target)
        self.changed.append(path)

    def link_file(self, path: str, source: Path) -> None:
        """Put a file at `path` whose name there changes with its content: where it is already, it is the same.

        It becomes a second name of `source` where the file system allows. Raises as `write_page`.
        """
        target = self._make_target(path)
        former = self._live / path if self._live else target
        kept = former.is_file() and former.stat().st_size == source.stat().st_size
        if not kept or former != target:
            fresh = target.with_name(f".{target.name}.new")
            fresh.unlink(missing_ok=True)
            try:
                os.link(former if kept else source, fresh)
            except OSError:
                # Another file system, or one without links.
                shutil.copy2(former if kept else source, fresh)
            fresh.replace(target)
        (self.kept if kept else self.changed).append(path)

    def _make_target(self, path: str) -> Path:
        target = Path(sanitised_join(self.output_path, path))
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        return target


def _read_file(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
