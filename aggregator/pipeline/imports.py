"""An existing archive, once: a folder, a zip of one, a table, or the exported feed of an old site -> an account."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from aggregator.dates import SHANGHAI
from aggregator.errors import ConfigError
from aggregator.fetch import (
    MAX_ATTACHMENT,
    MAX_BODY,
    HandedArchive,
    HandedFolder,
    UnreadableFileError,
    drop_copy,
    is_readable,
    keep_copy,
    name_copy,
)
from aggregator.model import (
    IMPORTED,
    Account,
    FeedDocument,
    FeedError,
    HandedEntry,
    HandedSource,
    ImportReport,
    ParsedFeed,
    Post,
    Progress,
    Registry,
    Site,
)
from aggregator.parse.workers import ParsePool
from aggregator.pipeline.editorial import read_editorial
from aggregator.pipeline.feeds import WORKERS
from aggregator.pipeline.handover import read_files
from aggregator.pipeline.inbox import Gate
from aggregator.pipeline.mirror import list_files
from aggregator.store import Store

FILES_AT_ONCE = 200
"""Files whose posts are stored together: bounds what an interrupted import does again."""

FEW = 20
"""Files for which a second process is not worth starting."""

_STAGE = "导入"


class _RehearsedError(Exception):
    """Takes back what a dry run has stored; never leaves this module."""


def import_archive(
    site: Site, registry: Registry, account: Account, path: Path, store: Store, now: datetime, progress: Progress, *,
    undated: bool = False, dry_run: bool = False,
) -> ImportReport:  # fmt: skip
    """Read the posts at `path`, which may lie anywhere, into the account, with their own dates.

    Posts without a date are left out, unless `undated`. What is there already is not added again. A `dry_run` leaves
    nothing behind. Raises ConfigError for what cannot be read at all.
    """
    editorial, _ = read_editorial(site, registry, store)
    gate = Gate(registry, editorial.hold, store, now, editorial.choices)
    run = _Run(site, account, f"{IMPORTED}{path.name}", store, gate, now, progress, undated=undated, dry_run=dry_run)
    source = _open_source(path)
    with _rehearse(store, dry_run):
        asyncio.run(run.read_source(source) if source else run.read_feed(path))
    return run.report()


@contextmanager
def _rehearse(store: Store, dry_run: bool) -> Iterator[None]:
    if not dry_run:
        yield
        return
    try:
        with store.transaction():
            yield
            raise _RehearsedError
    except _RehearsedError:
        return


def _open_source(path: Path) -> HandedSource | None:
    """The folder, archive or single page; None for a feed's file."""
    try:
        where = path.resolve(strict=True)
        if where.is_dir():
            return HandedFolder(where)
        if is_readable(where.name):
            return HandedFolder(where.parent, where.name)
        if zipfile.is_zipfile(where):
            return HandedArchive(where)
    except zipfile.BadZipFile:
        raise ConfigError(f"{path} 不是完好的 zip 压缩包。", "请重新压缩，或者解压后导入文件夹。") from None
    except (OSError, RuntimeError) as error:
        raise ConfigError(f"读不了 {path}：{error}。", "检查路径是否写对，有没有读取权限。") from None
    return None


