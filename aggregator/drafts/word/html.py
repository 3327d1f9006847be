"""The prepared document -> HTML. The only user of mammoth."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import IO, Protocol
from urllib.parse import quote

import mammoth
from lxml import etree

from aggregator.drafts.word.marks import STYLE_MAP
from aggregator.drafts.word.package import Package
from aggregator.urls import HANDED_BASE

_SHOWN = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".avif")
"""What `images` reads: EMF and WMF are drawings for Windows, TIFF is for printers."""

# Ours keeps no ids, so the arrow back from a note would lead nowhere.
_WAY_BACK = re.compile(r' ?<a href="#[^"]*note-ref-[^"]*">↑</a>')
_NOTES = re.compile(r'<ol><li id="(?:foot|end)note-')
_EMPTY = re.compile(r"<p>\s*</p>")
# What Word and WPS fill in by themselves.
_NO_WORDS = re.compile(
    r"(?:图片|picture|image|img|截图|微信图片)?[\s_\-\d]*|.*\.(?:png|jpe?g|gif|bmp|tiff?)|.*[\\/].*", re.IGNORECASE
)
_GENERATED = re.compile(r"\s*(?:描述已自动生成|AI 生成的内容可能不正确。?)\s*")


class _Image(Protocol):
    """mammoth's."""

    @property
    def alt_text(self) -> str | None: ...
    def open(self) -> AbstractContextManager[IO[bytes]]: ...


def write_html(package: Package, path: str) -> tuple[str, tuple[str, ...], int]:
    """HTML, the members that are pictures in it, and the number of pictures that no browser shows.

    Pictures are at HANDED_BASE, `path` and the name of the member.
    """
    pictures: dict[str, None] = {}
    unseen = 0

    def place(image: _Image) -> Mapping[str, str]:
        name = _name_member(image)
        pictures[name] = None
        return {"src": HANDED_BASE + quote(f"{path}/{name}"), "alt": describe(image.alt_text or "")}

    def convert(image: _Image) -> Sequence[object]:
        nonlocal unseen
        name = _name_member(image)
        if name.lower().endswith(_SHOWN) and posixpath.normpath(name) == name and not name.startswith("."):
            nodes: Sequence[object] = mammoth.images.img_element(place)(image)
            return nodes
        unseen += 1
        return []

    result = mammoth.convert_to_html(
        _pack(package), style_map=STYLE_MAP, include_embedded_style_map=False, convert_image=convert
    )
    html = _EMPTY.sub("", _WAY_BACK.sub("", str(result.value)))
    return _NOTES.sub(r"<hr>\g<0>", html, count=1), tuple(pictures), unseen


def _name_member(image: _Image) -> str:
    with image.open() as member:
        return str(member.name)


def describe(alt: str) -> str:
    """What a person wrote about a picture; "" for what programs fill in."""
    words = _GENERATED.sub("", " ".join(alt.split()))
    return "" if _NO_WORDS.fullmatch(words) else words


def _pack(package: Package) -> io.BytesIO:
    """A document for mammoth: what we parsed, written anew; of pictures only the names, of all else nothing."""
    # Nothing refers to styles of the document any more, and most of a short document is these.
    left_out = package.find_part("styles")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(package.names - {left_out}):
            if (root := package.parts.get(name)) is not None:
                archive.writestr(name, etree.tostring(root, encoding="UTF-8", xml_declaration=True))
            elif not name.lower().endswith((".xml", ".rels")):
                archive.writestr(name, b"")
    packed.seek(0)
    return packed
