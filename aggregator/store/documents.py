"""Official documents by their names, who names them, and in which form they are explained.

What a story names is kept whether there is such a document or not: a policy that comes later finds its explanations.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.documents import (
    Name,
    find_citations,
    name_document,
    read_form,
    read_reference,
    recognise_form,
    spell_number,
)
from aggregator.model import PAGES, Genre, Mention, NamedDocument, Place
from aggregator.store.connection import Table
from aggregator.store.described import Scope, list_described, list_drafted, make_choice, make_share
from aggregator.store.rows import load_list
from aggregator.store.saving import BATCH
from aggregator.text import split_list

TABLES = ("documents", "mentions", "forms")

_KEYS: Mapping[str, Place] = {"关联政策": "policy", "替代文件": "successor"}
"""Keys of a header that name documents, and what the mention is called."""

SHARE = 2000
"""Stories whose texts are read together."""

_HEAD = 400
"""Characters at the beginning in which a document bears its number."""


class Documents(Table):
    """Names of documents, and mentions of them."""

    def load_mentions(self, stories: Sequence[str]) -> Mapping[str, tuple[Mention, ...]]:
        """Story -> what it names."""
        found: dict[str, list[Mention]] = {}
        rows = self._ask("SELECT story, name, place, exact FROM mentions WHERE story IN ({}) ORDER BY 1, 2, 3", stories)
        for story, name, place, exact in rows:
            found.setdefault(story, []).append(Mention(name, place, bool(exact)))
        return {story: tuple(mentions) for story, mentions in found.items()}

    def load_names(self, stories: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
        """Story -> hashes of the names under which it is found."""
        found: dict[str, list[int]] = {}
        for story, name in self._ask("SELECT story, name FROM documents WHERE story IN ({}) ORDER BY 1, 2", stories):
            found.setdefault(story, []).append(name)
        return {story: tuple(names) for story, names in found.items()}

    def find(self, names: Iterable[int]) -> tuple[NamedDocument, ...]:
        """The documents that bear one of these names."""
        rows = self._ask("SELECT name, story, exact FROM documents WHERE name IN ({}) ORDER BY 1, 2", sorted({*names}))
        return tuple(NamedDocument(name, story, bool(exact)) for name, story, exact in rows)

    def list_citing(self, names: Sequence[int]) -> tuple[str, ...]:
        """All stories that name one of these, shown or hidden."""
        rows = self._ask("SELECT DISTINCT story FROM mentions WHERE name IN ({})", names)
        return tuple(sorted({story for (story,) in rows}))

    def list_citing_first(self, names: Sequence[int], limit: int) -> tuple[str, ...]:
        """The stories in the channel that name one of these: explanations and guides first, then the newest."""
        rows = self._ask(
            "SELECT DISTINCT p.\"column\" NOT IN ('explanations', 'services'), p.date, m.story FROM mentions m "
            "CROSS JOIN placements p ON p.story = m.story WHERE p.expired_at IS NULL AND m.name IN ({})",
            names,
        )
        return tuple(story for _, _, story in sorted({*rows}, key=lambda row: (row[0], -row[1], row[2]))[:limit])

    def list_rivals(self, names: Sequence[int]) -> tuple[str, ...]:
        """Documents that are named where one of these names is: which of them is meant depends on all."""
        rows = self._ask(
            "SELECT DISTINCT d.story FROM mentions m CROSS JOIN mentions n ON n.story = m.story "
            "CROSS JOIN documents d ON d.name = n.name WHERE m.name IN ({})",
            names,
        )
        return tuple(sorted({story for (story,) in rows}))

    def load_forms(self, stories: Sequence[str]) -> Mapping[str, str]:
        """Story -> in which form it explains, of explanations."""
        return dict(self._ask("SELECT story, form FROM forms WHERE story IN ({})", stories))

    # All of them anew --------------------------------------------------------------------------------------------

    def list_shares(self) -> Iterator[Share]:
        """Of all that have a place."""
        stories = [story for (story,) in self._db.execute("SELECT story FROM placements ORDER BY story")]
        drafted = list_drafted(self._db)
        for start in range(0, len(stories), SHARE):
            first, last = stories[start], stories[start : start + SHARE][-1]
            yield Share(first, last, tuple(drafted[bisect_left(drafted, first) : bisect_right(drafted, last)]))

    def describe(self, share: Share) -> DocumentRows:
        """What the stories of a share say of documents: read from their texts, and written nowhere yet."""
        described = list_described(self._db, make_choice(share.drafted))
        headers = {story: dict(json.loads(header)) for story, _, _, header in described}
        return read_documents(self._db, headers, make_share(share.first, share.last))

    def rebuild(self, shares: Iterable[DocumentRows]) -> None:
        """All rows from scratch, within the caller's transaction."""
        for table in TABLES:
            self._db.execute(f"DELETE FROM {table}")
        for rows in shares:
            write_documents(self._db, rows)

    def _ask(self, question: str, values: Sequence[str] | Sequence[int]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), BATCH):
            batch = values[start : start + BATCH]
            yield from self._db.execute(question.format(", ".join("?" * len(batch))), batch)


