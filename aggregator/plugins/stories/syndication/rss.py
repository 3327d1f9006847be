"""RSS 2.0, with the whole text in `content:encoded`."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import format_datetime

from aggregator.artifacts import MEDIA_TYPES
from aggregator.plugins.stories.syndication.atom import write_picture
from aggregator.plugins.stories.syndication.document import LANGUAGE, TTL, Document
from aggregator.plugins.stories.syndication.entries import Enclosed, Entry, Picture
from aggregator.plugins.stories.syndication.markup import HEADER, escape_text, quote_text, write_link, write_text

_RSS = (
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:media="http://search.yahoo.com/mrss/">'
)


def frame_rss(document: Document) -> tuple[str, str]:
    """What stands before a document's entries, each as `write_rss_item` gives it, and what behind them."""
    return f"{HEADER}{_RSS}<channel>\n{''.join(_write_head(document))}\n", "</channel></rss>\n"


def _write_head(document: Document) -> Iterator[str]:
    yield write_text("title", document.title)
    yield write_text("link", document.page)
    yield write_text("description", document.description or document.title)
    yield write_text("language", LANGUAGE)
    yield write_text("lastBuildDate", format_datetime(document.updated))
    yield write_text("ttl", str(TTL))
    yield write_link("atom:link", "self", document.url, MEDIA_TYPES["rss"])
    yield write_link("atom:link", "hub", document.hub)
    yield write_link("atom:link", "prev-archive", document.older, MEDIA_TYPES["atom"])


def write_rss_item(entry: Entry, content: str) -> str:
    """`content` is the entry's own, escaped; "" for none."""
    related = (url for _, url in (*entry.corrects, *entry.corrected_by))
    # The description is HTML (RSS 2.0, "Elements of <item>"), the summary is text: hence escaped twice.
    told = f"<content:encoded>{content}</content:encoded>" if content else ""
    return (
        f"<item>{write_text('title', entry.title)}<link>{escape_text(entry.url)}</link>"
        f'<guid isPermaLink="false">{entry.id}</guid><pubDate>{format_datetime(entry.published)}</pubDate>'
        f"<dcterms:modified>{entry.updated.isoformat()}</dcterms:modified>{write_text('dc:creator', entry.publisher)}"
        f"{''.join(write_text('category', name) for name in entry.categories)}"
        f"{write_text('description', escape_text(entry.summary or entry.title))}{told}"
        f"<source url={quote_text(entry.source.feed)}>{escape_text(entry.source.name)}</source>"
        f"{_write_enclosure(entry)}{''.join(map(write_picture, entry.pictures))}"
        f"{''.join(write_link('atom:link', 'related', url, 'text/html') for url in related)}</item>\n"
    )


def _write_enclosure(entry: Entry) -> str:
    """The first file whose size is known, else the first picture: many readers take one of an item, and no second."""
    files: tuple[Enclosed | Picture, ...] = (*entry.enclosed, *entry.pictures)
    for one in files:
        if one.size:
            return f'<enclosure url={quote_text(one.url)} length="{one.size}" type={quote_text(one.media_type)}/>'
    return ""
