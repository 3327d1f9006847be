"""The Word and PDF files under content/ -> drafts: only those that changed are converted."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from aggregator.drafts.glance import Glances
from aggregator.drafts.making import Inspect, inspect_source
from aggregator.drafts.memory import NOTHING_KNOWN, RENDER_VERSION, Memory, hash_content
from aggregator.drafts.nearby import NearbyFiles
from aggregator.drafts.numbers import Numbers
from aggregator.drafts.office import OfficeFiles
from aggregator.drafts.pdf import read_pdf, tag_pdf
from aggregator.drafts.places import PDF, WORD
from aggregator.drafts.word.failures import WordError, WordFailure
from aggregator.drafts.word.files import describe_closed, read_file
from aggregator.model import Draft, DraftSource, FileUse, Finding, Refusal, WordMemory

if TYPE_CHECKING:
    from aggregator.drafts.word.text import WordText

TRIED_AGAIN = timedelta(days=1)
"""When a file that gave no draft is tried again though it is the same: the machine may have been short of memory."""


@dataclass(slots=True)
class OfficeRun:
    """One run's Word and PDF drafts."""

    content: Path
    memory: Memory
    office: OfficeFiles
    """With what Markdown drafts name."""
    numbers: Numbers
    files: NearbyFiles
    uses: Mapping[str, Sequence[FileUse]]
    """Path -> what of `files` the draft named when it was last read."""
    glances: Glances
    now: datetime
    inspect: Inspect | None = None
    drafts: list[Draft] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refusals: dict[str, Refusal] = field(default_factory=dict)

    def read(self) -> None:
        """Fill in `drafts`, `unchanged`, `findings` and `refusals`."""
        unchanged, changed = self._pass_unchanged()
        named = {path: frozenset(self.memory.words[path].names) for path in unchanged}
        attached = frozenset(name for names in named.values() for name in names)
        # What an unchanged draft names was its attachment before, and is not read to see that again.
        asked = [path for path in changed if _name(path) not in attached and not self.office.is_mentioned(path)]
        texts = self._convert(asked)
        for path, (_, _, word) in texts.items():
            named[path] = frozenset(self.office.find_names(word.searched))
        for path in settle_drafts({path: names for path, names in named.items() if not self.office.is_mentioned(path)}):
            self.office.note_names(named[path] - {_name(path)})
            if path in unchanged:
                self.unchanged.append(path)
                self.numbers.note_number(path, self.memory.words[path].number)
            else:
                self._take(path, *texts[path], tuple(sorted(named[path])))
        self.findings = [one for one in self.findings if not self.office.is_mentioned(one.file)]
        for path in self.office.list_unmentioned(PDF):
            self._read_pdf(path)
        self.findings += self.office.list_findings()

    def _pass_unchanged(self) -> tuple[dict[str, str], list[str]]:
        """Path -> hash of the Word files that are as they were, and the paths of the others."""
        unchanged: dict[str, str] = {}
        changed: list[str] = []
        for path in self.office.list_unmentioned(WORD):
            try:
                digest = self._hash(path)
            except WordError as error:
                self._fail(path, error.message, error.remedy)
                continue
            is_stale = self.files.is_stale(path, self.uses.get(path, ()))
            refusal = self.memory.refusals.get(path)
            if self.memory.hashes.get(path) == digest and path in self.memory.words and not is_stale:
                unchanged[path] = digest
            elif refusal and refusal.content_hash == digest and self.now - refusal.tried_at < TRIED_AGAIN:
                self._refuse(path, refusal)
            else:
                changed.append(path)
        return unchanged, changed

    def _hash(self, path: str) -> str:
        """Raises WordError."""
        if glance := self.glances.look(path):
            return glance.content_hash
        digest = hash_content(read_file(self.content / path))
        self.glances.note(path, digest)
        return digest

    def _convert(self, paths: Sequence[str]) -> dict[str, tuple[str, str, WordText]]:
        """Path -> hash, digest and text of those that can be read."""
        if not paths:
            return {}
        # Only here: most runs convert nothing, and need not wait for mammoth and the pool to be imported.
        from aggregator.drafts.word.converting import convert_files

        texts: dict[str, tuple[str, str, WordText]] = {}
        for path, (content_hash, digest, answer) in convert_files(self.content, paths).items():
            if not isinstance(answer, WordFailure):
                texts[path] = (content_hash, digest, answer)
            elif content_hash:
                self._refuse(path, Refusal(content_hash, answer.message, answer.remedy, self.now))
            else:
                self._fail(path, answer.message, answer.remedy)
        return texts

    def _refuse(self, path: str, refusal: Refusal) -> None:
        self.refusals[path] = refusal
        self._fail(path, refusal.message, refusal.remedy)

    def _fail(self, path: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(path, message, remedy))
        # It stays at its last good state, and so do its attachments.
        if path in self.memory.words:
            self.office.note_names(self.memory.words[path].names)

    def _take(self, path: str, content_hash: str, digest: str, word: WordText, names: tuple[str, ...]) -> None:
        from aggregator.drafts.word.pictures import WordPictures
        from aggregator.drafts.word.post import build_word_post
        from aggregator.drafts.word.source import make_word_source

        post, found, uses = build_word_post(path, word, now=self.now, files=self.files)
        held = [finding for finding in found if finding.level == "error"]
        if held:
            # What is published already stays as it was.
            self.findings += held
            return
        if self.inspect is not None:
            found = (*found, *inspect_source(make_word_source(path, word, now=self.now), self.inspect))
        number = word.header.value("编号")
        self.numbers.note_changed(path, number, word.header.line("编号"), is_known=path in self.memory.hashes)
        pictures = frozenset(f"{path}/{name}" for name in word.pictures)
        source = WordPictures(self.content, path, pictures) if pictures else None
        memory = WordMemory(number, names)
        self.drafts.append(Draft(path, content_hash, post, found, uses, source, memory, digest))

    def _read_pdf(self, path: str) -> None:
        try:
            status = (self.content / path).stat()
            if not stat.S_ISREG(status.st_mode):
                self.findings.append(Finding(path, "这不是普通的文件，没有读取。", "请换成 PDF 文件，或把它移走。"))
                return
            tag = tag_pdf(status, RENDER_VERSION)
            if self.memory.hashes.get(path) == tag:
                self.unchanged.append(path)
                return
            found = read_pdf(self.content, path, tag, now=self.now)
        except OSError as error:
            found = describe_closed(path, error)
        if isinstance(found, Draft):
            self.drafts.append(found)
        else:
            self.findings.append(found)


