"""Of each post that waits, what choosing asks of it: found out once, when it came, as bodies are long."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from aggregator.channel import DESCRIBED_BY, describe_post
from aggregator.model import WaitingEntry
from aggregator.store import Store

BATCH = 500
"""Posts read at once, with their bodies."""


def describe_waiting(store: Store) -> None:
    """Keep a card of each post that has none yet."""
    for account, keys in _cut_batches(store):
        waiting = store.inbox.load(account, keys)
        cards = {(account, one.note.key): describe_post(one.post, one.note.first_seen) for one in waiting}
        with store.transaction():
            store.inbox.save_cards(cards, DESCRIBED_BY)


def load_entries(store: Store) -> tuple[WaitingEntry, ...]:
    """All posts that wait; those that no run has described yet are read, and nothing is written."""
    fresh = (
        WaitingEntry(one.note, one.last_seen, describe_post(one.post, one.note.first_seen))
        for account, keys in _cut_batches(store)
        for one in store.inbox.load(account, keys)
    )
    return (*store.inbox.load_cards(DESCRIBED_BY), *fresh)


def _cut_batches(store: Store) -> list[tuple[str, list[str]]]:
    """(account, keys) of posts without a card."""
    batches = []
    for account, names in groupby(store.inbox.list_undescribed(DESCRIBED_BY), key=itemgetter(0)):
        keys = [key for _, key in names]
        batches += [(account, keys[start : start + BATCH]) for start in range(0, len(keys), BATCH)]
    return batches
