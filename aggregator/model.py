"""The types that flow between the stages: frozen, slotted, with tuples and aware datetimes.

A type names its stage; nothing here does I/O.

    Account -> FeedDocument -> ParsedFeed of Post -> StoredPost -> Story -> Placement -> article (Pelican's)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

Kind = Literal["department", "county", "town", "public-service", "local"]
Selection = Literal["auto", "review"]
AccountStatus = Literal["active", "merged", "closed"]
Relation = Literal["lead", "duplicate", "excerpt", "update"]
LinkRelation = Literal["correction", "corrected-by", "related"]
Outcome = Literal["updated", "unchanged", "failed", "skipped", "held"]
Genre = Literal["post", "notice", "policy", "explanation", "service", "news", "page"]

LOCAL_ACCOUNT = "local"
"""Id of the account that staff's own drafts belong to."""


# site --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Site:
    """Where the parts of one site lie, below its root."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "pelicanconf.py"

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def registry(self) -> Path:
        return self.content / "registry" / "accounts.toml"

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def state(self) -> Path:
        """What must not be lost: the store, logs, site trees."""
        return self.root / ".matrix"

    @property
    def store(self) -> Path:
        return self.state / "store.sqlite3"


class Progress(Protocol):
    """Told how far a long stage is; `total` 0 where that is not known."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


# registry ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """One account of one unit on one platform, as `accounts.toml` states it. HTTP state does not live here."""

    id: str
    name: str
    organization: str
    platform: str
    kind: Kind
    region: str
    feeds: tuple[str, ...] = ()
    """http(s) addresses, or paths relative to the registry's folder."""
    selection: Selection = "auto"
    rank: int = 50
    """Authority for the choice of a story's lead; higher wins."""
    status: AccountStatus = "active"
    phone: str = ""
    homepage: str = ""
    description: str = ""
    closed_on: str = ""
    """ISO date on which a merged or closed account stopped."""
    notice: str = ""
    """Address of the notice that announced it."""
    successor: str = ""
    """Id of the account that took over."""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """The `[fetch]` table of `accounts.toml`."""

    allow: tuple[str, ...] = ()
    """Private networks (CIDR) that feeds may nevertheless be fetched from."""
    contact: str = ""
    """Address named in the User-Agent, so that a server's owner can reach us."""
    concurrency: int = 16
    timeout: float = 30.0
    """Seconds for one whole request."""


@dataclass(frozen=True, slots=True)
class Registry:
    accounts: tuple[Account, ...]
    fetch: FetchSettings = FetchSettings()

    def account(self, account_id: str) -> Account | None:
        return next((account for account in self.accounts if account.id == account_id), None)


# fetch ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Validators:
    """What the store remembers of a feed so that an unchanged one is not sent again."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    """blake2b of the last body that was parsed; the same bytes need no second parse."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The bytes of one feed as they arrived."""

    account: str
    url: str
    body: bytes
    content_type: str = ""
    base_url: str = ""
    """Address after redirects, against which relative links are resolved; "" for a local file."""
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class NotModified:
    """The feed has not changed since the validators were taken."""

    account: str
    url: str


@dataclass(frozen=True, slots=True)
class FeedError:
    """An expected failure of one feed: a value, never raised."""

    account: str
    url: str
    reason: str
    """A Chinese sentence that staff can act on."""
    status: int | None = None
    """HTTP status, where there was an answer."""


# parse, drafts -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attachment:
    url: str
    title: str = ""
    media_type: str = ""
    size: int | None = None
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Post:
    """A normalised entry of one account: cleaned, with absolute addresses, ready to be stored."""

    account: str
    key: str
    """Unique within the account: guid, else canonical URL, else a hash of title and text; a draft's 编号 or path."""
    title: str
    url: str = ""
    """Address of the original, "" when it has none."""
    canonical_url: str = ""
    aliases: tuple[str, ...] = ()
    """Every identifier the post is known by, `key` included."""
    html: str = ""
    """Cleaned body."""
    text: str = ""
    """The body as plain text, one block a line."""
    summary: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    categories: tuple[str, ...] = ()
    image: str = ""
    attachments: tuple[Attachment, ...] = ()
    genre: Genre = "post"
    """What a draft's folder makes it; posts of feeds are "post" and the channel decides."""
    header: tuple[tuple[str, str], ...] = ()
    """A draft's header: canonical Chinese key, value; in the file's order."""
    warnings: tuple[str, ...] = ()
    """What had to be repaired while reading, in Chinese."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The posts of one feed document, in its order."""

    account: str
    url: str
    posts: tuple[Post, ...]
    title: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something staff should know about one file or one page."""

    file: str
    message: str
    remedy: str = ""
    line: int | None = None
    level: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class Draft:
    """One file of staff."""

    path: str
    """POSIX, relative to `content/`."""
    content_hash: str
    """Over the file's bytes and the version of the rendering."""
    post: Post | None
    """None where the file is as it was when last read."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftBatch:
    """All of `content/`, as one reading found it."""

    drafts: tuple[Draft, ...]
    findings: tuple[Finding, ...] = ()
    """About files that gave no draft. Those at level "error" keep their last good state."""


# store ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post as the store holds it, at its current revision."""

    id: int
    post: Post
    first_seen: datetime
    revision: int
    content_hash: str
    withdrawn_at: datetime | None = None

    @property
    def date(self) -> datetime:
        """The source's date, else when we first saw the post. Never the time of a build."""
        return self.post.published or self.first_seen


