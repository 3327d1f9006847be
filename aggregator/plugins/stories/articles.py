"""Stories of the store as Pelican articles, with what the templates ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from pelican.contents import Article, Author, Category

from aggregator.artifacts import story_path
from aggregator.model import (
    LOCAL_ACCOUNT,
    NOWHERE,
    PAGES,
    AskedKind,
    Attachment,
    Genre,
    LinkRelation,
    MirroredFile,
    Placement,
    Relation,
    StoredForm,
    StoredPost,
    Story,
)
from aggregator.plugins.stories.cards import COLUMN_CARDS, AccountCard, AccountCards, ColumnCard
from aggregator.plugins.stories.catalog import ListCard
from aggregator.plugins.stories.contents import Heading
from aggregator.plugins.stories.motifs import choose_motif
from aggregator.plugins.stories.structured import GIST
from aggregator.store import split_list

SUMMARY = 90
"""Characters of a summary on a card."""

OPENING = 2 * SUMMARY
"""Characters read of a text that has no summary: enough for one after its line ends are gone."""

RELATION_NAMES: dict[Relation, str] = {
    "lead": "首发",
    "duplicate": "转载",
    "excerpt": "摘编",
    "update": "更新",
    "full": "全文",
}

RELATED = 5
"""Related news shown on a page: the closest."""

_TONES = {
    **dict.fromkeys(("通知", "公告", "公示", "通告", "预警", "更正"), "red"),
    **dict.fromkeys(("办事", "社区", "报名", "县区"), "green"),
    "提醒": "orange",
}
"""Of tags; any other is the brand's."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Another account's post of the same story: a line of 也由这些账号发布."""

    post: int
    """Id in the store."""
    account: AccountCard
    title: str
    url: str
    date: datetime
    relation: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a policy's history."""

    date: str
    """As a reader sees it; "" where it is not known."""
    words: str
    other: StoryArticle | None = None
    """The document that is spoken of."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The article before or after one in its column."""

    title: str
    url: str


class StoryArticle(Article):
    """One story at its permanent address. The body is read from the store when its page is written."""

    id: str
    post: int
    """Id of the lead in the store."""
    key: str
    """Of the post that describes the story: a draft's 编号 where it has one."""
    genre: Genre
    header: Mapping[str, str]
    column: ColumnCard | None
    """None for pages of the site itself."""
    tag: str
    tone: str
    pinned: bool
    account: AccountCard
    publisher: str
    """The unit that answers for it: a draft's 部门, else the account's 主办单位 (国办发〔2018〕123号)."""
    offices: tuple[tuple[str, str], ...]
    """(unit, path of its list) of those that the publisher names: only its own page has them."""
    filed: tuple[ListCard, ...]
    """Regions, topics and tags that it is listed under: as `offices`."""
    byline: str
    """The same on a card, where an account goes by its short name."""
    first_seen_only: bool
    """The date is when we first saw it, to be shown as 收录时间."""
    updated: datetime | None
    expired_on: datetime | None
    """Since then it is in no list, and its page says so."""
    cover: str
    """Address, or path in the site; "" for none."""
    cover_small: str
    """The same for cards with a small picture."""
    attachments: tuple[Attachment, ...]
    source_url: str
    copies: tuple[Copy, ...]
    copies_count: int
    """Other accounts that carry it."""
    full_text: Copy | None
    """The copy that has the whole text, where this one is an excerpt."""
    form: str
    """In which form an explanation explains: 文字, 图解 …; "" for any other."""
    explanations: tuple[StoryArticle, ...]
    guides: tuple[StoryArticle, ...]
    """How to apply for what a policy grants."""
    reports: tuple[StoryArticle, ...]
    """Other news that name a policy."""
    policies: tuple[StoryArticle, ...]
    """What it explains, applies or names."""
    guesses: tuple[StoryArticle, ...]
    """Policies that it may name, or what may explain or name a policy: told as possible."""
    replaced: tuple[StoryArticle, ...]
    """Policies whose place it took."""
    events: tuple[Event, ...]
    """A policy's history."""
    contents: tuple[Heading, ...]
    """Where its parts begin."""
    corrections: tuple[tuple[str, StoryArticle], ...]
    """(how, what to read in this one's place)."""
    corrects: tuple[StoryArticle, ...]
    related: tuple[StoryArticle, ...]
    newer: Neighbour | None
    older: Neighbour | None
    asked: set[tuple[str, AskedKind]]
    """(address, kind) of foreign files that it shows or links to, whether we have a copy or not; (path, "draft") of
    the drafts that it links to."""
    attached: Mapping[str, MirroredFile]
    """Address -> our copy, of its attachments."""
    uses: dict[str, str]
    """Path in the site -> name in the store, of the copies in place of foreign files."""
    placed: dict[str, StoredForm]
    """Address in the site -> the copy that lies there."""

    @property
    def url(self) -> str:
        """Pelican's, without asking the settings."""
        return str(self.override_url)

    @property
    def has_address(self) -> bool:
        """Whether its page will be where `url` says: not that of a draft which nobody has published yet."""
        return self.id != NOWHERE

    @cached_property
    def motif(self) -> str:
        """Name of the drawn picture in place of one of its own."""
        return choose_motif(self.title, self.column.slug if self.column else "")

    @property
    def content(self) -> str:
        """The cleaned body as it is: foreign text has no `{filename}` links for Pelican to resolve."""
        return str(self._content)

    @content.setter
    def content(self, value: str) -> None:
        self._content = value


