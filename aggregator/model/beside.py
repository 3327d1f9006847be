"""Files that lie beside staff's drafts, and how a draft names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UseKind = Literal["picture", "attachment", "draft"]


@dataclass(frozen=True, slots=True)
class BesideFile:
    """A file under content/ that is no draft."""

    path: str
    """POSIX, relative to `content/`."""
    tag: str
    """Changes when the file is written anew; nothing is read to know it."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class FileUse:
    """A file that a draft names."""

    spelling: str
    """As the draft has it, percent-escapes undone."""
    kind: UseKind
    line: int | None = None
    """In the draft's file, where it is known."""
    file: str = ""
    """Path under `content/` of what it means; "" where there is nothing."""
    tag: str = ""
    """Of the file as it was when it was last read; "" where it could not be read, and for a draft."""
    address: str = ""
    """Under which it is shown, with the hash of its content; "" where it is not."""
