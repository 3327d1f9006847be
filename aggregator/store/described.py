"""What drafts say of the stories that they are part of, for all stories, those that changed, or a share of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aggregator.model import LOCAL_ACCOUNT, Genre


@dataclass(frozen=True, slots=True)
class Scope:
    """Some stories, as SQL finds them fastest."""

    placements: str
    """Tables from which to ask for their placements, `p`."""
    members: str
    """For their members, `m`, with the members' posts, `p`."""
    condition: str
    """For a story, whose column takes the place of `{}`."""
    values: tuple[str, ...] = ()
    """Of the condition's question marks."""


# From the drafts, as a city has far fewer of them than posts; from the members, where few stories are asked.
_MEMBERS = "members m CROSS JOIN posts p ON p.id = m.post"
ALL = Scope("placements p", "posts p CROSS JOIN members m ON m.post = p.id", "TRUE")
DIRTY = Scope("dirty d CROSS JOIN placements p ON p.story = d.story", _MEMBERS, "{} IN (SELECT story FROM dirty)")


def make_share(first: str, last: str) -> Scope:
    """The stories from one to another, in the order of their ids."""
    return Scope("placements p", _MEMBERS, "{} BETWEEN ? AND ?", (first, last))


def make_choice(stories: Sequence[str]) -> Scope:
    """These stories."""
    return Scope("placements p", _MEMBERS, "{} IN (SELECT value FROM json_each(?))", (json.dumps(stories),))


def list_drafted(db: sqlite3.Connection) -> list[str]:
    """All stories that a draft is part of, in the order of their ids: from indices alone."""
    rows = db.execute(f"SELECT DISTINCT m.story FROM {ALL.members} WHERE p.account = ? ORDER BY 1", (LOCAL_ACCOUNT,))
    return [story for (story,) in rows]


def list_described(db: sqlite3.Connection, scope: Scope) -> Iterator[tuple[str, str, Genre, str]]:
    """(story, 编号 or path, genre, header) of placed stories that a draft is part of: the draft says what it is.
    The genre of those that have expired is "": they are in no list.
    """
    rows = db.execute(
        "SELECT m.story, p.key, iif((SELECT expired_at FROM placements l WHERE l.story = m.story) IS NULL, "
        f"p.genre, ''), p.header FROM {scope.members} WHERE {scope.condition.format('m.story')} "
        "AND p.account = ? AND m.story IN (SELECT story FROM placements) "
        "ORDER BY m.story, m.relation <> 'lead', m.score DESC, p.key",
        (*scope.values, LOCAL_ACCOUNT),
    )
    last = ""
    for row in rows.fetchall():
        if row[0] != last:
            yield row
        last = row[0]
