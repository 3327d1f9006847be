"""The work that was saved, counted by what can be looked up again. No ranking of people or accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from statistics import median

from aggregator.dates import SHANGHAI
from aggregator.model import Burden, Choice
from aggregator.pipeline.editorial import load_editorial
from aggregator.store import Store

DAYS = 30
"""Over which it is counted."""


def count_burden(store: Store, now: datetime) -> Burden:
    """Of the last DAYS days, by the store and by the choices that `editorial.toml` had in the last run."""
    since = now - timedelta(days=DAYS)
    merged, copied = store.choosing.count_merged(since)
    choices = [
        choice
        for choice in load_editorial(store).choices
        if (moment := _read_moment(choice.date)) is not None and since <= moment <= now
    ]
    kinds = Counter(choice.kind for choice in choices)
    waits = sorted(_list_waits(choices))
    waiting = [note.first_seen for note in store.inbox.load_notes()]
    return Burden(
        DAYS, merged, copied, kinds["accept"], kinds["reject"], kinds["edit"],
        waited_median=median(waits) if waits else None,
        waited_longest=waits[-1] if waits else None,
        waiting=len(waiting),
        waiting_longest=_count_minutes(min(waiting), now) if waiting else None,
    )  # fmt: skip


def _list_waits(choices: Iterable[Choice]) -> Iterable[float]:
    for choice in choices:
        came, decided = _read_moment(choice.since), _read_moment(choice.date)
        if came is not None and decided is not None:
            yield max(0.0, _count_minutes(came, decided))


def _count_minutes(start: datetime, end: datetime) -> float:
    return round((end - start) / timedelta(minutes=1), 1)


def _read_moment(written: str) -> datetime | None:
    """A moment as TOML has it, or a day; None where there is none. Without a zone it is ours."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
