"""What all stories say of documents, read from their texts by this process and by others that help."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from aggregator.store import DocumentRows, Share, Store

Describe = Callable[[Share], Future[DocumentRows]]
"""Begins elsewhere what `Documents.describe` does for the stories of a share, from the store as it is on the disk."""

AHEAD = 50
"""Shares begun and not yet taken, at most: their rows wait in memory."""


class Shares:
    """The rows of all shares, each once. Others begin with the first as soon as this is made; whoever iterates takes
    the last, so that neither waits for the other.
    """

    def __init__(self, store: Store, describe: Describe | None) -> None:
        self._store, self._describe = store, describe
        self._left = deque(store.documents.list_shares())
        self._begun: deque[tuple[Share, Future[DocumentRows]]] = deque()
        self._begin()

    def __iter__(self) -> Iterator[DocumentRows]:
        while self._left or self._begun:
            if self._left:
                yield self._store.documents.describe(self._left.pop())
            elif self._begun[-1][1].cancel():
                yield self._store.documents.describe(self._begun.pop()[0])
            else:
                yield self._begun.pop()[1].result()
            while self._begun and self._begun[0][1].done():
                yield self._begun.popleft()[1].result()
            self._begin()

    def _begin(self) -> None:
        while self._describe and self._left and len(self._begun) < AHEAD:
            share = self._left.popleft()
            self._begun.append((share, self._describe(share)))
