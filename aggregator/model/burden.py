"""The work that was saved, counted: no ranking of people or accounts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Burden:
    """Of the last `days` days."""

    days: int
    merged: int
    """Posts that became part of another post's story instead of standing beside it."""
    copied: int
    """Of those, the ones that repeat the text of another account's post."""
    accepted: int
    rejected: int
    edited: int
    waited_median: float | None
    """Minutes from a post's arrival in the inbox to the decision, of decisions that state both."""
    waited_longest: float | None
    waiting: int
    """Posts that wait now."""
    waiting_longest: float | None
    """Minutes that the first of them has waited."""
