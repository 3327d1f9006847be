"""The theme's files and the mark of an official site: where each lies, and under which name it is served."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK = "site-mark"
"""Name in templates of the mark: `asset('site-mark')`."""

_PICTURES = {".svg", ".png", ".webp", ".jpg", ".jpeg"}


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    """In templates: `portal.css`, `motifs/bus.svg`."""
    path: str
    """In the site; it carries a hash of the content, so that it may be cached for good."""
    file: Path


def list_assets(settings: Mapping[str, Any]) -> Iterator[Asset]:
    """The theme's files, then the city's own."""
    static = Path(settings["THEME"]) / "static"
    for file in sorted(static.rglob("*")):
        if file.is_file():
            yield _make_asset(file.relative_to(static).as_posix(), file)
    if mark := find_mark(settings):
        yield _make_asset(MARK, mark)


def find_mark(settings: Mapping[str, Any]) -> Path | None:
    """The picture of `SITE_MARK` in the content folder; None where there is no such picture."""
    file = Path(settings["PATH"]) / str(settings["SITE_MARK_PICTURE"])
    return file if file.suffix.lower() in _PICTURES and file.is_file() else None


def _make_asset(name: str, file: Path) -> Asset:
    digest = hashlib.blake2b(file.read_bytes(), digest_size=5).hexdigest()
    stem = name.removesuffix(file.suffix)
    return Asset(name, f"theme/{stem}.{digest}{file.suffix}", file)
