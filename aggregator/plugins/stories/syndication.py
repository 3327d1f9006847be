"""The channel's own feeds, RSS 2.0 and Atom 1.0. An entry's id derives from the story's id alone."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from feedgenerator import Atom1Feed, Rss201rev2Feed
from feedgenerator.django.utils.xmlutils import SimplerXMLGenerator
from pelican.plugins import signals

from aggregator.artifacts import ATOM, CHANNEL, RSS
from aggregator.plugins.stories.articles import StoryArticle, shorten
from aggregator.plugins.stories.structured import GIST

ENTRIES = 50
"""Newest articles a feed carries."""

_NAMESPACE = uuid.UUID("6f1f2b5e-6d0c-5b7e-9a54-1d5c6f0a8e21")
"""Of this program's entry ids; drawn once, never to be changed."""

_EMPTY_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Update time of a feed without entries: a fixed one, so that an empty site is the same bytes twice."""


class _FixedDate:
    """feedgenerator falls back to the clock for an empty feed, which would change it at every build."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] or item["pubdate"] for item in self.items]
        return max(dates, default=_EMPTY_SINCE)


class _Rss(_FixedDate, Rss201rev2Feed):
    """RSS 2.0 with the whole text in `content:encoded`, which feedgenerator leaves out."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if hub := self.feed["hub"]:
            handler.addQuickElement("atom:link", "", {"rel": "hub", "href": hub})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


class _Atom(_FixedDate, Atom1Feed):
    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if hub := self.feed["hub"]:
            handler.addQuickElement("link", "", {"rel": "hub", "href": hub})


def feeds_of(listing: str) -> tuple[tuple[str, str], ...]:
    """(label, path) of the feeds of a list."""
    return (("RSS 订阅", RSS), ("Atom 订阅", ATOM)) if listing == CHANNEL else ()


def make_entry_id(story: str) -> str:
    """`urn:uuid:…` of a story: independent of domain, title, date and lead."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, story)}"


def describe_entry(article: StoryArticle) -> str:
    """The summary of an entry: what the header says in one sentence comes first."""
    gist = " ".join(article.header.get(GIST, "").split())
    return article.summary if article.summary.startswith(shorten(gist)) else f"{gist} {article.summary}"


def make_feed(
    path: str,
    articles: Sequence[StoryArticle],
    bodies: Mapping[str, str],
    settings: Mapping[str, Any],
    context: Mapping[str, Any],
) -> tuple[Any, bytes]:
    """feedgenerator's object and the bytes of the feed at `path`; `bodies` are the articles' HTML by story."""
    base = settings["SITEURL"].rstrip("/")
    feed = (_Atom if path == ATOM else _Rss)(
        title=settings["SITENAME"],
        link=f"{base}/",
        feed_url=f"{base}/{path}",
        feed_guid=f"{base}/" if path == ATOM else None,
        description=settings.get("DESCRIPTION", ""),
        subtitle=settings.get("DESCRIPTION", ""),
        author_name=settings["SITENAME"],
        language="zh-CN",
        hub=settings["WEBSUB_HUB"],
    )
    for article in articles:
        feed.add_item(
            title=article.title,
            link=f"{base}/{article.url}",
            description=describe_entry(article),
            content=bodies[article.id],
            author_name=article.publisher,
            pubdate=article.date,
            updateddate=max(article.date, article.updated or article.date),
            unique_id=make_entry_id(article.id),
            unique_id_is_permalink=False,
            categories=(article.column.name,) if article.column else (),
        )
    signals.feed_generated.send(context, feed=feed)
    out = StringIO()
    feed.write(out, "utf-8")
    return feed, out.getvalue().encode()
