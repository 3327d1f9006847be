"""Stored posts into stories and placements: only what is new, changed or withdrawn, and its neighbours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from aggregator.channel import decide_state, place_story, read_terms, read_withdrawal
from aggregator.cluster import Circle, draw_circle, form_ruled_stars, settle_circle
from aggregator.model import (
    LOCAL_ACCOUNT,
    Account,
    CandidateIndex,
    Document,
    Match,
    Notice,
    Placement,
    Progress,
    Registry,
    Rulings,
    StoredPost,
    Story,
    StoryChanges,
    Terms,
    Withdrawal,
)
from aggregator.pipeline.comparing import compare_posts
from aggregator.pipeline.crew import Crew
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
    store.states.release(now)
    _keep_back(store, now)
    store.index.widen_cache()
    is_due = store.index.is_snapshot_due()
    unplaced = store.posts.list_unplaced()
    with Crew(store.posts.count() if is_due else len(unplaced)) as crew:
        if is_due:
            store.index.renew_snapshot(now, crew.share)
            # All that were in the index.
            unplaced = store.posts.list_unplaced()
        index_posts(unplaced, store, progress, crew)
        # Indexing may have made posts wait that others now find otherwise.
        waiting = store.posts.list_unplaced()
        candidates = store.candidates(accounts, registry.stories.window)
        others = compare_posts(waiting, candidates, store, progress, crew)
        # Also those that one of them matched before.
        reached = dict.fromkeys((*waiting, *others))
        # Only now that all matches are known: a story is not taken apart because its posts stand in two batches.
        changed = _place_reached(tuple(reached), accounts, store, now, progress, crew)
    return changed + _place_due(accounts, store, now)


def _keep_back(store: Store, now: datetime) -> None:
    """Note of new and changed drafts whether their time has come; until then they are in no story."""
    drafts = store.posts.load(store.states.list_unread(), bodies=False)
    states = {stored.id: decide_state(read_terms(stored.post), now) for stored in drafts}
    with store.transaction():
        store.states.keep_back({post: one.due if one.name == "scheduled" else None for post, one in states.items()})


def _place_due(accounts: Mapping[str, Account], store: Store, now: datetime) -> int:
    """Put into effect what time alone has changed: what expires, what is withdrawn at a given moment."""
    due = store.states.list_due(now)
    if due:
        with store.transaction():
            _place_stories(store.stories.load(due), accounts, store.rulings.load(), store, now)
    return len(due)


def _place_reached(
    posts: Sequence[int], accounts: Mapping[str, Account], store: Store, now: datetime, progress: Progress, crew: Crew
) -> int:
    rulings, candidates = store.rulings.load(), store.candidates(accounts)
    changed = 0
    remaining = dict.fromkeys(posts)
    # Once, unless what was placed meanwhile left some out of the circle in which they had been drawn.
    while remaining:
        for circle, stars in crew.share(form_ruled_stars, _draw_circles(tuple(remaining), candidates, rulings)):
            progress("归并重复", len(posts) - len(remaining), len(posts))
            with store.transaction():
                changes = settle_circle(circle, stars, candidates, rulings)
                placed = [post for post in sorted(changes.posts) if post in remaining]
                store.stories.save(changes, placed, now)
                place_changes(placed, changes, accounts, rulings, store, now)
            changed += len(changes.stories)
            for post in placed:
                del remaining[post]
    progress("归并重复", len(posts), len(posts))
    return changed


def _draw_circles(
    posts: Sequence[int], candidates: CandidateIndex, rulings: Rulings
) -> Iterator[tuple[Circle, tuple[Sequence[Document], Sequence[Match], Rulings]]]:
    """Circles of these posts, some at a time, each with what its stars are formed of."""
    # In their order, without those that an earlier circle has reached.
    remaining = dict.fromkeys(posts)
    while remaining:
        circle = draw_circle(tuple(islice(remaining, BATCH)), candidates, rulings)
        yield circle, (circle.documents, circle.matches, rulings)
        for post in circle.reached:
            remaining.pop(post, None)


def place_changes(
    posts: Sequence[int], changes: StoryChanges, accounts: Mapping[str, Account], rulings: Rulings, store: Store,
    now: datetime,
) -> None:  # fmt: skip
    """Put the stories that placing these posts changed into the channel, or take them out of it."""
    # Also stories with the same members as before: a changed headline, date or folder of a draft moves them.
    touched = {story.id: story for story in (*store.stories.load_of(posts), *changes.stories)}
    _place_stories(tuple(touched.values()), accounts, rulings, store, now)


def _place_stories(
    stories: Sequence[Story], accounts: Mapping[str, Account], rulings: Rulings, store: Store, now: datetime
) -> None:
    """Give each of these stories its place, its notice, or neither: what staff hid, what was merged, what is gone."""
    hidden, ruled = store.stories.find_hidden(rulings), store.stories.find_withdrawn(rulings)
    wanted = sorted({post for story in stories for post in (story.lead, *(member.post for member in story.members))})
    posts = {stored.id: stored for stored in store.posts.load(wanted, bodies=False)}
    former = store.states.load_notices([story.id for story in stories])
    placements: dict[str, Placement] = {}
    notices: dict[str, Notice] = {}
    for story in stories:
        known = former.get(story.id)
        if known and known.purged:
            notices[story.id] = known
            continue
        members = [posts[member.post] for member in story.members]
        entry = ruled.get(story.id)
        # What was withdrawn stays so when its file is deleted later.
        terms = _read_terms(members or [posts[story.lead]])
        state = decide_state(replace(terms, withdrawal=read_withdrawal(entry)) if entry else terms, now)
        if story.merged_into or state.name == "scheduled":
            continue
        if state.name == "withdrawn":
            stated = read_withdrawal(entry) if entry else terms.withdrawal or Withdrawal()
            notices[story.id] = _write_notice(story.id, stated, entry.key if entry else "", known, now)
        elif members and story.id not in hidden:
            placed = place_story(story.id, members, accounts.get(posts[story.lead].post.account))
            placements[story.id] = replace(placed, expired_at=state.since, due_at=state.due)
    _log_notices(former, notices, store, now)
    store.stories.save_placements(placements.values(), sorted({one.id for one in stories} - placements.keys()))
    changed = [one for one in notices.values() if former.get(one.story) != one]
    store.states.save_notices(changed, sorted(former.keys() - notices.keys()))


def _read_terms(members: Sequence[StoredPost]) -> Terms:
    """What staff's own draft among the members says, else nothing."""
    return next((read_terms(one.post) for one in members if one.post.account == LOCAL_ACCOUNT), Terms())


def _write_notice(story: str, stated: Withdrawal, origin: str, known: Notice | None, now: datetime) -> Notice:
    """As it is known already where nothing else is stated: without a date it counts from when it was first read."""
    same = known is not None and known.replacement == stated.replacement
    at = stated.at or (known.at if known and known.origin == origin else now)
    return Notice(story, at, stated.reason, stated.replacement, known.target if known and same else "", origin)


def _log_notices(former: Mapping[str, Notice], notices: Mapping[str, Notice], store: Store, now: datetime) -> None:
    new = [("withdrawn", story, notices[story].reason) for story in sorted(notices.keys() - former.keys())]
    gone = [("restored", story, "不再撤回") for story in sorted(former.keys() - notices.keys())]
    store.stories.log_decisions((*new, *gone), now)


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
