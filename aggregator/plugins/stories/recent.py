"""What was made last, kept for the next that asks: pages beside one another show the same stories."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values by name. Of those asked for last it keeps `least` by their weight at least, and at most twice as much."""

    def __init__(self, least: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self._least, self._weigh, self._weight = least, weigh, 0
        self._new: dict[Hashable, Value] = {}
        self._old: dict[Hashable, Value] = {}
        """Those that go as soon as there are enough new ones."""

    def get(self, name: Hashable) -> Value | None:
        found = self._new.get(name)
        if found is None and (found := self._old.pop(name, None)) is not None:
            self.keep(name, found)
        return found

    def keep(self, name: Hashable, value: Value) -> Value:
        """The value itself."""
        if self._weight >= self._least:
            self._old, self._new, self._weight = self._new, {}, 0
        self._new[name] = value
        self._weight += self._weigh(value)
        return value
