"""The gate before the store: what a feed brings is let in, or waits in the inbox with the reasons.

A held post never reaches the table of posts: what is published under its key stays at its last good revision.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.channel import DESCRIBED_BY, hash_version
from aggregator.check import (
    REVIEW,
    RULES_VERSION,
    SAMPLE,
    find_burst,
    find_moved_feed,
    find_other_domain,
    find_other_language,
    judge_post,
    list_own_names,
    may_differ,
    outlives,
    still_holds,
)
from aggregator.model import (
    HOLD_LABELS,
    Account,
    Choice,
    HoldReason,
    HoldRule,
    HoldSettings,
    ParsedFeed,
    Post,
    Registry,
    WaitingNote,
    WaitingPost,
)
from aggregator.pipeline.arrivals import Arrivals, find_notes, group_notes, list_names
from aggregator.pipeline.choices import Choices, name_entry, name_post
from aggregator.pipeline.describing import describe_waiting
from aggregator.store import Store
from aggregator.store.rows import hash_content

LAST_POSTS = 30
"""Posts of an account by which its language and its domains are known."""

BATCH = 500
"""Waiting posts judged anew at once."""

_OF_FEEDS = ("burst", "language", "domain")
"""Rules about what a feed does all at once."""

_MOVED = "inbox-since"
"""Fact in the store: when the posts that older versions let wait among the others were moved."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What became of the posts of one feed."""

    feed: ParsedFeed
    """With the posts that are let in."""
    held: int = 0
    """Those that wait, newly or still."""
    new: int = 0
    """Of those, the ones that were never seen before."""


