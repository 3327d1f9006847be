"""Names of elements and attributes, whatever prefixes a feed chose: a namespace is its URI.

Feeds misspell URIs (letter case, a missing slash, the wrong year), so each vocabulary has several, and an unknown
URI leaves the prefix to say what is meant. The table is what feedparser knows of the vocabularies that carry
something we keep.
"""

from __future__ import annotations

from functools import lru_cache

_VOCABULARIES = {
    # RSS and Atom themselves, and what they were called before they had their names.
    "": (
        "http://backend.userland.com/rss",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://example.com/newformat#",
        "http://example.com/necho",
        "http://purl.org/echo/",
        "uri/of/echo/namespace#",
        "http://purl.org/pie/",
        "http://purl.org/atom/ns#",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/rss/1.0/modules/rss091#",
    ),
    "content": ("http://purl.org/rss/1.0/modules/content/",),
    "dc": ("http://purl.org/dc/elements/1.1/",),
    "dcterms": ("http://purl.org/dc/terms/",),
    "itunes": ("http://www.itunes.com/DTDs/PodCast-1.0.dtd", "http://example.com/DTDs/PodCast-1.0.dtd"),
    "media": ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"),
    "rdf": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#",),
    "at": ("http://purl.org/atompub/tombstones/1.0",),
    "xhtml": ("http://www.w3.org/1999/xhtml",),
    "xml": ("http://www.w3.org/XML/1998/namespace",),
}
_PREFIXES = {uri.lower(): prefix for prefix, uris in _VOCABULARIES.items() for uri in uris}
_ANY_USERLAND = "backend.userland.com/rss"
"""Userland moved this namespace with every version: .../rss2, .../rss091."""


@lru_cache(maxsize=4096)
def name_of(tag: str, prefix: str | None) -> str:
    """`prefix:local` in lower case, with the usual prefix of a known vocabulary; `local` for RSS' and Atom's own.

    `tag` is lxml's `{uri}local`, `prefix` the one the document uses.
    """
    uri, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    folded = uri.lower()
    known = "" if _ANY_USERLAND in folded else _PREFIXES.get(folded, (prefix or "").lower())
    return f"{known}:{local.lower()}" if known else local.lower()
