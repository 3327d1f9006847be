"""Stories with their members and matches, placements, and the decision log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime

from aggregator.model import (
    LINKS,
    BoundRuling,
    Decision,
    Link,
    LinkRelation,
    Match,
    Member,
    Placement,
    Rulings,
    Story,
    StoryChanges,
)
from aggregator.store.connection import StoreError, Table, open_transaction, read_moment, to_moment, to_seconds
from aggregator.store.saving import BATCH


class Stories(Table):
    """What the posts became: stories and where each stands in the channel."""

    def save_matches(
        self, posts: Sequence[int], matches: Iterable[Match], compared: Set[int] = frozenset()
    ) -> tuple[int, ...]:
        """Replace what is known of these posts, but for what they have to do with those just `compared` with them.

        Returned are other posts that one of them matched before: they wait for placing now.
        """
        with open_transaction(self._db):
            known = [match for match in read_matches(self._db, posts) if not {match.a, match.b} & compared]
            self._db.executemany("DELETE FROM matches WHERE a = ? AND b = ?", [(match.a, match.b) for match in known])
            self._db.executemany(
                "INSERT OR REPLACE INTO matches VALUES (?, ?, ?, ?, ?)",
                [(m.a, m.b, m.relation, m.score, m.reason) for m in matches],
            )
            matched = {post for match in known if not match.is_link for post in (match.a, match.b)}
            others = sorted(matched.difference(posts))
            # One that no longer matches them may have named their lead. Those that wait already wait on.
            question = "UPDATE posts SET unplaced = 1 WHERE id = ? AND NOT unplaced"
            return tuple(post for post in others if self._db.execute(question, (post,)).rowcount)

    def save(self, changes: StoryChanges, placed: Iterable[int], now: datetime) -> None:
        """Write one placing whole: stories, decisions; `placed` posts are no longer waiting."""
        with open_transaction(self._db):
            for story in changes.stories:
                written = self._db.execute(
                    "INSERT INTO stories VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET lead = excluded.lead, merged_into = excluded.merged_into "
                    "WHERE founder = excluded.founder",
                    (story.id, story.founder, story.lead, story.merged_into),
                )
                if written.rowcount == 0:
                    raise StoreError(
                        f"地址 {story.id} 已属于另一篇文章。", "请把 .matrix/logs/matrix.log 发给技术人员。"
                    )
            # All former members first: a withdrawn post leaves its story, another may have moved to a later one.
            self._db.executemany("DELETE FROM members WHERE story = ?", [(story.id,) for story in changes.stories])
            self._db.executemany(
                "INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?, ?)",
                [(m.post, story.id, m.relation, m.score, m.reason) for story in changes.stories for m in story.members],
            )
            self.log_decisions(changes.decisions, now)
            self._db.executemany("UPDATE posts SET unplaced = 0 WHERE id = ?", [(post,) for post in placed])

    def log_decisions(self, decisions: Iterable[tuple[str, str, str]], now: datetime) -> None:
        """Append (action, story, detail) lines to the log."""
        self._db.executemany(
            "INSERT INTO decisions (at, action, story, detail) VALUES (?, ?, ?, ?)",
            [(to_seconds(now), *decision) for decision in decisions],
        )

    def load_decisions(self) -> tuple[Decision, ...]:
        rows = self._db.execute("SELECT at, action, story, detail FROM decisions ORDER BY id")
        return tuple(Decision(read_moment(at), action, story, detail) for at, action, story, detail in rows)

    def load(self, identifiers: Sequence[str] | None = None) -> tuple[Story, ...]:
        """The stories with these ids, or all, by id; merged ones included, with no members."""
        if identifiers is None:
            return tuple(read_stories(self._db, "", ()))
        stories: list[Story] = []
        for start in range(0, len(identifiers), BATCH):
            batch = identifiers[start : start + BATCH]
            stories.extend(read_stories(self._db, f"WHERE s.id IN ({', '.join('?' * len(batch))})", batch))
        return tuple(stories)

    def load_of(self, posts: Sequence[int]) -> tuple[Story, ...]:
        """The stories that these posts are in, founded or led last."""
        return tuple(read_stories_of(self._db, posts))

    def save_placements(self, placements: Iterable[Placement], removed: Iterable[str] = ()) -> None:
        with open_transaction(self._db):
            self._db.executemany("DELETE FROM placements WHERE story = ?", [(story,) for story in removed])
            self._db.executemany(
                'INSERT OR REPLACE INTO placements (story, "column", tag, date, pinned, expired_at, due_at) '
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (p.story, p.column, p.tag, to_seconds(p.date), p.pinned, *map(to_seconds, (p.expired_at, p.due_at)))
                    for p in placements
                ],
            )

    def load_placements_of(self, stories: Sequence[str]) -> Mapping[str, Placement]:
        """Where each of these stories stands; one that stands nowhere is left out."""
        found: dict[str, Placement] = {}
        for start in range(0, len(stories), BATCH):
            batch = stories[start : start + BATCH]
            rows = self._db.execute(
                'SELECT story, "column", tag, date, pinned, expired_at, due_at FROM placements '
                f"WHERE story IN ({', '.join('?' * len(batch))})",
                batch,
            )
            for story, column, tag, date, pinned, expired, due in rows:
                found[story] = Placement(
                    story, column, tag, read_moment(date), bool(pinned), to_moment(expired), to_moment(due)
                )
        return found

    def find_placed(self, stories: Sequence[str]) -> frozenset[str]:
        """Those of the stories that have a place in the channel."""
        found: set[str] = set()
        for start in range(0, len(stories), BATCH):
            batch = stories[start : start + BATCH]
            marks = ", ".join("?" * len(batch))
            rows = self._db.execute(f"SELECT story FROM placements WHERE story IN ({marks})", batch)
            found.update(row[0] for row in rows)
        return frozenset(found)

    def load_titles(self, stories: Sequence[str]) -> Mapping[str, str]:
        """Story -> headline of its lead."""
        titles: dict[str, str] = {}
        for start in range(0, len(stories), BATCH):
            batch = stories[start : start + BATCH]
            titles.update(
                self._db.execute(
                    "SELECT s.id, p.title FROM stories s JOIN posts p ON p.id = s.lead "
                    f"WHERE s.id IN ({', '.join('?' * len(batch))})",
                    batch,
                )
            )
        return titles

    def load_latest(self, stories: Sequence[str]) -> Mapping[str, tuple[str, datetime]]:
        """Story -> (headline, date) of its lead, of those in the channel."""
        found: dict[str, tuple[str, datetime]] = {}
        for start in range(0, len(stories), BATCH):
            batch = stories[start : start + BATCH]
            rows = self._db.execute(
                "SELECT s.id, p.title, l.date FROM stories s JOIN posts p ON p.id = s.lead "
                f"JOIN placements l ON l.story = s.id WHERE s.id IN ({', '.join('?' * len(batch))})",
                batch,
            )
            found.update((story, (title, read_moment(date))) for story, title, date in rows)
        return found

    def list_all(self) -> tuple[tuple[str, int], ...]:
        """(id, date in seconds) of all stories; 0 of those without a place in the channel."""
        return tuple(
            self._db.execute("SELECT s.id, coalesce(p.date, 0) FROM stories s LEFT JOIN placements p ON p.story = s.id")
        )

    def list_merged(self, story: str) -> tuple[str, ...]:
        """Stories that were merged into this one, and those that were merged into them."""
        rows = self._db.execute(
            "WITH RECURSIVE merged (id) AS (SELECT id FROM stories WHERE merged_into = ?1 AND merged_into <> '' "
            "UNION SELECT s.id FROM stories s JOIN merged m ON s.merged_into = m.id WHERE s.merged_into <> '') "
            "SELECT id FROM merged ORDER BY id",
            (story,),
        )
        return tuple(row[0] for row in rows)

    def find_target(self, story: str) -> str:
        """The story that took in a merged one, followed to the end of a chain and never in a circle."""
        seen = [story]
        while True:
            row = self._db.execute("SELECT merged_into FROM stories WHERE id = ?", (seen[-1],)).fetchone()
            if row is None or not row[0] or row[0] in seen:
                return seen[-1]
            seen.append(row[0])

    def follow(self, stories: Iterable[str]) -> frozenset[str]:
        """The stories that these have become by now."""
        return frozenset(map(self.find_target, stories))

    def load_links(self) -> tuple[Link, ...]:
        """Both ways between any two stories whose posts have to do with one another, the closest of each two.

        Derived from the posts' matches, so it is current whatever became of the stories.
        """
        return tuple(sorted(read_links(self._db), key=lambda link: (link.story, *_closeness(link), link.other)))

    def find_hidden(self, rulings: Rulings) -> frozenset[str]:
        """The stories that staff took down, and those to which their posts went when one of them changed."""
        hidden = (self._find_ruled(one, rulings) for one in rulings.bound if one.kind == "hide" and one.story)
        return frozenset().union(*hidden)

    def find_withdrawn(self, rulings: Rulings) -> Mapping[str, BoundRuling]:
        """Story -> the entry by which staff withdrew it, or those to which its posts went since."""
        entries = [one for one in rulings.bound if one.kind == "withdraw"]
        return {story: one for one in entries for story in self._find_ruled(one, rulings)}

    def _find_ruled(self, ruling: BoundRuling, rulings: Rulings) -> frozenset[str]:
        """The story that an entry is about, and those to which its posts went when it changed."""
        rows = (
            row[0]
            for post in ruling.posts - rulings.apart
            for row in self._db.execute("SELECT story FROM members WHERE post = ?", (post,))
        )
        return self.follow((ruling.story, *rows))


_INVERSE: dict[LinkRelation, LinkRelation] = {
    "correction": "corrected-by",
    "corrected-by": "correction",
    "related": "related",
}


def _turn(link: Link) -> Link:
    return Link(link.other, link.story, _INVERSE[link.relation], link.score, link.reason)


def _closeness(link: Link) -> tuple[bool, float, str, str]:
    """A correction before what is merely related; then what has more in common."""
    return link.relation == "related", -link.score, link.relation, link.reason


_LINKED = (
    "SELECT one.story, other.story, m.relation, m.score, m.reason FROM {} "
    f"m.relation IN ({', '.join('?' * len(LINKS))}) AND one.story <> other.story"
)
_ALL = "matches m JOIN members one ON one.post = m.a JOIN members other ON other.post = m.b WHERE"
_OF_DIRTY = (
    # From the few stories that changed to their posts, and on to what these have to do with others.
    "dirty d CROSS JOIN members mine ON mine.story = d.story CROSS JOIN matches m ON m.a = mine.post "
    "CROSS JOIN members one ON one.post = m.a CROSS JOIN members other ON other.post = m.b WHERE",
    "dirty d CROSS JOIN members mine ON mine.story = d.story CROSS JOIN matches m ON m.b = mine.post "
    "CROSS JOIN members one ON one.post = m.a CROSS JOIN members other ON other.post = m.b WHERE",
)


def read_links(db: sqlite3.Connection, *, dirty: bool = False) -> Iterator[Link]:
    """The links of all stories, or of those that are dirty, both ways, in no particular order."""
    closest: dict[tuple[str, str], Link] = {}
    for tables in _OF_DIRTY if dirty else (_ALL,):
        for story, other, relation, score, reason in db.execute(_LINKED.format(tables), sorted(LINKS)):
            link = Link(story, other, relation, score, reason)
            if story > other:
                link = _turn(link)
            known = closest.get((link.story, link.other))
            if known is None or _closeness(link) < _closeness(known):
                closest[link.story, link.other] = link
    return (one for link in closest.values() for one in (link, _turn(link)))


def read_stories(db: sqlite3.Connection, where: str, parameters: Sequence[str]) -> Iterator[Story]:
    """The stories `where` applies to, as `s`, each with its members."""
    rows = db.execute(
        "SELECT s.id, s.founder, s.lead, s.merged_into, m.post, m.relation, m.score, m.reason "
        f"FROM stories s LEFT JOIN members m ON m.story = s.id LEFT JOIN posts p ON p.id = m.post {where} "
        # As `cluster` orders them: ids of posts tell in which order feeds happened to answer.
        "ORDER BY s.id, m.relation <> 'lead', m.score DESC, p.account, p.key",
        parameters,
    )
    story: tuple[str, int, int, str] | None = None
    members: list[Member] = []
    for identifier, founder, lead, merged_into, post, relation, score, reason in rows:
        if story is None or story[0] != identifier:
            if story is not None:
                yield _make_story(*story, members)
            story, members = (identifier, founder, lead, merged_into), []
        if post is not None:
            members.append(Member(post, relation, score, reason))
    if story is not None:
        yield _make_story(*story, members)


def _make_story(identifier: str, founder: int, lead: int, merged_into: str, members: Sequence[Member]) -> Story:
    return Story(identifier, founder, lead, tuple(members), merged_into)


def read_matches(db: sqlite3.Connection, posts: Sequence[int]) -> Iterator[Match]:
    """All matches that touch one of the posts, each once."""
    seen: set[tuple[int, int]] = set()
    for start in range(0, len(posts), BATCH):
        batch = posts[start : start + BATCH]
        marks = ", ".join("?" * len(batch))
        for row in db.execute(
            f"SELECT a, b, relation, score, reason FROM matches WHERE a IN ({marks}) UNION "
            f"SELECT a, b, relation, score, reason FROM matches WHERE b IN ({marks})",
            (*batch, *batch),
        ):
            if (row[0], row[1]) not in seen:
                seen.add((row[0], row[1]))
                yield Match(*row)


def read_stories_of(db: sqlite3.Connection, posts: Sequence[int]) -> Iterator[Story]:
    """The stories that these posts are members of, founded, or led last: a lead that returns finds its address."""
    identifiers: set[str] = set()
    for start in range(0, len(posts), BATCH):
        some = posts[start : start + BATCH]
        marks = ", ".join("?" * len(some))
        for question in (
            f"SELECT story FROM members WHERE post IN ({marks})",
            f"SELECT id FROM stories WHERE founder IN ({marks})",
            f"SELECT id FROM stories WHERE lead IN ({marks})",
        ):
            identifiers.update(row[0] for row in db.execute(question, some))
    ordered = sorted(identifiers)
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        yield from read_stories(db, f"WHERE s.id IN ({', '.join('?' * len(batch))})", batch)
