"""RSS 2.0, with the whole text in `content:encoded`."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import format_datetime

from aggregator.artifacts import MEDIA_TYPES
from aggregator.plugins.stories.syndication.atom import write_picture
from aggregator.plugins.stories.syndication.document import LANGUAGE, TTL, Document
from aggregator.plugins.stories.syndication.entries import Enclosed, Entry, Picture
from aggregator.plugins.stories.syndication.markup import HEADER, write_element, write_text

_NAMESPACES = {
    "version": "2.0",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def write_rss(document: Document, items: str) -> bytes:
    """`items` are the document's entries, as `write_rss_item` gives them."""
    channel = write_element("channel", {}, "".join((*_write_head(document), items)))
    return (HEADER + write_element("rss", _NAMESPACES, channel)).encode()


def _write_head(document: Document) -> Iterator[str]:
    yield "\n"
    yield write_text("title", document.title)
    yield write_text("link", document.page)
    yield write_text("description", document.description or document.title)
    yield write_text("language", LANGUAGE)
    yield write_text("lastBuildDate", format_datetime(document.updated))
    yield write_text("ttl", str(TTL))
    yield write_element("atom:link", {"rel": "self", "type": MEDIA_TYPES["rss"], "href": document.url})
    if document.older:
        yield write_element("atom:link", {"rel": "prev-archive", "type": MEDIA_TYPES["atom"], "href": document.older})
    yield "\n"


def write_rss_item(entry: Entry, content: str) -> str:
    """`content` is the entry's own, escaped."""
    return write_element("item", {}, "".join(_write_parts(entry, content))) + "\n"


def _write_parts(entry: Entry, content: str) -> Iterator[str]:
    yield write_text("title", entry.title)
    yield write_text("link", entry.url)
    yield write_text("guid", entry.id, {"isPermaLink": "false"})
    yield write_text("pubDate", format_datetime(entry.published))
    yield write_text("dcterms:modified", entry.updated.isoformat())
    yield write_text("dc:creator", entry.publisher or entry.source.name)
    for name in entry.categories:
        yield write_text("category", name)
    yield write_text("description", entry.summary or entry.title)
    if content:
        yield write_element("content:encoded", {}, content)
    yield write_text("source", entry.source.name, {"url": entry.source.feed})
    yield _write_enclosure(entry)
    yield from map(write_picture, entry.pictures)
    for _, address in (*entry.corrects, *entry.corrected_by):
        yield write_element("atom:link", {"rel": "related", "type": "text/html", "href": address})


def _write_enclosure(entry: Entry) -> str:
    """The first file whose size is known, else the first picture: many readers take one of an item, and no second."""
    files: tuple[Enclosed | Picture, ...] = (*entry.enclosed, *entry.pictures)
    for one in files:
        if one.size:
            return write_element("enclosure", {"url": one.url, "length": one.size, "type": one.media_type})
    return ""
