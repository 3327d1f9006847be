"""Our copies of foreign pictures and attachments, put in the place of their addresses, and who uses which."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from aggregator.model import Attachment, FileKind, MirroredFile, StoredForm
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.plugins.stories.crossings import place_crossings
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
# To list them, that may be: between two attributes there is no address.
_SHOWN = re.compile(r'<img(?:\s+[a-z-]+="[^"]*")*?\s+src="([^"]*)"')


def place_covers(articles: Sequence[StoryArticle], store: Store) -> None:
    """Set covers and attachments of the articles to our copies."""
    mirrored = [article for article in articles if article.account.mirror]
    covers = _load(store, "picture", (article.cover for article in mirrored))
    attached = _load(store, "attachment", (one.url for article in mirrored for one in article.attachments))
    for article in mirrored:
        if "://" in article.cover:
            article.asked.add((article.cover, "picture"))
        if copy := covers.get(article.cover):
            article.cover = _use(article, copy.form)
            article.cover_small = _use(article, copy.small or copy.form)
        article.asked.update((one.url, "attachment") for one in article.attachments if "://" in one.url)
        article.attached = {one.url: attached[one.url] for one in article.attachments if one.url in attached}
        article.attachments = tuple(_place_attachment(article, one) for one in article.attachments)
    for article in articles:
        _hide_unplaced(article)


def read_bodies(articles: Sequence[StoryArticle], store: Store, root: str) -> Mapping[str, str]:
    """Body by story, its foreign files replaced by our copies; `root` leads from its page to the site's."""
    html_of = store.posts.load_html([article.post for article in articles])
    return place_bodies(articles, {article.id: html_of[article.post] for article in articles}, store, root)


def place_bodies(
    articles: Sequence[StoryArticle], cleaned: Mapping[str, str], store: Store, root: str
) -> Mapping[str, str]:
    """As `read_bodies`, with the bodies given."""
    bodies = dict(cleaned)
    mirrored = [article for article in articles if article.account.mirror]
    shown = {article.id: tuple(_list_pictures(bodies[article.id])) for article in mirrored}
    pictures = _load(store, "picture", (url for urls in shown.values() for url in urls))
    for article in mirrored:
        article.asked.update((url, "picture") for url in shown[article.id] if "://" in url)
        if article.attached or any(url in pictures for url in shown[article.id]):
            bodies[article.id] = _place_files(article, bodies[article.id], pictures, root)
    place_crossings({article.id: article for article in articles}, bodies, store, root)
    return {story: _TAG.sub(_hide_file, body) if HANDED_BASE in body else body for story, body in bodies.items()}


def _place_attachment(article: StoryArticle, attachment: Attachment) -> Attachment:
    copy = article.attached.get(attachment.url)
    if copy is None:
        return attachment
    path = f"{FOLDER}/{copy.form.file.partition('.')[0]}/{copy.name}"
    article.uses[path] = copy.form.file
    placed = replace(attachment, url=quote(path), title=attachment.title or copy.name, size=copy.form.size)
    article.placed[placed.url] = copy.form
    return placed


def _place_files(article: StoryArticle, body: str, pictures: Mapping[str, MirroredFile], root: str) -> str:
    def place(match: re.Match[str]) -> str:
        attributes = _read_attributes(match)
        if match.group(1) == "img" and (picture := pictures.get(attributes.get("src", ""))):
            return _write_picture(article, picture, attributes, root)
        if match.group(1) == "a" and (address := attributes.get("href", "")) in article.attached:
            return f'<a href="{root}{_place_attachment(article, Attachment(address)).url}">'
        return match.group()

    return _TAG.sub(place, body)


def _write_picture(article: StoryArticle, picture: MirroredFile, attributes: Mapping[str, str], root: str) -> str:
    form, small = picture.form, picture.small
    width, height = form.width, form.height
    stated = attributes.get("width", "")
    if stated.isdecimal() and 1 < int(stated) < width:
        # A mark or a code that its page shows smaller than it is.
        width, height = int(stated), max(1, round(form.height * int(stated) / form.width))
    sources = ""
    if small and width > small.width:
        listed = ", ".join(f"{root}{_use(article, one)} {one.width}w" for one in (small, form))
        sources = f' srcset="{listed}" sizes="(max-width: {_COLUMN}px) 100vw, {_COLUMN}px"'
    return (
        f'<img src="{root}{_use(article, form)}"{sources} alt="{html.escape(attributes.get("alt", ""))}" '
        f'width="{width}" height="{height}" loading="lazy">'
    )


def _use(article: StoryArticle, form: StoredForm) -> str:
    path = f"{FOLDER}/{form.file}"
    article.uses[path] = form.file
    article.placed[path] = form
    return path


def _load(store: Store, kind: FileKind, urls: Iterable[str]) -> Mapping[str, MirroredFile]:
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


def _list_pictures(body: str) -> Iterator[str]:
    return map(html.unescape, _SHOWN.findall(body))


def _read_attributes(match: re.Match[str]) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(match.group(2))}
