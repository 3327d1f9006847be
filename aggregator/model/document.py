"""Who names which official document, as the store keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Place = Literal["policy", "successor", "title", "text"]
"""Where a story names a document: in its header, 关联政策 or 替代文件; in its headline; in its text."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A story names a document."""

    name: int
    """Hash of the name."""
    place: Place
    exact: bool
    """The name is whole."""


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A story that is a document, found by a name."""

    name: int
    story: str
    exact: bool
    """The name is whole."""
