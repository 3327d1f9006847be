"""Articles by id: those that some pages need, read together, and nothing of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aggregator.plugins.stories.articles import OPENING, StoryArticle, make_article
from aggregator.plugins.stories.cards import AccountCards
from aggregator.plugins.stories.outward import list_trusted, make_outside, mark_links
from aggregator.plugins.stories.pictures import place_covers, read_bodies
from aggregator.plugins.stories.recent import Recent
from aggregator.store import Store

KEPT = 8000
"""Articles kept from one batch of pages to the next, at least: those of a month are on the pages of several lists, and
each account's front page shows some of many months.
"""


class ArticleLoader:
    """Articles without bodies, read in batches; `announce` is told of each batch of new ones."""

    def __init__(
        self,
        store: Store,
        cards: AccountCards,
        settings: Mapping[str, Any],
        announce: Callable[[Sequence[StoryArticle]], None],
    ) -> None:
        self._store, self._cards, self._settings, self._announce = store, cards, settings, announce
        self._is_outside = make_outside(list_trusted(settings))
        self._recent: Recent[StoryArticle] = Recent(KEPT)

    def load(self, identifiers: Iterable[str], whole: Iterable[str] = ()) -> Mapping[str, StoryArticle]:
        """The articles of these stories, those that have a place in the channel; `whole` ones with their bodies, for
        pages beside which they lie.
        """
        wanted = sorted({*identifiers})
        found = {one: article for one in wanted if (article := self._recent.get(one)) is not None}
        fresh = self._make([one for one in wanted if one not in found])
        found.update((article.id, self._recent.keep(article.id, article)) for article in fresh)
        bodies = read_bodies([found[one] for one in whole if one in found], self._store, "../")
        for story, body in bodies.items():
            found[story].content = mark_links(body, self._is_outside)
        if fresh:
            self._announce(fresh)
        return found

    def _make(self, identifiers: Sequence[str]) -> tuple[StoryArticle, ...]:
        store = self._store
        placements = store.stories.load_placements_of(identifiers)
        stories = store.stories.load([one for one in identifiers if one in placements])
        wanted = sorted({member.post for story in stories for member in story.members})
        posts = {stored.id: stored for stored in store.posts.load(wanted, bodies=False)}
        leads = sorted(story.lead for story in stories if not posts[story.lead].post.summary)
        openings = store.posts.load_openings(leads, OPENING)
        articles = tuple(
            make_article(story, posts, placements[story.id], openings.get(story.lead, ""), self._cards, self._settings)
            for story in stories
        )
        forms = store.documents.load_forms([article.id for article in articles])
        for article in articles:
            article.form = forms.get(article.id, "")
        place_covers(articles, store)
        return articles
