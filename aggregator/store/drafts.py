"""Which file is which post: drafts keep their address through renaming, retitling and re-dating."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
        new: list[int] = []
        changed: list[int] = []
        with open_transaction(self._db):
            for draft in batch.drafts:
                if draft.post is None:
                    continue
                known = self._identify(posts, draft.path, draft.post, stored, vanished)
                if known is None:
                    post = replace(draft.post, key=self._free_key(draft.post.key))
                    known = posts.insert(post, now)
                    new.append(known)
                elif posts.update(known, draft.post, now):
                    changed.append(known)
                if draft.post.key != draft.path:
                    posts.add_aliases(LOCAL_ACCOUNT, known, (draft.post.key,))
                posts.add_aliases(LOCAL_ACCOUNT, known, (f"path:{draft.path}",))
                self._remember(draft, known)
            for path in vanished:
                self._db.execute("DELETE FROM drafts WHERE path = ?", (path,))
            alive = {row[0] for row in self._db.execute("SELECT post FROM drafts")}
            withdrawn = sorted(set(vanished.values()) - alive)
            for gone in withdrawn:
                posts.withdraw(gone, now)
        return SavedPosts(tuple(new), tuple(changed), tuple(withdrawn))

    def _identify(
        self, posts: Posts, path: str, post: Post, stored: Mapping[str, int], vanished: Mapping[str, int]
    ) -> int | None:
        """The stored post that a file is: by its 编号, by its path, or by the text of a file that is gone."""
        numbered = post.key != path
        if numbered and (known := posts.find(LOCAL_ACCOUNT, post.key)) is not None:
            return known
        here = stored.get(path)
        if here is not None:
            key = self._db.execute("SELECT key FROM posts WHERE id = ?", (here,)).fetchone()[0]
            # Another 编号 at the same path is another piece put in the old file's place.
            return None if numbered and self._is_numbered(here, key) else here
        if numbered:
            return self._find_renamed(post, vanished, same_text_only=True)
        returned = posts.find(LOCAL_ACCOUNT, f"path:{path}")
        if returned is not None and returned not in stored.values():
            return returned
        return self._find_renamed(post, vanished, same_text_only=False)

    def _is_numbered(self, post: int, key: str) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM aliases WHERE post = ? AND alias = ?", (post, f"path:{key.partition('@')[0]}")
        ).fetchone()
        return row is None

    def _find_renamed(self, post: Post, vanished: Mapping[str, int], *, same_text_only: bool) -> int | None:
        for candidate in vanished.values():
            title, text = self._db.execute(
                "SELECT title, text FROM posts JOIN bodies ON post = id WHERE id = ?", (candidate,)
            ).fetchone()
            if normalize(text) == normalize(post.text):
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
