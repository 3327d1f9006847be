"""Our copies of foreign pictures and attachments, put in the place of their addresses, and the list of those in use."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from aggregator.model import Attachment, FileKind, MirroredFile, Registry, StoredForm
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.store import Store
from aggregator.urls import HANDED_BASE, read_handed_url

FOLDER = "files"
"""Of the site, in which copies lie."""

_COLUMN = 677
"""Pixels: width of an article's text, as the theme has it."""

# Whole tags, so that what looks like one within an attribute's value is none. The cleaned HTML is nh3's, which
# writes every attribute as name="value" and escapes quotes.
_TAG = re.compile(r'<([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")+)\s*>')
_ATTRIBUTE = re.compile(r'\s+([a-z-]+)="([^"]*)"')


@dataclass(slots=True)
class LocalFiles:
    """What takes the place of foreign files in one build. `used` grows while pages are made."""

    registry: Registry
    used: dict[str, Path] = field(default_factory=dict)
    """Path in the site -> where the content lies."""
    _attachments: Mapping[str, MirroredFile] = field(default_factory=dict)
    """Address -> our copy, of all articles."""

    def place_covers(self, articles: Sequence[StoryArticle], store: Store) -> None:
        """Set covers and attachments of the articles to our copies."""
        mirrored = [article for article in articles if self._is_mirrored(article)]
        covers = self._load(store, "picture", (article.cover for article in mirrored))
        attached = (one.url for article in mirrored for one in article.attachments)
        self._attachments = self._load(store, "attachment", attached)
        for article in mirrored:
            if copy := covers.get(article.cover):
                article.cover = self._use(store, copy.form)
                article.cover_small = self._use(store, copy.small or copy.form)
            article.attachments = tuple(self._place_attachment(store, one) for one in article.attachments)
        for article in articles:
            _hide_unplaced(article)

    def _place_attachment(self, store: Store, attachment: Attachment) -> Attachment:
        copy = self._attachments.get(attachment.url)
        if copy is None:
            return attachment
        path = f"{FOLDER}/{copy.form.file.partition('.')[0]}/{copy.name}"
        self.used[path] = store.mirror.locate(copy.form.file)
        return replace(attachment, url=quote(path), title=attachment.title or copy.name, size=copy.form.size)

    def read_bodies(self, store: Store, articles: Sequence[StoryArticle], root: str) -> Mapping[int, str]:
        """Body by the lead's id, its foreign files replaced by our copies; `root` leads from its page to the site's."""
        bodies = {stored.id: stored.post.html for stored in store.posts.load([article.post for article in articles])}
        mirrored = [article.post for article in articles if self._is_mirrored(article)]
        pictures = self._load(store, "picture", _list_pictures(bodies[post] for post in mirrored))
        if pictures or self._attachments:
            bodies.update((post, self._place_files(store, bodies[post], pictures, root)) for post in mirrored)
        return {post: _TAG.sub(_hide_file, body) if HANDED_BASE in body else body for post, body in bodies.items()}

    def _place_files(self, store: Store, body: str, pictures: Mapping[str, MirroredFile], root: str) -> str:
        def place(match: re.Match[str]) -> str:
            attributes = _read_attributes(match)
            if match.group(1) == "img" and (picture := pictures.get(attributes.get("src", ""))):
                return self._write_picture(store, picture, attributes, root)
            if match.group(1) == "a" and (address := attributes.get("href", "")) in self._attachments:
                return f'<a href="{root}{self._place_attachment(store, Attachment(address)).url}">'
            return match.group()

        return _TAG.sub(place, body)

    def _write_picture(self, store: Store, picture: MirroredFile, attributes: Mapping[str, str], root: str) -> str:
        form, small = picture.form, picture.small
        width, height = form.width, form.height
        stated = attributes.get("width", "")
        if stated.isdecimal() and 1 < int(stated) < width:
            # A mark or a code that its page shows smaller than it is.
            width, height = int(stated), max(1, round(form.height * int(stated) / form.width))
        sources = ""
        if small and width > small.width:
            listed = ", ".join(f"{root}{self._use(store, one)} {one.width}w" for one in (small, form))
            sources = f' srcset="{listed}" sizes="(max-width: {_COLUMN}px) 100vw, {_COLUMN}px"'
        return (
            f'<img src="{root}{self._use(store, form)}"{sources} alt="{html.escape(attributes.get("alt", ""))}" '
            f'width="{width}" height="{height}" loading="lazy">'
        )

    def _use(self, store: Store, form: StoredForm) -> str:
        path = f"{FOLDER}/{form.file}"
        self.used[path] = store.mirror.locate(form.file)
        return path

    def _is_mirrored(self, article: StoryArticle) -> bool:
        # What left the registry was mirrored while it was there.
        account = self.registry.account(article.account.id)
        return account is None or account.mirror

    def _load(self, store: Store, kind: FileKind, urls: Iterable[str]) -> Mapping[str, MirroredFile]:
        """Our copies whose content is there; a lost one must not take the build down, nor the picture off the page."""
        found = store.mirror.load(kind, (url for url in urls if "://" in url))
        return {url: copy for url, copy in found.items() if _is_there(store, copy)}


def _hide_unplaced(article: StoryArticle) -> None:
    """A handed file of which there is no copy yet can be had nowhere else."""
    if read_handed_url(article.cover):
        article.cover = article.cover_small = ""
    article.attachments = tuple(one for one in article.attachments if not read_handed_url(one.url))


def _hide_file(match: re.Match[str]) -> str:
    attributes = _read_attributes(match)
    if match.group(1) == "img" and read_handed_url(attributes.get("src", "")):
        return ""
    # A link's text stays.
    return "<a>" if match.group(1) == "a" and read_handed_url(attributes.get("href", "")) else match.group()


def _is_there(store: Store, copy: MirroredFile) -> bool:
    forms = (copy.form, copy.small) if copy.small else (copy.form,)
    try:
        return all(store.mirror.locate(form.file).stat().st_size == form.size for form in forms)
    except OSError:
        return False


def _list_pictures(bodies: Iterable[str]) -> Iterator[str]:
    for body in bodies:
        if "<img " in body:
            for match in _TAG.finditer(body):
                if match.group(1) == "img":
                    yield _read_attributes(match).get("src", "")


def _read_attributes(match: re.Match[str]) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(match.group(2))}
