"""Posts of the inbox as staff choose among them, and what a choice did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from aggregator.model.choice import ChoiceKind
from aggregator.model.editorial import WaitingNote
from aggregator.model.post import Finding
from aggregator.model.report import BuildReport


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """All that choosing asks of a waiting post, worked out once: its body is long."""

    content: str
    """Hash of what a decision is about (`channel.hash_version`)."""
    title: str
    url: str
    canonical_url: str
    published: datetime | None
    exact: str
    """Hash of the normalised text, "" where there is too little of it."""
    headline: str
    """Hash of the normalised headline, "" where it says too little."""
    length: int
    """Normalised characters of the text."""
    pictured: bool
    sourced: bool
    """Whether it says who wrote it."""
    needs: tuple[str, ...]
    """Words about what residents have to do or to expect."""
    deadline: date | None


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """One post of the inbox, without its body."""

    note: WaitingNote
    last_seen: datetime
    card: WaitingCard

    @property
    def date(self) -> datetime:
        return self.card.published or self.note.first_seen


@dataclass(frozen=True, slots=True)
class PublishedCopy:
    """A published story that says the same as a waiting post."""

    story: str
    title: str
    accounts: tuple[str, ...]
    """Whose posts are in it."""
    own: bool = False
    """Whether the waiting post is a newer version of one of them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting post as it stands in the list, best first."""

    code: str
    """A name for this version of this post, short enough to be typed: a changed post has another one."""
    note: WaitingNote
    title: str
    url: str
    date: datetime
    last_seen: datetime
    reasons: tuple[str, ...]
    """Why it waits."""
    merits: tuple[str, ...]
    """Why it stands where it stands."""
    score: float
    former: str = ""
    """What staff decided on another version of it, also the last of `reasons`."""

    @property
    def account(self) -> str:
        return self.note.account

    @property
    def key(self) -> str:
        return self.note.key


@dataclass(frozen=True, slots=True)
class DecidedPost:
    """What became of one post."""

    code: str
    account: str
    key: str
    title: str
    story: str = ""
    url: str = ""
    """Of its page; "" where it has none."""
    joined: bool = False
    """Whether its story has other posts."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What one decision on some posts did."""

    kind: ChoiceKind
    posts: tuple[DecidedPost, ...]
    findings: tuple[Finding, ...] = ()
    """What else is wrong in `editorial.toml`."""
    build: BuildReport | None = None
    """None where the site shows nothing of it."""
