"""Where a site lies, and who is told how far a run is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Site:
    """Where the parts of one site lie, below its root."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "pelicanconf.py"

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def registry(self) -> Path:
        return self.content / "registry" / "accounts.toml"

    @property
    def editorial(self) -> Path:
        """Staff's decisions; need not exist."""
        return self.content / "editorial.toml"

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def state(self) -> Path:
        """What must not be lost: the store, logs, site trees."""
        return self.root / ".matrix"

    @property
    def store(self) -> Path:
        return self.state / "store.sqlite3"


class Progress(Protocol):
    """Told how far a long stage is; `total` 0 where that is not known."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...