@dataclass(frozen=True, slots=True)
class SavedPosts:
    """What saving one batch of posts did; ids of the store."""

    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedState:
    """When one feed last answered, for `matrix status`."""

    account: str
    url: str
    outcome: Outcome
    last_attempt: datetime
    last_success: datetime | None
    failures: int
    """Failures in a row; 0 after a success."""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the append-only log: what was decided about an address, when, and why."""

    at: datetime
    action: Literal["founded", "lead", "merged", "split", "withdrawn", "restored", "renamed", "published"]
    story: str
    detail: str = ""


# cluster -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """What clustering knows of one post; everything it compares, and nothing it does not."""

    post: int
    """Id in the store."""
    account: str
    key: str
    title: str
    canonical_url: str
    text: str
    date: datetime
    rank: int
    """Authority of the account."""
    names: tuple[str, ...] = ()
    """What its account is called: name and organization."""
    attribution: str = ""
    """Who the post's header says it comes from (a draft's 来源), as written."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """By what a document is found again."""

    exact: str
    """Hash of the normalised text; "" when there is too little of it."""
    grams: tuple[int, ...]
    """Sketch: the smallest hashes of its 5-grams, ascending, 63 bits each."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two posts that are one piece of news; `a < b` are ids in the store."""

    a: int
    b: int
    relation: Relation
    """What the lesser of the two is to the greater: duplicate, excerpt or update."""
    score: float
    """Share of the shorter text that stands in the longer one, 0 to 1."""
    reason: str
    """In words staff can read."""


@dataclass(frozen=True, slots=True)
class Member:
    post: int
    relation: Relation
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """Posts that are one piece of news. Its id, and so its address, is that of the post that founded it."""

    id: str
    founder: int
    lead: int
    members: tuple[Member, ...]
    """The lead first."""
    merged_into: str = ""
    """Id of the story this one redirects to."""


@dataclass(frozen=True, slots=True)
class StoryChanges:
    """What placing posts changed: every story to be written, with its new members, and the new matches."""

    stories: tuple[Story, ...] = ()
    matches: tuple[Match, ...] = ()
    decisions: tuple[tuple[str, str, str], ...] = ()
    """(action, story, detail) for the decision log."""


class CandidateIndex(Protocol):
    """What clustering asks of the store. All answers are about live posts, whatever order they came in."""

    def find_candidates(self, document: Document, fingerprint: Fingerprint) -> Sequence[int]:
        """Other posts with the same canonical URL, the same exact hash, or enough shared grams."""
        ...

    def load_documents(self, posts: Sequence[int]) -> Sequence[Document]: ...

    def load_matches(self, posts: Sequence[int]) -> Sequence[Match]:
        """All known matches that touch one of the posts."""
        ...

    def load_stories(self, posts: Sequence[int]) -> Sequence[Story]:
        """The stories these posts are in or founded, merged ones included."""
        ...


# channel -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    slug: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a story stands in the channel."""

    story: str
    column: str
    tag: str
    """Short label on its card: 通知, 解读, 预警 …"""
    date: datetime
    """By which lists are ordered: the lead's."""
    pinned: bool = False


# reports -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccountOutcome:
    """What one update did for one account."""

    id: str
    outcome: Outcome
    posts_new: int = 0
    posts_changed: int = 0
    posts_withdrawn: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class UpdateReport:
    accounts: tuple[AccountOutcome, ...]
    findings: tuple[Finding, ...] = ()
    stories_changed: int = 0
    seconds: tuple[tuple[str, float], ...] = ()
    """(stage, seconds) in the order they ran."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    rendered: int
    kept: int
    removed: int
    changed_paths: tuple[str, ...]
    removed_paths: tuple[str, ...]
    seconds: tuple[tuple[str, float], ...] = field(default=())
