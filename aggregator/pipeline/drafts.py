"""Staff's drafts with the pictures and attachments that lie beside them.

    known hashes, files in use | drafts.read_drafts -> DraftBatch | place_beside -> posts that show our copies

A file's bytes are read when a draft that names it is new or changed, or when the file is another than at the last
reading: of all others only name, size and time of change are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import get_args

from aggregator.dates import SHANGHAI
from aggregator.drafts import Memory, describe_refusal, read_drafts
from aggregator.fetch import (
    MAX_ATTACHMENT,
    MAX_PICTURE,
    UnreadableFileError,
    hash_body,
    keep_copy,
    name_copy,
    read_within,
)
from aggregator.model import Draft, DraftBatch, FileKind, FileUse, Finding, HandedEntry, HandedSource, Site
from aggregator.pipeline.beside import place_beside
from aggregator.pipeline.draft_reviews import DraftReviews
from aggregator.pipeline.draft_rules import DraftRules
from aggregator.pipeline.filenames import SERVED
from aggregator.store import Store
from aggregator.urls import make_handed_url

_UNMIRRORED = "账号表里的编辑部（local）写了 mirror = false。"


def read_local_drafts(
    site: Site, store: Store, rules: DraftRules, reviews: DraftReviews, now: datetime, *, mirror: bool
) -> DraftBatch:
    """The drafts of the site; those that are new or changed with the addresses of what lies beside them.

    Without `mirror` nothing that lies beside them is shown.
    """
    waiting = reviews.known
    used = {**store.drafts.load_uses(), **{path: one.uses for path, one in waiting.items()}}
    memory = Memory(
        rules.forget_judged({**store.drafts.load_known(), **{path: one.file_hash for path, one in waiting.items()}}),
        used,
        store.glances.load(),
        {**store.drafts.load_memories(), **{path: one.memory for path, one in waiting.items() if one.memory}},
        store.glances.load_refusals(),
    )
    batch = read_drafts(site.content, memory, now=now, inspect=rules.inspect)
    return place_drafts(store.drafts.drop_buried(batch), site, store, used, mirror=mirror)


def place_drafts(
    batch: DraftBatch, site: Site, store: Store, used: Mapping[str, Sequence[FileUse]], *, mirror: bool
) -> DraftBatch:
    """The batch with the addresses of what its drafts name; files that are as `used` has them are not read."""
    known = {use.file: use for uses in used.values() for use in uses if use.address}
    shelf = _Shelf(site, store, site.content.resolve(), known, mirror)
    return replace(batch, drafts=tuple(_place_draft(draft, shelf) for draft in batch.drafts))


def list_refusals(store: Store) -> tuple[Finding, ...]:
    """What is to be said of files that lie beside drafts and that mirroring could not make anything of."""
    return tuple(
        describe_refusal(draft, use.file, use.kind, use.line, reason, "请打开看看，重新保存后再放回原处。")
        for draft, use, reason in store.drafts.list_refused()
    )


def list_taken_back(store: Store) -> tuple[Finding, ...]:
    """What is to be said of drafts that were published and have a time to come since."""
    return tuple(
        Finding(
            path,
            "这一篇发布过，改成了将来的时间："
            f"到 {until.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 以前，它的网址打不开，列表里也没有。",
            "就是要那时再发的，不用改；要一直看得到，请把“定时”或“日期”改回来。",
            level="warning",
        )
        for path, until in store.drafts.list_taken_back().items()
    )


def _place_draft(draft: Draft, shelf: _Shelf) -> Draft:
    if not (draft.uses or draft.source):
        return draft
    beside = _Beside(draft.uses, shelf, draft.source)
    post, missing = place_beside(draft.post, draft.path, beside, beside.keep)
    # What it names and is not there was told while it was read; of its own files only this knows.
    told = (Finding(draft.path, one, level="warning") for one in (missing if draft.source else ()))
    uses = tuple(replace(use, address=beside.kept.get(use.file, ""), tag=beside.tag(use)) for use in draft.uses)
    refused = (
        describe_refusal(draft.path, use.file, use.kind, use.line, *beside.refused[use.file])
        for use in draft.uses
        if use.file in beside.refused
    )
    return replace(draft, post=post, uses=uses, findings=(*draft.findings, *refused, *told))


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The files under content/, and the addresses of those that were read before."""

    site: Site
    store: Store
    content: Path
    """Resolved."""
    known: Mapping[str, FileUse]
    mirror: bool

    def read(self, name: str, limit: int) -> bytes:
        return read_within(self.content, name, limit)

    def measure(self, name: str) -> int:
        """Bytes; 0 for what cannot be asked."""
        try:
            return (self.content / name).stat().st_size
        except OSError:
            return 0

    def show(self, name: str, body: bytes) -> str:
        """The address of a file with these bytes."""
        if self.content == self.site.root.resolve() / self.site.content.name:
            return make_handed_url(hash_body(body), f"{self.site.content.name}/{name}")
        # A folder of the network that is linked as content/: only what lies in the site's own folder has an address.
        return self.copy(name, body)

    def copy(self, name: str, body: bytes) -> str:
        url = name_copy(name, body)
        if not any(self.store.mirror.load(kind, (url,)) for kind in get_args(FileKind)):
            keep_copy(self.site.root, url, body)
        return url


