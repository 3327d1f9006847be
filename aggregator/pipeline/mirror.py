"""Pictures and attachments of posts -> copies of our own: only what is missing, and so much of it in one run.

Nothing here fails an update. A file that cannot be had keeps its address, and is tried again in later runs.
"""

from __future__ import annotations

import asyncio
import html
import logging
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aggregator.fetch import drop_copy
from aggregator.model import (
    FetchedFile,
    FetchSettings,
    FileFailure,
    FileForm,
    FileRequest,
    MirrorReport,
    Post,
    Progress,
    Registry,
    Site,
)
from aggregator.pipeline.filenames import clean_file_name, is_web_page
from aggregator.store import Store
from aggregator.urls import is_web_url, make_handed_url, read_handed_url

if TYPE_CHECKING:
    from aggregator.images import PictureWorkers

logger = logging.getLogger(__name__)

FILES_PER_RUN = 2000
BYTES_PER_RUN = 500 * 1024 * 1024
SECONDS_PER_RUN = 600.0
"""What one run fetches at most; the rest comes in the next ones, the newest posts first."""

PICTURES_A_WORKER = 4
"""For fewer, a second process is not worth starting."""

BATCH = 200
"""Posts read at once, with their bodies."""

_EXTENSIONS = {"image/webp": "webp", "image/jpeg": "jpg", "image/gif": "gif"}
_PHOTOGRAPHS = frozenset({"jpg", "jpeg", "png", "webp"})
"""Attachments that may say where they were taken."""
_PICTURE = re.compile(r'<img(?:\s+[a-z-]+="[^"]*")*?\s+src="([^"]+)"')
_UNSERVED = "这种文件不能放在本站，保留原地址。"
_BROKEN = "存文件时程序出错。"
_PAGE = "对方给的是网页，不是文件。"


def mirror_files(
    site: Site, registry: Registry, accounts: Collection[str], store: Store, now: datetime, progress: Progress
) -> MirrorReport:
    """Fetch and store the foreign files of these accounts' posts that are due, as far as the bounds allow."""
    wanted = [account.id for account in registry.accounts if account.mirror and account.id in accounts]
    _note_files(wanted, store)
    due, alike = _set_alike_apart(store.mirror.load_due(wanted, now, FILES_PER_RUN), store)
    if not due:
        return MirrorReport(waiting=store.mirror.count_waiting(wanted))
    run = _Run(site.root, store, now, progress, len(due))
    asyncio.run(run.fetch(due, registry.fetch))
    for request, digest in alike:
        store.mirror.share_picture(request.url, make_handed_url(digest))
    return MirrorReport(run.pictures, run.attachments, run.failed, store.mirror.count_waiting(wanted), run.bytes)


def _set_alike_apart(
    due: Sequence[FileRequest], store: Store
) -> tuple[Sequence[FileRequest], Sequence[tuple[FileRequest, str]]]:
    """What is to be fetched; and, with their digest, pictures of ours with the content of one of those.

    A picture with the content of one whose forms were made in an earlier run shows those, and is in neither.
    """
    wanted: list[FileRequest] = []
    alike: list[tuple[FileRequest, str]] = []
    taken: set[str] = set()
    for request in due:
        digest, _ = read_handed_url(request.url) or ("", "")
        if not digest or request.kind != "picture":
            wanted.append(request)
        elif digest in taken:
            alike.append((request, digest))
        elif not store.mirror.share_picture(request.url, make_handed_url(digest)):
            wanted.append(request)
            taken.add(digest)
    return wanted, alike


def _note_files(accounts: Sequence[str], store: Store) -> None:
    """Note the files of new and changed posts."""
    posts = store.mirror.list_unread(accounts)
    for start in range(0, len(posts), BATCH):
        batch = store.posts.load(posts[start : start + BATCH])
        store.mirror.note({stored.id: list_files(stored.post) for stored in batch})


def list_files(post: Post) -> tuple[FileRequest, ...]:
    """The foreign files of a post, each once: pictures of its body, its cover, its attachments."""
    return tuple(dict.fromkeys(request for request in _find_files(post) if _is_foreign(request.url)))