@dataclass(slots=True)
class _Run:
    """One import, and what it came to."""

    site: Site
    account: Account
    name: str
    store: Store
    gate: Gate
    now: datetime
    progress: Progress
    undated: bool
    dry_run: bool
    files: int = 0
    new: int = 0
    changed: int = 0
    held: int = 0
    seen: int = 0
    left_out: list[str] = field(default_factory=list)
    """Titles of the posts without a date."""
    problems: list[str] = field(default_factory=list)
    dates: list[datetime] = field(default_factory=list)
    """The first and the last."""
    shown: set[str] = field(default_factory=set)
    """Addresses of pictures and attachments of what was taken."""
    copied: set[str] = field(default_factory=set)
    """Addresses of the copies that this run made; others may be shown by posts of an earlier one."""

    async def read_source(self, source: HandedSource) -> None:
        entries: Sequence[HandedEntry] = source.entries
        total = len(entries)
        self.problems += source.problems
        if not total:
            raise ConfigError("里面没有能导入的文件。", "可以导入的是网页（.html）、Markdown（.md）和表格（.csv）。")

        def keep(name: str) -> str:
            return self._keep(source, name)

        self.progress(_STAGE, 0, total)
        with ParsePool(WORKERS if total > FEW else 1) as pool:
            while entries:
                parsed, entries = await read_files(
                    self.account.id, self.name, source, entries, {}, pool, keep, self.now, limit=FILES_AT_ONCE
                )
                self.problems += parsed.warnings
                self._save(parsed)
                self.progress(_STAGE, total - len(entries), total)
        self.files = total

    async def read_feed(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                body = file.read(MAX_BODY + 1)
        except OSError as error:
            raise ConfigError(f"读不了 {path}：{error.strerror}。", "检查路径是否写对，有没有读取权限。") from None
        if len(body) > MAX_BODY:
            raise ConfigError(f"{path} 超过 {MAX_BODY // 1024 // 1024} MB。", "请分成几个文件，逐个导入。")
        with ParsePool(1) as pool:
            parsed = await pool.parse(FeedDocument(self.account.id, self.name, body), self.now)
        if isinstance(parsed, FeedError):
            raise ConfigError(
                f"{path} 读不懂：{parsed.reason}", "可以导入的是文件夹、zip、CSV，或 RSS、Atom、JSON Feed 文件。"
            )
        self.files = 1
        self._save(parsed)

    def _keep(self, source: HandedSource, name: str) -> str:
        if not self.account.mirror:
            return ""
        try:
            body = source.read(name, MAX_ATTACHMENT)
        except UnreadableFileError:
            return ""
        url = name_copy(name, body)
        if not self.dry_run and keep_copy(self.site.root, url, body):
            self.copied.add(url)
        return url

    def _save(self, parsed: ParsedFeed) -> None:
        dated = [post for post in parsed.posts if self.undated or post.published]
        self.left_out += [post.title for post in parsed.posts if not (self.undated or post.published)]
        # The dates of the posts are what this is about; of what is taken back the archive knows nothing new.
        kept = replace(parsed, posts=tuple(dated), deleted=())
        with self.store.transaction():
            screened = self.gate.screen(kept, self.account, "")
            saved = self.store.posts.save(self.account.id, screened.feed.posts, self.now, self.name, self.account.feeds)
        if not self.dry_run:
            self._drop_copies(parsed.posts, dated)
        self.seen += len(dated)
        self.new += len(saved.new)
        self.changed += len(saved.changed)
        self.held += screened.held
        self._note_dates(dated)

    def _drop_copies(self, posts: Sequence[Post], kept: Sequence[Post]) -> None:
        """Keep no copy that this run made of what is not shown, nor of what the mirror has."""
        shown = {request.url for post in kept for request in list_files(post)}
        self.shown |= shown
        done = self.store.mirror.load("picture", shown).keys() | self.store.mirror.load("attachment", shown).keys()
        unused = {request.url for post in posts for request in list_files(post)} & self.copied - self.shown
        for url in unused | done:
            drop_copy(self.site.root, url)
            self.copied.discard(url)

    def _note_dates(self, posts: Sequence[Post]) -> None:
        dates = sorted([*self.dates, *(post.published for post in posts if post.published)])
        self.dates = [dates[0], dates[-1]] if dates else []

    def report(self) -> ImportReport:
        days = [date.astimezone(SHANGHAI).date().isoformat() for date in self.dates]
        return ImportReport(
            account=self.account.id,
            files=self.files,
            posts_new=self.new,
            posts_changed=self.changed,
            posts_held=self.held,
            posts_known=self.seen - self.new - self.changed - self.held,
            undated=len(self.left_out),
            undated_titles=tuple(self.left_out),
            problems=tuple(self.problems),
            earliest=days[0] if days else "",
            latest=days[-1] if days else "",
        )
