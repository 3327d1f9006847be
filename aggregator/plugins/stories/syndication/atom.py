"""Atom 1.0 (RFC 4287), with archives (RFC 5005) and tombstones (RFC 6721)."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.artifacts import MEDIA_TYPES
from aggregator.plugins.stories.syndication.document import LANGUAGE, Document
from aggregator.plugins.stories.syndication.entries import Entry, Picture
from aggregator.plugins.stories.syndication.markup import HEADER, write_element, write_text

_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
    "xmlns:fh": "http://purl.org/syndication/history/1.0",
    "xmlns:media": "http://search.yahoo.com/mrss/",
    "xml:lang": LANGUAGE,
}


def write_atom(document: Document, entries: str) -> bytes:
    """`entries` are the document's, as `write_atom_entry` gives them."""
    return (HEADER + write_element("feed", _NAMESPACES, "".join((*_write_head(document), entries)))).encode()


def _write_head(document: Document) -> Iterator[str]:
    yield "\n"
    yield write_text("id", document.id)
    yield write_text("title", document.title)
    yield write_text("subtitle", document.description)
    yield write_text("updated", document.updated.isoformat())
    yield write_element("author", {}, write_text("name", document.publisher))
    for relation, address, media_type in (
        ("self", document.url, MEDIA_TYPES["atom"]), ("alternate", document.page, "text/html"),
        ("current", document.current, ""), ("prev-archive", document.older, ""), ("next-archive", document.newer, ""),
    ):  # fmt: skip
        if address:
            yield write_element("link", {"rel": relation, "type": media_type, "href": address})
    if document.current:
        yield write_element("fh:archive")
    for one in document.removed:
        link = write_element("link", {"rel": "alternate", "type": "text/html", "href": one.url})
        yield "\n" + write_element("at:deleted-entry", {"ref": one.id, "when": one.at.isoformat()}, link)
    yield "\n"


def write_atom_entry(entry: Entry, content: str) -> str:
    """`content` is the entry's own, escaped."""
    return write_element("entry", {}, "".join(_write_parts(entry, content))) + "\n"


def _write_parts(entry: Entry, content: str) -> Iterator[str]:
    yield write_text("id", entry.id)
    yield write_text("title", entry.title) or "<title/>"
    yield write_text("published", entry.published.isoformat())
    yield write_text("updated", entry.updated.isoformat())
    yield write_element("link", {"rel": "alternate", "type": "text/html", "href": entry.url})
    if entry.original:
        yield write_element("link", {"rel": "via", "href": entry.original})
    for _, address in (*entry.corrects, *entry.corrected_by):
        yield write_element("link", {"rel": "related", "type": "text/html", "href": address})
    for one in entry.enclosed:
        yield write_element(
            "link",
            {"rel": "enclosure", "type": one.media_type, "length": one.size or "", "title": one.title, "href": one.url},
        )
    yield write_element("author", {}, write_text("name", entry.publisher or entry.source.name))
    for name in entry.categories:
        yield write_element("category", {"term": name})
    yield write_text("summary", entry.summary)
    if content:
        yield write_element("content", {"type": "html"}, content)
    yield from map(write_picture, entry.pictures)
    yield _write_source(entry)


def _write_source(entry: Entry) -> str:
    source = entry.source
    parts = (
        write_text("id", source.id),
        write_text("title", source.name),
        write_text("updated", entry.published.isoformat()),
        write_element("link", {"rel": "alternate", "href": source.page}),
        write_element("link", {"rel": "self", "href": source.feed}),
    )
    return write_element("source", {}, "".join(parts))


def write_picture(picture: Picture) -> str:
    return write_element(
        "media:content",
        {
            "url": picture.url, "type": picture.media_type, "medium": "image", "fileSize": picture.size,
            "width": picture.width, "height": picture.height,
        },
    )  # fmt: skip
