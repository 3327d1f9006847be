"""What belongs to a policy and what a page says of policies: explanations, guides, successors, found by names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.artifacts import Entry
from aggregator.model import Mention, NamedDocument
from aggregator.plugins.stories.articles import StoryArticle, find_named
from aggregator.plugins.stories.outline import Articles
from aggregator.plugins.stories.relations import find_cited, find_successors
from aggregator.store import Store

POLICIES = "关联政策"
SUCCESSORS = "替代文件"
REPLACED = "已由新文件替代"

MOST_CITING = 60
"""Stories that are looked at for a policy's page: explanations and guides, then the newest news."""
MOST_REPORTS = 5
MOST_GUESSES = 5


def is_explanation(article: StoryArticle) -> bool:
    return article.genre == "explanation" or _stands_in(article, "explanations")


def is_policy(article: StoryArticle) -> bool:
    return article.genre == "policy" or (article.genre == "post" and _stands_in(article, "policies"))


def _stands_in(article: StoryArticle, column: str) -> bool:
    return article.column is not None and article.column.slug == column


@dataclass(frozen=True, slots=True)
class Kin:
    """What one story may have to do with by names, before its articles are read."""

    entry: Entry
    numbered: Mapping[str, str]
    """编号 that it names -> story."""
    naming: tuple[str, ...]
    """Stories that name its 编号."""
    citing: tuple[str, ...]
    """Stories that name it by 文号 or title."""
    mentions: Mapping[str, Sequence[Mention]]
    """Of itself and of those that name it."""
    documents: tuple[NamedDocument, ...]

    @property
    def shows(self) -> tuple[str, ...]:
        own = {one.name for one in self.mentions.get(self.entry.story, ())}
        named = (one.story for one in self.documents if one.name in own)
        return tuple({*self.numbered.values(), *self.naming, *self.citing, *named} - {self.entry.story})

    def link(self, article: StoryArticle, articles: Articles) -> None:
        """Set on an article what belongs to it, of those that are there."""
        if not (self.numbered or self.naming or self.citing or self.documents):
            # Most news.
            return
        self._link_named(article, articles)
        self._link_naming(article, articles)
        known = (*article.replaced, *(other for _, other in article.corrections))
        article.policies = _drop(article.policies, known)
        known = (*known, *article.policies)
        article.explanations = _drop(_newest(article.explanations), known)
        article.guides = _drop(_newest(article.guides), known)
        article.reports = _drop(_newest(article.reports), known)[:MOST_REPORTS]
        known = (*known, *article.explanations, *article.guides, *article.reports)
        article.guesses = _drop(_newest(article.guesses), known)[:MOST_GUESSES]

    def _link_named(self, article: StoryArticle, articles: Articles) -> None:
        """The documents that it names itself."""
        there = {number: articles[story] for number, story in self.numbered.items() if story in articles}
        mentions = self.mentions.get(article.id, ())
        cited = find_cited(article.id, mentions, self.documents, explains=is_explanation(article))
        sure = _newest(articles[one] for one in cited.sure if one in articles)
        article.policies = (*find_named(article, POLICIES, there), *sure)
        article.guesses = tuple(articles[one] for one in cited.unsure if one in articles)
        typed = find_successors(article.id, mentions, self.documents)
        successors = (*find_named(article, SUCCESSORS, there), *(articles[one] for one in typed if one in articles))
        article.corrections = tuple((REPLACED, one) for one in _drop(successors, ()))

    def _link_naming(self, article: StoryArticle, articles: Articles) -> None:
        """Those that name it."""
        itself = {article.key: article}
        for story in {*self.naming, *self.citing} - {article.id}:
            if (other := articles.get(story)) is None:
                continue
            mentions = self.mentions.get(story, ())
            cited = find_cited(story, mentions, self.documents, explains=is_explanation(other))
            if article.id in find_successors(story, mentions, self.documents) or find_named(other, SUCCESSORS, itself):
                article.replaced = (*article.replaced, other)
            elif article.id in cited.sure or find_named(other, POLICIES, itself):
                _add(article, other)
            elif article.id in cited.unsure:
                article.guesses = (*article.guesses, other)
        article.replaced = _newest(article.replaced)


def find_kin(store: Store, entry: Entry) -> Kin:
    if not (entry.relations or entry.numbers or entry.names or entry.mentions):
        # Most news.
        return Kin(entry, {}, (), (), {}, ())
    numbered = store.listings.find_numbered(entry.relations)
    naming = tuple(story for number in entry.numbers for story in store.listings.list_naming(number))
    citing = store.documents.list_citing_first(entry.names, MOST_CITING) if entry.names else ()
    others = sorted({*naming, *citing} - {entry.story}) if entry.names else []
    mentions = {**store.documents.load_mentions(others), entry.story: entry.mentions}
    documents = store.documents.find({one.name for named in mentions.values() for one in named})
    return Kin(entry, numbered, naming, citing, mentions, documents)


def _add(article: StoryArticle, other: StoryArticle) -> None:
    if is_explanation(other):
        article.explanations = (*article.explanations, other)
    elif other.genre == "service":
        article.guides = (*article.guides, other)
    else:
        article.reports = (*article.reports, other)


def _newest(articles: Iterable[StoryArticle]) -> tuple[StoryArticle, ...]:
    return tuple(sorted(articles, key=lambda one: (-one.date.timestamp(), one.id)))


def _drop(articles: Iterable[StoryArticle], known: Sequence[StoryArticle]) -> tuple[StoryArticle, ...]:
    """Each once, without those that are shown elsewhere on the page."""
    left = {one.id: one for one in articles}
    return tuple(one for story, one in left.items() if story not in {other.id for other in known})