@dataclass(frozen=True, slots=True)
class Share:
    """Stories one after another, in the order of their ids."""

    first: str
    last: str
    drafted: tuple[str, ...]
    """Those that a draft is part of: where there is none, nobody need look at the posts of each for one."""


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """What some stories say of documents, as the tables have it."""

    documents: tuple[tuple[int, str, bool], ...]
    """(hash of a name, story, whether the name is whole)."""
    mentions: tuple[tuple[str, int, Place, bool], ...]
    """(story, hash of a name, place, whether it is whole)."""
    forms: tuple[tuple[str, str], ...]
    """(story, form)."""


@dataclass(frozen=True, slots=True)
class Described:
    """What of one story is about documents."""

    names: tuple[tuple[int, bool], ...]
    """Of a policy: (hash of a name, whether it is whole)."""
    mentions: tuple[Mention, ...]
    form: str
    """Of an explanation; else ""."""


def write_documents(db: sqlite3.Connection, rows: DocumentRows) -> None:
    """Rows of stories that have none yet."""
    db.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", rows.documents)
    db.executemany("INSERT OR REPLACE INTO mentions VALUES (?, ?, ?, ?)", rows.mentions)
    db.executemany("INSERT INTO forms VALUES (?, ?)", rows.forms)


def read_documents(db: sqlite3.Connection, headers: Mapping[str, Mapping[str, str]], scope: Scope) -> DocumentRows:
    """What stories say of documents, from their texts; `headers` are those of their drafts, by story."""
    rows = db.execute(
        'SELECT p.story, p."column", l.genre, l.title, b.text, '
        "iif(p.\"column\" = 'explanations' OR l.genre = 'explanation', b.html, ''), l.attachments "
        f"FROM {scope.placements} CROSS JOIN stories s ON s.id = p.story CROSS JOIN posts l ON l.id = s.lead "
        f'CROSS JOIN bodies b ON b.post = l.id WHERE {scope.condition.format("p.story")} AND p."column" <> ?',
        (*scope.values, PAGES),
    )
    documents: list[tuple[int, str, bool]] = []
    mentions: list[tuple[str, int, Place, bool]] = []
    forms: list[tuple[str, str]] = []
    for story, column, genre, title, text, html, attachments in rows:
        files = [str(value) for one in load_list(attachments) for value in one if value]
        told = describe_documents(column, genre, headers.get(story, {}), title, text, html, files)
        documents += [(name, story, exact) for name, exact in told.names]
        mentions += [(story, one.name, one.place, one.exact) for one in told.mentions]
        forms += [(story, told.form)] if told.form else []
    return DocumentRows(tuple(documents), tuple(mentions), tuple(forms))


def describe_documents(
    column: str, genre: Genre, header: Mapping[str, str], title: str, text: str, html: str, files: Sequence[str]
) -> Described:
    """What one story is called, names and is, by its column, header, headline and text; `files` are its attachments."""
    names: tuple[Name, ...] = ()
    if column == "policies" or genre == "policy":
        names = name_document(title, header.get("文号", "") or _find_own_number(text))
    form = ""
    if column == "explanations" or genre == "explanation":
        form = read_form(header.get("解读形式", "")) or recognise_form(title, text, html.count("<img "), files)
    own = tuple((_hash_name(name), name.exact) for name in names)
    return Described(own, tuple(_read_mentions(header, title, text)), form)


def _read_mentions(header: Mapping[str, str], title: str, text: str) -> Iterator[Mention]:
    """In the header, else in headline and text, a guide's 设定依据 with it."""
    named = [(place, split_list(header.get(key, ""))) for key, place in _KEYS.items()]
    found = {
        (_hash_name(name), place): name.exact
        for place, values in named
        for value in values
        for name in read_reference(value)
    }
    if not header.get("关联政策"):
        for name in find_citations(title):
            found[_hash_name(name), "title"] = name.exact
        for name in find_citations(f"{header.get('设定依据', '')}\n{text}"):
            found[_hash_name(name), "text"] = name.exact
    return (Mention(name, place, exact) for (name, place), exact in sorted(found.items()))


def _hash_name(name: Name) -> int:
    """63 bits and a sign, as SQLite's integers: no two names of a city's documents share one."""
    return int.from_bytes(hashlib.blake2b(name.key.encode(), digest_size=8).digest(), signed=True)


def _find_own_number(text: str) -> str:
    """The 文号 that stands in a line of its own at the head of a document."""
    return next(filter(None, (spell_number(line) for line in text[:_HEAD].split("\n")[:8])), "")
