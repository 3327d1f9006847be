"""Stored posts into stories and placements: only what is new, changed or withdrawn, and its neighbours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from aggregator.channel import place_story
from aggregator.cluster import find_matches, place_posts
from aggregator.model import Account, Progress, Registry, Rulings, Story, StoryChanges
from aggregator.pipeline.indexing import index_posts
from aggregator.store import Store

BATCH = 500
"""Posts placed in one transaction: bounds memory, and what a killed run has to do again."""

_PLACED_WITH = "accounts-weighed"


def place_waiting(registry: Registry, store: Store, now: datetime, progress: Progress) -> int:
    """Put every post that waits into its story and its story into the channel. Counts changed stories.

    Staff's rulings hold as the store has them.
    """
    accounts = {account.id: account for account in registry.accounts}
    _renew_accounts(accounts, store)
    store.index.widen_cache()
    if store.index.is_snapshot_due():
        store.index.renew_snapshot(now)
    index_posts(store.posts.list_unplaced(), store, progress)
    # Indexing may have made posts wait that others now find otherwise.
    waiting = store.posts.list_unplaced()
    reached = dict.fromkeys(waiting)
    compared: set[int] = set()
    candidates = store.candidates(accounts, registry.stories.window)
    for start in range(0, len(waiting), BATCH):
        progress("比对文章", start, len(waiting))
        with store.transaction():
            batch = waiting[start : start + BATCH]
            found = find_matches(batch, candidates, compared)
            # Also those that one of them matched before.
            reached |= dict.fromkeys(store.stories.save_matches(batch, found, compared))
        compared.update(batch)
    progress("比对文章", len(waiting), len(waiting))
    # Only now that all matches are known: a story is not taken apart because its posts stand in two batches.
    return _place_reached(tuple(reached), accounts, store, now, progress)


def _place_reached(
    posts: Sequence[int], accounts: Mapping[str, Account], store: Store, now: datetime, progress: Progress
) -> int:
    rulings = store.rulings.load()
    changed = 0
    # In their order, without those that were placed together with an earlier one.
    remaining = dict.fromkeys(posts)
    while remaining:
        progress("归并重复", len(posts) - len(remaining), len(posts))
        batch = list(islice(remaining, BATCH))
        with store.transaction():
            changes = place_posts(batch, store.candidates(accounts), rulings)
            placed = [post for post in sorted(changes.posts) if post in remaining]
            store.stories.save(changes, placed, now)
            place_changes(placed, changes, accounts, rulings, store)
        changed += len(changes.stories)
        for post in placed:
            del remaining[post]
    progress("归并重复", len(posts), len(posts))
    return changed


def place_changes(
    posts: Sequence[int], changes: StoryChanges, accounts: Mapping[str, Account], rulings: Rulings, store: Store
) -> None:
    """Put the stories that placing these posts changed into the channel, or take them out of it."""
    # Also stories with the same members as before: a changed headline, date or folder of a draft moves them.
    touched = {story.id: story for story in (*store.stories.load_of(posts), *changes.stories)}
    hidden = store.stories.find_hidden(rulings)
    shown = [story for story in touched.values() if story.members and story.id not in hidden]
    _place_stories(shown, accounts, store)
    store.stories.save_placements((), sorted(touched.keys() - {story.id for story in shown}))


def _place_stories(stories: Sequence[Story], accounts: Mapping[str, Account], store: Store) -> None:
    wanted = sorted({member.post for story in stories for member in story.members})
    posts = {stored.id: stored for stored in store.posts.load(wanted, bodies=False)}
    placements = [
        place_story(
            story.id, [posts[member.post] for member in story.members], accounts.get(posts[story.lead].post.account)
        )
        for story in stories
    ]
    store.stories.save_placements(placements)


def _renew_accounts(accounts: Mapping[str, Account], store: Store) -> None:
    """Let the posts of accounts that the registry now describes otherwise be placed anew.

    A rank or a name decides who leads, a kind in which column a story stands.
    """
    known: dict[str, str] = json.loads(store.feeds.get_fact(_PLACED_WITH) or "{}")
    present = {account.id: _digest(account) for account in accounts.values()}
    if known == present:
        return
    with store.transaction():
        for account, digest in present.items():
            if known.get(account, digest) != digest:
                store.posts.mark_unplaced(account)
        store.feeds.set_fact(_PLACED_WITH, json.dumps(present))


def _digest(account: Account) -> str:
    weighed = repr((account.kind, account.rank, account.name, account.organization))
    return hashlib.blake2b(weighed.encode(), digest_size=6).hexdigest()
