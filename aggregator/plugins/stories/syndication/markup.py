"""XML as text: whatever it is given, what comes out is well-formed."""

from __future__ import annotations

import re
from functools import lru_cache

# What XML 1.0 has no place for, escaped or not: control characters, halves of surrogate pairs, U+FFFE and U+FFFF.
_BANNED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

HEADER = '<?xml version="1.0" encoding="utf-8"?>\n'


def clean_text(text: str) -> str:
    """Without what neither XML nor UTF-8 can say."""
    return _BANNED.sub("", text)


def escape_text(text: str) -> str:
    """Of cleaned text, for what stands between tags: `>` too, so that `]]>` is nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


@lru_cache(maxsize=1024)
def quote_text(text: str) -> str:
    """Of cleaned text, for an attribute, with the marks around it. Most are those of a few accounts and columns."""
    return f'"{escape_text(text).replace(chr(34), "&quot;")}"'


def write_text(name: str, text: str) -> str:
    """An element without attributes; "" for no text."""
    return f"<{name}>{escape_text(text)}</{name}>" if text else ""


def write_link(name: str, relation: str, address: str, media_type: str = "") -> str:
    """`<link rel="…" href="…"/>`; "" for no address."""
    told = f" type={quote_text(media_type)}" if media_type else ""
    return f'<{name} rel="{relation}"{told} href={quote_text(address)}/>' if address else ""
