"""Atom 1.0 (RFC 4287), with archives (RFC 5005) and tombstones (RFC 6721)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from aggregator.artifacts import MEDIA_TYPES
from aggregator.plugins.stories.syndication.document import LANGUAGE, Document
from aggregator.plugins.stories.syndication.entries import Enclosed, Entry, Picture, Source
from aggregator.plugins.stories.syndication.markup import (
    HEADER,
    escape_text,
    quote_text,
    write_link,
    write_text,
)

_FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" '
    'xmlns:fh="http://purl.org/syndication/history/1.0" xmlns:media="http://search.yahoo.com/mrss/" '
    f'xml:lang="{LANGUAGE}">'
)


def frame_atom(document: Document) -> tuple[str, str]:
    """What stands before a document's entries, each as `write_atom_entry` gives it, and what behind them."""
    return f"{HEADER}{_FEED}\n{''.join(_write_head(document))}\n", "</feed>\n"


def _write_head(document: Document) -> Iterator[str]:
    yield write_text("id", document.id)
    yield write_text("title", document.title)
    yield write_text("subtitle", document.description)
    yield write_text("updated", document.updated.isoformat())
    yield f"<author>{write_text('name', document.publisher)}</author>"
    yield write_link("link", "self", document.url, MEDIA_TYPES["atom"])
    yield write_link("link", "alternate", document.page, "text/html")
    yield write_link("link", "hub", document.hub)
    yield write_link("link", "current", document.current)
    yield write_link("link", "prev-archive", document.older)
    yield write_link("link", "next-archive", document.newer)
    if document.current and (document.older or document.newer):
        # The only document of a list is no part of an archive yet: it has all there is, and grows.
        yield "<fh:archive/>"
    for one in document.removed:
        link = write_link("link", "alternate", one.url, "text/html")
        yield f'\n<at:deleted-entry ref="{one.id}" when="{one.at.isoformat()}">{link}</at:deleted-entry>'


def write_atom_entry(entry: Entry, content: str) -> str:
    """`content` is the entry's own, escaped; "" for none."""
    links = "".join(
        write_link("link", "related", url, "text/html") for _, url in (*entry.corrects, *entry.corrected_by)
    )
    published = entry.published.isoformat()
    told = f'<content type="html">{content}</content>' if content else ""
    return (
        f"<entry><id>{entry.id}</id><title>{escape_text(entry.title)}</title>"
        f"<published>{published}</published><updated>{entry.updated.isoformat()}</updated>"
        f"{write_link('link', 'alternate', entry.url, 'text/html')}{write_link('link', 'via', entry.original)}{links}"
        f"{''.join(map(_write_enclosed, entry.enclosed))}"
        f"<author><name>{escape_text(entry.publisher)}</name></author>"
        f"{''.join(f'<category term={quote_text(name)}/>' for name in entry.categories)}"
        f"{write_text('summary', entry.summary or (not content and entry.title) or '')}{told}"
        f"{''.join(map(write_picture, entry.pictures))}"
        f"<source>{_describe_source(entry.source)}<updated>{published}</updated></source></entry>\n"
    )


def _write_enclosed(one: Enclosed) -> str:
    length = f' length="{one.size}"' if one.size else ""
    title = f" title={quote_text(one.title)}" if one.title else ""
    return f'<link rel="enclosure" type={quote_text(one.media_type)}{length}{title} href={quote_text(one.url)}/>'


@lru_cache(maxsize=1024)
def _describe_source(source: Source) -> str:
    """All of it but its time; one for all entries of an account."""
    return (
        f"<id>{source.id}</id>{write_text('title', source.name)}{write_link('link', 'alternate', source.page)}"
        f"{write_link('link', 'self', source.feed)}"
    )


def write_picture(picture: Picture) -> str:
    return (
        f'<media:content url={quote_text(picture.url)} type="{picture.media_type}" medium="image" '
        f'fileSize="{picture.size}" width="{picture.width}" height="{picture.height}"/>'
    )
