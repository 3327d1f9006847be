"""Handed folders and archives -> posts: only files that changed, and so many of them in one go."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from aggregator.fetch import MAX_ATTACHMENT, MAX_BODY, UnreadableFileError, hash_body
from aggregator.model import FeedError, FolderDocument, HandedEntry, HandedFile, HandedMemory, HandedSource, ParsedFeed
from aggregator.pipeline.beside import Keep, place_beside
from aggregator.urls import make_handed_url

if TYPE_CHECKING:
    from aggregator.parse.workers import ParsePool

FILES_PER_RUN = 2000
BYTES_PER_RUN = 64 * 1024 * 1024
"""What one run reads of one folder at most, which bounds memory; the rest comes in the next ones."""

READING_VERSION = 1
"""Part of every digest: raised when the same file would make another post, so that all are read anew."""

AT_ONCE = 8
"""Files under way together."""

SHOWN_PROBLEMS = 5
"""Files named in one message."""


_TO_MEND = "!"
"""Before the tag of a file that had something to mend: it is read again, after all others."""


@dataclass(frozen=True, slots=True)
class _ReadFile:
    """What one file gave."""

    memory: HandedMemory
    parts: tuple[ParsedFeed, ...] = ()
    problems: tuple[str, ...] = ()
    size: int = 0


async def read_folder(
    document: FolderDocument, known: Mapping[str, HandedMemory], pool: ParsePool, now: datetime, *, mirror: bool
) -> ParsedFeed:
    """The posts of the folder's new and changed files. Without `mirror`, pictures and attachments beside them are left
    out."""
    keep = _keep_in_place(document) if mirror else (lambda _: "")
    tags = {name: memory.tag for name, memory in known.items()}
    changed = [entry for entry in document.source.entries if tags.get(entry.name) != entry.tag]
    # What was not read yet comes before what had something to mend then, however many those are.
    changed.sort(key=lambda entry: tags.get(entry.name) == f"{_TO_MEND}{entry.tag}")
    parsed, rest = await read_files(
        document.account, document.url, document.source, changed, known, pool, keep, now, limit=FILES_PER_RUN
    )
    unread = sum(tags.get(entry.name) != f"{_TO_MEND}{entry.tag}" for entry in rest)
    if unread:
        parsed = replace(parsed, warnings=(*parsed.warnings, f"还有 {unread} 个文件，下次更新接着读。"))
    return replace(parsed, warnings=(*document.source.problems, *parsed.warnings))


async def read_files(
    account: str, url: str, source: HandedSource, entries: Sequence[HandedEntry], known: Mapping[str, HandedMemory],
    pool: ParsePool, keep: Keep, now: datetime, *, limit: int,
) -> tuple[ParsedFeed, Sequence[HandedEntry]]:  # fmt: skip
    """The posts of the first of these files, `limit` at most, and the files that were too many for one go."""

    async def read(entry: HandedEntry) -> _ReadFile:
        return await _read_file(account, url, source, entry, known.get(entry.name), pool, keep, now)

    queue = iter(entries[:limit])
    done: list[_ReadFile] = []
    size = 0
    while size < BYTES_PER_RUN and (batch := list(islice(queue, AT_ONCE))):
        done += await asyncio.gather(*map(read, batch))
        size = sum(one.size for one in done)
    parts = [part for one in done for part in one.parts]
    parsed = ParsedFeed(
        account,
        url,
        # Of posts that two files have the same key for, the one of the later name counts, as if it were a revision.
        tuple({post.key: post for part in parts for post in part.posts}.values()),
        warnings=tuple(problem for one in done for problem in one.problems),
        deleted=tuple(key for part in parts for key in part.deleted),
        files=tuple(one.memory for one in done),
    )
    return parsed, entries[len(done) :]


def describe_problems(problems: Sequence[str]) -> str:
    """A message of the first ones, and how many more there are."""
    more = len(problems) - SHOWN_PROBLEMS
    return "；".join(problems[:SHOWN_PROBLEMS]) + (f"；此外还有 {more} 处" if more > 0 else "")


async def _read_file(
    account: str, url: str, source: HandedSource, entry: HandedEntry, known: HandedMemory | None, pool: ParsePool,
    keep: Keep, now: datetime,
) -> _ReadFile:  # fmt: skip
    to_mend = HandedMemory(entry.name, f"{_TO_MEND}{entry.tag}", "")
    try:
        body = await asyncio.to_thread(source.read, entry.name, MAX_BODY)
    except UnreadableFileError as error:
        return _ReadFile(to_mend, problems=(f"{entry.name}：{error.reason}",))
    memory = HandedMemory(entry.name, entry.tag, _digest(body))
    if known and known.digest == memory.digest:
        return _ReadFile(memory)
    parts: list[ParsedFeed] = []
    problems: list[str] = []
    row = 0
    while True:
        parsed = await pool.parse(HandedFile(account, url, entry.name, body, row), now)
        if isinstance(parsed, FeedError):
            problems.append(f"{entry.name}：{parsed.reason}")
            break
        placed, missing = await asyncio.to_thread(_place_posts, parsed, entry.name, source, keep)
        parts.append(placed)
        problems += [f"{entry.name}：{problem}" for problem in (*parsed.warnings, *missing)]
        if not parsed.next_row:
            break
        row = parsed.next_row
    return _ReadFile(to_mend if problems else memory, tuple(parts), tuple(problems), len(body))


def _place_posts(parsed: ParsedFeed, name: str, source: HandedSource, keep: Keep) -> tuple[ParsedFeed, tuple[str, ...]]:
    placed = [place_beside(post, name, source, keep) for post in parsed.posts]
    missing = tuple(dict.fromkeys(problem for _, problems in placed for problem in problems))
    return replace(parsed, posts=tuple(post for post, _ in placed)), missing


def _keep_in_place(document: FolderDocument) -> Keep:
    """Show a file where it lies."""
    place = document.place.removeprefix(".").strip("/")

    def keep(name: str) -> str:
        try:
            body = document.source.read(name, MAX_ATTACHMENT)
        except UnreadableFileError:
            return ""
        return make_handed_url(hash_body(body), f"{place}/{name}" if place else name)

    return keep


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16, salt=READING_VERSION.to_bytes(4, "big")).hexdigest()