@dataclass(slots=True)
class _Beside:
    """What one draft names, as `place_beside` asks for it: files under content/ and those within the draft itself."""

    uses: Sequence[FileUse]
    shelf: _Shelf
    inner: HandedSource | None
    kept: dict[str, str] = field(default_factory=dict)
    """File -> its address."""
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)
    """File -> why it cannot be shown, and what to do."""
    unread: set[str] = field(default_factory=set)
    """Files that are to be tried again although they don't change."""
    entries: tuple[HandedEntry, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def others(self) -> frozenset[str]:
        return self._named | (self.inner.others if self.inner else frozenset())

    @property
    def _named(self) -> frozenset[str]:
        return frozenset(use.file for use in self.uses if use.file)

    def read(self, name: str, limit: int) -> bytes:
        return self.inner.read(name, limit) if self._is_inner(name) and self.inner else self.shelf.read(name, limit)

    def tag(self, use: FileUse) -> str:
        return "" if use.file in self.unread else use.tag

    def keep(self, name: str) -> str:
        """As `beside.Keep`."""
        if not self.shelf.mirror:
            self.refused[name] = (_UNMIRRORED, "要带上图片和附件，请管理员去掉这一项。")
            return ""
        if self._is_inner(name):
            return self._keep_inner(name)
        if name not in self.kept and name not in self.refused:
            self._keep_file(name, [use for use in self.uses if use.file == name])
        return self.kept.get(name, "")

    def _is_inner(self, name: str) -> bool:
        return self.inner is not None and name in self.inner.others and name not in self._named

    def _keep_inner(self, name: str) -> str:
        try:
            return self.shelf.copy(name, self.read(name, MAX_ATTACHMENT))
        except UnreadableFileError:
            return ""

    def _keep_file(self, name: str, uses: Collection[FileUse]) -> None:
        suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
        limit = MAX_PICTURE if any(use.kind == "picture" for use in uses) else MAX_ATTACHMENT
        known = self.shelf.known.get(name)
        if suffix not in SERVED:
            self.refused[name] = (
                f"“.{suffix}”文件不能放在网站上。",
                "请另存为 PDF、Word、Excel 等格式，或者打成 zip。",
            )
        elif known and any(use.tag == known.tag for use in uses):
            self.kept[name] = known.address
        else:
            self._read_file(name, limit)

    def _read_file(self, name: str, limit: int) -> None:
        size = self.shelf.measure(name)
        if size > limit:
            said = f"有 {size / 1024 / 1024:.0f} MB，超过 {limit // 1024 // 1024} MB。"
            self.refused[name] = (said, "请缩小图片或压缩文件，再放回原处。")
            return
        try:
            self.kept[name] = self.shelf.show(name, self.read(name, limit))
        except UnreadableFileError as error:
            self.refused[name] = (error.reason, "")
            self.unread.add(name)
