"""Pictures and attachments that lie beside a handed file: the post's addresses of them become ours, or go."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urljoin

from aggregator.model import Attachment, HandedSource, Post
from aggregator.pipeline.filenames import SERVED
from aggregator.urls import HANDED_BASE

_PICTURE = re.compile(r'<img(?=[^>]*? src="(' + re.escape(HANDED_BASE) + r'[^"]*)")[^>]*>')
_LINK = re.compile(r'<a href="(' + re.escape(HANDED_BASE) + r'[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
# Cleaned HTML is nh3's: every attribute as name="value", no link within a link.
_SOURCE = re.compile(r'src="[^"]*"')
_FIRST_PICTURE = re.compile(r'<img[^>]*? src="([^"]+)"')

Keep = Callable[[str], str]
"""Name within the source -> the address to show it under; "" where it cannot be had."""


def place_beside(post: Post, name: str, source: HandedSource, keep: Keep) -> tuple[Post, tuple[str, ...]]:
    """The post of the file `name`, with what lies beside it; and what is missing, in Chinese.

    What is not there is taken from where the post was published, if that is known; else it is left out.
    """
    place = _Place(post, name, source, keep)
    body = _LINK.sub(place.write_link, _PICTURE.sub(place.write_picture, post.html))
    attachments = [place.attach(one) for one in post.attachments]
    image = post.image
    if image.startswith(HANDED_BASE):
        first = _FIRST_PICTURE.search(body)
        image = place.find(image) or (html.unescape(first.group(1)) if first else "")
    listed = {one.url: one for one in (*filter(None, attachments), *place.linked) if one.url}
    placed = replace(post, html=body, image=image, attachments=tuple(listed.values()))
    return placed, tuple(dict.fromkeys(place.missing))


@dataclass(slots=True)
class _Place:
    post: Post
    name: str
    source: HandedSource
    keep: Keep
    missing: list[str] = field(default_factory=list)
    linked: list[Attachment] = field(default_factory=list)
    """What the body links to, and visitors can get from our site."""
    _known: dict[str, str] = field(default_factory=dict)

    def find(self, address: str) -> str:
        """Where to show the file that an address of HANDED_BASE means; "" if it is nowhere."""
        if address not in self._known:
            path = posixpath.normpath(unquote(address.removeprefix(HANDED_BASE).partition("?")[0].partition("#")[0]))
            kept = self.keep(path) if path in self.source.others else ""
            self._known[address] = kept or self._find_published(path)
        return self._known[address]

    def _find_published(self, path: str) -> str:
        folder = posixpath.dirname(self.name)
        return urljoin(self.post.url, quote(posixpath.relpath(path, folder or "."))) if self.post.url else ""

    def write_picture(self, match: re.Match[str]) -> str:
        address = html.unescape(match.group(1))
        if found := self.find(address):
            return _SOURCE.sub(lambda _: f'src="{html.escape(found)}"', match.group(), count=1)
        self.missing.append(f"图片 {_show(address)} 没有找到，没有显示。请把它放在旁边。")
        return ""

    def write_link(self, match: re.Match[str]) -> str:
        address, words = html.unescape(match.group(1)), match.group(2)
        extension = _show(address).rpartition(".")[2].lower()
        found = self.find(address) if extension in SERVED else self._find_page(address)
        if not found:
            if extension in SERVED:
                self.missing.append(f"附件 {_show(address)} 没有找到，没有带上。请把它放在旁边。")
            return words
        if found.startswith(HANDED_BASE):
            self.linked.append(Attachment(found, " ".join(re.sub("<[^>]*>", "", html.unescape(words)).split())))
        return f'<a href="{html.escape(found)}" rel="nofollow noopener">{words}</a>'

    def _find_page(self, address: str) -> str:
        path = posixpath.normpath(unquote(address.removeprefix(HANDED_BASE)))
        return self._find_published(path)

    def attach(self, attachment: Attachment) -> Attachment | None:
        if not attachment.url.startswith(HANDED_BASE):
            return attachment
        found = self.find(attachment.url)
        if not found:
            self.missing.append(f"附件 {_show(attachment.url)} 没有找到，没有带上。请把它放在旁边。")
        return replace(attachment, url=found) if found else None


def _show(address: str) -> str:
    return PurePosixPath(unquote(address.removeprefix(HANDED_BASE).partition("?")[0])).name
