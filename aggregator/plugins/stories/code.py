"""Digests of the code behind the pages, and of the settings that it reads."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aggregator
from aggregator.artifacts import digest_bytes, digest_value

_LIBRARIES = ("pelican", "jinja2", "markupsafe", "zxing-cpp", "pypinyin")

_HELPERS = (
    "artifacts", "dates", "documents", "images/qr.py", "model/story.py", "pinyin.py", "text.py", "urls.py",
)  # fmt: skip
"""Of the aggregator, besides the plugins: what writes something into pages."""

_ROOT = Path(aggregator.__file__).parent


def digest_code(plugins: Iterable[str]) -> str:
    """Of all code that has a hand in pages, by its files: a version number is easily forgotten. `plugins` are modules
    that are imported.
    """
    helpers = (file for name in _HELPERS for file in _list_files(_ROOT / name))
    files = sorted({*helpers, *(file for name in {*plugins, "aggregator.plugins.stories"} for file in _list_all(name))})
    versions = (platform.python_version(), *map(version, _LIBRARIES))
    return digest_bytes(*(file.read_bytes() for file in files), *(one.encode() for one in versions))


def digest_settings(names: Iterable[str], settings: Mapping[str, Any]) -> str:
    return digest_value([[name, digest_setting(settings[name], settings)] for name in names])


def digest_setting(value: object, settings: Mapping[str, Any]) -> str:
    try:
        return digest_value(value)
    except TypeError:
        # A function or an object of somebody's own has no content to go by, but its code has, and who made it.
        config = settings.get("CONFIG_FILE")
        files = sorted({file for one in _list_values(value) for file in _find_file(one)})
        return digest_bytes(Path(config).read_bytes() if config else b"", *(file.read_bytes() for file in files))


def _list_values(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _list_values(one)
    else:
        yield value


def _find_file(value: object) -> Iterator[Path]:
    """Of the module that a function, a class or an object comes from."""
    file = getattr(sys.modules.get(name_module(value)), "__file__", None)
    if file and Path(file).is_file():
        yield Path(file)


def name_module(value: object) -> str:
    """Where a function, a class or an object comes from; of a module its own name."""
    return str(getattr(value, "__module__", None) or getattr(value, "__name__", None) or type(value).__module__)


def _list_all(module: str) -> Iterator[Path]:
    """The files of a module, or of a package with all that is in it."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if file:
        path = Path(file)
        yield from _list_files(path.parent if path.name == "__init__.py" else path)


def _list_files(path: Path) -> Iterable[Path]:
    return path.rglob("*.py") if path.is_dir() else (path,)
