"""Files that a command makes for staff, beside the site."""

from __future__ import annotations

from pathlib import Path

from aggregator.errors import ConfigError


def write_file(file: Path, data: bytes) -> None:
    """Raises ConfigError where it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise ConfigError(f"文件写不进 {file}：{error.strerror}。", "换一个文件夹，或检查权限。") from error
