"""The one error tree. Each error says what is wrong, where, and how to mend it, in Chinese for staff.

An expected failure of one feed or one draft is no error but a value (`model.FeedError`, `model.Finding`);
what is raised here stops the run. `exit_code` is the command's exit status.
"""

from __future__ import annotations

from pathlib import Path


class MatrixError(Exception):
    """Base of all errors of this project.

    `message` is a Chinese sentence for staff, `remedy` what to do about it ("" when there is nothing to do).
    """

    exit_code = 3

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  办法：{self.remedy}" if self.remedy else self.message


class ConfigError(MatrixError):
    """A wrong command, registry or configuration: found before anything is touched."""

    exit_code = 2

    def __init__(self, message: str, remedy: str, *, file: Path | None = None, line: int | None = None) -> None:
        where = ""
        if file is not None:
            where = f"{file}:{line}: " if line else f"{file}: "
        super().__init__(where + message, remedy)
        self.file = file
        self.line = line


class FontMissingError(ConfigError):
    """No font of this machine has Chinese characters: no cover can be drawn, and all else goes on."""


class NewerStoreError(MatrixError):
    """The store was written by a newer version of this program."""

    exit_code = 2


class LockedError(MatrixError):
    """Another run holds the site's lock."""

    exit_code = 4


class BuildError(MatrixError):
    """The site could not be rendered or written; the last one stands."""


class BackupError(MatrixError):
    """A backup could not be written, or is not one of ours."""

    exit_code = 2
