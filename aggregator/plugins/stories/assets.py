"""The theme's files, the city's own emblem and the mark of an official site: where each lies, and under which name it
is served."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.errors import ConfigError

EMBLEM = "emblem"
"""Name of the emblem in templates: `asset('emblem')`."""

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
    """The theme's files, then the city's own, as far as it has them. Raises ConfigError."""
    static = Path(settings["THEME"]) / "static"
    for file in sorted(static.rglob("*")):
        if file.is_file():
            yield _make_asset(file.relative_to(static).as_posix(), file)
    emblem = find_emblem(settings)
    if emblem.is_file():
        yield _make_asset(EMBLEM, emblem)
    if mark := find_mark(settings):
        yield _make_asset(MARK, mark)


def find_mark(settings: Mapping[str, Any]) -> Path | None:
    """The picture of `SITE_MARK` in the content folder; None where there is no such picture."""
    file = Path(settings["PATH"]) / str(settings["SITE_MARK_PICTURE"])
    return file if file.suffix.lower() in _PICTURES and file.is_file() else None


def find_emblem(settings: Mapping[str, Any]) -> Path:
    """`EMBLEM` in the content folder; the theme's logo, which a theme may lack, where there is none. Raises
    ConfigError."""
    name = str(settings["EMBLEM"])
    if not name:
        return Path(settings["THEME"]) / "static" / "logo.svg"
    file = Path(settings["PATH"]) / name
    if not file.is_file() or file.suffix.lower() not in _PICTURES:
        raise ConfigError(
            f"EMBLEM 写的图标“{name}”在 content 文件夹里找不到，或者不是图片。",
            '放进 svg、png、webp 或 jpg 图片，写成 EMBLEM = "图标.png"；写 EMBLEM = "" 用自带的图标。',
        )
    return file


def _make_asset(name: str, file: Path) -> Asset:
    digest = hashlib.blake2b(file.read_bytes(), digest_size=5).hexdigest()
    return Asset(name, f"theme/{name.removesuffix(file.suffix)}.{digest}{file.suffix}", file)
