"""The types that flow between the stages: frozen, slotted, with tuples and aware datetimes.

A type names its stage; nothing here does I/O.

    Account -> FeedDocument -> ParsedFeed of Post -> StoredPost -> Story -> Placement -> article (Pelican's)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
