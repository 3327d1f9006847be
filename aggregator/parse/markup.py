"""What the readers of XML have in common: which pieces of text are HTML, which can be shown, how authors read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aggregator.parse.entries import Markup
from aggregator.urls import is_web_url

HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")

_EMAIL = re.compile(r"[A-Za-z0-9_.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?:\?subject=\S{1,200})?")

_MAIL_REMAINS = re.compile(r"(?<!\s)\s*+[(<]?mailto:$")
"""What is left of "name (mailto:address)" without the address."""


def make_markup(value: str, media_type: str, base: str, *, is_atom: bool) -> Markup:
    # In Atom the type is meant; in RSS, where there is none, it has been guessed, and carefully.
    is_html = media_type in HTML_TYPES or (not is_atom and "&" in value)
    return Markup(value, is_html=is_html, base=base)


def is_readable(media_type: str) -> bool:
    """Whether content of this type is text; Atom allows pictures and archives, too."""
    return media_type in (*HTML_TYPES, "text/plain")


def order_contents(contents: Iterable[Markup]) -> tuple[Markup, ...]:
    """Bodies that say something, HTML before plain text."""
    return tuple(sorted((markup for markup in contents if markup.value), key=lambda markup: not markup.is_html))


def choose_link(guid: str, link: str) -> str:
    """An Atom id, or a guid that says of itself that it is a permalink, counts as the link only where it is one."""
    return "" if link == guid and not (is_web_url(link) or link.startswith("/")) else link


def join_authors(names: Iterable[str], otherwise: str) -> str:
    cleaned = (_MAIL_REMAINS.sub("", name) for name in names)
    return "、".join(dict.fromkeys(name for name in cleaned if name)) or otherwise


def take_name(author: str) -> str:
    """The name in RSS' "address (name)"; "" when there is only an address."""
    match = _EMAIL.search(author)
    if match is None:
        return author
    rest = author.replace(match.group(), "").replace("()", "").replace("<>", "").strip()
    return rest.removeprefix("(").removesuffix(")").strip()


def is_yes(mark: str) -> bool:
    """Whether a marker's text says that it applies; an empty one does by standing there."""
    return mark.strip().lower() not in ("false", "no", "0", "否")
