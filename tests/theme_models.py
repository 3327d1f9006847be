"""What the build hands to the templates, as small as the theme needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

SITE_TIME = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Column:
    slug: str
    name: str
    url: str
    count: int
    description: str = "这个栏目里有什么"


@dataclass(frozen=True, slots=True)
class AccountCard:
    id: str
    name: str
    organization: str
    avatar: str
    hue: str
    kind_name: str = "市级部门"
    platform_name: str = "微信公众号"
    kind: str = "department"
    region: str = "栖江市"
    phone: str = ""
    homepage: str = ""
    description: str = ""
    handle: str = ""
    opened_on: str = ""
    status: str = "active"
    closed_on: str = ""
    notice: str = ""
    successor: AccountCard | None = None
    latest: Article | None = None
    count: int = 12

    @property
    def url(self) -> str:
        return f"accounts/{self.id}/index.html"


@dataclass(frozen=True, slots=True)
class AccountGroup:
    name: str
    accounts: tuple[AccountCard, ...]
    id: str = ""
    chapter: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Copy:
    account: AccountCard
    title: str
    url: str
    date: datetime
    relation: str


@dataclass(frozen=True, slots=True)
class Attachment:
    url: str
    title: str = ""
    media_type: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class ListCard:
    kind: str
    name: str
    url: str
    intro: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Index:
    kind: str
    name: str
    url: str
    cards: tuple[ListCard, ...]


@dataclass(frozen=True, slots=True)
class Year:
    name: str
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Event:
    date: str
    words: str
    other: Article | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    id: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Article:
    id: str
    title: str
    date: datetime
    column: Column
    account: AccountCard
    tag: str = "动态"
    tone: str = "brand"
    motif: str = "river"
    genre: str = "post"
    cover: str = ""
    summary: str = ""
    first_seen_only: bool = False
    has_address: bool = True
    updated: datetime | None = None
    expired_on: datetime | None = None
    pinned: bool = False
    copies_count: int = 0
    header: Mapping[str, str] = field(default_factory=dict)
    content: str = "<p>正文。</p>"
    copies: tuple[Copy, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    source_url: str = ""
    explanations: tuple[Article, ...] = ()
    policies: tuple[Article, ...] = ()
    form: str = ""
    guides: tuple[Article, ...] = ()
    reports: tuple[Article, ...] = ()
    guesses: tuple[Article, ...] = ()
    replaced: tuple[Article, ...] = ()
    events: tuple[Event, ...] = ()
    contents: tuple[Heading, ...] = ()
    corrections: tuple[tuple[str, Article], ...] = ()
    corrects: tuple[Article, ...] = ()
    related: tuple[Article, ...] = ()
    full_text: Copy | None = None
    offices: tuple[tuple[str, str], ...] = ()
    filed: tuple[ListCard, ...] = ()
    newer: Article | None = None
    older: Article | None = None

    @property
    def cover_small(self) -> str:
        return self.cover

    @property
    def url(self) -> str:
        return f"s/{self.id}.html"

    @property
    def publisher(self) -> str:
        return self.account.organization

    @property
    def byline(self) -> str:
        return self.account.name


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Month:
    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Pager:
    months: tuple[Month, ...] = ()
    newer: Month | None = None
    older: Month | None = None
    up: Month | None = None
    parts: tuple[Month, ...] = ()
