"""Plain text out of HTML and into it. One pass of regular expressions each: linear whatever the input."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from aggregator.text import drop_controls

_BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|"
    "form|h[1-6]|head|header|hr|html|legend|li|main|menu|nav|ol|option|p|pre|section|summary|table|tbody|tfoot|"
    "thead|title|tr|ul"
)
# No alternative can fail after it has begun, so nothing is scanned twice: an unclosed comment or script runs to the
# end, an unclosed tag to the next "<", as in HTML.
_MARKUP = re.compile(
    r"(?P<gone><!--.*?(?:-->|\Z)|<(?P<name>script|style|template|noscript|svg|math|select|textarea|iframe|object)\b"
    r".*?(?:</(?P=name)\s*>|\Z))"
    rf"|(?P<block></?(?:{_BLOCKS})\b(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>?)"
    r"|(?P<cell></?t[dh]\b[^<>]*>?)"
    r"|<[/!?a-z](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>?",
    re.IGNORECASE | re.DOTALL,
)

_DIFFERENT = re.compile(r"(?:a|img)(?: [a-z]+=\"[^\"]*\")+")
"""The tag of a picture or a link as our own articles have them."""


def html_to_text(text: str) -> str:
    """The text of some HTML, safe or not: one block a line, spaces collapsed, entities resolved, scripts gone."""
    flat = text.replace("\r", " ").replace("\n", " ")
    marked = _replace_plain_tags(flat) if "<" in flat else flat
    if marked is None:
        marked = _MARKUP.sub(_replace_markup, flat)
    plain = drop_controls(html.unescape(marked).replace("\u200b", "").replace("\ufeff", ""))
    return "\n".join([line for words in plain.split("\n") if (line := " ".join(words.split()))])


def _replace_plain_tags(text: str) -> str | None:
    """As `_MARKUP` would, tag by tag; None where not every "<" begins a tag that ends at the next ">"."""
    # Most of an article's tags are these two.
    opening, *pieces = text.replace("</p><p>", "\n").split("<")
    parts = [opening]
    for piece in pieces:
        tag, _, words = piece.partition(">")
        # Pictures and links differ each time, and part nothing.
        replaced = "" if tag.startswith(("img ", "a ")) and _DIFFERENT.fullmatch(tag) else _read_tag(tag)
        if replaced is None:
            return None
        parts.append(replaced + words if words else replaced)
    return "".join(parts)


@lru_cache(maxsize=512)
def _read_tag(tag: str) -> str | None:
    """What takes the place of a whole tag; a few stand in all texts. None for what is none, or hides what follows."""
    match = _MARKUP.fullmatch(f"<{tag}>")
    return None if match is None or match["gone"] or match["name"] else _replace_markup(match)


def _replace_markup(match: re.Match[str]) -> str:
    if match["block"]:
        return "\n"
    # The cells of a row stay on one line; a dropped script parts no words.
    return " " if match["cell"] else ""


def text_to_html(text: str) -> str:
    """Plain text as HTML: each line that says something is a paragraph, everything escaped."""
    lines = (line.strip() for line in drop_controls(text).splitlines())
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)
