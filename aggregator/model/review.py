"""Review before publication: three steps by three identities, for the content of a draft and not for its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args

from aggregator.model.beside import FileUse
from aggregator.model.post import Finding, WordMemory

ReviewStep = Literal["first", "second", "final"]
ReviewVerdict = Literal["pass", "return"]
IdentityKind = Literal["system", "git"]

REVIEW_STEPS: tuple[ReviewStep, ...] = get_args(ReviewStep)
"""In the order in which they are due."""

STEP_NAMES: Mapping[ReviewStep, str] = MappingProxyType({"first": "初审", "second": "复审", "final": "终审"})
"""What staff call the steps."""


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """The `[review]` table of `editorial.toml`."""

    required: bool = False
    """Every draft must be reviewed."""
    columns: tuple[str, ...] = ()
    """Folders under `content/` whose drafts must be reviewed, where not all must."""
    identity: IdentityKind = "system"
    """Who a reviewer is: the signed-in user of the system, or the user of git."""
    first: tuple[str, ...] = ()
    """Who may do the step, as `find_identity` names them; empty: everybody."""
    second: tuple[str, ...] = ()
    final: tuple[str, ...] = ()

    def list_reviewers(self, step: ReviewStep) -> tuple[str, ...]:
        return {"first": self.first, "second": self.second, "final": self.final}[step]


NO_REVIEW = ReviewSettings()


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """One line of the review log, which is only added to."""

    number: int
    """From 1, without gaps."""
    at: datetime
    path: str
    """The draft's, relative to `content/`, as it was then."""
    content: str
    """Hash of what was reviewed."""
    step: ReviewStep
    verdict: ReviewVerdict
    by: str
    identity: IdentityKind
    reason: str = ""
    """Of a return; "" as well once a purge took the words out."""
    reason_hash: str = ""
    """By which the line is known whether its reason is still there or not."""
    previous: str = ""
    """Hash of the line before, "" for the first one."""
    hash: str = ""
    """Of the line, the one before included."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How far the review of one content has come."""

    missing: tuple[ReviewStep, ...]
    passes: tuple[ReviewEntry, ...] = ()
    """Those that count, in the order in which they were made."""
    returned: ReviewEntry | None = None
    """By whom and why it was sent back: no step is missing then but new content."""

    @property
    def step(self) -> ReviewStep | None:
        """The next one; None where nothing is missing."""
        return self.missing[0] if self.missing else None

    @property
    def passed_by(self) -> tuple[tuple[ReviewStep, str], ...]:
        return tuple((one.step, one.by) for one in self.passes)

    @property
    def is_done(self) -> bool:
        return not self.missing and self.returned is None


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """A draft that waits for review, as the store remembers it, so that its file need not be read again."""

    path: str
    file_hash: str
    """`Draft.content_hash`; "" where the file must be read again."""
    content: str
    """Hash of what is to be reviewed."""
    key: str
    """The post's: its 编号, or the path."""
    title: str
    claims: str
    """Who reviewed it, as the draft itself says: anybody can type that."""
    since: datetime
    findings: tuple[Finding, ...] = ()
    uses: tuple[FileUse, ...] = ()
    memory: WordMemory | None = None


@dataclass(frozen=True, slots=True)
class PublicDraft:
    """What is known of a draft's last state that was let through."""

    file_hash: str
    content: str
    """Hash of what could be reviewed; "" where it was stored before such hashes were kept."""
    uses: tuple[FileUse, ...]


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft that waits for review, for those who do it."""

    path: str
    content: str
    key: str
    title: str
    claims: str
    since: datetime
    reviewed: Reviewed
