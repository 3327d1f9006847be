"""An entry as every form of feed tells it, whatever its syntax."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from aggregator.artifacts import Feeds, name_account, story_path
from aggregator.model import LinkRelation, StoredForm
from aggregator.plugins.stories.articles import StoryArticle, shorten
from aggregator.plugins.stories.cards import AccountCard
from aggregator.plugins.stories.structured import GIST
from aggregator.plugins.stories.syndication.markup import clean_text
from aggregator.store import Origin
from aggregator.urls import is_web_url, spell_uri

_NAMESPACE = uuid.UUID("6f1f2b5e-6d0c-5b7e-9a54-1d5c6f0a8e21")
"""Of this program's entry ids; drawn once, never to be changed."""

_TYPES = {
    "webp": "image/webp", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "zip": "application/zip",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "mp3": "audio/mpeg", "mp4": "video/mp4", "rar": "application/vnd.rar", "ofd": "application/ofd",
    "wps": "application/vnd.ms-works", "7z": "application/x-7z-compressed",
}  # fmt: skip
"""By the ending of a name; mimetypes would ask the machine, and two of them would make two feeds."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Our copy of one."""

    url: str
    media_type: str
    size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Enclosed:
    url: str
    title: str
    media_type: str
    size: int | None
    """Bytes; None of a file that only its source has."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who published it first, and the feed to read it in."""

    id: str
    name: str
    page: str
    feed: str


@dataclass(frozen=True, slots=True)
class Entry:
    """All addresses are absolute, all text is such that XML can say it."""

    id: str
    title: str
    url: str
    original: str
    """Address of the original, "" where it has none."""
    summary: str
    published: datetime
    updated: datetime
    """When it last came to say something else, never before it was published."""
    publisher: str
    source: Source
    categories: tuple[str, ...]
    pictures: tuple[Picture, ...]
    enclosed: tuple[Enclosed, ...]
    corrects: tuple[tuple[str, str], ...]
    """(id, address) of the entries that this one corrects."""
    corrected_by: tuple[tuple[str, str], ...]


def make_entry_id(story: str) -> str:
    """`urn:uuid:…` of a story: independent of domain, title, date and lead."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, story)}"


def make_feed_id(listing: str) -> str:
    """`urn:uuid:…` of a list's feed. No story's id has a slash in it."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'feed/{listing}')}"


def describe_entry(article: StoryArticle) -> str:
    """The summary of an entry: what the header says in one sentence comes first."""
    summary = str(article.summary)
    gist = " ".join(article.header.get(GIST, "").split())
    return summary if summary.startswith(shorten(gist)) else f"{gist} {summary}"


def make_entry(
    article: StoryArticle, origin: Origin, links: Sequence[tuple[str, LinkRelation]], tags: Sequence[str],
    source: Source, base: str,
) -> Entry:  # fmt: skip
    """As feeds of summaries have it. `links` are (other story, what this one is to it); `base` is the site's address
    with a slash at its end.
    """
    changed = origin.changed_at.astimezone(article.date.tzinfo) if origin.changed_at else article.date
    column = article.column.name if article.column else ""
    return Entry(
        id=make_entry_id(article.id),
        title=clean_text(article.title),
        url=base + article.url,
        original=spell_uri(clean_text(article.source_url)) if is_web_url(article.source_url) else "",
        summary=clean_text(describe_entry(article)),
        published=article.date,
        updated=max(article.date, changed),
        publisher=clean_text(article.publisher) or source.name,
        source=source,
        categories=tuple(map(clean_text, dict.fromkeys(filter(None, (column, article.tag, *tags))))),
        pictures=tuple(_list_pictures(article, (article.cover,), base)),
        enclosed=tuple(
            Enclosed(
                _make_absolute(one.url, base), clean_text(one.title), _find_type(one.url, one.media_type),
                one.size if one.url in article.placed else None,
            )
            for one in article.attachments
        ),
        corrects=_name_linked(links, "correction", base),
        corrected_by=_name_linked(links, "corrected-by", base),
    )  # fmt: skip


def _name_linked(
    links: Sequence[tuple[str, LinkRelation]], relation: LinkRelation, base: str
) -> tuple[tuple[str, str], ...]:
    return tuple((make_entry_id(other), base + story_path(other)) for other, one in links if one == relation)


def find_source(account: AccountCard, feed: str, base: str, feeds: Feeds) -> Source:
    """The account's own feed where it is the account's own host that serves it: the addresses of bridges may have keys
    in them or lie in the inner network, and are no publisher's. Else the feed that we have of the account.
    """
    listing = name_account(account.id)
    identifier, name, page = make_feed_id(listing), clean_text(account.name), base + account.url
    host = _find_site(account.homepage)
    if host and is_web_url(feed) and _find_site(feed) == host and not urlsplit(feed).query:
        return Source(identifier, name, page, spell_uri(clean_text(feed)))
    own = feeds.list_current(listing)
    return Source(identifier, name, page, base + own[0] if own else page)


def _find_site(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.") if is_web_url(address) else ""


def add_shown(entry: Entry, article: StoryArticle, body: str, base: str) -> Entry:
    """As feeds with the whole text have it: with our copies of all pictures that the text shows."""
    if not article.placed or "<img " not in body:
        return entry
    shown = re.findall(f'<img src="{re.escape(html.escape(base))}([^"]+)"', body)
    return replace(entry, pictures=tuple(_list_pictures(article, (article.cover, *shown), base)))


def _list_pictures(article: StoryArticle, paths: Sequence[str], base: str) -> Iterator[Picture]:
    """Those of the paths at which a copy of ours lies, each once."""
    for path in dict.fromkeys(paths):
        form = article.placed.get(path)
        if form is not None and form.width:
            yield _make_picture(base + path, form)


def _make_picture(url: str, form: StoredForm) -> Picture:
    return Picture(url, _find_type(form.file), form.size, form.width, form.height)


def _find_type(address: str, stated: str = "") -> str:
    ending = urlsplit(address).path.rpartition(".")[2].lower()
    return _TYPES.get(ending) or (clean_text(stated) if "/" in stated else "application/octet-stream")


def _make_absolute(address: str, base: str) -> str:
    return spell_uri(clean_text(address)) if "://" in address else base + address
