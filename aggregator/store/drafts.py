"""Which file is which post: drafts keep their address through renaming, retitling and re-dating."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from aggregator.model import (
    LOCAL_ACCOUNT,
    Draft,
    DraftBatch,
    DraftRecord,
    FileUse,
    Finding,
    Genre,
    Post,
    SavedPosts,
    WordMemory,
)
from aggregator.store.connection import Table, open_transaction, read_moment, to_moment
from aggregator.store.graves import find_buried
from aggregator.store.posts import Posts
from aggregator.store.saving import Saving
from aggregator.text import normalize, normalize_title

File = tuple[Draft, Post]

_BURIED = "这一篇已经清除，不会再发布，文件却还在。"
_DIG_NO_MORE = "请删掉这个文件；要发布改好的稿件，请换一个文件名，有编号的也换一个编号。"


@dataclass(frozen=True, slots=True)
class Gone:
    """A post whose file is no longer there, normalised: what a renamed file is recognised by."""

    post: int
    title: str
    text: str


class Drafts(Table):
    """Staff's files as they were last read."""

    def load_known(self) -> Mapping[str, str]:
        """Path -> content hash; a file that still has it need not be read again."""
        return dict(self._db.execute("SELECT path, content_hash FROM drafts"))

    def load_records(self, paths: Collection[str] | None = None) -> Mapping[str, DraftRecord]:
        """Path -> what is known of the draft there; of all of them, or of those at `paths`."""
        chosen = "" if paths is None else "WHERE d.path IN (SELECT value FROM json_each(?))"
        rows = self._db.execute(
            "SELECT d.path, d.content_hash, p.title, p.id, coalesce(m.story, ''), l.story IS NOT NULL, p.appears_at, "
            "l.expired_at FROM drafts d JOIN posts p ON p.id = d.post LEFT JOIN members m ON m.post = p.id "
            f"LEFT JOIN placements l ON l.story = m.story {chosen}",
            () if paths is None else (json.dumps(sorted(paths)),),
        )
        return {
            path: DraftRecord(digest, title, post, story, bool(placed), to_moment(appears), to_moment(expired))
            for path, digest, title, post, story, placed, appears, expired in rows
        }

    def load_memories(self) -> Mapping[str, WordMemory]:
        """Path -> what the Word file there said when it was last read."""
        rows = self._db.execute("SELECT path, number, names FROM words")
        return {path: WordMemory(number, tuple(json.loads(names))) for path, number, names in rows}

    def load_findings(self) -> tuple[Finding, ...]:
        """What is to be said about the files as they now stand, read in this run or earlier."""
        rows = self._db.execute("SELECT findings FROM drafts WHERE findings <> '[]' ORDER BY path")
        # One text: thousands of short ones take three times as long.
        read = json.loads(f"[{','.join(findings[1:-1] for (findings,) in rows)}]")
        return tuple(Finding(**finding) for finding in read)

    def list_paths(self, posts: Sequence[int]) -> tuple[str, ...]:
        """The files of these posts."""
        rows = self._db.execute(
            "SELECT path FROM drafts WHERE post IN (SELECT value FROM json_each(?)) ORDER BY path",
            (json.dumps(list(posts)),),
        )
        return tuple(row[0] for row in rows)

    def find_path(self, story: str) -> str:
        """The file of a draft that is, or was last, in a story; "" where it has none."""
        row = self._db.execute(
            "SELECT path FROM drafts WHERE post IN (SELECT post FROM members WHERE story = ?1) "
            "OR post = (SELECT lead FROM stories WHERE id = ?1) ORDER BY path",
            (story,),
        ).fetchone()
        return str(row[0]) if row else ""

    def drop_buried(self, batch: DraftBatch) -> DraftBatch:
        """Without the files whose post was purged, each with a finding in its place."""
        posts = {draft.path: draft.post for draft in batch.drafts}
        keys = find_buried(self._db, LOCAL_ACCOUNT, posts.values())
        buried = {path for path, post in posts.items() if post.key in keys}
        return replace(
            batch,
            drafts=tuple(draft for draft in batch.drafts if draft.path not in buried),
            findings=(*batch.findings, *(Finding(path, _BURIED, _DIG_NO_MORE) for path in sorted(buried))),
        )

    def load_uses(self) -> Mapping[str, tuple[FileUse, ...]]:
        """Path -> the files that the draft named when it was last read."""
        rows = self._db.execute("SELECT draft, spelling, kind, line, file, tag, address FROM beside ORDER BY draft")
        return {draft: tuple(FileUse(*row[1:]) for row in of_draft) for draft, of_draft in groupby(rows, itemgetter(0))}

    def list_refused(self) -> tuple[tuple[str, FileUse, str], ...]:
        """(path, file, reason) of each file that a draft shows and of which there can be no copy."""
        rows = self._db.execute(
            "SELECT b.draft, b.spelling, b.kind, b.line, b.file, b.tag, b.address, f.error FROM files f "
            "CROSS JOIN beside b ON b.address = f.url AND b.kind = f.kind AND b.address <> '' "
            "WHERE f.file IS NULL AND f.error <> '' ORDER BY b.draft, b.line"
        )
        return tuple((row[0], FileUse(*row[1:7]), row[7]) for row in rows)

    def list_taken_back(self) -> Mapping[str, datetime]:
        """Path -> until when its page is gone, of the drafts that were published and wait for a time to come."""
        rows = self._db.execute(
            "SELECT d.path, p.appears_at FROM posts p JOIN stories s ON s.lead = p.id JOIN drafts d ON d.post = p.id "
            "WHERE p.appears_at IS NOT NULL AND s.merged_into = '' "
            "AND NOT EXISTS (SELECT 1 FROM members WHERE story = s.id) ORDER BY d.path"
        )
        return {path: read_moment(appears) for path, appears in rows}

    def find_stories(self, paths: Collection[str]) -> Mapping[str, str]:
        """Path -> the story of the draft that lies there, or lay there once; without those that have no page."""
        return dict(
            self._db.execute(
                "SELECT p.path, coalesce("
                "(SELECT story FROM members WHERE post = p.post), "
                "(SELECT s.id FROM stories s JOIN posts l ON l.id = s.lead WHERE s.founder = p.post "
                "AND l.appears_at IS NULL)) AS story FROM (SELECT j.value AS path, coalesce("
                "(SELECT post FROM drafts WHERE path = j.value), "
                "(SELECT post FROM aliases WHERE account = ? AND alias = 'path:' || j.value)"
                ") AS post FROM json_each(?) j) p WHERE story IS NOT NULL",
                (LOCAL_ACCOUNT, json.dumps(sorted(paths))),
            )
        )

    def load_headers(self, genres: Collection[Genre]) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Path -> header of the drafts of these genres, as they were last read."""
        wanted = ", ".join("?" * len(genres))
        rows = self._db.execute(
            f"SELECT path, header FROM drafts JOIN posts ON id = post WHERE genre IN ({wanted})", tuple(genres)
        )
        return {path: tuple((key, value) for key, value in json.loads(header)) for path, header in rows}

    def save(self, batch: DraftBatch, now: datetime) -> SavedPosts:
        """Store what changed. A file that is gone, and was not renamed, withdraws its post; the address stays."""
        posts = Posts(self._db)
        stored: dict[str, int] = dict(self._db.execute("SELECT path, post FROM drafts"))
        waiting = (*batch.still_waiting, *(draft.path for draft in batch.waiting))
        present = {*batch.paths, *waiting, *(one.file for one in batch.findings)}
        vanished = {path: post for path, post in stored.items() if path not in present}
        changed_files = [(draft, draft.post) for draft in batch.drafts]
        # Each post is claimed by one file, or two pieces would share one page: first the files that have not changed,
        # then those that say by a 编号 which post they are.
        claimed = {stored[path] for path in batch.unchanged if path in stored}
        new: list[int] = []
        changed: list[int] = []
        with open_transaction(self._db):
            gone = self._load_gone(sorted(vanished.values()))
            # Rows are written some thousand at once: one after another they take half as long again.
            saving = Saving(self._db, LOCAL_ACCOUNT, now, "")
            for numbered in (True, False):
                files = [(draft, post) for draft, post in changed_files if _has_number(draft.path, post) == numbered]
                known = self._recognise(posts, files, stored, claimed)
                claimed.update(known.values())
                known.update(_find_renamed([one for one in files if one[0].path not in known], gone, claimed, numbered))
                claimed.update(known.values())
                changed += (
                    known[draft.path]
                    for draft, post in files
                    if draft.path in known and posts.update(known[draft.path], post, now)
                )
                unknown = [file for file in files if file[0].path not in known]
                added = self._insert(posts, saving, unknown, numbered=numbered)
                claimed.update(added.values())
                new += added.values()
                known.update(added)
                if numbered:
                    posts.add_aliases(LOCAL_ACCOUNT, ((post.key, known[draft.path]) for draft, post in files))
                posts.add_aliases(LOCAL_ACCOUNT, ((f"path:{draft.path}", known[draft.path]) for draft, _ in files))
                self._remember([(draft, known[draft.path]) for draft, _ in files])
            self._follow_waiting(posts, batch.waiting, vanished, gone, claimed)
            for path in vanished:
                for table, column in (("drafts", "path"), ("words", "path"), ("beside", "draft")):
                    self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (path,))
            # Only of these another post, or none, may stand at the path now.
            touched = (*vanished, *(draft.path for draft, _ in changed_files), *waiting)
            left = {stored[path] for path in touched if path in stored}
            withdrawn = sorted(left - self._find_drafted(left))
            for one in withdrawn:
                posts.withdraw(one, now)
        return SavedPosts(tuple(new), tuple(changed), tuple(withdrawn))

    def _find_drafted(self, posts: Collection[int]) -> set[int]:
        """Those that are a draft."""
        if not posts:
            return set()
        question = "SELECT post FROM drafts WHERE post IN (SELECT value FROM json_each(?))"
        return {row[0] for row in self._db.execute(question, (json.dumps(sorted(posts)),))}

    def _follow_waiting(
        self, posts: Posts, waiting: Sequence[Draft], vanished: Mapping[str, int], gone: Sequence[Gone],
        claimed: Collection[int],
    ) -> None:  # fmt: skip
        """What is published of a file that was renamed and waits for review stays, and is that file's from now on."""
        paths = {post: path for path, post in vanished.items() if post not in claimed}
        if not paths:
            return
        stored = self.load_known()
        found: dict[str, int] = {}
        for numbered in (True, False):
            files = [
                (draft, draft.post)
                for draft in waiting
                if draft.path not in stored and _has_number(draft.path, draft.post) == numbered
            ]
            for draft, post in files if numbered else ():
                known = posts.find(LOCAL_ACCOUNT, post.key)
                if known in paths and known not in found.values():
                    found[draft.path] = known
            left = [(draft, post) for draft, post in files if draft.path not in found]
            found.update(_find_renamed(left, gone, {*claimed, *found.values()}, numbered))
        for path, identifier in found.items():
            for table, column, others in (
                ("drafts", "path", "content_hash, post, findings, review"), ("words", "path", "number, names"),
                ("beside", "draft", "spelling, kind, line, file, tag, address"),
            ):  # fmt: skip
                self._db.execute(
                    f"INSERT INTO {table} ({column}, {others}) SELECT ?, {others} FROM {table} WHERE {column} = ?",
                    (path, paths[identifier]),
                )
            posts.add_aliases(LOCAL_ACCOUNT, [(f"path:{path}", identifier)])

    def _recognise(
        self, posts: Posts, files: Sequence[File], stored: Mapping[str, int], claimed: Collection[int]
    ) -> dict[str, int]:
        """Path -> stored post of the files that are known by their 编号 or their path. `stored` as last read."""
        known: dict[str, int] = {}
        taken = set(claimed)
        for draft, post in files:
            identifier = self._identify(posts, draft.path, post, stored.get(draft.path), taken)
            if identifier is not None:
                known[draft.path] = identifier
                taken.add(identifier)
        return known

    def _identify(self, posts: Posts, path: str, post: Post, here: int | None, claimed: Collection[int]) -> int | None:
        """The stored post that a file is by its 编号 or its path; `here` is the one that was last read at the path."""
        numbered = _has_number(path, post)
        if numbered:
            known = posts.find(LOCAL_ACCOUNT, post.key)
            # The file it was may have lost its 编号 and stayed: the post is that file's.
            if known is not None and known not in claimed:
                return known
        if here is not None and here not in claimed:
            # Another 编号 at the same path is another piece put in the old file's place.
            return None if numbered and self._is_numbered(here) else here
        if numbered:
            return None
        returned = self._find_returned(path)
        return None if returned in claimed else returned

    def _insert(self, posts: Posts, saving: Saving, files: Sequence[File], *, numbered: bool) -> dict[str, int]:
        """Path -> the new post of each of these files."""
        inserted: dict[str, int] = {}
        keys: dict[str, int] = {}
        for draft, post in files:
            key = self._free_key(post.key, keys)
            inserted[draft.path] = keys[key] = saving.insert(post if key == post.key else replace(post, key=key))
        saving.flush()
        if numbered:
            # A 编号 that another file gave up names this one from now on.
            numbers = [(LOCAL_ACCOUNT, post.key) for _, post in files]
            self._db.executemany("DELETE FROM aliases WHERE account = ? AND alias = ?", numbers)
        else:
            posts.add_aliases(LOCAL_ACCOUNT, ((f"path:{key}", one) for key, one in keys.items()))
        return inserted

    def _is_numbered(self, post: int) -> bool:
        row = self._db.execute("SELECT 1 FROM aliases WHERE post = ? AND alias NOT LIKE 'path:%'", (post,)).fetchone()
        return row is not None

    def _find_returned(self, path: str) -> int | None:
        """The post without a file that was last taken back among those ever seen at this path."""
        row = self._db.execute(
            # "A" follows "@": all of path:PATH@2, @3, … by the index; GLOB would stumble over brackets in names.
            "SELECT post FROM aliases JOIN posts ON post = id WHERE aliases.account = ?1 "
            "AND (alias = ?2 OR (alias >= ?2 || '@' AND alias < ?2 || 'A')) "
            "AND post NOT IN (SELECT post FROM drafts) ORDER BY withdrawn_at DESC, id DESC",
            (LOCAL_ACCOUNT, f"path:{path}"),
        ).fetchone()
        return None if row is None else int(row[0])

    def _load_gone(self, identifiers: Sequence[int]) -> tuple[Gone, ...]:
        """The posts whose files are gone, each looked at once however many files are new."""
        question = "SELECT title, text FROM posts JOIN bodies ON post = id WHERE id = ?"
        found = ((one, *self._db.execute(question, (one,)).fetchone()) for one in identifiers)
        return tuple(Gone(one, normalize_title(title), normalize(text)) for one, title, text in found)

    def _free_key(self, key: str, taken: Collection[str]) -> str:
        """The key, or with a number behind it where another post was first seen at the same path."""
        free, number = key, 2
        question = "SELECT 1 FROM posts WHERE account = ? AND key = ?"
        while free in taken or self._db.execute(question, (LOCAL_ACCOUNT, free)).fetchone():
            free, number = f"{key}@{number}", number + 1
        return free

    def _remember(self, drafts: Sequence[tuple[Draft, int]]) -> None:
        """Of each draft which post it is, and what to look for when it is read again."""
        self._db.executemany(
            "INSERT OR REPLACE INTO drafts (path, content_hash, post, findings, review) VALUES (?, ?, ?, ?, ?)",
            (
                (draft.path, draft.content_hash, post, _dump_findings(draft.findings), draft.review)
                for draft, post in drafts
            ),
        )
        self._db.executemany("DELETE FROM beside WHERE draft = ?", ((draft.path,) for draft, _ in drafts))
        self._db.executemany(
            "INSERT INTO beside VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((draft.path, *astuple(use)) for draft, _ in drafts for use in draft.uses),
        )
        self._db.executemany(
            "INSERT OR REPLACE INTO words VALUES (?, ?, ?)",
            (
                (draft.path, draft.memory.number, json.dumps(draft.memory.names, ensure_ascii=False))
                for draft, _ in drafts
                if draft.memory
            ),
        )


