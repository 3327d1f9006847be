"""Pictures within Word drafts, and PDFs that are drafts: copied for the mirror, as those of imported archives are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

from aggregator.fetch import MAX_ATTACHMENT, UnreadableFileError, keep_copy, name_copy
from aggregator.model import Draft, DraftBatch, FileKind, Finding
from aggregator.pipeline.beside import place_beside
from aggregator.store import Store


def place_enclosed(batch: DraftBatch, root: Path, store: Store, *, mirror: bool) -> DraftBatch:
    """The drafts with the addresses of what they bring along. Without `mirror` nothing of it is shown."""
    return replace(batch, drafts=tuple(_place(draft, root, store, mirror) for draft in batch.drafts))


def _place(draft: Draft, root: Path, store: Store, mirror: bool) -> Draft:
    source = draft.source
    if source is None or draft.post is None:
        return draft

    def keep(name: str) -> str:
        try:
            body = source.read(name, MAX_ATTACHMENT) if mirror else b""
        except UnreadableFileError:
            return ""
        url = name_copy(name, body) if mirror else ""
        # What the mirror has, it does not ask for again, so a copy would lie there for ever.
        if url and not any(store.mirror.load(kind, (url,)) for kind in get_args(FileKind)):
            keep_copy(root, url, body)
        return url

    post, missing = place_beside(draft.post, draft.path, source, keep)
    told = (Finding(draft.path, one, level="warning") for one in missing)
    return replace(draft, post=post, findings=(*draft.findings, *told))
