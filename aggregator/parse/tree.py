"""A well-formed feed, mapped by hand from its tree: the same entries as feedparser gives, ten times as fast.

One walk in document order. What stands nearer to the entry's root wins over what stands deeper (a picture's title
in a media group), and of equals the later one, as in feedparser; titles are the exception: there the first wins.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from urllib.parse import urljoin

from lxml import etree

from aggregator.parse.content import UnusualError, list_attributes, read_content, read_text
from aggregator.parse.draft import Draft, finish_entry
from aggregator.parse.entries import MOST_TAGS, Enclosure, Entry, Markup, RawFeed
from aggregator.parse.markup import is_yes, make_markup, take_name
from aggregator.parse.names import name_of
from aggregator.urls import is_web_url

_ROOTS = ("rss", "rdf:rdf", "feed")
_ATOM_10 = "{http://www.w3.org/2005/atom}"
_XML_BASE = "xml:base"
_MEDIA_SCHEME = "http://search.yahoo.com/mrss/category_schema"

_CONTENTS = {
    "content": "text/plain",
    "content:encoded": "text/html",
    "fullitem": "text/html",
    "body": "application/xhtml+xml",
    "xhtml:body": "application/xhtml+xml",
}
_DATES = {
    "published": ("published", "issued", "pubdate", "dcterms:issued"),
    "updated": ("updated", "modified", "lastbuilddate", "dc:date", "dcterms:modified", "date"),
    "created": ("created", "dcterms:created"),
}
_SKIPPED = (
    # Of somebody or something else than the entry, with titles and links of their own.
    *("source", "contributor", "dc:contributor", "itunes:owner", "textinput", "webmaster", "dc:publisher"),
    # Text that we have no use for and that may hold markup.
    *("subtitle", "tagline", "itunes:subtitle", "rights", "copyright", "dc:rights", "info", "generator"),
)
_IMAGE_PARTS = ("url", "link", "width", "height")
_PERSON_PARTS = ("name", "itunes:name", "email", "itunes:email", "uri", "url", "homepage")


def read_tree(root: etree._Element) -> RawFeed:
    """Raises `UnusualError` for what is better left to feedparser."""
    name = name_of(str(root.tag), root.prefix)
    if name not in _ROOTS:
        raise UnusualError
    is_atom = name == "feed"
    reader = _Reader(is_atom=is_atom, unwrap=is_atom and str(root.tag).lower().startswith(_ATOM_10))
    reader.visit(root, 1, "")
    feed = reader.finish()
    if name == "rdf:rdf" and not feed.entries:
        # RDF of another kind, such as a friend-of-a-friend file.
        raise UnusualError
    return feed


class _Reader:
    def __init__(self, *, is_atom: bool, unwrap: bool) -> None:
        self._is_atom = is_atom
        self._unwrap = unwrap
        self._feed = Draft(is_entry=False)
        self._here = self._feed
        self._in_feed = False
        self._title_depth = -1
        self._has_content = False
        self._entries: list[Entry] = []
        self._deleted: list[str] = []

    def finish(self) -> RawFeed:
        feed = self._feed
        return RawFeed(
            entries=tuple(self._entries),
            title=" ".join(html.unescape(feed.markups.get("title", Markup("")).value).split()),
            home=(feed.link or "").strip(),
            ttl=feed.texts.get("ttl", ""),
            deleted=tuple(self._deleted),
        )

    def visit(self, element: etree._Element, depth: int, base: str) -> None:
        attributes = _read_attributes(pairs) if (pairs := list_attributes(element)) else {}
        if _XML_BASE in attributes:
            base = _join_base(base, attributes[_XML_BASE].strip())
        name = name_of(str(element.tag), element.prefix)
        if handler := _HANDLERS.get(name):
            handler(self, element, name, attributes, depth, base)
        elif name.rpartition(":")[2] == "withdrawn":
            self._here.withdrawn = self._here.withdrawn or is_yes(element.text or "")
        elif name == "at:deleted-entry":
            self._deleted.append(attributes.get("ref", ""))
        else:
            self._visit_children(element, depth, base)

    def _visit_children(self, element: etree._Element, depth: int, base: str) -> None:
        for child in element:
            self.visit(child, depth + 1, base)

    # Handlers: (element, its name, its attributes, its depth, xml:base in force)

    def read_channel(self, element: etree._Element, _: str, attributes: dict[str, str], depth: int, base: str) -> None:
        if "href" in attributes or "lastmod" in attributes:
            # Microsoft's Channel Definition Format.
            raise UnusualError
        self._in_feed = True
        self._visit_children(element, depth, base)
        self._in_feed = False

    def read_entry(self, element: etree._Element, _: str, attributes: dict[str, str], depth: int, base: str) -> None:
        if self._here.is_entry or "href" in attributes or "lastmod" in attributes:
            raise UnusualError
        draft = self._here = Draft(is_entry=True)
        self._title_depth = -1
        if about := attributes.get("rdf:about"):
            draft.texts["guid"] = about.strip()
        self._visit_children(element, depth, base)
        self._here, self._has_content = self._feed, False
        self._entries.append(finish_entry(draft))

    def read_title(self, element: etree._Element, name: str, attributes: dict[str, str], depth: int, base: str) -> None:
        markup = self._read_markup(element, attributes, "text/plain", base)
        if not -1 < self._title_depth <= depth:
            self._keep_markup("title", markup, depth)
        if markup.value and name != "media:title":
            self._title_depth = depth

    def read_summary(
        self, element: etree._Element, name: str, attributes: dict[str, str], depth: int, base: str
    ) -> None:
        is_repeated = "summary" in self._here.markups and not self._has_content
        if is_repeated and name != "abstract":
            # A second description is the body.
            self.read_content(element, "content", attributes, depth, base)
            return
        default = "text/html" if name.endswith("description") else "text/plain"
        key = "summary" if self._here.is_entry or name.endswith("summary") else "subtitle"
        self._keep_markup(key, self._read_markup(element, attributes, default, base), depth)

    def read_content(self, element: etree._Element, name: str, attributes: dict[str, str], _: int, base: str) -> None:
        self._has_content = self._has_content or not name.endswith("body")
        content = read_content(
            element, attributes, _CONTENTS[name], is_atom=self._is_atom, unwrap=self._unwrap and self._is_atom
        )
        markup = make_markup(content.value, content.media_type, base, is_atom=self._is_atom)
        self._here.contents.append((markup, content.media_type))
        if content.media_type in ("text/plain", "text/html", "application/xhtml+xml"):
            self._here.markups.setdefault("summary", Markup(content.value))

    def read_date(self, element: etree._Element, name: str, _: dict[str, str], depth: int, __: str) -> None:
        key = _DATE_KEYS[name]
        # feedparser knows "date" as another name of "updated", but not its depth.
        if self._here.takes(key if name != "date" else name, depth):
            self._here.texts[key] = read_text(element)

    def read_guid(self, element: etree._Element, _: str, attributes: dict[str, str], depth: int, base: str) -> None:
        guid = read_text(element)
        is_link = attributes.get("ispermalink", "true") == "true"
        if is_link and guid:
            guid = _join(base, guid)
        if self._here.takes("guid", depth):
            self._here.texts["guid"] = guid
        if is_link and self._here.link is None:
            self._here.link = guid

    def read_link(self, element: etree._Element, _: str, attributes: dict[str, str], __: int, base: str) -> None:
        rel = attributes.get("rel", "alternate")
        media_type = attributes.get("type", "application/atom+xml" if rel == "self" else "text/html")
        href = _find_address(attributes)
        if href is None:
            if rel != "alternate":
                raise UnusualError
            link = read_text(element)
            link = _join(base, link) if link else link
            if self._here.is_entry:
                link = link.replace("&amp;", "&")
            if self._here.is_entry or self._in_feed:
                self._here.link = link
            return
        href = _join(base, href)
        if rel == "alternate" and media_type in ("text/html", "application/xhtml+xml", "html", "xhtml"):
            self._here.link = href
        elif rel == "enclosure":
            self._keep_enclosure(href, media_type, attributes)

    def read_enclosure(self, _: etree._Element, __: str, attributes: dict[str, str], ___: int, ____: str) -> None:
        self._keep_enclosure(_find_address(attributes) or "", attributes.get("type", ""), attributes)

    def read_author(self, element: etree._Element, _: str, __: dict[str, str], depth: int, ___: str) -> None:
        draft = self._here
        if not draft.is_entry:
            return
        if not len(element):
            author = read_text(element)
            if draft.takes("author", depth):
                draft.author = author
            draft.authors.append(take_name(draft.author))
            return
        parts = _read_person(element)
        if draft.takes("author", depth):
            draft.author = ""
        name = parts.get("name", "")
        draft.author = name or parts.get("email", "") or draft.author
        draft.authors.append(name)

    def read_tag(self, element: etree._Element, name: str, attributes: dict[str, str], _: int, __: str) -> None:
        if not self._here.is_entry:
            return
        scheme = attributes.get("scheme", attributes.get("domain", ""))
        if name == "itunes:category":
            self._keep_tag(attributes.get("text", ""), "http://www.itunes.com/", "")
        elif name == "media:category":
            self._keep_tag(attributes.get("term", ""), scheme or _MEDIA_SCHEME, attributes.get("label", ""))
        else:
            self._keep_tag(attributes.get("term", ""), scheme, attributes.get("label", ""))
        if not (text := read_text(element)):
            return
        tags = self._here.tags
        if tags and not tags[-1][0]:
            tags[-1][0] = text
        else:
            self._keep_tag(text, "", "")

    def read_keywords(self, element: etree._Element, name: str, attributes: dict[str, str], _: int, __: str) -> None:
        if name != "tags" and attributes:
            return
        scheme = "http://www.itunes.com/" if name == "itunes:keywords" else ""
        for term in read_text(element).split(","):
            if term.strip() and self._here.is_entry:
                self._keep_tag(term.strip(), scheme, "")

    def read_media(self, element: etree._Element, _: str, attributes: dict[str, str], depth: int, base: str) -> None:
        if attributes.get("medium") == "image" or attributes.get("type", "").startswith("image/"):
            self._here.media.append(attributes.get("url", "").strip())
        self._visit_children(element, depth, base)

    def read_thumbnail(self, element: etree._Element, _: str, attributes: dict[str, str], __: int, base: str) -> None:
        text = read_text(element)
        self._here.thumbnails.append(attributes.get("url", _join(base, text) if text else "").strip())

    def read_cover(self, _: etree._Element, __: str, attributes: dict[str, str], ___: int, ____: str) -> None:
        self._here.cover = (attributes.get("href") or attributes.get("url") or self._here.cover).strip()

    def read_image(self, element: etree._Element, _: str, __: dict[str, str], ___: int, ____: str) -> None:
        """RSS' picture of the feed: its title and link are not the feed's."""
        self._title_depth = -1
        if self._here.is_entry and not all(
            name_of(str(child.tag), child.prefix) in _IMAGE_PARTS for child in element.iterchildren()
        ):
            raise UnusualError

    def read_ttl(self, element: etree._Element, _: str, __: dict[str, str], ___: int, ____: str) -> None:
        if not self._here.is_entry:
            self._here.texts["ttl"] = read_text(element)

    def skip(self, _: etree._Element, name: str, __: dict[str, str], ___: int, ____: str) -> None:
        if name in ("source", "textinput"):
            self._title_depth = -1

    def _read_markup(self, element: etree._Element, attributes: dict[str, str], default: str, base: str) -> Markup:
        content = read_content(element, attributes, default, is_atom=self._is_atom, unwrap=self._unwrap)
        return make_markup(content.value, content.media_type, base, is_atom=self._is_atom)

    def _keep_markup(self, key: str, markup: Markup, depth: int) -> None:
        if (self._here.is_entry or self._in_feed) and self._here.takes(key, depth):
            self._here.markups[key] = markup

    def _keep_enclosure(self, url: str, media_type: str, attributes: dict[str, str]) -> None:
        title, size = attributes.get("title", ""), attributes.get("length", "")
        self._here.enclosures.append(Enclosure(url.strip(), media_type.strip(), title.strip(), size.strip()))

    def _keep_tag(self, term: str, scheme: str, label: str) -> None:
        tag, tags = [term, scheme, label], self._here.tags
        if any(tag) and len(tags) < MOST_TAGS and tag not in tags:
            tags.append(tag)


def _read_attributes(pairs: Iterable[tuple[object, object]]) -> dict[str, str]:
    attributes = {}
    for key, value in pairs:
        name = name_of(str(key), None)
        attributes[name] = str(value).lower() if name in ("rel", "type") else str(value)
    return attributes


def _find_address(attributes: dict[str, str]) -> str | None:
    return attributes.get("url", attributes.get("uri", attributes.get("href")))


def _read_person(element: etree._Element) -> dict[str, str]:
    parts: dict[str, str] = {}
    if (element.text or "").strip():
        raise UnusualError
    for child in element:
        name = name_of(str(child.tag), child.prefix)
        if len(child) or (child.tail or "").strip() or (":" not in name and name not in _PERSON_PARTS):
            raise UnusualError
        parts[name.rpartition(":")[2]] = (child.text or "").strip()
    return parts


def _join_base(base: str, address: str) -> str:
    joined = _join(base, address)
    return joined if not base or is_web_url(joined) else base


def _join(base: str, address: str) -> str:
    if not base:
        return _drop_extra_slashes(address)
    try:
        return urljoin(base, _drop_extra_slashes(address))
    except ValueError:
        return ""


def _drop_extra_slashes(address: str) -> str:
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.lstrip('/')}" if mark and scheme.isalpha() else address


_Handler = Callable[[_Reader, etree._Element, str, dict[str, str], int, str], None]
_DATE_KEYS = {name: key for key, names in _DATES.items() for name in names}
_HANDLERS: dict[str, _Handler] = {
    **dict.fromkeys(("channel", "feed"), _Reader.read_channel),
    **dict.fromkeys(("item", "entry"), _Reader.read_entry),
    **dict.fromkeys(("title", "dc:title", "media:title"), _Reader.read_title),
    **dict.fromkeys(("description", "dc:description", "media:description"), _Reader.read_summary),
    **dict.fromkeys(("summary", "itunes:summary", "abstract"), _Reader.read_summary),
    **dict.fromkeys(_CONTENTS, _Reader.read_content),
    **dict.fromkeys(_DATE_KEYS, _Reader.read_date),
    **dict.fromkeys(("guid", "id"), _Reader.read_guid),
    "link": _Reader.read_link,
    "enclosure": _Reader.read_enclosure,
    **dict.fromkeys(("author", "managingeditor", "dc:author", "dc:creator", "itunes:author"), _Reader.read_author),
    **dict.fromkeys(("category", "keywords", "dc:subject", "media:category", "itunes:category"), _Reader.read_tag),
    **dict.fromkeys(("tags", "itunes:keywords", "media:keywords"), _Reader.read_keywords),
    "media:content": _Reader.read_media,
    "media:thumbnail": _Reader.read_thumbnail,
    **dict.fromkeys(("itunes:image", "itunes:link"), _Reader.read_cover),
    "image": _Reader.read_image,
    "ttl": _Reader.read_ttl,
    **dict.fromkeys(_SKIPPED, _Reader.skip),
}
