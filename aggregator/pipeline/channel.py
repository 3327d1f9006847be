"""Stored posts into stories and placements: only what is new, changed or withdrawn, and its neighbours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from aggregator.channel import place_story
from aggregator.cluster import place_posts
from aggregator.model import Account, Progress, Registry, Story
from aggregator.store import Store
from aggregator.text import fingerprint

BATCH = 500
"""Posts placed in one transaction: bounds memory, and what a killed run has to do again."""

_PLACED_WITH = "accounts-weighed"


def place_waiting(registry: Registry, store: Store, now: datetime, progress: Progress) -> int:
    """Put every post that waits into its story and its story into the channel. Counts changed stories."""
    accounts = {account.id: account for account in registry.accounts}
    _renew_accounts(accounts, store)
    waiting = store.posts.list_unplaced()
    changed = 0
    for start in range(0, len(waiting), BATCH):
        progress("归并重复", start, len(waiting))
        with store.transaction():
            changed += _place_batch(waiting[start : start + BATCH], accounts, store, now)
    progress("归并重复", len(waiting), len(waiting))
    return changed


def _place_batch(batch: Sequence[int], accounts: dict[str, Account], store: Store, now: datetime) -> int:
    index = store.candidates(accounts)
    documents = index.load_documents(batch)
    fingerprints = {document.post: fingerprint(document.text) for document in documents}
    store.stories.save_fingerprints(batch, fingerprints)
    gone = sorted(set(batch) - fingerprints.keys())
    changes = place_posts(documents, gone, fingerprints, index)
    store.stories.save(changes, batch, now)
    # Also stories with the same members as before: a changed headline, date or folder of a draft moves them.
    touched = {story.id: story for story in (*index.load_stories(batch), *changes.stories)}
    _place_stories(tuple(touched.values()), accounts, store)
    return len(changes.stories)


def _place_stories(stories: Sequence[Story], accounts: dict[str, Account], store: Store) -> None:
    wanted = sorted({member.post for story in stories for member in story.members})
    posts = {stored.id: stored for stored in store.posts.load(wanted, bodies=False)}
    placements = [
        place_story(
            story.id, [posts[member.post] for member in story.members], accounts.get(posts[story.lead].post.account)
        )
        for story in stories
        if story.members
    ]
    store.stories.save_placements(placements, [story.id for story in stories if not story.members])


def _renew_accounts(accounts: dict[str, Account], store: Store) -> None:
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