def _find_files(post: Post) -> Iterator[FileRequest]:
    for match in _PICTURE.finditer(post.html):
        yield FileRequest(html.unescape(match.group(1)), "picture")
    yield FileRequest(post.image, "picture")
    for attachment in post.attachments:
        yield FileRequest(attachment.url, "attachment", attachment.title)


def _is_foreign(url: str) -> bool:
    return is_web_url(url) and "@" not in urlsplit(url).netloc


@dataclass(slots=True)
class _Run:
    """One run's work, and what it came to."""

    root: Path
    """The site's folder."""
    store: Store
    now: datetime
    progress: Progress
    total: int
    done: int = 0
    pictures: int = 0
    attachments: int = 0
    failed: int = 0
    bytes: int = 0

    async def fetch(self, due: Sequence[FileRequest], settings: FetchSettings) -> None:
        # Only here: most runs fetch nothing, and need not wait for aiohttp, Pillow and the pool to be imported.
        from aggregator.fetch import fetch_files
        from aggregator.images import WORKERS, PictureWorkers

        end = asyncio.get_running_loop().time() + SECONDS_PER_RUN
        pictures = sum(request.kind == "picture" for request in due)
        idle = asyncio.Semaphore(WORKERS)
        self.progress(_STAGE, 0, self.total)
        with PictureWorkers(max(1, min(WORKERS, pictures // PICTURES_A_WORKER))) as workers:
            async with aclosing(fetch_files(due, settings, self.root)) as answers, asyncio.TaskGroup() as tasks:
                async for answer in answers:
                    await idle.acquire()
                    task = tasks.create_task(self._take(answer, workers))
                    task.add_done_callback(lambda _: idle.release())
                    if self.bytes > BYTES_PER_RUN or asyncio.get_running_loop().time() > end:
                        break

    async def _take(self, answer: FetchedFile | FileFailure, workers: PictureWorkers) -> None:
        failure = answer if isinstance(answer, FileFailure) else None
        if isinstance(answer, FetchedFile):
            try:
                failure = await self._keep(answer, workers)
            except Exception:
                logger.exception("mirroring %s", answer.request.url)
                failure = FileFailure(answer.request, _BROKEN)
        if failure is None:
            drop_copy(self.root, answer.request.url)
        else:
            if failure.asked:
                self.failed += 1
                logger.info("not mirrored: %s %s", failure.request.url, failure.reason)
            self.store.mirror.fail(failure.request, failure.reason, self.now, counted=failure.asked)
        self.done += 1
        self.progress(_STAGE, self.done, self.total)

    async def _keep(self, file: FetchedFile, workers: PictureWorkers) -> FileFailure | None:
        self.bytes += len(file.body)
        if file.request.kind == "attachment":
            return await self._keep_attachment(file, workers)
        forms = [
            FileForm(one.data, _EXTENSIONS[one.media_type], one.width, one.height)
            for one in await workers.make_renditions(file.body)
        ]
        if not forms:
            return FileFailure(file.request, await workers.explain_refusal(file.body))
        self.store.mirror.save(file.request, forms[0], forms[1] if len(forms) > 1 else None)
        self.pictures += 1
        return None

    async def _keep_attachment(self, file: FetchedFile, workers: PictureWorkers) -> FileFailure | None:
        name = clean_file_name(file.name, file.request.title, file.media_type)
        if not name:
            return FileFailure(file.request, _UNSERVED)
        if is_web_page(file.body) and not name.endswith(".txt"):
            return FileFailure(file.request, _PAGE)
        extension = name.rpartition(".")[2]
        body = await workers.drop_position(file.body) if extension in _PHOTOGRAPHS else file.body
        if not body:
            return FileFailure(file.request, await workers.explain_refusal(file.body))
        self.store.mirror.save(file.request, FileForm(body, extension), name=name)
        self.attachments += 1
        return None


_STAGE = "存下图片和附件"