def _dump_findings(findings: Sequence[Finding]) -> str:
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False)


def _has_number(path: str, post: Post) -> bool:
    """Whether a draft has a 编号; one that has none is known by its path."""
    return post.key != path


def _find_renamed(
    files: Sequence[File], gone: Sequence[Gone], claimed: Collection[int], same_text_only: bool
) -> dict[str, int]:
    """Path -> post of the files that are a vanished one under another name.

    By the text first, for all of them; of what is then left, by a title that names one of either side: many a
    notice is titled 停水通知.
    """
    left = [one for one in gone if one.post not in claimed]
    if not left:
        return {}
    # Services may consist of their header and posters of a picture: no text is no likeness.
    by_text: defaultdict[str, list[Gone]] = defaultdict(list)
    for one in left:
        if one.text:
            by_text[one.text].append(one)
    known: dict[str, int] = {}
    for draft, post in files:
        if same := by_text.get(normalize(post.text)):
            title = normalize_title(post.title)
            found = next((one for one in same if one.title == title), same[0])
            same.remove(found)
            known[draft.path] = found.post
    if same_text_only:
        return known
    titles = {draft.path: normalize_title(post.title) for draft, post in files if draft.path not in known}
    found_posts = set(known.values())
    left = [one for one in left if one.post not in found_posts]
    here, there = Counter(titles.values()), Counter(one.title for one in left)
    by_title = {one.title: one.post for one in left if one.title and there[one.title] == 1}
    known.update((path, by_title[title]) for path, title in titles.items() if here[title] == 1 and title in by_title)
    return known
