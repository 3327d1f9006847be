"""What staff decide in `editorial.toml`, and posts that wait for their decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from aggregator.model.choice import Choice
from aggregator.model.inspection import DEFAULT_CHECK, CheckSettings, Waiver
from aggregator.model.post import Post
from aggregator.model.review import NO_REVIEW, ReviewSettings
from aggregator.model.ruling import Ruling

HoldRule = Literal["id-card", "bank-card", "phone", "word", "source", "burst", "language", "domain", "review"]

HOLD_LABELS: Mapping[HoldRule, str] = MappingProxyType(
    {
        "id-card": "身份证号",
        "bank-card": "银行卡号",
        "phone": "个人手机号",
        "word": "禁用词",
        "source": "来源不在白名单",
        "burst": "突然大量发文",
        "language": "语言变了",
        "domain": "域名变了",
        "review": "先审账号",
    }
)
"""What staff call the rules, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class HoldReason:
    """Why one post is not published."""

    rule: HoldRule
    text: str
    """A Chinese sentence; personal numbers in it are masked."""
    measures: tuple[float, ...] = ()
    """What a rule about a whole feed measured, so that it can be judged anew by other thresholds."""
    subject: str = ""
    """What it is about where that is no number: a domain."""


@dataclass(frozen=True, slots=True)
class HoldSettings:
    """The `[hold]` table of `editorial.toml`: which posts wait for staff."""

    id_cards: bool = True
    bank_cards: bool = True
    phones: bool = True
    """Mobile numbers that look like a private person's."""
    words: tuple[str, ...] = ()
    """Words that must not be published."""
    word_exceptions: tuple[str, ...] = ()
    """Phrases in which such a word may stand."""
    sources: tuple[str, ...] = ()
    """Whose texts may be reprinted; empty: not checked."""
    burst: float = 10.0
    """Times its usual number of posts from which a feed's new posts wait; 0: not checked."""
    burst_least: int = 10
    """New posts within a day below which there is no burst."""
    burst_days: int = 30
    """Days from which the usual number is taken."""
    language: float = 0.5
    """Difference of the share of Han characters that is another language, 0 to 1; 0: not checked."""
    domain: bool = True
    """Whether posts wait whose links, or whose feed, lead to another domain than usual."""
    domains: tuple[str, ...] = ("mp.weixin.qq.com", "people.com.cn", "xinhuanet.com", "news.cn", "cctv.com")
    """Domains, with all below them, that any account may link to."""
    usual: int = 3
    """Posts of an account that must be there before its language and domains are known."""
    exempt: tuple[str, ...] = ()
    """Ids of accounts whose feeds are not judged as a whole (burst, language, domain)."""


@dataclass(frozen=True, slots=True)
class Editorial:
    """All that `editorial.toml` states, one field a table."""

    hold: HoldSettings = HoldSettings()
    rulings: tuple[Ruling, ...] = ()
    check: CheckSettings = DEFAULT_CHECK
    waivers: tuple[Waiver, ...] = ()
    review: ReviewSettings = NO_REVIEW
    choices: tuple[Choice, ...] = ()
    """In the order of the file."""


@dataclass(frozen=True, slots=True)
class FeedHabits:
    """What is usual for one feed and its account."""

    a_day: float = 0.0
    """Posts that the feed brought a day, the last day aside."""
    days: float = 1.0
    """Since it was last read, at least one."""
    lately: int = 0
    """Posts that it brought within the last day, waiting ones included, those of its first reading aside."""


@dataclass(frozen=True, slots=True)
class LastPost:
    """One of the last posts of an account, as far as it tells what is usual."""

    id: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A stored post, as far as it tells whether what a feed brings is anything new."""

    content_hash: str
    """"" for one that was withdrawn."""
    published: datetime | None
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingNote:
    """A post of the inbox without the post itself."""

    account: str
    key: str
    feed: str
    reasons: tuple[HoldReason, ...]
    content_hash: str
    judged_with: str
    """Digest of the settings by which it was judged."""
    first_seen: datetime
    aliases: tuple[str, ...] = ()
    """As the post's: its feed may show it under another key next time."""

    @property
    def names(self) -> tuple[str, ...]:
        """All it is known by."""
        return (self.key, *self.aliases)


@dataclass(frozen=True, slots=True)
class WaitingPost:
    """A post of the inbox."""

    note: WaitingNote
    post: Post
    last_seen: datetime

    @property
    def date(self) -> datetime:
        return self.post.published or self.note.first_seen