def make_article(
    story: Story,
    posts: Mapping[int, StoredPost],
    placement: Placement,
    opening: str,
    cards: AccountCards,
    settings: Mapping[str, Any],
) -> StoryArticle:
    """The article of one story; `opening` is its text's beginning, for want of a summary.

    Its links to other articles are set while its page is rendered."""
    zone = ZoneInfo(settings["TIMEZONE"])
    lead = posts[story.lead]
    described = _described(story, posts)
    header = dict(described.post.header)
    card = cards[lead.post.account]
    column = COLUMN_CARDS.get(placement.column)
    summary = header.get("摘要") or header.get(GIST) or lead.post.summary or opening
    article = StoryArticle(
        "",
        metadata={
            "title": lead.post.title,
            "date": lead.date.astimezone(zone),
            "category": Category(column.name if column else PAGES, settings),
            "author": Author(lead.post.author or card.organization, settings),
            "url": story_path(story.id),
            "save_as": story_path(story.id),
            "slug": story.id,
            "summary": shorten(summary),
        },
        settings=settings,
    )
    article.id = story.id
    article.post = story.lead
    article.key = described.post.key
    article.genre = described.post.genre
    article.header = header
    article.column = column
    article.tag = placement.tag
    article.tone = _TONES.get(placement.tag, "brand")
    article.pinned = placement.pinned
    article.account = card
    drafted_by = "、".join(split_list(lead.post.author)) if lead.post.account == LOCAL_ACCOUNT else ""
    article.publisher = drafted_by or card.organization
    article.offices = article.filed = ()
    article.byline = drafted_by or card.name
    article.first_seen_only = lead.post.published is None
    article.updated = lead.post.updated.astimezone(zone) if lead.post.updated else None
    article.expired_on = placement.expired_at.astimezone(zone) if placement.expired_at else None
    article.cover = article.cover_small = lead.post.image
    article.attachments = lead.post.attachments
    article.source_url = lead.post.url
    article.copies, article.copies_count, article.full_text = (), 0, None
    if len(story.members) > 1:
        _add_copies(article, story, posts, cards, zone)
    article.form = ""
    forget_links(article)
    article.asked, article.attached, article.uses, article.placed = set(), {}, {}, {}
    return article


def _add_copies(
    article: StoryArticle, story: Story, posts: Mapping[int, StoredPost], cards: AccountCards, zone: ZoneInfo
) -> None:
    article.copies = tuple(
        Copy(
            copy.id,
            cards[copy.post.account],
            copy.post.title,
            copy.post.url,
            copy.date.astimezone(zone),
            RELATION_NAMES[member.relation],
        )
        for member in story.members[1:]
        if (copy := posts[member.post])
    )
    article.copies_count = len({copy.account.id for copy in article.copies} - {article.account.id})
    full = next((member.post for member in story.members if member.relation == "full"), None)
    article.full_text = next((copy for copy in article.copies if full and copy.post == full), None)


def _described(story: Story, posts: Mapping[int, StoredPost]) -> StoredPost:
    """The member that says what the story is: staff's own draft, whose header has 文号 and 有效性, else the lead."""
    if len(story.members) == 1:
        return posts[story.lead]
    drafts = (member.post for member in story.members if posts[member.post].post.account == LOCAL_ACCOUNT)
    return posts[next(drafts, story.lead)]


def forget_links(article: StoryArticle) -> None:
    """What only its own page shows: on a list it must look the same whether that page was rendered or not."""
    article.explanations = article.guides = article.reports = article.policies = article.guesses = ()
    article.replaced = article.corrects = article.related = ()
    article.corrections, article.events, article.contents = (), (), ()
    article.offices = article.filed = ()
    article.newer = article.older = None


def link_article(article: StoryArticle, links: Iterable[tuple[StoryArticle, LinkRelation]]) -> None:
    """Lead from what was corrected to the newer text and back, and to related news: (other, what this one is to it),
    the closest first. What is a policy or an explanation of it is not shown once more.
    """
    known = (*article.policies, *article.explanations, *article.guides, *article.reports, *article.guesses)
    for other, relation in links:
        if relation == "corrected-by":
            article.corrections = (*article.corrections, ("这条消息有更正，请以更正后的为准", other))
        elif relation == "correction":
            article.corrects = (*article.corrects, other)
        elif len(article.related) < RELATED and other not in known:
            article.related = (*article.related, other)


def find_named(article: StoryArticle, key: str, numbered: Mapping[str, StoryArticle]) -> tuple[StoryArticle, ...]:
    """The articles whose 编号 stands in one field of this one's header; `numbered` are those that are there."""
    if not numbered:
        return ()
    return tuple(numbered[number] for number in split_list(article.header.get(key, "")) if number in numbered)


def shorten(text: str) -> str:
    """One line for a card, cut at SUMMARY characters."""
    line = " ".join(text.split())
    return line if len(line) <= SUMMARY else line[: SUMMARY - 1] + "…"
