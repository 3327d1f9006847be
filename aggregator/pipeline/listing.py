"""What waits for staff, best first: by the cards in the store, so that a list of thousands reads no text.

By itself, as a list needs nothing of what reads feeds and makes pages.
"""

from __future__ import annotations

from datetime import datetime

from aggregator.channel import rank_candidates
from aggregator.model import Candidate, Registry
from aggregator.pipeline.choices import Choices, name_entry
from aggregator.pipeline.describing import load_entries
from aggregator.pipeline.editorial import load_editorial
from aggregator.store import Store


def list_candidates(registry: Registry, store: Store, now: datetime) -> tuple[Candidate, ...]:
    """All that waits, best first."""
    entries = load_entries(store)
    choices = Choices(load_editorial(store).choices)
    former = {
        (entry.note.account, entry.note.key): choice
        for entry in (entries if choices else ())
        if (choice := choices.find_former(entry.card.content, *name_entry(entry)))
    }
    accounts = {account.id: account for account in registry.accounts}
    return rank_candidates(entries, accounts, store.choosing.find_published(entries), former, now)