@dataclass(frozen=True, slots=True)
class OfficeSources:
    """Word files as rules look at them."""

    sources: tuple[DraftSource, ...]
    findings: tuple[Finding, ...]
    """What is found while they are read, of PDF files and of those that cannot be read, too."""
    paths: tuple[str, ...]
    """Of all Word files that are drafts, whether they could be read or not."""


def read_office_sources(content: Path, office: OfficeFiles, files: NearbyFiles, *, now: datetime) -> OfficeSources:
    """The Word files that are drafts, read anew whatever is known of them; `office` has what other drafts name."""
    sources: list[DraftSource] = []

    def take(source: DraftSource) -> tuple[Finding, ...]:
        sources.append(source)
        return ()

    run = OfficeRun(content, NOTHING_KNOWN, office, Numbers(), files, {}, Glances(content, {}, now), now, take)
    run.read()
    told = (finding for draft in run.drafts for finding in draft.findings)
    return OfficeSources(tuple(sources), (*run.findings, *told), office.list_unmentioned(WORD))


def settle_drafts(named: Mapping[str, Set[str]]) -> Iterator[str]:
    """Of the Word files at these paths, with the names each mentions, those that are no other's attachment.

    Where they name one another in a circle, the first one is the draft.
    """
    every = {name for path, names in named.items() for name in names if name != _name(path)}
    yield from (path for path in named if _name(path) not in every)
    attached = {name for path, names in named.items() if _name(path) not in every for name in names}
    left = [path for path in named if _name(path) in every and _name(path) not in attached]
    while left:
        inner = {name for path in left for name in named[path] if name != _name(path)}
        first = next((path for path in left if _name(path) not in inner), left[0])
        yield first
        left = [path for path in left if path != first and _name(path) not in named[first]]


def _name(path: str) -> str:
    return PurePosixPath(path).name
