"""Files that a command makes for staff, beside the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aggregator.errors import ConfigError


def write_file(file: Path, data: bytes) -> None:
    """Into a folder that is there. Raises ConfigError where it cannot be written."""
    with _explain(file):
        file.write_bytes(data)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Files by their names, into a folder that need not be there. Raises ConfigError where they cannot be written."""
    with _explain(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_file(folder / name, data)


@contextmanager
def _explain(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(f"{file} 写不进去：{error.strerror}。", "换一个文件夹，或检查权限。") from error
