"""Posts that wait for staff: they are in no list, no story and no index, and replace nothing that is published."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from aggregator.model import Attachment, HoldReason, Post, WaitingCard, WaitingEntry, WaitingNote, WaitingPost
from aggregator.store.connection import Table, open_transaction, read_moment, to_moment, to_seconds
from aggregator.store.posts import Posts

KEEP_DAYS = 180
"""A post that its feed has not shown for so long leaves. Review logs are kept for half a year."""

KEEP_POSTS = 2000
"""Of one account, those last seen first; a hijacked feed may have new posts at each poll. What waits only because its
account is under review is not counted."""


class Inbox(Table):
    """Held posts, one row an account and key, at the state last seen."""

    def put(self, note: WaitingNote, post: Post, now: datetime) -> None:
        """Hold a post; one that is there already keeps the moment it was first seen. It was last seen `now`."""
        self._db.execute(
            "INSERT INTO inbox (account, key, feed, post, reasons, content_hash, judged_with, first_seen, last_seen, "
            "aliases) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, key) DO UPDATE SET "
            "feed = excluded.feed, post = excluded.post, reasons = excluded.reasons, "
            "content_hash = excluded.content_hash, judged_with = excluded.judged_with, last_seen = excluded.last_seen, "
            "aliases = excluded.aliases",
            (
                note.account, note.key, note.feed, _write_post(post), _write_reasons(note.reasons), note.content_hash,
                note.judged_with, to_seconds(note.first_seen), to_seconds(now), _dump(post.aliases),
            ),
        )  # fmt: skip

    def judge(self, note: WaitingNote) -> None:
        """Note anew why a post waits, and by which settings that was judged."""
        self._db.execute(
            "UPDATE inbox SET reasons = ?, judged_with = ? WHERE account = ? AND key = ?",
            (_write_reasons(note.reasons), note.judged_with, note.account, note.key),
        )

    def drop(self, account: str, keys: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM inbox WHERE account = ? AND key = ?", [(account, key) for key in keys])

    def drop_named(self, account: str, names: Collection[str]) -> None:
        """Let go of the posts known by any of these identifiers: their source took them back."""
        self._db.execute(
            "DELETE FROM inbox WHERE account = ?1 AND (key IN (SELECT value FROM json_each(?2)) OR EXISTS "
            "(SELECT 1 FROM json_each(aliases) WHERE value IN (SELECT value FROM json_each(?2))))",
            (account, json.dumps(list(names))),
        )

    def prune(self, now: datetime) -> None:
        """Keep to KEEP_DAYS and KEEP_POSTS."""
        # What goes is found in the index of notes; a row holds the whole post.
        oldest = to_seconds(now - timedelta(days=KEEP_DAYS))
        self._db.execute("DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE last_seen < ?)", (oldest,))
        self._db.execute(
            "DELETE FROM inbox WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER "
            "(PARTITION BY account ORDER BY last_seen DESC, id DESC) AS place FROM inbox "
            "WHERE json_array_length(reasons) > 1 OR json_extract(reasons, '$[0].rule') <> 'review') WHERE place > ?)",
            (KEEP_POSTS,),
        )

    def load_notes(self, account: str | None = None) -> tuple[WaitingNote, ...]:
        """All that wait, or those of one account, in the order in which they came."""
        where, values = ("", ()) if account is None else ("WHERE account = ?", (account,))
        rows = self._db.execute(f"SELECT {_NOTE} FROM inbox {where} ORDER BY first_seen, id", values)
        return tuple(map(_read_note, rows))

    def load(self, account: str = "", keys: Collection[str] | None = None) -> tuple[WaitingPost, ...]:
        """The posts that wait, in the order in which they came: all, or those of one account with these keys."""
        question = f"SELECT {_NOTE}, post, last_seen FROM inbox"
        if keys is None:
            rows = self._db.execute(f"{question} ORDER BY first_seen, id")
        else:
            rows = self._db.execute(
                f"{question} WHERE account = ? AND key IN (SELECT value FROM json_each(?)) ORDER BY first_seen, id",
                (account, json.dumps(list(keys))),
            )
        return tuple(map(_read_waiting, rows))

    def list_undescribed(self, described_by: int) -> tuple[tuple[str, str], ...]:
        """(account, key) of the posts that have no card made in this way."""
        rows = self._db.execute(
            "SELECT account, key FROM inbox LEFT JOIN inbox_cards ON waiting = id AND described_by = ? "
            "WHERE waiting IS NULL ORDER BY account, key",
            (described_by,),
        )
        return tuple(rows)

    def save_cards(self, cards: Mapping[tuple[str, str], WaitingCard], described_by: int) -> None:
        """Keep what was found out of these posts, by account and key."""
        self._db.executemany(
            "INSERT OR REPLACE INTO inbox_cards SELECT id, ?, ? FROM inbox WHERE account = ? AND key = ?",
            [(described_by, _write_card(card), *name) for name, card in cards.items()],
        )

    def load_cards(self, described_by: int, accounts: Collection[str] | None = None) -> tuple[WaitingEntry, ...]:
        """The posts that wait and have such a card, all or those of these accounts; without their bodies."""
        where = "" if accounts is None else "AND account IN (SELECT value FROM json_each(?)) "
        rows = self._db.execute(
            f"SELECT {_NOTE}, last_seen, card FROM inbox JOIN inbox_cards ON waiting = id "
            f"WHERE described_by = ? {where}ORDER BY first_seen, id",
            (described_by, *(() if accounts is None else (json.dumps(sorted(accounts)),))),
        )
        return tuple(
            WaitingEntry(_read_note(tuple(note)), read_moment(last_seen), _read_card(card))
            for *note, last_seen, card in rows
        )

    def rename_account(self, old: str, new: str) -> None:
        self._db.execute("UPDATE inbox SET account = ? WHERE account = ?", (new, old))
        self._db.execute("UPDATE OR REPLACE landings SET account = ? WHERE account = ?", (new, old))

    def move_unplaced(self, account: str, reasons: tuple[HoldReason, ...], judged_with: str, now: datetime) -> None:
        """Bring the account's posts that were never put into a story here: older versions let them wait among the
        others."""
        rows = self._db.execute(
            "SELECT id, feed FROM posts WHERE account = ? AND unplaced AND withdrawn_at IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM prints WHERE post = id) "
            "AND NOT EXISTS (SELECT 1 FROM members WHERE post = id) "
            "AND NOT EXISTS (SELECT 1 FROM stories WHERE founder = posts.id OR lead = posts.id)",
            (account,),
        )
        feeds: dict[int, str] = dict(rows)
        aliases: defaultdict[int, list[str]] = defaultdict(list)
        for alias, post in self._db.execute("SELECT alias, post FROM aliases WHERE account = ?", (account,)):
            aliases[post].append(alias)
        with open_transaction(self._db):
            for stored in Posts(self._db).load(sorted(feeds)):
                post = replace(stored.post, aliases=tuple(aliases[stored.id]))
                note = WaitingNote(
                    account, post.key, feeds[stored.id], reasons, stored.content_hash, judged_with, stored.first_seen
                )
                self.put(note, post, now)
            for table, name in (("bodies", "post"), ("revisions", "post"), ("aliases", "post"), ("unmirrored", "post"),
                                ("files", "post"), ("posts", "id")):  # fmt: skip
                self._db.executemany(f"DELETE FROM {table} WHERE {name} = ?", [(post,) for post in feeds])
            if feeds:
                # A file is noted under one of the posts that show it: the others must say again what they show.
                self._db.execute("INSERT OR IGNORE INTO unmirrored SELECT id FROM posts")


_NOTE = "account, key, feed, reasons, content_hash, judged_with, first_seen, aliases"

_dump = json.JSONEncoder(ensure_ascii=False).encode


def _write_reasons(reasons: Sequence[HoldReason]) -> str:
    return _dump([asdict(reason) for reason in reasons])


def _read_note(row: tuple[Any, ...]) -> WaitingNote:
    account, key, feed, reasons, content_hash, judged_with, first_seen, aliases = row
    known = tuple(json.loads(aliases))
    return WaitingNote(
        account, key, feed, _read_reasons(reasons), content_hash, judged_with, read_moment(first_seen), known
    )


@lru_cache(maxsize=1024)
def _read_reasons(written: str) -> tuple[HoldReason, ...]:
    """Most posts wait for the one reason that their account is under review."""
    return tuple(HoldReason(**{**one, "measures": tuple(one["measures"])}) for one in json.loads(written))


def _read_waiting(row: tuple[Any, ...]) -> WaitingPost:
    *note, post, last_seen = row
    read = _read_note(tuple(note))
    return WaitingPost(read, _read_post(read, post), read_moment(last_seen))


def _write_card(card: WaitingCard) -> str:
    deadline = card.deadline.isoformat() if card.deadline else ""
    return _dump({**asdict(card), "published": to_seconds(card.published), "deadline": deadline})


def _read_card(text: str) -> WaitingCard:
    values = json.loads(text)
    deadline = date.fromisoformat(values["deadline"]) if values["deadline"] else None
    known = {"published": to_moment(values["published"]), "needs": tuple(values["needs"]), "deadline": deadline}
    return WaitingCard(**{**values, **known})


def _write_post(post: Post) -> str:
    """The account and key are columns: an account may be renamed."""
    values = asdict(post)
    del values["account"], values["key"]
    return _dump({**values, "published": to_seconds(post.published), "updated": to_seconds(post.updated)})


def _read_post(note: WaitingNote, text: str) -> Post:
    values = json.loads(text)
    tuples = {name: tuple(values[name]) for name in ("aliases", "categories", "warnings")}
    return Post(
        account=note.account,
        key=note.key,
        **{
            **values,
            **tuples,
            "header": tuple((name, value) for name, value in values["header"]),
            "attachments": tuple(Attachment(**one) for one in values["attachments"]),
            "published": to_moment(values["published"]),
            "updated": to_moment(values["updated"]),
        },
    )
