"""Stories of the store as Pelican articles, with what the templates ask of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pelican.contents import Article, Author, Category

from aggregator.channel import PAGES
from aggregator.model import LOCAL_ACCOUNT, Attachment, Genre, Link, Placement, Relation, StoredPost, Story
from aggregator.plugins.stories.cards import AccountCard, ColumnCard
from aggregator.plugins.stories.motifs import choose_motif

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
    "red": {"通知", "公告", "公示", "通告", "预警", "更正"},
    "green": {"办事", "社区", "报名", "县区"},
    "orange": {"提醒"},
}


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


class StoryArticle(Article):  # type: ignore[misc]  # Pelican publishes no types
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
    byline: str
    """The same on a card, where an account goes by its short name."""
    first_seen_only: bool
    """The date is when we first saw it, to be shown as 收录时间."""
    updated: datetime | None
    cover: str
    """Address, or path in the site; "" for none."""
    cover_small: str
    """The same for cards with a small picture."""
    motif: str
    attachments: tuple[Attachment, ...]
    source_url: str
    copies: tuple[Copy, ...]
    copies_count: int
    """Other accounts that carry it."""
    full_text: Copy | None
    """The copy that has the whole text, where this one is an excerpt."""
    explanations: tuple[StoryArticle, ...]
    policies: tuple[StoryArticle, ...]
    """What it explains, or what took a policy's place."""
    corrections: tuple[tuple[str, StoryArticle], ...]
    """(how, what to read in this one's place)."""
    corrects: tuple[StoryArticle, ...]
    related: tuple[StoryArticle, ...]
    newer: StoryArticle | None
    older: StoryArticle | None

    @property
    def content(self) -> str:
        """The cleaned body as it is: foreign text has no `{filename}` links for Pelican to resolve."""
        return str(self._content)

    @content.setter
    def content(self, value: str) -> None:
        self._content = value


def story_url(story: str) -> str:
    """Where a story lives, from its id alone: never from title, date or account."""
    return f"s/{story}.html"


def make_article(
    story: Story,
    posts: Mapping[int, StoredPost],
    placement: Placement,
    opening: str,
    cards: Mapping[str, AccountCard],
    columns: Mapping[str, ColumnCard],
    settings: Mapping[str, Any],
) -> StoryArticle:
    """The article of one story; `opening` is its text's beginning, for want of a summary.

    Its links to other articles are set by `relate_articles`."""
    zone = ZoneInfo(settings["TIMEZONE"])
    lead = posts[story.lead]
    described = _described(story, posts)
    header = dict(described.post.header)
    card = cards[lead.post.account]
    column = columns.get(placement.column)
    summary = header.get("摘要") or lead.post.summary or opening
    article = StoryArticle(
        "",
        metadata={
            "title": lead.post.title,
            "date": lead.date.astimezone(zone),
            "category": Category(column.name if column else PAGES, settings),
            "author": Author(lead.post.author or card.organization, settings),
            "url": story_url(story.id),
            "save_as": story_url(story.id),
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
    article.tone = next((tone for tone, tags in _TONES.items() if placement.tag in tags), "brand")
    article.pinned = placement.pinned
    article.account = card
    drafted_by = lead.post.author if lead.post.account == LOCAL_ACCOUNT else ""
    article.publisher = drafted_by or card.organization
    article.byline = drafted_by or card.name
    article.first_seen_only = lead.post.published is None
    article.updated = lead.post.updated.astimezone(zone) if lead.post.updated else None
    article.cover = article.cover_small = lead.post.image
    article.motif = choose_motif(lead.post.title, placement.column)
    article.attachments = lead.post.attachments
    article.source_url = lead.post.url
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
    article.copies_count = len({copy.account.id for copy in article.copies} - {card.id})
    full = next((member.post for member in story.members if member.relation == "full"), None)
    article.full_text = next((copy for copy in article.copies if full and copy.post == full), None)
    article.explanations = article.policies = article.corrections = article.corrects = article.related = ()
    article.newer = article.older = None
    return article


def _described(story: Story, posts: Mapping[int, StoredPost]) -> StoredPost:
    """The member that says what the story is: staff's own draft, whose header has 文号 and 有效性, else the lead."""
    drafts = (member.post for member in story.members if posts[member.post].post.account == LOCAL_ACCOUNT)
    return posts[next(drafts, story.lead)]


def relate_articles(articles: tuple[StoryArticle, ...]) -> None:
    """Link policies and explanations in both directions, and each article with its neighbours in its column."""
    numbered = {article.key: article for article in articles if article.account.id == LOCAL_ACCOUNT or article.header}
    explained: dict[str, list[StoryArticle]] = {}
    for article in articles:
        article.policies = _find_numbered(article, "关联政策", numbered)
        article.corrections = tuple(
            ("已由新文件替代", successor) for successor in _find_numbered(article, "替代文件", numbered)
        )
        if article.genre == "explanation":
            for policy in article.policies:
                explained.setdefault(policy.id, []).append(article)
    by_id = {article.id: article for article in articles}
    for policy_id, explanations in explained.items():
        by_id[policy_id].explanations = tuple(explanations)
    last: dict[str, StoryArticle] = {}
    for article in articles:
        if article.column is None:
            continue
        newer = last.get(article.column.slug)
        if newer is not None:
            article.newer, newer.older = newer, article
        last[article.column.slug] = article


def link_articles(articles: tuple[StoryArticle, ...], links: Sequence[Link]) -> None:
    """Lead from what was corrected to the newer text and back, and between related news. After `relate_articles`."""
    by_id = {article.id: article for article in articles}
    for link in links:
        article, other = by_id.get(link.story), by_id.get(link.other)
        if article is None or other is None:
            # What staff took down is linked to by nobody.
            continue
        if link.relation == "corrected-by":
            article.corrections = (*article.corrections, ("这条消息有更正，请以更正后的为准", other))
        elif link.relation == "correction":
            article.corrects = (*article.corrects, other)
        elif len(article.related) < RELATED and other not in (*article.policies, *article.explanations):
            article.related = (*article.related, other)


def _find_numbered(article: StoryArticle, name: str, numbered: Mapping[str, StoryArticle]) -> tuple[StoryArticle, ...]:
    """The articles whose 编号 stands in one field of this one's header."""
    return tuple(numbered[number] for number in split_list(article.header.get(name, "")) if number in numbered)


def split_list(value: str) -> tuple[str, ...]:
    """「a、b，c」 as its parts."""
    for mark in "，,;；":
        value = value.replace(mark, "、")
    return tuple(part.strip() for part in value.split("、") if part.strip())


def shorten(text: str) -> str:
    """One line for a card, cut at SUMMARY characters."""
    line = " ".join(text.split())
    return line if len(line) <= SUMMARY else line[: SUMMARY - 1] + "…"
