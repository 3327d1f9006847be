"""Under what name a foreign attachment is served: readable, harmless on any file system, of a type we may serve."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

MAX_NAME = 60
"""Characters before the extension; a file system's limit is 255 bytes, three a Chinese character."""

SERVED = frozenset(
    {
        *("pdf", "ofd", "doc", "docx", "wps", "rtf", "xls", "xlsx", "et", "csv", "ppt", "pptx", "dps", "odt", "ods"),
        *("txt", "zip", "rar", "7z", "jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff"),
        *("mp3", "m4a", "wav", "mp4", "dwg", "ceb", "epub"),
    }
)
"""Extensions of what browsers show or save and never run: a page, a script or an SVG of strangers, served under our
name, could act for us."""

_UNWANTED = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ufffd"*:<>?|%#\\/]+')
"""Control and direction marks; what Windows or an address could not have in a name."""

_PAGE = re.compile(rb"\s*(<!doctype\s+html|<html|<head|<script)", re.IGNORECASE)


def clean_file_name(name: str, title: str, media_type: str) -> str:
    """The name to serve an attachment under, from what its server and its post call it; "" if it may not be served.

    The extension is that of the name, else of the title, else of the stated type.
    """
    for candidate in (name, title):
        stem, _, extension = _clean(candidate).rpartition(".")
        if stem and extension.lower() in SERVED:
            return f"{stem[:MAX_NAME].rstrip(' .')}.{extension.lower()}"
    extension = (mimetypes.guess_extension(media_type) or "").removeprefix(".")
    # A name that ends in another extension is what it says: a page, a program.
    if extension not in SERVED or re.search(r"\.[A-Za-z]{1,5}$", _clean(name)):
        return ""
    return f"{_clean(title or name)[:MAX_NAME].rstrip(' .') or '附件'}.{extension}"


def _clean(name: str) -> str:
    plain = _UNWANTED.sub(" ", unicodedata.normalize("NFC", name).encode("utf-8", "ignore").decode())
    return " ".join(plain.split()).lstrip(". ")


def is_web_page(body: bytes) -> bool:
    """Whether this is a page: what many servers answer with, and status 200, for a file that is gone."""
    return _PAGE.match(body.removeprefix(b"\xef\xbb\xbf")[:200]) is not None
