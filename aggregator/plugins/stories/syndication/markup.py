"""XML as text: whatever it is given, what comes out is well-formed."""

from __future__ import annotations

import re
from collections.abc import Mapping

# What XML 1.0 has no place for, escaped or not: control characters, halves of surrogate pairs, U+FFFE and U+FFFF.
_BANNED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile('[&<>"\r]')
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}

HEADER = '<?xml version="1.0" encoding="utf-8"?>\n'


def clean_text(text: str) -> str:
    """Without what neither XML nor UTF-8 can say."""
    return _BANNED.sub("", text)


def escape_text(text: str) -> str:
    """Of cleaned text, for elements and attributes alike: `>` too, so that `]]>` is nowhere."""
    return _SPECIAL.sub(lambda match: _ESCAPES[match.group()], text)


def write_element(name: str, attributes: Mapping[str, str | int] | None = None, content: str = "") -> str:
    """`content` is XML, the attributes' values are text; those that are empty are left out."""
    told = "".join(
        f' {key}="{escape_text(str(value))}"' for key, value in (attributes or {}).items() if value not in ("", None)
    )
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def write_text(name: str, text: str, attributes: Mapping[str, str | int] | None = None) -> str:
    """An element with text in it; "" for no text."""
    return write_element(name, attributes, escape_text(text)) if text else ""
