"""Which file is which post: drafts keep their address through renaming, retitling and re-dating."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from aggregator.model import LOCAL_ACCOUNT, Draft, DraftBatch, Finding, Post, SavedPosts
from aggregator.store.connection import Table, open_transaction
from aggregator.store.posts import Posts
from aggregator.text import normalize, normalize_title


class Drafts(Table):
    """Staff's files as they were last read."""

    def load_known(self) -> Mapping[str, str]:
        """Path -> content hash; a file that still has it need not be read again."""
        return dict(self._db.execute("SELECT path, content_hash FROM drafts"))

    def load_findings(self) -> tuple[Finding, ...]:
        """What is to be said about the files as they now stand, read in this run or earlier."""
        rows = self._db.execute("SELECT findings FROM drafts ORDER BY path")
        return tuple(Finding(**finding) for (findings,) in rows for finding in json.loads(findings))

    def save(self, batch: DraftBatch, now: datetime) -> SavedPosts:
        """Store what changed. A file that is gone, and was not renamed, withdraws its post; the address stays."""
        posts = Posts(self._db)
        stored: dict[str, int] = dict(self._db.execute("SELECT path, post FROM drafts"))
        present = {draft.path for draft in batch.drafts} | {finding.file for finding in batch.findings}
        vanished = {path: post for path, post in stored.items() if path not in present}
        changed_files = [(draft, draft.post) for draft in batch.drafts if draft.post is not None]
        # Each post is claimed by one file, or two pieces would share one page: first the files that have not changed,
        # then those that say by a 编号 which post they are.
        claimed = {stored[draft.path] for draft in batch.drafts if draft.post is None and draft.path in stored}
        new: list[int] = []
        changed: list[int] = []
        with open_transaction(self._db):
            for draft, post in sorted(changed_files, key=lambda one: not _has_number(one[0].path, one[1])):
                free = [one for one in vanished.values() if one not in claimed]
                known = self._identify(posts, draft.path, post, stored.get(draft.path), free, claimed)
                if known is None:
                    key = self._free_key(post.key)
                    known = posts.insert(replace(post, key=key), now)
                    new.append(known)
                    if not _has_number(draft.path, post):
                        posts.add_aliases(LOCAL_ACCOUNT, known, (f"path:{key}",))
                elif posts.update(known, post, now):
                    changed.append(known)
                claimed.add(known)
                if _has_number(draft.path, post):
                    posts.add_aliases(LOCAL_ACCOUNT, known, (post.key,))
                posts.add_aliases(LOCAL_ACCOUNT, known, (f"path:{draft.path}",))
                self._remember(draft, known)
            for path in vanished:
                self._db.execute("DELETE FROM drafts WHERE path = ?", (path,))
            alive = {row[0] for row in self._db.execute("SELECT post FROM drafts")}
            withdrawn = sorted(set(stored.values()) - alive)
            for gone in withdrawn:
                posts.withdraw(gone, now)
        return SavedPosts(tuple(new), tuple(changed), tuple(withdrawn))

    def _identify(
        self, posts: Posts, path: str, post: Post, here: int | None, free: Sequence[int], claimed: Collection[int]
    ) -> int | None:
        """The stored post that a file is: by its 编号, by its path, or by the text of a file that is gone.

        `here` is the post that was last read at the path, `free` are the posts whose files are gone.
        """
        numbered = _has_number(path, post)
        if numbered and (known := posts.find(LOCAL_ACCOUNT, post.key)) is not None:
            return known
        if here is not None and here not in claimed:
            # Another 编号 at the same path is another piece put in the old file's place.
            return None if numbered and self._is_numbered(here) else here
        if numbered:
            return self._find_renamed(post, free, same_text_only=True)
        returned = self._find_returned(path)
        if returned is not None and returned not in claimed:
            return returned
        return self._find_renamed(post, free, same_text_only=False)

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

    def _find_renamed(self, post: Post, free: Sequence[int], *, same_text_only: bool) -> int | None:
        for candidate in free:
            title, text = self._db.execute(
                "SELECT title, text FROM posts JOIN bodies ON post = id WHERE id = ?", (candidate,)
            ).fetchone()
            # Services may consist of their header and posters of a picture: no text is no likeness.
            if normalize(text) and normalize(text) == normalize(post.text):
                return candidate
            if not same_text_only and normalize_title(title) == normalize_title(post.title):
                return candidate
        return None

    def _free_key(self, key: str) -> str:
        """The key, or with a number behind it where another post was first seen at the same path."""
        free, number = key, 2
        while self._db.execute("SELECT 1 FROM posts WHERE account = ? AND key = ?", (LOCAL_ACCOUNT, free)).fetchone():
            free, number = f"{key}@{number}", number + 1
        return free

    def _remember(self, draft: Draft, post: int) -> None:
        findings = json.dumps([asdict(finding) for finding in draft.findings], ensure_ascii=False)
        self._db.execute(
            "INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?)", (draft.path, draft.content_hash, post, findings)
        )


def _has_number(path: str, post: Post) -> bool:
    """Whether a draft has a 编号; one that has none is known by its path."""
    return post.key != path
