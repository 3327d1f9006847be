"""Read what changed under content/; each file that cannot be read is a finding, and all others go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from aggregator.drafts.contents import UnreadableError, decode_text, load_bytes, read_number
from aggregator.drafts.glance import Glances, excerpt_text
from aggregator.drafts.header import read_header
from aggregator.drafts.making import FEW, Changed, Inspect, make_drafts
from aggregator.drafts.memory import NOTHING_KNOWN, Memory, hash_content
from aggregator.drafts.nearby import NearbyFiles
from aggregator.drafts.numbers import Numbers
from aggregator.drafts.office import OfficeFiles
from aggregator.drafts.orphans import find_orphans
from aggregator.drafts.places import list_drafts
from aggregator.drafts.post import build_post, list_mistakes
from aggregator.drafts.source import make_source
from aggregator.drafts.word.folder import OfficeRun
from aggregator.model import Draft, DraftBatch, DraftSource, FileUse, Finding, Glance, Refusal

_CHECK_FOLDER = "请检查文件夹的权限，或者网络盘是否连着。"


def read_drafts(
    content: Path, memory: Memory = NOTHING_KNOWN, *, now: datetime, inspect: Inspect | None = None, few: int = FEW
) -> DraftBatch:
    """Read the drafts under `content`, sorted by path; findings name their file by its path in it.

    A file that cannot be read gives no draft but a finding of level "error". `now` is the day from which dates are
    judged. `inspect` is asked about each draft that is read. More than `few` are read in processes of their own.
    """
    return _Reading(content, memory, inspect, now, few).read()


class _Reading:
    """One reading of content/: what was found so far."""

    def __init__(self, content: Path, memory: Memory, inspect: Inspect | None, now: datetime, few: int) -> None:
        self._content = content
        self._few = few
        self._memory = memory
        self._inspect = inspect
        self._now = now
        self._places = list_drafts(content)
        self._files = NearbyFiles(self._places.others, self._places.drafts, self._places.closed)
        self._glances = Glances(content, memory.glances, now)
        self._office = OfficeFiles(self._places.office)
        self._numbers = Numbers()
        self._uses: dict[str, tuple[FileUse, ...]] = {path: tuple(uses) for path, uses in memory.uses.items()}
        self._drafts: dict[str, Draft] = {}
        self._unchanged: list[str] = []
        self._findings = list(self._places.findings)
        self._refusals: dict[str, Refusal] = {}

    def read(self) -> DraftBatch:
        self._keep_closed()
        self._make_texts()
        self._read_office()
        self._drop_duplicates()
        in_use = {use.file for uses in self._uses.values() for use in uses}
        self._findings += find_orphans(self._places.others, in_use)
        return DraftBatch(
            drafts=tuple(self._drafts[path] for path in sorted(self._drafts)),
            unchanged=tuple(sorted(self._unchanged)),
            findings=tuple(sorted(self._findings, key=lambda finding: finding.file)),
            glances=self._glances.list_new(),
            refusals=tuple(self._refusals.items()),
        )

    def _keep_closed(self) -> None:
        """A share that is not mounted takes nothing off the site."""
        known, closed = self._memory.hashes, self._places.closed
        if closed:
            self._unchanged += (path for path in known if path.startswith(closed))
        if self._unchanged and "" in closed:
            message = "稿件文件夹打不开，已经发布的不受影响。"
            self._findings.append(Finding(str(self._content), message, _CHECK_FOLDER))

    def _make_texts(self) -> None:
        known = self._memory.hashes
        for made in make_drafts(self._pass_unchanged(), self._files, self._inspect, self._now, self._few):
            if made.uses is not None:
                self._uses[made.path] = made.uses
            if made.post is None:
                # What is published already stays as it was.
                self._findings += made.findings
                continue
            uses = made.uses or ()
            self._drafts[made.path] = Draft(
                made.path, made.content_hash, made.post, made.findings, uses, digest=made.digest
            )
            self._numbers.note_changed(made.path, made.number, made.number_line, is_known=made.path in known)

    def _pass_unchanged(self) -> Iterator[Changed]:
        """Note the drafts that are as they were, and yield the others."""
        for path, glance in self._glances.look_through(self._places.drafts):
            # Of thousands, most are passed by here.
            if glance and not glance.excerpt and self._is_unchanged(path, glance.content_hash):
                self._unchanged.append(path)
                continue
            try:
                changed = self._find_change(path, glance)
            except UnreadableError as error:
                self._findings.append(Finding(path, error.message, error.remedy))
                continue
            if changed is not None:
                yield changed

    def _find_change(self, path: str, glance: Glance | None) -> Changed | None:
        """What is to be read of the draft, None where it is as it was. Raises UnreadableError."""
        data = b""
        if glance:
            _, content_hash, excerpt = glance
        else:
            data = load_bytes(self._content / path)
            content_hash, excerpt = hash_content(data), excerpt_text(data)
            self._glances.note(path, content_hash, excerpt)
        self._office.note_mentions(excerpt)
        if self._is_unchanged(path, content_hash):
            self._unchanged.append(path)
            self._numbers.note_unchanged(path, excerpt)
            return None
        # What was remembered may be of a state that the store never took over.
        return Changed(path, content_hash, data or load_bytes(self._content / path))

    def _is_unchanged(self, path: str, content_hash: str) -> bool:
        if self._memory.hashes.get(path) != content_hash:
            return False
        uses = self._uses.get(path)
        return not (uses and self._files.is_stale(path, uses))

    def _read_office(self) -> None:
        """Word and PDF files: those that no draft names are drafts themselves."""
        read = (*self._unchanged, *self._drafts) if self._uses else ()
        self._office.note_names(PurePosixPath(use.file).name for path in read for use in self._list_uses(path))
        run = OfficeRun(
            self._content,
            self._memory,
            self._office,
            self._numbers,
            self._files,
            self._uses,
            self._glances,
            self._now,
            self._inspect,
        )
        run.read()
        self._drafts.update((draft.path, draft) for draft in run.drafts)
        self._unchanged += run.unchanged
        self._uses.update((draft.path, draft.uses) for draft in run.drafts)
        self._findings += run.findings
        self._refusals = run.refusals

    def _drop_duplicates(self) -> None:
        words = self._memory.words
        for duplicate in self._numbers.find_duplicates(
            lambda path: words[path].number if path in words else read_number(self._content / path)
        ):
            del self._drafts[duplicate.file]
            self._findings.append(duplicate)

    def _list_uses(self, path: str) -> tuple[FileUse, ...]:
        return self._uses.get(path, ())


def read_draft(content: Path, path: str, *, now: datetime) -> tuple[Draft | None, tuple[Finding, ...]]:
    """One draft, rendered, with what is found while reading it; None where it cannot be read. `is_draft(path)` holds.

    Unlike `read_drafts` it gives a draft with errors, too. Of a Word file that others name as their attachment it gives
    the draft that it would be.
    """
    places = list_drafts(content)
    files = NearbyFiles(places.others, places.drafts, places.closed)
    if path in places.office:
        office, glances = OfficeFiles((path,)), Glances(content, {}, now)
        run = OfficeRun(content, NOTHING_KNOWN, office, Numbers(), files, {}, glances, now)
        run.read()
        told = (one for draft in run.drafts for one in draft.findings)
        return next(iter(run.drafts), None), (*run.findings, *told)
    try:
        data = load_bytes(content / path)
        header = read_header(decode_text(data), file=path)
    except UnreadableError as error:
        return None, (Finding(path, error.message, error.remedy),)
    post, found, uses = build_post(path, header, now=now, files=files, first_line=header.first_line)
    return Draft(path, hash_content(data), post, found, uses), found


def read_source(content: Path, path: str, *, now: datetime) -> tuple[DraftSource | None, tuple[Finding, ...]]:
    """The draft at `path` as it was typed, and what is found while reading it; None where it cannot be read."""
    try:
        text = decode_text(load_bytes(content / path))
    except UnreadableError as error:
        return None, (Finding(path, error.message, error.remedy),)
    header = read_header(text, file=path)
    source = make_source(path, header, now=now)
    heading = source.headings[0].text if source.headings else ""
    is_empty = not header.body.strip()
    return source, list_mistakes(path, header, header.body, heading=heading, is_empty=is_empty, now=now)
