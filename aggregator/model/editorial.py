"""What staff decide in `editorial.toml`."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.model.ruling import Ruling


@dataclass(frozen=True, slots=True)
class Editorial:
    """All that `editorial.toml` states."""

    rulings: tuple[Ruling, ...] = ()