class Gate:
    """Lets posts in or holds them, for one run."""

    def __init__(
        self, registry: Registry, settings: HoldSettings, store: Store, now: datetime, choices: Iterable[Choice] = ()
    ) -> None:
        self._accounts = {account.id: account for account in registry.accounts}
        self._settings = settings
        self._choices = Choices(choices)
        self._store = store
        self._now = now
        self._own_names = list_own_names(registry.accounts)
        self._landings = store.habits.load_landings()
        self._waiting: dict[str, dict[str, WaitingNote]] = {}
        self._note_waiting()

    def settle(self) -> int:
        """Do what staff chose, judge anew what waits where settings or account changed since. Counts what is let in"""
        with self._store.transaction():
            self._move_older()
            released = self._choose()
            released += sum(
                self._judge_again(account, [note.key for note in notes.values() if note.judged_with != digest])
                for account_id, notes in self._waiting.items()
                # What waits of an account that has left the registry waits on.
                if (account := self._accounts.get(account_id)) and (digest := self._digest(account))
            )
            self._store.inbox.prune(self._now)
        self._note_waiting()
        return released

    def screen(self, feed: ParsedFeed, account: Account, host: str) -> Screened:
        """Hold what must wait; `host` is the one that answered, "" for a file."""
        feed = replace(feed, posts=self._store.posts.drop_buried(account.id, feed.posts))
        self._take_back(feed, account)
        waiting = self._waiting.get(account.id, {})
        feed = self._keep_dates(feed, account, waiting.values())
        feed, accepted = self._heed_choices(feed, account)
        reasons: dict[str, list[HoldReason]] = defaultdict(list)
        for post in feed.posts:
            if account.selection == "review":
                reasons[post.key].append(REVIEW)
            if found := judge_post(post, self._settings, self._own_names, self._now.year):
                reasons[post.key] += found
        exempt = account.id in self._settings.exempt
        last_read = None if exempt else self._store.habits.find_last_read(account.id, feed.url)
        if not (last_read or waiting or reasons):
            self._land(account, feed, host)
            return Screened(feed)
        names = [name for post in feed.posts for name in list_names(post)]
        arrivals = Arrivals(feed.posts, self._store.habits.load_known(account.id, names), waiting.values())
        if last_read:
            self._judge_feed(feed, account, host, arrivals, last_read, reasons)
        else:
            self._land(account, feed, host)
        for post in feed.posts if waiting else ():
            for note in arrivals.find_notes(post):
                known = {reason.rule for reason in reasons[post.key]}
                kept = [one for one in note.reasons if one.rule in _OF_FEEDS and one.rule not in known]
                reasons[post.key] += kept and self._outlive(kept, note, post)
        for key in accepted:
            reasons.pop(key, None)
        held = [post for post in feed.posts if reasons.get(post.key) and not arrivals.is_published(post)]
        return self._divide(feed, account, held, arrivals, reasons)

    def count_rules(self, account: str) -> Mapping[HoldRule, int]:
        """As `count_rules`, of one account."""
        return count_rules(self._waiting.get(account, {}).values())

    def count_posts(self, account: str) -> int:
        return len(self._waiting.get(account, ()))

    def _take_back(self, feed: ParsedFeed, account: Account) -> None:
        if feed.deleted and account.id in self._waiting:
            self._store.inbox.drop_named(account.id, feed.deleted)
            self._note_waiting(account.id)

    def _heed_choices(self, feed: ParsedFeed, account: Account) -> tuple[ParsedFeed, frozenset[str]]:
        """The posts without the versions that staff did not want, and the keys of those that it wanted."""
        if not self._choices:
            return feed, frozenset()
        chosen: dict[str, Choice] = {}
        for post in feed.posts:
            named = name_post(post)
            if self._choices.names(*named) and (choice := self._choices.find(hash_version(post), *named)):
                chosen[post.key] = choice
        refused = [post for post in feed.posts if post.key in chosen and chosen[post.key].kind != "accept"]
        # An older version of it that waits is not what the feed shows any more.
        notes = self._waiting.get(account.id, {})
        grouped = group_notes(notes.values())
        gone = {note.key for post in refused for note in find_notes(grouped, post) if note.feed == feed.url}
        self._store.inbox.drop(account.id, gone)
        for key in gone:
            del notes[key]
        accepted = frozenset(key for key, choice in chosen.items() if choice.kind == "accept")
        kept = tuple(post for post in feed.posts if post.key not in chosen or post.key in accepted)
        return replace(feed, posts=kept), accepted

    def _outlive(self, reasons: Sequence[HoldReason], note: WaitingNote, post: Post) -> list[HoldReason]:
        """Of what a feed did all at once, what stays a reason when it then shows the post alone, changed or not."""
        if note.content_hash == hash_content(post):
            return list(reasons)
        (before,) = self._store.inbox.load(note.account, [note.key])
        return [reason for reason in reasons if outlives(reason, before.post, post, self._settings)]

    def _keep_dates(self, feed: ParsedFeed, account: Account, waiting: Iterable[WaitingNote]) -> ParsedFeed:
        """「3小时前」 is another date at each reading, and was right at the first."""
        if not any(post.is_date_inferred for post in feed.posts):
            return feed
        grouped = group_notes(waiting)
        keys = {
            post.key: note.key for post in feed.posts if post.is_date_inferred for note in find_notes(grouped, post)
        }
        if not keys:
            return feed
        first = {one.note.key: one.post for one in self._store.inbox.load(account.id, keys.values())}
        posts = (
            replace(post, published=before.published, updated=before.updated)
            if (before := first.get(keys.get(post.key, "")))
            else post
            for post in feed.posts
        )
        return replace(feed, posts=tuple(posts))

    def _judge_feed(
        self, feed: ParsedFeed, account: Account, host: str, arrivals: Arrivals, last_read: datetime,
        reasons: dict[str, list[HoldReason]],
    ) -> None:  # fmt: skip
        """Add what the feed does all at once."""
        settings = self._settings
        own = [*account.feeds, account.homepage]
        moved = find_moved_feed(host, self._landings.get((account.id, feed.url), ""), own, settings)
        if moved:
            _add(reasons, [post.key for post in arrivals.news], moved)
        else:
            self._land(account, feed, host)
        # A folder is filled as its department finds the time, and read in portions: what is older is no burst.
        since = last_read - timedelta(days=1) if feed.files else None
        new = [post.key for post in feed.posts if post.key in arrivals.new and _is_dated_after(post, since)]
        if settings.burst and new and self._may_burst(len(new), feed):
            habits = self._store.habits.load_habits(
                account.id, feed.url, last_read, self._now, settings.burst_days, since
            )
            _add(reasons, new, find_burst(len(new), habits, settings) if habits else None)
        last = self._store.habits.load_last(account.id, feed.url, LAST_POSTS)
        titles, addresses = [one.title for one in last], [one.url for one in last]
        if len(last) < settings.usual or not may_differ(feed.posts, titles, [*own, *addresses], settings):
            return
        if not moved:
            _add(reasons, *find_other_domain(arrivals.news, own, addresses, settings))
        if find_other_language(arrivals.news, titles, settings)[1]:
            # Only now the texts: titles are in every row, and nearly always enough.
            openings = self._store.posts.load_openings([one.id for one in last], SAMPLE)
            texts = [f"{one.title}\n{openings[one.id]}" for one in last]
            _add(reasons, *find_other_language(arrivals.news, texts, settings))

    def _may_burst(self, new: int, feed: ParsedFeed) -> bool:
        """Whether a look at the feed's habits is worth its time."""
        yesterday = self._now - timedelta(days=1)
        new += sum(note.first_seen > yesterday for note in self._waiting.get(feed.account, {}).values())
        new += self._store.habits.count_lately(feed.account, feed.url, self._now)
        return new >= self._settings.burst_least

    def _land(self, account: Account, feed: ParsedFeed, host: str) -> None:
        if host and self._landings.get((account.id, feed.url)) != host:
            self._landings[account.id, feed.url] = host
            self._store.habits.save_landing(account.id, feed.url, host)

    def _divide(
        self, feed: ParsedFeed, account: Account, held: Sequence[Post], arrivals: Arrivals,
        reasons: Mapping[str, Sequence[HoldReason]],
    ) -> Screened:  # fmt: skip
        waiting = self._waiting.setdefault(account.id, {})
        keys = {post.key for post in held}
        passed = tuple(post for post in feed.posts if post.key not in keys)
        # What another feed of the account brought waits until that feed shows it otherwise.
        freed = {
            note.key
            for post in feed.posts
            for note in arrivals.find_notes(post)
            if note.key != post.key or post.key not in keys
            if note.feed == feed.url or note.feed not in account.feeds
        }
        digest = self._digest(account)
        first_seen = {
            post.key: min((note.first_seen for note in arrivals.find_notes(post)), default=self._now) for post in held
        }
        self._store.inbox.drop(account.id, freed)
        for key in freed:
            del waiting[key]
        for post in held:
            note = WaitingNote(
                account.id, post.key, feed.url, tuple(reasons[post.key]), hash_content(post), digest,
                first_seen[post.key], post.aliases,
            )  # fmt: skip
            self._store.inbox.put(note, post, self._now)
            waiting[post.key] = note
        return Screened(replace(feed, posts=passed), len(held), len(keys & arrivals.new))

    def _choose(self) -> int:
        """Let in what staff accepted, let go of what it did not want. Counts what is let in."""
        accounts = [
            account
            for account, notes in self._waiting.items()
            if self._choices.by_address or any(self._choices.names(account, note.names) for note in notes.values())
        ]
        if not self._choices or not accounts:
            return 0
        describe_waiting(self._store)
        accepted: dict[str, list[str]] = defaultdict(list)
        for entry in self._store.inbox.load_cards(DESCRIBED_BY, accounts):
            choice = self._choices.find(entry.card.content, *name_entry(entry))
            if choice is None or (choice.kind == "accept" and entry.note.account not in self._accounts):
                continue
            if choice.kind == "accept":
                accepted[entry.note.account].append(entry.note.key)
            else:
                self._store.inbox.drop(entry.note.account, [entry.note.key])
        released = 0
        for name, keys in accepted.items():
            for start in range(0, len(keys), BATCH):
                waiting = self._store.inbox.load(name, keys[start : start + BATCH])
                released += self._let_in(self._accounts[name], waiting)
        self._note_waiting()
        return released

    def _judge_again(self, account: Account, keys: Sequence[str]) -> int:
        released = 0
        for start in range(0, len(keys), BATCH):
            ready: list[WaitingPost] = []
            for one in self._store.inbox.load(account.id, keys[start : start + BATCH]):
                if reasons := self._find_reasons(one, account):
                    self._store.inbox.judge(replace(one.note, reasons=reasons, judged_with=self._digest(account)))
                else:
                    ready.append(one)
            released += self._let_in(account, ready)
        return released

    def _let_in(self, account: Account, waiting: Iterable[WaitingPost]) -> int:
        ready: dict[tuple[str, datetime], list[Post]] = defaultdict(list)
        for one in waiting:
            known = self._store.habits.load_known(account.id, list_names(one.post))
            ready[one.note.feed, self._now if known else one.note.first_seen].append(one.post)
        for (feed, moment), posts in ready.items():
            self._store.posts.save(account.id, posts, moment, feed, account.feeds)
            self._store.inbox.drop(account.id, [post.key for post in posts])
        return sum(map(len, ready.values()))

    def _find_reasons(self, one: WaitingPost, account: Account) -> tuple[HoldReason, ...]:
        return (
            *((REVIEW,) if account.selection == "review" else ()),
            *judge_post(one.post, self._settings, self._own_names, self._now.year),
            *(reason for reason in one.note.reasons if still_holds(reason, account, self._settings)),
        )

    def _digest(self, account: Account) -> str:
        own = (account.selection, account.feeds, account.homepage)
        weighed = repr((RULES_VERSION, self._settings, self._own_names, own))
        return hashlib.blake2b(weighed.encode(), digest_size=8).hexdigest()

    def _move_older(self) -> None:
        """Once for each store: what older versions let wait, as they did not know an inbox."""
        if self._store.feeds.get_fact(_MOVED):
            return
        for account in self._store.posts.list_waiting_accounts():
            known = self._accounts.get(account)
            if known is None or known.selection == "review":
                self._store.inbox.move_unplaced(account, (REVIEW,), self._digest(known) if known else "", self._now)
        self._store.feeds.set_fact(_MOVED, self._now.isoformat())
        self._note_waiting()

    def _note_waiting(self, account: str | None = None) -> None:
        if account is None:
            self._waiting = {}
        else:
            self._waiting.pop(account, None)
        for note in self._store.inbox.load_notes(account):
            self._waiting.setdefault(note.account, {})[note.key] = note


def count_rules(notes: Iterable[WaitingNote]) -> Mapping[HoldRule, int]:
    """Rule -> posts that wait for it, in the rules' order; a post may wait for several."""
    counted = Counter(rule for note in notes for rule in {reason.rule for reason in note.reasons})
    return {rule: counted[rule] for rule in HOLD_LABELS if counted[rule]}


def _is_dated_after(post: Post, moment: datetime | None) -> bool:
    return moment is None or post.published is None or post.published > moment


def _add(reasons: dict[str, list[HoldReason]], keys: Iterable[str], reason: HoldReason | None) -> None:
    if reason:
        for key in keys:
            reasons[key].append(reason)
