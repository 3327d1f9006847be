"""Posts that are one piece of news, and where they stand in the channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

PAGES = "pages"
"""Column of what belongs to the site and not to the channel: 关于我们, 联系方式."""

NOWHERE = "preview"
"""In place of the id, which has another form, of a story that is shown before there is one."""

Relation = Literal["lead", "duplicate", "excerpt", "update", "full"]
"""Of the members of one story. "full" is the whole text of which the lead is an excerpt."""

LinkRelation = Literal["correction", "corrected-by", "related"]
"""Between two stories: what the one is to the other."""

LINKS: frozenset[str] = frozenset(get_args(LinkRelation))


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
    """Sketch: the smallest hashes of its rare 5-grams, ascending, 32 bits each."""
    titles: tuple[str, ...] = ()
    """Hashes of the normalised headline, where it says enough, and of those that a correction names."""
    headline: str = ""
    """Normalised."""


@dataclass(frozen=True, slots=True)
class Match:
    """What two posts have to do with one another; `a < b` are ids in the store.

    A member relation (duplicate, excerpt, update) makes them one piece of news: what the lesser text is to the
    greater. A link (`is_link`) leaves them two stories that point to one another: what `a` is to `b`, so that
    "correction" says that a corrects b, and "corrected-by" that b corrects a.
    """

    a: int
    b: int
    relation: Relation | LinkRelation
    score: float
    """Share of the shorter text that stands in the longer one, 0 to 1."""
    reason: str
    """In words staff can read."""

    @property
    def is_link(self) -> bool:
        return self.relation in LINKS


@dataclass(frozen=True, slots=True)
class Link:
    """One story points to another: a correction to what it corrects, and back; related news to one another."""

    story: str
    other: str
    relation: LinkRelation
    """What `story` is to `other`."""
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder on which two posts were compared."""

    name: str
    """What was looked at, as staff read it: 标题, 正文, 日期与数字 …"""
    outcome: str
    """What it says: 相同, 不同, 不能判断 …"""
    detail: str = ""
    """With figures."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer on two posts, and how it was come by; the last step is the one that decided."""

    match: Match | None
    steps: tuple[Step, ...]


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
    """What placing posts changed."""

    stories: tuple[Story, ...] = ()
    """Each to be written, with its new members."""
    decisions: tuple[tuple[str, str, str], ...] = ()
    """(action, story, detail) for the decision log."""
    posts: frozenset[int] = frozenset()
    """All that were looked at: they need not be placed once more."""


class CandidateIndex(Protocol):
    """What clustering asks of the store. All answers are about live posts, whatever order they came in."""

    def find_candidates(self, post: int) -> Sequence[int]:
        """Other posts with the same canonical URL, headline or exact hash, or enough shared grams. Symmetric."""
        ...

    def load_documents(self, posts: Sequence[int]) -> Sequence[Document]: ...

    def load_matches(self, posts: Sequence[int]) -> Sequence[Match]:
        """All known matches that touch one of the posts."""
        ...

    def load_stories(self, posts: Sequence[int]) -> Sequence[Story]:
        """The stories these posts are in or founded, merged ones included."""
        ...

    def find_founder(self, story: str) -> int | None:
        """The post that founded the story with this id, None where the id is free."""
        ...


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the append-only log: what was decided about an address, when, and why."""

    at: datetime
    action: Literal["founded", "lead", "merged", "split", "withdrawn", "restored", "renamed", "published", "purged"]
    story: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    slug: str
    name: str
    description: str


COLUMNS: tuple[Column, ...] = (
    Column("notices", "通知公告", "全市各部门的通知、公告、公示和提醒"),
    Column("policies", "政策文件", "现行有效和历史政策文件，附文号、效力状态和解读"),
    Column("explanations", "政策解读", "用大白话、图解和问答讲清政策"),
    Column("services", "便民服务", "办事指南：要带什么、去哪里、多久办好"),
    Column("news", "要闻动态", "全市和各部门的工作动态"),
    Column("community", "街道社区", "街道、乡镇和社区的身边事"),
)


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
    expired_at: datetime | None = None
    """Since then it is in no list; its page stays."""
    due_at: datetime | None = None
    """The next moment at which time alone changes its state."""
